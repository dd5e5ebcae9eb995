"""Who works where: ``/interventions``, the same as CSV and JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.routes import filters, intervention_views, language
from api.routes.answers import Published, answer, as_json, csv_file, data, page
from api.routes.intervention_views import SORTS, Asked
from api.routes.rendering import render
from asmgraph.errors import NotFoundError

router = APIRouter(tags=["interventions"])
PAGE_SIZE = 50

Place = Annotated[
    str, Query(max_length=200, description="Country (COD), place code or name; empty: everywhere.")
]
Theme = Annotated[str, Query(max_length=200, description="Intervention type or challenge; empty: all.")]
ActorType = Annotated[
    str, Query(max_length=100, description="Type of at least one actor, e.g. ngo; empty: all.")
]
Words = Annotated[
    str, Query(max_length=200, description="Words in the names of the intervention or its actors.")
]
AsOf = Annotated[
    str, Query(max_length=50, description="YYYY-MM-DD or latest-covered; empty: day of publication.")
]
Sort = Annotated[
    str, Query(max_length=20, description=f"One of {', '.join(SORTS)}; with - before it, reversed.")
]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=1_000_000)]


@page(router, "/interventions")
def interventions_page(
    request: Request,
    snapshot: Published,
    place: Place = "",
    theme: Theme = "",
    actor_type: ActorType = "",
    text: Words = "",
    as_of: AsOf = "",
    sort: Sort = "name",
    number: PageNumber = 1,
) -> Response:
    """Show the table, 50 rows a page."""

    def build() -> Response:
        asked = _asked(request, place, theme, actor_type, text, as_of, sort)
        found = intervention_views.find(snapshot, asked)
        pages = max(1, -(-len(found.rows) // PAGE_SIZE))
        if number > pages:
            raise NotFoundError(f"There is no page {number}; the list has {pages}.", "Go to the first page.")
        context = {
            "found": found,
            "rows": found.rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
            "columns": list(zip(intervention_views.header(asked.language), _ORDERS, strict=True)),
            "asked": asked,
            "state": _state(request, asked),
            "pages": pages,
            "page": number,
            "first": (number - 1) * PAGE_SIZE + 1,
            "snapshot": snapshot,
            "places": filters.places(snapshot, asked.language),
            "themes": filters.themes(snapshot, asked.language),
            "actor_types": intervention_views.actor_types(snapshot, asked.language),
        }
        return render(request, "interventions.html", context)

    return answer(request, snapshot, build)


@data(router, "/interventions.csv", "text/csv", "Who works where, as a table")
def interventions_csv(
    request: Request,
    snapshot: Published,
    place: Place = "",
    theme: Theme = "",
    actor_type: ActorType = "",
    text: Words = "",
    as_of: AsOf = "",
    sort: Sort = "name",
) -> Response:
    """Return all rows of a question, in the order and with the columns of the page."""

    def build() -> Response:
        asked = _asked(request, place, theme, actor_type, text, as_of, sort)
        found = intervention_views.find(snapshot, asked)
        return csv_file("interventions", *intervention_views.table(found, asked.language))

    return answer(request, snapshot, build)


@data(router, "/interventions.json", "application/json", "Who works where")
def interventions_json(
    request: Request,
    snapshot: Published,
    place: Place = "",
    theme: Theme = "",
    actor_type: ActorType = "",
    text: Words = "",
    as_of: AsOf = "",
    sort: Sort = "name",
) -> Response:
    """Return all rows of a question with their addresses."""

    def build() -> Response:
        asked = _asked(request, place, theme, actor_type, text, as_of, sort)
        return as_json(intervention_views.as_dict(intervention_views.find(snapshot, asked)))

    return answer(request, snapshot, build)


_ORDERS = ("name", "who", "where", "", "", "dates", "state", "")


def _asked(
    request: Request, place: str, theme: str, actor_type: str, text: str, as_of: str, sort: str
) -> Asked:
    return Asked(
        place.strip(), theme, actor_type, text.strip(), as_of, sort or "name", language.chosen(request)
    )


def _state(request: Request, asked: Asked) -> dict[str, object]:
    """Return what links to the same question carry."""
    return {
        "place": asked.place,
        "theme": asked.theme,
        "actor_type": asked.actor_type,
        "text": asked.text,
        "as_of": asked.as_of,
        "sort": asked.sort if asked.sort != "name" else None,
        "lang": language.asked(request),
    }
