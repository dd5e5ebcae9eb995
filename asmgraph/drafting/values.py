"""Say what the values of a column look like: type, forms of dates, lists in cells, people's contacts."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from asmgraph import dates
from asmgraph.records import WEB_ADDRESS

_FORMS = dates.COMMON
_SWAPPED = {"%d/%m/%Y": "%m/%d/%Y", "%d-%m-%Y": "%m-%d-%Y"}
_MAIL = r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$"
_PHONE = r"^(\+|00)[0-9 ()./-]{8,}$"
_INTEGER, _DECIMAL = r"^[+-]?[0-9]{1,18}$", r"^[+-]?[0-9]*\.?[0-9]+$"
_COMMA = r"^[+-]?[0-9]{1,3}([ .\u00a0]?[0-9]{3})*,[0-9]+$"
_MOST = 0.9
_DISTINCT = 500


@dataclass(frozen=True)
class Values:
    """What the values of one column look like; ``distinct`` are the commonest, items of lists one by one."""

    type: str
    forms: tuple[str, ...]
    split: str | None
    comma: bool
    contact: bool
    filled: float
    unique: bool
    distinct: tuple[str, ...]
    why: str


def describe(column: pl.Series, *, dated: bool = False) -> Values:
    """Describe a column of texts, null where empty; of one that is said to be ``dated``, half need be dates."""
    found = column.drop_nulls()
    filled = len(found) / max(len(column), 1)
    split = _split(found)
    items = (
        found.str.split(split).explode().str.strip_chars().replace("", None).drop_nulls() if split else found
    )
    kind, forms, comma, why = _kind(items, 0.4 if dated else _MOST)
    contact = max(_share(items, _MAIL), _share(items, _PHONE) if kind == "text" else 0) > 0.3
    counted = items.value_counts(sort=True).head(_DISTINCT)
    distinct = tuple(counted.get_column(items.name or "").to_list()) if len(items) else ()
    unique = filled == 1 and found.n_unique() == len(found)
    if split:
        why = f"several values in a cell, between {split!r}; {why}"
    return Values(kind, forms, split, comma, contact, filled, unique, distinct, why)


def _kind(items: pl.Series, least: float) -> tuple[str, tuple[str, ...], bool, str]:
    if not len(items):
        return "text", (), False, "no value"
    if _share(items, WEB_ADDRESS) > _MOST:
        return "iri", (), False, "web addresses"
    years = _share(items, r"^(19|20)[0-9]{2}$")
    if years < _MOST:
        if _share(items, _INTEGER) > _MOST and _share(items, r"^(19|20)[0-9]{6}$") <= _MOST:
            return "integer", (), False, "whole numbers"
        if _share(items, _DECIMAL) > _MOST and _share(items, r"^(19|20)[0-9]{6}$") <= _MOST:
            return "decimal", (), False, "numbers"
        if _share(items, rf"({_COMMA})|({_INTEGER})") > _MOST:
            return "text", (), True, "numbers with a decimal comma"
    forms = _dated(items, least)
    if forms is None:
        return "text", (), False, "texts"
    told = f"dates as {', '.join(forms)}" if forms else "dates as YYYY, YYYY-MM or YYYY-MM-DD"
    if any(form in _SWAPPED and _reads(items, (_SWAPPED[form],)) > _MOST for form in forms):
        told += "; day and month could also be the other way round"
    return "date", forms, False, told


def _dated(items: pl.Series, least: float) -> tuple[str, ...] | None:
    """Return the forms besides ISO that most values are read in, as few as will do; none if they are no dates."""
    forms: tuple[str, ...] = ()
    best = _reads(items, ())
    while best < 1:
        share, form = max((_reads(items, (*forms, form)), -place, form) for place, form in enumerate(_FORMS))[
            ::2
        ]
        if share <= best:
            break
        forms, best = (*forms, str(form)), float(share)
    return forms if best > least else None


def _reads(items: pl.Series, forms: tuple[str, ...]) -> float:
    sample = items.head(2_000)
    read = sample.to_frame("x").select(dates.iso(pl.col("x"), forms).is_not_null().mean()).item()
    return float(read)


def _split(found: pl.Series) -> str | None:
    for sign in (";", "|", "\n"):
        if len(found) and found.str.contains(sign, literal=True).mean() > 0.1:  # type: ignore[operator]
            return sign
    if not len(found):
        return None
    listed = found.str.contains(r"^[^,.]{1,40}(, ?[^,.]{1,40})+$").mean()
    items = found.str.split(",").explode().str.strip_chars()
    recurring = items.n_unique() * 3 < len(items)
    return "," if recurring and float(listed or 0) > 0.2 and not re.search(r"\d", str(found[0])) else None  # type: ignore[arg-type]


def _share(items: pl.Series, pattern: str) -> float:
    return float(items.str.contains(pattern).mean() or 0) if len(items) else 0.0  # type: ignore[arg-type]
