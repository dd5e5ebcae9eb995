"""Which administrative units a place lies in, by what public graphs say of places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from asmgraph.privacy import statements
from asmgraph.records import ASM

LEVELS = (2, 1, 0)
"""Levels of administration at which something may be published, the smallest first; 0 is the country."""
_WITHIN, _LEVEL = f"{ASM}within", f"{ASM}adminLevel"
_DEEPEST = 12


@dataclass(frozen=True)
class Areas:
    """The larger places of each place in which something lies, and the levels of the units that public graphs state."""

    within: Mapping[str, frozenset[str]]
    levels: Mapping[str, int]

    def of(self, places: Iterable[str]) -> dict[int, str]:
        """Return the unit of each level in which places lie, where there is exactly one."""
        found: dict[int, set[str]] = {level: set() for level in LEVELS}
        seen: set[str] = set()
        waiting = set(places)
        for _ in range(_DEEPEST):
            for place in waiting:
                if (level := self.levels.get(place)) in found:
                    found[level].add(place)
            seen |= waiting
            waiting = {larger for place in waiting for larger in self.within.get(place, ())} - seen
        return {level: min(units) for level, units in found.items() if len(units) == 1}


def read(public: Iterable[Path], own: Iterable[Path] = ()) -> Areas:
    """Read the places of public files; ``own`` files of a source may lead to them, but name no unit."""
    held = list(public)
    within: dict[str, set[str]] = {}
    stated = statements.terms([*held, *own], [_WITHIN])
    pairs = stated.select("subject", statements.iri(pl.col("object")).alias("larger")).drop_nulls()
    # Most of what lies in a place is a mine site, in which nothing lies: no way up leads through it.
    pairs = pairs.filter(pl.col("subject").is_in(pairs["larger"].unique().implode()))
    for place, larger in pairs.iter_rows():
        within.setdefault(place, set()).add(larger)
    levels = statements.terms(held, [_LEVEL]).select(
        "subject", statements.text(pl.col("object")).cast(pl.Int64, strict=False).alias("level")
    )
    return Areas(
        {place: frozenset(larger) for place, larger in within.items()},
        dict(levels.drop_nulls().iter_rows()),
    )
