"""Up to when the sources cover a place: only that turns 'not recorded' into 'none found'.

A source that says it found all or some participations covers a place up to its newest dated participation
there, never up to the day it was read.
"""

from __future__ import annotations

import datetime as dt

from asmgraph.analysis.periods import GRACE_MONTHS, add_months
from asmgraph.analysis.projection import Coverage, Projection
from asmgraph.analysis.records import SourceCoverage

_FINDS = frozenset({"all", "some"})


def sources(
    projection: Projection, place: str | None, challenge: str | None = None
) -> tuple[SourceCoverage, ...]:
    """Return each source that records participations, with the newest date it covers in ``place``.

    Parameters
    ----------
    challenge
        Leave out sources that searched for other themes alone; ``None`` for any theme.
    """
    return tuple(
        SourceCoverage(entry.graph, entry.title, entry.found, _newest(projection, entry, place))
        for entry in projection.coverage
        if entry.covers == "participations"
        and entry.found in _FINDS
        and _reaches(projection, entry, place)
        and (None in (entry.theme, challenge) or challenge in projection.answer_to(entry.theme))
    )


def latest_covered(projection: Projection, place: str | None, challenge: str | None = None) -> dt.date | None:
    """Return the newest day that any source covers in ``place``."""
    return max((entry.until for entry in sources(projection, place, challenge) if entry.until), default=None)


def is_current(until: dt.date | None, as_of: dt.date) -> bool:
    """Return whether a place covered up to ``until`` can be judged on the day ``as_of``."""
    return until is not None and as_of <= add_months(until, GRACE_MONTHS)


def found(
    projection: Projection, covers: str, place: str, theme: str, first: dt.date, last: dt.date
) -> str | None:
    """Return how much of a subject the best source found for place, theme and period: all, some or ``None``."""
    answers = {
        entry.found
        for entry in projection.coverage
        if entry.covers == covers
        and entry.found in _FINDS
        and projection.lies_in(place, entry.place)
        and entry.theme in (None, theme)
        and (entry.start is None or entry.start.first <= last)
        and (entry.end is None or first <= entry.end.last)
    }
    return "all" if "all" in answers else "some" if answers else None


def _newest(projection: Projection, entry: Coverage, place: str | None) -> dt.date | None:
    """Return the newest dated participation that a source records where and on what it says it searched."""
    days = (
        max(intervention.events)
        for intervention in projection.interventions.values()
        if intervention.graph == entry.graph
        and intervention.events
        and (entry.theme is None or entry.theme in intervention.themes)
        and any(
            projection.lies_in(area, place) and projection.lies_in(area, entry.place)
            for area in intervention.places
        )
    )
    return max(days, default=None)


def _reaches(projection: Projection, entry: Coverage, place: str | None) -> bool:
    """Return whether a statement about a place says anything of ``place``."""
    if entry.place is None or place is None:
        return True
    return projection.lies_in(place, entry.place) or projection.lies_in(entry.place, place)
