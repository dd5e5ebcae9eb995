"""What the published runs know of gaps: on the pages and in JSON, as Turtle, and as a feed of what is new or closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from pyoxigraph import RdfFormat, Triple, serialize
from rdflib import SKOS, URIRef
from starlette.requests import Request
from starlette.responses import Response

from api.routes import language
from api.routes.answers import Published, answer, data
from api.routes.names import Name, projected
from api.routes.parameters import refuse_others
from api.routes.rendering import link
from asmgraph.analysis import history
from asmgraph.analysis.history import History
from asmgraph.analysis.projection import project
from asmgraph.errors import NotFoundError
from asmgraph.export import atom
from asmgraph.messages import translations
from asmgraph.ontology import files
from asmgraph.records import BASE, ID
from asmgraph.store.embedded import PREFIXES
from asmgraph.store.snapshots import Snapshot
from asmgraph.terms import GAP_STATUS

router = APIRouter(tags=["gaps"])

ENTRIES = 100
"""The longest feed."""


@dataclass(frozen=True)
class ReviewView:
    """What somebody says of a gap, in the reader's language."""

    status: str
    why: str
    day: str
    who: Name | None


@dataclass(frozen=True)
class HistoryView:
    """The history of a gap as a page shows it: days, and what people say, the last first."""

    first: str
    last: str
    closed: str
    reviews: tuple[ReviewView, ...]
    stability: float | None


def view(snapshot: Snapshot, slug: str, lang: str) -> HistoryView | None:
    """Return the history of a gap by the last part of its address, ``None`` where no published run knows it."""
    known = history.histories(snapshot).get(f"{ID}gap/{slug}")
    if known is None:
        return None
    return HistoryView(
        known.first.date().isoformat(),
        known.last.date().isoformat(),
        known.closed.date().isoformat() if known.closed else "",
        tuple(_review(snapshot, one, lang) for one in reversed(known.reviews)),
        known.stability,
    )


def told(snapshot: Snapshot, slug: str, lang: str) -> tuple[str, str] | None:
    """Return label and explanation of a gap that a published run knows, also of one that is closed."""
    known = history.histories(snapshot).get(f"{ID}gap/{slug}")
    return history.tell(snapshot, known, lang) if known else None


def added(snapshot: Snapshot, content: dict[str, Any]) -> dict[str, Any]:
    """Return an answer of ``/gaps.json`` with the history of each gap, empty where no published run knows it."""
    known = history.histories(snapshot)
    return {
        **content,
        "gaps": [{**gap, **_as_dict(known.get(str(gap["gap_iri"])))} for gap in content["gaps"]],
    }


@data(router, "/gaps/{slug}.ttl", "text/turtle", "One coordination gap as linked data")
def gap_turtle(request: Request, snapshot: Published, slug: str) -> Response:
    """Return what the last published run states of a gap."""
    refuse_others(request)

    def build() -> Response:
        known = history.histories(snapshot).get(f"{ID}gap/{slug}")
        if known is None:
            raise NotFoundError(
                "No published run knows this gap.", "A steward keeps gaps by 'asmgraph gaps run'."
            )
        triples = (Triple(*one) for one in history.statements(snapshot, known))
        body = serialize(triples, format=RdfFormat.TURTLE, prefixes=dict(PREFIXES))
        return Response(body, media_type="text/turtle; charset=utf-8")

    return answer(request, snapshot, build)


@data(router, "/feed.atom", atom.MEDIA_TYPE, "New and closed coordination gaps, as a feed")
def feed(request: Request, snapshot: Published) -> Response:
    """Return the gaps that were found first, or closed, last."""
    return _feed(request, snapshot, "")


@data(
    router, "/feed/{scope:path}.atom", atom.MEDIA_TYPE, "New and closed gaps of a place or theme, as a feed"
)
def feed_of(request: Request, snapshot: Published, scope: str) -> Response:
    """Return the gaps of a place or theme that were found first, or closed, last."""
    return _feed(request, snapshot, scope)


def _feed(request: Request, snapshot: Snapshot, scope: str) -> Response:
    refuse_others(request)

    def build() -> Response:
        lang, asked = language.chosen(request), language.asked(request)
        _ = translations(lang).gettext
        about, gaps = history.newest(snapshot, scope, ENTRIES)
        projection = project(snapshot)
        title = _("New and closed gaps")
        if about:
            title = f"{title}: {projection.name(about, lang)}"
        page = {"place": scope} if about.startswith(f"{ID}place/") else {"theme": scope}
        path = f"/feed/{quote(scope)}.atom" if scope else "/feed.atom"
        content = atom.write(
            atom.Feed(
                f"{BASE}feed/{about.removeprefix(BASE)}",
                title,
                lang,
                request.app.state.settings.publisher,
                link(path, {"lang": asked}),
                link("/gaps", {**(page if about else {}), "lang": asked}),
                max((one.changed for one in gaps), default=snapshot.published),
                tuple(_entry(snapshot, one, lang) for one in gaps),
            )
        )
        return Response(content, media_type=f"{atom.MEDIA_TYPE}; charset=utf-8")

    return answer(request, snapshot, build)


def _entry(snapshot: Snapshot, known: History, lang: str) -> atom.Entry:
    _ = translations(lang).gettext
    label, explanation = history.tell(snapshot, known, lang)
    title = _("Closed: {label}").format(label=label) if known.closed else label
    kind = known.iri.removeprefix(f"{ID}gap/").rpartition("-")[0]
    return atom.Entry(known.iri, title, known.changed, known.first, known.iri, explanation or title, (kind,))


def _as_dict(known: History | None) -> Mapping[str, object]:
    return {
        "first_found": known.first.isoformat() if known else None,
        "last_found": known.last.isoformat() if known else None,
        "closed": known.closed.isoformat() if known and known.closed else None,
        "status": known.status or None if known else None,
        "stability_of_run": known.stability if known else None,
    }


def _review(snapshot: Snapshot, one: history.Review, lang: str) -> ReviewView:
    who = projected(project(snapshot), one.actor, lang) if one.actor else None
    if one.office:
        who = Name(one.office)
    return ReviewView(_status(one.status, lang), one.why, one.at.date().isoformat(), who)


def _status(slug: str, lang: str) -> str:
    labels = {
        getattr(label, "language", ""): str(label)
        for label in files.vocabulary("gap-status").objects(URIRef(str(GAP_STATUS[slug])), SKOS.prefLabel)
    }
    return labels.get(lang, slug)
