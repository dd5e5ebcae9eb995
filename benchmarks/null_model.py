"""Strangers side by side with their null model, on growing sectors, against networkx's projection, which only counts.

The sectors are made up in the shape of the registers of visits and aid in eastern Congo: countries of unequal size,
places and actors with a heavy tail, one to four actors and one to three cells an intervention, a few actors in many
countries. Each size runs in a process of its own, for its peak of memory.

Run: .venv/bin/python -m benchmarks.null_model [--large] [--discoveries]
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import statistics
import sys
import time
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from asmgraph.analysis.overlaps.null_models import benjamini_hochberg, hypergeometric_tail
from asmgraph.analysis.overlaps.presences import Presences, gather_presences, meetings
from asmgraph.analysis.overlaps.resampling import overlap_stability
from asmgraph.analysis.overlaps.strangers import Overlaps, find_overlaps
from benchmarks.planted import judge, plant

THEMES, COUNTRIES, ABROAD, YEARS = 14, 20, 0.03, 15
INTERVENTIONS_A_PLACE, TIES_AN_ACTOR = 100, 3
SMALL = (("even", 20_000, 5_000), ("heavy", 2_000, 500), ("heavy", 20_000, 5_000), ("heavy", 200_000, 50_000))
LARGE = ("heavy", 1_000_000, 100_000)
Size = tuple[str, int, int]
PEER_UP_TO, SEEDS, TOP = 20_000, 50, 100
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Sector:
    """Who took part where and when, and who is tied to whom."""

    actor: Integers
    cell: Integers
    first: Integers
    last: Integers
    stratum: Integers
    actors: int
    ties: tuple[Integers, Integers]


def heavy(draw: np.random.Generator, size: int, among: int, exponent: float) -> Integers:
    """Return draws from 0 to ``among`` - 1, of which the first come most often, by the power of the rank."""
    upto = np.cumsum((np.arange(among) + 3.0) ** -exponent)
    found: Integers = np.searchsorted(upto, draw.random(size) * upto[-1]).astype(np.int64)
    return found


def even(interventions: int, actors: int) -> Sector:
    """Return the sector of ``co_presence.py``: one country, no ties, everything drawn evenly and without dates."""
    draw = np.random.default_rng(interventions)
    cells = 100 * THEMES
    day, none = np.zeros(3 * interventions, dtype=np.int64), np.empty(0, dtype=np.int64)
    return Sector(
        draw.integers(0, actors, 3 * interventions),
        np.repeat(draw.integers(0, cells, interventions), 3),
        day,
        day,
        np.zeros(cells, dtype=np.int64),
        actors,
        (none, none),
    )


def sector(interventions: int, actors: int) -> Sector:
    draw = np.random.default_rng(interventions)
    places = interventions // INTERVENTIONS_A_PLACE
    country_of_place = heavy(draw, places, COUNTRIES, 1.2)
    country = heavy(draw, interventions, COUNTRIES, 1.2)
    home = heavy(draw, actors, COUNTRIES, 1.2)

    def within(wanted: Integers, held: Integers, exponent: float) -> Integers:
        """Return one of those that are in the country wanted."""
        found = np.zeros(wanted.size, dtype=np.int64)
        for one in range(COUNTRIES):
            members = np.flatnonzero(held == one)
            rows = np.flatnonzero(wanted == one)
            if members.size:
                found[rows] = members[heavy(draw, rows.size, members.size, exponent)]
        return found

    who = np.repeat(np.arange(interventions), draw.integers(1, 5, interventions))
    actor = within(country[who], home, 0.7)
    abroad = draw.random(who.size) < ABROAD
    actor[abroad] = heavy(draw, int(abroad.sum()), actors // 20, 0.7)
    where = np.repeat(np.arange(interventions), draw.integers(1, 4, interventions))
    cell = within(country[where], country_of_place, 0.5) * THEMES + heavy(draw, where.size, THEMES, 1.0)
    begins = draw.integers(0, 365 * YEARS, interventions)
    ends = begins + draw.lognormal(6.5, 0.7, interventions).astype(np.int64)
    # Each actor of an intervention is in each of its cells.
    cells_before = np.searchsorted(where, np.arange(interventions + 1))
    many = np.diff(cells_before)[who]
    row = np.repeat(np.arange(who.size), many)
    at = np.arange(row.size) - np.repeat(np.cumsum(many) - many, many) + cells_before[who[row]]
    ties = draw.integers(0, actors, (2, TIES_AN_ACTOR * actors))
    return Sector(
        actor[row],
        cell[at],
        begins[who[row]],
        ends[who[row]],
        np.repeat(country_of_place, THEMES),
        actors,
        (ties[0], ties[1]),
    )


def gathered(made: Sector, timeless: bool = False) -> Presences:
    first, last = (made.first * 0, made.last * 0) if timeless else (made.first, made.last)
    return gather_presences(made.actor, made.cell, first, last, made.stratum, made.actors)


def ours(made: Sector) -> tuple[Presences, Overlaps]:
    presences = gathered(made)
    return presences, find_overlaps(presences, *made.ties)


def peer(presences: Presences) -> nx.Graph[Any]:
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_nodes_from(range(presences.actors))
    graph.add_edges_from(
        (one, ("cell", where))
        for one, where in zip(presences.actor.tolist(), presences.cell.tolist(), strict=True)
    )
    return nx.bipartite.weighted_projected_graph(graph, range(presences.actors))


def assert_same(made: Sector, projected: nx.Graph[Any]) -> None:
    """Compare the counts of all pairs, periods and ties left aside as the peer does."""
    none = np.empty(0, dtype=np.int64)
    found = find_overlaps(gathered(made, timeless=True), none, none, 1)
    mine = dict(zip(zip(found.a.tolist(), found.b.tolist(), strict=True), found.n.tolist(), strict=True))
    edges: list[tuple[int, int, Any]] = list(projected.edges(data="weight"))
    theirs = {(min(a, b), max(a, b)): weight for a, b, weight in edges}
    assert mine == theirs, "the counts differ"


def measure(size: Size, rounds: int, answer: Any) -> None:
    """Put what one size takes into ``answer``: runs in a process of its own."""
    kind, interventions, actors = size
    made = (even if kind == "even" else sector)(interventions, actors)
    times: dict[str, list[float]] = {"ours": [], "count": [], "stability": [], "peer": []}
    for _ in range(rounds):
        before = time.process_time()
        presences = gathered(made)
        sum(block.a.size for block in meetings(presences, 2))
        times["count"].append(time.process_time() - before)
        before = time.process_time()
        presences, found = ours(made)
        times["ours"].append(time.process_time() - before)
        before = time.process_time()
        overlap_stability(presences, *made.ties, found, TOP, seed=1)
        times["stability"].append(time.process_time() - before)
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if interventions <= PEER_UP_TO:
        for _ in range(rounds):
            before = time.process_time()
            projected = peer(presences)
            times["peer"].append(time.process_time() - before)
        assert_same(made, projected)
    answer.put(
        (
            presences.actor.size,
            found.a.size,
            {name: statistics.median(spent) for name, spent in times.items() if spent},
            peak_mib,
        )
    )


def apart(size: Size, rounds: int) -> Any:
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    context = multiprocessing.get_context("spawn")
    answer = context.SimpleQueue()
    process = context.Process(target=measure, args=(size, rounds, answer))
    process.start()
    found = answer.get()
    process.join()
    return found


def discoveries() -> None:
    """Print how many pairs are called significant by mistake, and how many of the planted ones are found."""
    none = np.empty(0, dtype=np.int64)
    held: dict[tuple[str, str], list[tuple[float, float, int]]] = {}
    for seed in range(SEEDS):
        for timed in (False, True):
            planted = plant(seed, timed)
            presences = planted.presences
            found = find_overlaps(presences, none, none)
            kind = "periods" if timed else "no periods"
            held.setdefault((kind, "BiCM"), []).append(judge(planted, found.a, found.b, found.significant))
            # The simpler null model, of the degrees of the actors alone.
            degree = np.bincount(presences.actor, minlength=presences.actors)
            cells = np.unique(presences.cell).size
            p = hypergeometric_tail(cells, degree[found.a], degree[found.b], found.n)
            order = np.argsort(p, kind="stable")
            q = benjamini_hochberg(p, found.hypotheses)[order]
            held.setdefault((kind, "hypergeometric"), []).append(
                judge(planted, found.a[order], found.b[order], q <= 0.05)
            )
    print(
        f"{SEEDS} sectors each, q 0.05\n"
        f"{'sector':<12} {'null model':<15} {'false share':>11} {'recall at k':>11} {'sure':>6}"
    )
    for (sector_kind, model), rows in held.items():
        false, recall, called = np.mean(rows, axis=0)
        print(f"{sector_kind:<12} {model:<15} {false:>11.3f} {recall:>11.3f} {called:>6.1f}")


def main() -> None:
    if "--discoveries" in sys.argv:
        discoveries()
        return
    sizes = [*SMALL, *([LARGE] if "--large" in sys.argv else [])]
    print(
        f"{'sector':<6} {'interventions':>13} {'actors':>8} {'entries':>10} {'pairs':>10} {'count s':>8} {'all s':>7} "
        f"{'networkx s':>10} {'/count':>7} {'/all':>6} {'stability s':>11} {'MiB':>6} {'growth':>6}"
    )
    last: tuple[int, float] | None = None
    for size in sizes:
        entries, pairs, seconds, mib = apart(size, 1 if size == LARGE else 3)
        count, whole, theirs = seconds["count"], seconds["ours"], seconds.get("peer")
        peer_s = (
            f"{theirs:>10.2f} {theirs / count:>6.0f}x {theirs / whole:>5.0f}x"
            if theirs
            else f"{'-':>10} {'-':>7} {'-':>6}"
        )
        growth = f"{np.log(whole / last[1]) / np.log(size[1] / last[0]):>6.2f}" if last else f"{'-':>6}"
        print(
            f"{size[0]:<6} {size[1]:>13,} {size[2]:>8,} {entries:>10,} {pairs:>10,} {count:>8.3f} {whole:>7.3f} "
            f"{peer_s} {seconds['stability']:>11.2f} {mib:>6,} {growth}",
            flush=True,
        )
        last = (size[1], whole) if size[0] == "heavy" else None


if __name__ == "__main__":
    main()
