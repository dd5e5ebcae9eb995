"""How far nodes lie from each other: shortest paths from all nodes, the common ground of many measures.

Steps are counted by breadth-first search from 64 nodes at once, one bit each (Then and others 2014,
doi:10.14778/2735496.2735507): only how many nodes lie at each distance is kept, never the n x n matrix. Time grows
with nodes x ties / 64 x the longest shortest path.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csgraph

from asmgraph.analysis.measures.network import Floats, Integers, Matrix, Network

_BITS = 64
_CELLS = 2**21
_FEW = 0.2
Words = NDArray[np.uint64]


def count_by_distance(network: Network, *, outward: bool = False, steps: int | None = None) -> Integers:
    """Return how many nodes lie at each distance from each node.

    Parameters
    ----------
    outward
        Whether a distance is that from the node to the others; by default it is that from the others to the node.
        Without direction both are the same.
    steps
        Distances above are not looked for.

    Returns
    -------
    (n, d + 1), int64: in row i and column k the number of nodes at distance k, in steps; column 0 holds ones.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import Matrix, from_graph
    >>> count_by_distance(from_graph(nx.path_graph(3))).tolist()
    [[1, 1, 1], [1, 2, 0], [1, 1, 1]]
    """
    count = len(network)
    steered = network.simple if outward else network.incoming
    counted: dict[int, Integers] = {0: np.ones(count, dtype=np.int64)}
    words = -(-count // _BITS)
    at_once = max(1, _CELLS // max(1, steered.nnz, count))
    for first in range(0, words, at_once):
        for distance, found in _search(steered, first, min(words, first + at_once)):
            if steps is not None and distance > steps:
                break
            counted[distance] = counted.get(distance, 0) + found
    return np.column_stack([counted[distance] for distance in sorted(counted)])


def _search(matrix: Matrix, first: int, last: int) -> Iterator[tuple[int, Integers]]:
    """Yield, step by step, how many of the nodes that these words stand for are newly met at each node."""
    count = matrix.shape[0]
    origins = np.arange(first * _BITS, min(count, last * _BITS))
    front: Words = np.zeros((count, last - first), dtype=np.uint64)
    front[origins, (origins // _BITS) - first] = np.uint64(1) << (origins % _BITS).astype(np.uint64)
    met = front.copy()
    distance = 0
    while True:
        rows, gathered = _gather(matrix, front)
        new = gathered & ~met[rows]
        grown = np.asarray(np.bitwise_count(new).sum(axis=1), dtype=np.int64)
        if not grown.any():
            return
        met[rows] |= new
        front = np.zeros_like(front)
        front[rows] = new
        distance += 1
        found = np.zeros(count, dtype=np.int64)
        found[rows] = grown
        yield distance, found


def _gather(matrix: Matrix, front: Words) -> tuple[Integers, Words]:
    """Return the rows with a neighbour in the front, and the union of what stands there at their neighbours."""
    active = np.any(front, axis=1)
    if active.mean() < _FEW:
        rows = np.flatnonzero(matrix @ np.asarray(active, dtype=np.float64))
        matrix = matrix[rows][:, np.flatnonzero(active)] if len(rows) else matrix[rows]
        front = front[active]
        kept = np.arange(len(rows))
    else:
        kept = rows = np.flatnonzero(np.diff(matrix.indptr))
    if not len(rows):
        return rows, np.zeros((0, front.shape[1]), dtype=np.uint64)
    return rows, np.bitwise_or.reduceat(front[matrix.indices], matrix.indptr[kept], axis=0)


def lengths_from(network: Network, nodes: Integers, *, weighted: bool = True) -> Floats:
    """Return the lengths of the shortest paths from some nodes to all, the weight of a tie being its length.

    Parameters
    ----------
    nodes
        (k,), positions.
    weighted
        Otherwise each tie has length 1.

    Returns
    -------
    (k, n), float64; infinite where there is no path.
    """
    if not len(nodes):
        return np.zeros((0, len(network)))
    found = csgraph.dijkstra(network.adjacency, directed=True, indices=nodes, unweighted=not weighted)
    return np.asarray(found, dtype=np.float64)


def blocks_of_lengths(
    network: Network, *, inward: bool = False, weighted: bool = True
) -> Iterator[tuple[slice, Floats]]:
    """Yield a slice of nodes with their rows of :func:`lengths_from`, or of lengths to them, until all were there."""
    count = len(network)
    seen = network
    if inward and network.directed:
        seen = Network(network.names, network.adjacency.T.tocsr(), directed=True)
    at_once = max(1, _CELLS // max(1, count))
    for first in range(0, count, at_once):
        chosen = slice(first, min(count, first + at_once))
        yield chosen, lengths_from(seen, np.arange(chosen.start, chosen.stop), weighted=weighted)
