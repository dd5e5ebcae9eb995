"""The competency questions as examples: beside the editor, as pages, and as SHACL for programs."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby

from fastapi import APIRouter
from rdflib import SH, BNode, Graph, URIRef
from rdflib.term import Node
from starlette.requests import Request
from starlette.responses import Response

from api.markdown import rendered
from api.routes import language
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
from asmgraph.ontology.questions import BASE, Question, description, folder, questions, shared

router = APIRouter()


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
@page(router, "/sparql/examples.html")
def listed(request: Request, snapshot: Published) -> Response:
    """Show the questions, or describe them to programs."""
    ending = wanted(request, FORMATS)

    def build() -> Response:
        if ending != "html":
            return _rdf(None, ending)
        groups = grouped(language.chosen(request), snapshot.published.date())
        given = {
            "examples": groups,
            "shared": rendered(shared(), 3, {}),
            "formats": links("/sparql/examples", FORMATS),
            "snapshot": snapshot,
        }
        return render(request, "examples.html", given)

    return unless_held(request, (snapshot.hash, snapshot.number, _digest()), build, ending)


def explained(request: Request, snapshot: Published, slug: str) -> Response:
    """Show one question: what it means, its query, what its answer cannot say; or describe it to programs."""
    asked = next((one for one in questions() if slug in (one.slug, one.code)), None)
    if asked is None:
        raise NotFoundError("There is no such example.", "See /sparql/examples.")
    ending = wanted(request, FORMATS)

    def build() -> Response:
        if ending != "html":
            return _rdf(asked.slug, ending)
        _, _, text = asked.explanation.partition("\n\n")
        shown = _example(asked, language.chosen(request), snapshot.published.date())
        explanation = rendered(text, 3, {"README.md": "/sparql/examples#shared"})
        return render(
            request, "example.html", {"example": shown, "explanation": explanation, "snapshot": snapshot}
        )

    return unless_held(request, (snapshot.hash, snapshot.number, _digest()), build, ending)


for _ending, _media_type in RDF_FORMATS.items():
    _name = NAMES[_ending]
    data(
        router, f"/sparql/examples.{_ending}", _media_type, f"The competency questions as SHACL, in {_name}"
    )(listed)
    data(
        router,
        f"/sparql/examples/{{slug}}.{_ending}",
        _media_type,
        f"A competency question as SHACL, in {_name}",
    )(explained)
# An address without ending is matched last: it would take those with one for a question of that name.
for _address in ("/sparql/examples/{slug}.html", "/sparql/examples/{slug}"):
    page(router, _address)(explained)


@lru_cache(maxsize=16)
def grouped(chosen: str, day: dt.date) -> tuple[tuple[str, tuple[Example, ...]], ...]:
    """Return the examples by user, in order, with names in the language ``chosen`` and queries for ``day``."""
    found = [_example(one, chosen, day) for one in questions()]
    return tuple((user, tuple(group)) for user, group in groupby(found, lambda one: one.user))


def _example(one: Question, chosen: str, day: dt.date) -> Example:
    return Example(
        one.slug, one.code, one.user, one.names[chosen], one.descriptions[chosen], one.asked(chosen, day)
    )


def _rdf(slug: str | None, ending: str) -> Response:
    return Response(_described(slug, ending), 200, media_type=f"{RDF_FORMATS[ending]}; charset=utf-8")


@cache
def _described(slug: str | None, ending: str) -> bytes:
    """Return the description of one question, or of all."""
    whole = described = description()
    if slug is not None:
        iri, described = URIRef(BASE + slug), Graph()
        for one in (iri, *whole.objects(iri, SH.prefixes)):
            whole.cbd(one, target_graph=described)
    found = Graph()
    for prefix, namespace in whole.namespaces():
        found.bind(prefix, namespace)
    for subject, predicate, value in described:
        found.add((_lettered(subject), predicate, _lettered(value)))
    return serialised(found, ending)


def _lettered(node: Node) -> Node:
    """Return a blank node whose name begins with a letter, as RDF/XML wants it; anything else as it is."""
    return BNode(f"node-{node}") if isinstance(node, BNode) else node


@cache
def _digest() -> str:
    """Return the SHA-256 of the files of the questions: pages change with them where the data do not."""
    content = hashlib.sha256()
    for file in sorted(folder().iterdir()):
        if file.is_file():
            content.update(file.name.encode() + b"\0" + file.read_bytes())
    return content.hexdigest()
