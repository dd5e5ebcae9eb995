"""Read HXL: sheets whose columns carry hashtags, from CSV, XLSX or JSON in, batches of text rows out.

A column of the description finds its cells by the tag pattern in ``at`` (``#org+impl``, ``#adm1-code``, ``#date!``) or,
where that is no tag, by the text of the header above the tags. What the description does not mean is passed on by its
header, so that the check names it. Tags of 2014, before HXL 1.0, are read as libhxl reads them, and ``#country/en`` is
``#country+en``. Rows have the numbers that a spreadsheet program shows. libhxl only reads tags here and opens nothing.

HXL 1.1: https://hxlstandard.org/standard/1-1final/
"""

from __future__ import annotations

import csv
import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

from hxl import HXLException
from hxl.datatypes import normalise_string
from hxl.model import Column as Tag
from hxl.model import TagPattern

from asmgraph.descriptions import Source, Table
from asmgraph.errors import ConfigurationError, SourceError
from asmgraph.records import Batch
from asmgraph.sources import encodings, gathering, json_events, sheets, tables, xlsx
from asmgraph.sources.csv import quoted_badly
from asmgraph.sources.texts import text

ENDINGS = (".csv", ".xlsx", ".xlsm", ".json")
SEARCHED_ROWS = 25
"""Among so many rows must be the one with the tags, as HXL has it."""
_LANGUAGE = re.compile(r"^\s*(#[A-Za-z]\w*)/([A-Za-z]\w*)\s*$")


def files(path: Path, source: Source) -> list[Path]:
    """Return the files of all tables at ``path``, sorted; none where the folder holds no such file."""
    return tables.files(path, source, *ENDINGS, shared=True)


def read(path: Path, source: Source, *, everything: bool = False) -> Iterator[Batch]:
    """Yield the rows of every table of ``source`` found at ``path``.

    Raises
    ------
    SourceError
        If a file has no row of tags, or a column of the description fits several of the file's or shares one with
        another; besides what the reader of CSV, XLSX or JSON raises.
    """
    for table, file in tables.located(path, source, *ENDINGS, shared=True).items():
        described = source.tables[table]
        with _opened(file, described) as sheet:
            start, tags = _tags(sheet)
            columns = _columns(tags, described, sheet.where)
            tables.require_key(list(columns.values()), described, sheet.where, source)
            split = {name: column.split for name, column in described.columns.items()}
            records = (_joined(number, cells, columns, split, sheet.where) for number, cells in sheet.rows)
            yield from gathering.batches(table, sheet.where, records, columns.values())
            sheets.refuse_unclear(sheet, start)


@contextmanager
def _opened(file: Path, table: Table) -> Iterator[sheets.Sheet]:
    if file.suffix.lower() in xlsx.ENDINGS:
        with xlsx.opened(file, table.sheet) as sheet:
            yield sheet
    else:
        rows = _json_rows(file) if file.suffix.lower() == ".json" else _csv_rows(file, table)
        with closing(rows):
            yield sheets.Sheet(file.name, rows)


def _csv_rows(file: Path, table: Table) -> Generator[sheets.Row, None, None]:
    """Yield the rows of a CSV file; they may be shorter or longer than the first, as HXL allows."""
    separator = table.separator or ","
    with encodings.opened(file, table.encoding) as lines:
        rows = csv.reader(lines, delimiter=separator, strict=True)
        try:
            for number, cells in enumerate(map(_filled, rows), start=1):
                if cells:
                    yield number, cells
        except UnicodeError:
            raise encodings.undecodable(file, table.encoding) from None
        except csv.Error as error:
            raise quoted_badly(file, separator, error, table.encoding) from None


def _json_rows(file: Path) -> Generator[sheets.Row, None, None]:
    """Yield the rows of HXL in JSON: an array of arrays, or of objects whose keys are the tags."""
    keys: dict[str, int] = {}
    number = 0
    for value in json_events.elements(file, ()):
        number += 1
        if isinstance(value, Mapping):
            if not keys:
                keys = {key: place for place, key in enumerate(value, start=1)}
                yield number, {place: key for key, place in keys.items()}
            number += number == 1
            if new := [key for key in value if key not in keys]:
                raise SourceError(
                    f"{file.name}, row {number}: has {new[0]!r}, which the first row has not.",
                    "Objects of HXL all have the same keys.",
                )
            cells = [value.get(key) for key in keys]
        elif isinstance(value, list):
            cells = value
        else:
            raise SourceError(
                f"{file.name}, row {number}: neither a list nor an object.", "HXL in JSON has rows."
            )
        if filled := _filled(_cell(file, number, cell) for cell in cells):
            yield number, filled


def _cell(file: Path, number: int, value: object) -> str | None:
    if isinstance(value, dict | list):
        raise SourceError(
            f"{file.name}, row {number}: a cell holds a list or an object.", "Cells of HXL are plain."
        )
    return text(value)


