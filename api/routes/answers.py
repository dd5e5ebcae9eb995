"""How routes answer: entity tags, 304, RDF formats, and the same table as page, CSV and JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from rdflib import Graph
from starlette.requests import Request
from starlette.responses import Response

from api import description, tags
from api.kept import Kept
from api.routes import language
from api.routes.rendering import VARY
from asmgraph.errors import NotAcceptableError
from asmgraph.export import csv, tables, xlsx
from asmgraph.export.formats import FORMS
from asmgraph.export.things import Reader
from asmgraph.ontology.context import PREFIXES
from asmgraph.store.embedded import negotiate
from asmgraph.store.snapshots import Snapshot

RDF_FORMATS = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
"""Media type of each RDF format by ending."""
XLSX = FORMS["xlsx"].media_type
NAMES = {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML", "csv": "CSV"}
FORMATS = {"html": "text/html", **RDF_FORMATS}
"""The first is what a client without a wish gets."""

_kept = Kept(limit_bytes=16_000_000)


async def published(request: Request) -> Snapshot:
    """Return the public snapshot of now."""
    snapshot: Snapshot = await request.app.state.published()
    return snapshot


Published = Annotated[Snapshot, Depends(published)]


def page(router: APIRouter, path: str) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Register a page: GET and HEAD, not part of the described API."""

    def register(function: Callable[..., Response]) -> Callable[..., Response]:
        router.add_api_route(path, function, methods=["GET", "HEAD"], include_in_schema=False)
        return function

    return register


def data(
    router: APIRouter, path: str, media_type: str, summary: str
) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Register a table for programs: GET, described in the API; and HEAD."""

    def register(function: Callable[..., Response]) -> Callable[..., Response]:
        content: dict[int | str, dict[str, Any]] = {200: {"content": {media_type: {}}}}
        router.add_api_route(
            path, function, methods=["GET"], summary=summary, responses=content, response_class=Response
        )
        router.add_api_route(path, function, methods=["HEAD"], include_in_schema=False)
        return function

    return register


def answer(
    request: Request, snapshot: Snapshot, build: Callable[[], Response], variant: str = ""
) -> Response:
    """Return what ``build`` makes of the published data, or 304 where the client has it already."""
    return unless_held(request, (snapshot.hash, snapshot.number), build, variant)


def unless_held(
    request: Request, state: Sequence[object], build: Callable[[], Response], variant: str = ""
) -> Response:
    """Return what ``build`` makes, or 304 where the client has it already.

    An answer is a function of ``state``, the software, the address, the language and, where the format is
    negotiated, the ``variant`` chosen.
    """
    tag = _tag(request, state, variant)
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": VARY}
    held = request.headers.get("if-none-match", "")
    if tags.names(held, tag):
        return Response(status_code=304, headers=headers)
    response = build()
    if tags.names_any(held) and response.status_code == 200:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


def kept(
    request: Request,
    state: Sequence[object],
    build: Callable[[], bytes],
    variant: str,
    headers: Mapping[str, str],
) -> Response:
    """Return what ``build`` makes, or 304; as :func:`unless_held`, for what needs no published data.

    ``build`` is not called for HEAD, nor where an answer of this tag was built not long ago.
    """

    def answered() -> Response:
        if request.method == "HEAD" or tags.names_any(request.headers.get("if-none-match", "")):
            empty = Response(b"", 200, headers)
            # Its length would be that of the body that is not there.
            del empty.headers["Content-Length"]
            return empty
        return Response(_kept(_tag(request, state, variant), build), 200, headers)

    return unless_held(request, state, answered, variant)


def wanted(request: Request, formats: Mapping[str, str]) -> str:
    """Return the ending of the format that the path names, else of the one that suits the client."""
    ending: str = request.scope["path"].rpartition(".")[2]
    return ending if ending in formats else negotiated(request, formats)


def negotiated(request: Request, formats: Mapping[str, str]) -> str:
    """Return the ending of the format that suits the client.

    Parameters
    ----------
    formats
        Media type by ending; the first is what a client without a wish gets.

    Raises
    ------
    NotAcceptableError
        If none suits.
    """
    media_type = negotiate(request.headers.get("accept", ""), list(formats.values()))
    for ending, offered in formats.items():
        if offered == media_type:
            return ending
    raise NotAcceptableError(
        "What this address names is described in none of the formats asked for.",
        f"There are {', '.join(formats)}.",
    )


def links(path: str, formats: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return address, media type and name of each format beside the page."""
    return [
        (f"{path}.{ending}", media_type, NAMES[ending])
        for ending, media_type in formats.items()
        if ending != "html"
    ]


def serialised(graph: Graph, ending: str) -> bytes:
    """Return a graph in one of :data:`RDF_FORMATS`; JSON-LD with our prefixes."""
    more: dict[str, Any] = {"context": PREFIXES} if ending == "jsonld" else {}
    content: bytes = graph.serialize(
        format=description.FORMATS[RDF_FORMATS[ending]], encoding="utf-8", **more
    )
    return content


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Sequence[csv.Cell]]) -> Response:
    """Return a table as a CSV file to keep."""
    return Response(csv.table(columns, rows), 200, csv_headers(name))


def csv_headers(name: str) -> dict[str, str]:
    """Return the header fields of a table as a CSV file to keep."""
    return {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}.csv"',
    }


def workbook(
    snapshot: Snapshot, name: str, columns: Sequence[str], rows: Iterable[Sequence[csv.Cell]]
) -> Response:
    """Return a table as an Excel workbook to keep, with a sheet on the sources."""
    sources = tables.make(Reader(snapshot), tables.SOURCES_TABLE)
    content = io.BytesIO()
    sheets = [(name, columns, rows), (sources.name, sources.columns, sources.rows)]
    xlsx.write(sheets, content, name, snapshot.published)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(content.getvalue(), 200, headers, XLSX)


def as_json(content: Any, media_type: str = "application/json") -> Response:
    """Return content as JSON; dates become text."""
    body = json.dumps(content, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return Response(body, media_type=media_type)


def _tag(request: Request, state: Sequence[object], variant: str) -> str:
    return tags.tag(
        *state,
        version("asmgraph"),
        request.scope["path"],
        request.scope["query_string"],
        language.chosen(request),
        variant,
    )
