"""Pairs that met, and how surprising that is, against plain loops and exact convolution."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import astuple, dataclass
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asmgraph.analysis.overlaps.null_models import fit_bicm
from asmgraph.analysis.overlaps.presences import Presences, gather_presences, meetings, shared_cells
from asmgraph.analysis.overlaps.strangers import Overlaps, find_overlaps
from asmgraph.errors import AnalysisError

ACTORS, CELLS = 6, 7
Row = tuple[int, int, int, int]
rows = st.lists(
    st.tuples(
        st.integers(0, ACTORS - 1), st.integers(0, CELLS - 1), st.integers(0, 12), st.integers(0, 5)
    ).map(lambda one: (one[0], one[1], one[2], one[2] + one[3])),
    max_size=60,
)
ties = st.lists(st.tuples(st.integers(0, ACTORS - 1), st.integers(0, ACTORS - 1)), max_size=4)
strata = st.lists(st.integers(0, 2), min_size=CELLS, max_size=CELLS)
trees = st.sampled_from([(), ((1, 0),), ((2, 1), (2, 0), (1, 0), (3, 0)), ((4, 6), (5, 6))])


@dataclass(frozen=True)
class Sector:
    rows: list[Row]
    ties: list[tuple[int, int]]
    stratum: list[int]
    tree: tuple[tuple[int, int], ...] = ()
    max_cell: int = 5

    def presences(self) -> Presences:
        actor, cell, first, last = np.array(self.rows, dtype=np.int64).reshape(-1, 4).T
        narrower, broader = np.array(self.tree, dtype=np.int64).reshape(-1, 2).T
        stratum = np.array(self.stratum, dtype=np.int64)
        return gather_presences(actor, cell, first, last, stratum, ACTORS, self.max_cell, narrower, broader)

    def overlaps(self, min_overlap: int = 1, alpha: float = 0.05) -> Overlaps:
        a, b = np.array(self.ties, dtype=np.int64).reshape(-1, 2).T
        return find_overlaps(self.presences(), a, b, min_overlap, alpha)

    def members(self) -> dict[int, set[int]]:
        """Return the actors of each cell that is not crowded."""
        found = defaultdict(set)
        for actor, cell, _first, _last in self.rows:
            found[cell].add(actor)
        return {cell: held for cell, held in found.items() if len(held) <= self.max_cell}

    def shared(self, a: int, b: int) -> dict[int, set[int]]:
        """Return the days on which both were in each cell, narrowest cells only."""
        days: dict[tuple[int, int], set[int]] = defaultdict(set)
        for actor, cell, first, last in self.rows:
            days[actor, cell] |= set(range(first, last + 1))
        both = {cell: common for cell in self.members() if (common := days[a, cell] & days[b, cell])}
        covered = {above for below, above in self.tree if below in both}
        return {cell: common for cell, common in both.items() if cell not in covered}

    def tied(self, a: int, b: int) -> bool:
        return (a, b) in self.ties or (b, a) in self.ties

    def p(self, a: int, b: int, n: int) -> tuple[float, float]:
        """Return the expected number of shared cells and P(N >= n), cell by cell."""
        likely = np.ones(1)
        expected = 0.0
        members = self.members()
        for stratum in sorted(set(self.stratum)):
            cells = [cell for cell in members if self.stratum[cell] == stratum]
            if not cells:
                continue
            degree = np.array([sum(actor in members[cell] for cell in cells) for actor in range(ACTORS)])
            sizes = np.array([len(members[cell]) for cell in cells])
            fitted = fit_bicm(degree, sizes)
            for size in sizes:
                column = fitted.probability[:, np.searchsorted(fitted.column_degrees, size)]
                chance = np.prod([column[np.searchsorted(fitted.row_degrees, degree[one])] for one in (a, b)])
                expected += float(chance)
                likely = np.convolve(likely, [1 - chance, chance])
        return expected, float(likely[n:].sum())


sectors = st.builds(Sector, rows, ties, strata, trees, st.integers(2, ACTORS))


def days(spans: list[tuple[int, int]]) -> set[int]:
    return {day for first, last in spans for day in range(first, last + 1)}


@settings(max_examples=150)
@given(sectors, st.integers(1, 3), st.integers(1, 40))
def test_meetings_are_those_of_plain_loops(sector: Sector, min_overlap: int, at_once: int) -> None:
    expected = {
        (a, b): sorted(shared)
        for a, b in combinations(range(ACTORS), 2)
        if len(shared := sector.shared(a, b)) >= min_overlap
    }
    found = {
        (int(block.a[pair]), int(block.b[pair])): block.cell[
            block.start[pair] : block.start[pair + 1]
        ].tolist()
        for block in meetings(sector.presences(), min_overlap, at_once)
        for pair in range(block.a.size)
    }
    assert found == expected


@settings(max_examples=100)
@given(sectors)
def test_shared_cells_are_those_of_plain_loops(sector: Sector) -> None:
    pairs = list(product(range(ACTORS), repeat=2))
    pairs = [(a, b) for a, b in pairs if a != b]
    a, b = np.array(pairs).T
    shared = shared_cells(sector.presences(), a, b)
    found: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for pair, cell, first, last in zip(*(column.tolist() for column in astuple(shared)), strict=True):
        found[pair, cell].append((first, last))
    for spans in found.values():
        assert spans == sorted(spans)
    expected = {
        (number, cell): common
        for number, pair in enumerate(pairs)
        for cell, common in sector.shared(*pair).items()
    }
    assert {key: days(spans) for key, spans in found.items()} == expected


@settings(max_examples=100)
@given(sectors)
def test_counts_and_chances_are_those_of_plain_loops(sector: Sector) -> None:
    members = sector.members()
    met, hypotheses = {}, 0
    for a, b in combinations(range(ACTORS), 2):
        if sector.tied(a, b):
            continue
        among = [{sector.stratum[cell] for cell in members if one in members[cell]} for one in (a, b)]
        hypotheses += bool(among[0] & among[1])
        if shared := sector.shared(a, b):
            met[a, b] = (len(shared), sum(1 / (len(members[cell]) - 1) for cell in shared))
    found = sector.overlaps()
    assert found.hypotheses == hypotheses
    assert set(zip(found.a.tolist(), found.b.tolist(), strict=True)) == set(met)
    for number, pair in enumerate(zip(found.a.tolist(), found.b.tolist(), strict=True)):
        n, weight = met[pair]
        expected, p = sector.p(*pair, n)
        assert found.n[number] == n
        assert found.weight[number] == pytest.approx(weight)
        assert found.expected[number] == pytest.approx(expected, rel=1e-6)
        assert found.effect[number] == pytest.approx(n / expected, rel=1e-6)
        assert found.p[number] == pytest.approx(p, rel=1e-5, abs=1e-12)
        assert (found.q[number] <= 0.05) == found.significant[number]
    assert (np.diff(found.p) >= 0).all()
    assert (np.diff(found.q) >= 0).all()


@settings(max_examples=60)
@given(sectors, st.randoms(use_true_random=False))
def test_order_and_duplicates_change_nothing(sector: Sector, order: np.random.RandomState) -> None:
    again = [*sector.rows, *sector.rows[::2]]
    tied = [(b, a) for a, b in sector.ties] + sector.ties
    order.shuffle(again)
    order.shuffle(tied)
    one = sector.overlaps()
    other = Sector(again, tied, sector.stratum, sector.tree, sector.max_cell).overlaps()
    for left, right in zip(astuple(one), astuple(other), strict=True):
        assert np.array_equal(left, right)


@settings(max_examples=60)
@given(sectors, st.permutations(range(ACTORS)), st.permutations(range(CELLS)))
def test_new_numbers_change_only_the_numbers(sector: Sector, actors: list[int], cells: list[int]) -> None:
    stratum = [0] * CELLS
    for old, new in enumerate(cells):
        stratum[new] = sector.stratum[old]
    other = Sector(
        [(actors[actor], cells[cell], first, last) for actor, cell, first, last in sector.rows],
        [(actors[a], actors[b]) for a, b in sector.ties],
        stratum,
        tuple((cells[below], cells[above]) for below, above in sector.tree),
        sector.max_cell,
    ).overlaps()
    one = sector.overlaps()
    renamed = sorted(
        (*sorted((actors[a], actors[b])), n, p)
        for a, b, n, p in zip(one.a.tolist(), one.b.tolist(), one.n.tolist(), one.p.tolist(), strict=True)
    )
    held = sorted(zip(other.a.tolist(), other.b.tolist(), other.n.tolist(), other.p.tolist(), strict=True))
    assert [row[:3] for row in held] == [row[:3] for row in renamed]
    assert [row[3] for row in held] == pytest.approx([row[3] for row in renamed], rel=1e-6, abs=1e-12)


def test_spans_that_share_a_day_meet_and_spans_that_only_touch_do_not() -> None:
    sector = Sector([(0, 0, 1, 5), (1, 0, 5, 9), (2, 0, 6, 7)], [], [0] * CELLS)
    found = sector.overlaps()
    assert set(zip(found.a.tolist(), found.b.tolist(), strict=True)) == {(0, 1), (1, 2)}


def test_a_gap_between_two_spans_is_not_filled() -> None:
    sector = Sector([(0, 0, 1, 2), (0, 0, 8, 9), (1, 0, 4, 6)], [], [0] * CELLS)
    assert not sector.overlaps().n.size


def test_blocks_end_before_their_numbers_run_over(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(7)
    columns = draw.integers(0, ACTORS, 80), draw.integers(0, CELLS, 80), draw.integers(0, 9, 80)
    rows = [
        (actor, cell, day, day + 3)
        for actor, cell, day in zip(*(one.tolist() for one in columns), strict=True)
    ]
    presences = Sector(rows, [], [0] * CELLS, max_cell=ACTORS).presences()
    (whole,) = meetings(presences, 1)
    monkeypatch.setattr("asmgraph.analysis.overlaps.presences._KEY_BITS", 8)
    blocks = list(meetings(presences, 1))
    assert len(blocks) > 1
    for name in ("a", "b", "cell"):
        assert (
            np.concatenate([getattr(block, name) for block in blocks]).tolist()
            == getattr(whole, name).tolist()
        )


def test_nothing_and_nobody_and_one_actor_give_no_pairs() -> None:
    assert Sector([], [], [0] * CELLS).overlaps().hypotheses == 0
    alone = Sector([(0, cell, 0, 9) for cell in range(CELLS)], [(0, 1)], [0] * CELLS).overlaps()
    assert (alone.n.size, alone.hypotheses) == (0, 0)
    none = np.empty(0, dtype=np.int64)
    nobody = gather_presences(none, none, none, none, none, 0)
    assert find_overlaps(nobody, none, none).hypotheses == 0


def test_an_actor_that_is_everywhere_surprises_nobody() -> None:
    everywhere = [(0, cell, 0, 9) for cell in range(CELLS)]
    sector = Sector([*everywhere, (1, 0, 0, 9), (1, 3, 0, 9), (2, 4, 0, 9)], [], [0] * CELLS)
    found = sector.overlaps()
    first = found.n.tolist().index(2)
    assert found.effect[first] == pytest.approx(1)
    assert found.p[first] > 0.5


def test_two_strangers_who_are_always_together_stand_out() -> None:
    # Forty actors are in two cells of sixty each, by turns; the last two in the same twelve.
    cells = 60
    actor = np.concatenate((np.repeat(np.arange(40), 2), np.full(12, 40), np.full(12, 41)))
    cell = np.concatenate(((np.arange(80) * 7) % cells, np.arange(12) * 5, np.arange(12) * 5))
    day = np.zeros(actor.size, dtype=np.int64)
    none = np.empty(0, dtype=np.int64)
    presences = gather_presences(actor, cell, day, day, np.zeros(cells, dtype=np.int64), 42)
    found = find_overlaps(presences, none, none)
    assert (found.a[0], found.b[0], found.n[0]) == (40, 41, 12)
    assert found.significant[0] and found.effect[0] > 3
    assert not find_overlaps(presences, np.array([41]), np.array([40])).significant.any()


def test_crowded_cells_make_no_pairs_and_are_named() -> None:
    rows = [(actor, cell, 0, 1) for actor in range(4) for cell in (2, 5)] + [(0, 1, 0, 1), (1, 1, 0, 1)]
    presences = Sector(rows, [], [0] * CELLS, max_cell=3).presences()
    assert presences.crowded.tolist() == [2, 5]
    assert presences.size[[1, 2, 5]].tolist() == [2, 4, 4]
    assert set(presences.cell.tolist()) == {1}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"actor": [0, 9]}, "Row 1: actor 9 is not one of 3."),
        ({"cell": [-1, 0]}, "Row 0: cell -1 is not one of 2."),
        ({"last": [4, 1]}, "Row 1: the span from 2 to 1 ends before it begins."),
        ({"last": [4]}, "2 actors, but 1 values of last."),
        ({"narrower": [1], "broader": [0, 1]}, "1 narrower, but 2 broader cells."),
        ({"narrower": [1], "broader": [2]}, "Row 0: broader 2 is not one of 2."),
    ],
)
def test_wrong_rows_are_named(change: dict[str, list[int]], said: str) -> None:
    given_rows = {"actor": [0, 1], "cell": [0, 1], "first": [0, 2], "last": [4, 5]}
    given_rows |= {"narrower": [], "broader": []} | change
    columns = {name: np.array(values, dtype=np.int64) for name, values in given_rows.items()}
    with pytest.raises(AnalysisError) as raised:
        gather_presences(
            columns["actor"],
            columns["cell"],
            columns["first"],
            columns["last"],
            np.array([0, 0]),
            3,
            narrower=columns["narrower"],
            broader=columns["broader"],
        )
    assert raised.value.message == said
    assert raised.value.hint
