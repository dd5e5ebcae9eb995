"""Permanent addresses and the documents behind them: ``/id``, ``/doc`` and concepts.

``/id/{type}/{slug}`` names a thing and leads, by Accept, to a document about it; ``/doc`` and ``/vocab``, where it
names a concept, answer with one, negotiated or in the format that their ending names.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.errors import Problem
from api.routes import answers, incoming, language, paging, thing_views
from api.routes.answers import Published, answer, csv_file, negotiated, page
from api.routes.paging import Part
from api.routes.parameters import PageNumber, too_long
from api.routes.rendering import VARY, link, render
from asmgraph.errors import GoneError, NotFoundError
from asmgraph.records import ID, VOCAB
from asmgraph.store import tombstones
from asmgraph.store.snapshots import Snapshot

router = APIRouter()

FORMATS = {**answers.FORMATS, "csv": "text/csv"}
"""Media type by ending; the first is what a client without a wish gets."""

_PLACE = f"{ID}place/"
_ALLOWED = re.compile(rb"^[A-Za-z0-9._~!$&'()*+,;=:@%-]+$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f/\\]")


@page(router, "/id/{kind}/{slug}")
def identity(request: Request, snapshot: Published) -> Response:
    """Lead to the document that suits the client."""
    kind, slug = _path(request)
    _found(snapshot, ID, kind, slug)
    target = link(f"/doc/{kind}/{slug}.{negotiated(request, FORMATS)}", {"lang": language.asked(request)})
    return RedirectResponse(target, 303, {"Vary": VARY})


@page(router, "/doc/{kind}/{slug}")
def document(request: Request, snapshot: Published, number: PageNumber = 1) -> Response:
    """Show a thing."""
    return _document(request, snapshot, ID, "/doc", number)


@page(router, "/vocab/{scheme}/{concept}")
def concept(request: Request, snapshot: Published, number: PageNumber = 1) -> Response:
    """Show a concept with what refers to it."""
    return _document(request, snapshot, VOCAB, "/vocab", number)


def _document(request: Request, snapshot: Snapshot, base: str, folder: str, number: int) -> Response:
    kind, slug = _path(request)
    slug, ending = _ending(slug)
    found = _found(snapshot, base, kind, slug)
    wanted = ending or negotiated(request, FORMATS)
    path = f"{folder}/{found.removeprefix(base)}"

    def build() -> Response:
        if wanted == "csv":
            name = re.sub(r"[^A-Za-z0-9-]+", "-", found.removeprefix(base))
            return csv_file(name, *thing_views.table(snapshot, found))
        part = paging.part(incoming.pointers(snapshot, found), number, incoming.PAGE_SIZE)
        if wanted == "html":
            return _page(request, snapshot, found, path, part)
        content = thing_views.rdf(snapshot, found, part, FORMATS[wanted])
        return Response(content, 200, _turned(f"{path}.{wanted}", part), f"{FORMATS[wanted]}; charset=utf-8")

    return answer(request, snapshot, build, wanted)


def _page(
    request: Request, snapshot: Snapshot, iri: str, path: str, part: Part[incoming.Pointer]
) -> Response:
    context = {
        "thing": thing_views.find(snapshot, iri, part, language.chosen(request)),
        "place": iri.removeprefix(_PLACE) if iri.startswith(_PLACE) else "",
        "snapshot": snapshot,
        "base": path,
        "formats": answers.links(path, FORMATS),
    }
    return render(request, "thing.html", context)


def _turned(path: str, part: Part[incoming.Pointer]) -> dict[str, str]:
    """Return a Link field (RFC 8288) that names the pages before and after; none where there is but one."""
    pages = {"prev": part.number - 1, "next": part.number + 1}
    links = [
        f'<{link(path, {"page": number})}>; rel="{relation}"'
        for relation, number in pages.items()
        if 1 <= number <= part.pages
    ]
    return {"Link": ", ".join(links)} if links else {}


def _path(request: Request) -> tuple[str, str]:
    """Return the last parts of the path as they were sent, percent-encoded as in IRIs; '' where there is one."""
    parts = request.scope["raw_path"].partition(b"?")[0].split(b"/")[2:]
    if len(parts) > 2:
        raise too_long()
    read = [_part(part) for part in parts]
    return (read[0], read[1]) if len(read) == 2 else ("", read[0])


def _part(raw: bytes) -> str:
    try:
        text = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        raise Problem(400, "bad-address", "This address is not UTF-8.", "Check the link.") from None
    if not _ALLOWED.match(raw) or text in (".", "..") or _CONTROL.search(text):
        raise Problem(400, "bad-address", "No thing has an address like this.", "Check the link.")
    return raw.decode("ascii")


def _ending(slug: str) -> tuple[str, str]:
    name, dot, ending = slug.rpartition(".")
    return (name, ending) if dot and name and ending in FORMATS else (slug, "")


def _found(snapshot: Snapshot, base: str, kind: str, slug: str) -> str:
    """Return the IRI as the data hold it, which may be percent-encoded otherwise than the address.

    Raises
    ------
    NotFoundError
        If the published data hold no such thing.
    GoneError
        If it was taken down.
    """
    folder = f"{base}{kind}/" if kind else base
    for one in dict.fromkeys((slug, quote(unquote_to_bytes(slug), safe="-._~"))):
        if thing_views.exists(snapshot, folder + one):
            return folder + one
        if (stone := snapshot.tombstones.get(tombstones.digest(folder + one))) is not None:
            day, reason = stone
            raise GoneError(
                f"This was taken down on {day}: {tombstones.REASONS.get(reason, 'the reason is not recorded')}.",
                "It is in no export and in no answer any more.",
            )
    raise NotFoundError(
        "This is not recorded in the published data.", "Look for it in the tables, or ask the data in SPARQL."
    )
