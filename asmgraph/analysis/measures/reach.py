"""How far something gets along the direction of ties: reach within steps, and the path that shows it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np

from asmgraph.analysis.measures.distances import count_by_distance
from asmgraph.analysis.measures.network import Integers, Network

NEVER = -1


def steps_from(network: Network, sources: Iterable[Hashable], *, limit: int | None = None) -> Integers:
    """Return how many steps, along ties in their direction, the nearest of the sources is away from each node.

    Returns
    -------
    (n,), int64: 0 for a source, -1 where no path of ``limit`` steps or fewer leads.

    Raises
    ------
    SourceError
        If a source is no node.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> steps_from(from_graph(nx.DiGraph([("a", "b"), ("b", "c")])), ["b"]).tolist()
    [-1, 0, 1]
    """
    found = np.full(len(network), NEVER, dtype=np.int64)
    front = np.unique(network.places(sources))
    found[front] = 0
    step = 0
    while len(front) and (limit is None or step < limit):
        step += 1
        next_to = np.unique(network.simple[front].indices)
        front = next_to[found[next_to] == NEVER]
        found[front] = step
    return found


def reach_within(network: Network, steps: int) -> Integers:
    """Return (n,), int64: how many other nodes each reaches in ``steps`` or fewer, along ties in their direction.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> reach_within(from_graph(nx.path_graph(5)), 2).tolist()
    [2, 3, 4, 3, 2]
    """
    counted = count_by_distance(network, outward=True, steps=steps)
    return np.asarray(counted[:, 1:].sum(axis=1), dtype=np.int64)


def shortest_path(
    network: Network, sources: Iterable[Hashable], targets: Iterable[Hashable], *, limit: int | None = None
) -> tuple[Hashable, ...]:
    """Return the nodes of a path with the fewest ties, in their direction, from a source to a target.

    Returns
    -------
    From source to target; of several, the one whose nodes come first, seen from the target. Empty where none of
    ``limit`` steps or fewer leads there.

    Raises
    ------
    SourceError
        If a name is no node.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> shortest_path(from_graph(nx.DiGraph([("a", "b"), ("b", "c")])), ["a"], ["c"])
    ('a', 'b', 'c')
    """
    steps = steps_from(network, sources, limit=limit)
    ends = np.unique(network.places(targets))
    ends = ends[steps[ends] != NEVER]
    if not len(ends):
        return ()
    path = [int(ends[steps[ends].argmin()])]
    before = network.incoming
    while steps[path[-1]]:
        from_here = np.sort(before[[path[-1]]].indices)
        path.append(int(from_here[steps[from_here] == steps[path[-1]] - 1][0]))
    return tuple(network.names[place] for place in reversed(path))
