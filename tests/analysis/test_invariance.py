"""What must not matter to any of the kinds: the order of statements, their repetition, and what things are called."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from asmgraph.analysis import GapSet, Parameters, find_gaps
from tests.analysis.sector import Sector

KINDS = ("unserved-need", "dropped", "duplication")


def sector_of(name: Callable[[str], str]) -> Sector:
    """Return a sector with something unserved, dropped and double; ``name`` gives things their names."""
    sector = Sector()
    sector.intervention(name("ended"), name("a"), "CIV", "mercury", "2012", "2014")
    for slug in ("one", "two", "three"):
        sector.intervention(name(slug), name(f"actor-{slug}"), "GHA", "finance", "2015", "2018")
    sector.intervention(name("on"), name("b"), "CIV", "formalisation", "2013", "2018")
    sector.tie(name("actor-one"), name("actor-two"))
    sector.sized_need(name("water"), "CIV", "C4", "2011", "500-2000", "women children")
    sector.sized_need(name("credit"), "GHA", "C6-finance", "2011", "1000")
    sector.sized_need(name("credit-elsewhere"), "PER", "C6-finance", "2011", "9000")
    sector.need(name("law"), "GHA", "C1", "2011")
    sector.reach(name("ended"), "300", "women", when="2012 2013")
    sector.reach(name("one"), "200", when="2015 2016")
    return sector


def rows(found: GapSet) -> list[tuple[object, ...]]:
    """Return the rows without what names their things."""
    return [
        (
            gap.kind, gap.place, gap.theme, gap.group, gap.period, gap.observed, gap.expected, gap.effect,
            gap.severity, gap.severity_high, gap.confidence, len(gap.actors), len(gap.evidence),
        )
        for gap in found.gaps
        if gap.kind in KINDS
    ]  # fmt: skip


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> GapSet:
    return asked(sector_of(str), tmp_path_factory.mktemp("plain"))


def asked(sector: Sector, folder: Path) -> GapSet:
    return find_gaps(sector.publish(folder), Parameters(as_of="2017-06-01"))


def test_each_of_the_kinds_is_there(plain: GapSet) -> None:
    assert {row[0] for row in rows(plain)} == set(KINDS)


def test_names_do_not_matter(plain: GapSet, tmp_path: Path) -> None:
    """Reversed, so that the order of the names changes too."""
    renamed = asked(sector_of(lambda slug: f"z-{slug[::-1]}"), tmp_path)
    assert rows(renamed) == rows(plain)


@pytest.mark.parametrize("seed", [1, 2])
def test_neither_order_nor_repetition_matters(plain: GapSet, tmp_path: Path, seed: int) -> None:
    sector = sector_of(str)
    random.Random(seed).shuffle(sector.turtle)
    sector.publish(tmp_path, "again")
    found = asked(sector, tmp_path)
    assert rows(found) == rows(plain)
    assert [gap.gap_iri for gap in found.gaps] == [gap.gap_iri for gap in plain.gaps]
