"""Best introductions: the pair that helps most, before and after, whom no row introduces, what reaches policy."""

from __future__ import annotations

import itertools
from pathlib import Path

import networkx as nx
import pytest

from asmgraph.analysis import Gap, GapSet, Parameters, find_gaps
from tests.analysis.published import FLORENCE, KITE
from tests.analysis.sector import Sector


def made(sector: Sector, folder: Path, **asked: object) -> GapSet:
    return find_gaps(sector.publish(folder), Parameters(kind="introduction", **asked))  # type: ignore[arg-type]


def slugs(gap: Gap) -> tuple[str, str]:
    one, other = (iri.rsplit("/", 1)[-1] for iri in gap.actors)
    return one, other


def best_efficiency(graph: nx.Graph[str]) -> float:
    """The efficiency with the best new tie, by trying all."""
    found = []
    for one, other in nx.non_edges(graph):
        tried = graph.copy()
        tried.add_edge(one, other)
        found.append(nx.global_efficiency(tried))
    return max(found)


class TestEfficiency:
    @pytest.fixture(scope="class")
    @staticmethod
    def kite(tmp_path_factory: pytest.TempPathFactory) -> GapSet:
        sector = Sector()
        sector.network(KITE)
        sector.need("mercury", "COD", "C4", "2020")
        return made(sector, tmp_path_factory.mktemp("kite"), k=3)

    def test_each_introduction_is_the_best_once_those_before_are_made(self, kite: GapSet) -> None:
        graph: nx.Graph[str] = nx.Graph(KITE)
        for gap in kite.gaps:
            assert gap.observed == pytest.approx(nx.global_efficiency(graph))
            best = best_efficiency(graph)
            graph.add_edge(*slugs(gap))
            assert gap.expected == pytest.approx(best) == pytest.approx(nx.global_efficiency(graph))

    def test_so_many_are_chosen_as_are_asked_for(self, kite: GapSet) -> None:
        assert len(kite.gaps) == 3

    def test_the_gain_is_the_effect(self, kite: GapSet) -> None:
        first = kite.gaps[0]
        assert first.observed is not None
        assert first.expected is not None
        assert first.effect == pytest.approx(first.expected - first.observed)
        assert first.missing == pytest.approx(1 - first.observed / first.expected)

    def test_what_all_together_bring_is_said(self, kite: GapSet) -> None:
        assert any(note.startswith("The 3 introductions together would raise") for note in kite.notes)

    def test_one_that_joins_components_says_whom_it_joins(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.network([*FLORENCE, ("pucci", "davanzati")])
        first = made(sector, tmp_path, k=1).gaps[0]
        assert "medici" in slugs(first)
        assert "It would join 2 actors to others" in first.explanation

    def test_making_it_removes_the_row(self, tmp_path: Path) -> None:
        one, mended = Sector(), Sector()
        one.network([("a", "b"), ("b", "c")])
        mended.network([("a", "b"), ("b", "c"), ("a", "c")])
        assert [slugs(gap) for gap in made(one, tmp_path / "one").gaps] == [("a", "c")]
        assert not made(mended, tmp_path / "mended").gaps


class TestReach:
    @pytest.fixture(scope="class")
    @staticmethod
    def found(tmp_path_factory: pytest.TempPathFactory) -> GapSet:
        """Three miners' groups with an NGO, a ministry with a donor, and five donors among themselves."""
        sector = Sector()
        donors = [f"donor{number}" for number in range(5)]
        ties = [("ngo", f"miners{number}") for number in range(3)]
        ties += [("ministry", "backer"), *itertools.pairwise(donors)]
        kinds = {f"miners{number}": "miners-association" for number in range(3)}
        sector.network(ties, {**kinds, "ngo": "ngo", "ministry": "government"})
        return made(sector, tmp_path_factory.mktemp("reach"))

    def test_the_first_joins_miners_to_those_who_make_policy(self, found: GapSet) -> None:
        assert set(slugs(found.gaps[0])) <= {"ngo", "miners0", "miners1", "miners2", "ministry", "backer"}
        assert (found.gaps[0].observed, found.gaps[0].expected) == (0, 3)
        said = "Pairs of a miners' group and a public body with a way between them: 0 now, 3 after it."
        assert said in found.gaps[0].explanation

    def test_when_all_are_reached_efficiency_counts(self, found: GapSet) -> None:
        assert all("miners' group and a public body" not in gap.explanation for gap in found.gaps[1:])

    def test_never_are_two_local_groups_introduced_in_public(self, found: GapSet) -> None:
        assert not any(all(slug.startswith("miners") for slug in slugs(gap)) for gap in found.gaps)


class TestWhoIsIntroduced:
    def test_those_that_share_place_and_theme_come_before_those_that_share_a_place(
        self, tmp_path: Path
    ) -> None:
        sector = Sector()
        sector.network([("a", "b"), ("b", "c")])
        sector.network([("far", "off")], theme="gender")
        rows = made(sector, tmp_path).gaps
        assert slugs(rows[0]) == ("a", "c")
        assert "on other themes" in rows[1].explanation

    def test_without_a_place_in_common_nobody_is_introduced(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.network([("a", "b")])
        sector.actor("far", more="asm:actorType kind:donor ; ")
        sector.intervention("own-far", "far", "GHA", "mercury", "2020", "2024")
        assert not made(sector, tmp_path).gaps

    def test_one_never_to_be_introduced_is_not(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.actor("c", more="asm:noIntroduction true ; asm:actorType kind:donor ; ")
        sector.network([("a", "b"), ("b", "c")])
        assert not made(sector, tmp_path).gaps

    def test_places_and_themes_that_are_too_large_do_not_count(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.network([("a", "b"), ("b", "c")])
        snapshot = sector.publish(tmp_path)
        assert find_gaps(snapshot, Parameters(kind="introduction", max_cell=3)).gaps
        assert not find_gaps(snapshot, Parameters(kind="introduction", max_cell=2)).gaps


class TestLaws:
    def test_order_and_duplicates_change_nothing(self, tmp_path: Path) -> None:
        plain, doubled = Sector(), Sector()
        plain.network(FLORENCE)
        doubled.network(FLORENCE)
        doubled.turtle = [*reversed(doubled.turtle), *doubled.turtle]
        assert made(plain, tmp_path / "plain").gaps == made(doubled, tmp_path / "doubled").gaps

    def test_names_change_nothing_but_names(self, tmp_path: Path) -> None:
        renamed = {slug: f"z{slug}" for pair in FLORENCE for slug in pair}
        plain, other = Sector(), Sector()
        plain.network(FLORENCE)
        other.network([(renamed[one], renamed[two]) for one, two in FLORENCE])
        one, two = made(plain, tmp_path / "plain", k=3), made(other, tmp_path / "other", k=3)
        assert [(renamed[a], renamed[b]) for a, b in map(slugs, one.gaps)] == list(map(slugs, two.gaps))
        assert [gap.expected for gap in one.gaps] == [gap.expected for gap in two.gaps]
