"""What falls apart when nodes leave: cut points, Borgatti's fragmentation, loss of reach.

Direction is left aside, but for the distance-weighted form, which takes ties as they are. Of all nodes one by one the
effect is read off the tree of blocks and cut points, in time that grows with the ties alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from itertools import combinations
from math import comb

import numpy as np
import rustworkx as rx
from scipy.sparse import csgraph

from asmgraph.analysis.measures.betweenness import to_rustworkx
from asmgraph.analysis.measures.distances import blocks_of_lengths
from asmgraph.analysis.measures.network import Booleans, Floats, Integers, Network

_EXHAUSTIVE = 20_000


def components(network: Network) -> Integers:
    """Return (n,) numbers of components, direction aside, from 0, in the order of their first nodes.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> components(from_graph(nx.Graph([("a", "b"), ("c", "d")]))).tolist()
    [0, 0, 1, 1]
    """
    if not len(network):
        return np.zeros(0, dtype=np.int64)
    _, labels = csgraph.connected_components(network.adjacency, directed=True, connection="weak")
    _, first = np.unique(labels, return_index=True)
    return np.argsort(np.argsort(first))[labels].astype(np.int64)


def articulation_points(network: Network) -> Booleans:
    """Return (n,) marks of the nodes whose leaving splits their component, direction aside.

    Tarjan 1972, doi:10.1137/0201010; by rustworkx.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> articulation_points(from_graph(nx.path_graph(3))).tolist()
    [False, True, False]
    """
    found = np.zeros(len(network), dtype=np.bool_)
    found[list(rx.articulation_points(to_rustworkx(_undirected(network))))] = True
    return found


def fragmentation(network: Network, leaving: Iterable[Hashable] = ()) -> float:
    """Return the share of pairs that have no path between them, direction aside, once some nodes have left.

    Returns
    -------
    F = 1 - sum over components of s(s-1) / (n(n-1)), with n the nodes that stay: 0 in one piece, 1 when all are
    alone, or fewer than two stay (Borgatti 2006, equation 3, doi:10.1007/s10588-006-7084-x).

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> fragmentation(from_graph(nx.path_graph(5)), [2])
    0.6666666666666667
    """
    staying = _staying(network, leaving)
    sizes = np.bincount(components(staying))
    return _share_apart(float((sizes * (sizes - 1)).sum()), len(staying))


def fragmentation_by_node(network: Network) -> Floats:
    """Return (n,), float64: :func:`fragmentation` when each node leaves alone.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> fragmentation_by_node(from_graph(nx.path_graph(5))).round(3).tolist()
    [0.0, 0.5, 0.667, 0.5, 0.0]
    """
    sizes = np.bincount(components(network), minlength=0)
    joined = float((sizes * (sizes - 1)).sum())
    own = sizes[components(network)] if len(network) else np.zeros(0)
    left = joined - own * (own - 1) + (own - 1) * (own - 2) - loss_of_reach(network)
    return np.array([_share_apart(value, len(network) - 1) for value in left.tolist()])


def loss_of_reach(network: Network) -> Integers:
    """Return how many ordered pairs of others lose every path between them when each node leaves alone.

    Returns
    -------
    (n,), int64, direction aside; 0 but for cut points. Half of it is the number of pairs.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> loss_of_reach(from_graph(nx.star_graph(3))).tolist()
    [6, 0, 0, 0]
    """
    found = np.zeros(len(network), dtype=np.int64)
    labels = components(network)
    sizes = np.bincount(labels)
    for node, parts in _parts_without(network).items():
        rest = int(sizes[labels[node]]) - 1
        parts = [*parts, rest - sum(parts)]
        found[node] = rest**2 - sum(part**2 for part in parts)
    return found


def _parts_without(network: Network) -> dict[int, list[int]]:
    """Return for each cut point the sizes of the parts its leaving makes, but for the one its block's root is in."""
    graph = to_rustworkx(_undirected(network))
    blocks: dict[int, set[int]] = defaultdict(set)
    for (one, other), block in rx.biconnected_components(graph).items():
        blocks[block] |= {one, other}
    holding: dict[int, list[int]] = defaultdict(list)
    for block, members in blocks.items():
        for node in members:
            holding[node].append(block)
    cuts = {node for node, of in holding.items() if len(of) > 1}
    seen: set[int] = set()
    parts: dict[int, list[int]] = {node: [] for node in cuts}
    for root in blocks:
        if root in seen:
            continue
        seen.add(root)
        order: list[tuple[int, int | None]] = [(root, None)]  # each block, with the cut point it hangs on
        for block, above in order:
            for node in (blocks[block] & cuts) - {above}:
                below = [other for other in holding[node] if other != block]
                seen.update(below)
                order += [(other, node) for other in below]
        under: dict[int, int] = defaultdict(int)  # how many nodes hang below a cut point
        for block, above in reversed(order):
            size = sum(1 + (under[node] if node in cuts else 0) for node in blocks[block] if node != above)
            if above is not None:
                under[above] += size
                parts[above].append(size)
    return parts


