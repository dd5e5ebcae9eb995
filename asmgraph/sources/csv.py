"""Read delimited text: a file or a folder of files in, batches of text rows out.

Enters: UTF-8 CSV or TSV with a header row, or with the ``separator`` and ``encoding`` that the description of a table
states. Leaves:
:class:`~asmgraph.records.Batch`, cells stripped of surrounding white space, blank cells null, rows numbered from 1.
Streamed: memory does not grow with the file. The strict
reader of the standard library is used because faster ones fill up short rows and guess where a quote ends.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, islice, repeat
from pathlib import Path

import polars as pl

from asmgraph.descriptions import Encoding, Source
from asmgraph.errors import SourceError
from asmgraph.records import ROW, Batch
from asmgraph.sources import encodings, sheets
from asmgraph.sources import tables as located

BATCH_ROWS = 20_000
_ENDINGS = {"csv": (".csv",), "tsv": (".tsv", ".tab")}
_SEPARATORS = {"csv": ",", "tsv": "\t"}
_SIGNS = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas"}


def read(path: Path, source: Source, *, everything: bool = False) -> Iterator[Batch]:
    """Yield the rows of every table of ``source`` found at ``path``.

    A blank line is no row, but counts in the numbers of the rows after it, as it does on a screen.

    Parameters
    ----------
    path
        One file, for a source with one table; or a folder that holds each table's ``file``.
    source
        The description whose ``tables`` are read.

    Raises
    ------
    SourceError
        If a file is missing, is not in its encoding, has ragged or unclosed rows, a repeated column or none of the
        key columns; it names the file and, where there is one, the line.
    """
    for table, file in tables(path, source).items():
        described = source.tables[table]
        separator = described.separator or _SEPARATORS[source.format]
        above = (described.header or 1) - 1
        columns = located.named(header(file, separator, above, described.encoding), described, file.name)
        located.require_key(columns, described, file.name, source)
        for frame in _frames(file, columns, separator, above, described.encoding):
            yield Batch(table, frame)


def files(path: Path, source: Source) -> list[Path]:
    """Return the files of all tables at ``path``, sorted; none where the folder holds no such file."""
    return located.files(path, source, *_ENDINGS[source.format])


def tables(path: Path, source: Source) -> dict[str, Path]:
    """Return the file of each table at ``path``.

    Raises
    ------
    SourceError
        If one of them is not there.
    """
    return located.located(path, source, *_ENDINGS[source.format])


def rows(file: Path, separator: str, encoding: Encoding | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield every row that is not blank with its number, counted from 1: its cells that are not blank.

    Raises
    ------
    SourceError
        If it is not in its encoding, or a quote is not closed.
    """
    for number, cells in enumerate(chain.from_iterable(_chunks(file, separator, encoding, 1)), start=1):
        if filled := [cell for cell in cells if cell.strip()]:
            yield number, filled


def header(file: Path, separator: str = ",", above: int = 0, encoding: Encoding | None = None) -> list[str]:
    """Return the column names of ``file``, stripped of surrounding white space; ``above`` them stand so many rows.

    Raises
    ------
    SourceError
        If there is no header row, it is not in its encoding, or separated by another sign.
    """
    lines = chain.from_iterable(_chunks(file, separator, encoding, 1))
    columns = [name.strip() for name in next(islice(lines, above, None), [])]
    if any(columns):  # a spreadsheet writes blank columns too
        columns = [name or sheets.unnamed(place) for place, name in enumerate(columns, start=1)]
    else:
        where = f"row {above + 1}" if above else "first line"
        raise SourceError(
            f"{file.name} has no header row.",
            f"The {where} must name the columns; where another does, say so as 'header' in source.yml.",
        )
    others = {sign: name for sign, name in _SIGNS.items() if sign != separator}
    if len(columns) == 1 and (found := [sign for sign in others if sign in columns[0]]):
        raise SourceError(
            f"The columns of {file.name} are separated by {others[found[0]]}.",
            f"Save it with {_SIGNS[separator]} between the columns, or say separator: {found[0]!r} of its table in"
            " source.yml.",
        )
    return columns


def _frames(
    file: Path, columns: list[str], separator: str, above: int, encoding: Encoding | None
) -> Iterator[pl.DataFrame]:
    chunks = _chunks(file, separator, encoding, above + 1, BATCH_ROWS)
    next(chunks)
    first = 1
    for chunk in chunks:
        widths = set(map(len, chunk))
        if widths - {0, len(columns)}:
            raise _ragged(file, len(columns), separator, above, encoding)
        numbers = [number for number, cells in enumerate(chunk, start=first) if cells]
        first += len(chunk)
        if numbers:
            cells = zip(*filter(None, chunk), strict=True)
            frame = pl.DataFrame(
                dict(zip(columns, cells, strict=True)), schema=dict.fromkeys(columns, pl.String)
            )
            _refuse_nul(file, numbers, frame)
            yield frame.select(
                pl.Series(ROW, numbers, dtype=pl.Int64), pl.all().str.strip_chars().replace("", None)
            )


def _chunks(file: Path, separator: str, encoding: Encoding | None, *sizes: int) -> Iterator[list[list[str]]]:
    """Yield rows, the header too, in lists of these sizes, the last one repeated; a blank line has no cells."""
    with encodings.opened(file, encoding) as lines:
        rows = csv.reader(lines, delimiter=separator, strict=True)
        try:
            for size in chain(sizes, repeat(sizes[-1])):
                if not (chunk := list(islice(rows, size))):
                    return
                yield chunk
        except UnicodeError:
            raise encodings.undecodable(file, encoding) from None
        except csv.Error as error:
            raise quoted_badly(file, separator, error, encoding) from None


def quoted_badly(
    file: Path, separator: str, error: csv.Error, encoding: Encoding | None = None
) -> SourceError:
    """Return what to say of a quote that breaks the file: the lines of the row in which it stands."""
    first = 1
    with encodings.opened(file, encoding) as lines:
        rows = csv.reader(lines, delimiter=separator, strict=True)
        with suppress(csv.Error):
            for _ in rows:
                first = rows.line_num + 1
        last = rows.line_num
    where = f"line {first}" if first == last else f"lines {first} to {last}"
    return SourceError(
        f"{file.name}, {where}: {error}.",
        f"A quote is not closed, or stands inside a cell; look at line {first} first. Within quotes it is doubled.",
    )


def _ragged(file: Path, width: int, separator: str, above: int, encoding: Encoding | None) -> SourceError:
    with encodings.opened(file, encoding) as lines:
        rows = csv.reader(lines, delimiter=separator, strict=True)
        found = next(cells for cells in islice(rows, above, None) if len(cells) not in (0, width))
        return SourceError(
            f"{file.name}, line {rows.line_num}: {len(found)} cells where the header has {width}.",
            "A comma or quote too many or too few in this line; mend it and ingest again. If a title stands above the"
            " names of the columns, say in source.yml, as 'header', which row has the names.",
        )


def _refuse_nul(file: Path, numbers: list[int], frame: pl.DataFrame) -> None:
    damaged = frame.select(
        pl.any_horizontal(pl.all().str.contains("\0", literal=True)).arg_true()
    ).to_series()
    if len(damaged):
        raise SourceError(f"{file.name}, row {numbers[damaged[0]]}: a NUL character.", "The file is damaged.")
