"""A spreadsheet that is a trap is refused by name before it costs anything; see also test_files."""

from __future__ import annotations

import io
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import pytest

from asmgraph import pipeline, settings
from asmgraph.errors import SourceError
from asmgraph.sources import archives, sheets
from tests.sources.described import described, rows
from tests.sources.test_sheets import ODS, ods_of, ods_row, xlsx

BOMB = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


def rebuilt(file: Path, **parts: str | bytes) -> Path:
    """Put parts of an archive in place of its own; ``__`` in a name stands for a slash, ``_x`` for its ending."""
    named = {name.replace("__", "/").replace("_xml", ".xml"): content for name, content in parts.items()}
    with zipfile.ZipFile(file) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if name not in named}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**kept, **named}.items():
            archive.writestr(name, content)
    return file


def refused(file: Path, format_: str) -> str:
    with pytest.raises(SourceError) as caught:
        rows(file, described(format_))
    assert file.name in caught.value.message
    assert caught.value.hint
    return str(caught.value)


def sheet_of(body: str) -> str:
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{body}</sheetData></worksheet>"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no XLSX file"),
        (b"a,b\n1,2\n", "no XLSX file"),
        (b"PK\x03\x04" + b"\0" * 100, "no XLSX file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old or a password-protected spreadsheet"),
    ],
    ids=["empty", "text", "cut off", "OLE"],
)
def test_what_is_no_spreadsheet_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    file.write_bytes(content)
    assert said in refused(file, "xlsx")


def test_a_zip_file_that_is_no_spreadsheet_is_refused(tmp_path: Path) -> None:
    for name, format_ in (("t.xlsx", "xlsx"), ("t.ods", "ods")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("a.txt", "a")
        refused(tmp_path / name, format_)


@pytest.mark.parametrize("name", ["../../evil.xml", "/etc/passwd", "a/../../b", "..\\evil.xml"])
def test_parts_that_lead_outside_are_refused(name: str, tmp_path: Path) -> None:
    file = xlsx(tmp_path, [["a"], [1]])
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, "x")
    assert "leads outside" in refused(file, "xlsx")
    assert not (tmp_path.parent / "evil.xml").exists()


def test_a_part_twice_is_refused(tmp_path: Path) -> None:
    file = xlsx(tmp_path, [["a"], [1]])
    with zipfile.ZipFile(file, "a") as archive, warnings.catch_warnings(action="ignore"):
        archive.writestr("xl/worksheets/sheet1.xml", sheet_of(""))
    assert "'xl/worksheets/sheet1.xml' twice" in refused(file, "xlsx")


def test_too_many_parts_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "PARTS", 3)
    assert "parts; the limit is 3" in refused(xlsx(tmp_path, [["a"], [1]]), "xlsx")


def test_an_encrypted_part_is_refused(tmp_path: Path) -> None:
    file = xlsx(tmp_path, [["a"], [1]])
    content = bytearray(file.read_bytes())
    place = content.find(b"PK\x01\x02")
    content[place + 8] |= 1
    file.write_bytes(content)
    assert "encrypted" in refused(file, "xlsx")


def test_a_protected_ods_is_refused(tmp_path: Path) -> None:
    file = rebuilt(ods_of(tmp_path, ""), **{"META-INF__manifest_xml": "<m><manifest:encryption-data/></m>"})
    assert "protected by a password" in refused(file, "ods")


@pytest.mark.parametrize(
    "part", ["xl__worksheets__sheet1_xml", "xl__workbook_xml", "xl__styles_xml", "xl__sharedStrings_xml"]
)
def test_a_document_type_is_refused_in_every_part(part: str, tmp_path: Path) -> None:
    file = rebuilt(
        xlsx(tmp_path, [["a"], ["x"]]), **{part: f"<?xml version='1.0'?><!-- x -->{BOMB}<a>&b;</a>"}
    )
    assert "DOCTYPE" in refused(file, "xlsx")


def test_a_document_type_does_not_hide_in_another_encoding(tmp_path: Path) -> None:
    content = f"<?xml version='1.0' encoding='UTF-16'?>{BOMB}<a>&b;</a>".encode("utf-16")
    assert "not in UTF-8" in refused(rebuilt(xlsx(tmp_path, [["a"]]), xl__workbook_xml=content), "xlsx")


