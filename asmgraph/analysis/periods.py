"""Dates of uneven precision, and when an intervention counts as active.

Active means: ``as_of`` lies between start and end; without a recorded end, until the planned one, or until 18
months after the last dated event where none is planned or events went on after it. Beyond that the state is
unknown, which is neither presence nor absence. A status code alone never makes an intervention active, and a
planned end that has passed does not make it ended.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

GRACE_MONTHS = 18
_DATE = re.compile(r"^([12][0-9]{3})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?![0-9])")
State = Literal["active", "ended", "not started", "unknown"]


@dataclass(frozen=True, order=True)
class Span:
    """The first and last day that a date may mean: ``2015`` is 2015-01-01 to 2015-12-31."""

    first: dt.date
    last: dt.date

    def __str__(self) -> str:
        return f"{self.first.isoformat()}–{self.last.isoformat()}"


def span(text: str) -> Span:
    """Read ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; a time or an offset after it is passed over.

    Raises
    ------
    ValueError
        For what is no such date, or lies outside the years 1000 to 2999.

    >>> span("2016-02").last
    datetime.date(2016, 2, 29)
    """
    found = _DATE.match(text)
    if found is None:
        raise ValueError(f"{text!r} is not a date between 1000 and 2999")
    year, month, day = (int(part or 0) for part in found.groups())
    last_month = month or 12
    return Span(
        dt.date(year, month or 1, day or 1),
        dt.date(year, last_month, day or calendar.monthrange(year, last_month)[1]),
    )


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the day ``months`` later, or the last of that month where there is no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Timeline:
    """When an intervention was active, as one source states it.

    Parameters
    ----------
    start, end, planned_end
        The stated dates.
    events
        Every dated event, in order, the start and an end that has come to pass among them.
    """

    start: Span | None = None
    end: Span | None = None
    planned_end: Span | None = None
    events: tuple[dt.date, ...] = ()

    @property
    def period(self) -> Span | None:
        """Return when it is known to have been active, or ``None`` where nothing dates it."""
        first = self.start.first if self.start else min(self.events, default=None)
        if first is None:
            return None
        newest = self.assumed_from
        if newest is not None:
            last = add_months(newest, GRACE_MONTHS)
        else:
            stated = self.end or self.planned_end
            last = stated.last if stated else first
        return Span(first, last) if first <= last else None

    @property
    def assumed_from(self) -> dt.date | None:
        """Return the last dated event where no stated end says how long it went on, else ``None``."""
        newest = max(self.events, default=self.start.first if self.start else None)
        if self.end is not None or newest is None:
            return None
        return None if self.planned_end is not None and self.planned_end.last >= newest else newest


def state(timelines: Collection[Timeline], as_of: dt.date) -> State:
    """Return what is known of an intervention on the day ``as_of``.

    Active where one source's period holds the day. Ended only where an end has passed, no source knows of an event
    after the last such end, and none has it begin later.
    """
    if any(period.first <= as_of <= period.last for one in timelines if (period := one.period)):
        return "active"
    starts = [one.start.first for one in timelines if one.start]
    if starts and min(starts) > as_of:
        return "not started"
    newest = max((day for one in timelines for day in one.events), default=dt.date.min)
    end = max((one.end.last for one in timelines if one.end), default=dt.date.max)
    if end < as_of and newest <= end and all(start <= as_of for start in starts):
        return "ended"
    return "unknown"


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans in order, those that touch or overlap as one."""
    found: list[Span] = []
    for one in sorted(spans):
        if found and one.first <= found[-1].last + dt.timedelta(days=1):
            found[-1] = Span(found[-1].first, max(found[-1].last, one.last))
        else:
            found.append(one)
    return tuple(found)
