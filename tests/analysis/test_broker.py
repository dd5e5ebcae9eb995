"""Fragile brokers: cut points of published networks, who is cut off, what is suggested, whom no row names."""

from __future__ import annotations

from pathlib import Path

import pytest

from asmgraph.analysis import Gap, GapSet, Parameters, find_gaps
from tests.analysis.published import FLORENCE, KITE
from tests.analysis.sector import Sector

Made = dict[str, Gap]


def made(sector: Sector, folder: Path, **asked: object) -> GapSet:
    return find_gaps(sector.publish(folder), Parameters(kind="broker", **asked))  # type: ignore[arg-type]


def by_slug(found: GapSet) -> Made:
    return {gap.actors[0].rsplit("/", 1)[-1]: gap for gap in found.gaps}


@pytest.fixture(scope="module")
def kite(tmp_path_factory: pytest.TempPathFactory) -> Made:
    sector = Sector()
    sector.network(KITE)
    sector.need("mercury", "COD", "C4", "2020")
    return by_slug(made(sector, tmp_path_factory.mktemp("kite")))


@pytest.fixture(scope="module")
def florence(tmp_path_factory: pytest.TempPathFactory) -> Made:
    sector = Sector()
    sector.network(FLORENCE)
    return by_slug(made(sector, tmp_path_factory.mktemp("florence")))


class TestPublishedNetworks:
    def test_the_cut_points_of_the_kite_are_brokers_the_worst_first(self, kite: Made) -> None:
        assert list(kite) == ["heather", "ike"]

    def test_without_heather_the_kite_is_fragmented_as_borgatti_has_it(self, kite: Made) -> None:
        assert kite["heather"].observed == pytest.approx(0.389, abs=0.0005)
        assert kite["heather"].expected == 0

    def test_the_cut_points_of_florence_are_brokers(self, florence: Made) -> None:
        assert sorted(florence) == ["albizzi", "guadagni", "medici", "salviati"]

    def test_the_constraint_of_the_medici_is_said(self, florence: Made) -> None:
        assert "Its constraint (Burt) is 0.21." in florence["medici"].explanation

    def test_who_would_be_cut_off_is_named(self, florence: Made) -> None:
        said = florence["medici"].explanation
        assert "3 actors (ACCIAIUOLI; PAZZI; SALVIATI) would have no recorded way to the 11 others" in said
        assert "ACCIAIUOLI; PAZZI; SALVIATI" in said

    def test_the_reach_lost_is_a_share_of_the_pairs_joined(self, florence: Made) -> None:
        pairs = 14 * 13
        lost = pairs - (11 * 10 + 2 * 1)
        assert florence["medici"].effect == pytest.approx(lost / pairs)

    def test_the_evidence_are_the_ties_with_those_cut_off(self, kite: Made) -> None:
        assert "https://w3id.org/asmgraph/id/tie/heather--ike" in kite["heather"].evidence_iris


class TestSeverity:
    def test_a_need_where_those_cut_off_work_stands_behind_it(self, kite: Made) -> None:
        heather = kite["heather"]
        assert heather.need == 1
        assert heather.missing == pytest.approx(1 - (7 * 6 + 2) / (9 * 8))
        assert heather.severity is not None

    def test_without_a_need_it_is_not_computed(self, florence: Made) -> None:
        assert {gap.severity for gap in florence.values()} == {None}


