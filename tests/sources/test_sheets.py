"""Spreadsheets become the rows that a person sees, with the numbers that stand beside them."""

from __future__ import annotations

import datetime as dt
import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from asmgraph.errors import SourceError
from asmgraph.sources import formats, sheets
from tests.sources.described import described, rows, several

Cell = str | int | float | bool | dt.date | dt.time | None

ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    + "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
)
HIDDEN = (
    '<office:automatic-styles><style:style style:name="off"><style:table-properties table:display="false"/>'
    "</style:style></office:automatic-styles>"
)


def xlsx(folder: Path, table: Iterable[Sequence[Cell]], name: str = "t.xlsx", **more: Iterable[Any]) -> Path:
    """Write a workbook whose first sheet is ``Sheet``; ``more`` are further ones."""
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Sheet"
    for title, lines in {"Sheet": table, **more}.items():
        sheet = book[title] if title in book.sheetnames else book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(folder / name)
    return folder / name


def ods_cell(value: Cell) -> str:
    match value:
        case None:
            return "<table:table-cell/>"
        case bool():
            return (
                f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(value).lower()}"/>'
            )
        case int() | float():
            return (
                f'<table:table-cell office:value-type="float" office:value="{value!r}">'
                "<text:p>shown</text:p></table:table-cell>"
            )
        case dt.date():
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        case dt.time():
            return (
                f'<table:table-cell office:value-type="time" office:time-value="'
                f'PT{value.hour:02}H{value.minute:02}M{value.second:02}S"/>'
            )
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace("\r", "&#13;")
    return (
        '<table:table-cell office:value-type="string">'
        + "".join(f"<text:p>{line}</text:p>" for line in escaped.split("\n"))
        + "</table:table-cell>"
    )


def ods_row(cells: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(map(ods_cell, cells))}</table:table-row>"


def ods_of(folder: Path, body: str, name: str = "t.ods", before: str = "") -> Path:
    content = f"{ODS}{before}<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
    content += "</office:document-content>"
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return folder / name


def ods(folder: Path, table: Iterable[Sequence[Cell]], name: str = "t.ods", **more: Iterable[Any]) -> Path:
    body = "".join(
        f'<table:table table:name="{title}">{"".join(map(ods_row, lines))}</table:table>'
        for title, lines in {"Sheet": table, **more}.items()
    )
    return ods_of(folder, body, name)


WRITERS: dict[str, Callable[..., Path]] = {"xlsx": xlsx, "ods": ods}
both = pytest.mark.parametrize("form", WRITERS)


def refused(path: Path, form: str, **table: Any) -> str:
    with pytest.raises(SourceError) as caught:
        rows(path, described(form, **table))
    return str(caught.value)


@both
def test_a_sheet_is_read_as_it_shows(form: str, tmp_path: Path) -> None:
    file = WRITERS[form](
        tmp_path,
        [
            ["name", "n", "d"],
            [" Ouro ", 5, dt.date(2014, 6, 30)],
            [None, None, None],
            ["é\nb", 0.1 + 0.2, None],
        ],
    )
    assert rows(file, described(form)) == [
        {"_row": 2, "name": "Ouro", "n": "5", "d": "2014-06-30"},
        {"_row": 4, "name": "é\nb", "n": "0.3", "d": None},
    ]


@both
@pytest.mark.parametrize(
    ("value", "said"),
    [
        (5.0, "5"),
        (-1234.5, "-1234.5"),
        (1e20, "100000000000000000000"),
        (0.000001, "0.000001"),
        (True, "true"),
        (False, "false"),
        (dt.datetime(2014, 6, 30, 9, 5), "2014-06-30T09:05:00"),
        (dt.time(9, 5), "09:05:00"),
        ("007", "007"),
        ("1e5", "1e5"),
        ("a < b & c", "a < b & c"),
        ("'quoted", "'quoted"),
    ],
)
def test_a_value_is_written_in_one_form(form: str, value: Cell, said: str, tmp_path: Path) -> None:
    assert rows(WRITERS[form](tmp_path, [["v"], [value]]), described(form)) == [{"_row": 2, "v": said}]


@both
def test_the_header_may_stand_below_a_title(form: str, tmp_path: Path) -> None:
    file = WRITERS[form](tmp_path, [["Who does what"], [None, "as of May"], ["a", "b"], [1, 2]])
    assert rows(file, described(form, header=3)) == [{"_row": 4, "a": "1", "b": "2"}]
    assert "no row of column names in row 9" in refused(file, form, header=9)


