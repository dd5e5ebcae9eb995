"""Try the rules of inference on the examples, and ask owlrl and HermiT for the same.

The store runs the same rules over everything (:mod:`asmgraph.store.inference`); here they run in rdflib, over a
graph small enough for a reasoner.
"""

from __future__ import annotations

from rdflib import OWL, RDF, Dataset, Graph, URIRef
from rdflib.term import Node

from asmgraph import resources
from asmgraph.ontology import files, reasoners
from asmgraph.records import GRAPH

INFERRED = URIRef(GRAPH + "inferred")
Triple = tuple[Node, Node, Node]


def trial() -> Graph:
    """Return what the rules are tried on: every valid example, the things around them, and a case of each rule."""
    data = Graph().parse(resources.ontology() / "examples" / "neighbours.ttl")
    for file in (files.reasoning() / "rules.ttl", *files.examples("valid")):
        data.parse(file)
    return data


def inferred(data: Graph) -> Graph:
    """Return what the rules infer from a graph."""
    dataset = Dataset()
    for triple in data:
        dataset.default_graph.add(triple)
    for rule in resources.rules().values():
        dataset.update(rule)
    found = Graph()
    for triple in dataset.graph(INFERRED):
        found.add(triple)
    return found


def inverse_or_transitive() -> frozenset[URIRef]:
    """Return the properties of which an axiom of the modules lets a reasoner infer more from what sources state."""
    modules = files.modules()
    found = {one for pair in modules.subject_objects(OWL.inverseOf) for one in pair}
    found |= set(modules.subjects(RDF.type, OWL.TransitiveProperty))
    return frozenset(one for one in found if isinstance(one, URIRef))


def symmetric() -> frozenset[URIRef]:
    """Return the symmetric properties: ties, of which the axioms know no more than that.

    That two actors are tied follows from the parties of a tie, which OWL 2 RL cannot say without tying each
    to itself.
    """
    found = files.modules().subjects(RDF.type, OWL.SymmetricProperty)
    return frozenset(one for one in found if isinstance(one, URIRef))


def statements(graph: Graph, properties: frozenset[URIRef]) -> set[Triple]:
    """Return the statements of a graph with one of the properties."""
    return {triple for one in properties for triple in graph.triples((None, one, None))}


def by_owlrl(data: Graph, properties: frozenset[URIRef]) -> set[Triple]:
    """Return :func:`statements` of the closure under OWL 2 RL that owlrl computes.

    Raises
    ------
    ConfigurationError
        If owlrl is not installed.
    """
    try:
        import owlrl
    except ImportError:
        raise reasoners.missing() from None
    closed = reasoners.things(data, files.modules())
    # its own datatypes would stay with rdflib, and literals be judged differently ever after
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, improved_datatypes=False).expand(closed)
    return statements(closed, properties)


def by_hermit(data: Graph, properties: frozenset[URIRef]) -> set[Triple]:
    """Return :func:`statements` of what HermiT entails."""
    return reasoners.entailed(properties, files.modules(), reasoners.things(data))
