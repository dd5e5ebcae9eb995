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


def period(
    start: Span | None, end: Span | None, planned_end: Span | None, events: tuple[dt.date, ...]
) -> Span | None:
    """Return when an intervention is known to have been active, or ``None`` where nothing dates it.

    Parameters
    ----------
    start, end, planned_end
        Its stated dates.
    events
        Every dated event of it, the start and an end that has come to pass among them.
    """
    first = start.first if start else min(events, default=None)
    if first is None:
        return None
    newest = max(events, default=first)
    if end is not None:
        last = end.last
    elif planned_end is not None and planned_end.last >= newest:
        last = planned_end.last
    else:
        last = add_months(newest, GRACE_MONTHS)
    return Span(first, last) if first <= last else None


def state(
    start: Span | None,
    end: Span | None,
    planned_end: Span | None,
    events: tuple[dt.date, ...],
    as_of: dt.date,
) -> State:
    """Return what is known of an intervention on the day ``as_of``."""
    if end is not None and as_of > end.last:
        return "ended"
    if start is not None and as_of < start.first:
        return "not started"
    known = period(start, end, planned_end, tuple(day for day in events if day <= as_of))
    return "active" if known is not None and known.first <= as_of <= known.last else "unknown"
