"""Coordination gaps: ``/gaps``, the same as CSV and JSON, and one page a gap."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.routes import filters, gap_history, gap_views, language, paging
from api.routes.answers import XLSX, Published, answer, as_json, csv_file, data, page, workbook
from api.routes.gap_questions import Asked, pairs, state
from api.routes.parameters import PageNumber
from api.routes.rendering import link, render
from asmgraph import resources
from asmgraph.analysis import KINDS, Gap, Parameters
from asmgraph.errors import NotFoundError
from asmgraph.store.snapshots import Snapshot

router = APIRouter(tags=["gaps"])

SILENCES = 50
"""Silences that a page shows; JSON has all."""
_FILTERS = ("place", "kind", "theme", "as_of", "min_overlap", "lang")
"""What the form of the page asks for."""


@page(router, "/gaps")
def gaps_page(request: Request, snapshot: Published, asked: Asked, number: PageNumber = 1) -> Response:
    """Show the gaps, by kind, a page at a time."""

    def build() -> Response:
        found, carried = gap_views.find(snapshot, asked), state(request, asked)
        part = paging.part(found.gaps, number)
        context = {
            "found": found,
            "groups": [(one, [view for view in part.entries if view.gap.kind == one]) for one in KINDS],
            "kinds": KINDS,
            "asked": asked,
            "state": carried,
            "more": [
                pair for name, value in carried.items() if name not in _FILTERS for pair in pairs(name, value)
            ],
            "plain": {name: carried[name] for name in _FILTERS},
            "part": part,
            "most": SILENCES,
            "newest": gap_views.newest(found),
            "snapshot": snapshot,
            "places": filters.places(snapshot, asked.language),
            "themes": filters.themes(snapshot, asked.language),
        }
        return render(request, "gaps.html", context)

    return answer(request, snapshot, build)


@data(router, "/gaps.csv", "text/csv", "Coordination gaps as a table")
def gaps_csv(request: Request, snapshot: Published, asked: Asked) -> Response:
    """Return all gaps of a question, one a row, in the order of the page."""

    def build() -> Response:
        return csv_file("gaps", *gap_views.table(gap_views.find(snapshot, asked), asked.language))

    return answer(request, snapshot, build)


@data(router, "/gaps.xlsx", XLSX, "Coordination gaps as a workbook with their sources")
def gaps_xlsx(request: Request, snapshot: Published, asked: Asked) -> Response:
    """Return the table of the page as a workbook; a second sheet describes the sources."""

    def build() -> Response:
        table = gap_views.table(gap_views.find(snapshot, asked), asked.language)
        return workbook(snapshot, "gaps", *table)

    return answer(request, snapshot, build)


@data(router, "/gaps.json", "application/json", "Coordination gaps with their evidence")
def gaps_json(request: Request, snapshot: Published, asked: Asked) -> Response:
    """Return all gaps of a question with their evidence, and what the sources cover."""

    def build() -> Response:
        found = gap_views.as_dict(gap_views.find(snapshot, asked))
        return as_json(gap_history.added(snapshot, found))

    return answer(request, snapshot, build)


@page(router, "/gaps/{slug}")
def gap_page(request: Request, snapshot: Published, slug: str, question: Asked) -> Response:
    """Show one gap: what, who, where, why we say so, how sure, what to do."""
    asked = replace(question, kind=None)

    def build() -> Response:
        known = gap_history.view(snapshot, slug, asked.language)
        if known is not None and gap_views.recognise(snapshot, slug, asked) is None:
            told = gap_history.told(snapshot, slug, asked.language)
            closed = {"known": known, "told": told, "slug": slug, "state": state(request, asked)}
            return render(request, "gap_closed.html", closed)
        found, view = _recognised(snapshot, slug, asked)
        context = {
            "found": found,
            "view": view,
            "known": known,
            "asked_day": gap_views.day_asked(snapshot, asked),
            "state": state(request, asked),
            "query": _evidence_query(view.gap),
            "snapshot": snapshot,
        }
        return render(request, "gap.html", context)

    return answer(request, snapshot, build)


@page(router, "/gaps/{slug}/sources")
def gap_sources_page(request: Request, snapshot: Published, slug: str, question: Asked) -> Response:
    """Show what becomes of a gap without each of the sources it rests on."""
    asked = replace(question, kind=None)

    def build() -> Response:
        found, view = _recognised(snapshot, slug, asked)
        day = replace(asked, as_of=found.set.as_of.isoformat())
        context = {
            "found": found,
            "view": view,
            "left": gap_views.across(snapshot, view, day),
            "state": state(request, asked),
            "snapshot": snapshot,
        }
        return render(request, "gap_sources.html", context)

    return answer(request, snapshot, build)


def _recognised(
    snapshot: Snapshot, slug: str, asked: Parameters
) -> tuple[gap_views.Found, gap_views.GapView]:
    recognised = gap_views.recognise(snapshot, slug, asked)
    if recognised is None:
        raise NotFoundError(
            "This gap is not recorded (any more).",
            "It may be closed; the list of gaps shows those of today.",
        )
    return recognised


@page(router, "/id/gap/{slug}")
def gap_identity(request: Request, slug: str) -> Response:
    """Lead from a gap's permanent address to its page."""
    raw = request.scope["raw_path"].partition(b"?")[0].rsplit(b"/", 1)[-1].decode("ascii")
    target = link(f"/gaps/{raw}", {"lang": language.asked(request)})
    return RedirectResponse(target, 303)


def _evidence_query(gap: Gap) -> str:
    """Return a query for the reader to run and change; IRIs are serialised as terms, never pasted as text."""
    evidence = " ".join(str(NamedNode(entry.iri)) for entry in gap.evidence)
    return resources.query("page-evidence").replace("$evidence", evidence)
