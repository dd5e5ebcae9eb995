"""Pairs side by side, on sectors small enough to know the answer by heart."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from asmgraph.analysis import Parameters, find_gaps
from asmgraph.analysis.projection import project
from asmgraph.records import ID
from tests.analysis.sector import ALL, Sector, one_overlap, pairs


def test_two_actors_side_by_side_are_found_with_both_interventions(tmp_path: Path) -> None:
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
def test_no_gap_with(tmp_path: Path, difference: str, place: str, theme: str, start: str, end: str) -> None:
    sector = Sector()
    sector.intervention("one", "a", "GHA", "mercury", "2015", "2018" if end == "2020" else "2200")
    sector.intervention("two", "b", place, theme, start, end)
    assert pairs(one_overlap(sector, tmp_path)) == set(), difference


def test_a_recorded_tie_ends_the_gap(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
    sector.intervention("two", "b c", "GHA", "mercury", "2017", "2020")
    sector.tie("a", "b")
    assert pairs(one_overlap(sector, tmp_path)) == {"a c"}


def test_an_intervention_in_common_is_a_tie(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("one", "a b", "GHA", "mercury", "2015", "2018")
    sector.intervention("two", "b", "GHA", "mercury", "2015", "2018")
    assert pairs(one_overlap(sector, tmp_path)) == set()


def test_a_network_in_common_is_a_tie(tmp_path: Path) -> None:
    sector = Sector()
    sector.actor("net", "Network")
    sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
    sector.intervention("two", "b", "GHA", "mercury", "2015", "2018")
    sector.tie("a", "net", "network-membership")
    sector.tie("b", "net", "network-membership")
    assert pairs(one_overlap(sector, tmp_path)) == set()


def test_min_overlap_counts_places_and_themes_that_overlap_in_time(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("one", "a", "GHA", "mercury finance", "2015", "2018")
    sector.intervention("two", "b", "GHA", "mercury finance", "2017", "2020")
    sector.intervention("three", "c", "GHA", "mercury", "2017", "2020")
    snapshot = sector.publish(tmp_path)
    assert pairs(find_gaps(snapshot, Parameters())) == {"a b"}
    assert pairs(find_gaps(snapshot, Parameters(min_overlap=1))) == {"a b", "a c", "b c"}


def test_a_population_group_is_never_a_party(tmp_path: Path) -> None:
    sector = Sector()
    sector.actor("village", "Community")
    sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
    sector.intervention("two", "village", "GHA", "mercury", "2015", "2018")
    assert pairs(one_overlap(sector, tmp_path)) == set()


def test_where_no_source_records_ties_nothing_is_claimed(tmp_path: Path) -> None:
    sector = Sector(coverage=[entry for entry in ALL if entry["covers"] != "ties"])
    sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
    sector.intervention("two", "b", "GHA", "mercury", "2015", "2018")
    found = one_overlap(sector, tmp_path)
    assert pairs(found) == set()
    (silence,) = found.silences
    assert silence.reason.startswith("Ties were not collected here for all of the time from 2015-01-01 to ")


def test_a_partial_search_for_ties_gives_low_confidence(tmp_path: Path) -> None:
    sector = Sector(coverage=[{**entry, "found": "some"} for entry in ALL])
    sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
    sector.intervention("two", "b", "GHA", "mercury", "2015", "2018")
    assert [gap.confidence for gap in one_overlap(sector, tmp_path).gaps] == ["low"]


def test_a_national_activity_is_not_present_in_each_province(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("one", "a", "COD", "mercury", "2015", "2018")
    sector.intervention("two", "b", "CD-NK", "mercury", "2015", "2018")
    sector.intervention("three", "c", "CD-NK", "mercury", "2015", "2018")
    snapshot = sector.publish(tmp_path)
    assert pairs(find_gaps(snapshot, Parameters(min_overlap=1, place_level=1))) == {"b c"}
    assert pairs(find_gaps(snapshot, Parameters(min_overlap=1))) == {"a b", "a c", "b c"}


def test_a_crowded_cell_is_named_and_not_paired(tmp_path: Path) -> None:
    sector = Sector()
    for actor in "abcd":
        sector.intervention(f"of-{actor}", actor, "GHA", "mercury", "2015", "2018")
    found = one_overlap(sector, tmp_path, max_cell=3)
    assert pairs(found) == set()
    assert any("4 actors" in note for note in found.notes)


def test_an_actor_that_asked_not_to_be_introduced_is_never_a_party(tmp_path: Path) -> None:
    sector = Sector()
    sector.actor("alone", more="asm:noIntroduction true ; ")
    sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
    sector.intervention("two", "alone", "GHA", "mercury", "2015", "2018")
    assert pairs(one_overlap(sector, tmp_path)) == set()


def test_an_actor_of_which_only_a_mention_is_public_is_never_a_party(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
    sector.intervention("two", "b", "GHA", "mercury", "2015", "2018")
    snapshot = sector.publish(tmp_path)
    projection = project(snapshot)
    hidden = replace(projection, actors={k: v for k, v in projection.actors.items() if "/b" not in k})
    assert hidden.may_be_party(f"{ID}actor/a")
    assert not hidden.may_be_party(f"{ID}actor/b")


def test_overlaps_reach_no_further_than_the_day_asked(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("one", "a", "GHA", "mercury", "2015", "2030")
    sector.intervention("two", "b", "GHA", "mercury", "2016", "2030")
    (gap,) = one_overlap(sector, tmp_path, as_of="2017-05-06").gaps
    assert gap.period == "2016-01-01–2017-05-06"


def test_only_the_time_in_which_ties_were_searched_counts(tmp_path: Path) -> None:
    late = [{**one, "from": "2016"} if one["covers"] == "ties" else one for one in ALL]
    sector = Sector(coverage=late)
    sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
    sector.intervention("two", "b", "GHA", "mercury", "2015", "2018")
    sector.intervention("three", "c", "PER", "mercury", "2013", "2015-06")
    sector.intervention("four", "d", "PER", "mercury", "2014", "2015-06")
    found = one_overlap(sector, tmp_path)
    assert pairs(found) == {"a b"}
    assert found.gaps[0].period == "2016-01-01–2018-12-31"
    (silence,) = found.silences
    assert silence.place == f"{ID}place/PER"
    assert silence.reason == "Ties were not collected here for all of the time from 2013-01-01 to 2015-06-30."


def test_in_a_province_places_are_compared_at_its_level(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("one", "a", "CD-NK", "mercury", "2015", "2018")
    sector.intervention("two", "b", "CD-NK", "mercury", "2015", "2018")
    sector.intervention("three", "c", "CD-SK", "mercury", "2015", "2018")
    snapshot = sector.publish(tmp_path)
    assert pairs(find_gaps(snapshot, Parameters("CD-NK", min_overlap=1))) == {"a b"}
    assert pairs(find_gaps(snapshot, Parameters("CD-NK", min_overlap=1, place_level=0))) == {"a b"}


def test_a_place_in_two_countries_counts_in_both(tmp_path: Path) -> None:
    sector = Sector()
    sector.turtle.append(
        'place:border a asm:Place ; rdfs:label "The border" ; asm:within place:GHA, place:CIV ; '
        "dcterms:source <https://w3id.org/asmgraph/id/source/test> ."
    )
    sector.intervention("one", "a", "border", "mercury", "2015", "2018")
    sector.intervention("two", "b", "GHA", "mercury", "2015", "2018")
    sector.intervention("three", "c", "CIV", "mercury", "2015", "2018")
    assert pairs(one_overlap(sector, tmp_path)) == {"a b", "a c"}


def test_nothing_true_of_one_cell_is_said_of_another(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("one", "a", "GHA", "mercury", "2015", "2015")
    sector.intervention("two", "b", "GHA", "mercury", "2015", "2015")
    sector.intervention("three", "a", "PER", "finance", "2018", "2019")
    sector.intervention("four", "b", "PER", "finance", "2019", "2020")
    (gap,) = find_gaps(sector.publish(tmp_path), Parameters(kind="co-presence")).gaps
    assert gap.period == "2015-01-01–2015-12-31; 2019-01-01–2019-12-31"
    assert (
        "Ghana, reduction of mercury use (2015-01-01–2015-12-31); Peru, finance (2019-01-01–2019-12-31)."
        in gap.explanation.replace("mercury reduction", "reduction of mercury use")
    ), gap.explanation


def test_an_assumed_end_is_said_and_is_no_evidence(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("one", "a", "GHA", "mercury", "2015")
    sector.intervention("two", "b", "GHA", "mercury", "2015", "2020")
    (gap,) = one_overlap(sector, tmp_path).gaps
    assert "18 months after the last dated event" in gap.explanation
    assert gap.evidence[0].dates == "2015–? (last dated event: 2015-01-01)"
    assert gap.period == "2015-01-01–2016-07-01"
    assert gap.newest_evidence == dt.date(2020, 12, 31)


def test_a_cooperative_takes_part_in_its_own_country_alone(tmp_path: Path) -> None:
    sector = Sector()
    sector.actor("coop", "MinerGroup", "asm:basedIn place:BOL ; ")
    sector.intervention("wide", "coop donor", "BOL COL", "mercury", "2015", "2018")
    sector.intervention("there", "a", "COL", "mercury", "2015", "2018")
    sector.intervention("here", "b", "BOL", "mercury", "2015", "2018")
    assert pairs(one_overlap(sector, tmp_path)) == {"b coop", "a donor", "b donor"}


def test_where_nobody_looked_a_note_says_so(tmp_path: Path) -> None:
    sector = Sector(coverage=[])
    sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
    notes = find_gaps(sector.publish(tmp_path), Parameters()).notes
    assert sum("No source says that it looked for" in note for note in notes) == 5


def test_a_challenge_selects_the_themes_that_address_it(tmp_path: Path) -> None:
    sector = Sector()
    sector.intervention("one", "a", "GHA", "mercury", "2015", "2018")
    sector.intervention("two", "b", "GHA", "mercury", "2015", "2018")
    snapshot = sector.publish(tmp_path)
    assert pairs(find_gaps(snapshot, Parameters(theme="C4", min_overlap=1))) == {"a b"}
    assert pairs(find_gaps(snapshot, Parameters(theme="C6-finance", min_overlap=1))) == set()


def test_a_narrower_theme_meets_its_broader_one(tmp_path: Path) -> None:
    narrower = "mercury-free-technology"
    sector = Sector()
    sector.intervention("one", "a", "GHA", narrower, "2015", "2018")
    sector.intervention("two", "b", "GHA", "mercury", "2017", "2020")
    snapshot = sector.publish(tmp_path)
    assert pairs(find_gaps(snapshot, Parameters(min_overlap=1))) == {"a b"}
    assert pairs(find_gaps(snapshot, Parameters(min_overlap=1, theme=narrower))) == set()


def test_one_meeting_on_a_narrower_theme_counts_once(tmp_path: Path) -> None:
    narrower = "mercury-free-technology"
    sector = Sector()
    sector.intervention("one", "a", "GHA", narrower, "2015", "2018")
    sector.intervention("two", "b", "GHA", narrower, "2017", "2020")
    snapshot = sector.publish(tmp_path)
    assert pairs(find_gaps(snapshot, Parameters(min_overlap=2))) == set()
    for theme in (None, "mercury"):
        (gap,) = find_gaps(snapshot, Parameters(kind="co-presence", min_overlap=1, theme=theme)).gaps
        assert (gap.observed, gap.theme.rsplit("/", 1)[-1]) == (1.0, narrower)


def test_a_search_on_a_theme_covers_what_is_narrower(tmp_path: Path) -> None:
    searched = [{"covers": "ties", "found": "none", "theme": "intervention-type/mercury"}]
    sector = Sector(coverage=searched)
    for slug, actor in (("one", "a"), ("two", "b")):
        sector.intervention(slug, actor, "GHA", "mercury-free-technology", "2015", "2018")
    found = find_gaps(sector.publish(tmp_path), Parameters(kind="co-presence", min_overlap=1))
    assert (pairs(found), found.silences) == ({"a b"}, ())
    assert found.gaps[0].confidence == "medium"
