"""Ask a snapshot one of the package's own queries, in this process.

For analyses and pages, whose queries are ours and bounded; what users write goes through ``workers``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Variable

from asmgraph import resources
from asmgraph.store.guard import is_of_gaps
from asmgraph.store.snapshots import Snapshot

Term = NamedNode | Literal | BlankNode
Row = dict[str, str | None]


def select(
    snapshot: Snapshot, query: str, bindings: Mapping[str, Term] | None = None, *, of_gaps: bool = False
) -> list[Row]:
    """Return the solutions of ``asmgraph/queries/<query>.rq`` over the merge of the snapshot's graphs.

    Findings are never read as records: ``GRAPH`` does not see what runs found and what people say of it, unless a query
    is about just that.

    Parameters
    ----------
    bindings
        Values for variables of the query, by name without the question mark.
    of_gaps
        Whether ``GRAPH`` sees the graphs of gaps too.

    Returns
    -------
    list of dict
        One a solution: the lexical form or IRI by variable name, ``None`` where unbound.
    """
    return [
        {name: None if term is None else getattr(term, "value", str(term)) for name, term in row.items()}
        for row in terms(snapshot, query, bindings, of_gaps=of_gaps)
    ]


def terms(
    snapshot: Snapshot, query: str, bindings: Mapping[str, Term] | None = None, *, of_gaps: bool = False
) -> list[dict[str, Term | None]]:
    """Return the solutions of a query as terms, with their datatypes and languages; see :func:`select`."""
    # A list of graphs is looked up one by one: there is one only where there is something to hide.
    seen: list[NamedNode | BlankNode] | None = None
    if not of_gaps and any(map(is_of_gaps, snapshot.graphs)):
        seen = [NamedNode(graph) for graph in snapshot.graphs if not is_of_gaps(graph)]
    solutions = snapshot.reading.store.query(
        resources.query(query),
        named_graphs=seen,
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
