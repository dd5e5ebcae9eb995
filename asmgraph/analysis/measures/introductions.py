"""Which new ties bring a network nearest together: one after the other, each the best once those before are made.

Two aims. *Efficiency* is the mean reciprocal distance of :mod:`asmgraph.analysis.measures.efficiency`. *Reach* is the
number of pairs of a source and a target with a path between them: only ties that join components add to it, and by as
many pairs as each side's sources times the other's targets, so the best single tie is exact. The gain in efficiency
of a tie that joins components is exact too: it follows from how many nodes lie at each distance from its ends. That
of a tie within a component takes the distances between pairs of nodes: all of them up to :data:`EXACT_UP_TO` nodes,
of a sample above.

Neither order is the best set: efficiency is not submodular, so no share of the best is promised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from asmgraph.analysis.measures.distances import count_by_distance, lengths_from
from asmgraph.analysis.measures.fragmentation import components
from asmgraph.analysis.measures.network import Booleans, Floats, Integers, Network

EXACT_UP_TO = 256
SOURCES = 128
JUDGES = 256
_APART = 2**12
_KEPT = 2_000
_AT_ONCE = 2**17


@dataclass(frozen=True)
class Introduction:
    """One new tie.

    Attributes
    ----------
    a, b
        Positions of its ends, as in the candidates.
    aim
        ``reach`` or ``efficiency``: for which of both it was chosen.
    efficiency_before, efficiency_after
        Exact, with the introductions before this one made.
    reach_before, reach_after
        Pairs of a source and a target with a path between them.
    joined
        Nodes of the smaller of the components that it joins; 0 where its ends were joined already.
    sampled
        Whether candidates within a component were compared by a sample of distances.
    """

    a: int
    b: int
    aim: str
    efficiency_before: float
    efficiency_after: float
    reach_before: int
    reach_after: int
    joined: int
    sampled: bool


@dataclass(frozen=True)
class Candidates:
    """Ties that may be made: positions of their ends, and how much speaks for each where gains are the same.

    All (c,): ``a`` and ``b`` int64, ``weight`` float64.
    """

    a: Integers
    b: Integers
    weight: Floats

    def kept(self, chosen: Booleans | Integers) -> Candidates:
        """Return some of them."""
        return Candidates(self.a[chosen], self.b[chosen], self.weight[chosen])


def choose_introductions(
    network: Network,
    candidates: Sequence[Candidates],
    k: int,
    *,
    sources: Booleans | None = None,
    targets: Booleans | None = None,
    seed: int = 0,
) -> list[Introduction]:
    """Return up to k new ties, each the one that helps most once those before it are made.

    Parameters
    ----------
    network
        Undirected; weights and ties of a node with itself are not looked at.
    candidates
        Lists in the order of preference: one from a later list is made only where none of those before helps. Ties that
        are there already do not help.
    sources, targets
        (n,): whose reach, of whom. Every other tie, from the first on, is made for reach, as long as one adds to it,
        of as good ones the one best for efficiency; all others for efficiency.

    Returns
    -------
    Of candidates with the same gain, to five digits, the one of the largest weight, then the one with the first ends.

    Examples
    --------
    >>> import networkx as nx
    >>> from asmgraph.analysis.measures.network import from_graph
    >>> a, b = np.triu_indices(5, 1)
    >>> every = Candidates(a, b, np.ones(len(a)))
    >>> [(one.a, one.b) for one in choose_introductions(from_graph(nx.path_graph(5)), [every], 1)]
    [(0, 4)]
    """
    nobody = np.zeros(len(network), dtype=np.bool_)
    ends = (nobody if sources is None else sources, nobody if targets is None else targets)
    lists = [one for one in candidates if len(one.a)]
    sample = _sample(len(network), seed)
    state = _State(network, sample, *ends)
    found: list[Introduction] = []
    while len(found) < k:
        best = _best(state, lists, for_reach=len(found) % 2 == 0)
        if best is None:
            break
        a, b, aim = best
        after = state.with_tie(a, b)
        sizes = np.bincount(state.labels)[state.labels[[a, b]]]
        joined = int(sizes.min()) if state.labels[a] != state.labels[b] else 0
        found.append(
            Introduction(
                a, b, aim, state.efficiency, after.efficiency, state.reach, after.reach, joined, state.sampled
            )
        )
        state = after
        lists = [one.kept(~((one.a == a) & (one.b == b))) for one in lists]
    return found


def _sample(count: int, seed: int) -> Integers:
    if count <= EXACT_UP_TO:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, SOURCES, replace=False))


def _best(state: _State, lists: list[Candidates], *, for_reach: bool) -> tuple[int, int, str] | None:
    """Return the ends of the best tie of the first list in which one helps, and what it is for."""
    if for_reach:
        for one in lists:
            reach = state.reach_gains(one)
            if reach.max(initial=0) > 0:
                chosen = one.kept(np.flatnonzero(reach == reach.max()))
                return (*_first(chosen, state.efficiency_gains(chosen)), "reach")
    for place, one in enumerate(lists):
        gains = state.efficiency_gains(one)
        if state.sampled and len(gains) > _KEPT:  # what helps little now is not compared again
            first = np.sort(np.argpartition(-gains, _KEPT)[:_KEPT])
            lists[place], gains = one.kept(first), gains[first]
        if gains.max(initial=0) > 1e-9:
            return (*_best_for_efficiency(state, lists[place], gains), "efficiency")
    return None


def _best_for_efficiency(state: _State, candidates: Candidates, gains: Floats) -> tuple[int, int]:
    """Return the ends of the best tie.

    The best of many gains that a sample judges is judged too high. So a tie within a component goes before those that
    join two, whose gains are exact, only where other nodes, that it was not chosen by, judge it higher as well.
    """
    best = _first(candidates, gains)
    joining = np.flatnonzero(state.labels[candidates.a] != state.labels[candidates.b])
    if not state.sampled or not len(joining) or state.labels[best[0]] != state.labels[best[1]]:
        return best
    if state.judged_again(*best) >= gains[joining].max():
        return best
    return _first(candidates.kept(joining), gains[joining])


def _first(candidates: Candidates, gains: Floats) -> tuple[int, int]:
    best = np.flatnonzero(gains >= gains.max() * (1 - 1e-5))
    order = np.lexsort((candidates.b[best], candidates.a[best], -candidates.weight[best]))
    at = int(best[order[0]])
    return int(candidates.a[at]), int(candidates.b[at])


@dataclass(frozen=True, eq=False)
class _State:
    """A network on the way, and what is known of it."""

    network: Network
    sample: Integers
    sources: Booleans
    targets: Booleans

    @property
    def sampled(self) -> bool:
        return len(self.sample) < len(self.network)

    @cached_property
    def labels(self) -> Integers:
        return components(self.network)

    @cached_property
    def counted(self) -> Floats:
        """(n, d + 1): how many nodes lie at each distance from each."""
        return count_by_distance(self.network).astype(np.float64)

    @cached_property
    def efficiency(self) -> float:
        count = len(self.network)
        steps = np.arange(1, self.counted.shape[1])
        near = float((self.counted[:, 1:] / steps).sum())
        return near / (count * (count - 1)) if count > 1 else 0.0

    @cached_property
    def held(self) -> tuple[Integers, Integers]:
        """Sources and targets of each component."""
        size = int(self.labels.max(initial=-1)) + 1
        one, other = (
            np.bincount(self.labels, marks, size).astype(np.int64) for marks in (self.sources, self.targets)
        )
        return one, other

    @cached_property
    def reach(self) -> int:
        sources, targets = self.held
        return int(sources @ targets) - int((self.sources & self.targets).sum())

    @cached_property
    def distances(self) -> Integers:
        """(s, n), int16: the distance from each node of the sample to each; :data:`_APART` where there is no path."""
        return self._from(self.sample)

    def _from(self, nodes: Integers) -> Integers:
        lengths = lengths_from(self.network, nodes, weighted=False)
        return np.where(np.isfinite(lengths), lengths, _APART).astype(np.int16)

    def with_tie(self, a: int, b: int) -> _State:
        """Return the network with one more tie."""
        ones = np.ones(2)
        added = sparse.csr_array((ones, ([a, b], [b, a])), shape=self.network.adjacency.shape)
        network = Network(self.network.names, self.network.simple + added)
        near_a, near_b = self._from(np.array([a, b]))
        now = self.distances
        through = np.minimum(now[:, [a]] + 1 + near_b, now[:, [b]] + 1 + near_a)
        made = _State(network, self.sample, self.sources, self.targets)
        # What is known of the network before spares the search for what follows from it.
        made.__dict__["distances"] = np.minimum(now, through).astype(np.int16)
        if self.labels[a] != self.labels[b]:
            made.__dict__["counted"] = self._joined((near_a, b), (near_b, a))
        return made

    def judged_again(self, a: int, b: int) -> float:
        """Return by how much a tie would raise the sum of reciprocal distances, judged by nodes outside the sample."""
        others = np.setdiff1d(np.arange(len(self.network)), self.sample)
        judges = np.random.default_rng(len(others)).choice(others, min(JUDGES, len(others)), replace=False)
        now, (near_a, near_b) = self._from(judges), self._from(np.array([a, b]))
        after = np.minimum(now, np.minimum(now[:, [a]] + 1 + near_b, now[:, [b]] + 1 + near_a))
        nearer = after < now
        gain = float((1 / after[nearer] - 1 / now[nearer]).sum())
        return gain * len(self.network) / len(judges)

    def _joined(self, *sides: tuple[Integers, int]) -> Floats:
        """Return how many nodes lie at each distance once a tie joins two components.

        ``sides``: for each component how far its nodes are from its end of the tie, and the other end.
        """
        longest = self.counted.shape[1] - 1
        counted = np.pad(self.counted, ((0, 0), (0, longest + 1)))
        for near, other in sides:
            nodes = np.flatnonzero(near < _APART)
            for steps, number in enumerate(self.counted[other]):
                counted[nodes, near[nodes] + 1 + steps] += number
        return counted[:, : int(np.flatnonzero(counted.any(axis=0)).max()) + 1]

    def reach_gains(self, candidates: Candidates) -> Integers:
        """(c,): how many pairs of source and target each tie would join."""
        sources, targets = self.held
        one, other = self.labels[candidates.a], self.labels[candidates.b]
        pairs = sources[one] * targets[other] + sources[other] * targets[one]
        return np.where(one == other, 0, pairs)

    def efficiency_gains(self, candidates: Candidates) -> Floats:
        """(c,): by how much each tie would raise the sum of reciprocal distances over ordered pairs."""
        gains = np.zeros(len(candidates.a))
        apart = self.labels[candidates.a] != self.labels[candidates.b]
        steps = np.arange(self.counted.shape[1])
        weighed = self.counted @ (1 / (steps[:, None] + steps + 1))
        for part, gain in ((np.flatnonzero(apart), self._joining), (np.flatnonzero(~apart), self._within)):
            for first in range(0, len(part), _AT_ONCE):
                some = part[first : first + _AT_ONCE]
                gains[some] = gain(candidates.a[some], candidates.b[some], weighed)
        return gains

    def _joining(self, a: Integers, b: Integers, weighed: Floats) -> Floats:
        return np.asarray(2 * np.einsum("cd,cd->c", weighed[a], self.counted[b]), dtype=np.float64)

    def _within(self, a: Integers, b: Integers, _weighed: Floats) -> Floats:
        """Sum over pairs s, t of the sample by how much the way s - a - b - t is shorter; the way back is as often."""
        if not len(a):
            return np.zeros(0)
        begins, begin = np.unique(a, return_inverse=True)
        ways, distances = self._ways(begins), self.distances
        found = np.zeros(len(a))
        for place in range(len(self.sample)):
            after = np.minimum(distances[place, b], ways.shape[1] - 1)
            found += ways[place][after, begin]
        count, size = len(self.network), len(self.sample)
        return 2 * found * (count * (count - 1) / (size * max(1, size - 1)))

    @cached_property
    def _saved(self) -> list[Any]:
        """For each length l, (s, s), float32: what 1 / l is above 1 / d(s, t); nothing where there is no path."""
        between = self.distances[:, self.sample]
        longest = int(between[between < _APART].max(initial=0))
        saved = [np.zeros(between.shape, dtype=np.float32)]
        for steps in range(1, longest):
            gain = 1 / steps - 1 / np.maximum(between, 1)
            saved.append(np.where((between > steps) & (between < _APART), gain, 0).astype(np.float32))
        return saved

    def _ways(self, begins: Integers) -> Any:
        """(s, l, a), float32: what all s gain on the way to each t over each node of ``begins``, l steps before t.

        That is the sum over s of what 1 / (d(s, a) + 1 + l) is above 1 / d(s, t). The last l is out of reach.
        """
        saved, near = self._saved, self.distances[:, begins]
        ways = np.zeros((len(self.sample), len(saved) + 1, len(begins)), dtype=np.float32)
        for before in range(len(saved)):
            at = np.asarray(near == before, dtype=np.float32)
            for last in range(len(saved) - before - 1):
                ways[:, last] += saved[before + last + 1] @ at
        return ways
