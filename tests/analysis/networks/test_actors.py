"""The network of actors of a scope: who is in it, where it comes from, what is known of each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from asmgraph.analysis import Parameters
from asmgraph.analysis.gaps import scope_of
from asmgraph.analysis.networks.actors import ActorNetwork, network_of
from asmgraph.store.snapshots import Snapshot
from tests.analysis.sector import Sector


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """a and b tied; b and c in one intervention in Ghana; d tied to a, present nowhere; e present, tied to nobody."""
    sector = Sector()
    sector.network([("a", "b")], {"a": "donor", "b": "ngo", "e": "donor"})
    sector.intervention("both", "b c", "GHA", "gender", "2015", "2016")
    sector.actor("d")
    sector.tie("d", "a")
    sector.need("mercury", "COD", "C4", "2020")
    return sector.publish(tmp_path_factory.mktemp("networks"))


def asked(snapshot: Snapshot, **given: object) -> ActorNetwork:
    return network_of(scope_of(snapshot, Parameters(**given)))  # type: ignore[arg-type]


def slugs(network: ActorNetwork) -> str:
    return "".join(actor.rsplit("/", 1)[-1] for actor in network.actors)


class TestWhoIsInIt:
    def test_where_nothing_narrows_the_question_those_present_nowhere_are(self, snapshot: Snapshot) -> None:
        assert slugs(asked(snapshot)) == "abcde"

    def test_in_a_place_only_those_present_there_are(self, snapshot: Snapshot) -> None:
        assert slugs(asked(snapshot, place="COD")) == "abe"

    def test_in_a_window_only_those_present_in_it_are(self, snapshot: Snapshot) -> None:
        assert slugs(asked(snapshot, window=24, as_of="2024-06-01")) == "abe"

    def test_on_a_theme_only_those_that_work_on_it_are(self, snapshot: Snapshot) -> None:
        assert slugs(asked(snapshot, theme="gender")) == "bc"

    def test_where_ties_were_sought_in_one_place_alone_others_are_left_out(self, tmp_path: Path) -> None:
        sector = Sector(coverage=[{"covers": "ties", "found": "all", "place": "GHA"}])
        sector.network([("a", "b"), ("a", "d")])
        sector.intervention("ghana", "a b", "GHA", "gender", "2015", "2016")
        assert slugs(asked(sector.publish(tmp_path))) == "ab"


class TestTies:
    def test_they_are_observed_or_derived(self, snapshot: Snapshot) -> None:
        network = asked(snapshot)
        rows, columns, _ = network.network.ties
        found = {
            (slugs(network)[one], slugs(network)[other]): seen
            for one, other, seen in zip(rows, columns, network.observed.tolist(), strict=True)
        }
        assert found == {("a", "b"): True, ("a", "d"): True, ("b", "c"): False}

    def test_each_rests_on_what_can_be_shown(self, snapshot: Snapshot) -> None:
        network = asked(snapshot)
        rows, columns, _ = network.network.ties
        for one, other in zip(rows.tolist(), columns.tolist(), strict=True):
            assert list(network.tie_facts(one, other))


class TestWhatIsKnown:
    def test_actors_that_work_where_a_need_stands_are_marked(self, snapshot: Snapshot) -> None:
        network = asked(snapshot)
        marked = {slug for slug, need in zip(slugs(network), network.in_need.tolist(), strict=True) if need}
        assert marked == {"a", "b", "e"}
        assert network.share_in_need(np.array([0, 2])) == 0.5
        assert network.share_in_need(np.array([2])) is None

    def test_the_newest_presence_is_a_day(self, snapshot: Snapshot) -> None:
        network = asked(snapshot, as_of="2022-06-01")
        days = dict(zip(slugs(network), network.newest.tolist(), strict=True))
        assert network.scope.date(days["c"]).year == 2016
        assert network.scope.date(days["a"]).isoformat() == "2022-06-01"
        assert days["d"] == 0

    def test_it_is_made_once_a_scope_and_anew_for_a_thinned_one(self, snapshot: Snapshot) -> None:
        scope = scope_of(snapshot, Parameters())
        thinned = scope.thinned(np.random.default_rng(0), 1.0)
        assert network_of(scope) is network_of(scope)
        assert len(network_of(thinned)) == 0
