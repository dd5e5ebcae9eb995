"""The needs that stand in a scope, and how far they stand behind places and themes."""

from __future__ import annotations

from collections.abc import Collection

from asmgraph.analysis.facts import Need
from asmgraph.analysis.scope import Scope


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
