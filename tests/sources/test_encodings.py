"""Delimited text is read in the encoding that its description says, and in no other."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asmgraph.descriptions import Encoding
from asmgraph.errors import SourceError
from asmgraph.sources import encodings
from tests.sources.described import described, rows
from tests.sources.test_sheets import ods, xlsx

TEXT = "lieu,œuvre\nKédougou,«été»\n"
READ = [{"_row": 1, "lieu": "Kédougou", "œuvre": "«été»"}]
CODECS: dict[str, str] = {"utf-8": "utf-8", "windows-1252": "cp1252", "utf-16": "utf-16"}


def written(folder: Path, content: bytes) -> Path:
    file = folder / "t.csv"
    file.write_bytes(content)
    return file


def refused(file: Path, format_: str = "csv", encoding: str = "utf-8") -> str:
    with pytest.raises(SourceError) as caught:
        rows(file, described(format_, encoding=encoding))
    return str(caught.value)


@pytest.mark.parametrize("encoding", CODECS)
def test_text_is_read_in_the_encoding_that_the_description_says(encoding: str, tmp_path: Path) -> None:
    file = written(tmp_path, TEXT.encode(CODECS[encoding]))
    assert rows(file, described("csv", encoding=encoding)) == READ


def test_latin_1_has_no_letter_that_windows_1252_has_not(tmp_path: Path) -> None:
    file = written(tmp_path, "a\nété\n".encode("latin-1"))
    read = [rows(file, described("csv", encoding=one)) for one in ("latin-1", "windows-1252")]
    assert read == [[{"_row": 1, "a": "été"}]] * 2


@pytest.mark.parametrize("encoding", CODECS)
def test_hxl_in_csv_is_read_so_too(encoding: str, tmp_path: Path) -> None:
    file = written(tmp_path, "Lieu\n#loc\nKédougou\n".encode(CODECS[encoding]))
    (row,) = rows(file, described("hxl", {"place": {"at": "#loc"}}, encoding=encoding))
    assert row["place"] == "Kédougou"


def test_a_file_of_excel_on_windows_is_refused_with_how_to_read_it(tmp_path: Path) -> None:
    said = refused(written(tmp_path, TEXT.encode("cp1252")))
    assert "t.csv, line 1: not UTF-8 text" in said
    assert "'CSV UTF-8' in Excel" in said
    assert "encoding: windows-1252 of its table" in said


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        (b"a,b\n1,2\n\x81,3\n", "windows-1252", "t.csv, line 3: not windows-1252 text"),
        (b"a,b\r1,2\r3,\x8d\r", "windows-1252", "t.csv, line 3: not windows-1252 text"),
        ("a\nb\n".encode("utf-16") + b"\x00", "utf-16", "t.csv, line 3: not UTF-16 text"),
        ("a\nb\n".encode("utf-16-le"), "utf-16", "t.csv: not UTF-16 text"),
        (codecs.BOM_UTF8 + b"a\n1\n", "windows-1252", "begins with the mark of UTF-8, and is read as windows-1252"),
        ("a\n1\n".encode("utf-16"), "latin-1", "encoding: utf-16 of its table"),
        (b"a\n\x00\xff\n", "utf-8", "Is this the right file?"),
    ],
)  # fmt: skip
def test_text_in_another_encoding_is_refused_with_its_line(
    content: bytes, encoding: str, said: str, tmp_path: Path
) -> None:
    assert said in refused(written(tmp_path, content), encoding=encoding)


@pytest.mark.parametrize("format_", ["csv", "hxl"])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_spreadsheet_that_is_called_csv_is_named_as_what_it_is(
    format_: str, encoding: str, tmp_path: Path
) -> None:
    for make, kind in ((xlsx, "a spreadsheet (XLSX)"), (ods, "an OpenDocument file (as ODS)")):
        file = make(tmp_path, [["a"], ["1"]]).rename(tmp_path / "t.csv")
        assert f"t.csv is {kind}" in refused(file, format_, encoding=encoding)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"a,b\n", None),
        (b"", None),
        (TEXT.encode(), None),
        (TEXT.encode("utf-8-sig"), None),
        (TEXT.encode("cp1252"), "windows-1252"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"a\n\x81\n", None),
        (b"a\n\xe9\x00\n", None),
        (b"PK\x03\x04\xe9", None),
    ],
)
def test_an_encoding_is_proposed_by_the_bytes(content: bytes, found: str | None, tmp_path: Path) -> None:
    assert encodings.proposed(written(tmp_path, content)) == found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    content=st.binary(max_size=40), encoding=st.sampled_from(["utf-8", "windows-1252", "latin-1", "utf-16"])
)
def test_any_bytes_are_read_or_refused_in_any_encoding(
    content: bytes, encoding: Encoding, tmp_path: Path
) -> None:
    file = written(tmp_path, content)
    try:
        rows(file, described("csv", encoding=encoding))
    except SourceError as error:
        assert "t.csv" in error.message and error.hint
