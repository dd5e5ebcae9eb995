"""The places that are known: names, codes, levels, what contains what, when they were, where they are.

Enters: a table of statements about places. Leaves: :class:`Known` places, each once: what two gazetteers say of
one unit stands together. Knows no file format and no store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce

import polars as pl

from asmgraph.mapping.placenames import plain

PROPERTIES = (
    *("label", "altLabel", "notation", "identifier", "within", "adminLevel", "lat", "long"),
    *("startDate", "endDate", "isReplacedBy"),
)
"""The local names of the properties that are read."""
SCHEMA = {"source": pl.String, "place": pl.String, "property": pl.String, "value": pl.String}
"""A table of statements: which source says what of which place; values are plain texts and IRIs."""


@dataclass(frozen=True)
class Known:
    """One known place.

    ``codes`` are ``scheme:code``, and without a scheme the notation and the last part of the IRI. ``level`` is null
    where the place is no unit of one administrative level; a unit that others replaced has theirs. ``named`` says
    whether a row may mean it by a code or a name: places that only some source states serve by their ``position``
    (longitude, latitude) alone.
    """

    iri: str
    names: frozenset[str]
    codes: frozenset[str]
    within: frozenset[str]
    level: int | None
    position: tuple[float, float] | None
    start: str | None
    end: str | None
    named: bool

    @property
    def former(self) -> bool:
        """Return whether it is no more."""
        return self.end is not None

    def stood(self, date: str | None) -> bool:
        """Return whether it was there at a date of any exactness; without a date, whether it is there now."""
        if date is None:
            return not self.former
        after = self.start is None or date[: len(self.start)] >= self.start[: len(date)]
        return after and (self.end is None or date[: len(self.end)] <= self.end[: len(date)])


def known_places(statements: pl.DataFrame, order: Iterable[str] = ()) -> tuple[Known, ...]:
    """Return the places that a table of statements (:data:`SCHEMA`) is about, sorted by IRI.

    Where several sources have a unit of the same level and name in the same larger place, and none has two such,
    they are one place. Its IRI is that of the source that comes first in ``order``, else by name.
    """
    ranks = {name: rank for rank, name in enumerate(order)}
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    sources: dict[str, str] = {}
    rows = statements.sort("source", "place", "property", "value")
    for source, place, name, value in rows.select(*SCHEMA).iter_rows():
        said[place][name].append(value)
        first = sources.get(place)
        if first is None or _rank(source, ranks) < _rank(first, ranks):
            sources[place] = source
    found = {place: _place(place, values) for place, values in said.items()}
    found = _with_former_levels(found, said)
    found = _merged(found, _twins(found, sources, ranks), sources, ranks)
    return tuple(found[place] for place in sorted(found))


def _rank(source: str, ranks: Mapping[str, int]) -> tuple[int, str]:
    return ranks.get(source, len(ranks)), source


def _place(iri: str, values: Mapping[str, list[str]]) -> Known:
    def number(name: str) -> float | None:
        texts = values.get(name, ())
        return float(texts[0]) if len(texts) == 1 else None  # a place with two positions has none to go by

    longitude, latitude = number("long"), number("lat")
    levels = values.get("adminLevel", ())
    codes = {iri.rsplit("/", 1)[-1], *values.get("notation", ()), *values.get("identifier", ())}
    return Known(
        iri,
        frozenset(filter(None, map(plain, (*values.get("label", ()), *values.get("altLabel", ()))))),
        frozenset(code.casefold() for code in codes),
        frozenset(values.get("within", ())),
        int(levels[0]) if levels else None,
        None if longitude is None or latitude is None else (longitude, latitude),
        min(values.get("startDate", ()), default=None),
        max(values.get("endDate", ()), default=None),
        bool(levels or values.get("notation") or values.get("isReplacedBy")),
    )


def _with_former_levels(
    found: Mapping[str, Known], said: Mapping[str, Mapping[str, list[str]]]
) -> dict[str, Known]:
    def levelled(place: Known) -> Known:
        later = [found[one].level for one in said[place.iri].get("isReplacedBy", ()) if one in found]
        levels = {level for level in later if level is not None}
        return replace(place, level=levels.pop()) if place.level is None and len(levels) == 1 else place

    return {iri: levelled(place) for iri, place in found.items()}


def _twins(
    found: Mapping[str, Known], sources: Mapping[str, str], ranks: Mapping[str, int]
) -> dict[str, str]:
    """Return for each place the one that stands for it: of the same level and name in the same larger place."""
    groups: dict[tuple[int, str, str], set[str]] = defaultdict(set)
    for place in found.values():
        if place.level is not None and not place.former:
            for parent in place.within:
                for name in place.names:
                    groups[place.level, parent, name].add(place.iri)
    chosen = {place: place for place in found}
    for group in groups.values():
        if len(group) > 1 and len({sources[place] for place in group}) == len(group):
            first, *others = sorted(group, key=lambda place: _rank(sources[place], ranks))
            chosen |= dict.fromkeys(others, chosen[first])

    def stands_for(place: str) -> str:
        while chosen[place] != place:  # ends: each step leads to a source of a lower rank
            place = chosen[place]
        return place

    return {place: stands_for(place) for place in found}


def _merged(
    found: Mapping[str, Known],
    chosen: Mapping[str, str],
    sources: Mapping[str, str],
    ranks: Mapping[str, int],
) -> dict[str, Known]:
    """Return the chosen places with what is said of those that they stand for; containment leads to chosen ones."""
    groups: dict[str, list[Known]] = defaultdict(list)
    for place in sorted(found, key=lambda one: (one != chosen[one], *_rank(sources[one], ranks), one)):
        groups[chosen[place]].append(found[place])
    merged = {}
    for iri, group in groups.items():
        whole = reduce(_union, group)
        within = frozenset(chosen.get(parent, parent) for parent in whole.within) - {iri}
        merged[iri] = replace(whole, iri=iri, within=within)
    return merged


def _union(one: Known, other: Known) -> Known:
    return replace(
        one,
        names=one.names | other.names,
        codes=one.codes | other.codes,
        within=one.within | other.within,
        level=one.level if one.level is not None else other.level,
        position=one.position or other.position,
        named=one.named or other.named,
    )
