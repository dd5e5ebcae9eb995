"""All kinds of gaps on growing sectors: seconds of processor, memory, and how much of what is planted is found.

Each size runs in a process of its own, for its peak of memory. The sectors are those of `benchmarks/sector.py`, by
province. Beside it, in the same run, what plain networkx takes for cut points and the parts they hold together, and
plain Python for crowds. Stability ranks each kind anew in each resample: a few are timed, and 200 of them worked out.

Run: .venv/bin/python -m benchmarks.gaps [--large] [--stability]
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import combinations

import networkx as nx
import numpy as np

from asmgraph.analysis import stability
from asmgraph.analysis.findings import Ranking
from asmgraph.analysis.kinds import KINDS
from asmgraph.analysis.networks.actors import network_of
from asmgraph.analysis.scope import Scope
from benchmarks.sector import Recall, generate, recall

PLANTED = 10
SIZES = ((2_000, 800), (20_000, 5_000))
LARGE = (200_000, 50_000)
PEERS_UP_TO = 20_000
RESAMPLES, SAMPLES = 2, 200
GOAL_S = 20
NOT_OF_LARGE = {"introduction"}
"""Kinds that take minutes there: what introductions bring is counted exactly, so their time grows by the square."""


@dataclass
class Measured:
    """What one size takes: seconds of processor by name, memory, and what is found by kind."""

    interventions: int
    actors: int
    seconds: dict[str, float] = field(default_factory=dict)
    recalls: dict[str, Recall] = field(default_factory=dict)
    peers: dict[str, float] = field(default_factory=dict)
    stability: dict[str, float] = field(default_factory=dict)
    mib: int = 0

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Count the seconds of processor of what is done inside."""
        before = time.process_time()
        yield
        self.seconds[name] = time.process_time() - before

    @property
    def kinds(self) -> float:
        """Return the seconds of all kinds, with what they share."""
        return sum(seconds for name, seconds in self.seconds.items() if name != "made")


def measure(size: tuple[int, int], stable: bool) -> Measured:
    """Return what one size takes: runs in a process of its own."""
    found = Measured(*size)
    with found.timed("made"):
        sector = generate(*size, seed=1, planted=PLANTED)
    with found.timed("tables"):
        scope = sector.scope()
    with found.timed("shared"):
        scope.covered("ties"), scope.tied, network_of(scope)
    for kind in KINDS.values():
        if size == LARGE and kind.slug in NOT_OF_LARGE:
            continue
        with found.timed(kind.slug):
            ranking = kind.rank(scope)
            _explain(ranking)
        found.recalls[kind.slug] = recall(sector, kind.slug, ranking)
    found.mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if size[0] <= PEERS_UP_TO:
        for name, peer in PEERS.items():
            before = time.process_time()
            peer(scope)
            found.peers[name] = time.process_time() - before
    if stable:
        asked = replace(scope, parameters=replace(scope.parameters, samples=RESAMPLES))
        for kind in KINDS.values():
            ranking = kind.rank(asked)
            before = time.process_time()
            stability.shares(kind, asked, ranking, min(PLANTED, ranking.total))
            found.stability[kind.slug] = (time.process_time() - before) / RESAMPLES
    return found


def _explain(ranking: Ranking) -> None:
    """Make the first rows in full, as somebody asks for them."""
    for row in range(min(PLANTED, ranking.total)):
        ranking.finding(row)


def brokers_in_networkx(scope: Scope) -> None:
    """Count for each cut point the parts that are left of its component; take the constraint of all."""
    graph: nx.Graph[int] = nx.Graph()
    network = network_of(scope)
    rows, columns, _weights = network.network.ties
    graph.add_nodes_from(range(len(network)))
    graph.add_edges_from(zip(rows.tolist(), columns.tolist(), strict=True))
    for component in list(nx.connected_components(graph)):
        inside = graph.subgraph(component).copy()
        for point in list(nx.articulation_points(inside)):
            ties = list(inside[point])
            inside.remove_node(point)
            sorted(map(len, nx.connected_components(inside)))
            inside.add_edges_from((point, other) for other in ties)
    nx.constraint(graph)


