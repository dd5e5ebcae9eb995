"""What may be asked: by name, as if something were otherwise, without a source, and how stable the answer is."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from asmgraph.analysis import Asked, Parameters, find_gaps
from asmgraph.errors import NotFoundError
from asmgraph.store.snapshots import Snapshot
from tests.analysis.sector import Sector, pairs


@pytest.fixture
def side_by_side(tmp_path: Path) -> Snapshot:
    sector = Sector()
    for slug, actor in (("one", "a"), ("two", "b"), ("three", "c")):
        sector.intervention(slug, actor, "GHA", "mercury", "2015", "2018")
    return sector.publish(tmp_path)


def test_every_parameter_may_be_asked_by_name() -> None:
    assert list(Asked.__annotations__) == [one.name for one in fields(Parameters)]


def test_if_two_met_their_gap_is_gone_and_no_other(side_by_side: Snapshot) -> None:
    asked = Parameters(min_overlap=1, meets=(("A", "b"),))
    assert pairs(find_gaps(side_by_side, asked)) == {"a c", "b c"}


def test_if_one_left_its_gaps_are_gone(side_by_side: Snapshot) -> None:
    assert pairs(find_gaps(side_by_side, Parameters(min_overlap=1, leaves=("b",)))) == {"a c"}


def test_an_actor_that_is_not_known_is_refused(side_by_side: Snapshot) -> None:
    with pytest.raises(NotFoundError, match="No actor is recorded as 'nobody'"):
        find_gaps(side_by_side, Parameters(leaves=("nobody",)))


def test_what_a_source_states_is_left_out_with_it(tmp_path: Path) -> None:
    one, other = Sector(), Sector()
    one.intervention("one", "a", "GHA", "mercury", "2015", "2018")
    other.intervention("two", "b", "GHA", "mercury", "2015", "2018")
    other.intervention("three", "c", "GHA", "mercury", "2015", "2018")
    one.publish(tmp_path, "first")
    snapshot = other.publish(tmp_path, "second")
    assert pairs(find_gaps(snapshot, Parameters(min_overlap=1))) == {"a b", "a c", "b c"}
    assert pairs(find_gaps(snapshot, Parameters(min_overlap=1, without=("first",)))) == {"b c"}
    assert pairs(find_gaps(snapshot, Parameters(min_overlap=1, without=("second",)))) == set()
    with pytest.raises(NotFoundError, match="There is no source 'third'"):
        find_gaps(snapshot, Parameters(without=("third",)))


def test_only_the_first_of_a_kind_are_returned_and_all_are_counted(side_by_side: Snapshot) -> None:
    found = find_gaps(side_by_side, Parameters(kind="co-presence", min_overlap=1, k=2))
    assert (len(found.gaps), found.totals) == (2, {"co-presence": 3})


def test_a_window_and_a_depth_narrow_what_counts(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("one", "a", "GHA", "mercury-free-technology", "2010", "2018")
    sector.intervention("two", "b", "GHA", "mercury-free-technology", "2010", "2018")
    snapshot = sector.publish(tmp_path)
    named = {"as_of": "2022-01-01", "kind": "co-presence", "min_overlap": 1}
    (gap,) = find_gaps(snapshot, Parameters(**named)).gaps  # type: ignore[arg-type]
    assert gap.theme.endswith("/mercury-free-technology")
    (gap,) = find_gaps(snapshot, Parameters(**named, theme_depth=0)).gaps  # type: ignore[arg-type]
    assert gap.theme.endswith("/mercury")
    assert not find_gaps(snapshot, Parameters(**named, window=24)).gaps  # type: ignore[arg-type]
    (gap,) = find_gaps(snapshot, Parameters(**named, window=48)).gaps  # type: ignore[arg-type]
    assert gap.period == "2018-01-01–2018-12-31"


def test_a_kind_of_tie_is_chosen(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
    sector.intervention("two", "b", "GHA", "mercury", "2015", "2018")
    sector.tie("a", "b", "referral")
    snapshot = sector.publish(tmp_path)
    for kinds, expected in (((), set()), (("referral",), set()), (("partnership",), {"a b"})):
        assert pairs(find_gaps(snapshot, Parameters(min_overlap=1, tie_kinds=kinds))) == expected
    with pytest.raises(NotFoundError, match="There is no kind of tie 'friendship'"):
        find_gaps(snapshot, Parameters(tie_kinds=("friendship",)))


def test_stability_is_a_share_that_the_seed_fixes(tmp_path: Path) -> None:
    sector = Sector()
    for number in range(6):
        sector.intervention(f"one-{number}", "a", "GHA", "mercury", "2015", "2018")
        sector.intervention(f"two-{number}", "b", "GHA", "mercury", "2015", "2018")
    sector.intervention("once", "c", "GHA", "mercury", "2015", "2018")
    asked = Parameters(kind="co-presence", min_overlap=1, samples=60, seed=7)
    snapshot = sector.publish(tmp_path)
    first, again = (find_gaps(snapshot, asked).gaps for _ in range(2))
    assert [gap.stability for gap in first] == [gap.stability for gap in again]
    by_pair = {frozenset(iri[-1] for iri in gap.actors): gap.stability or 0 for gap in first}
    assert by_pair[frozenset("ab")] == 1
    assert 0.5 < by_pair[frozenset("ac")] < 1
    assert find_gaps(snapshot, Parameters(min_overlap=1)).gaps[0].stability is None
