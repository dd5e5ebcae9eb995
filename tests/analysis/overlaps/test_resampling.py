"""How firmly pairs stay at the top, against what chance says of few presences."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from asmgraph.analysis.overlaps.presences import Presences, gather_presences
from asmgraph.analysis.overlaps.resampling import overlap_stability
from asmgraph.analysis.overlaps.strangers import find_overlaps

NONE = np.empty(0, dtype=np.int64)


def together(groups: list[tuple[int, int, list[int]]], actors: int, cells: int) -> Presences:
    """Return presences in which both actors of each group are in all of its cells."""
    actor = np.array([one for a, b, held in groups for one in (a, b) for _ in held])
    cell = np.array([where for _a, _b, held in groups for _ in range(2) for where in held])
    days = np.zeros(actor.size, dtype=np.int64)
    return gather_presences(actor, cell, days, days, np.zeros(cells, dtype=np.int64), actors)


def shares(
    presences: Presences, ties: tuple[NDArray[np.int64], NDArray[np.int64]], top: int, dropped: float = 0.15
) -> list[float]:
    found = find_overlaps(presences, *ties)
    held = overlap_stability(presences, *ties, found, top, seed=4, samples=4000, dropped=dropped)
    return [float(share) for share in held]


def test_a_pair_alone_stays_while_none_of_its_presences_is_dropped() -> None:
    presences = together([(0, 1, [0, 1])], 4, 6)
    assert shares(presences, (NONE, NONE), 5) == pytest.approx([0.85**4], abs=0.03)


def test_a_pair_makes_room_for_a_better_one_whose_tie_is_dropped() -> None:
    # Many others are in one cell each, so that both pairs are far from chance.
    others = [(number, number, [number + 10]) for number in range(4, 84)]
    presences = together([(0, 1, [0, 1]), (2, 3, [*range(2, 14)]), *others], 84, 94)
    alone = 0.85**4
    # The tied pair is nearly always in so many of its cells that it comes before the other.
    expected = alone * (1 - 0.15)
    found = shares(presences, (np.array([3]), np.array([2])), 1)
    assert found == pytest.approx([expected], abs=0.04)


def test_nothing_dropped_leaves_everything_in_place() -> None:
    draw = np.random.default_rng(5)
    actor, cell = draw.integers(0, 30, 200), draw.integers(0, 20, 200)
    days = np.zeros(200, dtype=np.int64)
    presences = gather_presences(actor, cell, days, days, draw.integers(0, 2, 20), 30)
    ties = draw.integers(0, 30, (2, 20))
    found = find_overlaps(presences, ties[0], ties[1])
    assert found.a.size > 20
    for top in (1, 7, found.a.size, found.a.size + 1):
        held = overlap_stability(presences, ties[0], ties[1], found, top, seed=1, samples=3, dropped=0)
        assert held.tolist() == [1.0] * min(top, found.a.size)


def test_order_changes_nothing_and_seeds_do() -> None:
    draw = np.random.default_rng(6)
    actor, cell = draw.integers(0, 30, 200), draw.integers(0, 20, 200)
    days, order = np.zeros(200, dtype=np.int64), draw.permutation(200)
    stratum = np.zeros(20, dtype=np.int64)
    one = gather_presences(actor, cell, days, days, stratum, 30)
    other = gather_presences(actor[order], cell[order], days, days, stratum, 30)
    found = find_overlaps(one, NONE, NONE)
    held = [
        overlap_stability(presences, NONE, NONE, found, 10, seed).tolist()
        for presences, seed in ((one, 1), (other, 1), (one, 2))
    ]
    assert held[0] == held[1]
    assert held[0] != held[2]


def test_no_pairs_have_no_shares() -> None:
    presences = together([(0, 1, [0])], 2, 2)
    assert shares(presences, (NONE, NONE), 3) == []
