"""Both kinds of gap on sectors small enough to know the answer by heart."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from asmgraph.analysis import Gap, GapSet, Parameters, find_gaps
from asmgraph.analysis.projection import project
from asmgraph.analysis.records import COLUMNS
from asmgraph.errors import NotFoundError
from asmgraph.records import ID
from asmgraph.store.snapshots import Snapshot, current
from tests.analysis.sector import ALL, Sector


@pytest.fixture(scope="module")
def starter(starter_home: Path) -> Snapshot:
    return current(starter_home)


def pairs(found: GapSet) -> set[str]:
    """Return the pairs of a result as 'a b', by slug."""
    return {
        " ".join(sorted(iri.rsplit("/", 1)[-1] for iri in gap.actors))
        for gap in found.gaps
        if gap.kind == "co-presence"
    }


def needs(found: GapSet) -> set[str]:
    """Return the unserved needs of a result as 'PLACE CHALLENGE'."""
    rows = [gap for gap in found.gaps if gap.kind == "unserved-need"]
    return {f"{gap.place.rsplit('/', 1)[-1]} {gap.theme.rsplit('/', 1)[-1]}" for gap in rows}


def one_overlap(sector: Sector, folder: Path, **given: object) -> GapSet:
    return find_gaps(sector.publish(folder), Parameters(min_overlap=1, **given))  # type: ignore[arg-type]


class TestCoPresence:
    def test_two_actors_side_by_side_are_found_with_both_interventions(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
        sector.intervention("two", "b", "GHA", "mercury", "2017", "2020")
        (gap,) = one_overlap(sector, tmp_path).gaps
        assert [entry.iri.rsplit("/", 1)[-1] for entry in gap.evidence] == ["one", "two"]
        assert gap.period == "2017-01-01–2018-12-31"
        assert gap.observed == 1
        assert all(entry.source_page == "https://example.org/page" for entry in gap.evidence)

    @pytest.mark.parametrize(
        ("difference", "place", "theme", "start", "end"),
        [
            ("another place", "PER", "mercury", "2017", "2020"),
            ("another theme", "GHA", "finance", "2017", "2020"),
            ("no overlap in time", "GHA", "mercury", "2019", "2020"),
            ("no date at all", "GHA", "mercury", "", ""),
            ("not begun on the day", "GHA", "mercury", "2100", "2101"),
        ],
    )
    def test_no_gap_with(
        self, tmp_path: Path, difference: str, place: str, theme: str, start: str, end: str
    ) -> None:
        sector = Sector()
        sector.intervention("one", "a", "GHA", "mercury", "2015", "2018" if end == "2020" else "2200")
        sector.intervention("two", "b", place, theme, start, end)
        assert pairs(one_overlap(sector, tmp_path)) == set(), difference

    def test_a_recorded_tie_ends_the_gap(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
        sector.intervention("two", "b c", "GHA", "mercury", "2017", "2020")
        sector.tie("a", "b")
        assert pairs(one_overlap(sector, tmp_path)) == {"a c"}

    def test_an_intervention_in_common_is_a_tie(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("one", "a b", "GHA", "mercury", "2015", "2018")
        sector.intervention("two", "b", "GHA", "mercury", "2015", "2018")
        assert pairs(one_overlap(sector, tmp_path)) == set()

    def test_a_network_in_common_is_a_tie(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.actor("net", "Network")
        sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
        sector.intervention("two", "b", "GHA", "mercury", "2015", "2018")
        sector.tie("a", "net", "network-membership")
        sector.tie("b", "net", "network-membership")
        assert pairs(one_overlap(sector, tmp_path)) == set()

    def test_min_overlap_counts_places_and_themes_that_overlap_in_time(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("one", "a", "GHA", "mercury finance", "2015", "2018")
        sector.intervention("two", "b", "GHA", "mercury finance", "2017", "2020")
        sector.intervention("three", "c", "GHA", "mercury", "2017", "2020")
        snapshot = sector.publish(tmp_path)
        assert pairs(find_gaps(snapshot, Parameters())) == {"a b"}
        assert pairs(find_gaps(snapshot, Parameters(min_overlap=1))) == {"a b", "a c", "b c"}

    def test_a_population_group_is_never_a_party(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.actor("village", "Community")
        sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
        sector.intervention("two", "village", "GHA", "mercury", "2015", "2018")
        assert pairs(one_overlap(sector, tmp_path)) == set()

    def test_where_no_source_records_ties_nothing_is_claimed(self, tmp_path: Path) -> None:
        sector = Sector(coverage=[entry for entry in ALL if entry["covers"] != "ties"])
        sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
        sector.intervention("two", "b", "GHA", "mercury", "2015", "2018")
        found = one_overlap(sector, tmp_path)
        assert pairs(found) == set()
        (silence,) = found.silences
        assert silence.reason.startswith(
            "Ties were not collected here for all of the time from 2015-01-01 to "
        )

    def test_a_partial_search_for_ties_gives_low_confidence(self, tmp_path: Path) -> None:
        sector = Sector(coverage=[{**entry, "found": "some"} for entry in ALL])
        sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
        sector.intervention("two", "b", "GHA", "mercury", "2015", "2018")
        assert [gap.confidence for gap in one_overlap(sector, tmp_path).gaps] == ["low"]

    def test_a_national_activity_is_not_present_in_each_province(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("one", "a", "COD", "mercury", "2015", "2018")
        sector.intervention("two", "b", "CD-NK", "mercury", "2015", "2018")
        sector.intervention("three", "c", "CD-NK", "mercury", "2015", "2018")
        snapshot = sector.publish(tmp_path)
        assert pairs(find_gaps(snapshot, Parameters(min_overlap=1, place_level=1))) == {"b c"}
        assert pairs(find_gaps(snapshot, Parameters(min_overlap=1))) == {"a b", "a c", "b c"}

    def test_a_crowded_cell_is_named_and_not_paired(self, tmp_path: Path) -> None:
        sector = Sector()
        for actor in "abcd":
            sector.intervention(f"of-{actor}", actor, "GHA", "mercury", "2015", "2018")
        found = one_overlap(sector, tmp_path, max_cell=3)
        assert pairs(found) == set()
        assert any("4 actors" in note for note in found.notes)

    def test_an_actor_that_asked_not_to_be_introduced_is_never_a_party(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.actor("alone", more="asm:noIntroduction true ; ")
        sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
        sector.intervention("two", "alone", "GHA", "mercury", "2015", "2018")
        assert pairs(one_overlap(sector, tmp_path)) == set()

    def test_an_actor_of_which_only_a_mention_is_public_is_never_a_party(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
        sector.intervention("two", "b", "GHA", "mercury", "2015", "2018")
        snapshot = sector.publish(tmp_path)
        projection = project(snapshot)
        hidden = replace(projection, actors={k: v for k, v in projection.actors.items() if "/b" not in k})
        assert hidden.may_be_party(f"{ID}actor/a")
        assert not hidden.may_be_party(f"{ID}actor/b")

    def test_overlaps_reach_no_further_than_the_day_asked(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("one", "a", "GHA", "mercury", "2015", "2030")
        sector.intervention("two", "b", "GHA", "mercury", "2016", "2030")
        (gap,) = one_overlap(sector, tmp_path, as_of="2017-05-06").gaps
        assert gap.period == "2016-01-01–2017-05-06"

    def test_ties_must_have_been_searched_for_the_whole_overlap(self, tmp_path: Path) -> None:
        late = [{**one, "from": "2016"} if one["covers"] == "ties" else one for one in ALL]
        sector = Sector(coverage=late)
        sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
        sector.intervention("two", "b", "GHA", "mercury", "2015", "2018")
        sector.intervention("three", "c", "GHA", "mercury", "2016", "2018")
        found = one_overlap(sector, tmp_path)
        assert pairs(found) == {"a c", "b c"}
        (silence,) = found.silences
        assert silence.reason.startswith(
            "Ties were not collected here for all of the time from 2015-01-01 to "
        )

    def test_in_a_province_places_are_compared_at_its_level(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("one", "a", "CD-NK", "mercury", "2015", "2018")
        sector.intervention("two", "b", "CD-NK", "mercury", "2015", "2018")
        sector.intervention("three", "c", "CD-SK", "mercury", "2015", "2018")
        snapshot = sector.publish(tmp_path)
        assert pairs(find_gaps(snapshot, Parameters("CD-NK", min_overlap=1))) == {"a b"}
        assert pairs(find_gaps(snapshot, Parameters("CD-NK", min_overlap=1, place_level=0))) == {"a b"}

    def test_a_place_in_two_countries_counts_in_both(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.turtle.append(
            'place:border a asm:Place ; rdfs:label "The border" ; asm:within place:GHA, place:CIV ; '
            "dcterms:source <https://w3id.org/asmgraph/id/source/test> ."
        )
        sector.intervention("one", "a", "border", "mercury", "2015", "2018")
        sector.intervention("two", "b", "GHA", "mercury", "2015", "2018")
        sector.intervention("three", "c", "CIV", "mercury", "2015", "2018")
        assert pairs(one_overlap(sector, tmp_path)) == {"a b", "a c"}

    def test_nothing_true_of_one_cell_is_said_of_another(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("one", "a", "GHA", "mercury", "2015", "2015")
        sector.intervention("two", "b", "GHA", "mercury", "2015", "2015")
        sector.intervention("three", "a", "PER", "finance", "2018", "2019")
        sector.intervention("four", "b", "PER", "finance", "2019", "2020")
        (gap,) = find_gaps(sector.publish(tmp_path), Parameters()).gaps
        assert gap.period == "2015-01-01–2015-12-31; 2019-01-01–2019-12-31"
        assert (
            "Ghana, reduction of mercury use (2015-01-01–2015-12-31); Peru, finance (2019-01-01–2019-12-31)."
            in gap.explanation.replace("mercury reduction", "reduction of mercury use")
        ), gap.explanation

    def test_an_assumed_end_is_said_and_is_no_evidence(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("one", "a", "GHA", "mercury", "2015")
        sector.intervention("two", "b", "GHA", "mercury", "2015", "2020")
        (gap,) = one_overlap(sector, tmp_path).gaps
        assert "18 months after the last dated event" in gap.explanation
        assert gap.evidence[0].dates == "2015–? (last dated event: 2015-01-01)"
        assert gap.period == "2015-01-01–2016-07-01"
        assert gap.newest_evidence == dt.date(2020, 12, 31)

    def test_a_cooperative_takes_part_in_its_own_country_alone(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.actor("coop", "MinerGroup", "asm:basedIn place:BOL ; ")
        sector.intervention("wide", "coop donor", "BOL COL", "mercury", "2015", "2018")
        sector.intervention("there", "a", "COL", "mercury", "2015", "2018")
        sector.intervention("here", "b", "BOL", "mercury", "2015", "2018")
        assert pairs(one_overlap(sector, tmp_path)) == {"b coop", "a donor", "b donor"}

    def test_where_nobody_looked_a_note_says_so(self, tmp_path: Path) -> None:
        sector = Sector(coverage=[])
        sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
        notes = find_gaps(sector.publish(tmp_path), Parameters()).notes
        assert sum("No source says that it looked for" in note for note in notes) == 3

    def test_a_challenge_selects_the_themes_that_address_it(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
        sector.intervention("two", "b", "GHA", "mercury", "2015", "2018")
        snapshot = sector.publish(tmp_path)
        assert pairs(find_gaps(snapshot, Parameters(theme="C4", min_overlap=1))) == {"a b"}
        assert pairs(find_gaps(snapshot, Parameters(theme="C6-finance", min_overlap=1))) == set()


class TestUnservedNeed:
    def test_a_need_without_an_active_intervention_is_found(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("old", "a", "GHA", "mercury", "2015", "2018")
        sector.intervention("on", "b", "GHA", "finance", "2015", "2020")
        sector.need("clean-water", "GHA", "C4", "2014")
        found = find_gaps(sector.publish(tmp_path), Parameters(as_of="2019-06-01"))
        assert needs(found) == {"GHA C4"}
        (gap,) = found.gaps
        assert [entry.kind for entry in gap.evidence] == ["need", "ended"]

    def test_an_active_intervention_serves_the_need(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("on", "a", "GHA", "mercury", "2015", "2018")
        sector.need("clean-water", "GHA", "C4", "2014")
        assert needs(find_gaps(sector.publish(tmp_path), Parameters(as_of="2017-06-01"))) == set()

    def test_an_unknown_state_neither_serves_nor_hides(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("once", "a", "GHA", "mercury", "2012")
        sector.intervention("on", "b", "GHA", "finance", "2015", "2018")
        sector.need("clean-water", "GHA", "C4", "2011")
        (gap,) = find_gaps(sector.publish(tmp_path), Parameters(as_of="2017-06-01")).gaps
        assert "state on that day is not known" in gap.explanation
        assert gap.confidence == "low"

    def test_a_need_stands_from_its_year_and_an_undated_one_always(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("on", "b", "GHA", "finance", "2015", "2018")
        sector.need("later", "GHA", "C4", "2018")
        sector.need("undated", "GHA", "C2")
        found = find_gaps(sector.publish(tmp_path), Parameters(as_of="2017-06-01"))
        assert needs(found) == {"GHA C2"}
        assert "not stated" in found.gaps[0].explanation

    def test_nothing_is_claimed_more_than_18_months_after_the_newest_presence(self, tmp_path: Path) -> None:
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

    def test_without_a_coverage_statement_nothing_is_claimed(self, tmp_path: Path) -> None:
        sector = Sector(coverage=[])
        sector.intervention("on", "b", "GHA", "finance", "2015", "2018")
        sector.need("clean-water", "GHA", "C4", "2014")
        assert find_gaps(sector.publish(tmp_path), Parameters(as_of="2017-06-01")).gaps == ()

    def test_a_national_activity_does_not_serve_a_district(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("national", "a", "COD", "mercury", "2015", "2018")
        sector.need("local", "CD-NK", "C4", "2014")
        sector.need("whole", "COD", "C4", "2014")
        found = find_gaps(sector.publish(tmp_path), Parameters(as_of="2017-06-01"))
        assert needs(found) == {"CD-NK C4"}
        assert "larger area only" in found.gaps[0].explanation
        assert found.gaps[0].evidence[-1].iri.endswith("/national")

    def test_an_intervention_in_a_part_serves_the_whole(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("local", "a", "CD-NK", "mercury", "2015", "2018")
        sector.need("whole", "COD", "C4", "2014")
        assert needs(find_gaps(sector.publish(tmp_path), Parameters(as_of="2017-06-01"))) == set()

    def test_a_planned_end_counts_where_no_end_is_recorded(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("on", "a", "GHA", "mercury", "2015", planned="2018")
        sector.need("clean-water", "GHA", "C4", "2014")
        sector.intervention("other", "a", "GHA", "finance", "2017", "2018")
        assert needs(find_gaps(sector.publish(tmp_path), Parameters(as_of="2018-06-01"))) == set()

    def test_an_intervention_in_a_country_serves_the_region(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("on", "a", "GHA", "mercury", "2015", "2018")
        sector.intervention("other", "b", "PER", "finance", "2015", "2018")
        for slug, place in (("one", "africa"), ("two", "world"), ("three", "latin-america")):
            sector.need(slug, place, "C4", "2014")
        found = find_gaps(sector.publish(tmp_path), Parameters(as_of="2017-06-01"))
        assert needs(found) == {"latin-america C4"}

    def test_nothing_is_claimed_of_the_days_before_a_source_begins(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("on", "a", "GHA", "finance", "2015", "2018")
        sector.need("clean-water", "GHA", "C4")
        found = find_gaps(sector.publish(tmp_path), Parameters("GHA", as_of="2014-12-31"))
        assert needs(found) == set()
        assert [one.reason for one in found.silences] == ["No source covers 2014-12-31 here."]
        assert found.notes == (
            "No source covers 2014-12-31: unserved needs cannot be judged on it. The newest is 2018-12-31.",
        )

    def test_each_source_is_dated_by_what_it_states_itself(self, tmp_path: Path) -> None:
        first, second = Sector(), Sector()
        for sector, end in ((first, "2016"), (second, "2018")):
            sector.intervention("on", "a", "GHA", "finance", "2015", end)
        first.need("clean-water", "GHA", "C4", "2014")
        first.publish(tmp_path, "first")
        found = find_gaps(second.publish(tmp_path, "second"), Parameters("GHA", as_of="2018-06-01"))
        assert [str(source.until) for source in found.coverage] == ["2016-12-31", "2018-12-31"]
        assert needs(found) == {"GHA C4"}

    def test_a_source_that_searched_nothing_covers_nothing(self, tmp_path: Path) -> None:
        first, second = Sector(), Sector(coverage=[{"covers": "participations", "found": "none"}])
        first.intervention("on", "a", "GHA", "finance", "2010", "2011")
        second.intervention("on", "a", "GHA", "finance", "2010", "2024")
        first.need("clean-water", "GHA", "C4", "2009")
        first.publish(tmp_path, "first")
        found = find_gaps(second.publish(tmp_path, "second"), Parameters("GHA", as_of="2025-06-01"))
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
        self, tmp_path: Path, searched: dict[str, str], judged: set[str]
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

    def test_what_two_sources_state_of_two_times_is_no_presence_between_them(self, tmp_path: Path) -> None:
        first, second = Sector(), Sector()
        first.intervention("on", "a", "GHA", "mercury", "2010", "2012")
        second.intervention("on", "a", "GHA", "mercury", "2018", "2020")
        first.intervention("other", "b", "GHA", "mercury", "2014", "2016")
        first.publish(tmp_path, "first")
        snapshot = second.publish(tmp_path, "second")
        assert pairs(find_gaps(snapshot, Parameters(min_overlap=1))) == set()

    def test_a_need_of_two_sources_stands_in_both_places_from_the_first_year(self, tmp_path: Path) -> None:
        first, second = Sector(), Sector()
        first.need("clean-water", "GHA", "C4", "2018")
        second.need("clean-water", "CIV", "C4", "2014")
        for place in ("GHA", "CIV"):
            first.intervention(f"on-{place}", "a", place, "finance", "2013", "2018")
        first.publish(tmp_path, "first")
        found = find_gaps(second.publish(tmp_path, "second"), Parameters(as_of="2017-06-01"))
        assert needs(found) == {"GHA C4", "CIV C4"}

    def test_the_latest_of_several_ends_counts_by_its_last_day(self, tmp_path: Path) -> None:
        first, second = Sector(), Sector()
        first.intervention("on", "a", "GHA", "mercury", "2015", "2018")
        second.intervention("on", "a", "GHA", "mercury", "2015", "2018-03-01")
        first.need("clean-water", "GHA", "C4", "2014")
        first.publish(tmp_path, "first")
        found = find_gaps(second.publish(tmp_path, "second"), Parameters(as_of="2018-06-01"))
        assert needs(found) == set()

    def test_an_end_in_the_year_of_reading_covers_no_day_after_its_beginning(self, tmp_path: Path) -> None:
        sector = Sector()
        this_year = dt.datetime.now(dt.UTC).year
        sector.intervention("on", "a", "GHA", "finance", str(this_year - 1), str(this_year))
        found = find_gaps(sector.publish(tmp_path), Parameters("GHA"))
        assert found.latest_covered == dt.date(this_year, 1, 1)

    def test_a_challenge_selects_needs_of_its_parts(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("on", "a", "GHA", "child-labour", "2015", "2018")
        sector.need("credit", "GHA", "C6-finance", "2014")
        sector.need("support", "GHA", "C6", "2014")
        snapshot = sector.publish(tmp_path)
        for theme, expected in (("C6", {"GHA C6", "GHA C6-finance"}), ("C6-finance", {"GHA C6-finance"})):
            assert needs(find_gaps(snapshot, Parameters(theme=theme, as_of="2017-06-01"))) == expected


class TestParameters:
    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"place": "XYZ"}, "No place"),
            ({"theme": "cooking"}, "no theme"),
            ({"kind": "silly"}, "no kind"),
            ({"as_of": "yesterday"}, "not a date"),
            ({"as_of": "0001-01-01"}, "not a date"),
            ({"as_of": "9999-12-31"}, "not a date"),
        ],
    )
    def test_what_is_not_known_is_said(self, starter: Snapshot, given: dict[str, str], said: str) -> None:
        with pytest.raises(NotFoundError, match=said):
            find_gaps(starter, Parameters(**given))  # type: ignore[arg-type]

    def test_a_place_is_found_by_code_slug_and_name(self, starter: Snapshot) -> None:
        found = {
            find_gaps(starter, Parameters(place=text)).place
            for text in ("COD", "cod", "Democratic Republic of the Congo")
        }
        assert found == {"https://w3id.org/asmgraph/id/place/COD"}

    def test_theme_filter_narrows_both_kinds(self, starter: Snapshot) -> None:
        chosen = Parameters(theme="mercury", as_of="latest-covered", min_overlap=1)
        rows = find_gaps(starter, chosen).gaps
        assert {gap.theme.rsplit("/", 1)[-1] for gap in rows if gap.kind == "co-presence"} <= {"mercury"}
        assert len(rows) < len(find_gaps(starter, Parameters(as_of="latest-covered", min_overlap=1)).gaps)


class TestStarterData:
    def test_both_kinds_come_out_of_the_starter_data(self, starter: Snapshot) -> None:
        found = find_gaps(starter, Parameters(place="COD", as_of="latest-covered"))
        assert {gap.kind for gap in found.gaps} == {"co-presence", "unserved-need"}
        assert all(gap.evidence for gap in found.gaps)

    def test_the_same_question_has_the_same_answer(self, starter: Snapshot) -> None:
        one = find_gaps(starter, Parameters(place="COD", as_of="latest-covered"))
        assert one == find_gaps(starter, Parameters(place="COD", as_of="latest-covered"))
        assert len({gap.gap_iri for gap in one.gaps}) == len(one.gaps)

    def test_the_frame_has_the_columns_that_every_kind_shares(self, starter: Snapshot) -> None:
        frame = find_gaps(starter, Parameters(place="COD")).frame()
        assert tuple(frame.columns) == COLUMNS

    def test_no_sentence_blames_and_each_action_begins_with_checking(self, starter: Snapshot) -> None:
        def fair(gap: Gap) -> bool:
            return gap.action.startswith("Check") and "withh" not in gap.explanation

        assert all(map(fair, find_gaps(starter, Parameters(as_of="latest-covered", min_overlap=1)).gaps))


class TestCoverage:
    def test_a_source_on_one_theme_does_not_date_the_others(self, tmp_path: Path) -> None:
        narrow = {"covers": "participations", "found": "all", "theme": "intervention-type/finance"}
        sector = Sector(coverage=[narrow])
        sector.intervention("on", "b", "GHA", "finance", "2015", "2018")
        sector.need("clean-water", "GHA", "C4", "2014")
        sector.need("credit", "GHA", "C5", "2014")
        found = find_gaps(sector.publish(tmp_path), Parameters(as_of="2018-12-31"))
        assert needs(found) == set()
        assert {silence.theme.rsplit("/", 1)[-1] for silence in found.silences} == {"C4"}

    def test_a_challenge_that_no_intervention_type_addresses_is_no_gap(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.intervention("on", "b", "GHA", "finance", "2015", "2018")
        sector.need("arrivals", "GHA", "C3", "2014")
        found = find_gaps(sector.publish(tmp_path), Parameters(as_of="2017-06-01"))
        assert needs(found) == set()
        assert len(found.silences) == 1
