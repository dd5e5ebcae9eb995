"""Ask a snapshot one of the package's own queries, in this process.

For analyses and pages, whose queries are ours and bounded; what users write goes through ``workers``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Variable

from asmgraph import resources
from asmgraph.store.snapshots import Snapshot

Term = NamedNode | Literal | BlankNode
Row = dict[str, str | None]


def select(snapshot: Snapshot, query: str, bindings: Mapping[str, Term] | None = None) -> list[Row]:
    """Return the solutions of ``asmgraph/queries/<query>.rq`` over the merge of the snapshot's graphs.

    Parameters
    ----------
    bindings
        Values for variables of the query, by name without the question mark.

    Returns
    -------
    list of dict
        One a solution: the lexical form or IRI by variable name, ``None`` where unbound.
    """
    return [
        {name: None if term is None else getattr(term, "value", str(term)) for name, term in row.items()}
        for row in terms(snapshot, query, bindings)
    ]


def terms(
    snapshot: Snapshot, query: str, bindings: Mapping[str, Term] | None = None
) -> list[dict[str, Term | None]]:
    """Return the solutions of a query as terms, with their datatypes and languages."""
    solutions = snapshot.reading.store.query(
        resources.query(query),
        substitutions={Variable(name): term for name, term in (bindings or {}).items()},
    )
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: solution[name] for name in names} for solution in solutions]


def graphs_of(snapshot: Snapshot, things: Iterable[str]) -> frozenset[str]:
    """Return the graphs that state something of one of these things, by IRI."""
    store = snapshot.reading.store
    found = (
        quad.graph_name for thing in things for quad in store.quads_for_pattern(NamedNode(thing), None, None)
    )
    return frozenset(graph.value for graph in found if isinstance(graph, NamedNode))
