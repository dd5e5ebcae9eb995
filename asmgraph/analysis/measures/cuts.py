"""What must fall for two sides to lose each other: the lightest ties, or the fewest nodes.

Both are largest flows (Ford and Fulkerson 1956, doi:10.4153/CJM-1956-045-5).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from asmgraph.analysis.measures.network import Integers, Matrix, Network
from asmgraph.errors import SourceError


@dataclass(frozen=True)
class Cut:
    """A cut by ties.

    Parameters
    ----------
    weight
        Of the ties cut, together.
    near, far
        The nodes left on the side of the source, and the others, in their order.
    """

    weight: float
    near: tuple[Hashable, ...]
    far: tuple[Hashable, ...]


def minimum_cut(network: Network, source: Hashable, target: Hashable) -> Cut:
    """Return the ties with the least weight together without which no path leads from source to target.

    Of several such cuts the one with the fewest nodes on the side of the target, found by the algorithm of networkx.

    Raises
    ------
    SourceError
        If source or target is no node, or both are the same.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import Matrix, from_graph
    >>> minimum_cut(from_graph(nx.barbell_graph(3, 0)), 0, 5)
    Cut(weight=1.0, near=(0, 1, 2), far=(3, 4, 5))
    """
    start, end = network.places([source, target])
    if start == end:
        raise SourceError("Both sides of the cut are the same node.", "Name two nodes.")
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(network)))
    ties = network.adjacency.tocoo()
    graph.add_weighted_edges_from(
        zip(ties.row.tolist(), ties.col.tolist(), ties.data.tolist(), strict=True), weight="capacity"
    )
    weight, (near, far) = nx.minimum_cut(graph, int(start), int(end))
    names = network.names
    return Cut(
        float(weight),
        tuple(names[place] for place in sorted(near)),
        tuple(names[place] for place in sorted(far)),
    )


def minimum_vertex_cut(
    network: Network, sources: Iterable[Hashable], targets: Iterable[Hashable]
) -> tuple[Hashable, ...] | None:
    """Return the fewest nodes, none a source or target, through one of which each path from sources to targets leads.

    Returns
    -------
    In their order; of several such sets the one nearest to the sources. Empty where no path leads there; ``None`` where
    no set will do, because a source has a tie with a target or is one (Menger 1927, doi:10.4064/fm-10-1-96-115).

    Raises
    ------
    SourceError
        If a name is no node.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import Matrix, from_graph
    >>> minimum_vertex_cut(from_graph(nx.path_graph(4)), [0], [3])
    (1,)
    """
    first, last = (np.unique(network.places(side)) for side in (sources, targets))
    if np.intersect1d(first, last).size or network.simple[first][:, last].nnz:
        return None
    count = len(network)
    flow_in, flow_out = np.arange(count), np.arange(count, 2 * count)
    start, end = 2 * count, 2 * count + 1
    endless = count + 1
    ties = network.simple.tocoo()
    through = np.ones(count, dtype=np.int64)
    through[np.concatenate([first, last])] = endless
    rows = np.concatenate([flow_in, ties.row + count, np.full(len(first), start), last + count])
    columns = np.concatenate([flow_out, ties.col, first, np.full(len(last), end)])
    capacities = np.concatenate([through, np.full(ties.nnz + len(first) + len(last), endless)])
    graph = sparse.csr_array(
        (capacities.astype(np.int32), (rows, columns)), shape=(2 * count + 2, 2 * count + 2)
    )
    reached = _reached(graph, start, end)
    cut = np.flatnonzero(reached[flow_in] & ~reached[flow_out])
    return tuple(network.names[place] for place in cut)


def _reached(graph: Matrix, start: int, end: int) -> Any:
    """Return marks of the nodes that the start still reaches when the largest flow to the end is under way."""
    flow = csgraph.maximum_flow(graph, start, end).flow
    rest = sparse.csr_array(graph - flow)
    rest.data = np.maximum(rest.data, 0)
    rest.eliminate_zeros()
    order: Integers = csgraph.breadth_first_order(rest, start, return_predecessors=False).astype(np.int64)
    marks = np.zeros(graph.shape[0], dtype=np.bool_)
    marks[order] = True
    return marks
