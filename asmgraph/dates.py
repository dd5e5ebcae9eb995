"""Dates as sources write them, read into ISO text that keeps their precision.

A form is one of ``strptime``: ``%d/%m/%Y`` is a day, ``%m/%Y`` a month, ``%Y`` a year. Names of months (``%b``, ``%B``)
are English; a time of day is read over. Knows no source and no RDF.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from asmgraph.records import DATE

COMMON = (
    *("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%m/%Y", "%m-%Y"),
    *("%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%B %d, %Y", "%B %Y", "%b %Y", "%b-%y", "%d/%m/%y"),
    *("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%d/%m/%Y %H:%M"),
)
"""Forms in which sources often write dates, besides the ISO ones."""
_DIRECTIVE = re.compile("%(.?)")
_DAY, _MONTH, _YEAR = frozenset("de"), frozenset("mbBh"), frozenset("Yy")
_READ_OVER = frozenset("HIMSpfzTaA%")
_SEPARATOR = "\x1f"


def length(form: str) -> int:
    """Return how much of ``YYYY-MM-DD`` a date of this form says: 10, 7 or 4 signs.

    Raises
    ------
    ValueError
        If the form has no year, a day without a month, or a directive that is not read.
    """
    found = set(_DIRECTIVE.findall(form))
    if unknown := sorted(found - _DAY - _MONTH - _YEAR - _READ_OVER):
        raise ValueError(f"{form!r} has %{unknown[0]}, which is not read")
    if not found & _YEAR:
        raise ValueError(f"{form!r} has no year (%Y)")
    if found & _DAY and not found & _MONTH:
        raise ValueError(f"{form!r} has a day but no month (%m)")
    return 10 if found & _DAY else 7 if found & _MONTH else 4


def iso(text: pl.Expr, forms: Sequence[str] = ()) -> pl.Expr:
    """Return text as ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; null where it is no date of the years 1000 to 2999.

    The ISO forms are read first, then ``forms`` in their order.

    Examples
    --------
    >>> cells = pl.DataFrame({"x": ["05/03/2020", "03/2020", "2020-03-05", "31/02/2020"]})
    >>> cells.select(iso(pl.col("x"), ["%d/%m/%Y", "%m/%Y"]))["x"].to_list()
    ['2020-03-05', '2020-03', '2020-03-05', None]
    """
    plain = pl.when(text.str.contains(DATE)).then(text)
    in_calendar = (plain.str.len_chars() < 10) | plain.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    found = [pl.when(in_calendar).then(plain), *(_parsed(text, form) for form in forms)]
    return pl.coalesce(found) if forms else found[0]


def fitting(text: pl.Expr) -> pl.Expr:
    """Return the list of those of :data:`COMMON` in which text is a date; empty where it is in none.

    Examples
    --------
    >>> cells = pl.DataFrame({"x": ["31.12.2023", "05/03/2020", "soon"]})
    >>> cells.select(fitting(pl.col("x")))["x"].to_list()
    [['%d.%m.%Y'], ['%d/%m/%Y', '%m/%d/%Y'], []]
    """
    found = [pl.when(_parsed(text, form).is_not_null()).then(pl.lit(form)) for form in COMMON]
    return pl.concat_list(found).list.drop_nulls().alias(text.meta.output_name())


def _parsed(text: pl.Expr, form: str) -> pl.Expr:
    # What a form leaves open is filled up for the parser, which wants whole days.
    signs = length(form)
    fills = {10: ("", ""), 7: ("01", "%d"), 4: (f"01{_SEPARATOR}01", f"%m{_SEPARATOR}%d")}
    value, directive = fills[signs]
    filled = pl.concat_str(text, pl.lit(_SEPARATOR + value)) if value else text
    whole = form + (_SEPARATOR + directive if directive else "")
    day = filled.str.strip_chars().str.to_date(whole, strict=False)
    sane = pl.when(day.dt.year().is_between(1000, 2999)).then(day)
    return sane.dt.to_string("%Y-%m-%d").str.slice(0, signs)