def _filled(cells: Iterable[str | None]) -> dict[int, str]:
    return {place: cell for place, cell in enumerate(cells, start=1) if cell and cell.strip()}


def _tags(sheet: sheets.Sheet) -> tuple[int, dict[int, Tag]]:
    """Read to the row of tags; return its number and its columns, those with a header and no tag too."""
    above: dict[int, str] = {}
    for number, cells in islice(sheet.rows, SEARCHED_ROWS):
        places = sorted(set(above) | set(cells))
        found = _parsed(
            [cells.get(place, "") for place in places], [above.get(place, "") for place in places]
        )
        if found is not None:
            return number, dict(zip(places, found, strict=True))
        above = dict(cells)
    raise SourceError(
        f"{sheet.where} has no row of HXL tags among its first {SEARCHED_ROWS} rows.",
        "Put #-tags below the names of the columns, or describe it in the format it has without them.",
    )


def _parsed(cells: Sequence[str], headers: Sequence[str]) -> list[Tag] | None:
    """Return the columns that a row tags; none where fewer than half of its cells are tags, as HXL has it."""
    columns = [_tag(cell, header) for cell, header in zip(cells, headers, strict=True)]
    tagged = sum(column.tag is not None for column in columns)
    return columns if tagged and 2 * tagged >= len([cell for cell in cells if cell]) else None


def _tag(cell: str, header: str) -> Tag:
    try:  # told to raise, libhxl does not log what is no tag
        parsed = Tag.parse(_LANGUAGE.sub(r"\1+\2", normalise_string(cell)), header=header, use_exception=True)
    except HXLException:
        parsed = None
    return parsed or Tag(header=header)


def _columns(tags: Mapping[int, Tag], table: Table, where: str) -> dict[int, str]:
    """Return the name of each of the file's columns: the one that means it, else its header, tag or letter."""
    meant: dict[int, str] = {}
    for name, column in table.columns.items():
        at = column.at or name
        places = [place for place, tag in tags.items() if _fits(at, tag, name)]
        if len(places) > 1 and not column.split:
            raise SourceError(
                f"{where}: {at} fits {len(places)} columns: {_list(tags, places)}.",
                f"In source.yml, narrow 'at' of {name} (#tag+attribute, #tag-attribute, #tag!), or name a header in it;"
                " with 'split' all are read as one list.",
            )
        for place in places:
            if place in meant:
                raise SourceError(
                    f"{where}: {_list(tags, [place])} fits two columns of source.yml, {meant[place]} and {name}.",
                    "Narrow 'at' of one of them (#tag-attribute, #tag!).",
                )
            meant[place] = name
    named = dict(meant)
    for place, tag in tags.items():
        if place not in meant:
            plain = " ".join((tag.header or "").split()) or tag.display_tag or sheets.unnamed(place)
            if plain in table.columns or plain in named.values():
                plain = f"{plain} {sheets.unnamed(place)}"
            named[place] = plain
    return named


def _fits(at: str, tag: Tag, name: str) -> bool:
    if not at.startswith("#"):
        return " ".join((tag.header or "").split()) == at
    try:
        pattern = TagPattern.parse(_LANGUAGE.sub(r"\1+\2", at))
    except HXLException:
        raise ConfigurationError(
            f"source.yml: {name}: {at!r} is no pattern of HXL tags.", "Write #tag+attribute."
        ) from None
    return bool(tag.tag) and bool(pattern.match(tag))


def _joined(
    number: int,
    cells: Mapping[int, str],
    columns: Mapping[int, str],
    split: Mapping[str, str | None],
    where: str,
) -> gathering.Record:
    """Name the cells of a row; those of columns that are read as one list are joined."""
    row: dict[str, str | None] = {}
    for place, cell in cells.items():
        name = columns.get(place) or sheets.unnamed(place)
        sign = split.get(name)
        if name in row and sign:
            row[name] = f"{row[name]}{sign}{cell.strip()}"
        else:
            row[name] = cell
    return number, row


def _list(tags: Mapping[int, Tag], places: Iterable[int]) -> str:
    return ", ".join(
        f"{sheets.letters(place)} ({tags[place].display_tag or tags[place].header})" for place in places
    )


def tags(file: Path, table: Table) -> dict[str, str]:
    """Return the tag of each tagged column of a file, by the name that its rows have it under without a description.

    ``table`` says of the file what must be known to read it: its sheet, or the sign between its columns.

    Raises
    ------
    SourceError
        If there is no row of tags.
    """
    with _opened(file, table) as sheet:
        _, found = _tags(sheet)
        names = _columns(found, table, sheet.where)
        return {names[place]: tag.display_tag for place, tag in found.items() if tag.tag}
