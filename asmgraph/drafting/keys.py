"""Which columns tell one thing from another: a code, a title, or who does what where when taken together.

Nothing is taken for a key that the values do not bear out, and what is left over, rows that share a key, is counted:
they become one thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from asmgraph.drafting.values import Values
from asmgraph.mapping import terms, texts

_WHO = ("implementer", "org", "partner", "funder")
_WHERE = ("area", "adm1", "country")
_BASE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "activities": (("title", "theme"), _WHO, _WHERE),
    "sites": (("site",),),
    "places": (("site",), ("latitude",), ("longitude",)),
    "organisations": (("org",),),
}
"""By kind of rows, what a key is put together of: one column of each of these roles, as who does what where."""
_MORE: Mapping[str, tuple[str, ...]] = {
    "activities": ("title", "theme", *_WHO, *_WHERE, "start", "end", "status"),
    "sites": _WHERE,
}
"""The columns that are added, each if it helps, until rows are distinct."""
_NAMES = {"activities": "title", "sites": "site", "organisations": "org", "places": "site"}
_NEVER_LISTS = ("id", "title", "site", "start", "end", "status")
_FILLED = 0.9
_SCARCE = 0.3
_SAME = 1.1
_OTHER = 1.5


class Column(Protocol):
    """What is known of a column that may be part of a key."""

    @property
    def role(self) -> str | None:
        """Return what the column is taken for."""

    @property
    def values(self) -> Values:
        """Return what its values look like."""

    @property
    def joined(self) -> bool:
        """Return whether it holds lists by its form, which cannot be taken as a whole."""


@dataclass(frozen=True)
class Key:
    """The columns that name a thing, how many rows are named by them, and how many things come of these.

    ``told`` says that a steward named the columns.
    """

    columns: tuple[str, ...] = ()
    rows: int = 0
    things: int = 0
    told: bool = False

    @property
    def unique(self) -> bool:
        """Return whether no two rows share it."""
        return self.rows == self.things


def choose(kind: str, columns: Mapping[str, Column], frame: pl.DataFrame) -> Key:
    """Return the key of the rows of a table; without columns where nothing can name them.

    A code is taken if every row has one and rows of the same code agree in their title; a title, if it is not one that
    many organisations share, as a kind of activity is. Else who, what and where are taken together, and what else makes
    rows distinct. A column of lists names nothing, unless rows would be merged without it.
    """
    if kind not in _BASE:
        return Key()
    filled = [name for name, one in columns.items() if one.values.filled > _SCARCE and not one.joined]
    whole = [
        name for name in filled if columns[name].values.split is None or columns[name].role in _NEVER_LISTS
    ]

    def first(*roles: str) -> str | None:
        return next((name for role in roles for name in whole if columns[name].role == role), None)

    def counted(*names: str) -> Key:
        named = joined(frame, {name: columns[name].role == "id" for name in names}).drop_nulls()
        return Key(names, len(named), named.n_unique())

    code, name = first("id"), first(_NAMES[kind])
    if code is not None and columns[code].values.filled == 1:
        key = counted(code)
        agreed = name is None or counted(code, name).things <= _SAME * key.things
        if key.unique or (agreed and key.things > 1 and (name is not None or 2 * key.things >= key.rows)):
            return key
    if name is not None and columns[name].values.filled > _FILLED:
        key = counted(name)
        who = first(*_WHO) if kind == "activities" else None
        if key.unique or (kind != "sites" and not _shared(key, counted(name, who) if who else key)):
            return key
    base = [part for roles in _BASE[kind] if (part := first(*roles)) is not None]
    more = [one for role in _MORE.get(kind, ()) for one in whole if columns[one].role == role]
    key = _composed(base, [one for one in more if one not in base], counted) if base else Key()
    if key.things < _FILLED * key.rows or not base:  # a list names a row better than it is merged with others
        roles = [role for some in _BASE[kind] for role in some]
        lists = [one for role in roles for one in filled if columns[one].role == role and one not in whole]
        key = _composed(key.columns or lists[:1], lists, counted, _OTHER) if lists else key
    return key


def named(columns: Sequence[str], codes: Sequence[str], frame: pl.DataFrame) -> Key:
    """Return the key of the columns that a steward named; ``codes`` are those of them that hold codes."""
    held = joined(frame, {name: name in codes for name in columns}).drop_nulls()
    return Key(tuple(columns), len(held), held.n_unique(), told=True)


def _shared(alone: Key, together: Key) -> bool:
    """Say whether many organisations share a title, so that it is no one activity's."""
    return together.things > _OTHER * alone.things


def _composed(
    base: Sequence[str], more: Sequence[str], counted: Callable[..., Key], least: float = 1.0
) -> Key:
    """Add columns to a key, each if it makes more than ``least`` times as many things."""
    key = counted(*base)
    for part in more:
        wider = counted(*key.columns, part) if part not in key.columns else key
        if wider.things > least * key.things:
            key = wider
    return key


def joined(frame: pl.DataFrame, columns: Mapping[str, bool]) -> pl.Series:
    """Return what names each row in an address, null where nothing does; ``columns`` says which of them are codes."""
    named = [
        terms.iri_safe(pl.col(name)) if coded else texts.slug(pl.col(name)) for name, coded in columns.items()
    ]
    text = pl.concat_str(*named, separator="-", ignore_nulls=True).replace("", None)
    return frame.select(text.alias("key"))["key"]
