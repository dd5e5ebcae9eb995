"""Read ODS (OpenDocument): a sheet in, batches of text rows out, streamed row by row.

Formulas give the result that was stored with them, dates ISO text, whole numbers no point, errors of the spreadsheet
their sign, which the check names. Rows and cells that the file says once for many are repeated, within what a sheet
can hold; comments on cells are not read.

OpenDocument 1.3: https://docs.oasis-open.org/office/OpenDocument/v1.3/
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from lxml import etree

from asmgraph.descriptions import Source
from asmgraph.errors import SourceError
from asmgraph.records import Batch
from asmgraph.sources import archives, markup, sheets, tables, texts

ENDINGS = (".ods",)
_SPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_OFFICE, _TABLE, _TEXT, _STYLE = (_SPACE % name for name in ("office", "table", "text", "style"))
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_SIGNS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}


def files(path: Path, source: Source) -> list[Path]:
    """Return the files of all tables at ``path``, sorted; none where the folder holds no such file."""
    return tables.files(path, source, *ENDINGS, shared=True)


def read(path: Path, source: Source, *, everything: bool = False) -> Iterator[Batch]:
    """Yield the rows of every table of ``source`` found at ``path``, as :func:`asmgraph.sources.sheets.read` does."""
    return sheets.read(path, source, ENDINGS, opened)


@contextmanager
def opened(file: Path, name: str | None) -> Iterator[sheets.Sheet]:
    """Open the sheet called ``name``, or the only one that shows."""
    with archives.opened(file, "ODS") as archive:
        if "content.xml" not in archive.namelist():
            raise SourceError(f"{file.name} is no ODS file: it has no content.", "Save it anew as ODS.")
        if "META-INF/manifest.xml" in archive.namelist():
            with archive.open("META-INF/manifest.xml") as content:
                if b"encryption-data" in content.read(markup.HEAD_BYTES):
                    raise SourceError(f"{file.name} is protected by a password.", "Save it without one.")
        title = sheets.chosen(file.name, name, *_titles(file, archive))
        sheet = sheets.Sheet(f"{file.name}, sheet {title!r}", iter(()))
        with closing(_rows(sheet, archive, title)) as rows:
            yield replace(sheet, rows=rows)


def _titles(file: Path, archive: zipfile.ZipFile) -> tuple[list[str], list[str]]:
    """Return the names of the sheets that show and of those that are hidden."""
    unseen: set[str | None] = set()
    found: dict[str, str | None] = {}
    with archive.open("content.xml") as content:
        for event, element in markup.events(file.name, content):
            if event == "start" and element.tag == f"{_TABLE}table":
                found[element.get(f"{_TABLE}name", "")] = element.get(f"{_TABLE}style-name")
            elif event == "end" and element.tag == f"{_STYLE}table-properties":
                parent = element.getparent()
                if element.get(f"{_TABLE}display") == "false" and parent is not None:
                    unseen.add(parent.get(f"{_STYLE}name"))
            elif event == "end" and element.tag == f"{_TABLE}table-row":
                markup.free(element)
    hidden = [title for title, style in found.items() if style is not None and style in unseen]
    return [title for title in found if title not in hidden], hidden


def _rows(sheet: sheets.Sheet, archive: zipfile.ZipFile, title: str) -> Generator[sheets.Row, None, None]:
    inside, last = False, 0
    with archive.open("content.xml") as content:
        for event, element in markup.events(sheet.where, content):
            if element.tag == f"{_TABLE}table":
                if event == "end" and inside:
                    return
                inside = event == "start" and element.get(f"{_TABLE}name", "") == title
            elif event == "end" and element.tag == f"{_TABLE}table-row":
                if inside:
                    times = _times(sheet.where, element, "number-rows-repeated")
                    cells = _cells(sheet, last + 1, element)
                    if cells:
                        sheets.refuse_too_many(sheet.where, last + times)
                    for number in range(last + 1, last + times + 1) if cells else ():
                        if element.get(f"{_TABLE}visibility", "visible") != "visible":
                            sheet.hidden.append(number)
                        yield number, cells
                    last += times
                markup.free(element)


def _cells(sheet: sheets.Sheet, number: int, row: etree._Element) -> dict[int, str]:
    cells: dict[int, str] = {}
    column = 1
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        times = _times(sheet.where, cell, "number-columns-repeated")
        wide = _times(sheet.where, cell, "number-columns-spanned")
        high = _times(sheet.where, cell, "number-rows-spanned")
        if wide > 1 or high > 1:
            sheets.note_merged(sheet, sheets.Merged(number, number + high - 1, column, column + wide - 1))
        value = _value(f"{sheet.where}, cell {sheets.letters(column)}{number}", cell)
        if value and value.strip():
            if column + times > sheets.COLUMNS:
                raise SourceError(
                    f"{sheet.where}, row {number}: more columns than a sheet can hold ({sheets.COLUMNS:,}).",
                    "The file is damaged or hostile.",
                )
            cells |= dict.fromkeys(range(column, column + times), value)
        column += times
    return cells


def _value(where: str, cell: etree._Element) -> str | None:
    kind = cell.get(f"{_OFFICE}value-type")
    if cell.get(f"{_CALC}value-type") == "error":
        return _said(cell)
    match kind:
        case "float" | "percentage" | "currency":
            stated = cell.get(f"{_OFFICE}value", "")
            try:
                value = Decimal(stated)
                return texts.number(value) if value.as_tuple().exponent == 0 else texts.text(float(stated))
            except (InvalidOperation, ValueError):
                raise SourceError(f"{where}: {stated!r} is no number.", "Save the file anew.") from None
        case "date":
            return cell.get(f"{_OFFICE}date-value", "").removesuffix("T00:00:00")
        case "time":
            stated = cell.get(f"{_OFFICE}time-value", "")
            parts = _DURATION.fullmatch(stated)
            return ":".join(f"{int(part):02}" for part in parts.groups()) if parts else stated
        case "boolean":
            return cell.get(f"{_OFFICE}boolean-value")
        case None if cell.get(f"{_TABLE}formula") is not None and not _said(cell):
            raise SourceError(
                f"{where}: a formula without its result.",
                "Open it in a spreadsheet program, which works it out, and save it.",
            )
    return cell.get(f"{_OFFICE}string-value") or _said(cell)


def _said(cell: etree._Element) -> str:
    """Return the text of a cell, its paragraphs as lines; what hangs on the cell (comments) is no part of it."""
    return "\n".join(_flat(paragraph) for paragraph in cell.iterfind(f"{_TEXT}p"))


def _flat(element: etree._Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            parts.append(" " * (int(count) if count.isdecimal() and len(count) < 4 else 1))
        elif child.tag in _SIGNS:
            parts.append(_SIGNS[str(child.tag)])
        elif not str(child.tag).startswith(_OFFICE):
            parts.append(_flat(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _times(where: str, element: etree._Element, name: str) -> int:
    stated = element.get(f"{_TABLE}{name}", "1")
    if not stated.isdecimal() or len(stated) > 9:
        raise SourceError(f"{where}: {name} is {stated!r}, which is no count.", "Save the file anew.")
    return int(stated)
