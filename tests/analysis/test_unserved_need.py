"""Needs that nobody is known to serve, and where that can be said, on sectors known by heart."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from pathlib import Path

import pytest

from asmgraph.analysis import GapSet, Parameters, find_gaps
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


def rows(found: GapSet) -> list[tuple[float | None, ...]]:
    """Return severity at the lowest and at the highest need of each unserved need, rounded."""
    return [
        tuple(None if one is None else round(one, 1) for one in (gap.severity, gap.severity_high))
        for gap in found.gaps
        if gap.kind == "unserved-need"
    ]


def asked(sector: Sector, folder: Path, as_of: str = "2017-06-01", **more: object) -> GapSet:
    chosen = Parameters(kind="unserved-need", as_of=as_of, **more)  # type: ignore[arg-type]
    return find_gaps(sector.publish(folder), chosen)


def running(sector: Sector, slug: str = "on", places: str = "GHA") -> None:
    """Add an intervention that answers C4 from 2015 to 2018."""
    sector.intervention(slug, "a", places, "mercury", "2015", "2018")


class TestReach:
    """Of sized needs: need x (1 - min(1, reach / need)), for people of one group in overlapping years."""

    def test_what_is_missing_is_the_need_less_the_largest_reach(self, tmp_path: Path) -> None:
        sector = Sector()
        running(sector)
        sector.sized_need("clean-water", "GHA", "C4", "2014", "1000")
        sector.reach("on", "300", when="2015 2016")
        sector.reach("on", "200", when="2016 2017", number=2)
        (gap,) = asked(sector, tmp_path).gaps
        assert (gap.observed, gap.expected, gap.effect, gap.missing) == (300, 1000, 700, 0.7)
        assert "300 people; figures are not added up" in gap.explanation
        assert gap.severity == pytest.approx(100 * (1 * 0.7 * math.log1p(1000) / math.log1p(1e7)) ** (1 / 3))
        assert [entry.kind for entry in gap.evidence] == ["need", "reached", "reached", "active"]

    def test_a_need_that_is_reached_is_no_gap(self, tmp_path: Path) -> None:
        sector = Sector()
        running(sector)
        sector.sized_need("clean-water", "GHA", "C4", "2014", "1000")
        sector.reach("on", "1000", when="2015 2016")
        assert asked(sector, tmp_path).gaps == ()

    def test_presence_without_a_reach_is_said_and_is_no_gap(self, tmp_path: Path) -> None:
        sector = Sector()
        running(sector)
        sector.sized_need("clean-water", "GHA", "C4", "2014", "1000", "women")
        found = asked(sector, tmp_path)
        assert found.gaps == ()
        (silence,) = found.silences
        assert silence.group.endswith("/women")
        assert (
            silence.reason == "1 intervention is active here, and how many people it reaches is not recorded."
        )

    @pytest.mark.parametrize(
        "figure",
        [
            {"kind": "target"},
            {"unit": "operators"},
            {"group": "women"},
            {"when": "2010 2012"},
            {"when": "2018 2018"},
            {"place": "CIV"},
        ],
    )
    def test_other_figures_are_no_reach(self, tmp_path: Path, figure: dict[str, str]) -> None:
        sector = Sector()
        sector.intervention("on", "a", "GHA", "mercury", "2015", "2016")
        sector.intervention("else", "b", "GHA", "finance", "2015", "2018")
        sector.sized_need("clean-water", "GHA", "C4", "2014", "1000", "children")
        sector.reach("on", "900", **{"group": "children", "when": "2015 2016", **figure})  # type: ignore[arg-type]
        (gap,) = asked(sector, tmp_path).gaps
        assert (gap.observed, gap.missing) == (0, 1)

    def test_a_reach_in_several_places_is_of_none_of_them(self, tmp_path: Path) -> None:
        sector = Sector()
        running(sector, places="GHA CIV")
        for place in ("GHA", "CIV"):
            sector.sized_need(f"need-{place}", place, "C4", "2014", "1000")
        sector.reach("on", "900", when="2015 2016")
        sector.reach("on", "400", place="CIV", when="2015 2016", number=2)
        found = asked(sector, tmp_path)
        assert needs(found) == {"CIV C4"}
        assert [one.place.rsplit("/", 1)[-1] for one in found.silences] == ["GHA"]

    def test_a_reach_without_a_date_is_of_the_time_of_its_intervention(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("before", "a", "GHA", "mercury", "2010", "2012")
        running(sector)
        sector.sized_need("clean-water", "GHA", "C4", "2014", "1000")
        sector.reach("before", "900")
        sector.reach("on", "600")
        (gap,) = asked(sector, tmp_path).gaps
        assert gap.observed == 600

    def test_each_group_has_its_row(self, tmp_path: Path) -> None:
        sector = Sector()
        running(sector)
        sector.sized_need("clean-water", "GHA", "C4", "2014", "1000", "women children")
        sector.sized_need("all", "GHA", "C4", "2014", "5000")
        for number, group in enumerate(("women", "children", "")):
            sector.reach("on", "500", group, when="2015 2016", number=number)
        found = asked(sector, tmp_path)
        assert [gap.group.rsplit("/", 1)[-1] for gap in found.gaps] == ["", "children", "women"]
        assert len({gap.gap_iri for gap in found.gaps}) == 3

    def test_severity_is_given_for_the_lowest_and_the_highest_need_and_ranked_by_the_lower(
        self, tmp_path: Path
    ) -> None:
        sector = Sector()
        sector.intervention("else", "b", "GHA PER", "finance", "2015", "2018")
        sector.sized_need("sure", "GHA", "C4", "2014", "5000")
        sector.sized_need("one-says", "PER", "C4", "2014", "1000")
        sector.sized_need("another", "PER", "C4", "2015", "2000-90000")
        sector.need("no-size", "GHA", "C1", "2014")
        found = asked(sector, tmp_path)
        assert [gap.place.rsplit("/", 1)[-1] for gap in found.gaps] == ["GHA", "PER", "GHA"]
        first, second, third = rows(found)
        assert first == (80.8, 80.8)
        assert second == (75.4, 89.1)
        assert third == (None, None)
        assert "1,000 to 90,000 people" in found.gaps[1].explanation

    @pytest.mark.parametrize("size", ["500-2000", "0-2000"])
    def test_a_need_reached_at_its_lowest_stands_at_its_highest(self, tmp_path: Path, size: str) -> None:
        sector = Sector()
        running(sector)
        sector.sized_need("clean-water", "GHA", "C4", "2014", size)
        sector.reach("on", "800", when="2015 2016")
        (gap,) = asked(sector, tmp_path).gaps
        assert gap.severity == 0
        assert gap.severity_high is not None and gap.severity_high > 50

    def test_a_size_in_another_unit_stays_binary(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("else", "b", "GHA", "finance", "2015", "2018")
        sector.sized_need("mercury", "GHA", "C4", "2014", "352", unit="tonnes per year")
        (gap,) = asked(sector, tmp_path).gaps
        assert (gap.severity, gap.need, gap.observed) == (None, None, None)
        assert "size not recorded in people" in gap.explanation

    def test_fewer_than_ten_people_are_never_told_of(self, tmp_path: Path) -> None:
        sector = Sector()
        running(sector)
        sector.sized_need("few", "GHA", "C1", "2014", "9")
        sector.sized_need("few-left", "GHA", "C4", "2014", "1000", "children")
        sector.sized_need("few-reached", "GHA", "C4", "2014", "1000", "women")
        sector.reach("on", "995", "children", when="2015 2016")
        sector.reach("on", "7", "women", when="2015 2016", number=2)
        found = asked(sector, tmp_path)
        (gap,) = found.gaps
        assert (gap.observed, gap.missing) == (0, 1)
        assert "Fewer than 10 people are recorded as reached" in gap.explanation
        assert [entry.detail for entry in gap.evidence if entry.kind == "reached"] == ["fewer than 10 people"]
        assert "1 need of fewer than 10 people is not shown." in found.notes

    def test_active_interventions_without_a_figure_make_it_less_certain(self, tmp_path: Path) -> None:
        sector = Sector()
        running(sector)
        running(sector, "silent")
        sector.sized_need("clean-water", "GHA", "C4", "2014", "1000")
        sector.reach("on", "300", when="2015 2016")
        (gap,) = asked(sector, tmp_path).gaps
        assert gap.confidence == "low"
        assert "so more may be reached" in gap.explanation
