"""Measures of networks: the engines behind networkx's own functions against networkx, on growing networks.

Both are called as ``networkx.FUNCTION(graph, backend=...)``, conversion included. What networkx needs more than a few
minutes or gigabytes for is left out, but for betweenness of the largest size, which runs once where it is asked for.

Run: .venv/bin/python -m benchmarks.measures [--largest] [--alone] [FUNCTION ...]
"""

from __future__ import annotations

import math
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np

from asmgraph.analysis.measures import Network, from_ties
from asmgraph.analysis.measures.betweenness import betweenness, sampled_betweenness
from asmgraph.analysis.measures.centrality import harmonic_closeness, pagerank
from asmgraph.analysis.measures.cohesion import communities, modularity
from asmgraph.analysis.measures.fragmentation import fragmentation_by_node
from asmgraph.analysis.measures.holes import constraint, effective_size

ROUNDS = 3
TIES_A_NODE = 5
SLOW_S = 30
TOP = 50


@dataclass(frozen=True)
class Case:
    """A function of networkx, with the sizes both do, and those that only ours does."""

    function: Callable[..., Any]
    both: tuple[int, ...]
    ours: tuple[int, ...] = ()
    arguments: tuple[tuple[str, Any], ...] = ()


CASES = {
    "betweenness": Case(nx.betweenness_centrality, (500, 1_000, 2_000, 4_000), (10_000,)),
    "closeness": Case(nx.closeness_centrality, (500, 1_000, 2_000), (10_000,)),
    "efficiency": Case(nx.global_efficiency, (500, 1_000, 2_000), (10_000,)),
    "constraint": Case(nx.constraint, (1_000, 10_000, 100_000)),
    "effective_size": Case(nx.effective_size, (1_000, 3_000, 10_000), (100_000,)),
    "pagerank": Case(nx.pagerank, (1_000, 10_000, 100_000), (), (("tol", 1e-12), ("max_iter", 500))),
}


def drawn(size: int) -> nx.Graph[Any]:
    """Return a network with hubs (Barabasi and Albert 1999): five ties a node."""
    graph: nx.Graph[Any] = nx.barabasi_albert_graph(size, TIES_A_NODE, seed=size)
    return graph


def network(size: int) -> Network:
    ties = np.array(drawn(size).edges)
    return from_ties(range(size), ties[:, 0], ties[:, 1], np.ones(len(ties)))


def cpu_s(work: Callable[[], Any]) -> tuple[float, Any]:
    before = time.process_time()
    found = work()
    return time.process_time() - before, found


def same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, dict):
        return all(math.isclose(ours[name], theirs[name], rel_tol=1e-9, abs_tol=1e-9) for name in theirs)
    return math.isclose(ours, theirs, rel_tol=1e-9)


def compare(name: str, case: Case, largest: bool) -> None:
    sizes = [*case.both, *case.ours]
    print(
        f"\n{name}\n{'nodes':>9} {'ties':>9} {'ours CPU s':>11} {'networkx CPU s':>15} {'ratio':>8} {'growth':>7}"
    )
    before: tuple[int, float] | None = None
    for size in sizes:
        graph = drawn(size)
        asked = dict(case.arguments)
        peer = size in case.both or (largest and name == "betweenness" and size == sizes[-1])
        times: dict[str, list[float]] = {"asmgraph": [], "networkx": []}
        for _ in range(ROUNDS):
            mine, found = cpu_s(lambda: case.function(graph, backend="asmgraph", **asked))  # noqa: B023
            times["asmgraph"].append(mine)
            slow = times["networkx"] and times["networkx"][0] > SLOW_S
            if peer and not slow:
                other, expected = cpu_s(lambda: case.function(graph, backend="networkx", **asked))  # noqa: B023
                times["networkx"].append(other)
                assert same(found, expected), name
            if mine > SLOW_S:
                break
        ours = statistics.median(times["asmgraph"])
        theirs = statistics.median(times["networkx"]) if peer else math.nan
        shown = f"{theirs:>15.3f} {theirs / ours:>7.1f}x" if peer else f"{'-':>15} {'-':>8}"
        growth = f"{math.log(ours / before[1]) / math.log(size / before[0]):>7.2f}" if before else f"{'-':>7}"
        print(f"{size:>9,} {graph.number_of_edges():>9,} {ours:>11.3f} {shown} {growth}", flush=True)
        before = (size, ours)


def alone() -> None:
    """Print what ours needs without networkx, up to 100,000 actors, and the memory of the process."""
    measures: dict[str, Callable[[Network], Any]] = {
        "constraint": constraint,
        "effective_size": effective_size,
        "pagerank": pagerank,
        "Leiden": lambda one: communities(one, leiden_only=True),
        "communities": communities,
        "fragmentation, each": fragmentation_by_node,
        "betweenness, sampled": sampled_betweenness,
        "harmonic closeness": harmonic_closeness,
    }
    print(f"\n{'measure':<22} {'nodes':>9} {'CPU s':>8} {'growth':>7} {'peak MiB':>9}")
    for name, measure in measures.items():
        before: tuple[int, float] | None = None
        for size in (1_000, 10_000, 100_000):
            one = network(size)
            taken = []
            for _ in range(ROUNDS):
                taken.append(cpu_s(lambda: measure(one))[0])  # noqa: B023
                if taken[-1] > SLOW_S:
                    break
            needed = statistics.median(taken)
            growth = (
                f"{math.log(needed / before[1]) / math.log(size / before[0]):>7.2f}"
                if before
                else f"{'-':>7}"
            )
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{name:<22} {size:>9,} {needed:>8.3f} {growth} {peak:>9,.0f}", flush=True)
            before = (size, needed)


def quality() -> None:
    """Print how good the communities are, and how near a sample comes to the exact betweenness."""
    one = network(10_000)
    ours = modularity(one, communities(one).tolist())
    taken, found = cpu_s(lambda: nx.community.louvain_communities(drawn(10_000), seed=1))
    theirs = nx.community.modularity(drawn(10_000), found)
    print(
        f"\nmodularity of 10,000 nodes: ours {ours:.4f}, networkx's Louvain {theirs:.4f} in {taken:.1f} CPU s"
    )

    exact, sampled = betweenness(one), sampled_betweenness(one)
    kept = len(set(np.argsort(-exact)[:TOP]) & set(np.argsort(-sampled.values)[:TOP]))
    within = np.mean(np.abs(sampled.values - exact) <= 2 * sampled.standard_errors)
    print(
        f"betweenness from {sampled.size} of 10,000 nodes: {kept} of the top {TOP} kept,"
        f" {within:.0%} of values within two standard errors"
    )


def main() -> None:
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    nx.config.warnings_to_ignore.add("cache")
    if "--alone" not in sys.argv:
        for name in words or CASES:
            compare(name, CASES[name], "--largest" in sys.argv)
    if not words:
        alone()
        quality()


if __name__ == "__main__":
    main()
