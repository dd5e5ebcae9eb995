"""The same activity by actors with no tie, beyond the share of the need: on sectors known by heart."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asmgraph.analysis import GapSet, Parameters, find_gaps
from asmgraph.analysis.gaps import scope_of
from asmgraph.analysis.kinds import duplication
from asmgraph.store.snapshots import Snapshot, current
from tests.analysis.sector import Sector


def asked(sector: Sector, folder: Path, **more: object) -> GapSet:
    chosen = Parameters(kind="duplication", as_of="2017-06-01", **more)  # type: ignore[arg-type]
    return find_gaps(sector.publish(folder), chosen)


def cells(found: GapSet) -> list[str]:
    """Return the rows as 'PLACE theme', in order."""
    return [f"{gap.place.rsplit('/', 1)[-1]} {gap.theme.rsplit('/', 1)[-1]}" for gap in found.gaps]


def doubled(place: str = "GHA", theme: str = "mercury", number: int = 2) -> Sector:
    """Return a sector in which so many actors each have a project on one theme in one place."""
    sector = Sector()
    for one in range(number):
        sector.intervention(f"{place.lower()}-{one}", f"a{one}", place, theme, "2015", "2018")
    return sector


def test_presence_far_beyond_the_share_of_the_need_is_double(tmp_path: Path) -> None:
    """Of two places one has all the presence and a fifth of the people in need: 5 times as much."""
    sector = doubled(number=3)
    sector.sized_need("here", "GHA", "C4", "2014", "1000")
    sector.sized_need("there", "CIV", "C4", "2014", "4000")
    (gap,) = asked(sector, tmp_path).gaps
    assert (gap.observed, gap.expected, gap.effect) == (1, 0.2, 5)
    assert gap.missing == 1
    assert len(gap.actors) == 3
    assert [entry.kind for entry in gap.evidence] == ["A0", "A1", "A2", "need"]
    assert gap.explanation == (
        "3 interventions of 3 actors in Ghana on mercury reduction are active on 2017-06-01; 3 pairs of these actors "
        "have no recorded tie. 100 % of the active interventions of this type in all places are here, and 20 % of the "
        "recorded need (size in people): 5 times as much."
    )
    assert "compare plans with each other and with the people served" in gap.action


@pytest.mark.parametrize(("theta", "rows"), [(4.9, ["GHA mercury"]), (5.0, [])])
def test_only_a_ratio_above_theta_counts(tmp_path: Path, theta: float, rows: list[str]) -> None:
    sector = doubled()
    sector.sized_need("here", "GHA", "C4", "2014", "1000")
    sector.sized_need("there", "CIV", "C4", "2014", "4000")
    assert cells(asked(sector, tmp_path, theta=theta)) == rows


def test_where_a_size_is_missing_needs_are_counted(tmp_path: Path) -> None:
    sector = doubled()
    sector.sized_need("here", "GHA", "C4", "2014", "1")
    for number, place in enumerate(("CIV", "CIV", "MLI", "BFA")):
        sector.need(f"there-{number}", place, "C4", "2014")
    sector.sized_need("and-here", "GHA", "C4", "2014", "5000")
    (gap,) = asked(sector, tmp_path).gaps
    assert gap.expected == pytest.approx(1 / 5)
    assert "number of needs" in gap.explanation


def test_without_a_recorded_need_there_is_no_ratio_and_the_row_ranks_last(tmp_path: Path) -> None:
    sector = doubled()
    for one in range(4):
        sector.intervention(f"civ-{one}", f"c{one}", "CIV", "finance", "2015", "2018")
    sector.sized_need("here", "GHA", "C4", "2014", "1000")
    sector.sized_need("there", "CIV", "C4", "2014", "9000")
    found = asked(sector, tmp_path)
    assert cells(found) == ["GHA mercury", "CIV finance"]
    assert (found.gaps[1].effect, found.gaps[1].expected, found.gaps[1].severity) == (None, None, None)
    assert "no need that they answer is recorded here" in found.gaps[1].explanation


@pytest.mark.parametrize("cause", ["tie", "network", "one intervention", "another time", "another type"])
def test_without_its_cause_there_is_no_row(tmp_path: Path, cause: str) -> None:
    sector = Sector()
    sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
    when = "2014" if cause == "another time" else "2015"
    theme = "mercury-free-technology" if cause == "another type" else "mercury"
    actors = "a b" if cause == "one intervention" else "b"
    sector.intervention("other", actors, "GHA", theme, when, "2016" if cause == "another time" else "2018")
    if cause == "tie":
        sector.tie("a", "b")
    if cause == "network":
        sector.actor("net", "Network")
        for member in "ab":
            sector.tie("net", member, "network-membership")
    assert asked(sector, tmp_path).gaps == ()


def test_only_what_may_be_named_and_was_looked_for_makes_a_row(tmp_path: Path) -> None:
    hidden = doubled()
    hidden.turtle.append("id:actor\\/a1 asm:noIntroduction true .")
    assert asked(hidden, tmp_path / "hidden").gaps == ()
    uncovered = doubled()
    uncovered.coverage = [{"covers": "ties", "found": "all", "to": "2016"}]
    assert asked(uncovered, tmp_path / "uncovered").gaps == ()
    assert len(asked(doubled(), tmp_path / "plain").gaps) == 1


def test_a_province_is_compared_within_its_country(tmp_path: Path) -> None:
    """All the presence of the country lies in one of its provinces, a tenth of its need; Ghana does not count."""
    sector = doubled("CD-NK")
    sector.sized_need("here", "CD-NK", "C4", "2014", "1000")
    sector.sized_need("there", "CD-SK", "C4", "2014", "9000")
    sector.sized_need("abroad", "GHA", "C4", "2014", "90000")
    snapshot = sector.publish(tmp_path)
    for place in ("CD-NK", None):
        chosen = Parameters(place, "duplication", as_of="2017-06-01", place_level=1)
        (gap,) = find_gaps(snapshot, chosen).gaps
        assert gap.expected == pytest.approx(0.1)
        assert "in Democratic Republic of the Congo are here" in gap.explanation


@pytest.mark.parametrize(("place", "need_share"), [(None, 0.1), ("GHA", 0.1), ("africa", 0.2)])
def test_countries_are_compared_within_the_region_asked_or_all(
    tmp_path: Path, place: str | None, need_share: float
) -> None:
    sector = doubled()
    sector.sized_need("here", "GHA", "C4", "2014", "1000")
    sector.sized_need("in-the-region", "CIV", "C4", "2014", "4000")
    sector.sized_need("beyond", "PER", "C4", "2014", "5000")
    chosen = Parameters(place, "duplication", as_of="2017-06-01")
    (gap,) = find_gaps(sector.publish(tmp_path), chosen).gaps
    assert gap.expected == pytest.approx(need_share)


@pytest.fixture(scope="module")
def starter(starter_home: Path) -> Snapshot:
    return current(starter_home)


@given(st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_the_order_of_what_is_read_changes_nothing(starter: Snapshot, chance: random.Random) -> None:
    scope = scope_of(starter, Parameters(as_of="2018-06-01"))
    tables = scope.tables
    shuffled = {
        one.name: getattr(tables, one.name).sample(fraction=1, shuffle=True, seed=chance.randrange(1 << 30))
        for one in fields(tables)
        if one.name != "iris"
    }
    one = duplication.rank(scope)
    other = duplication.rank(replace(scope, tables=replace(tables, **shuffled)))
    assert one.total == other.total > 0
    assert one.finding(0) == other.finding(0)
    assert [one.key(number) for number in range(one.total)] == [
        other.key(number) for number in range(other.total)
    ]


def test_the_starter_data_have_a_cell_out_of_proportion_in_2018(starter: Snapshot) -> None:
    found = find_gaps(starter, Parameters(kind="duplication", as_of="2018-06-01"))
    first = found.gaps[0]
    assert cells(found)[0] == "COD conflict-minerals"
    assert first.effect is not None
    assert first.effect > 3
    assert all(gap.effect is None or gap.effect > 3 for gap in found.gaps)
    assert all(gap.missing and len(gap.actors) > 1 for gap in found.gaps)
