"""What ended with nothing after it while a need stands, on sectors known by heart and on the starter data."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asmgraph.analysis import GapSet, Parameters, find_gaps
from asmgraph.analysis.gaps import scope_of
from asmgraph.analysis.kinds import dropped
from asmgraph.store.snapshots import Snapshot, current
from tests.analysis.sector import Sector


def asked(sector: Sector, folder: Path, as_of: str = "2018-06-01", **more: object) -> GapSet:
    chosen = Parameters(kind="dropped", as_of=as_of, **more)  # type: ignore[arg-type]
    return find_gaps(sector.publish(folder), chosen)


def cells(found: GapSet) -> set[str]:
    """Return the rows as 'PLACE theme'."""
    return {f"{gap.place.rsplit('/', 1)[-1]} {gap.theme.rsplit('/', 1)[-1]}" for gap in found.gaps}


def sector_of(*others: tuple[str, str, str, str, str]) -> Sector:
    """Return a sector in which a mercury project of Ghana ended in 2015, its need stands, and there are others.

    Others: slug, places, themes, start, end.
    """
    sector = Sector()
    sector.intervention("clean", "a", "GHA", "mercury", "2012", "2015-06-30")
    sector.intervention("elsewhere", "b", "GHA", "finance", "2012", "2018")
    sector.need("clean-water", "GHA", "C4", "2011")
    for slug, places, themes, start, end in others:
        sector.intervention(slug, "c", places, themes, start, end)
    return sector


def test_what_ended_without_a_successor_while_the_need_stands_is_dropped(tmp_path: Path) -> None:
    (gap,) = asked(sector_of(), tmp_path).gaps
    assert gap.explanation.startswith(
        "clean in Ghana on mercury reduction ended on 2015-06-30, and nothing recorded there went on or began "
        "within 24 months; 1 recorded need stands on 2018-06-01."
    )
    assert gap.action.startswith("Check with people there whether the work went on")
    assert [entry.kind for entry in gap.evidence] == ["ended", "need"]
    assert (gap.need, gap.missing, gap.confidence) == (1, 1, "medium")


@pytest.mark.parametrize(
    ("start", "end", "theme", "place"),
    [
        ("2017-06-30", "2019", "mercury", "GHA"),
        ("2014", "2019", "mercury", "GHA"),
        ("2017-07-01", "2019", "mercury", "GHA"),
        ("2016", "2017", "mercury", "GHA"),
        ("2016", "2019", "mercury-free-technology", "GHA"),
    ],
    ids=["in time", "going on", "late and active", "ended since, its own time not passed", "narrower"],
)
def test_a_successor_in_the_cell_takes_the_row_away(
    tmp_path: Path, start: str, end: str, theme: str, place: str
) -> None:
    assert asked(sector_of(("next", place, theme, start, end)), tmp_path).gaps == ()


@pytest.mark.parametrize(
    ("start", "end", "theme", "place"),
    [
        ("2016", "2019", "gender", "GHA"),
        ("2016", "2019", "mercury", "CIV"),
        ("2013", "2015-06-30", "mercury", "GHA"),
        ("2019", "2020", "mercury", "GHA"),
    ],
    ids=["another theme", "another place", "ended with it", "not begun"],
)
def test_what_is_no_successor_leaves_the_row(
    tmp_path: Path, start: str, end: str, theme: str, place: str
) -> None:
    assert cells(asked(sector_of(("next", place, theme, start, end)), tmp_path)) == {"GHA mercury"}


def test_of_several_that_ended_the_last_counts(tmp_path: Path) -> None:
    sector = sector_of(("next", "GHA", "mercury", "2015", "2016-01-31"))
    (gap,) = asked(sector, tmp_path).gaps
    assert [entry.label for entry in gap.evidence if entry.kind == "ended"] == ["next"]
    assert "ended on 2016-01-31" in gap.explanation


def test_no_successor_can_be_missed_before_its_time_has_passed(tmp_path: Path) -> None:
    snapshot = sector_of().publish(tmp_path)
    for day, number in (("2017-06-29", 0), ("2017-06-30", 1)):
        assert len(find_gaps(snapshot, Parameters(kind="dropped", as_of=day)).gaps) == number
    assert len(find_gaps(snapshot, Parameters(kind="dropped", as_of="2016-06-29", tau_months=12)).gaps) == 0
    assert len(find_gaps(snapshot, Parameters(kind="dropped", as_of="2016-06-30", tau_months=12)).gaps) == 1


def test_without_a_need_recorded_in_the_place_nothing_is_dropped(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("clean", "a", "GHA", "mercury", "2012", "2015-06-30")
    sector.intervention("elsewhere", "b", "GHA", "finance", "2012", "2018")
    sector.need("clean-water", "africa", "C4", "2011")
    assert asked(sector, tmp_path).gaps == ()


def test_a_need_in_a_part_is_one_of_the_whole(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("clean", "a", "COD", "mercury", "2012", "2015-06-30")
    sector.intervention("elsewhere", "b", "COD", "finance", "2012", "2018")
    sector.sized_need("clean-water", "CD-NK", "C4", "2011", "500-2000")
    (gap,) = asked(sector, tmp_path).gaps
    assert gap.severity is not None
    assert gap.severity_high is not None
    assert gap.severity < gap.severity_high


def test_nothing_is_claimed_where_no_source_covers_the_time_after_the_end(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("clean", "a", "GHA", "mercury", "2012", "2015-06-30")
    sector.need("clean-water", "GHA", "C4", "2011")
    found = asked(sector, tmp_path)
    assert found.gaps == ()
    assert [one.reason for one in found.silences] == [
        "An intervention ended here on 2015-06-30; no presence data after 2015-06-30, so a successor may not be "
        "recorded."
    ]


def test_a_source_that_begins_after_the_end_does_not_cover_the_time_after_it(tmp_path: Path) -> None:
    first, second = Sector(coverage=[]), Sector()
    first.intervention("clean", "a", "GHA", "mercury", "2012", "2015-06-30")
    first.need("clean-water", "GHA", "C4", "2011")
    second.intervention("elsewhere", "b", "GHA", "finance", "2016", "2018")
    first.publish(tmp_path, "first")
    found = find_gaps(second.publish(tmp_path, "second"), Parameters(kind="dropped", as_of="2018-06-01"))
    assert found.gaps == ()
    assert [one.reason for one in found.silences] == [
        "An intervention ended here on 2015-06-30; no source covers the time from then on."
    ]


def test_what_is_of_unknown_state_or_of_a_larger_area_is_named_and_makes_it_less_certain(
    tmp_path: Path,
) -> None:
    sector = Sector()
    sector.intervention("clean", "a", "CD-NK", "mercury", "2012", "2015-06-30")
    sector.intervention("once", "b", "CD-NK", "mercury", "2010")
    sector.intervention("national", "b", "COD", "mercury finance", "2012", "2018")
    sector.need("clean-water", "CD-NK", "C4", "2011")
    (gap,) = asked(sector, tmp_path, place_level=1).gaps
    assert gap.confidence == "low"
    assert [entry.kind for entry in gap.evidence] == [
        "ended", "state not known", "active, for a larger area", "need",
    ]  # fmt: skip


def test_the_cell_is_of_the_narrowest_theme_that_answers_the_need(tmp_path: Path) -> None:
    """Mercury-free technology is not said to answer the challenge, the mercury reduction that it is part of is."""
    sector = Sector()
    sector.intervention("retorts", "a", "GHA", "mercury-free-technology", "2012", "2015-06-30")
    sector.intervention("elsewhere", "b", "GHA", "finance", "2012", "2018")
    sector.need("clean-water", "GHA", "C4", "2011")
    assert cells(asked(sector, tmp_path)) == {"GHA mercury"}
    sector.need("clean-air", "GHA", "", "2011", impact="mercury")
    assert cells(asked(sector, tmp_path / "more")) == {"GHA mercury-free-technology"}


@pytest.fixture(scope="module")
def starter(starter_home: Path) -> Snapshot:
    return current(starter_home)


@given(st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_the_order_of_what_is_read_changes_nothing(starter: Snapshot, chance: random.Random) -> None:
    """Rows of every table shuffled and doubled."""
    scope = scope_of(starter, Parameters(as_of="latest-covered"))
    tables = scope.tables
    frames = {one.name: getattr(tables, one.name) for one in fields(tables) if one.name != "iris"}
    shuffled = {
        name: frame.sample(fraction=1, shuffle=True, seed=chance.randrange(1 << 30))
        for name, frame in frames.items()
    }
    one = dropped.rank(scope)
    other = dropped.rank(replace(scope, tables=replace(tables, **shuffled)))
    assert one.total == other.total > 0
    assert [one.finding(number) for number in range(one.total)] == [
        other.finding(number) for number in range(other.total)
    ]


def test_what_is_dropped_in_the_starter_data_ended_and_has_a_need(starter: Snapshot) -> None:
    found = find_gaps(starter, Parameters(kind="dropped", as_of="latest-covered"))
    assert found.gaps
    for gap in found.gaps:
        kinds = [entry.kind for entry in gap.evidence]
        assert kinds[0] == "ended"
        assert "need" in kinds
    (gap,) = (one for one in found.gaps if one.place.endswith("/MNG"))
    assert gap.newest_evidence is not None
    assert gap.newest_evidence.year == 2019
    assert gap.theme.endswith("/formalisation")
