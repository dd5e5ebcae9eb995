"""Laws that every kind of gap keeps: what is said counts, not how it is put; what is done about a gap ends it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, pairwise

import networkx as nx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from asmgraph.analysis import stability
from asmgraph.analysis.facts import Projection
from asmgraph.analysis.findings import Finding, Ranking
from asmgraph.analysis.kinds import KINDS
from asmgraph.analysis.scope import Scope
from asmgraph.records import ID
from benchmarks.sector import Sector, generate
from tests.analysis.rewritten import among_others, doubled, rewritten, scrambled

SECTORS = st.integers(0, 1)
DRAWS = st.integers(0, 2**32 - 1)
FEW = settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHANCE = {"silo"}
"""Kinds whose chances are drawn, so that they come out a little otherwise for another order of actors."""
TIED = ("co-presence", "crowded", "broker", "introduction", "duplication")
Row = tuple[float, ...]


@dataclass(frozen=True)
class Found:
    """What a kind finds: numbers by what tells its rows apart, and of what nothing can be said."""

    rows: dict[Hashable, Row]
    unsaid: frozenset[tuple[str, str, str]]


@cache
def made(seed: int) -> Sector:
    return generate(interventions=300, actors=200, seed=seed, planted=1)


@cache
def scope_of(seed: int, put: Callable[[Projection, int], Projection] | None = None, salt: int = 0) -> Scope:
    """Return the question put to a sector, or to the same put otherwise; made once for all kinds."""
    sector = made(seed)
    return (replace(sector, projection=put(sector.projection, salt)) if put else sector).scope()


@cache
def found(seed: int, kind: str) -> Found:
    return look(KINDS[kind].rank(scope_of(seed)), kind, str)


def look(ranking: Ranking, kind: str, name: Callable[[str], str]) -> Found:
    return Found(
        {
            plain(ranking.key(number), name): numbers(ranking.finding(number), kind)
            for number in range(ranking.total)
        },
        frozenset((name(one.place), name(one.theme), name(one.group)) for one in ranking.silences),
    )


def plain(key: Hashable, name: Callable[[str], str]) -> Hashable:
    """Return what tells a row from others, under other names, whichever of two actors comes first."""
    return frozenset(map(name, _texts(key)))


def _texts(key: Hashable) -> Iterator[str]:
    if isinstance(key, tuple):
        for part in key:
            yield from _texts(part)
    else:
        yield str(key)


def numbers(finding: Finding, kind: str) -> Row:
    chance = (finding.expected, finding.p, finding.q) if kind not in CHANCE else ()
    known = (finding.observed, finding.effect, *chance)
    severity = finding.severity
    parts = (severity.need, severity.scale, *(() if kind in CHANCE else (severity.missing, severity.value)))
    return tuple(math.nan if one is None else one for one in (*known, *parts))


def same(one: Found, other: Found) -> None:
    assert other.unsaid == one.unsaid
    assert other.rows.keys() == one.rows.keys()
    for key, row in one.rows.items():
        assert other.rows[key] == pytest.approx(row, nan_ok=True)


def in_another_order(projection: Projection, salt: int) -> Projection:
    return rewritten(projection, str, random.Random(salt))


def under_other_names(projection: Projection, salt: int) -> Projection:
    return rewritten(projection, scrambled(salt), random.Random(salt))


def said_twice(projection: Projection, _salt: int) -> Projection:
    return doubled(projection)


def beside_others(projection: Projection, salt: int) -> Projection:
    return among_others(projection, random.Random(salt))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("put", [in_another_order, said_twice, beside_others])
@FEW
@given(seed=SECTORS, salt=DRAWS)
def test_how_the_record_is_put_changes_nothing(
    put: Callable[[Projection, int], Projection], kind: str, seed: int, salt: int
) -> None:
    same(found(seed, kind), look(KINDS[kind].rank(scope_of(seed, put, salt)), kind, str))


@pytest.mark.parametrize("kind", KINDS)
@FEW
@given(seed=SECTORS, salt=DRAWS)
def test_names_of_things_change_nothing(kind: str, seed: int, salt: int) -> None:
    projection, renamed = made(seed).projection, scrambled(salt)
    back = {renamed(thing): thing for thing in (*projection.actors, *projection.within)}
    ranking = KINDS[kind].rank(scope_of(seed, under_other_names, salt))
    same(found(seed, kind), look(ranking, kind, lambda text: back.get(text, text)))


@pytest.mark.parametrize("kind", TIED)
@FEW
@given(seed=SECTORS, draw=DRAWS)
def test_the_ties_that_are_suggested_end_the_gap(kind: str, seed: int, draw: int) -> None:
    ranking = KINDS[kind].rank(scope_of(seed))
    row = draw % ranking.total
    projection = made(seed).projection
    ties = map(frozenset, missing_ties(projection, kind, ranking.finding(row)))
    after = KINDS[kind].rank(replace(made(seed), projection=projection.supposing((), ties)).scope())
    assert ranking.key(row) not in map(after.key, range(after.total))


def missing_ties(projection: Projection, kind: str, finding: Finding) -> Iterable[tuple[str, str]]:
    """Return ties that would end a gap: of all its actors, or a way round a broker."""
    if kind != "broker":
        return combinations(finding.actors, 2)
    (broker,) = finding.actors
    around: nx.Graph[str] = nx.Graph(projection.tie_graph.subgraph(projection.actors.keys() - {broker}))
    sides = [part for part in nx.connected_components(around) if part & {*projection.tie_graph[broker]}]
    return pairwise(min(part) for part in sides)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_can_be_ranked_anew_from_a_thinned_record(kind: str) -> None:
    scope = scope_of(0)
    asked = replace(scope, parameters=replace(scope.parameters, samples=3))
    ranking = KINDS[kind].rank(asked)
    stays = stability.shares(KINDS[kind], asked, ranking, min(3, ranking.total))
    assert all(0 <= share <= 1 for share in stays)


def test_names_are_scrambled() -> None:
    name = scrambled(1)
    names = [f"{ID}actor/a{number}" for number in range(20)]
    assert sorted(map(name, names)) != list(map(name, names))
    assert name("https://w3id.org/asmgraph/vocab/challenge/C1").endswith("C1")
