"""From when and up to when the sources cover a place: only that turns 'not recorded' into 'none found'.

A source that says it found all or some participations covers a place from the day it says, else from its oldest
dated participation there, up to its newest one, never up to the day it was read. For a place below a country
the dates of its country count: few districts have a dated participation of their own.
"""

from __future__ import annotations

import datetime as dt

from asmgraph.analysis.facts import Coverage, Projection
from asmgraph.analysis.periods import GRACE_MONTHS, Span, add_months
from asmgraph.analysis.records import SourceCoverage

_FINDS = frozenset({"all", "some"})


def sources(
    projection: Projection, place: str | None, challenge: str | None = None
) -> tuple[SourceCoverage, ...]:
    """Return each source that records participations, with the dates between which it covers ``place``.

    Parameters
    ----------
    challenge
        Leave out sources that searched for other themes alone; ``None`` for any theme.
    """
    areas: set[str | None] = {None} if place is None else {*(projection.countries(place) or {place})}
    found = []
    for entry in projection.coverage:
        if entry.covers != "participations" or entry.found not in _FINDS:
            continue
        if not any(_reaches(projection, entry, area) for area in areas):
            continue
        elsewhere = entry.theme is not None and challenge not in projection.challenges_of(entry.theme)
        if challenge is not None and elsewhere:
            continue
        covered = _covered(projection, entry, areas)
        found.append(
            SourceCoverage(
                entry.graph,
                entry.title,
                entry.found,
                covered.first if covered else None,
                covered.last if covered else None,
            )
        )
    return tuple(found)


def latest_covered(projection: Projection, place: str | None, challenge: str | None = None) -> dt.date | None:
    """Return the newest day that any source covers in ``place``."""
    return max((entry.until for entry in sources(projection, place, challenge) if entry.until), default=None)


def can_be_judged(
    projection: Projection, place: str | None, as_of: dt.date, challenge: str | None = None
) -> bool:
    """Return whether a source covers ``place`` on the day ``as_of``, or did up to 18 months before it."""
    return any(
        entry.since is not None
        and entry.until is not None
        and entry.since <= as_of <= add_months(entry.until, GRACE_MONTHS)
        for entry in sources(projection, place, challenge)
    )


def found(
    projection: Projection, covers: str, place: str, theme: str, first: dt.date, last: dt.date
) -> str | None:
    """Return how much of a subject the best source found: all, some, or ``None``.

    Only a source counts that covers the place, the theme and the whole period from ``first`` to ``last``.
    """
    answers = {
        entry.found
        for entry in projection.coverage
        if entry.covers == covers
        and entry.found in _FINDS
        and projection.lies_in(place, entry.place)
        and (entry.theme is None or theme in _under(projection, entry.theme))
        and (entry.start is None or entry.start.first <= first)
        and (entry.end is None or last <= entry.end.last)
    }
    return "all" if "all" in answers else "some" if answers else None


def _under(projection: Projection, theme: str) -> frozenset[str]:
    return projection.types_of(theme) | projection.challenges_of(theme)


def _covered(projection: Projection, entry: Coverage, areas: set[str | None]) -> Span | None:
    """Return the dates of the participations that a source records where and on what it says it searched."""
    themes = None if entry.theme is None else projection.types_of(entry.theme)
    days = [
        day
        for one in projection.interventions.values()
        if entry.graph in one.graphs
        and (themes is None or not themes.isdisjoint(one.themes))
        and any(
            projection.lies_in(where, area) and projection.lies_in(where, entry.place)
            for where in one.places
            for area in areas
        )
        for day in one.events
        if (entry.end is None or day <= entry.end.last) and (entry.start is None or day >= entry.start.first)
    ]
    if not days:
        return None
    return Span(entry.start.first if entry.start else min(days), max(days))


def _reaches(projection: Projection, entry: Coverage, place: str | None) -> bool:
    """Return whether a statement about a place says anything of ``place``."""
    if entry.place is None or place is None:
        return True
    return projection.lies_in(place, entry.place) or projection.lies_in(entry.place, place)