def distance_weighted_fragmentation(
    network: Network, leaving: Iterable[Hashable] = (), *, weighted: bool = True
) -> float:
    """Return how far from each other those that stay are, in the direction of ties: 0 side by side, 1 apart.

    Parameters
    ----------
    weighted
        Whether the weight of a tie is its length (a strength must be turned into one, such as its reciprocal).

    Returns
    -------
    1 - sum of 1/d over ordered pairs of the n nodes that stay / (n(n-1) m), with m the largest 1/d before anyone
    left, so that a network in which all are as near as the nearest has 0 (Borgatti 2006, equation 9,
    doi:10.1007/s10588-006-7084-x; m is that of ``fragment`` in the R package keyplayer 1.0.4). In steps m is 1. 1
    without ties, or when fewer than two stay.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> round(distance_weighted_fragmentation(from_graph(nx.path_graph(3))), 4)
    0.1667
    """
    staying = _staying(network, leaving)
    lengths = network.adjacency if weighted else network.simple
    apart = lengths.data[lengths.tocoo().row != lengths.tocoo().col]
    if not len(apart):
        return 1.0
    near = sum(
        float(np.divide(1, block, out=np.zeros_like(block), where=block > 0).sum())
        for _, block in blocks_of_lengths(staying, weighted=weighted)
    )
    return _share_apart(near * float(apart.min()), len(staying))


def key_players(network: Network, size: int) -> tuple[tuple[Hashable, ...], float]:
    """Return the nodes whose leaving together fragments the network most, and that :func:`fragmentation` (KPP-Neg).

    Parameters
    ----------
    size
        How many leave.

    Returns
    -------
    The first such set in the order of the nodes. All sets are tried where there are up to 20,000; of more, the set
    grows by the best next node, then members are swapped for better ones while that helps (Borgatti 2006, section 4),
    which may miss the best.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> key_players(from_graph(nx.path_graph(5)), 2)
    ((1, 3), 1.0)
    """
    names = network.names
    size = min(size, len(names))
    if comb(len(names), size) <= _EXHAUSTIVE:
        best = max(combinations(names, size), key=lambda leaving: fragmentation(network, leaving))
        return best, fragmentation(network, best)
    chosen: list[Hashable] = []
    for _ in range(size):
        scores = fragmentation_by_node(_staying(network, chosen))
        chosen.append([name for name in names if name not in set(chosen)][int(scores.argmax())])
    score, swapped = fragmentation(network, chosen), True
    while swapped:
        swapped = False
        for member in list(chosen):
            rest = [name for name in chosen if name != member]
            scores = fragmentation_by_node(_staying(network, rest))
            if scores.max() > score:
                other = [name for name in names if name not in set(rest)][int(scores.argmax())]
                chosen, score, swapped = [*rest, other], float(scores.max()), True
    order = network.position
    return tuple(sorted(chosen, key=lambda name: order[name])), score


def _undirected(network: Network) -> Network:
    return network if not network.directed else Network(network.names, network.mutual)


def _staying(network: Network, leaving: Iterable[Hashable]) -> Network:
    kept = np.ones(len(network), dtype=np.bool_)
    kept[network.places(leaving)] = False
    return network.restricted_to(kept)


def _share_apart(joined: float, count: int) -> float:
    return 1 - joined / (count * (count - 1)) if count > 1 else 1.0
