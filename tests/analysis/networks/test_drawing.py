"""Networks of a snapshot for networkx: which ties are in them, and what is said of each."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

import asmgraph
from asmgraph.analysis.networks.drawing import draw_network
from asmgraph.errors import NotFoundError
from asmgraph.store.snapshots import Snapshot
from tests.analysis.published import FLORENCE
from tests.analysis.sector import Sector

Pairs = set[tuple[str, str]]


def pairs(graph: nx.Graph[str]) -> Pairs:
    return {tuple(sorted(iri.rsplit("/", 1)[-1] for iri in edge)) for edge in graph.edges}  # type: ignore[misc]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Ties a-b and b-c, of which b-c begins in 2023; a and d in one intervention; e never to be introduced."""
    sector = Sector()
    sector.actor("e", more="asm:noIntroduction true ; ")
    sector.network([("a", "b"), ("b", "c"), ("c", "e")], {"a": "donor", "b": "ngo"})
    sector.intervention("both", "a d", "GHA", "gender", "2019", "2021")
    sector.turtle = [
        line.replace("asm:tieKind", 'asm:startDate "2023"^^xsd:gYear ; asm:tieKind')
        if "tie\\/b--c" in line
        else line
        for line in sector.turtle
    ]
    return sector.publish(tmp_path_factory.mktemp("networks"))


class TestTies:
    def test_coordination_holds_ties_recorded_and_derived(self, snapshot: Snapshot) -> None:
        graph = draw_network(snapshot)
        assert pairs(graph) == {("a", "b"), ("b", "c"), ("a", "d")}
        assert {data["relation"] for *_, data in graph.edges(data=True)} == {"observed", "derived"}

    def test_observed_holds_those_recorded_alone(self, snapshot: Snapshot) -> None:
        assert pairs(draw_network(snapshot, "observed")) == {("a", "b"), ("b", "c")}

    def test_a_tie_that_begins_later_is_not_yet_there(self, snapshot: Snapshot) -> None:
        assert pairs(draw_network(snapshot, "observed", as_of="2022-06-01")) == {("a", "b")}

    def test_a_tie_says_its_kinds_period_and_sources(self, snapshot: Snapshot) -> None:
        graph = draw_network(snapshot)
        ends = [f"https://w3id.org/asmgraph/id/actor/{slug}" for slug in "abcd"]
        assert graph.edges[ends[1], ends[2]] == {
            "relation": "observed",
            "kinds": "partnership",
            "period": "2023–?",
            "sources": "A test page",
            "ties": 1,
        }
        assert graph.edges[ends[0], ends[3]]["kinds"] == "shared intervention"
        assert graph.edges[ends[0], ends[3]]["period"] == "2019–2021"

    def test_an_actor_has_label_kinds_and_places(self, snapshot: Snapshot) -> None:
        node = draw_network(snapshot, language="fr").nodes["https://w3id.org/asmgraph/id/actor/a"]
        assert (node["label"], node["kinds"]) == ("A", "bailleur de fonds")
        assert node["places"] == "Ghana; République démocratique du Congo"

    def test_one_never_to_be_introduced_is_in_no_network(self, snapshot: Snapshot) -> None:
        for kind in ("coordination", "observed", "co-presence"):
            assert not any(actor.endswith("/e") for actor in draw_network(snapshot, kind))

    def test_a_place_narrows_the_network_to_those_present(self, snapshot: Snapshot) -> None:
        assert pairs(draw_network(snapshot, place="GHA")) == {("a", "d")}

    def test_other_kinds_of_ties_are_left_out(self, snapshot: Snapshot) -> None:
        assert not pairs(draw_network(snapshot, "observed", tie_kinds=("referral",)))


class TestCoPresence:
    def test_who_is_side_by_side_is_counted(self, snapshot: Snapshot) -> None:
        graph = draw_network(snapshot, "co-presence")
        assert pairs(graph) == {("a", "b"), ("a", "c"), ("b", "c"), ("a", "d")}
        assert {data["n"] for *_, data in graph.edges(data=True)} == {1}


class TestDoor:
    def test_an_unknown_kind_is_refused(self, snapshot: Snapshot) -> None:
        with pytest.raises(NotFoundError, match="no kind of network 'silly'"):
            draw_network(snapshot, "silly")

    def test_an_opened_home_hands_out_networks(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.network(FLORENCE)
        sector.publish(tmp_path)
        graph = asmgraph.open(tmp_path / "home").network(
            "coordination", as_of="2022-01-01", level=0, place="COD"
        )
        cuts = {iri.rsplit("/", 1)[-1] for iri in nx.articulation_points(graph)}
        assert cuts == {"albizzi", "guadagni", "medici", "salviati"}
        assert graph.graph["as_of"] == "2022-01-01"
