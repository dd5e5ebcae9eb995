"""From when and up to when the sources cover a place: only that turns 'not recorded' into 'none found'.

A source that says it found all or some participations covers a place from the day it says, else from its oldest
dated participation there, up to its newest one, never up to the day it was read. For a place below a country
the dates of its country count: few districts have a dated participation of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import polars as pl

from asmgraph.analysis.facts import Coverage, Projection
from asmgraph.analysis.periods import GRACE_MONTHS, add_months
from asmgraph.analysis.records import SourceCoverage
from asmgraph.analysis.tables import Tables, day

_COMPLETE = frozenset({"all", "none"})
"""A search that found none is as whole as one that found all there are."""
_SEARCHED = _COMPLETE | {"some"}


def sources(projection: Projection, place: str | None) -> tuple[SourceCoverage, ...]:
    """Return each source that looked for participations in ``place``, in a part of it or around it, with its dates.

    For a reader. A claim rests only on sources that looked at the whole: :func:`judges`.
    """
    areas = _areas(projection, place)
    return tuple(
        _reported(projection, entry, areas)
        for entry in searches(projection, "participations")
        if any(_meets(projection, entry.place, area) for area in areas)
    )


def judges(projection: Projection, place: str, challenge: str) -> tuple[SourceCoverage, ...]:
    """Return the sources that looked for participations in all of ``place`` and on all that serves ``challenge``."""
    areas = _areas(projection, place)
    return tuple(
        _reported(projection, entry, areas)
        for entry in searches(projection, "participations")
        if projection.lies_in(place, entry.place) and _has_theme(projection, entry, challenge)
    )


def latest(covered: Iterable[SourceCoverage]) -> dt.date | None:
    """Return the newest day that any of the sources covers."""
    return max((entry.until for entry in covered if entry.until), default=None)


def latest_covered(projection: Projection, place: str | None) -> dt.date | None:
    """Return the newest day that any source covers in ``place``."""
    return latest(sources(projection, place))


def can_be_judged(covered: Iterable[SourceCoverage], as_of: dt.date) -> bool:
    """Return whether one of the sources covers the day ``as_of``, or covered days up to 18 months before it."""
    return any(
        entry.since is not None
        and entry.until is not None
        and entry.since <= as_of <= add_months(entry.until, GRACE_MONTHS)
        for entry in covered
    )


def found(
    projection: Projection, covers: str, place: str, theme: str, first: dt.date, last: dt.date
) -> str | None:
    """Return how much of a subject the best source found: all, some, or ``None``.

    Only a source counts that covers the whole place, theme and period from ``first`` to ``last``.
    """
    answers = {
        entry.found
        for entry in searches(projection, covers)
        if projection.lies_in(place, entry.place)
        and _has_theme(projection, entry, theme)
        and (entry.start is None or entry.start.first <= first)
        and (entry.end is None or last <= entry.end.last)
    }
    return "all" if answers & _COMPLETE else "some" if answers else None


def searches(projection: Projection, covers: str) -> Iterator[Coverage]:
    """Return what the sources say that looked for a subject, wherever and on whatever."""
    return (entry for entry in projection.coverage if entry.covers == covers and entry.found in _SEARCHED)


def searches_at(
    projection: Projection, covers: str, place: str | None, theme: str | None, as_of: dt.date
) -> tuple[Coverage, ...]:
    """Return the searches for a subject that took in a day and the whole of a place and a theme, ``None`` for all."""
    return tuple(
        entry
        for entry in searches(projection, covers)
        if (entry.start is None or entry.start.first <= as_of)
        and (entry.end is None or as_of <= entry.end.last)
        and (entry.place is None or (place is not None and projection.lies_in(place, entry.place)))
        and (entry.theme is None or (theme is not None and _has_theme(projection, entry, theme)))
    )


def best(entries: Iterable[Coverage]) -> str:
    """Return how much the best of some searches found: all or some."""
    return "all" if any(entry.found in _COMPLETE for entry in entries) else "some"


def searched(projection: Projection, covers: str, tables: Tables, cells: pl.DataFrame) -> pl.DataFrame:
    """Return from when to when the sources looked for a subject in cells.

    Parameters
    ----------
    cells
        ``place``, ``theme``, each pair once.

    Returns
    -------
    DataFrame
        ``place``, ``theme``, ``from``, ``until``: a row for each source that looked at the whole of both.
    """
    places, themes = (
        {number: tables.iris[number] for number in cells[name].unique()} for name in ("place", "theme")
    )
    found = [
        cells.head(0).with_columns(pl.lit(0, pl.Int32).alias("from"), pl.lit(0, pl.Int32).alias("until"))
    ]
    for entry in sorted(set(_periods(projection, covers)), key=str):
        where, what, first, last = entry
        inside = [number for number, iri in places.items() if projection.lies_in(iri, where)]
        about = [
            number
            for number, iri in themes.items()
            if what is None or projection.whole(iri) <= projection.types_of(what)
        ]
        found.append(
            cells.filter(pl.col("place").is_in(inside), pl.col("theme").is_in(about)).with_columns(
                pl.lit(first, pl.Int32).alias("from"), pl.lit(last, pl.Int32).alias("until")
            )
        )
    return pl.concat(found)


def _periods(projection: Projection, covers: str) -> Iterator[tuple[str | None, str | None, int, int]]:
    """Yield where, on what and between which days the sources looked for a subject."""
    for entry in searches(projection, covers):
        first = entry.start.first if entry.start else dt.date.min
        last = entry.end.last if entry.end else dt.date.max
        yield entry.place, entry.theme, day(first), day(last)


def _areas(projection: Projection, place: str | None) -> set[str | None]:
    """Return the countries of a place below one, else the place itself."""
    return {None} if place is None else {*(projection.countries(place) or {place})}


def _has_theme(projection: Projection, entry: Coverage, theme: str) -> bool:
    return entry.theme is None or projection.whole(theme) <= projection.types_of(entry.theme)


def _meets(projection: Projection, searched: str | None, place: str | None) -> bool:
    """Return whether one of two places lies in the other."""
    if searched is None or place is None:
        return True
    return projection.lies_in(place, searched) or projection.lies_in(searched, place)


def _reported(projection: Projection, entry: Coverage, areas: set[str | None]) -> SourceCoverage:
    """Date a source by the participations that it states where and on what it says it searched; once a question."""
    question = (entry, frozenset(areas))
    if question not in projection.covered:
        projection.covered[question] = _dated(projection, entry, areas)
    return projection.covered[question]


def _dated(projection: Projection, entry: Coverage, areas: set[str | None]) -> SourceCoverage:
    themes = None if entry.theme is None else projection.types_of(entry.theme)
    days = [
        day
        for one in projection.interventions.values()
        if entry.graph in one.timelines
        and (themes is None or not themes.isdisjoint(one.themes))
        and any(
            projection.lies_in(where, area) and projection.lies_in(where, entry.place)
            for where in one.places
            for area in areas
        )
        for day in one.timelines[entry.graph].events
        if (entry.end is None or day <= entry.end.last) and (entry.start is None or day >= entry.start.first)
    ]
    since = entry.start.first if entry.start else min(days, default=None)
    return SourceCoverage(
        entry.graph, entry.title, entry.found, since if days else None, max(days, default=None)
    )