@both
def test_text_where_a_sheet_is_meant_is_refused_with_both_formats(form: str, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    told = refused(file, form)
    assert f"t.csv is CSV; source.yml of test says 'format: {form}'" in told


@pytest.mark.parametrize("format_", ["csv", "tsv", "json", "xml"])
@both
def test_a_sheet_where_text_is_meant_is_refused_with_both_formats(
    form: str, format_: str, tmp_path: Path
) -> None:
    file = WRITERS[form](tmp_path, [["a", "b"], [1, 2]])
    told = refused(file, format_)
    assert f"{file.name} is {form.upper()}; source.yml of test says 'format: {format_}'" in told
    assert f"write 'format: {form}' in source.yml" in told


@both
def test_a_blank_first_row_is_skipped(form: str, tmp_path: Path) -> None:
    file = WRITERS[form](tmp_path, [[None], ["a"], [1]])
    assert rows(file, described(form)) == [{"_row": 3, "a": "1"}]


@both
def test_a_column_is_found_by_what_its_description_says(form: str, tmp_path: Path) -> None:
    file = WRITERS[form](tmp_path, [["Nom  de\nl'acteur", "x"], ["A", 1]])
    source = described(form, {"name": {"at": "Nom de l'acteur"}})
    assert rows(file, source) == [{"_row": 2, "name": "A", "x": "1"}]


@both
def test_cells_without_a_column_name_are_named_by_their_letter(form: str, tmp_path: Path) -> None:
    file = WRITERS[form](tmp_path, [["a", None, "c"], [1, None, 3], [1, 2, 3, None, 5]])
    assert rows(file, described(form))[1] == {
        "_row": 3,
        "a": "1",
        "c": "3",
        "(column B)": "2",
        "(column E)": "5",
    }


@both
def test_a_column_twice_is_refused(form: str, tmp_path: Path) -> None:
    assert "has the column 'a' twice" in refused(WRITERS[form](tmp_path, [["a", "a"], [1, 2]]), form)


@both
def test_a_file_without_the_key_is_refused(form: str, tmp_path: Path) -> None:
    said = refused(WRITERS[form](tmp_path, [["a"], [1]]), form, key=["id"], columns={"id": {}})
    assert f"t.{form}, sheet 'Sheet' has no column id; it has a." in said


@both
def test_a_sheet_is_chosen_by_name(form: str, tmp_path: Path) -> None:
    file = WRITERS[form](tmp_path, [["a"], [1]], More=[["b"], [2]])
    assert rows(file, described(form, sheet="More")) == [{"_row": 2, "b": "2"}]
    assert "has 2 sheets that show: 'Sheet', 'More'" in refused(file, form)
    assert "has no sheet 'Mor'; it has 'Sheet', 'More'" in refused(file, form, sheet="Mor")


@both
def test_tables_of_one_file_have_their_sheets(form: str, tmp_path: Path) -> None:
    WRITERS[form](tmp_path, [["a"], [1]], name=f"any.{form}", More=[["b"], [2]])
    source = several(form, {"one": {"sheet": "Sheet"}, "two": {"sheet": "More"}})
    found = {batch.table: batch.frame.rows() for batch in formats.READERS[form].read(tmp_path, source)}
    assert found == {"one": [(2, "1")], "two": [(2, "2")]}
    assert [file.name for file in formats.files(tmp_path, source)] == [f"any.{form}"]


def test_a_hidden_sheet_is_read_only_where_it_is_named(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(xlsx(tmp_path, [["a"], [1]], Old=[["b"], [2]]))
    book["Old"].sheet_state = "hidden"
    book.save(tmp_path / "t.xlsx")
    table = '<table:table table:name="{}"{}>' + ods_row(["{}"]) + ods_row([1]) + "</table:table>"
    off = ' table:style-name="off"'
    ods_of(tmp_path, table.format("Sheet", "", "a") + table.format("Old", off, "b"), before=HIDDEN)
    for form in WRITERS:
        assert rows(tmp_path / f"t.{form}", described(form))[0].keys() == {"_row", "a"}
        assert rows(tmp_path / f"t.{form}", described(form, sheet="Old"))[0].keys() == {"_row", "b"}


def test_hidden_rows_and_merged_cells_below_the_names_are_refused(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(xlsx(tmp_path, [["title"], ["a", "b"], [1, 2], [3, 4]]))
    sheet = book["Sheet"]
    sheet.merge_cells("A1:B1")
    book.save(tmp_path / "fine.xlsx")
    assert len(rows(tmp_path / "fine.xlsx", described("xlsx", header=2))) == 2
    sheet.merge_cells("A3:A4")
    book.save(tmp_path / "merged.xlsx")
    assert "sheet 'Sheet': merged cells: A3:A4" in refused(tmp_path / "merged.xlsx", "xlsx", header=2)
    sheet.unmerge_cells("A3:A4")
    sheet.row_dimensions[4].hidden = True
    book.save(tmp_path / "hidden.xlsx")
    assert "sheet 'Sheet': hidden rows: 4" in refused(tmp_path / "hidden.xlsx", "xlsx", header=2)


def test_hidden_rows_and_merged_cells_of_ods_are_refused(tmp_path: Path) -> None:
    table = '<table:table table:name="S">{}</table:table>'
    row = '<table:table-row{}><table:table-cell{} office:value-type="float" office:value="1"/></table:table-row>'
    hidden = ods_row(["a"]) + row.format(' table:visibility="filter" table:number-rows-repeated="2"', "")
    assert "hidden rows: 2, 3." in refused(ods_of(tmp_path, table.format(hidden)), "ods")
    merged = ods_row(["a"]) + row.format("", ' table:number-rows-spanned="3"') + row.format("", "")
    assert "merged cells: A2:A4." in refused(ods_of(tmp_path, table.format(merged)), "ods")


def test_the_stored_result_of_a_formula_is_read_and_a_missing_one_refused(tmp_path: Path) -> None:
    file = xlsx(tmp_path, [["a"], ["=1+1"]])
    assert "sheet 'Sheet', cell A2: a formula without its result" in refused(file, "xlsx")
    edit(file, "xl/worksheets/sheet1.xml", "<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>", "<f>1+1</f><v />")
    assert rows(file, described("xlsx")) == [{"_row": 2, "a": "2"}]
    cell = '<table:table-cell table:formula="of:=1+1"{}/>'
    table = (
        '<table:table table:name="S">'
        + ods_row(["a"])
        + f"<table:table-row>{cell}</table:table-row></table:table>"
    )
    assert "cell A2: a formula without its result" in refused(ods_of(tmp_path, table.format("")), "ods")
    value = ' office:value-type="float" office:value="2"'
    assert rows(ods_of(tmp_path, table.format(value)), described("ods")) == [{"_row": 2, "a": "2"}]


def test_an_error_of_the_spreadsheet_stays_in_sight(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["a"])
    sheet.append(["#N/A"])
    book.save(tmp_path / "t.xlsx")
    assert rows(tmp_path / "t.xlsx", described("xlsx")) == [{"_row": 2, "a": "#N/A"}]
    cell = (
        '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value=""'
        ' calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
    )
    table = (
        f'<table:table table:name="S">{ods_row(["a"])}<table:table-row>{cell}</table:table-row></table:table>'
    )
    assert rows(ods_of(tmp_path, table), described("ods")) == [{"_row": 2, "a": "#N/A"}]


def test_a_date_beyond_the_calendar_is_an_error_of_the_spreadsheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["a"])
    sheet.append([10**9])
    sheet["A2"].number_format = "yyyy-mm-dd"
    book.save(tmp_path / "t.xlsx")
    assert rows(tmp_path / "t.xlsx", described("xlsx")) == [{"_row": 2, "a": "#VALUE!"}]


def test_repeated_rows_and_cells_of_ods_are_read_and_blank_ones_cost_nothing(tmp_path: Path) -> None:
    twice = '<table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="7"/>'
    blank = '<table:table-cell table:number-columns-repeated="16000"/>'
    table = (
        '<table:table table:name="S">'
        + ods_row(["a", "b"])
        + '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
        + f'<table:table-row table:number-rows-repeated="2">{twice}{blank}</table:table-row>'
        + f'<table:table-row table:number-rows-repeated="1048000">{blank}</table:table-row></table:table>'
    )
    assert rows(ods_of(tmp_path, table), described("ods")) == [
        {"_row": 5, "a": "7", "b": "7"},
        {"_row": 6, "a": "7", "b": "7"},
    ]


def test_ods_texts_have_their_spaces_and_not_their_comments(tmp_path: Path) -> None:
    cell = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>by me</text:p></office:annotation>'
        '<text:p>a<text:s text:c="2"/>b<text:tab/><text:span>c<text:a>d</text:a></text:span>'
        "<text:line-break/>e</text:p></table:table-cell>"
    )
    table = (
        f'<table:table table:name="S">{ods_row(["a"])}<table:table-row>{cell}</table:table-row></table:table>'
    )
    assert rows(ods_of(tmp_path, table), described("ods")) == [{"_row": 2, "a": "a  b\tcd\ne"}]


def edit(file: Path, part: str, *replaced: str) -> None:
    """Replace the first text that is there by the second in a part of an archive."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    content = parts[part].decode()
    old = next(text for text in (replaced[0], *replaced[2:]) if text in content)
    parts[part] = content.replace(old, replaced[1]).encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs", "Cn"], include_characters=" \n"),
    max_size=8,
).filter(lambda text: "_x" not in text)
NUMBERS = st.integers(-(10**14), 10**14)
DAYS = st.dates(dt.date(1901, 1, 1), dt.date(2999, 12, 31))


@both
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(lines=st.lists(st.tuples(TEXTS, NUMBERS, DAYS), max_size=5))
def test_what_was_written_is_read_back(
    form: str, lines: list[tuple[str, int, dt.date]], tmp_path: Path
) -> None:
    lines = [(text, number, day) for text, number, day in lines if not text.startswith(("=", "#"))]
    file = WRITERS[form](tmp_path, [["text", "number", "day"], *lines])
    assert rows(file, described(form)) == [
        {"_row": place, "text": text.strip() or None, "number": str(number), "day": day.isoformat()}
        for place, (text, number, day) in enumerate(lines, start=2)
    ]


@pytest.mark.parametrize("form", WRITERS)
def test_memory_does_not_grow_with_the_sheet(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asmgraph.sources.gathering.BATCH_ROWS", 200)

    def peak(lines: int) -> int:
        content = (["word", line, dt.date(2020, 1, 1)] for line in range(lines))
        file = WRITERS[form](tmp_path, [["a", "b", "c"], *content], name=f"{lines}.{form}")
        source = described(form)
        tracemalloc.start()
        count = sum(batch.frame.height for batch in formats.READERS[form].read(file, source))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count == lines
        return most

    peak(200)
    assert peak(8_000) < peak(1_000) + 500_000  # the rows alone would be some 3 MB


def test_columns_have_the_letters_that_spreadsheets_give_them() -> None:
    from openpyxl.utils import get_column_letter

    assert all(sheets.letters(column) == get_column_letter(column) for column in range(1, 18_279, 7))


def test_batches_come_before_the_sheet_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asmgraph.sources.gathering.BATCH_ROWS", 2)
    file = xlsx(tmp_path, [["a"], [1], [2], ["=1+1"]])
    batches = formats.READERS["xlsx"].read(file, described("xlsx"))
    assert next(batches).frame.height == 2
    with pytest.raises(SourceError, match=re.escape("cell A4")):
        next(batches)


def test_a_workbook_of_1904_counts_its_days_from_there(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.append(["d"])
    sheet.append([dt.date(2014, 6, 30)])
    content = io.BytesIO()
    book.save(content)
    (tmp_path / "t.xlsx").write_bytes(content.getvalue())
    assert rows(tmp_path / "t.xlsx", described("xlsx")) == [{"_row": 2, "d": "2014-06-30"}]


def test_shared_texts_are_read(tmp_path: Path) -> None:
    file = xlsx(tmp_path, [["a"], [0], [1]])
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    shared = f'<sst xmlns="{main}"><si><t>first</t></si><si><r><t>sec</t></r><r><t>ond</t></r></si></sst>'
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", shared)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    edit(
        file,
        "[Content_Types].xml",
        "</Types>",
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>',
    )
    edit(file, "xl/worksheets/sheet1.xml", '<c r="A2" t="n">', '<c r="A2" t="s">')
    edit(file, "xl/worksheets/sheet1.xml", '<c r="A3" t="n">', '<c r="A3" t="s">')
    assert [row["a"] for row in rows(file, described("xlsx"))] == ["first", "second"]
