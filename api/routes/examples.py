"""The competency questions as examples: beside the editor, as pages, and as SHACL for programs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.markdown import rendered
from api.routes import language
from api.routes.answers import Published, answer, page
from api.routes.rendering import render
from asmgraph.errors import NotAcceptableError, NotFoundError
from asmgraph.ontology.questions import Question, description, questions, shared
from asmgraph.store.embedded import negotiate
from asmgraph.store.snapshots import Snapshot

router = APIRouter()

FORMATS = {
    "html": "text/html",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}
"""Media type by ending; the first is what a client without a wish gets."""

_SYNTAXES = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt"}


@dataclass(frozen=True)
class Example:
    """A question in the reader's language, its query for the day of the snapshot."""

    slug: str
    code: str
    user: str
    name: str
    description: str
    query: str


@page(router, "/sparql/examples")
def listed(request: Request, snapshot: Published) -> Response:
    """Show the questions, or describe them to programs."""
    wanted = negotiate(request.headers.get("accept", ""), list(FORMATS.values()))
    if wanted is None:
        raise NotAcceptableError(
            "The examples exist in none of the formats asked for.", f"There are {', '.join(FORMATS)}."
        )
    return _listed(request, snapshot, next(ending for ending, known in FORMATS.items() if known == wanted))


@page(router, "/sparql/examples.{ending}")
def listed_as(request: Request, snapshot: Published, ending: str) -> Response:
    """Show or describe the questions in one form."""
    if ending not in FORMATS:
        raise NotFoundError("The examples do not exist in this form.", f"There are {', '.join(FORMATS)}.")
    return _listed(request, snapshot, ending)


@page(router, "/sparql/examples/{slug}")
def explained(request: Request, snapshot: Published, slug: str) -> Response:
    """Show one question: what it means, its query, what its answer cannot say."""
    asked = next((one for one in questions() if slug in (one.slug, one.code)), None)
    if asked is None:
        raise NotFoundError("There is no such example.", "See /sparql/examples.")

    def build() -> Response:
        _, _, text = asked.explanation.partition("\n\n")
        shown = _example(asked, language.chosen(request), snapshot)
        explanation = rendered(text, 3, {"README.md": "/sparql/examples#shared"})
        return render(
            request, "example.html", {"example": shown, "explanation": explanation, "snapshot": snapshot}
        )

    return answer(request, snapshot, build)


@lru_cache(maxsize=16)
def grouped(chosen: str, snapshot: Snapshot) -> tuple[tuple[str, tuple[Example, ...]], ...]:
    """Return the examples by user, in order, with names in the language ``chosen``."""
    found = [_example(one, chosen, snapshot) for one in questions()]
    return tuple((user, tuple(group)) for user, group in groupby(found, lambda one: one.user))


def _example(one: Question, chosen: str, snapshot: Snapshot) -> Example:
    query = one.asked(chosen, snapshot.published.date())
    return Example(one.slug, one.code, one.user, one.names[chosen], one.descriptions[chosen], query)


def _listed(request: Request, snapshot: Snapshot, ending: str) -> Response:
    def build() -> Response:
        if ending == "html":
            groups = grouped(language.chosen(request), snapshot)
            given = {"examples": groups, "shared": rendered(shared(), 3, {}), "snapshot": snapshot}
            return render(request, "examples.html", given)
        return Response(_described(ending), 200, media_type=f"{FORMATS[ending]}; charset=utf-8")

    return answer(request, snapshot, build, ending)


@lru_cache
def _described(ending: str) -> bytes:
    return description().serialize(format=_SYNTAXES[ending], encoding="utf-8")
