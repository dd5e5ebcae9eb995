"""The ten new ties that most raise efficiency: our engine against trying each with networkx, on growing networks.

The peer tries every pair and computes the efficiency anew; of all but the smallest network it is timed on 20 pairs, and
the time of all follows. Ours looks at the same pairs.

Run: .venv/bin/python -m benchmarks.introductions [actors ...]
"""

from __future__ import annotations

import statistics
import sys
import time

import networkx as nx
import numpy as np

from asmgraph.analysis.measures.introductions import Candidates, choose_introductions
from asmgraph.analysis.measures.network import from_graph

ROUNDS, TIES, TRIED = 3, 10, 20


def network_of(actors: int) -> nx.Graph[int]:
    """Return a network with four ties an actor and one actor in twenty without any."""
    apart = actors // 20
    return nx.disjoint_union(
        nx.gnm_random_graph(actors - apart, 4 * actors, seed=actors), nx.empty_graph(apart)
    )


def every_pair(actors: int) -> Candidates:
    a, b = np.triu_indices(actors, 1)
    if len(a) > 500_000:
        drawn = np.sort(np.random.default_rng(actors).choice(len(a), 500_000, replace=False))
        a, b = a[drawn], b[drawn]
    return Candidates(a.astype(np.int64), b.astype(np.int64), np.ones(len(a)))


def peer(graph: nx.Graph[int], pairs: Candidates) -> float:
    """Return the CPU seconds to try each pair for one new tie, from those of some."""
    before = time.process_time()
    tried = min(TRIED, len(pairs.a))
    for one, other in zip(pairs.a[:tried].tolist(), pairs.b[:tried].tolist(), strict=True):
        made = graph.copy()
        made.add_edge(one, other)
        nx.global_efficiency(made)
    return (time.process_time() - before) / tried * len(pairs.a)


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or [50, 500, 5_000]
    print(
        f"{'actors':>7} {'pairs':>8} {'ours, 10 ties, CPU s':>21} {'networkx, 1 tie, CPU s':>23} {'sampled':>8}"
    )
    for size in sizes:
        graph = network_of(size)
        pairs, network = every_pair(size), from_graph(graph)
        times = []
        for _ in range(ROUNDS):
            before = time.process_time()
            found = choose_introductions(network, [pairs], TIES)
            times.append(time.process_time() - before)
        theirs = peer(graph, pairs) if size <= 500 else float("nan")
        ours = statistics.median(times)
        print(
            f"{size:>7,} {len(pairs.a):>8,} {ours:>21.2f} {theirs:>23.1f} {found[0].sampled!s:>8}", flush=True
        )


if __name__ == "__main__":
    main()
