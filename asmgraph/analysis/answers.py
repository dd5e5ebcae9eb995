"""Which interventions answer which challenges where, each read once however many places are asked of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from asmgraph.analysis.facts import Intervention
from asmgraph.analysis.scope import Scope


class Answering:
    """Which interventions answer which challenges where; only the places and challenges that are asked of.

    Attributes
    ----------
    inside
        By place and challenge: those recorded in the place or in a part of it.
    """

    def __init__(self, scope: Scope, asked: Iterable[tuple[str, str]]) -> None:
        projection = scope.projection
        self._scope = scope
        self._at: dict[tuple[str, str], list[Intervention]] = defaultdict(list)
        self.inside: dict[tuple[str, str], list[Intervention]] = {cell: [] for cell in asked}
        challenges = {challenge for _place, challenge in self.inside}
        answers: dict[frozenset[str], frozenset[str]] = {}
        for _iri, one in sorted(projection.interventions.items()):
            areas = {area for place in one.places for area in projection.places_above(place)}
            if one.themes not in answers:
                answers[one.themes] = projection.answers(one) & challenges
            for challenge in answers[one.themes]:
                for place in one.places:
                    self._at[place, challenge].append(one)
                for area in areas:
                    if (area, challenge) in self.inside:
                        self.inside[area, challenge].append(one)

    def around(self, place: str, challenge: str) -> list[Intervention]:
        """Return what is active and recorded for a larger area only: its place within it is not known."""
        inside = {one.iri for one in self.inside[place, challenge]}
        above = self._scope.projection.places_above(place) - {place}
        found = {one.iri: one for area in above for one in self._at.get((area, challenge), ())}
        return [
            one
            for iri, one in sorted(found.items())
            if iri not in inside and self._scope.states[iri] == "active"
        ]
