"""Read XLSX: a sheet in, batches of text rows out, streamed row by row.

Formulas give the result that was stored with them, dates ISO text, whole numbers no point, errors of the spreadsheet
their sign (``#N/A``), which the check names. Sheets are streamed; all else, as the texts that cells share, is held in
memory and capped. openpyxl reads the workbook and each cell; its own loop over rows is not used: it keeps something of
every row and skips one that stands twice.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import openpyxl
from lxml import etree
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import WorkSheetParser

from asmgraph.descriptions import Source
from asmgraph.errors import SourceError
from asmgraph.records import Batch
from asmgraph.sources import archives, markup, sheets, tables
from asmgraph.sources.texts import text

ENDINGS = (".xlsx", ".xlsm")
HELD_BYTES = 100_000_000
_LIKE_XML = re.compile(rb"(\xef\xbb\xbf|\xff\xfe|\xfe\xff|[\s\0])*<")
_TYPES = "[Content_Types].xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DAMAGED = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    SyntaxError,
    ArithmeticError,
)


def files(path: Path, source: Source) -> list[Path]:
    """Return the files of all tables at ``path``, sorted; none where the folder holds no such file."""
    return tables.files(path, source, *ENDINGS, shared=True)


def read(path: Path, source: Source, *, everything: bool = False) -> Iterator[Batch]:
    """Yield the rows of every table of ``source`` found at ``path``, as :func:`asmgraph.sources.sheets.read` does."""
    return sheets.read(path, source, ENDINGS, opened)


@contextmanager
def opened(file: Path, name: str | None) -> Iterator[sheets.Sheet]:
    """Open the sheet called ``name``, or the only one that shows."""
    with archives.opened(file, "XLSX") as archive, file.open("rb") as content:
        _refuse_unsafe(file, archive)
        try:
            with warnings.catch_warnings(action="ignore", category=UserWarning):
                workbook = openpyxl.load_workbook(content, read_only=True, data_only=True, keep_links=False)
        except _DAMAGED as error:
            raise SourceError(
                f"{file.name} is no workbook that can be read: {error}.",
                "Open it in a spreadsheet program and save it anew as XLSX.",
            ) from None
        with closing(workbook):
            found = {
                sheet.title: sheet for sheet in workbook.worksheets if isinstance(sheet, ReadOnlyWorksheet)
            }
            hidden = [title for title, sheet in found.items() if sheet.sheet_state != "visible"]
            visible = [title for title in found if title not in hidden]
            worksheet = found[sheets.chosen(file.name, name, visible, hidden)]
            where = f"{file.name}, sheet {worksheet.title!r}"
            inner = cast(Any, workbook)  # what openpyxl keeps of dates and shared texts has no public name
            parser = WorkSheetParser(
                io.BytesIO(),
                cast(Any, worksheet)._shared_strings,
                data_only=True,
                epoch=inner.epoch,
                date_formats=inner._date_formats,
                timedelta_formats=inner._timedelta_formats,
            )
            sheet = sheets.Sheet(where, iter(()))
            with closing(_rows(sheet, archive, cast(Any, worksheet)._worksheet_path, parser)) as rows:
                yield replace(sheet, rows=rows)


def _rows(
    sheet: sheets.Sheet, archive: zipfile.ZipFile, part: str, parser: WorkSheetParser
) -> Generator[sheets.Row, None, None]:
    last = 0
    with archive.open(part) as content:
        for event, element in markup.events(sheet.where, content):
            if event == "start":
                continue
            if element.tag == f"{_MAIN}row":
                number = _number(sheet.where, element, last)
                with warnings.catch_warnings(action="ignore", category=UserWarning):
                    # a date beyond the calendar becomes #VALUE!, with a warning
                    cells = _cells(sheet.where, number, element, parser)
                if cells:
                    if element.get("hidden") in ("1", "true"):
                        sheet.hidden.append(number)
                    yield number, cells
                last = number
                markup.free(element)
            elif element.tag == f"{_MAIN}mergeCell":
                sheets.note_merged(sheet, _merged(sheet.where, element.get("ref", "")))
            elif (parent := element.getparent()) is not None and parent.getparent() is None:
                markup.free(element)


def _number(where: str, row: etree._Element, last: int) -> int:
    stated = row.get("r", str(last + 1))
    number = int(stated) if stated.isdecimal() and len(stated) < 10 else sheets.ROWS + 1
    sheets.refuse_too_many(where, number)
    if number <= last:
        raise SourceError(
            f"{where}: row {number} comes after row {last}.",
            "Open it in a spreadsheet program and save it anew.",
        )
    return number


def _cells(where: str, number: int, row: etree._Element, parser: WorkSheetParser) -> dict[int, str]:
    cells = {}
    parser.row_counter, parser.col_counter = number, 0
    for element in row.iterfind(f"{_MAIN}c"):
        stored = element.find(f"{_MAIN}v")
        empty = stored is None or (not stored.text and element.get("t") != "str")
        if empty and element.find(f"{_MAIN}f") is not None:
            raise SourceError(
                f"{where}, cell {element.get('r', f'in row {number}')}: a formula without its result.",
                "Open it in a spreadsheet program, which works it out, and save it.",
            )
        try:
            cell = parser.parse_cell(element)
            value = text(cell["value"])
        except _DAMAGED as error:
            raise SourceError(
                f"{where}, cell {element.get('r', f'in row {number}')}: cannot be read: {error}.",
                "Open it in a spreadsheet program and save it anew.",
            ) from None
        if cell["column"] in cells:
            raise SourceError(
                f"{where}, row {number}: the cell {sheets.letters(cell['column'])}{number} stands twice.",
                "Open it in a spreadsheet program and save it anew.",
            )
        if value and value.strip():
            cells[cell["column"]] = value
    return cells


def _merged(where: str, ref: str) -> sheets.Merged:
    try:
        first_column, first_row, last_column, last_row = range_boundaries(ref)
        return sheets.Merged(first_row or 0, last_row or 0, first_column or 0, last_column or 0)
    except (ValueError, TypeError):
        raise SourceError(f"{where}: merged cells {ref!r} that are none.", "Save the file anew.") from None


def _refuse_unsafe(file: Path, archive: zipfile.ZipFile) -> None:
    """Refuse document types in any part, whatever its name, and parts too large to be held: all but the sheets are."""
    for part in archive.infolist():
        with archive.open(part) as content:
            head = content.read(markup.HEAD_BYTES)
        if part.filename.lower().endswith((".xml", ".rels")) or _LIKE_XML.match(head):
            markup.refuse_unsafe(f"{file.name}, {part.filename}", head)
    streamed = _streamed(file, archive)
    for part in archive.infolist():
        if part.file_size > HELD_BYTES and part.filename not in streamed:
            raise SourceError(
                f"{file.name} holds {part.filename!r} with {part.file_size:,} bytes; the limit is {HELD_BYTES:,}.",
                "If these are the texts of its cells, save it as CSV, which is read piece by piece.",
            )


def _streamed(file: Path, archive: zipfile.ZipFile) -> set[str]:
    """Return the parts that are sheets and nothing else."""
    kinds: dict[str, set[str]] = {}
    if _TYPES in archive.namelist():
        with archive.open(_TYPES) as content:
            for _, element in markup.events(f"{file.name}, {_TYPES}", content):
                name = element.get("PartName", "").removeprefix("/")
                kinds.setdefault(name, set()).add(element.get("ContentType", ""))
    return {name for name, stated in kinds.items() if stated == {_SHEET}}
