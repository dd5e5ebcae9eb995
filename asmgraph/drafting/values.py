"""Say what the values of a column look like: type, forms of dates, lists in cells, people's contacts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from asmgraph import dates
from asmgraph.privacy import traces
from asmgraph.records import DECIMAL_COMMA, WEB_ADDRESS

_FORMS = dates.COMMON
_SWAPPED = {"%d/%m/%Y": "%m/%d/%Y", "%d-%m-%Y": "%m-%d-%Y"}
_CONTACT = "|".join(f"(?:{traces.KINDS[kind]})" for kind in ("e-mail address", "telephone number"))
"""What is somebody's address or number wherever it stands."""
_DIALLED = (
    r"^(?:2[1-9][0-9]|5[1-9][0-9]?)[ -]?[0-9]{2,3}(?:[ -]?[0-9]{2,4}){2,3}$|"  # a country's code without its sign
    r"^\(?[0-9]{2,4}\)?(?:[ -][0-9]{2,5}){2,4}$|"  # groups of digits
    r"^[2-9][0-9]{8}$"  # a spreadsheet dropped the first zero
)
"""What may be a number to dial; of a column of them it is."""
_PAIRS = r"^[0-9]{2}(?:[ .-][0-9]{2}){3}$"
"""A number of eight digits, as West Africa writes it."""
_FIGURE = r"^[0-9]{1,3}(?:[ .][0-9]{3})+$|000$"
"""A figure, with its thousands set off or round."""
_INTEGER, _DECIMAL = r"^[+-]?[0-9]{1,18}$", r"^[+-]?[0-9]*\.?[0-9]+$"
_BETWEEN = r"[/,;|]"
"""Signs that stand between the numbers of one cell, whatever they divide elsewhere."""
_MOST = 0.9
_MANY = 0.75
_FEW = 0.2
_DISTINCT = 500


@dataclass(frozen=True)
class Values:
    """What the values of one column look like; ``distinct`` are the commonest, items of lists one by one.

    ``contact`` says that the column is one of telephone numbers or mail addresses, ``traced`` in how many cells such a
    one, or coordinates, stands among other words.
    """

    type: str
    forms: tuple[str, ...]
    split: str | None
    comma: bool
    contact: bool
    filled: float
    unique: bool
    distinct: tuple[str, ...]
    why: str
    traced: int = 0


def describe(column: pl.Series, *, dated: bool = False, split: str | None = None) -> Values:
    """Describe a column of texts, null where empty; of one that is said to be ``dated``, half need be dates.

    ``split`` is the sign between the values of a cell, where that is known.
    """
    found = column.drop_nulls()
    filled = len(found) / max(len(column), 1)
    split = split or _split(found)
    items = (
        found.str.split(split).explode().str.strip_chars().replace("", None).drop_nulls() if split else found
    )
    kind, forms, comma, why = _kind(items, 0.4 if dated else _MOST)
    contact = _is_contact(found, items, kind)
    anything = "|".join(f"(?:{pattern})" for pattern in traces.KINDS.values())
    counted = items.value_counts(sort=True).head(_DISTINCT)
    distinct = tuple(counted.get_column(items.name or "").to_list()) if len(items) else ()
    unique = filled == 1 and found.n_unique() == len(found)
    if split:
        why = f"several values in a cell, between {split!r}; {why}"
    return Values(
        kind, forms, split, comma, contact, filled, unique, distinct, why,
        traced=int(found.str.contains(anything).sum()),
    )  # fmt: skip


def _is_contact(found: pl.Series, items: pl.Series, kind: str) -> bool:
    """Say whether a column is one of numbers and addresses by which people are reached, whatever its heading."""
    if _share(found, _CONTACT) >= _FEW:
        return True
    if kind in ("date", "decimal", "iri"):
        return False
    parts = items.str.replace_all(_BETWEEN, "\n").str.split("\n").explode().str.strip_chars()
    return any(_dialled(some) > 0.5 for some in (items, parts.replace("", None).drop_nulls()))


def _dialled(items: pl.Series) -> float:
    """Return the share of what may be numbers to dial."""
    enough = items.str.replace_all(r"[^0-9]", "").str.len_chars().is_between(9, 13)
    found = (items.str.contains(_DIALLED) & enough) | items.str.contains(_PAIRS)
    return float((found & ~items.str.contains(_FIGURE)).mean() or 0) if len(items) else 0.0  # type: ignore[arg-type]


def in_degrees(column: pl.Series, most: float) -> str | None:
    """Return the decimal sign of a column of which at least half are degrees, up to ``most``; else nothing."""
    found = column.drop_nulls()
    for sign in (".", ","):
        numbers = found.filter(
            found.str.contains(_DECIMAL if sign == "." else rf"^[+-]?[0-9]+({sign}[0-9]+)?$")
        )
        degrees = numbers.str.replace(sign, ".", literal=True).cast(pl.Float64, strict=False).abs() <= most
        if 2 * int(degrees.sum()) >= max(len(found), 1) and float(degrees.mean() or 0) > _MANY:  # type: ignore[arg-type]
            return sign
    return None


def listed(column: pl.Series, known: Callable[[str], bool]) -> str | None:
    """Return the sign between values of a cell, by their words: what parts make of the column says more than signs.

    A sign counts where of the cells that hold it most are nothing known as a whole, and have a part that ``known``
    holds for, or that is the whole of another cell.
    """
    cells = column.drop_nulls().unique().to_list()
    alone = set(cells)
    for sign in (";", "|", "\n", ",", "/"):
        holding = [cell for cell in cells if sign in cell and not known(cell)]
        parts = [[part.strip() for part in cell.split(sign)] for cell in holding]
        told = sum(any(part and (known(part) or part in alone) for part in some) for some in parts)
        if holding and 2 * told >= len(holding):
            return sign
    return None


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
        if _share(items, rf"({DECIMAL_COMMA})|({_INTEGER})") > _MOST:
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
