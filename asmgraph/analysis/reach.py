"""Whom interventions reached: figures in people that a source measured of one of their results.

Only figures of kind *actual* enter, never a target or an estimate; only those counted in people. What people a figure
counts, and what the intervention did for them, is in the words of the source: any measured result counts as reach.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from asmgraph.analysis.periods import Span

PEOPLE_UNITS = ("people", "persons")
"""Units in which a figure counts people."""
FEWEST = 10
"""Fewer people than these are never told of: they could be known by name."""
Row = Mapping[str, str | None]
Spans = Callable[[str, Iterable[str | None]], list[Span]]


@dataclass(frozen=True)
class Reach:
    """How many people one figure says that an intervention reached.

    Attributes
    ----------
    iri
        The figure.
    intervention
        Whose result it measures.
    places
        Where; empty for everywhere the intervention is.
    groups
        Of whom; empty for anybody.
    period
        Between which days; ``None`` where the source states no date.
    people
        The highest number that the figure allows: what is missing is never put too high.
    """

    iri: str
    intervention: str
    places: frozenset[str]
    groups: frozenset[str]
    period: Span | None
    people: float


def read_reaches(rows: Iterable[Row], spans: Spans) -> Iterator[Reach]:
    """Yield the figures in people, in order, each once whatever several sources say of it.

    Parameters
    ----------
    rows
        Solutions of ``projection-reaches.rq``.
    spans
        Reads the dates of a thing, the earliest first.
    """
    said: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["unit"] in PEOPLE_UNITS:
            said[row["figure"] or "", row["intervention"] or ""].append(row)
    for (figure, intervention), stated in sorted(said.items()):
        sizes = [float(size) for row in stated for name in _SIZES if (size := row[name])]
        dates, starts, ends = (spans(figure, {row[name] for row in stated}) for name in _DATES)
        first = min((one.first for one in (*starts, *dates)), default=None)
        last = max((one.last for one in (*ends, *dates)), default=None)
        known = [day for day in (first, last) if day is not None]
        if sizes and max(sizes) > 0:
            yield Reach(
                figure,
                intervention,
                frozenset(place for row in stated if (place := row["place"])),
                frozenset(group for row in stated if (group := row["group"])),
                Span(min(known), max(known)) if known else None,
                max(sizes),
            )


_SIZES = ("lower", "value", "upper")
_DATES = ("date", "start", "end")
