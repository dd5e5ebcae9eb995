"""Pairs of actors side by side: our sparse product against networkx's one-mode projection, on growing sectors.

Run: .venv/bin/python benchmarks/co_presence.py [interventions ...]
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import networkx as nx
from asmgraph.analysis.co_presence import pairs

ROUNDS = 3
PLACES, THEMES, ACTORS_EACH, MIN_OVERLAP = 100, 14, 3, 2
Cells = dict[tuple[str, str], dict[str, list[str]]]


def sector(interventions: int) -> Cells:
    """Return actors by cell; a quarter as many actors as interventions, places and themes drawn at random."""
    draw = random.Random(interventions)
    cells: Cells = {}
    for number in range(interventions):
        cell = (f"place-{draw.randrange(PLACES)}", f"theme-{draw.randrange(THEMES)}")
        for _ in range(ACTORS_EACH):
            actor = f"actor-{draw.randrange(interventions // 4)}"
            cells.setdefault(cell, {}).setdefault(actor, []).append(str(number))
    return cells


def ours(cells: Cells) -> int:
    return sum(1 for _ in pairs(cells, MIN_OVERLAP))


def peer(cells: Cells) -> int:
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_edges_from((actor, cell) for cell, actors in cells.items() for actor in actors)
    actors = {actor for held in cells.values() for actor in held}
    projected = nx.bipartite.weighted_projected_graph(graph, actors)
    return sum(1 for edge in projected.edges if projected.edges[edge]["weight"] >= MIN_OVERLAP)


def cpu_s(work: Callable[[Cells], int], cells: Cells) -> tuple[float, int]:
    before = time.process_time()
    found = work(cells)
    return time.process_time() - before, found


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or [1_000, 5_000, 20_000]
    print(f"{'interventions':>13} {'pairs':>9} {'ours CPU s':>11} {'networkx CPU s':>15} {'ratio':>7}")
    for size in sizes:
        cells = sector(size)
        times: dict[str, list[float]] = {"ours": [], "peer": []}
        for _ in range(ROUNDS):
            mine, found = cpu_s(ours, cells)
            theirs, same = cpu_s(peer, cells)
            assert found == same
            times["ours"].append(mine)
            times["peer"].append(theirs)
        a, b = (statistics.median(times[name]) for name in ("ours", "peer"))
        print(f"{size:>13,} {found:>9,} {a:>11.3f} {b:>15.3f} {b / a:>6.1f}x")


if __name__ == "__main__":
    main()
