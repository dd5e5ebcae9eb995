"""Who works where: ``/interventions``, the same as CSV and JSON."""

from __future__ import annotations

import io
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.routes import filters, intervention_views, language, paging
from api.routes.answers import XLSX, Published, answer, as_json, csv_file, data, page, workbook
from api.routes.intervention_views import SORTS
from api.routes.parameters import AsOf, PageNumber, Place, Theme, refuse_others
from api.routes.rendering import render
from asmgraph.analysis.projection import project
from asmgraph.export import geojson, rdf
from asmgraph.export.things import Reader
from asmgraph.terms import ASM

router = APIRouter(tags=["interventions"])

ActorType = Annotated[
    str, Query(max_length=100, description="Type of at least one actor, e.g. ngo; empty: all.")
]
Words = Annotated[
    str, Query(max_length=200, description="Words in the names of the intervention or its actors.")
]
Sort = Annotated[
    str, Query(max_length=20, description=f"One of {', '.join(SORTS)}; with - before it, reversed.")
]
_ORDERS = ("name", "who", "where", "", "", "dates", "state", "")


async def asked_parameters(
    request: Request,
    place: Place = "",
    theme: Theme = "",
    actor_type: ActorType = "",
    text: Words = "",
    as_of: AsOf = "",
    sort: Sort = "name",
) -> intervention_views.Asked:
    """Return what an address asks for, in the reader's language."""
    refuse_others(request, "place", "theme", "actor_type", "text", "as_of", "sort")
    return intervention_views.Asked(
        place.strip(), theme, actor_type, text.strip(), as_of, sort or "name", language.chosen(request)
    )


Asked = Annotated[intervention_views.Asked, Depends(asked_parameters)]


@page(router, "/interventions")
def interventions_page(
    request: Request, snapshot: Published, asked: Asked, number: PageNumber = 1
) -> Response:
    """Show the table, a page at a time."""

    def build() -> Response:
        found = intervention_views.find(snapshot, asked)
        context = {
            "found": found,
            "part": paging.part(found.rows, number),
            "columns": list(zip(intervention_views.header(asked.language), _ORDERS, strict=True)),
            "asked": asked,
            "state": _state(request, asked),
            "snapshot": snapshot,
            "places": filters.places(snapshot, asked.language),
            "themes": filters.themes(snapshot, asked.language),
            "actor_types": intervention_views.actor_types(snapshot, asked.language),
        }
        return render(request, "interventions.html", context)

    return answer(request, snapshot, build)


@data(router, "/interventions.csv", "text/csv", "Who works where, as a table")
def interventions_csv(request: Request, snapshot: Published, asked: Asked) -> Response:
    """Return all rows of a question, in the order and with the columns of the page."""

    def build() -> Response:
        found = intervention_views.find(snapshot, asked)
        return csv_file("interventions", *intervention_views.table(found, asked.language))

    return answer(request, snapshot, build)


@data(router, "/interventions.json", "application/json", "Who works where")
def interventions_json(request: Request, snapshot: Published, asked: Asked) -> Response:
    """Return all rows of a question with their addresses."""

    def build() -> Response:
        return as_json(intervention_views.as_dict(intervention_views.find(snapshot, asked)))

    return answer(request, snapshot, build)


@data(router, "/interventions.xlsx", XLSX, "Who works where, as a workbook with its sources")
def interventions_xlsx(request: Request, snapshot: Published, asked: Asked) -> Response:
    """Return the table of the page as a workbook; a second sheet describes the sources."""

    def build() -> Response:
        table = intervention_views.table(intervention_views.find(snapshot, asked), asked.language)
        return workbook(snapshot, "interventions", *table)

    return answer(request, snapshot, build)


@data(router, "/interventions.geojson", "application/geo+json", "Who works where, as a map")
def interventions_geojson(request: Request, snapshot: Published, asked: Asked) -> Response:
    """Return a feature for each intervention and known point; of one whose place is not known, no geometry."""

    def build() -> Response:
        reader = Reader(snapshot, asked.language)
        iris = [row.iri for row in intervention_views.find(snapshot, asked).rows]
        features = list(geojson.located(reader, iris, str(ASM.place)))
        return as_json({"type": "FeatureCollection", "features": features}, "application/geo+json")

    return answer(request, snapshot, build)


@data(router, "/interventions.ttl", "text/turtle", "What is stated of the interventions, as Turtle")
def interventions_ttl(request: Request, snapshot: Published, asked: Asked) -> Response:
    """Return what is stated of the interventions, of who takes part in them, and of where it was read."""

    def build() -> Response:
        reader = Reader(snapshot)
        iris = [row.iri for row in intervention_views.find(snapshot, asked).rows]
        parts = project(snapshot).participations
        held = set(iris)
        nodes = sorted(node for (_, one), found in parts.items() if one in held for node in found)
        content = io.BytesIO()
        rdf.things(reader, [*iris, *nodes], content)
        return Response(content.getvalue(), media_type="text/turtle; charset=utf-8")

    return answer(request, snapshot, build)


def _state(request: Request, asked: intervention_views.Asked) -> dict[str, object]:
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
