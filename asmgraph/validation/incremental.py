"""Which things of a new version have to be validated again: those that changed, and those that point at them.

Enters: the version staged before with its report, and the new one. Leaves: the subjects to check; what the report says
of the others still holds. A shape here judges a thing by its own statements and by the classes of what it points at,
and by nothing else (:mod:`asmgraph.validation.locality`), so a thing has to be checked again where its statements
changed, or where the classes changed of something that it points at, in the old state or the new.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

import polars as pl
from rdflib import RDFS

from asmgraph.records import Sensitivity
from asmgraph.store import ntriples, sorted_files
from asmgraph.store.parts import Part
from asmgraph.store.runs import read
from asmgraph.store.sorted_files import Span, opened, place
from asmgraph.validation.shapes import Violation

_BELOW = f" <{RDFS.subClassOf}> ".encode()


def changed(
    folder: Path, parts: Sequence[Part], before: Path, parts_before: Sequence[Part]
) -> pl.Series | None:
    """Return the subject terms whose statements differ between two versions, sorted; those that left, too.

    ``None`` where they differ in which class lies below which: then any thing may be judged in another way.

    Parameters
    ----------
    folder, parts
        The new version.
    before, parts_before
        The other. Both are compared byte by byte, so that only lines that differ are looked at one by one, and in
        ranges of subjects that reach over no end of a part of either: however the two differ, no more is held than
        a part of each.
    """
    found = [read(b"")]
    with ExitStack() as stack:
        files = [
            [stack.enter_context(opened(of / f"{level}.nt")) for level in Sensitivity]
            for of in (folder, before)
        ]
        ends = sorted({f"{part.first} ".encode() for part in (*parts[1:], *parts_before[1:])})
        begins = [[0 for _ in of] for of in files]
        for end in [*ends, None]:
            places = [[len(one) if end is None else place(one, end) for one in of] for of in files]
            spans = [list(zip(*of, strict=True)) for of in zip(files, begins, places, strict=True)]
            differing = _differing(*spans)
            if differing is None:
                return None
            found.append(differing)
            begins = places
    return pl.concat(found).unique().sort()


def regrouped(known: pl.DataFrame, before: pl.DataFrame) -> pl.Series:
    """Return the things, as terms, whose classes differ between two tables of ``thing`` and ``kind``."""
    pairs = pl.concat([known.unique(), before.unique()])
    return ("<" + pairs.filter(~pairs.is_duplicated())["thing"].unique() + ">").sort()


def pointing(files: Iterable[Path], things: pl.Series) -> pl.Series:
    """Return the subject terms of the statements in some files that point at one of the things, sorted."""
    found = [read(b"")]
    wanted = things.to_frame("object").lazy()
    for file in files if len(things) else ():
        if file.stat().st_size:
            naming = pl.scan_lines(file, name="line").filter(pl.col("line").str.ends_with("> ."))
            ends = ntriples.split(naming).join(wanted, on="object", how="semi").select(line="subject")
            found.append(ends.collect(engine="streaming")["line"])
    return pl.concat(found).unique().sort()


def carried(violations: Iterable[Violation], again: pl.Series) -> list[Violation]:
    """Return what was found of the things that are not checked again."""
    checked = set(again)
    return [violation for violation in violations if violation.focus not in checked]


def _differing(new: Iterable[Span], old: Iterable[Span]) -> pl.Series | None:
    """Return the subject terms whose lines differ between the same ranges of the files of two versions.

    ``None`` where one of the lines says that a class lies below another.
    """
    gained, lost = set[bytes](), set[bytes]()
    for one, other in zip(new, old, strict=True):
        mine, theirs = sorted_files.differing(one, other)
        gained.update(mine)
        lost.update(theirs)
    # A statement that moved from one file to another is in both.
    lines = gained ^ lost
    if any(_BELOW in line for line in lines):
        return None
    things = {line[: line.index(b" ")] for line in lines}
    return pl.Series("line", [thing.decode() for thing in things], dtype=pl.String)
