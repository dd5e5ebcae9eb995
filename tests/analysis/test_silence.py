"""What nothing is recorded of, and who looked there: said apart, never among the gaps."""

from __future__ import annotations

from pathlib import Path

import pytest

from asmgraph.analysis import GapSet, Parameters, find_gaps
from asmgraph.analysis.findings import Unsaid
from asmgraph.analysis.gaps import scope_of
from asmgraph.analysis.kinds import silence
from asmgraph.records import VOCAB
from asmgraph.store.snapshots import Snapshot, current
from tests.analysis.sector import Sector

GROUPS = VOCAB + "population-group/"


def silent(found: GapSet) -> dict[tuple[str, str, str], str]:
    """Return the reasons by last part of place, theme and group."""

    def last(iri: str) -> str:
        return iri.rsplit("/", 1)[-1]

    return {(last(one.place), last(one.theme), last(one.group)): one.reason for one in found.silences}


def asked(sector: Sector, folder: Path, place: str | None = None, **more: object) -> GapSet:
    chosen = Parameters(place, "silence", as_of="2017-06-01", **more)  # type: ignore[arg-type]
    return find_gaps(sector.publish(folder), chosen)


def small() -> Sector:
    sector = Sector()
    sector.intervention("on", "a", "CD-NK", "mercury", "2015", "2018")
    sector.sized_need("clean-water", "CD-NK", "C4", "2014", "1000", "women")
    return sector


def test_there_are_no_gaps_of_this_kind(tmp_path: Path) -> None:
    found = asked(small(), tmp_path)
    assert (found.gaps, found.totals) == ((), {})
    assert found.frame().empty


def test_places_without_any_record_are_said_at_the_next_level(tmp_path: Path) -> None:
    snapshot = small().publish(tmp_path)
    world = silent(find_gaps(snapshot, Parameters(kind="silence", as_of="2017-06-01")))
    assert world["GHA", "", ""] == (
        "Nothing is recorded here. Looked there: A sector made for a test (all: actors, coordination ties, needs, "
        "participations)."
    )
    assert ("COD", "", "") not in world
    country = silent(find_gaps(snapshot, Parameters("COD", "silence", as_of="2017-06-01")))
    assert ("CD-SK", "", "") in country
    assert ("CD-NK", "", "") not in country
    assert not {place for place, theme, group in country if place == "GHA"}


def test_any_kind_of_record_ends_the_silence_of_a_place(tmp_path: Path) -> None:
    sector = small()
    sector.actor("b", more="asm:basedIn place:GHA ; ")
    sector.need("arrivals", "CIV", "C3")
    sector.turtle.append(
        'id:site\\/pit a asm:MineSite ; rdfs:label "A pit" ; asm:within place:PER ; '
        "dcterms:source <https://w3id.org/asmgraph/id/source/test> ."
    )
    said = silent(asked(sector, tmp_path))
    assert not {("GHA", "", ""), ("CIV", "", ""), ("PER", "", "")} & set(said)
    assert ("BOL", "", "") in said


def test_a_challenge_without_a_need_is_said_with_what_answers_it(tmp_path: Path) -> None:
    snapshot = small().publish(tmp_path)
    said = silent(find_gaps(snapshot, Parameters("COD", "silence", as_of="2017-06-01")))
    assert ("COD", "C4", "") not in said
    assert said["COD", "C3", ""].startswith("Neither a need of this nor an intervention that answers it")
    impact = said[("COD", "mercury", "")]
    assert impact.startswith(
        "No need of this is recorded, so none can be called unserved; 1 intervention answers it."
    )
    assert said["COD", "finance", ""].startswith("No intervention on this is recorded. Looked there:")
    elsewhere = silent(find_gaps(snapshot, Parameters("GHA", "silence", as_of="2017-06-01")))
    assert elsewhere["GHA", "C4", ""].startswith("Neither a need")


def test_a_group_is_silent_until_something_is_recorded_of_it(tmp_path: Path) -> None:
    sector = small()
    sector.reach("on", "50", "migrants")
    found = asked(sector, tmp_path)
    groups = {one.group.removeprefix(GROUPS) for one in found.silences if one.group and not one.theme}
    assert "children" in groups
    assert not {"women", "migrants"} & groups


def test_what_no_source_looked_for_is_said(tmp_path: Path) -> None:
    sector = small()
    sector.coverage = [
        {"covers": "participations", "found": "all", "place": "CD-NK"},
        {"covers": "needs", "found": "not-searched"},
    ]
    found = asked(sector, tmp_path, "COD")
    reasons = [one.reason for one in found.silences if not one.theme and not one.group]
    assert "No source says that it looked for this: needs." in reasons
    assert "Sources looked for this in parts of the place only: participations: North Kivu." in reasons
    (themes,) = (one.reason for one in found.silences if one.theme.endswith("challenge/C3"))
    assert themes.endswith("No source says that it looked there.")


def test_a_theme_asked_narrows_all_that_is_said(tmp_path: Path) -> None:
    said = silent(asked(small(), tmp_path, theme="C4"))
    assert said["GHA", "C4", ""].startswith("No intervention on this and no need of it is recorded here.")
    assert ("COD", "C4", "") not in said
    assert ("", "C3", "") not in said


def test_rows_are_of_one_axis_each(tmp_path: Path) -> None:
    """As many as places, themes and groups together, never as their products."""
    found = silence.rank(scope_of(small().publish(tmp_path), Parameters())).silences

    def axes(one: Unsaid) -> int:
        return sum(map(bool, (one.place, one.theme, one.group)))

    assert max(map(axes, found)) == 1


@pytest.fixture(scope="module")
def starter(starter_home: Path) -> Snapshot:
    return current(starter_home)


def test_it_holds_what_no_kind_can_say(starter: Snapshot) -> None:
    """The silences of each kind alone are all among those of this one, and those of all kinds together."""
    chosen = {"place": "COD", "as_of": "2026-11-24"}
    every = find_gaps(starter, Parameters(**chosen)).silences  # type: ignore[arg-type]
    alone = find_gaps(starter, Parameters(kind="silence", **chosen)).silences  # type: ignore[arg-type]
    unserved = find_gaps(starter, Parameters(kind="unserved-need", **chosen)).silences  # type: ignore[arg-type]
    assert alone == every
    assert unserved
    assert set(map(str, unserved)) < set(map(str, alone))


def test_the_starter_data_are_silent_on_provinces_of_the_drc(starter: Snapshot) -> None:
    said = silent(find_gaps(starter, Parameters("COD", "silence")))
    assert ("CD-MN", "", "") in said
    assert ("CD-NK", "", "") not in said