def crowds_in_python(scope: Scope) -> None:
    """Join the actors of each place and theme pair by pair, in dictionaries and sets."""
    tied = {frozenset(pair) for pair in scope.tied.select("a", "b").iter_rows()}
    cells = defaultdict(set)
    for actor, place, theme in scope.covered("ties").select("actor", "place", "theme").iter_rows():
        cells[place, theme].add(actor)
    for actors in cells.values():
        if len(actors) >= scope.parameters.min_actors:
            joined: nx.Graph[int] = nx.Graph()
            joined.add_nodes_from(actors)
            joined.add_edges_from(pair for pair in combinations(actors, 2) if frozenset(pair) in tied)
            sorted(map(len, nx.connected_components(joined)))


PEERS = {"broker": brokers_in_networkx, "crowded": crowds_in_python}


def apart(size: tuple[int, int], stable: bool) -> Measured:
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
        return alone.submit(measure, size, stable).result()


def report(found: list[Measured]) -> None:
    """Print seconds by kind and size, how they grow, and what is found."""
    heads = "".join(f"{f'{one.interventions:,} x {one.actors:,}':>18}" for one in found)
    print(f"{'CPU s':<16}{heads}{'growth':>9}{'peer, CPU s':>13}{'ratio':>8}")
    for name in found[0].seconds:
        line = "".join(f"{f'{one.seconds[name]:.2f}' if name in one.seconds else '-':>18}" for one in found)
        print(f"{name:<16}{line}{_growth(found, name)}{_peer(found, name)}")
    print(f"{'all but made':<16}" + "".join(f"{one.kinds:>18.2f}" for one in found))
    print(f"{'peak, MiB':<16}" + "".join(f"{one.mib:>18,}" for one in found))
    print("\nplanted / found among as many first rows / of all rows not planted")
    for name in KINDS:
        cells = (one.recalls.get(name) for one in found)
        texts = (f"{one.planted} / {one.found} / {one.unplanted:,}" if one else "-" for one in cells)
        print(f"{name:<16}" + "".join(f"{text:>18}" for text in texts))
    for one in found:
        if one.stability:
            print(
                f"\nstability, {one.interventions:,} x {one.actors:,}: CPU s of {SAMPLES}, worked out of {RESAMPLES}"
            )
            for name, seconds in one.stability.items():
                print(f"{name:<16}{SAMPLES * seconds:>10.0f}")
            print(f"{'all':<16}{SAMPLES * sum(one.stability.values()):>10.0f}")


def _growth(found: list[Measured], name: str) -> str:
    """Return by what the seconds multiply for ten times the data, between the last two sizes."""
    timed = [one for one in found if name in one.seconds]
    if len(timed) < 2:
        return f"{'-':>9}"
    small, large = timed[-2:]
    times = large.seconds[name] / max(small.seconds[name], 1e-3)
    power = np.log(times) / np.log(large.interventions / small.interventions)
    return f"{10**power:>8.1f}x"


def _peer(found: list[Measured], name: str) -> str:
    last = next((one for one in reversed(found) if name in one.peers), None)
    if last is None:
        return ""
    return f"{last.peers[name]:>13.2f}{last.peers[name] / last.seconds[name]:>7.1f}x"


def main() -> None:
    sizes = [*SIZES, *([LARGE] if "--large" in sys.argv else [])]
    found = []
    for size in sizes:
        found.append(apart(size, "--stability" in sys.argv and size == SIZES[-1]))
        print(f"done: {size[0]:,} interventions", file=sys.stderr, flush=True)
    report(found)
    within = next(one for one in found if one.interventions == SIZES[-1][0])
    print(f"\nall kinds at {within.interventions:,}: {within.kinds:.1f} CPU s; goal: {GOAL_S}")


if __name__ == "__main__":
    main()
