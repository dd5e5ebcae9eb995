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
from api.routes.answers import (
    FORMATS,
    NAMES,
    RDF_FORMATS,
    csv_file,
    csv_headers,
    data,
    kept,
    links,
    page,
    serialised,
    wanted,
)
from api.routes.rendering import VARY, link, render
from asmgraph import resources
from asmgraph.errors import NotFoundError
from asmgraph.ontology import alignments, diagrams, files, model
from asmgraph.ontology.context import PREFIXES

router = APIRouter(tags=["ontology"])

SCHEME_FORMATS = {**FORMATS, "csv": "text/csv"}
PARTS: Mapping[str, Callable[[], Graph]] = {"shapes": files.shapes, "alignments": alignments.bridge}
"""What has an address below ``/ns`` beside the modules; people are led to where ``/ns`` tells of it."""


@page(router, "/ns")
@page(router, "/ns.html")
def ontology(request: Request) -> Response:
    """Describe the ontology: a page for people, the modules for programs."""
    return _described(request, "/ns", lambda: _ontology_page(request))


@page(router, "/vocab")
@page(router, "/vocab.html")
def vocabularies(request: Request) -> Response:
    """List the vocabularies; give all of them to programs."""
    return _described(request, "/vocab", lambda: _schemes_page(request))


@data(router, "/ns/context.jsonld", RDF_FORMATS["jsonld"], "The JSON-LD context of the ontology")
def context(request: Request) -> Response:
    """Give the JSON-LD context."""
    content = (resources.ontology() / "context.jsonld").read_bytes()
    headers = {"Content-Type": RDF_FORMATS["jsonld"]}
    return kept(request, [hashlib.sha256(content).hexdigest()], lambda: content, "", headers)


@data(router, "/ns/diagrams/{name}.svg", "image/svg+xml", "A class diagram in the language asked for")
def diagram(request: Request, name: str) -> Response:
    """Give a class diagram in the reader's language; its boxes lead to the terms."""
    if name not in diagrams.names():
        raise NotFoundError("There is no such diagram.", f"There are {', '.join(diagrams.names())}.")
    chosen = language.chosen(request)

    def build() -> bytes:
        page = "/ns" if name == diagrams.OVERVIEW else f"/ns/{name}"
        return diagrams.draw(name, chosen, link(page, {"lang": chosen})).svg.encode()

    return kept(request, _state(), build, "", {"Content-Type": "image/svg+xml", "Content-Language": chosen})


def part(request: Request, part: str) -> Response:
    """Describe a module; lead to where ``/ns`` tells of a term, and people of the shapes or the alignments."""
    if part not in {*PARTS, *(module.name for module in model.modules())}:
        if any(term.name == part for term in model.terms().values()):
            return RedirectResponse(link(f"/ns#{part}", {"lang": language.asked(request)}), 303)
        raise NotFoundError("The ontology has no such part.", "Look for it at /ns.")
    if part in PARTS and wanted(request, FORMATS) == "html":
        target = link(f"/ns#module-{part}", {"lang": language.asked(request)})
        return RedirectResponse(target, 303, {"Vary": VARY})
    return _described(request, f"/ns/{part}", lambda: _module_page(request, part))


def vocabulary(request: Request, scheme: str) -> Response:
    """Describe a vocabulary with its concepts."""
    if scheme not in model.schemes():
        raise NotFoundError("The ontology has no such vocabulary.", "Look for it at /vocab.")
    if wanted(request, SCHEME_FORMATS) == "csv":

        def build() -> bytes:
            return bytes(csv_file(scheme, *scheme_views.table(scheme)).body)

        return kept(request, _state(), build, "csv", csv_headers(scheme))
    return _described(request, f"/vocab/{scheme}", lambda: _scheme_page(request, scheme))


for ending, media_type in RDF_FORMATS.items():
    form = NAMES[ending]
    data(router, f"/ns.{ending}", media_type, f"The modules of the ontology as {form}")(ontology)
    data(router, f"/vocab.{ending}", media_type, f"All vocabularies as {form}")(vocabularies)
    data(router, f"/ns/{{part}}.{ending}", media_type, f"A module, the shapes or the alignments as {form}")(
        part
    )
for ending, media_type in {**RDF_FORMATS, "csv": "text/csv"}.items():
    data(router, f"/vocab/{{scheme}}.{ending}", media_type, f"A vocabulary as {NAMES[ending]}")(vocabulary)
# An address without ending is matched last: it would take those with one for a part of that name.
for address in ("/ns/{part}.html", "/ns/{part}"):
    page(router, address)(part)
for address in ("/vocab/{scheme}.html", "/vocab/{scheme}"):
    page(router, address)(vocabulary)


def _described(request: Request, path: str, show: Callable[[], Response]) -> Response:
    """Answer with a page or RDF, as the address or the client asks."""
    ending = wanted(request, FORMATS)

    def build() -> bytes:
        return bytes(show().body) if ending == "html" else _serialised(path, ending)

    headers = {"Content-Type": f"{FORMATS[ending]}; charset=utf-8"}
    if ending == "html":
        headers["Content-Language"] = language.chosen(request)
    return kept(request, _state(), build, ending, headers)


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
    return serialised(graph, ending)


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
        "formats": links("/ns", RDF_FORMATS),
    }
    return render(request, "ontology.html", context)


def _module_page(request: Request, name: str) -> Response:
    context = {
        "view": ontology_views.modules(language.chosen(request))[name],
        "own": f"/ns/{name}#",
        "formats": links(f"/ns/{name}", RDF_FORMATS),
    }
    return render(request, "module.html", context)


def _schemes_page(request: Request) -> Response:
    schemes = scheme_views.schemes(language.chosen(request))
    return render(request, "schemes.html", {"schemes": schemes, "formats": links("/vocab", RDF_FORMATS)})


def _scheme_page(request: Request, name: str) -> Response:
    context = {
        "scheme": scheme_views.scheme(name, language.chosen(request)),
        "own": f"/vocab/{name}/",
        "formats": links(f"/vocab/{name}", {**RDF_FORMATS, "csv": "text/csv"}),
    }
    return render(request, "scheme.html", context)
