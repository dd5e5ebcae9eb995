"""Both kinds of gap from one door: what may be asked, and what comes out of the starter data."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

from asmgraph.analysis import Gap, Parameters, find_gaps
from asmgraph.analysis.networks.drawing import draw_network
from asmgraph.analysis.records import COLUMNS
from asmgraph.errors import NotFoundError
from asmgraph.store.snapshots import Snapshot, current


@pytest.fixture(scope="module")
def starter(starter_home: Path) -> Snapshot:
    return current(starter_home)


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
    def test_gaps_come_out_of_the_starter_data(self, starter: Snapshot) -> None:
        found = find_gaps(starter, Parameters(place="COD", as_of="latest-covered"))
        assert {gap.kind for gap in found.gaps} >= {"co-presence", "crowded", "unserved-need"}
        assert all(gap.evidence for gap in found.gaps)

    def test_the_same_question_has_the_same_answer(self, starter: Snapshot) -> None:
        one = find_gaps(starter, Parameters(place="COD", as_of="latest-covered"))
        assert one == find_gaps(starter, Parameters(place="COD", as_of="latest-covered"))
        assert len({gap.gap_iri for gap in one.gaps}) == len(one.gaps)

    def test_all_brokers_of_the_congo_are_cut_points_of_its_network(self, starter: Snapshot) -> None:
        found = find_gaps(starter, Parameters(place="COD", kind="broker"))
        cuts = set(nx.articulation_points(draw_network(starter, place="COD")))
        assert found.gaps
        assert {actor for gap in found.gaps for actor in gap.actors} <= cuts

    def test_introductions_in_the_congo_are_of_actors_without_a_tie(self, starter: Snapshot) -> None:
        found = find_gaps(starter, Parameters(place="COD", kind="introduction", k=5))
        network = draw_network(starter, place="COD")
        assert found.gaps[0].kind == "introduction"
        for gap in found.gaps:
            assert not network.has_edge(*gap.actors)
            before = nx.global_efficiency(network)
            network.add_edge(*gap.actors)
            assert nx.global_efficiency(network) > before

    def test_companies_of_tanzania_keep_to_themselves(self, starter: Snapshot) -> None:
        found = find_gaps(starter, Parameters(place="TZA", kind="silo"))
        assert ["'company'" in gap.explanation for gap in found.gaps] == [True]
        assert all(gap.q is not None and gap.q <= 0.05 for gap in found.gaps)

    def test_the_frame_has_the_columns_that_every_kind_shares(self, starter: Snapshot) -> None:
        frame = find_gaps(starter, Parameters(place="COD")).frame()
        assert tuple(frame.columns) == COLUMNS

    def test_no_sentence_blames_and_each_action_begins_with_checking(self, starter: Snapshot) -> None:
        def fair(gap: Gap) -> bool:
            return gap.action.startswith("Check") and "withh" not in gap.explanation

        assert all(map(fair, find_gaps(starter, Parameters(as_of="latest-covered", min_overlap=1)).gaps))
