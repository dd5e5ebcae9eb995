"""Directed paths of few steps: how far each node is from a set of targets, and which nodes all such paths pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Steps:
    """How many steps each node is from the nearest target, and the next node on the way.

    Attributes
    ----------
    number
        ``(n,)`` float64: 0 for a target, ``inf`` where no path is short enough.
    next
        ``(n,)`` int64: the node to go to, -1 for a target and where there is no path.
    """

    number: NDArray[np.float64]
    next: Numbers

    def path(self, node: int) -> tuple[int, ...]:
        """Return the nodes from ``node`` to the nearest target, both included; none where there is no path."""
        if not np.isfinite(self.number[node]):
            return ()
        found = [node]
        while self.number[found[-1]] > 0:
            found.append(int(self.next[found[-1]]))
        return tuple(found)


def steps_to(size: int, tails: Numbers, heads: Numbers, targets: Numbers, limit: int) -> Steps:
    """Return how far the nodes are from the nearest of the targets, along the arcs, up to ``limit`` steps.

    Parameters
    ----------
    size
        Number of nodes.
    tails, heads
        ``(m,)``: where each arc begins and ends.
    targets
        ``(t,)``: the nodes to reach.

    Returns
    -------
    Steps
        By one breadth-first search from all targets at once, backwards: linear in nodes and arcs.

    Examples
    --------
    >>> found = steps_to(4, np.array([0, 1, 3]), np.array([1, 2, 0]), np.array([2]), 2)
    >>> found.number.tolist(), found.path(0)
    ([2.0, 1.0, 0.0, inf], (0, 1, 2))
    """
    starts = np.concatenate([heads, np.full(targets.size, size)])
    ends = np.concatenate([tails, targets])
    backwards = sparse.csr_array(
        (np.ones(starts.size, dtype=np.int8), (starts, ends)), shape=(size + 1, size + 1)
    )
    far, before = csgraph.dijkstra(
        backwards, indices=np.array([size]), unweighted=True, limit=limit + 1, return_predecessors=True
    )
    nearest = before[0, :size].astype(np.int64)
    nearest[(nearest < 0) | (nearest == size)] = -1
    return Steps(far[0, :size] - 1, nearest)


def gatekeepers(
    size: int, tails: Numbers, heads: Numbers, sources: Numbers, targets: Numbers, limit: int
) -> tuple[int, ...] | None:
    """Return the fewest nodes without which none of the paths of at most ``limit`` steps would be left.

    Sources and targets cannot be such nodes. The paths are taken together: what is cut is the part of the network
    that they run through, in which longer ones may run as well, so that a few nodes more than needed may be named
    where ``limit`` is above 4. Of several smallest cuts that next to the sources is returned.

    Returns
    -------
    tuple of int or None
        In order; ``None`` where a source has an arc straight to a target: then no nodes cut them apart.

    Notes
    -----
    Menger's theorem (1927), by a largest flow through the nodes, each of which lets one unit pass (Ford and
    Fulkerson 1956, 10.4153/CJM-1956-045-5).

    Examples
    --------
    >>> arcs = np.array([[0, 2], [1, 2], [2, 3], [2, 4]]).T
    >>> gatekeepers(5, *arcs, np.array([0, 1]), np.array([3, 4]), 3)
    (2,)
    """
    onwards = steps_to(size, tails, heads, targets, limit).number
    back = steps_to(size, heads, tails, sources, limit).number
    ends = np.zeros((2, size), dtype=bool)
    ends[0, sources], ends[1, targets] = True, True
    on_the_way = (back[tails] + 1 + onwards[heads] <= limit) & ~ends[1, tails] & ~ends[0, heads]
    tails, heads = tails[on_the_way], heads[on_the_way]
    if (ends[0, tails] & ends[1, heads]).any():
        return None
    nodes, arcs = np.unique(np.concatenate([tails, heads]), return_inverse=True)
    return tuple(int(node) for node in nodes[_cut(nodes.size, arcs.reshape(2, -1), ends[:, nodes])])


def _cut(size: int, arcs: Numbers, ends: NDArray[np.bool_]) -> Numbers:
    """Return the nodes of a smallest cut between the two kinds of ends; node ``v`` is the arc 2v to 2v + 1."""
    if not size:
        return np.zeros(0, dtype=np.int64)
    every, many = np.arange(size), size + 1
    start, finish = 2 * size, 2 * size + 1
    tails = [2 * every, 2 * arcs[0] + 1, np.full(ends[0].sum(), start), 2 * every[ends[1]] + 1]
    heads = [2 * every + 1, 2 * arcs[1], 2 * every[ends[0]], np.full(ends[1].sum(), finish)]
    room = np.concatenate(
        [np.where(ends.any(axis=0), many, 1), *(np.full(part.size, many) for part in tails[1:])]
    )
    capacity = sparse.coo_array(
        (room.astype(np.int32), (np.concatenate(tails), np.concatenate(heads))),
        shape=(finish + 1, finish + 1),
    ).tocsr()
    left = capacity - csgraph.maximum_flow(capacity, start, finish).flow
    left.eliminate_zeros()
    reached = np.zeros(finish + 1, dtype=bool)
    reached[csgraph.breadth_first_order(left, start, return_predecessors=False)] = True
    return np.flatnonzero(reached[2 * every] & ~reached[2 * every + 1])
