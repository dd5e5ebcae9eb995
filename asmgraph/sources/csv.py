"""Read delimited text: a file or a folder of files in, batches of text rows out.

Enters: UTF-8 CSV with a header row. Leaves: :class:`~asmgraph.records.Batch`, cells stripped of surrounding
white space, blank cells null, rows numbered from 1. Streamed: memory does not grow with the file.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from asmgraph.errors import SourceError
from asmgraph.records import ROW, Batch, Source

BATCH_ROWS = 50_000


def read(path: Path, source: Source) -> Iterator[Batch]:
    """Yield the rows of every table of ``source`` found at ``path``.

    Parameters
    ----------
    path
        One file, for a source with one table; or a folder that holds each table's ``file``.
    source
        The description whose ``tables`` are read.

    Raises
    ------
    SourceError
        If a file is missing, is not UTF-8, has ragged or unclosed rows, a repeated column or none of the
        key columns; it names the file and, where there is one, the line.
    """
    for table, file in files(path, source).items():
        columns = header(file)
        missing = [key for key in source.tables[table].key if key not in columns]
        if missing:
            raise SourceError(
                f"{file.name} has no column {', '.join(missing)}; it has {', '.join(columns[:12])}"
                f"{' ...' if len(columns) > 12 else ''}.",
                f"A file for the source {source.name} needs it as its key. Is this the right file?",
            )
        yield from _batches(file, table)


def files(path: Path, source: Source) -> dict[str, Path]:
    """Return the file of each table at ``path``.

    Raises
    ------
    SourceError
        If one of them is not there.
    """
    if path.is_file():
        if len(source.tables) != 1:
            names = ", ".join(table.file or name for name, table in source.tables.items())
            raise SourceError(
                f"{path.name} is one file; {source.name} has several tables.",
                f"Give the folder with {names}.",
            )
        return {next(iter(source.tables)): path}
    found = {name: path / (table.file or f"{name}.csv") for name, table in source.tables.items()}
    absent = [file.name for file in found.values() if not file.is_file()]
    if absent:
        raise SourceError(
            f"{path} does not hold {', '.join(absent)}.",
            f"The source {source.name} is read from these files.",
        )
    return found


def header(file: Path) -> list[str]:
    """Return the column names of ``file``.

    Raises
    ------
    SourceError
        If there is no header row, it is not UTF-8, or a name stands twice.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            columns = next(csv.reader(lines, strict=True), [])
    except UnicodeDecodeError as error:
        raise _not_utf8(file, error) from None
    except csv.Error as error:
        raise SourceError(
            f"{file.name}, line 1: {error}.", "The header is not CSV; save the file again."
        ) from None
    repeated = [name for name, count in Counter(columns).items() if count > 1]
    if repeated:
        raise SourceError(f"{file.name} has the column {repeated[0]!r} twice.", "Rename one of the two.")
    if not any(name.strip() for name in columns):
        raise SourceError(f"{file.name} has no header row.", "The first line must name the columns.")
    return columns


def _batches(file: Path, table: str) -> Iterator[Batch]:
    try:
        scan = pl.scan_csv(
            file, infer_schema=False, row_index_name=ROW, row_index_offset=1, truncate_ragged_lines=False
        ).with_columns(pl.col(pl.String).str.strip_chars().replace("", None), pl.col(ROW).cast(pl.Int64))
        for frame in scan.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True):
            if frame.height:
                yield Batch(table, frame)
    except pl.exceptions.PolarsError as error:
        raise _explained(file, error) from None


def _explained(file: Path, error: pl.exceptions.PolarsError) -> SourceError:
    """Find the line that the fast reader stumbled over with the slow, exact one."""
    width = len(header(file))
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.reader(lines, strict=True)
            for cells in rows:
                if cells and len(cells) != width:
                    return SourceError(
                        f"{file.name}, line {rows.line_num}: {len(cells)} cells where the header has {width}.",
                        "A comma or quote too many or too few in this line; mend it and ingest again.",
                    )
    except UnicodeDecodeError as problem:
        return _not_utf8(file, problem)
    except csv.Error as problem:
        return SourceError(
            f"{file.name}, line {rows.line_num}: {problem}.",
            "A quote is not closed, or stands inside a cell.",
        )
    return SourceError(
        f"{file.name} cannot be read as CSV: {str(error).splitlines()[0]}.", "Save it again as CSV, UTF-8."
    )


def _not_utf8(file: Path, error: UnicodeDecodeError) -> SourceError:
    before = file.read_bytes()
    line = before[: max(error.start, 0)].count(b"\n") + 1
    for number, text in enumerate(before.splitlines(), start=1):
        try:
            text.decode("utf-8")
        except UnicodeDecodeError:
            line = number
            break
    return SourceError(
        f"{file.name}, line {line}: not UTF-8 text.", "Save the file as CSV with the encoding UTF-8."
    )
