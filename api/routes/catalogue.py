"""Where the data come from: ``/catalog`` and a page for each source, in DCAT, with citations and files to keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import APIRouter
from rdflib import Graph
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from api import description, tags
from api.errors import Problem
from api.routes import catalogue_views, language
from api.routes.answers import (
    FORMATS,
    NAMES,
    RDF_FORMATS,
    Published,
    data,
    links,
    page,
    serialised,
    unless_held,
    wanted,
)
from api.routes.rendering import render
from asmgraph.errors import NotFoundError
from asmgraph.export import citation, dcat, downloads, release
from asmgraph.export.downloads import FOLDER, Download
from asmgraph.export.release import Source
from asmgraph.store.snapshots import Snapshot

router = APIRouter(tags=["catalogue"])

CITATIONS: Mapping[str, tuple[str, str, str]] = {
    "txt": ("text", "text/plain", "text"),
    "bib": ("bibtex", "application/x-bibtex", "BibTeX"),
    "csl": ("csl", "application/vnd.citationstyles.csl+json", "CSL-JSON"),
    "cff": ("cff", "application/yaml", "CFF"),
}
"""Form, media type and name of each citation by ending."""


@page(router, "/catalog")
@page(router, "/catalog.html")
def catalogue(request: Request, snapshot: Published) -> Response:
    """Describe the release and list its sources."""
    files = _files(request, snapshot)
    described = release.describe(snapshot)
    chosen = language.chosen(request)

    def graph() -> Graph:
        return dcat.catalogue(described, _base(request), _publisher(request), files)

    def show() -> Response:
        cited = citation.of_release(described, _publisher(request), f"{_base(request)}/catalog")
        context = {
            "snapshot": snapshot,
            "citation": citation.as_text(cited),
            "views": [
                catalogue_views.view(snapshot, source, files, chosen) for source in described.sources.values()
            ],
            "metrics": [catalogue_views.metric(snapshot, name, chosen) for name in catalogue_views.OVERVIEW],
            "files": [file for file in files if not file.source],
            "formats": links("/catalog", RDF_FORMATS),
            "citations": _citations("/catalog"),
        }
        return render(request, "catalogue.html", context)

    return _described(request, snapshot, files, graph, show)


def source(request: Request, snapshot: Published, name: str) -> Response:
    """Describe one source."""
    files = _files(request, snapshot)
    described = release.describe(snapshot)
    found = _found(described, name)

    def graph() -> Graph:
        return dcat.dataset(described, found, _base(request), files)

    def show() -> Response:
        context = {
            "snapshot": snapshot,
            "view": catalogue_views.view(snapshot, found, files, language.chosen(request)),
            "citation": citation.as_text(citation.of_source(described, found)),
            "formats": links(f"/catalog/{name}", RDF_FORMATS),
            "citations": _citations(f"/catalog/{name}"),
        }
        return render(request, "source.html", context)

    return _described(request, snapshot, files, graph, show)


def cite_release(request: Request, snapshot: Published) -> Response:
    """Say how to cite the release."""
    described = release.describe(snapshot)
    address = f"{_base(request)}/catalog"
    return _cited(request, snapshot, citation.of_release(described, _publisher(request), address), "asmgraph")


def cite_source(request: Request, snapshot: Published, name: str) -> Response:
    """Say how to cite one source."""
    described = release.describe(snapshot)
    return _cited(request, snapshot, citation.of_source(described, _found(described, name)), name)


def download(request: Request, snapshot: Published, name: str) -> Response:
    """Give a file of the release to keep."""
    if name not in {file.name for file in downloads.planned(snapshot)}:
        raise NotFoundError("There is no such file to download.", "See /catalog for those that there are.")
    made = request.app.state.downloads(snapshot)
    if made is None:
        raise Problem(
            503, "in-preparation", "This file is being made.", "Ask again in a minute.", {"Retry-After": "60"}
        )
    file = made[name]
    headers = {"ETag": f'"{file.sha256}"', "Cache-Control": "no-cache"}
    if tags.names(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    media_type = "application/gzip" if file.compressed else file.media_type
    return FileResponse(snapshot.path / FOLDER / name, media_type=media_type, filename=name, headers=headers)


for ending, media_type in RDF_FORMATS.items():
    data(router, f"/catalog.{ending}", media_type, f"The catalogue (DCAT) as {NAMES[ending]}")(catalogue)
    data(router, f"/catalog/{{name}}.{ending}", media_type, f"One source (DCAT) as {NAMES[ending]}")(source)
for ending, (_, media_type, form) in CITATIONS.items():
    data(router, f"/catalog.{ending}", media_type, f"How to cite the release, as {form}")(cite_release)
    data(router, f"/catalog/{{name}}.{ending}", media_type, f"How to cite a source, as {form}")(cite_source)
# Matched last: it would take the addresses with an ending for sources of that name.
for address in ("/catalog/{name}.html", "/catalog/{name}"):
    page(router, address)(source)
data(router, "/downloads/{name}", "application/octet-stream", "A file of the release")(download)


def _files(request: Request, snapshot: Snapshot) -> tuple[Download, ...]:
    """Return what can be downloaded, with sizes and checksums where the files are made."""
    made = request.app.state.downloads(snapshot)
    return tuple(made.values() if made is not None else downloads.planned(snapshot))


def _described(
    request: Request,
    snapshot: Snapshot,
    files: tuple[Download, ...],
    graph: Callable[[], Graph],
    show: Callable[[], Response],
) -> Response:
    """Answer with a page or RDF, as the address or the client asks."""
    ending = wanted(request, FORMATS)

    def build() -> Response:
        if ending == "html":
            return show()
        return Response(serialised(graph(), ending), 200, media_type=f"{FORMATS[ending]}; charset=utf-8")

    state = (snapshot.hash, snapshot.number, _base(request), _publisher(request), files)
    return unless_held(request, state, build, ending)


def _cited(request: Request, snapshot: Snapshot, cited: citation.Citation, name: str) -> Response:
    ending = request.scope["path"].rpartition(".")[2]
    form, media_type, _ = CITATIONS[ending]

    def build() -> Response:
        headers = {"Content-Disposition": f'inline; filename="{name}.{ending}"'}
        text = citation.FORMATS[form](cited)
        return Response(text, 200, headers, media_type=f"{media_type}; charset=utf-8")

    return unless_held(request, (snapshot.hash, snapshot.number, cited), build, ending)


def _found(described: release.Release, name: str) -> Source:
    if name not in described.sources:
        raise NotFoundError("The published data hold no such source.", "Look for it at /catalog.")
    return described.sources[name]


def _citations(path: str) -> list[tuple[str, str, str]]:
    return [(f"{path}.{ending}", media_type, form) for ending, (_, media_type, form) in CITATIONS.items()]


def _publisher(request: Request) -> str:
    return str(request.app.state.settings.publisher)


def _base(request: Request) -> str:
    """Return the address of this server as the client used it, without a slash at its end."""
    return description.address(request.scope).removesuffix("/sparql")
