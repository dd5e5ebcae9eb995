"""Write values that are no text as one: numbers, days, moments, answers. One form each, whatever the format."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

_DIGITS = 15
"""What a spreadsheet shows of a number; the digits behind are noise of its binary form (0.1 + 0.2)."""
_PLACES = 400


def text(value: object) -> str | None:
    """Return a cell's value as text, ``None`` for none.

    >>> [text(value) for value in (5.0, 0.1 + 0.2, 1e21, True, dt.datetime(2014, 6, 30), dt.time(9, 5))]
    ['5', '0.3', '1000000000000000000000', 'true', '2014-06-30', '09:05:00']
    """
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return number(Decimal(f"{value:.{_DIGITS}g}"))
        case Decimal():
            return number(value)
        case dt.datetime():
            return (value.date() if value.time() == dt.time() else value).isoformat()
        case dt.date() | dt.time():
            return value.isoformat()
        case dt.timedelta():
            hours, rest = divmod(round(value.total_seconds()), 3600)
            return f"{hours:02}:{rest // 60:02}:{rest % 60:02}"
    return str(value)


def number(value: Decimal) -> str:
    """Return a number with its decimal point where it belongs, and without one where it is whole.

    >>> [number(Decimal(written)) for written in ("5.0", "1.50", "2E+3", "1E+999999")]
    ['5', '1.5', '2000', '1E+999999']
    """
    if not value.is_finite() or abs(value.adjusted()) > _PLACES or -int(value.as_tuple().exponent) > _PLACES:
        return str(value)
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
