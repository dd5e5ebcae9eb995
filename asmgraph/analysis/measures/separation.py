"""Into which parts a network falls when one node leaves: the nodes of each part, for all cut points at once.

:mod:`asmgraph.analysis.measures.fragmentation` counts the pairs that are lost; this says who they are. One search in
depth finds all (Tarjan 1972, doi:10.1137/0201010): what hangs below a cut point stands together in the order of
visits.
"""

from __future__ import annotations

import numpy as np

from asmgraph.analysis.measures.network import Integers, Network


def parts_without(network: Network) -> dict[int, tuple[Integers, ...]]:
    """Return for each cut point, by position, the parts that its component falls into when it leaves.

    Returns
    -------
    Positions of the nodes of each part, ascending; the largest part first, of parts as large the one with the first
    node. Direction is left aside. Time grows with the ties, and with the size of the parts but the largest.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> {point: [part.tolist() for part in parts] for point, parts in
    ...  parts_without(from_graph(nx.path_graph(4))).items()}
    {1: [[2, 3], [0]], 2: [[0, 1], [3]]}
    """
    count = len(network)
    matrix = network.mutual
    starts, contacts = matrix.indptr.tolist(), matrix.indices.tolist()
    visit, low, last = [-1] * count, [0] * count, [0] * count
    order: list[int] = []
    hanging: dict[int, list[int]] = {}  # below a node: the children without a way round it
    spans: dict[int, tuple[int, int]] = {}  # of a node: the visits of its component
    following = starts[:-1]
    for root in range(count):
        if visit[root] >= 0:
            continue
        begun = len(order)
        visit[root] = low[root] = begun
        order.append(root)
        path = [root]
        while path:
            node = path[-1]
            if following[node] < starts[node + 1]:
                other = contacts[following[node]]
                following[node] += 1
                if visit[other] < 0:
                    visit[other] = low[other] = len(order)
                    order.append(other)
                    path.append(other)
                elif len(path) < 2 or other != path[-2]:
                    low[node] = min(low[node], visit[other])
                continue
            path.pop()
            last[node] = len(order)
            if path:
                above = path[-1]
                low[above] = min(low[above], low[node])
                if low[node] >= visit[above]:
                    hanging.setdefault(above, []).append(node)
        spans.update((point, (begun, len(order))) for point in hanging if begun <= visit[point])
    visited = np.array(order, dtype=np.int64)
    found = {}
    for point in sorted(hanging):
        begun, ended = spans[point]
        below = sorted((visit[child], last[child]) for child in hanging[point])
        parts = [visited[first:end] for first, end in below]
        rest = np.ones(ended - begun, dtype=np.bool_)
        rest[visit[point] - begun] = False
        for first, end in below:
            rest[first - begun : end - begun] = False
        parts += [visited[begun:ended][rest]] if rest.any() else []
        if len(parts) > 1:
            parts = sorted(map(np.sort, parts), key=lambda part: (-len(part), int(part[0])))
            found[point] = tuple(parts)
    return found
