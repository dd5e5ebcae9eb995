"""Voice: who has a recorded path of knowledge to an actor of policy, and who has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from asmgraph.analysis import Gap, GapSet, Parameters, find_gaps
from tests.analysis.sector import Sector, rows


def voice(sector: Sector, folder: Path, **given: object) -> GapSet:
    return find_gaps(sector.publish(folder), Parameters(kind="voice", **given))  # type: ignore[arg-type]


def only(found: GapSet) -> Gap:
    (gap,) = found.gaps
    return gap


@pytest.fixture
def sector() -> Sector:
    """A group of which nothing reaches policy, a ministry, and a group elsewhere whose knowledge does."""
    made = Sector()
    made.group("unheard", "GHA")
    made.body("ministry", "GHA")
    made.group("heard", "COD")
    made.flow("heard", fromActor="actor:heard", toActor="actor:ministry")
    return made


class TestWho:
    def test_a_group_without_a_path_makes_a_row_and_one_with_a_path_none(
        self, sector: Sector, tmp_path: Path
    ) -> None:
        found = voice(sector, tmp_path)
        assert rows(found, "voice") == [("GHA", "")]
        assert (only(found).observed, only(found).missing) == (1, 1)

    def test_only_groups_that_nobody_but_their_members_controls_are_voice(self, tmp_path: Path) -> None:
        sector = Sector()
        for country, control in (("PER", "pit-owners"), ("COL", "traders"), ("BOL", "officials")):
            sector.group(country, country, control)
        dispute = "asm:controlledBy <https://w3id.org/asmgraph/vocab/controlled-by/traders> ; "
        sector.group("disputed", "GHA", more=dispute)
        sector.group("unsaid", "COD", "")
        sector.group("unknown", "COD", "unknown")
        sector.actor("hamlet", "Community", "asm:basedIn place:UGA ; ")
        sector.actor("nowhere", "Community")
        found = voice(sector, tmp_path)
        assert rows(found, "voice") == [("UGA", "")]
        assert "communities: 1" in only(found).explanation
        said = {silence.place[-3:]: silence.reason for silence in found.silences}
        assert sorted(said) == ["", "COD"]
        assert said["COD"].startswith("Of 2 miners' groups here it is not recorded who controls them")
        assert "where it is based" in said[""]

    def test_the_share_is_of_a_place(self, sector: Sector, tmp_path: Path) -> None:
        sector.group("second", "COD")
        found = voice(sector, tmp_path)
        shares = {gap.place[-3:]: gap.missing for gap in found.gaps}
        assert shares == {"GHA": 1.0, "COD": 0.5}


FLOWS = {
    # A flow from a group in each of these countries: does it end the gap there?
    "COL": ({"toActor": "actor:ministry"}, True),
    "PER": ({"intermediary": "actor:ngo", "toActor": "actor:ministry"}, True),
    "BOL": ({"toPolicy": "policy:code"}, True),
    "UGA": ({"toActor": "actor:bank"}, True),
    "TZA": ({"toActor": "actor:heard"}, True),
    "KEN": ({"toActor": "actor:school"}, False),
    "GIN": ({"toActor": "actor:ministry", "date": '"2124"^^xsd:gYear'}, False),
}


class TestPaths:
    """What ends the gap of a group, and what looks like it and does not."""

    def test_some_flows_end_the_gap_and_some_do_not(self, sector: Sector, tmp_path: Path) -> None:
        sector.actor("ngo")
        sector.actor("bank")
        sector.actor("school")
        sector.thing("policy:code", "Policy", issuedBy="actor:bank")
        for country, (said, _) in FLOWS.items():
            sector.group(country.lower(), country)
            sector.flow(country, fromActor=f"actor:{country.lower()}", **said)
        places = {place for place, _ in rows(voice(sector, tmp_path), "voice")}
        assert places == {"GHA", *(country for country, (_, ends) in FLOWS.items() if not ends)}

    def test_what_goes_to_a_group_or_comes_from_a_name_is_no_path(
        self, sector: Sector, tmp_path: Path
    ) -> None:
        sector.thing("item:notes", "Document", heldBy="actor:unheard")
        sector.flow("back", fromActor="actor:ministry", toActor="actor:unheard")
        sector.flow("named", fromName='"miners"', knowledgeItem="item:notes", toActor="actor:ministry")
        assert rows(voice(sector, tmp_path), "voice") == [("GHA", "")]

    def test_a_path_may_be_too_long(self, sector: Sector, tmp_path: Path) -> None:
        for a, b in (("unheard", "a"), ("a", "b"), ("b", "ministry")):
            sector.actor(a)
            sector.actor(b)
            sector.flow(f"{a}-{b}", fromActor=f"actor:{a}", toActor=f"actor:{b}")
        snapshot = sector.publish(tmp_path)
        found = {
            steps: len(find_gaps(snapshot, Parameters(kind="voice", max_path=steps)).gaps) for steps in (2, 3)
        }
        assert found == {2: 1, 3: 0}

    def test_a_citation_of_what_a_group_holds_or_of_what_derives_from_it_is_a_path(
        self, sector: Sector, tmp_path: Path
    ) -> None:
        sector.group("source", "PER")
        sector.thing("item:told", "Document", heldBy="actor:source")
        sector.thing("item:notes", "Document", heldBy="actor:unheard")
        sector.thing("item:report", "Document")
        sector.thing("policy:code", "Policy", issuerName='"A_ministry"')
        sector.turtle += [
            "item:report prov:wasDerivedFrom item:notes .",
            "policy:code cito:citesAsEvidence item:report, item:told .",
        ]
        assert not voice(sector, tmp_path).gaps

    def test_a_tie_of_sharing_data_is_a_step_where_it_has_a_direction(
        self, sector: Sector, tmp_path: Path
    ) -> None:
        for country in ("PER", "COL"):
            sector.group(country, country)
            sector.tie(country, "ministry", "data-sharing")
        sector.tie("unheard", "ministry", "network-membership")
        sector.turtle.append("id:tie\\/PER--ministry asm:fromParty actor:PER ; asm:toParty actor:ministry .")
        snapshot = sector.publish(tmp_path)
        found = {
            kind: {
                place
                for place, _ in rows(find_gaps(snapshot, Parameters(kind="voice", tie_kinds=kind)), "voice")
            }
            for kind in ((), ("data-sharing",), ("partnership",))
        }
        without = {"GHA", "COL"}
        assert found == {(): without, ("data-sharing",): without, ("partnership",): without | {"PER"}}


class TestSaid:
    def test_without_a_search_nothing_is_claimed(self, sector: Sector, tmp_path: Path) -> None:
        sector.coverage = [{"covers": "actors", "found": "all"}]
        found = voice(sector, tmp_path)
        assert not found.gaps
        assert {silence.place[-3:] for silence in found.silences} == {"GHA", "COD"}

    def test_a_search_for_citations_will_do(self, sector: Sector, tmp_path: Path) -> None:
        sector.coverage = [{"covers": "policy-citations", "found": "some", "place": "GHA"}]
        found = voice(sector, tmp_path)
        assert (rows(found, "voice"), only(found).confidence) == ([("GHA", "")], "low")

    def test_local_groups_are_counted_and_never_named(self, sector: Sector, tmp_path: Path) -> None:
        sector.group("quiet", "GHA")
        sector.flow("two", fromActor="actor:quiet", toActor="actor:heard")
        gap = only(voice(sector, tmp_path))
        text = str(gap.row()) + str(gap.evidence)
        assert [slug for slug in ("heard", "HEARD", "quiet", "QUIET") if slug in text] == []
        assert "a miners' group → a miners' group → MINISTRY" in gap.explanation
        assert gap.evidence

    def test_gatekeepers_are_found(self, tmp_path: Path) -> None:
        sector = Sector()
        for slug in ("one", "two", "mute"):
            sector.group(slug, "GHA")
        sector.body("donor", "GHA", "donor")
        sector.body("ministry", "GHA")
        sector.flow("one", fromActor="actor:one", toActor="actor:donor")
        sector.flow("two", fromActor="actor:two", toActor="actor:donor")
        sector.flow("on", fromActor="actor:donor", toActor="actor:ministry")
        gap = only(voice(sector, tmp_path))
        assert "through 1 of them: DONOR" in gap.explanation
        assert [actor.rsplit("/", 1)[-1] for actor in gap.actors] == ["donor"]

    def test_the_need_behind_it_makes_it_severe(self, sector: Sector, tmp_path: Path) -> None:
        sector.group("other", "COL")
        sector.need("seat", "COL", "C7")
        found = voice(sector, tmp_path)
        assert [place for place, _ in rows(found, "voice")] == ["COL", "GHA"]
        assert found.gaps[0].severity is not None
        assert found.gaps[1].severity is None

    def test_actions_begin_with_checking_the_record(self, sector: Sector, tmp_path: Path) -> None:
        assert only(voice(sector, tmp_path)).action.startswith("Check the record")


class TestLaws:
    def test_duplicates_order_and_what_has_nothing_to_do_with_it_change_nothing(
        self, sector: Sector, tmp_path: Path
    ) -> None:
        first = voice(sector, tmp_path / "a")
        again = Sector(turtle=[*reversed(sector.turtle), *sector.turtle])
        again.body("far", "PER")
        again.flow("far", fromActor="actor:far", toName='"nobody"')
        second = voice(again, tmp_path / "b")
        assert [gap.row() | {"evidence_iris": 0} for gap in first.gaps] == [
            gap.row() | {"evidence_iris": 0} for gap in second.gaps
        ]

    def test_other_names_change_nothing_else(self, sector: Sector, tmp_path: Path) -> None:
        first = voice(sector, tmp_path / "a")
        renamed = Sector(
            turtle=[text.replace("heard", "zz").replace("ministry", "aa") for text in sector.turtle]
        )
        assert [gap.gap_iri for gap in voice(renamed, tmp_path / "b").gaps] == [
            gap.gap_iri for gap in first.gaps
        ]