class TestBackUp:
    def test_the_pair_across_the_cut_that_shares_most_is_suggested(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.network([("a", "b"), ("b", "c"), ("c", "d"), ("d", "b"), ("a", "e")])
        sector.intervention("more-e", "e", "COD", "gender", "2020", "2024")
        sector.intervention("more-c", "c", "COD", "gender", "2020", "2024")
        found = by_slug(made(sector, tmp_path))["b"]
        assert "bring C and E together" in found.action
        assert found.action.startswith("Check with B")

    def test_making_the_suggested_tie_removes_the_row(self, tmp_path: Path) -> None:
        ties = [("a", "b"), ("b", "c")]
        one, mended = Sector(), Sector()
        one.network(ties)
        mended.network([*ties, ("a", "c")])
        assert list(by_slug(made(one, tmp_path / "one"))) == ["b"]
        assert not made(mended, tmp_path / "mended").gaps

    def test_supposing_it_made_removes_the_row_too(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.network([("a", "b"), ("b", "c")])
        assert not made(sector, tmp_path, meets=(("a", "c"),)).gaps


class TestWhoIsABroker:
    def test_an_intervention_in_common_is_a_way_round(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.network([("a", "b"), ("b", "c")])
        sector.intervention("both", "a c", "COD", "gender", "2020", "2021")
        assert not made(sector, tmp_path).gaps

    def test_a_network_organisation_is_no_broker_of_its_own_member(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.network([("a", "b"), ("b", "c"), ("c", "a")])
        sector.actor("forum", "Network", "asm:actorType kind:donor ; ")
        sector.intervention("own-forum", "forum", "COD", "mercury", "2020", "2024")
        sector.actor("lone", more="asm:actorType kind:donor ; ")
        sector.intervention("own-lone", "lone", "COD", "mercury", "2020", "2024")
        sector.tie("forum", "a")
        sector.tie("forum", "lone", "network-membership")
        found = by_slug(made(sector, tmp_path))
        assert "forum" not in found
        assert "a" in found

    def test_one_never_to_be_introduced_is_neither_broker_nor_cut_off(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.actor("b", more="asm:noIntroduction true ; asm:actorType kind:donor ; ")
        sector.network([("a", "b"), ("b", "c")])
        assert not made(sector, tmp_path).gaps


class TestNaming:
    @pytest.fixture(scope="class")
    @staticmethod
    def found(tmp_path_factory: pytest.TempPathFactory) -> GapSet:
        sector = Sector()
        kinds = {"coop": "cooperative", "ngo": "ngo", "donor": "donor", "leaf": "cooperative"}
        sector.network([("coop", "donor"), ("donor", "ngo"), ("ngo", "leaf")], kinds)
        return made(sector, tmp_path_factory.mktemp("naming"))

    def test_in_public_local_groups_that_are_cut_off_are_counted(self, found: GapSet) -> None:
        said = by_slug(found)["donor"].explanation
        assert "1 not named here (cooperative)" in said
        assert "COOP" not in said

    def test_in_public_the_evidence_names_none_of_them(self, found: GapSet) -> None:
        shown = [text for gap in found.gaps for fact in gap.evidence for text in (fact.label, fact.detail)]
        assert shown
        assert not any("COOP" in text or "LEAF" in text for text in shown)

    def test_in_public_a_broker_of_another_kind_is_counted(self, found: GapSet) -> None:
        assert list(by_slug(found)) == ["donor"]
        assert any(note.startswith("1 more actor is the only link") for note in found.notes)


class TestCoverage:
    def test_without_a_search_for_ties_nothing_is_claimed(self, tmp_path: Path) -> None:
        sector = Sector(coverage=[{"covers": "participations", "found": "all"}])
        sector.network([("a", "b"), ("b", "c")])
        found = made(sector, tmp_path)
        assert not found.gaps
        assert "Ties were not collected here" in found.silences[0].reason

    def test_of_a_search_that_found_some_confidence_is_low(self, tmp_path: Path) -> None:
        sector = Sector(coverage=[{"covers": "ties", "found": "some"}])
        sector.network([("a", "b"), ("b", "c")])
        assert by_slug(made(sector, tmp_path))["b"].confidence == "low"

    def test_an_actor_elsewhere_is_no_way_round_in_the_place_asked(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.network([("a", "b"), ("b", "c"), ("a", "far"), ("far", "c")], {"a": "donor"})
        sector.turtle = [
            line.replace("place:COD", "place:GHA") if "own-far" in line else line for line in sector.turtle
        ]
        snapshot = sector.publish(tmp_path)
        everywhere = find_gaps(snapshot, Parameters(kind="broker"))
        here = find_gaps(snapshot, Parameters(kind="broker", place="COD"))
        assert (len(everywhere.gaps), list(by_slug(here))) == (0, ["b"])

    def test_what_several_kinds_cannot_say_is_said_once(self, tmp_path: Path) -> None:
        sector = Sector(coverage=[{"covers": "participations", "found": "all"}])
        sector.network([("a", "b"), ("b", "c")])
        found = find_gaps(sector.publish(tmp_path), Parameters())
        said = [(one.place, one.theme, one.group, one.reason) for one in found.silences]
        assert len(said) == len(set(said))
        assert any(not theme and "Ties were not collected" in reason for _, theme, _, reason in said)
