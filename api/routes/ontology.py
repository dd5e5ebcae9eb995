"""The ontology for who reads or adopts it: ``/ns``, its vocabularies under ``/vocab``, diagrams, JSON-LD context.

They are read from the ontology's files and need no published data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache

from fastapi import APIRouter
from rdflib import Graph
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.routes import language, ontology_views, scheme_views
from api.routes.answers import csv_file, data, negotiated, page, unless_held
from api.routes.rendering import VARY, link, render
from asmgraph import resources
from asmgraph.errors import NotFoundError
from asmgraph.ontology import alignments, diagrams, files, model
from asmgraph.ontology.context import PREFIXES

router = APIRouter(tags=["ontology"])

RDF = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
"""Media type of each RDF format by ending."""
FORMATS = {"html": "text/html", **RDF}
SCHEME_FORMATS = {**FORMATS, "csv": "text/csv"}
NAMES = {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML", "csv": "CSV"}
PARTS: Mapping[str, Callable[[], Graph]] = {"shapes": files.shapes, "alignments": alignments.bridge}
"""What has an address below ``/ns`` beside the modules."""
_SERIALISERS = {"ttl": "turtle", "nt": "nt", "rdf": "xml"}
_OPEN = {"Access-Control-Allow-Origin": "*"}
"""Whoever uses the ontology from a page of their own may fetch it."""


@page(router, "/ns")
def ontology(request: Request) -> Response:
    """Describe the ontology: a page for people, the modules for programs."""
    return _described(request, "/ns", lambda: _ontology_page(request))


@page(router, "/vocab")
def vocabularies(request: Request) -> Response:
    """List the vocabularies; give all of them to programs."""
    return _described(request, "/vocab", lambda: _schemes_page(request))


for extension, media_type in RDF.items():
    data(router, f"/ns.{extension}", media_type, f"The modules of the ontology as {NAMES[extension]}")(
        ontology
    )
    data(router, f"/vocab.{extension}", media_type, f"All vocabularies as {NAMES[extension]}")(vocabularies)


@data(router, "/ns/context.jsonld", RDF["jsonld"], "The JSON-LD context of the ontology")
def context(request: Request) -> Response:
    """Give the JSON-LD context."""

    def build() -> Response:
        content = (resources.ontology() / "context.jsonld").read_bytes()
        return Response(content, 200, _OPEN, RDF["jsonld"])

    return unless_held(request, _state(), build)


@page(router, "/ns/diagrams/{name}.svg")
def diagram(request: Request, name: str) -> Response:
    """Give a class diagram in the reader's language; its boxes lead to the terms."""
    if name not in diagrams.names():
        raise NotFoundError("There is no such diagram.", f"There are {', '.join(diagrams.names())}.")

    def build() -> Response:
        chosen = language.chosen(request)
        drawn = diagrams.draw(name, chosen, link("/ns", {"lang": chosen}))
        return Response(drawn.svg, 200, {"Content-Language": chosen}, "image/svg+xml")

    return unless_held(request, _state(), build)


@page(router, "/ns/{part}")
def part(request: Request, part: str) -> Response:
    """Give a part of the ontology to programs; lead people to where its page tells of it."""
    name, ending = _ending(part, FORMATS)
    if name not in {*PARTS, *(module.name for module in model.modules())}:
        raise NotFoundError("The ontology has no such part.", "Look for it at /ns.")
    if (ending or negotiated(request, FORMATS)) == "html":
        target = link(f"/ns#module-{name}", {"lang": language.asked(request)})
        return RedirectResponse(target, 303, {"Vary": VARY})
    return _described(request, f"/ns/{name}", None, ending)


@page(router, "/vocab/{scheme}")
def vocabulary(request: Request, scheme: str) -> Response:
    """Describe a vocabulary with its concepts."""
    name, ending = _ending(scheme, SCHEME_FORMATS)
    if name not in model.schemes():
        raise NotFoundError("The ontology has no such vocabulary.", "Look for it at /vocab.")
    if (ending or negotiated(request, SCHEME_FORMATS)) == "csv":

        def build() -> Response:
            return csv_file(name, *scheme_views.table(name))

        return unless_held(request, _state(), build, "csv")
    return _described(request, f"/vocab/{name}", lambda: _scheme_page(request, name), ending)


def _described(
    request: Request, path: str, show: Callable[[], Response] | None, ending: str = ""
) -> Response:
    """Answer with a page or RDF, as the address or the client asks."""
    wanted = ending or _ending(request.scope["path"].rpartition("/")[2], FORMATS)[1]
    wanted = wanted or negotiated(request, FORMATS)

    def build() -> Response:
        if wanted == "html" and show:
            return show()
        return Response(_serialised(path, wanted), 200, _OPEN, f"{RDF[wanted]}; charset=utf-8")

    return unless_held(request, _state(), build, wanted)


@cache
def _state() -> tuple[str, ...]:
    """Return what changes with everything that is shown here."""
    return files.digest(), hashlib.sha256(alignments.turtle().encode()).hexdigest()


@cache
def _serialised(path: str, ending: str) -> bytes:
    """Serialise what an address names, once for each format."""
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, override=True)
    for triple in _graph(path):
        graph.add(triple)
    if ending == "jsonld":
        return graph.serialize(format="json-ld", encoding="utf-8", context=PREFIXES)
    return graph.serialize(format=_SERIALISERS[ending], encoding="utf-8")


def _graph(path: str) -> Graph:
    match path.split("/")[1:]:
        case ["ns"]:
            return files.modules()
        case ["ns", name]:
            return PARTS[name]() if name in PARTS else files.module(name)
        case ["vocab", name]:
            return files.vocabulary(name)
    return files.vocabularies()


def _ontology_page(request: Request) -> Response:
    chosen = language.chosen(request)
    context = {
        "ontology": ontology_views.ontology(chosen),
        "schemes": scheme_views.schemes(chosen),
        "formats": _links("/ns", RDF),
    }
    return render(request, "ontology.html", context)


def _schemes_page(request: Request) -> Response:
    schemes = scheme_views.schemes(language.chosen(request))
    return render(request, "schemes.html", {"schemes": schemes, "formats": _links("/vocab", RDF)})


def _scheme_page(request: Request, name: str) -> Response:
    context = {
        "scheme": scheme_views.scheme(name, language.chosen(request)),
        "formats": _links(f"/vocab/{name}", {**RDF, "csv": "text/csv"}),
    }
    return render(request, "scheme.html", context)


def _links(path: str, formats: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return address, media type and name of each format."""
    return [(f"{path}.{ending}", media_type, NAMES[ending]) for ending, media_type in formats.items()]


def _ending(name: str, formats: dict[str, str]) -> tuple[str, str]:
    stem, _, ending = name.rpartition(".")
    return (stem, ending) if stem and ending in formats else (name, "")
