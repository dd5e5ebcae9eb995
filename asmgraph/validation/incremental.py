"""Which things of a new version have to be validated again: those that changed, and those that point at them.

Enters: the version staged before with its report, and the new one. Leaves: the subjects to check; what the report says
of the others still holds. A shape here judges a thing by its own statements and by the classes of what it points at,
and by nothing else (:mod:`asmgraph.validation.locality`), so a thing has to be checked again where its statements
changed, or where the classes changed of something that it points at, in the old state or the new.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import polars as pl

from asmgraph.records import Sensitivity
from asmgraph.store import ntriples
from asmgraph.store.ntriples import subjects
from asmgraph.store.parts import Part
from asmgraph.store.runs import read
from asmgraph.validation.shapes import Violation


def changed(folder: Path, parts: Sequence[Part], before: Path, old: Sequence[Part]) -> pl.Series:
    """Return the subject terms whose statements differ between two versions, sorted; those that left, too."""
    found = [read(b"")]
    for new, former in _aligned(folder, parts, before, old):
        differing = [new.filter(~new.is_in(former.implode())), former.filter(~former.is_in(new.implode()))]
        found += [subjects(lines).unique() for lines in differing]
    return pl.concat(found).unique().sort()


def regrouped(known: pl.DataFrame, before: pl.DataFrame) -> pl.Series:
    """Return the things, as terms, whose classes differ between two tables of ``thing`` and ``kind``."""
    pairs = pl.concat([known.unique(), before.unique()])
    return ("<" + pairs.filter(~pairs.is_duplicated())["thing"].unique() + ">").sort()


def pointing(folder: Path, parts: Iterable[Part], things: pl.Series) -> pl.Series:
    """Return the subject terms that point at one of the things, sorted."""
    found = [read(b"")]
    if len(things):
        wanted = things.to_frame("object")
        for part in parts:
            ends = ntriples.terms(part.all_lines(folder))
            found.append(ends.join(wanted, on="object", how="semi")["subject"].alias("line"))
    return pl.concat(found).unique().sort()


def carried(violations: Iterable[Violation], again: pl.Series) -> list[Violation]:
    """Return what was found of the things that are not checked again."""
    checked = set(again)
    return [violation for violation in violations if violation.focus not in checked]


def _aligned(
    folder: Path, parts: Sequence[Part], before: Path, old: Sequence[Part]
) -> Iterator[tuple[pl.Series, pl.Series]]:
    """Yield the lines of both versions range by range, in any order; the ranges are the parts of the new one."""
    firsts = [part.first for part in old]
    begins = ["", *(part.first for part in parts[1:])]
    for number, begin in enumerate(begins):
        end = begins[number + 1] if number + 1 < len(begins) else None
        low = max(0, bisect_right(firsts, begin) - 1)
        high = len(old) if end is None else bisect_left(firsts, end)
        former = _lines(before, old[low:high])
        former = former.filter(former >= begin)
        new = _lines(folder, parts[number : number + 1])
        yield new, former if end is None else former.filter(former < f"{end} ")


def _lines(folder: Path, parts: Iterable[Part]) -> pl.Series:
    return pl.concat([read(b""), *(part.lines(folder, level) for part in parts for level in Sensitivity)])
