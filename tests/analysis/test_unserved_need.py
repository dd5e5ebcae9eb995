"""Needs that nobody is known to serve, and where that can be said, on sectors known by heart."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from asmgraph.analysis import Parameters, find_gaps
from asmgraph.analysis.gaps import scope_of
from asmgraph.analysis.kinds import unserved_need
from asmgraph.analysis.sentences import say
from asmgraph.records import VOCAB
from tests.analysis.sector import Sector, needs, pairs


def test_a_need_without_an_active_intervention_is_found(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("old", "a", "GHA", "mercury", "2015", "2018")
    sector.intervention("on", "b", "GHA", "finance", "2015", "2020")
    sector.need("clean-water", "GHA", "C4", "2014")
    found = find_gaps(sector.publish(tmp_path), Parameters(kind="unserved-need", as_of="2019-06-01"))
    assert needs(found) == {"GHA C4"}
    (gap,) = found.gaps
    assert [entry.kind for entry in gap.evidence] == ["need", "ended"]


def test_an_active_intervention_serves_the_need(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("on", "a", "GHA", "mercury", "2015", "2018")
    sector.need("clean-water", "GHA", "C4", "2014")
    assert needs(find_gaps(sector.publish(tmp_path), Parameters(as_of="2017-06-01"))) == set()


def test_an_unknown_state_neither_serves_nor_hides(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("once", "a", "GHA", "mercury", "2012")
    sector.intervention("on", "b", "GHA", "finance", "2015", "2018")
    sector.need("clean-water", "GHA", "C4", "2011")
    (gap,) = find_gaps(sector.publish(tmp_path), Parameters(kind="unserved-need", as_of="2017-06-01")).gaps
    assert "state on that day is not known" in gap.explanation
    assert gap.confidence == "low"


def test_a_need_stands_from_its_year_and_an_undated_one_always(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("on", "b", "GHA", "finance", "2015", "2018")
    sector.need("later", "GHA", "C4", "2018")
    sector.need("undated", "GHA", "C2")
    found = find_gaps(sector.publish(tmp_path), Parameters(as_of="2017-06-01"))
    assert needs(found) == {"GHA C2"}
    assert "not stated" in found.gaps[0].explanation


def test_nothing_is_claimed_more_than_18_months_after_the_newest_presence(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("old", "a", "GHA", "finance", "2015", "2018-01-31")
    sector.need("clean-water", "GHA", "C4", "2014")
    snapshot = sector.publish(tmp_path)
    assert needs(find_gaps(snapshot, Parameters(as_of="2019-07-31"))) == {"GHA C4"}
    stale = find_gaps(snapshot, Parameters(as_of="2019-08-01", place="GHA"))
    assert needs(stale) == set()
    assert any("No presence data after 2018-01-31" in note for note in stale.notes)
    assert stale.latest_covered is not None
    assert needs(find_gaps(snapshot, Parameters(as_of="latest-covered", place="GHA"))) == {"GHA C4"}


def test_without_a_coverage_statement_nothing_is_claimed(tmp_path: Path) -> None:
    sector = Sector(coverage=[])
    sector.intervention("on", "b", "GHA", "finance", "2015", "2018")
    sector.need("clean-water", "GHA", "C4", "2014")
    assert find_gaps(sector.publish(tmp_path), Parameters(as_of="2017-06-01")).gaps == ()


def test_a_national_activity_does_not_serve_a_district(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("national", "a", "COD", "mercury", "2015", "2018")
    sector.need("local", "CD-NK", "C4", "2014")
    sector.need("whole", "COD", "C4", "2014")
    found = find_gaps(sector.publish(tmp_path), Parameters(as_of="2017-06-01"))
    assert needs(found) == {"CD-NK C4"}
    assert "larger area only" in found.gaps[0].explanation
    assert found.gaps[0].evidence[-1].iri.endswith("/national")


def test_an_intervention_in_a_part_serves_the_whole(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("local", "a", "CD-NK", "mercury", "2015", "2018")
    sector.need("whole", "COD", "C4", "2014")
    assert needs(find_gaps(sector.publish(tmp_path), Parameters(as_of="2017-06-01"))) == set()


def test_a_planned_end_counts_where_no_end_is_recorded(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("on", "a", "GHA", "mercury", "2015", planned="2018")
    sector.need("clean-water", "GHA", "C4", "2014")
    sector.intervention("other", "a", "GHA", "finance", "2017", "2018")
    assert needs(find_gaps(sector.publish(tmp_path), Parameters(as_of="2018-06-01"))) == set()


def test_an_intervention_in_a_country_serves_the_region(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("on", "a", "GHA", "mercury", "2015", "2018")
    sector.intervention("other", "b", "PER", "finance", "2015", "2018")
    for slug, place in (("one", "africa"), ("two", "world"), ("three", "latin-america")):
        sector.need(slug, place, "C4", "2014")
    found = find_gaps(sector.publish(tmp_path), Parameters(as_of="2017-06-01"))
    assert needs(found) == {"latin-america C4"}


def test_nothing_is_claimed_of_the_days_before_a_source_begins(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("on", "a", "GHA", "finance", "2015", "2018")
    sector.need("clean-water", "GHA", "C4")
    found = find_gaps(sector.publish(tmp_path), Parameters("GHA", "unserved-need", as_of="2014-12-31"))
    assert needs(found) == set()
    assert [one.reason for one in found.silences] == ["No source covers 2014-12-31 here."]
    assert found.notes == (
        "No source covers 2014-12-31: unserved needs cannot be judged on it. The newest is 2018-12-31.",
    )


def test_each_source_is_dated_by_what_it_states_itself(tmp_path: Path) -> None:
    first, second = Sector(), Sector()
    for sector, end in ((first, "2016"), (second, "2018")):
        sector.intervention("on", "a", "GHA", "finance", "2015", end)
    first.need("clean-water", "GHA", "C4", "2014")
    first.publish(tmp_path, "first")
    found = find_gaps(
        second.publish(tmp_path, "second"), Parameters("GHA", "unserved-need", as_of="2018-06-01")
    )
    assert [str(source.until) for source in found.coverage] == ["2016-12-31", "2018-12-31"]
    assert needs(found) == {"GHA C4"}


def test_a_source_that_searched_nothing_covers_nothing(tmp_path: Path) -> None:
    first, second = Sector(), Sector(coverage=[{"covers": "participations", "found": "not-searched"}])
    first.intervention("on", "a", "GHA", "finance", "2010", "2011")
    second.intervention("on", "a", "GHA", "finance", "2010", "2024")
    first.need("clean-water", "GHA", "C4", "2009")
    first.publish(tmp_path, "first")
    found = find_gaps(
        second.publish(tmp_path, "second"), Parameters("GHA", "unserved-need", as_of="2025-06-01")
    )
    assert needs(found) == set()
    assert [one.reason for one in found.silences] == ["No presence data after 2011-12-31."]


@pytest.mark.parametrize(
    ("searched", "judged"),
    [
        ({"place": "CD-NK"}, {"CD-NK C4", "CD-NK C6"}),
        ({"place": "COD"}, {"CD-NK C4", "CD-HK C4", "COD C6-finance", "CD-NK C6"}),
        ({"theme": "intervention-type/mercury"}, set()),
        ({"theme": "challenge/C4"}, {"CD-NK C4", "CD-HK C4"}),
        ({"theme": "challenge/C6"}, {"COD C6-finance", "CD-NK C6"}),
        ({"theme": "challenge/C6-finance"}, {"COD C6-finance"}),
    ],
)
def test_only_a_search_of_the_whole_place_and_theme_allows_a_claim(
    tmp_path: Path, searched: dict[str, str], judged: set[str]
) -> None:
    sector = Sector(coverage=[{"covers": "participations", "found": "all", **searched}])
    themes = "mercury finance child-labour formalisation"
    sector.intervention("old", "a", "CD-NK", themes, "2015", "2016-06-30")
    for slug, place, challenge in (
        ("one", "CD-NK", "C4"), ("two", "CD-HK", "C4"), ("three", "COD", "C6-finance"), ("four", "CD-NK", "C6"),
    ):  # fmt: skip
        sector.need(slug, place, challenge, "2014")
    found = find_gaps(sector.publish(tmp_path), Parameters("COD", "unserved-need", as_of="2016-12-31"))
    assert needs(found) == judged


def test_what_two_sources_state_of_two_times_is_no_presence_between_them(tmp_path: Path) -> None:
    first, second = Sector(), Sector()
    first.intervention("on", "a", "GHA", "mercury", "2010", "2012")
    second.intervention("on", "a", "GHA", "mercury", "2018", "2020")
    first.intervention("other", "b", "GHA", "mercury", "2014", "2016")
    first.publish(tmp_path, "first")
    snapshot = second.publish(tmp_path, "second")
    assert pairs(find_gaps(snapshot, Parameters(min_overlap=1))) == set()


def test_a_need_of_two_sources_stands_in_both_places_from_the_first_year(tmp_path: Path) -> None:
    first, second = Sector(), Sector()
    first.need("clean-water", "GHA", "C4", "2018")
    second.need("clean-water", "CIV", "C4", "2014")
    for place in ("GHA", "CIV"):
        first.intervention(f"on-{place}", "a", place, "finance", "2013", "2018")
    first.publish(tmp_path, "first")
    found = find_gaps(second.publish(tmp_path, "second"), Parameters(as_of="2017-06-01"))
    assert needs(found) == {"GHA C4", "CIV C4"}


def test_the_latest_of_several_ends_counts_by_its_last_day(tmp_path: Path) -> None:
    first, second = Sector(), Sector()
    first.intervention("on", "a", "GHA", "mercury", "2015", "2018")
    second.intervention("on", "a", "GHA", "mercury", "2015", "2018-03-01")
    first.need("clean-water", "GHA", "C4", "2014")
    first.publish(tmp_path, "first")
    found = find_gaps(second.publish(tmp_path, "second"), Parameters(as_of="2018-06-01"))
    assert needs(found) == set()


def test_an_end_in_the_year_of_reading_covers_no_day_after_its_beginning(tmp_path: Path) -> None:
    sector = Sector()
    this_year = dt.datetime.now(dt.UTC).year
    sector.intervention("on", "a", "GHA", "finance", str(this_year - 1), str(this_year))
    found = find_gaps(sector.publish(tmp_path), Parameters("GHA"))
    assert found.latest_covered == dt.date(this_year, 1, 1)


def test_a_challenge_selects_needs_of_its_parts(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("on", "a", "GHA", "child-labour", "2015", "2018")
    sector.need("credit", "GHA", "C6-finance", "2014")
    sector.need("support", "GHA", "C6", "2014")
    snapshot = sector.publish(tmp_path)
    for theme, expected in (("C6", {"GHA C6", "GHA C6-finance"}), ("C6-finance", {"GHA C6-finance"})):
        assert needs(find_gaps(snapshot, Parameters(theme=theme, as_of="2017-06-01"))) == expected


def test_a_source_on_one_theme_does_not_date_the_others(tmp_path: Path) -> None:
    narrow = {"covers": "participations", "found": "all", "theme": "intervention-type/finance"}
    sector = Sector(coverage=[narrow])
    sector.intervention("on", "b", "GHA", "finance", "2015", "2018")
    sector.need("clean-water", "GHA", "C4", "2014")
    sector.need("credit", "GHA", "C5", "2014")
    chosen = Parameters(kind="unserved-need", as_of="2018-12-31")
    found = find_gaps(sector.publish(tmp_path), chosen)
    assert needs(found) == set()
    assert {silence.theme.rsplit("/", 1)[-1] for silence in found.silences} == {"C4"}


def test_a_challenge_that_no_intervention_type_addresses_is_no_gap(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("on", "b", "GHA", "finance", "2015", "2018")
    sector.need("arrivals", "GHA", "C3", "2014")
    scope = scope_of(sector.publish(tmp_path), Parameters(as_of="2017-06-01"))
    migration = VOCAB + "challenge/C3"
    known = scope.projection
    unaddressed = {one: found - {migration} for one, found in known.addresses.items()}
    ranking = unserved_need.rank(scope)
    assert ([ranking.finding(0).themes], ranking.total, ranking.silences) == ([(migration,)], 1, ())
    ranking = unserved_need.rank(replace(scope, projection=replace(known, addresses=unaddressed)))
    assert ranking.total == 0
    (silence,) = ranking.silences
    assert silence.theme == migration
    assert silence.reason == say("No intervention type addresses this challenge, so none could be found.")


def test_a_need_of_an_impact_is_served_by_what_addresses_the_impact(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("clean", "a", "GHA", "mercury", "2015", "2016")
    sector.intervention("on", "b", "GHA", "finance", "2015", "2018")
    sector.need("poisoned-river", "GHA", "", "2014", impact="mercury")
    snapshot = sector.publish(tmp_path)
    for day, expected in (("2015-06-01", set()), ("2017-06-01", {"GHA mercury"})):
        assert needs(find_gaps(snapshot, Parameters(as_of=day))) == expected
    for theme in ("impact/mercury", "mercury"):
        (gap,) = find_gaps(snapshot, Parameters(theme=theme, as_of="2017-06-01")).gaps
        assert gap.theme == VOCAB + "impact/mercury"
