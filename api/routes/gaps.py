"""Coordination gaps: ``/gaps``, the same as CSV and JSON, and one page a gap."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.routes import filters, gap_views, language
from api.routes.answers import Published, answer, as_json, csv_file, data, page
from api.routes.rendering import link, render
from asmgraph import resources
from asmgraph.analysis import KINDS, Gap, Parameters
from asmgraph.errors import NotFoundError

router = APIRouter(tags=["gaps"])
PAGE_SIZE = 50

Text = Annotated[str, Query(max_length=200)]
Place = Annotated[
    str, Query(max_length=200, description="Country (COD), place code or name; empty: everywhere.")
]
Kind = Annotated[str, Query(max_length=50, description=f"One of {', '.join(KINDS)}; empty: all.")]
Theme = Annotated[str, Query(max_length=200, description="Intervention type or challenge; empty: all.")]
AsOf = Annotated[
    str, Query(max_length=50, description="YYYY-MM-DD or latest-covered; empty: day of publication.")
]
MinOverlap = Annotated[int, Query(ge=1, le=100, description="Places and themes that two actors must share.")]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=1_000_000)]


@page(router, "/gaps")
def gaps_page(
    request: Request,
    snapshot: Published,
    place: Place = "",
    kind: Kind = "",
    theme: Theme = "",
    as_of: AsOf = "",
    min_overlap: MinOverlap = 2,
    number: PageNumber = 1,
) -> Response:
    """Show the gaps, by kind, 50 a page."""

    def build() -> Response:
        asked = _parameters(request, place, kind, theme, as_of, min_overlap)
        found = gap_views.find(snapshot, asked)
        state = _state(request, asked)
        pages = max(1, -(-len(found.gaps) // PAGE_SIZE))
        if number > pages:
            raise NotFoundError(f"There is no page {number}; the list has {pages}.", "Go to the first page.")
        shown = found.gaps[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        context = {
            "found": found,
            "groups": [(one, [view for view in shown if view.gap.kind == one]) for one in KINDS],
            "kinds": KINDS,
            "asked": asked,
            "state": state,
            "pages": pages,
            "page": number,
            "first": (number - 1) * PAGE_SIZE + 1,
            "newest": gap_views.newest(found),
            "snapshot": snapshot,
            "places": filters.places(snapshot, asked.language),
            "themes": filters.themes(snapshot, asked.language),
        }
        return render(request, "gaps.html", context)

    return answer(request, snapshot, build)


@data(router, "/gaps.csv", "text/csv", "Coordination gaps as a table")
def gaps_csv(
    request: Request,
    snapshot: Published,
    place: Place = "",
    kind: Kind = "",
    theme: Theme = "",
    as_of: AsOf = "",
    min_overlap: MinOverlap = 2,
) -> Response:
    """Return all gaps of a question, one a row, in the order of the page."""

    def build() -> Response:
        asked = _parameters(request, place, kind, theme, as_of, min_overlap)
        return csv_file("gaps", *gap_views.table(gap_views.find(snapshot, asked), asked.language))

    return answer(request, snapshot, build)


@data(router, "/gaps.json", "application/json", "Coordination gaps with their evidence")
def gaps_json(
    request: Request,
    snapshot: Published,
    place: Place = "",
    kind: Kind = "",
    theme: Theme = "",
    as_of: AsOf = "",
    min_overlap: MinOverlap = 2,
) -> Response:
    """Return all gaps of a question with their evidence, and what the sources cover."""

    def build() -> Response:
        asked = _parameters(request, place, kind, theme, as_of, min_overlap)
        return as_json(gap_views.as_dict(gap_views.find(snapshot, asked)))

    return answer(request, snapshot, build)


@page(router, "/gaps/{slug}")
def gap_page(
    request: Request,
    snapshot: Published,
    slug: str,
    place: Place = "",
    theme: Theme = "",
    as_of: AsOf = "",
    min_overlap: MinOverlap = 2,
) -> Response:
    """Show one gap: what, who, where, why we say so, how sure, what to do."""

    def build() -> Response:
        asked = _parameters(request, place, "", theme, as_of, min_overlap)
        recognised = gap_views.recognise(snapshot, slug, asked)
        if recognised is None:
            raise NotFoundError(
                "This gap is not recorded (any more).",
                "It may be closed; the list of gaps shows those of today.",
            )
        found, view = recognised
        context = {
            "found": found,
            "view": view,
            "state": _state(request, asked),
            "query": _evidence_query(view.gap),
            "snapshot": snapshot,
        }
        return render(request, "gap.html", context)

    return answer(request, snapshot, build)


@page(router, "/id/gap/{slug}")
def gap_identity(request: Request, slug: str) -> Response:
    """Lead from a gap's permanent address to its page."""
    raw = request.scope["raw_path"].partition(b"?")[0].rsplit(b"/", 1)[-1].decode("ascii")
    target = link(f"/gaps/{raw}", {"lang": language.asked(request)})
    return RedirectResponse(target, 303)


def _parameters(
    request: Request, place: str, kind: str, theme: str, as_of: str, min_overlap: int
) -> Parameters:
    return Parameters(
        place=place.strip() or None,
        kind=kind or None,
        theme=theme or None,
        as_of=as_of or None,
        min_overlap=min_overlap,
        language=language.chosen(request),
    )


def _state(request: Request, asked: Parameters) -> dict[str, object]:
    """Return what links to the same question carry."""
    return {
        "place": asked.place,
        "kind": asked.kind,
        "theme": asked.theme,
        "as_of": asked.as_of,
        "min_overlap": asked.min_overlap if asked.min_overlap != Parameters.min_overlap else None,
        "lang": language.asked(request),
    }


def _evidence_query(gap: Gap) -> str:
    """Return a query for the reader to run and change; IRIs are serialised as terms, never pasted as text."""
    evidence = " ".join(str(NamedNode(entry.iri)) for entry in gap.evidence)
    return resources.query("page-evidence").replace("$evidence", evidence)
