"""Sort more lines than memory holds: sorted runs on disk, read back side by side as parts of whole subjects.

Enters: N-Triples lines in any order, in groups that are each to be sorted. Leaves: the lines of each group in order,
each once, in parts that begin and end with the same subject in every group. What leaves does not depend on how the
lines came in, but for where the parts are cut.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import polars as pl

from asmgraph.store.ntriples import subjects

RUN_BYTES = 96 * 2**20
PART_LINES = 300_000
_SAMPLE = 5_000
_BLOCK_BYTES = 2**19


class Runs:
    """Collects lines in a folder and gives them back sorted.

    Parameters
    ----------
    folder
        Where the runs lie; whoever clears it clears them.
    run_bytes
        Lines of about so many bytes are sorted in memory at a time.
    part_lines
        About so many lines make a part; a subject with more is a part of its own.
    """

    def __init__(self, folder: Path, *, run_bytes: int = RUN_BYTES, part_lines: int = PART_LINES) -> None:
        self._folder = folder
        self._run_bytes = run_bytes
        self._part_lines = part_lines
        self._sample = max(1, min(_SAMPLE, part_lines // 4))
        self._pending: dict[str, list[pl.Series]] = {}
        self._bytes = 0
        self._files: dict[str, list[Path]] = {}
        self._samples: list[str] = []

    def add(self, group: str, lines: pl.Series) -> None:
        """Take lines of a group, without line ends."""
        if len(lines):
            self._pending.setdefault(group, []).append(lines)
            self._bytes += int(lines.str.len_bytes().sum())
        if self._bytes >= self._run_bytes:
            self._flush()

    def parts(self) -> Iterator[dict[str, pl.Series]]:
        """Yield the sorted lines of each group, part by part; nothing more can be added then."""
        self._flush()
        ends: list[str | None] = [*self._ends(), None]
        with _Open(self._files) as readers:
            for end in ends:
                part = {group: merged([reader.before(end) for reader in of]) for group, of in readers.items()}
                if any(map(len, part.values())):
                    yield part

    def clear(self) -> None:
        """Remove the runs."""
        for file in (file for of in self._files.values() for file in of):
            file.unlink()
        self._files, self._samples = {}, []

    def _flush(self) -> None:
        for group, parts in self._pending.items():
            lines = merged(parts, sort=True)
            files = self._files.setdefault(group, [])
            files.append(self._folder / f"{group}.{len(files)}.run")
            files[-1].write_bytes(text(lines))
            self._samples += subjects(lines.gather_every(self._sample)).to_list()
        self._pending, self._bytes = {}, 0

    def _ends(self) -> list[str]:
        """Return the subjects before which parts are cut."""
        found = sorted(self._samples)
        step = max(1, self._part_lines // self._sample)
        return sorted(set(found[step::step]) - {found[0]}) if found else []


class Reader:
    """One sorted file, read from its beginning to its end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = read(b"")

    def before(self, end: str | None) -> pl.Series:
        """Return the lines that are left before the subject ``end``, or all of them."""
        blocks = [self._left]
        while not len(blocks[-1]) or end is None or blocks[-1][-1] < f"{end} ":
            if not (block := self._file.read(_BLOCK_BYTES)):
                break
            blocks.append(read(block + self._file.readline()))
        lines = pl.concat(blocks)
        cut = len(lines) if end is None else int((lines < f"{end} ").sum())
        self._left = lines[cut:]
        return lines[:cut]


class _Open:
    """The runs of each group, open together."""

    def __init__(self, files: dict[str, list[Path]]) -> None:
        self._files = files
        self._open: list[BinaryIO] = []

    def __enter__(self) -> dict[str, list[Reader]]:
        return {group: [self._reader(file) for file in of] for group, of in self._files.items()}

    def __exit__(self, *_: object) -> None:
        for file in self._open:
            file.close()

    def _reader(self, file: Path) -> Reader:
        self._open.append(file.open("rb"))
        return Reader(self._open[-1])


def merged(parts: Sequence[pl.Series], *, sort: bool = False) -> pl.Series:
    """Return the lines of several sorted series in order, each once; ``sort`` where they are not sorted."""
    filled = [part for part in parts if len(part)]
    lines = pl.concat(filled) if filled else read(b"")
    if sort or len(filled) > 1:
        lines = lines.sort()
    return lines.filter((lines != lines.shift()).fill_null(True))


def read(content: bytes) -> pl.Series:
    """Return the lines of a file's content, without line ends: only a line feed ends a line."""
    if not content:
        return pl.Series("line", [], dtype=pl.String)
    return pl.scan_lines(io.BytesIO(content), name="line").collect()["line"]


def text(lines: pl.Series) -> bytes:
    """Return lines as they stand in a file, each with a line feed."""
    content = io.BytesIO()
    if len(lines):
        lines.to_frame("line").write_csv(content, include_header=False, quote_style="never")
    return content.getvalue()
