"""How routes answer: entity tags, 304, and the same table as page, CSV and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from api import tags
from api.routes import language
from api.routes.rendering import VARY
from asmgraph.errors import NotAcceptableError
from asmgraph.export import csv
from asmgraph.store.embedded import negotiate
from asmgraph.store.snapshots import Snapshot


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
    tag = tags.tag(
        *state,
        version("asmgraph"),
        request.scope["path"],
        request.scope["query_string"],
        language.chosen(request),
        variant,
    )
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": VARY}
    held = request.headers.get("if-none-match", "")
    if tags.names(held, tag):
        return Response(status_code=304, headers=headers)
    response = build()
    if tags.names_any(held) and response.status_code == 200:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


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


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Sequence[csv.Cell]]) -> Response:
    """Return a table as a CSV file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(csv.table(columns, rows), 200, headers, "text/csv; charset=utf-8")


def as_json(content: Any) -> Response:
    """Return content as JSON; dates become text."""
    body = json.dumps(content, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return Response(body, media_type="application/json")
