"""Silos: a planted one comes out, also where most of its ties leave it; one that is not is not made up."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from asmgraph.analysis import Gap, GapSet, Parameters, find_gaps
from tests.analysis.sector import Sector

DONORS = [f"donor{number}" for number in range(8)]
NGOS = [f"ngo{number}" for number in range(8)]
KINDS = {**dict.fromkeys(DONORS, "donor"), **dict.fromkeys(NGOS, "ngo")}
Pairs = list[tuple[str, str]]


def apart(bridges: int) -> Pairs:
    """All donors tied to each other, so all NGOs, and so many ties between a donor and an NGO."""
    within = [*itertools.combinations(DONORS, 2), *itertools.combinations(NGOS, 2)]
    return [*within, *zip(DONORS[:bridges], NGOS[:bridges], strict=True)]


def made(sector: Sector, folder: Path, **asked: object) -> GapSet:
    return find_gaps(sector.publish(folder), Parameters(kind="silo", **asked))  # type: ignore[arg-type]


def kinds(found: GapSet) -> set[str]:
    return {gap.explanation.split("'")[1] for gap in found.gaps}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> GapSet:
    sector = Sector()
    sector.network(apart(1), KINDS)
    sector.need("mercury", "COD", "C4", "2020")
    return made(sector, tmp_path_factory.mktemp("planted"))


@pytest.fixture(scope="module")
def donors(planted: GapSet) -> Gap:
    return next(gap for gap in planted.gaps if "'donor'" in gap.explanation)


class TestPlanted:
    def test_both_kinds_that_keep_to_themselves_are_found(self, planted: GapSet) -> None:
        assert kinds(planted) == {"donor", "non-governmental organisation"}

    def test_ties_within_are_counted_against_chance(self, donors: Gap) -> None:
        assert donors.observed == 28
        # 29 ties; of a random other actor 7 of 15 are donors.
        assert donors.expected == pytest.approx(29 * (1 - 16 / 23), rel=0.25)
        assert donors.effect == pytest.approx((1 - 28) / 29)

    def test_p_and_q_say_how_sure_that_is(self, donors: Gap) -> None:
        assert donors.p is not None
        assert donors.q is not None
        assert donors.p <= donors.q <= 0.05

    def test_the_only_bridge_is_named(self, donors: Gap) -> None:
        assert "1 of its actors is tied to another kind: DONOR0." in donors.explanation
        assert donors.evidence_iris == ["https://w3id.org/asmgraph/id/actor/donor0"]

    def test_the_mixing_matrix_is_said(self, donors: Gap) -> None:
        assert "Ties with other kinds: non-governmental organisation 1." in donors.explanation

    def test_need_missing_ties_and_actors_make_the_severity(self, donors: Gap) -> None:
        assert donors.need == 1
        assert donors.missing is not None
        assert donors.missing > 0.8
        assert donors.severity is not None

    def test_no_actor_is_a_party_of_the_row(self, donors: Gap) -> None:
        assert donors.actors == ()


class TestChance:
    def test_ties_made_across_remove_the_rows(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.network([*apart(0), *itertools.product(DONORS, NGOS)], KINDS)
        assert not made(sector, tmp_path).gaps

    def test_a_kind_may_be_a_silo_although_most_of_its_ties_leave_it(self, tmp_path: Path) -> None:
        company = [f"company{number}" for number in range(4)]
        out = list(zip(itertools.cycle(company), NGOS, strict=False))
        ring = list(itertools.pairwise([*DONORS, DONORS[0]]))
        sector = Sector()
        sector.network(
            [*itertools.combinations(company, 2), *out, *ring, *itertools.product(DONORS, NGOS)],
            {**KINDS, **dict.fromkeys(company, "company")},
        )
        rows = [gap for gap in made(sector, tmp_path).gaps if "'company'" in gap.explanation]
        assert len(rows) == 1
        assert rows[0].effect is not None
        assert rows[0].effect > 0
        assert "yet fewer than chance would give" in rows[0].explanation

    def test_actors_of_no_recorded_kind_are_left_out(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.network(apart(1), KINDS)
        for actor in DONORS:
            sector.actor(f"other-{actor}")
            sector.tie(actor, f"other-{actor}")
        row = next(gap for gap in made(sector, tmp_path).gaps if "'donor'" in gap.explanation)
        assert row.observed == 28
        assert row.effect == pytest.approx((1 - 28) / 29)

    def test_the_seed_changes_chance_and_not_what_is_counted(self, tmp_path: Path) -> None:
        sector = Sector()
        sector.network(apart(1), KINDS)
        snapshot = sector.publish(tmp_path)
        one, other, again = (
            find_gaps(snapshot, Parameters(kind="silo", seed=seed)).gaps[0] for seed in (1, 2, 1)
        )
        assert one == again
        assert one.expected != other.expected
        assert one.observed == other.observed


class TestLaws:
    @pytest.fixture(scope="class")
    @staticmethod
    def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[object, ...]]]:
        """What is found in a sector, in the same in another order and twice, and with other names."""
        renamed = {slug: f"z{99 - place}" for place, slug in enumerate(KINDS)}
        plain, doubled, other = Sector(), Sector(), Sector()
        plain.network(apart(2), KINDS)
        doubled.network(apart(2), KINDS)
        doubled.turtle = [*reversed(doubled.turtle), *doubled.turtle]
        other.network(
            [(renamed[one], renamed[two]) for one, two in apart(2)],
            {renamed[slug]: kind for slug, kind in KINDS.items()},
        )
        folder = tmp_path_factory.mktemp("laws")
        return {
            name: [
                (gap.gap_iri, gap.observed, gap.effect, gap.p, gap.expected)
                for gap in made(sector, folder / name).gaps
            ]
            for name, sector in {"plain": plain, "doubled": doubled, "renamed": other}.items()
        }

    def test_order_and_duplicates_change_nothing(self, rows: dict[str, list[tuple[object, ...]]]) -> None:
        assert rows["plain"] == rows["doubled"]

    def test_names_change_nothing_but_what_is_drawn(self, rows: dict[str, list[tuple[object, ...]]]) -> None:
        assert rows["plain"]
        assert sorted(row[:3] for row in rows["plain"]) == sorted(row[:3] for row in rows["renamed"])


class TestNaming:
    def test_in_public_bridges_that_are_local_groups_are_counted(self, tmp_path: Path) -> None:
        of = {slug: "cooperative" if kind == "ngo" else kind for slug, kind in KINDS.items()}
        sector = Sector()
        sector.network(apart(1), of)
        row = next(gap for gap in made(sector, tmp_path).gaps if "'cooperative'" in gap.explanation)
        assert "1 not named here (cooperative)" in row.explanation
        assert "NGO0" not in row.explanation
        assert not any("/actor/" in iri for iri in row.evidence_iris)
        assert row.evidence


class TestCoverage:
    def test_without_a_search_for_ties_nothing_is_claimed(self, tmp_path: Path) -> None:
        sector = Sector(coverage=[{"covers": "participations", "found": "all"}])
        sector.network(apart(1), KINDS)
        found = made(sector, tmp_path)
        assert not found.gaps
        assert found.silences
