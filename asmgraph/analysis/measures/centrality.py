"""How central each node is: degree, strength, closeness, harmonic closeness, PageRank.

Each function takes a :class:`~asmgraph.analysis.measures.network.Network` and returns (n,) values in the order of its
nodes. Shortest paths count steps unless it says otherwise; with direction, closeness is that of the ways *to* a node.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from asmgraph.analysis.measures.distances import blocks_of_lengths, count_by_distance
from asmgraph.analysis.measures.network import Booleans, Floats, Integers, Matrix, Network
from asmgraph.errors import QueryError

Direction = Literal["all", "in", "out"]


def degree(network: Network, direction: Direction = "all") -> Integers:
    """Return the number of ties of each node; a tie with itself counts twice, once for each end (Freeman 1978).

    Parameters
    ----------
    direction
        With direction: ties that come in, go out, or both together.

    Returns
    -------
    (n,), int64; not normalised. Parallel ties are one tie. doi:10.1016/0378-8733(78)90021-7

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import Matrix, from_graph
    >>> degree(from_graph(nx.Graph([("a", "b"), ("a", "a")]))).tolist()
    [3, 1]
    """
    present = network.adjacency.copy()
    present.data = np.ones_like(present.data)
    return _ends(network, present, direction).astype(np.int64)


def strength(network: Network, direction: Direction = "all") -> Floats:
    """Return the weights of the ties of each node together, its weighted degree; a tie with itself counts twice.

    Returns
    -------
    (n,), float64, in the unit of the weights (Barrat and others 2004, doi:10.1073/pnas.0400087101).

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import Matrix, from_graph
    >>> graph = nx.Graph()
    >>> graph.add_weighted_edges_from([("a", "b", 3), ("a", "a", 2)])
    >>> strength(from_graph(graph)).tolist()
    [7.0, 3.0]
    """
    return _ends(network, network.adjacency, direction)


def _ends(network: Network, matrix: Matrix, direction: Direction) -> Floats:
    out = np.asarray(matrix.sum(axis=1), dtype=np.float64)
    if not network.directed:
        return out + np.asarray(matrix.diagonal(), dtype=np.float64)
    coming = np.asarray(matrix.sum(axis=0), dtype=np.float64)
    return {"out": out, "in": coming, "all": out + coming}[direction]


def closeness(network: Network, *, improved: bool = True, weighted: bool = False) -> Floats:
    """Return the reciprocal of the mean distance to each node from those that reach it.

    Parameters
    ----------
    improved
        Whether to multiply by the share of the others that reach it (Wasserman and Faust 1994, p. 200,
        doi:10.1017/CBO9780511815478), without which small components look close.
    weighted
        Whether the weight of a tie is its length.

    Returns
    -------
    (n,), float64, from 0 (nobody reaches it) to 1.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import Matrix, from_graph
    >>> closeness(from_graph(nx.path_graph(3))).round(3).tolist()
    [0.667, 1.0, 0.667]
    """
    count = len(network)
    if weighted:
        reaching, far = np.zeros(count), np.zeros(count)
        for chosen, lengths in blocks_of_lengths(network, inward=True):
            reached = np.isfinite(lengths)
            reaching[chosen] = reached.sum(axis=1) - 1
            far[chosen] = np.where(reached, lengths, 0).sum(axis=1)
    else:
        counted = count_by_distance(network)
        reaching = counted[:, 1:].sum(axis=1).astype(np.float64)
        far = (counted @ np.arange(counted.shape[1])).astype(np.float64)
    found = np.divide(reaching, far, out=np.zeros(count), where=far > 0)
    return found * reaching / max(1, count - 1) if improved else found


def harmonic_closeness(
    network: Network, *, normalised: bool = True, largest: bool = False, weighted: bool = False
) -> Floats:
    """Return the sum of the reciprocals of the distances to each node; who cannot reach it adds nothing.

    Parameters
    ----------
    normalised
        Whether to divide by the number of other nodes, so that 1 is a tie with each.
    largest
        Whether to look at the largest component alone, as published tables often do: the other nodes have no value
        (not a number), and the number of other nodes is that in the component.
    weighted
        Whether the weight of a tie is its length.

    Returns
    -------
    (n,), float64 (Marchiori and Latora 2000, doi:10.1016/S0378-4371(00)00311-3; Rochat 2009).

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import Matrix, from_graph
    >>> harmonic_closeness(from_graph(nx.Graph([("a", "b"), ("b", "c"), ("d", "e")])), largest=True).tolist()
    [0.75, 1.0, 0.75, nan, nan]
    """
    if largest:
        inside = largest_component(network)
        found = np.full(len(network), np.nan)
        found[inside] = harmonic_closeness(
            network.restricted_to(inside), normalised=normalised, weighted=weighted
        )
        return found
    count = len(network)
    total = np.zeros(count)
    if weighted:
        for chosen, lengths in blocks_of_lengths(network, inward=True):
            apart = lengths > 0
            total[chosen] = np.divide(1, lengths, out=np.zeros_like(lengths), where=apart).sum(axis=1)
    else:
        counted = count_by_distance(network)[:, 1:]
        total = counted @ (1 / np.arange(1, counted.shape[1] + 1))
    return total / max(1, count - 1) if normalised else total


def largest_component(network: Network) -> Booleans:
    """Return (n,) marks of the nodes of the largest component, direction aside; of two as large, the first."""
    if not len(network):
        return np.zeros(0, dtype=np.bool_)
    _, labels = csgraph.connected_components(network.adjacency, directed=True, connection="weak")
    return np.asarray(labels == np.bincount(labels).argmax())


def pagerank(
    network: Network,
    *,
    damping: float = 0.85,
    start: Floats | None = None,
    jump: Floats | None = None,
    dangling: Floats | None = None,
    rounds: int = 1000,
    tolerance: float = 1e-12,
) -> Floats:
    """Return the share of time a walker spends at each node who follows ties by weight and sometimes jumps.

    Parameters
    ----------
    damping
        The probability of following a tie.
    start, jump, dangling
        (n,), where the walk begins, where a jump leads, and where it goes from a node without ties out: each adds
        up to 1; by default every node alike, and from a node without ties as by a jump.
    tolerance
        The walk has settled when a round changes the values together by less.

    Returns
    -------
    (n,), float64, together 1 (Brin and Page 1998, doi:10.1016/S0169-7552(98)00110-X).

    Raises
    ------
    QueryError
        If it has not settled after so many rounds.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import Matrix, from_graph
    >>> pagerank(from_graph(nx.DiGraph([("a", "b"), ("b", "a")]))).tolist()
    [0.5, 0.5]
    """
    count = len(network)
    if not count:
        return np.zeros(0)
    alike = np.full(count, 1 / count)
    jump = alike if jump is None else jump
    dangling = jump if dangling is None else dangling
    out = np.asarray(network.adjacency.sum(axis=1), dtype=np.float64)
    shares = np.divide(1, out, out=np.zeros(count), where=out > 0)
    steps = (sparse.diags_array(shares) @ network.adjacency).T.tocsr()
    ending = out == 0
    found = alike if start is None else start
    for _ in range(rounds):
        last = found
        found = damping * (steps @ last + last[ending].sum() * dangling) + (1 - damping) * jump
        if np.abs(found - last).sum() < tolerance:
            return np.asarray(found)
    raise QueryError(
        f"PageRank has not settled after {rounds} rounds.", "Allow more rounds, or a larger tolerance."
    )
