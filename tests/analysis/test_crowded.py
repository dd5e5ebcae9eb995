"""Places and themes with many actors of which ties join few."""

from __future__ import annotations

from pathlib import Path

from asmgraph.analysis import Gap, Parameters, find_gaps
from tests.analysis.sector import ALL, Sector

CROWDED = Parameters(kind="crowded")


def _crowd(actors: str, theme: str = "mercury", sector: Sector | None = None) -> Sector:
    made = sector or Sector()
    for actor in actors:
        made.intervention(f"{theme}-{actor}", actor, "GHA", theme, "2015", "2018")
    return made


def _members(gap: Gap) -> str:
    return "".join(sorted(iri[-1] for iri in gap.actors))


def test_actors_that_ties_do_not_join_are_a_crowd(tmp_path: Path) -> None:
    sector = _crowd("abcde")
    sector.tie("a", "b")
    sector.tie("b", "c")
    (gap,) = find_gaps(sector.publish(tmp_path), CROWDED).gaps
    assert (_members(gap), gap.observed, gap.missing) == ("abcde", 5, 0.4)
    assert "recorded ties join at most 3 of them. 2 have none with another: D; E." in gap.explanation
    assert len(gap.evidence) == 5
    assert gap.evidence[0].detail == "tied to 2 others"
    assert gap.period == "2015-01-01–2018-12-31"


def test_of_many_without_a_tie_the_first_are_named(tmp_path: Path) -> None:
    sector = _crowd("abcdefgh")
    sector.tie("a", "b")
    (gap,) = find_gaps(sector.publish(tmp_path), CROWDED).gaps
    assert "6 have none with another: C; D; E; F; G; 1 more." in gap.explanation


def test_fewer_than_asked_are_none(tmp_path: Path) -> None:
    snapshot = _crowd("abcd").publish(tmp_path)
    assert not find_gaps(snapshot, CROWDED).gaps
    assert len(find_gaps(snapshot, Parameters(kind="crowded", min_actors=4)).gaps) == 1


def test_the_last_tie_ends_it(tmp_path: Path) -> None:
    sector = _crowd("abcde")
    for a, b in ("ab", "bc", "cd"):
        sector.tie(a, b)
    snapshot = sector.publish(tmp_path)
    assert len(find_gaps(snapshot, CROWDED).gaps) == 1
    assert not find_gaps(snapshot, Parameters(kind="crowded", meets=(("d", "e"),))).gaps


def test_the_narrower_of_two_themes_with_the_same_actors_counts(tmp_path: Path) -> None:
    sector = _crowd("abcde", "mercury-free-technology")
    snapshot = sector.publish(tmp_path)
    assert [gap.theme.rsplit("/", 1)[-1] for gap in find_gaps(snapshot, CROWDED).gaps] == [
        "mercury-free-technology"
    ]
    more = _crowd("f", "mercury", sector)
    themes = {
        gap.theme.rsplit("/", 1)[-1] for gap in find_gaps(more.publish(tmp_path / "more"), CROWDED).gaps
    }
    assert themes == {"mercury-free-technology", "mercury"}


def test_a_network_that_some_share_is_named(tmp_path: Path) -> None:
    sector = _crowd("abcde")
    sector.actor("forum", "Network")
    for member in "ab":
        sector.tie(member, "forum", "network-membership")
    (gap,) = find_gaps(sector.publish(tmp_path), CROWDED).gaps
    assert "Some are members of a network: FORUM." in gap.explanation


def test_where_nobody_looked_for_ties_there_is_none(tmp_path: Path) -> None:
    sector = _crowd("abcde")
    sector.coverage = [one for one in ALL if one["covers"] != "ties"]
    found = find_gaps(sector.publish(tmp_path), CROWDED)
    assert not found.gaps
    assert "No source says that it looked for ties: no pair can be named." in found.notes


def test_a_crowd_too_large_to_pair_says_so(tmp_path: Path) -> None:
    (gap,) = find_gaps(_crowd("abcdef").publish(tmp_path), Parameters(kind="crowded", max_cell=5)).gaps
    assert gap.explanation.endswith("With more than 5 actors they are not paired one by one.")


def test_people_in_need_weigh(tmp_path: Path) -> None:
    sector = _crowd("abcde")
    _crowd("abcde", "finance", sector)
    sector.need("water", "GHA", "C4", "2014")
    found = find_gaps(sector.publish(tmp_path), CROWDED).gaps
    assert [(gap.theme.rsplit("/", 1)[-1], gap.severity is None) for gap in found] == [
        ("mercury", False),
        ("finance", True),
    ]
