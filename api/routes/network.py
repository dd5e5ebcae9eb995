"""Networks of actors as files: ``/network.graphml``, ``.gexf``, ``.csv`` (a list of edges) and ``.json``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from api.routes import language
from api.routes.answers import Published, answer, data
from api.routes.parameters import AsOf, Place, Theme, refuse_others
from asmgraph.analysis.networks.drawing import KINDS, draw_network
from asmgraph.errors import NotFoundError
from asmgraph.export.networks import NETWORK_FORMS, write_network

router = APIRouter(tags=["network"])

Form = Annotated[str, Path(max_length=20, description=f"One of {', '.join(NETWORK_FORMS)}.")]
Kind = Annotated[str, Query(max_length=50, description=f"One of {', '.join(KINDS)}.")]
Level = Annotated[int | None, Query(ge=0, le=5, description="Level at which places are compared.")]


@data(router, "/network.{form}", "application/octet-stream", "A network of actors as a file")
def network_file(
    request: Request,
    snapshot: Published,
    form: Form,
    kind: Kind = KINDS[0],
    place: Place = "",
    theme: Theme = "",
    as_of: AsOf = "",
    level: Level = None,
) -> Response:
    """Return who is tied to whom, or side by side with whom, as a file for Gephi, networkx or a spreadsheet."""
    refuse_others(request, "kind", "place", "theme", "as_of", "level")
    if form not in NETWORK_FORMS:
        raise NotFoundError(f"There is no network as {form!r}.", f"Forms: {', '.join(NETWORK_FORMS)}.")

    def build() -> Response:
        graph = draw_network(
            snapshot,
            kind,
            place=place.strip() or None,
            theme=theme or None,
            as_of=as_of or None,
            level=level,
            language=language.chosen(request),
        )
        headers = {"Content-Disposition": f'attachment; filename="asmgraph-{kind}.{form}"'}
        return Response(write_network(graph, form), 200, headers, NETWORK_FORMS[form].media_type)

    return answer(request, snapshot, build)
