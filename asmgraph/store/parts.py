"""The parts of a staged version: spans of its sorted files that hold whole subjects and fit into memory.

A part is the same range of subjects in the file of every sensitivity, so that a subject's statements are read together
wherever they lie, parts can be worked on side by side, and two versions can be compared range by range.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from asmgraph.records import Sensitivity
from asmgraph.store.ntriples import subjects
from asmgraph.store.runs import Reader, merged, read, text

_FILE = "parts.parquet"


@dataclass(frozen=True)
class Held:
    """What one sorted file holds: its lines, and the SHA-256 of its bytes."""

    lines: int
    digest: str


@dataclass(frozen=True)
class Part:
    """One part: its first subject term, and for each sensitivity where it begins and ends, in bytes."""

    first: str
    spans: Mapping[Sensitivity, tuple[int, int]]

    def lines(self, folder: Path, level: Sensitivity) -> pl.Series:
        """Return the part's lines of one sensitivity, sorted."""
        return read(self.content(folder, level))

    def all_lines(self, folder: Path) -> pl.Series:
        """Return the part's lines of every sensitivity in one order, each once."""
        return merged([self.lines(folder, level) for level in Sensitivity])

    def lines_of(self, folder: Path, things: pl.Series) -> pl.Series:
        """Return the part's lines about some subject terms, of every sensitivity in one order, each once."""
        found = (self.lines(folder, level) for level in Sensitivity)
        return merged([lines.filter(subjects(lines).is_in(things.implode())) for lines in found])

    def content(self, folder: Path, level: Sensitivity) -> bytes:
        """Return the part's bytes in the file of one sensitivity."""
        begin, end = self.spans[level]
        with (folder / f"{level}.nt").open("rb") as file:
            file.seek(begin)
            return file.read(end - begin)


class Made:
    """Writes the sorted files of a version part by part, and notes what they hold."""

    def __init__(self, folder: Path) -> None:
        self._files = {level: _Target(folder / f"{level}.nt") for level in Sensitivity}
        self._parts: list[Part] = []

    def add(self, lines: Mapping[str, pl.Series]) -> None:
        """Append one part; its subjects come after those of the one before."""
        first = min(subjects(own[:1])[0] for own in lines.values() if len(own))
        none = read(b"")
        spans = {level: file.append(text(lines.get(level, none))) for level, file in self._files.items()}
        self._parts.append(Part(first, spans))

    def close(self) -> tuple[dict[Sensitivity, Held], list[Part]]:
        """Close the files; return what they hold and their parts."""
        return {level: file.close() for level, file in self._files.items()}, self._parts


class _Target:
    """A file that is written from its beginning to its end."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._digest = hashlib.sha256()
        self._lines = 0

    def append(self, content: bytes) -> tuple[int, int]:
        begin = self._file.tell()
        self._file.write(content)
        self._digest.update(content)
        self._lines += content.count(b"\n")
        return begin, begin + len(content)

    def close(self) -> Held:
        self._file.close()
        return Held(self._lines, self._digest.hexdigest())


def insert(
    folder: Path, parts: Sequence[Part], level: Sensitivity, extra: pl.Series
) -> tuple[Held, list[Part]]:
    """Merge sorted lines into the file of one sensitivity; return what it holds then, and the parts."""
    known = list(parts) or [Part(subjects(extra[:1])[0], dict.fromkeys(Sensitivity, (0, 0)))]
    ends = [part.first for part in known[1:]]
    target = _Target(folder / f"{level}.added")
    moved = []
    for part, begin, end in zip(known, [None, *ends], [*ends, None], strict=True):
        content, mine = part.content(folder, level), _between(extra, begin, end)
        first = part.first
        if len(mine):
            content = text(merged([read(content), mine]))
            first = min(first, subjects(mine[:1])[0])
        moved.append(Part(first, {**part.spans, level: target.append(content)}))
    held = target.close()
    (folder / f"{level}.added").replace(folder / f"{level}.nt")
    return held, moved


def recount(folder: Path, parts: Sequence[Part]) -> tuple[dict[Sensitivity, Held], list[Part]]:
    """Return what the sorted files hold, and their parts, where lines were taken out of them since."""
    ends: list[str | None] = [*(part.first for part in parts[1:]), None]
    held: dict[Sensitivity, Held] = {}
    spans: list[dict[Sensitivity, tuple[int, int]]] = [{} for _ in ends]
    for level in Sensitivity:
        digest, lines, place = hashlib.sha256(), 0, 0
        with (folder / f"{level}.nt").open("rb") as file:
            reader = Reader(file)
            for span, end in zip(spans, ends, strict=True):
                found = reader.before(end)
                content = text(found)
                digest.update(content)
                lines += len(found)
                span[level] = (place, place + len(content))
                place += len(content)
        held[level] = Held(lines, digest.hexdigest())
    return held, [Part(part.first, span) for part, span in zip(parts, spans, strict=bool(parts))]


def save(folder: Path, parts: Sequence[Part]) -> None:
    """Write the parts beside the files."""
    rows = [
        {"first": part.first, **{str(level): list(span) for level, span in part.spans.items()}}
        for part in parts
    ]
    spans = {str(level): pl.List(pl.Int64) for level in Sensitivity}
    pl.DataFrame(rows, schema={"first": pl.String, **spans}).write_parquet(folder / _FILE)


def load(folder: Path) -> list[Part]:
    """Read what :func:`save` wrote."""
    return [
        Part(
            row["first"],
            {level: (row[str(level)][0], row[str(level)][1]) for level in Sensitivity},
        )
        for row in pl.read_parquet(folder / _FILE).iter_rows(named=True)
    ]


def _between(lines: pl.Series, first: str | None, following: str | None) -> pl.Series:
    kept = lines if first is None else lines.filter(lines >= f"{first} ")
    return kept if following is None else kept.filter(kept < f"{following} ")
