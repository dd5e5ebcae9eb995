"""What becomes of a gap without a source, and between two days."""

from __future__ import annotations

from pathlib import Path

from asmgraph.analysis import Parameters, find_gaps
from asmgraph.analysis.across import compare, without_each
from tests.analysis.sector import Sector


def test_a_gap_is_looked_for_without_each_source_it_rests_on(tmp_path: Path) -> None:
    one, other, third = Sector(), Sector(), Sector()
    one.intervention("one", "a", "GHA", "mercury", "2015", "2018")
    other.intervention("two", "a b", "GHA", "finance mercury", "2015", "2018")
    other.intervention("three", "c", "GHA", "mercury", "2016", "2018")
    third.intervention("four", "d", "PER", "mercury", "2016", "2018")
    for name, sector in (("first", one), ("second", other), ("third", third)):
        snapshot = sector.publish(tmp_path, name)
    asked = Parameters(kind="co-presence", min_overlap=1)
    gap = next(
        gap for gap in find_gaps(snapshot, asked).gaps if {iri[-1] for iri in gap.actors} == {"a", "c"}
    )
    left = {one.source: one.gap for one in without_each(snapshot, gap, asked)}
    assert set(left) == {"first", "second"}
    assert left["second"] is None
    assert left["first"] is not None
    assert len(left["first"].evidence) == len(gap.evidence) - 1


def test_gaps_are_new_and_closed_between_two_days(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("on", "z", "GHA", "finance", "2010", "2020")
    sector.intervention("old", "a", "GHA", "mercury", "2010", "2012")
    sector.intervention("later", "b", "GHA", "mercury", "2014", "2016")
    sector.need("water", "GHA", "C4", "2009")
    sector.need("law", "GHA", "C1", "2009")
    snapshot = sector.publish(tmp_path)
    found = compare(snapshot, Parameters(kind="unserved-need", as_of="2015-06-01"), "2013-06-01")
    assert [gap.theme[-2:] for gap in found.closed] == ["C4"]
    assert [gap.theme[-2:] for gap in found.stay] == ["C1"]
    assert found.new == ()
    back = compare(snapshot, Parameters(kind="unserved-need", as_of="2018-06-01"), "2015-06-01")
    assert [gap.theme[-2:] for gap in back.new] == ["C4"]
