"""How much of the way between others leads through each node: betweenness, exact and sampled.

Weights and ties of a node with itself are left aside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import rustworkx as rx

from asmgraph.analysis.measures.network import Floats, Integers, Matrix, Network

EXACT_UP_TO = 10_000
SOURCES = 256
_AT_ONCE = 16
_LONG = 40


def betweenness(network: Network, *, normalised: bool = False) -> Floats:
    """Return how many shortest paths between others pass through each node, each pair's paths counting 1 together.

    Parameters
    ----------
    normalised
        Whether to divide by the number of pairs of other nodes: (n-1)(n-2), half of it without direction.

    Returns
    -------
    (n,), float64; exact (Freeman 1977, doi:10.2307/3033543; algorithm of Brandes 2001,
    doi:10.1080/0022250X.2001.9990249). Weights are not looked at; without direction a pair counts once. Where paths
    are short it is worked out from 16 nodes at once, by products of matrices; where they are long, by rustworkx.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import Matrix, from_graph
    >>> betweenness(from_graph(nx.path_graph(4))).tolist()
    [0.0, 2.0, 2.0, 0.0]
    """
    count = len(network)
    total = np.zeros(count)
    for first in range(0, count, _AT_ONCE):
        chosen = np.arange(first, min(count, first + _AT_ONCE))
        dependencies = _dependencies(network.simple, network.incoming, chosen, deepest=_LONG)
        if dependencies is None:
            scores = rx.betweenness_centrality(to_rustworkx(network), normalized=False)
            total = np.fromiter((scores[place] for place in range(count)), np.float64, count)
            return total * _scale(network, normalised=normalised) * (1 if network.directed else 2)
        total += dependencies.sum(axis=1)
    return total * _scale(network, normalised=normalised)


def _scale(network: Network, *, normalised: bool) -> float:
    """Return by what the sum of dependencies on a node from every side is to be multiplied."""
    pairs = (len(network) - 1) * (len(network) - 2)
    if normalised:
        return 1 / pairs if pairs > 0 else 0.0
    return 1.0 if network.directed else 0.5


@dataclass(frozen=True)
class Sampled:
    """Values estimated from a sample.

    Parameters
    ----------
    values
        (n,), the estimates.
    standard_errors
        (n,), one standard error of each, in the same unit; 0 where all was looked at.
    size
        How many of the n nodes were drawn.
    """

    values: Floats
    standard_errors: Floats
    size: int


def sampled_betweenness(
    network: Network, *, sources: int = SOURCES, seed: int = 0, normalised: bool = False
) -> Sampled:
    """Return an estimate of :func:`betweenness` from the shortest paths that begin at some nodes, and its error.

    Parameters
    ----------
    sources
        How many nodes are drawn, without replacement; with all n the result is exact.

    Returns
    -------
    Unbiased estimates with the standard error of a simple random sample without replacement (Brandes and Pich 2007,
    doi:10.1142/S0218127407018403). A path counts by how far along it a node lies, from its beginning and from its end,
    so that nodes next to a drawn one are not favoured (Geisberger, Sanders and Schultes 2008,
    doi:10.1137/1.9781611972887.9). Who is rarely between is seldom met by a sample, and is further off than its error
    says more often than one in twenty times: trust the order of the first, not of the last.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import Matrix, from_graph
    >>> found = sampled_betweenness(from_graph(nx.path_graph(4)), sources=4)
    >>> found.values.round(9).tolist(), found.standard_errors.tolist()
    ([0.0, 2.0, 2.0, 0.0], [0.0, 0.0, 0.0, 0.0])
    """
    count = len(network)
    size = min(sources, count)
    drawn = np.sort(np.random.default_rng(seed).choice(count, size, replace=False))
    total, squares = np.zeros(count), np.zeros(count)
    for first in range(0, size, _AT_ONCE):
        dependencies = _both_ways(network, drawn[first : first + _AT_ONCE])
        total += dependencies.sum(axis=1)
        squares += (dependencies**2).sum(axis=1)
    scale = _scale(network, normalised=normalised)
    mean = total / max(1, size)
    variance = np.maximum(0, squares - size * mean**2) / max(1, size - 1)
    errors = np.sqrt(variance / max(1, size) * (1 - size / max(1, count)))
    return Sampled(scale * count * mean, scale * count * errors, size)


def _both_ways(network: Network, sources: Integers) -> Floats:
    """Return (n, k), the scaled dependencies on each node of the paths that begin at each source or end there."""
    begun = _dependencies(network.simple, network.incoming, sources, scaled=True)
    ended = (
        _dependencies(network.incoming, network.simple, sources, scaled=True) if network.directed else begun
    )
    assert begun is not None
    assert ended is not None
    return begun + ended


def _dependencies(
    ties: Matrix,
    turned: Matrix,
    sources: Integers,
    *,
    deepest: float = np.inf,
    scaled: bool = False,
) -> Floats | None:
    """Return (n, k), how far the shortest paths that begin at each source depend on each node (Brandes 2001).

    None where one of them is longer than ``deepest``. ``turned`` holds the ties the other way round. Where ``scaled``,
    a path counts for a node by how far along it the node lies.
    """
    shape = (ties.shape[0], len(sources))
    paths = np.zeros(shape)
    paths[sources, np.arange(len(sources))] = 1
    front, levels = paths.copy(), [paths > 0]
    met = levels[0].copy()
    while True:
        front = (turned @ front) * ~met
        level = front > 0
        if not level.any():
            break
        paths += front
        met |= level
        levels.append(level)
        if len(levels) > deepest:
            return None
    found = np.zeros(shape)
    for distance in range(len(levels) - 1, 0, -1):
        share = np.zeros(shape)
        np.divide((1 / distance if scaled else 1) + found, paths, out=share, where=levels[distance])
        found += (ties @ share) * paths * levels[distance - 1]
    if scaled:
        found *= sum(distance * level for distance, level in enumerate(levels))
    found[sources, np.arange(len(sources))] = 0
    return found


def to_rustworkx(network: Network) -> Any:
    """Return the rustworkx graph of the same nodes and ties, weights left out, no tie of a node with itself."""
    graph: Any = rx.PyDiGraph(multigraph=False) if network.directed else rx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(len(network)))
    rows, columns, _ = network.ties
    apart = rows != columns
    graph.add_edges_from_no_data(list(zip(rows[apart].tolist(), columns[apart].tolist(), strict=True)))
    return graph