@pytest.mark.parametrize("before", ["", "\ufeff", " \n"])
def test_a_document_type_does_not_hide_in_a_part_of_another_name(before: str, tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-16"):
        content = f"{before}{BOMB}<a>&b;</a>".encode(encoding)
        file = rebuilt(xlsx(tmp_path, [["a"]]), **{"xl__strings.dat": content})
        said = refused(file, "xlsx")
        assert "DOCTYPE" in said or "not in UTF-8" in said


def test_a_cell_twice_is_refused(tmp_path: Path) -> None:
    body = '<row r="1"><c t="str"><v>a</v></c></row><row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>'
    file = rebuilt(xlsx(tmp_path, [["a"]]), xl__worksheets__sheet1_xml=sheet_of(body))
    assert "row 2: the cell A2 stands twice" in refused(file, "xlsx")


def test_merged_cells_do_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MERGED", 3)
    body = '<row r="1"><c t="str"><v>a</v></c></row></sheetData><mergeCells>'
    body += '<mergeCell ref="A1:B1"/>' * 4 + "</mergeCells><sheetData>"
    file = rebuilt(xlsx(tmp_path, [["a"]]), xl__worksheets__sheet1_xml=sheet_of(body))
    assert "more than 3 merged cells" in refused(file, "xlsx")


def test_a_document_type_of_ods_is_refused(tmp_path: Path) -> None:
    file = rebuilt(ods_of(tmp_path, ""), content_xml=f"{BOMB}{ODS}</office:document-content>")
    assert "DOCTYPE" in refused(file, "ods")


def test_a_part_packed_tighter_than_data_are_is_refused(tmp_path: Path) -> None:
    file = rebuilt(xlsx(tmp_path, [["a"], [1]]), xl__worksheets__sheet1_xml=sheet_of("<row/>" * 3_000_000))
    assert file.stat().st_size < 100_000
    assert "'xl/worksheets/sheet1.xml', 18,000" in refused(file, "xlsx")


def test_a_million_rows_in_a_small_file_do_not_fill_the_memory(tmp_path: Path) -> None:
    body = "".join(f'<row r="{n}"><c><v>{n}</v></c></row>' for n in range(1, 20_000))
    file = rebuilt(xlsx(tmp_path, [["a"], [1]]), xl__worksheets__sheet1_xml=sheet_of(body))
    tracemalloc.start()
    count = len(rows(file, described("xlsx")))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 19_998
    assert most < 60_000_000


@pytest.mark.parametrize("row", ["1048577", "1000000000000", "9" * 5_000, "-1", "1.5", "x"])
def test_a_row_that_no_sheet_has_is_refused(row: str, tmp_path: Path) -> None:
    body = f'<row r="1"><c t="str"><v>a</v></c></row><row r="{row}"><c><v>1</v></c></row>'
    file = rebuilt(xlsx(tmp_path, [["a"]]), xl__worksheets__sheet1_xml=sheet_of(body))
    assert "more rows than a sheet can hold" in refused(file, "xlsx")


def test_rows_out_of_order_are_refused(tmp_path: Path) -> None:
    body = '<row r="1"><c t="str"><v>a</v></c></row><row r="3"/><row r="3"><c><v>1</v></c></row>'
    file = rebuilt(xlsx(tmp_path, [["a"]]), xl__worksheets__sheet1_xml=sheet_of(body))
    assert "row 3 comes after row 3" in refused(file, "xlsx")


@pytest.mark.parametrize(
    "cell",
    [
        '<c t="s"><v>99</v></c>',
        '<c t="s"><v>x</v></c>',
        "<c><v>x</v></c>",
        f"<c><v>{'9' * 5_000}</v></c>",
        '<c r="A"><v>1</v></c>',
        '<c r="ZZZZZ1"><v>1</v></c>',
        '<c s="x"><v>1</v></c>',
        '<c t="d"><v>soon</v></c>',
        '<c t="b"><v>perhaps</v></c>',
    ],
)
def test_a_damaged_cell_is_refused_by_its_row(cell: str, tmp_path: Path) -> None:
    body = f'<row r="1"><c t="str"><v>a</v></c></row><row r="2">{cell}</row>'
    file = rebuilt(xlsx(tmp_path, [["a"]]), xl__worksheets__sheet1_xml=sheet_of(body))
    assert "cannot be read" in refused(file, "xlsx")


@pytest.mark.parametrize("body", ["<row><c>", "</sheetData>", "<row>\x01</row>", "<a>" * 200, "&b;"])
def test_a_damaged_sheet_is_refused(body: str, tmp_path: Path) -> None:
    file = rebuilt(xlsx(tmp_path, [["a"]]), xl__worksheets__sheet1_xml=sheet_of(body))
    refused(file, "xlsx")


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    file = xlsx(tmp_path, [["a"], *([[n] for n in range(5_000)])])
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    for place in range(part.header_offset + 500, part.header_offset + 600):
        content[place] ^= 0xFF
    file.write_bytes(content)
    refused(file, "xlsx")


def test_a_part_is_not_read_further_than_it_says(tmp_path: Path) -> None:
    """The sizes that a zip file states are what the limit is checked against; a lie is found out."""
    file = xlsx(tmp_path, [["a"], *([[n] for n in range(5_000)])])
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    stated = size.to_bytes(4, "little")
    place = content.rfind(stated)
    content[place : place + 4] = (1_000).to_bytes(4, "little")
    file.write_bytes(content)
    refused(file, "xlsx")


def test_too_many_shared_texts_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asmgraph.sources.xlsx.HELD_BYTES", 20_000)
    large = f"<sst>{'<si/>' * 5_000}</sst>"
    file = rebuilt(xlsx(tmp_path, [["a"]]), xl__sharedStrings_xml=large)
    assert "'xl/sharedStrings.xml' with 25,011 bytes" in refused(file, "xlsx")
    file = rebuilt(xlsx(tmp_path, [["a"]], name="b.xlsx"), xl__worksheets__texts_xml=large)
    assert "'xl/worksheets/texts.xml' with 25,011 bytes" in refused(file, "xlsx")
    many = xlsx(tmp_path, [["a"], *([f"text {n}"] for n in range(2_000))], name="c.xlsx")
    assert len(rows(many, described("xlsx"))) == 2_000


@pytest.mark.parametrize("count", ["2000000", "999999999", "1000000000000", "-1", "x"])
def test_ods_rows_repeated_without_end_are_refused(count: str, tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1"/>'
    row = f'<table:table-row table:number-rows-repeated="{count}">{cell}</table:table-row>'
    file = ods_of(tmp_path, f'<table:table table:name="S">{ods_row(["a"])}{row}</table:table>')
    said = refused(file, "ods")
    assert "more rows than a sheet can hold" in said or "which is no count" in said


def test_ods_cells_repeated_without_end_are_refused(tmp_path: Path) -> None:
    cell = '<table:table-cell table:number-columns-repeated="999999999" office:value-type="float" office:value="1"/>'
    row = f"<table:table-row>{cell}</table:table-row>"
    file = ods_of(tmp_path, f'<table:table table:name="S">{ods_row(["a"])}{row}</table:table>')
    assert f"more columns than a sheet can hold ({sheets.COLUMNS:,})" in refused(file, "ods")


def test_the_limit_counts_what_is_unpacked(starter_home: Path, tmp_path: Path) -> None:
    """A spreadsheet that is small on disk and large inside is refused before anything of it is parsed."""
    folder = tmp_path / "home" / "sources" / "club"
    folder.mkdir(parents=True)
    source = "name: club\ntitle: A club\npublisher: The tests\nlicence: CC0-1.0\nurl: https://example.org/\n"
    (folder / "source.yml").write_text(source + "format: xlsx\ntables: { t: {} }\n", encoding="utf-8")
    file = xlsx(tmp_path, [["a"], *([f"{n} " + "x" * 30_000] for n in range(40))])
    limited = settings.load(home=tmp_path / "home", source_max_bytes=900_000)
    assert file.stat().st_size < 100_000
    with pytest.raises(SourceError, match="counted unpacked; the limit is 900,000"):
        pipeline.ingest(limited, "club", file)


def test_a_gzip_bomb_is_counted_no_further_than_the_limit(tmp_path: Path) -> None:
    import gzip

    content = io.BytesIO()
    with gzip.GzipFile(fileobj=content, mode="wb") as packed:
        for _ in range(50):
            packed.write(b"\0" * 1_000_000)
    file = tmp_path / "a.nt.gz"
    file.write_bytes(content.getvalue())
    assert 5_000_000 < archives.unpacked_bytes(file, 5_000_000) <= 7_000_000
