"""The needs that stand in a scope, and how far they stand behind places and themes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from asmgraph.analysis.facts import Need
from asmgraph.analysis.findings import Fact
from asmgraph.analysis.reach import FEWEST
from asmgraph.analysis.scope import Scope
from asmgraph.analysis.sentences import Listed, Name, Text, say


def behind(scope: Scope, place: str, theme: str) -> list[Need]:
    """Return the standing needs of a place, or of one that it lies in, that a theme answers."""
    answers = scope.projection.answer_to(theme) | {theme}
    return [
        need
        for area in sorted(scope.projection.places_above(place))
        for challenge in sorted(answers)
        for need in scope.standing.get((area, challenge), ())
    ]


def share_with_need(scope: Scope, cells: Collection[tuple[str, str]]) -> float | None:
    """Return the share of places and themes behind which a need stands; ``None`` where it is none of them."""
    number = sum(bool(behind(scope, *cell)) for cell in cells)
    return number / len(cells) if number else None


def people(scope: Scope, cells: Collection[tuple[str, str]]) -> tuple[float, float] | None:
    """Return the people of the largest need behind the cells, as put lowest and highest; ``None`` if no size is known.

    Sizes of several needs are never added: they may be of the same people.
    """
    sizes = [need.people for cell in cells for need in behind(scope, *cell) if need.people is not None]
    if not sizes:
        return None
    return max(low for low, _high in sizes), max(high for _low, high in sizes)


def inside(scope: Scope) -> Mapping[tuple[str, str], list[Need]]:
    """Return the standing needs that may be told of by challenge and each place that they are in or lie in."""
    found: dict[tuple[str, str], list[Need]] = defaultdict(list)
    for (place, challenge), needs in sorted(scope.standing.items()):
        for area in scope.projection.places_above(place):
            found[area, challenge] += filter(may_be_told, needs)
    return found


def may_be_told(need: Need) -> bool:
    """Say whether a need may be told of: not where it is of fewer people than could be known by name."""
    return need.people is None or need.people[1] >= FEWEST


def sizes(found: Iterable[Need]) -> tuple[float, float] | None:
    """Return the lowest and the highest number of people that a source gives of some needs; ``None`` without one."""
    stated = [need.people for need in found if need.people is not None]
    return (min(low for low, _high in stated), max(high for _low, high in stated)) if stated else None


def need_fact(need: Need) -> Fact:
    """Return a need as evidence: what it is, whose, how large, since when."""
    whose: tuple[Text, ...] = (Listed(tuple(map(Name, need.groups)), "; "), need.size)
    return Fact(
        need.iri,
        say("need"),
        need.statement or Name(need.iri),
        Listed(whose, "; ", ordered=True),
        need.year or say("year not stated"),
    )
