"""Tables as one Excel workbook, a sheet each, written row by row.

A text is stored as a text whatever it begins with, and marked so (``quotePrefix``) that it stays one when somebody
edits the cell. What a cell cannot hold is replaced or cut, and says so.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from asmgraph.export.csv import Cell, inert

_MAX_ROWS = 1_048_576
_MAX_TEXT = 32_767
_CUT = " … [cut]"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHEET = re.compile(r"[\[\]:*?/\\]")


def write(
    sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]],
    target: BinaryIO,
    title: str,
    created: dt.datetime,
) -> None:
    """Write a workbook; rows beyond what a sheet may hold go on in a further sheet.

    Parameters
    ----------
    sheets
        Name, header and rows of each; rows are passed over once, in this order.
    title, created
        What the properties of the file say.
    """
    workbook = Workbook(write_only=True)
    workbook.properties.title = title
    workbook.properties.creator = "asmgraph"
    workbook.properties.created = created.astimezone(dt.UTC).replace(tzinfo=None)
    for name, columns, rows in sheets:
        _fill(workbook, name, columns, rows)
    workbook.save(target)


def _fill(workbook: Workbook, name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    held, number = _MAX_ROWS, 0
    for row in _first(rows):
        if held == _MAX_ROWS:
            number += 1
            sheet = workbook.create_sheet(_SHEET.sub(" ", name if number == 1 else f"{name} {number}")[:31])
            sheet.freeze_panes = "A2"
            sheet.append([_heading(sheet, column) for column in columns])
            held = 1
        if row is not None:
            sheet.append([_cell(sheet, cell) for cell in row])
            held += 1


def _first(rows: Iterable[Sequence[Cell]]) -> Iterable[Sequence[Cell] | None]:
    """Yield ``None`` before the rows, so that a table without any has a sheet too."""
    yield None
    yield from rows


def _heading(sheet: WriteOnlyWorksheet, text: str) -> SheetCell:
    cell = WriteOnlyCell(sheet, value=_legal(text))
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: WriteOnlyWorksheet, value: Cell) -> object:
    if not isinstance(value, str):
        return value
    if not value:
        return None
    cell = WriteOnlyCell(sheet, value=_legal(value))
    cell.data_type = "s"
    if inert(value) != value:
        cell.quotePrefix = True
    return cell


def _legal(text: str) -> str:
    legal = _ILLEGAL.sub("�", text)
    return legal if len(legal) <= _MAX_TEXT else legal[: _MAX_TEXT - len(_CUT)] + _CUT
