"""CSV files become rows, exactly; what is damaged is refused with file and line."""

from __future__ import annotations

import csv as writer
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asmgraph.descriptions import Source
from asmgraph.errors import SourceError
from asmgraph.records import ROW
from asmgraph.sources import csv
from tests.sources import described as one


def described(tables: dict[str, dict[str, Any]] | None = None) -> Source:
    return Source.model_validate(
        {
            "name": "test",
            "title": "Test",
            "publisher": "Nobody",
            "licence": "CC0-1.0",
            "url": "http://example.com/",
            "format": "csv",
            "tables": tables or {"t": {}},
        }
    )


def written(folder: Path, content: str | bytes, name: str = "t.csv") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def rows(path: Path, source: Source | None = None) -> list[tuple[object, ...]]:
    return [row for batch in csv.read(path, source or described()) for row in batch.frame.rows()]


def refused(folder: Path, content: str | bytes) -> str:
    with pytest.raises(SourceError) as caught:
        rows(written(folder, content))
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a,b\n1,2\n3,4\n", [(1, "1", "2"), (2, "3", "4")]),
        ("a,b\n1,2", [(1, "1", "2")]),
        ("a,b\r\n1,2\r\n3,4\r\n", [(1, "1", "2"), (2, "3", "4")]),
        ("a,b\r1,2\r3,4\r", [(1, "1", "2"), (2, "3", "4")]),
        ("\ufeffa,b\n1,2\n", [(1, "1", "2")]),
        ("a,b\n", []),
        ('a,b\n"1,5","say ""x"""\n', [(1, "1,5", 'say "x"')]),
        ('a,b\n"one\ntwo",2\n3,4\n', [(1, "one\ntwo", "2"), (2, "3", "4")]),
        ('a,b\n"one\r\ntwo",2\r\n3,4\r\n', [(1, "one\r\ntwo", "2"), (2, "3", "4")]),
        ('a,b\n1,5" pipe\n2,3\n', [(1, "1", '5" pipe'), (2, "2", "3")]),
        ("a,b\n  1 ,\t2\u00a0\n", [(1, "1", "2")]),
        ('a,b\n,""\n" ",x\n', [(1, None, None), (2, None, "x")]),
        ("a,b\n1,2\n\n3,4\n\n", [(1, "1", "2"), (3, "3", "4")]),
        ("a\n1\n\n3\n", [(1, "1"), (3, "3")]),
        (" a , b\n1,2\n", [(1, "1", "2")]),
        ("a,b\nNULL,NaN\n001,1e5\n", [(1, "NULL", "NaN"), (2, "001", "1e5")]),
        ("a,b\nMaï-Maï,矿\n", [(1, "Maï-Maï", "矿")]),
    ],
    ids=[
        "plain",
        "no last line end",
        "CRLF",
        "CR",
        "BOM",
        "header only",
        "quotes",
        "line end in quotes",
        "CRLF in quotes",
        "inch sign",
        "spaces",
        "blanks",
        "blank lines",
        "one column",
        "header spaces",
        "texts that look like values",
        "letters",
    ],
)
def test_a_file_is_read_as_it_stands(
    content: str, expected: list[tuple[object, ...]], tmp_path: Path
) -> None:
    assert rows(written(tmp_path, content)) == expected


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b\n1,2\n3\n", "t.csv, line 3: 1 cells where the header has 2"),
        ("a,b\n1,2\n3,4,5\n", "t.csv, line 3: 3 cells where the header has 2"),
        ('a,b\n"one\ntwo",2\n3,4,5\n', "t.csv, line 4: 3 cells"),
        ('a,b\n1,"x\n3,4\n', "t.csv, lines 2 to 3: unexpected end of data"),
        ('a,b\n1,"x"y\n', "t.csv, line 2: ',' expected after '\"'"),
        ('a,b\n"one\ntwo",2\n3,"4\n5,6\n7,"8"\n', "t.csv, lines 4 to 6: ',' expected after '\"'"),
        (b"a,b\n1,2\n\xff,3\n", "t.csv, line 3: not UTF-8"),
        (b"a,\xe9\n1,2\n", "t.csv, line 1: not UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "t.csv begins with the mark of UTF-16"),
        ("a,b\n1,2\n3,\x00\n", "t.csv, row 2: a NUL character"),
        ("a,b,a\n1,2,3\n", "the column 'a' twice"),
        ("a,a \n1,2\n", "the column 'a' twice"),
        ("", "no header row"),
        ("\n1,2\n", "no header row"),
        (" , \n1,2\n", "no header row"),
        ("_row,b\n1,2\n", "'_row'"),
        ("_kept,b\n1,2\n", "'_kept'"),
        ('a,b\n1,"' + "x" * 200_000 + '"\n', "t.csv, line 2: field larger than field limit"),
    ],
    ids=[
        "short row",
        "long row",
        "row after line end in quotes",
        "unclosed quote",
        "text after quote",
        "quote closed by the quote of a later row",
        "not UTF-8",
        "header not UTF-8",
        "UTF-16",
        "NUL",
        "column twice",
        "column twice but for spaces",
        "empty file",
        "blank header",
        "nameless header",
        "row number's name",
        "kept texts' name",
        "huge cell",
    ],
)
def test_a_damaged_file_is_refused_with_its_line(content: str | bytes, said: str, tmp_path: Path) -> None:
    assert said in refused(tmp_path, content)


def test_a_fault_behind_many_batches_is_found_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv, "BATCH_ROWS", 3)
    content = "a,b\n" + "1,2\n" * 10 + "3\n"
    assert "line 12: 1 cells" in refused(tmp_path, content)


def test_rows_before_a_fault_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv, "BATCH_ROWS", 2)
    batches = csv.read(written(tmp_path, "a,b\n1,2\n3,4\n5\n"), described())
    assert next(batches).frame.height == 2
    with pytest.raises(SourceError):
        next(batches)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_batches_of_any_size_hold_the_same_rows(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, "a,b\n" + "".join(f'{n},"x\n{n}"\n\n' for n in range(7)))
    monkeypatch.setattr(csv, "BATCH_ROWS", size)
    batches = list(csv.read(file, described()))
    assert max(batch.frame.height for batch in batches) <= size
    found = [row for batch in batches for row in batch.frame.rows()]
    assert found == [(2 * n + 1, str(n), f"x\n{n}") for n in range(7)]


def test_a_batch_has_row_numbers_and_texts(tmp_path: Path) -> None:
    (batch,) = csv.read(written(tmp_path, "a,b\n1,\n"), described())
    assert batch.table == "t"
    assert batch.frame.schema == {ROW: pl.Int64, "a": pl.String, "b": pl.String}


@pytest.mark.parametrize(
    ("header", "named"), [("vid,b", "no column site; it has vid, b."), (",".join("abcdefghijklmn"), "l ...")]
)
def test_a_file_without_a_key_column_is_refused(header: str, named: str, tmp_path: Path) -> None:
    source = described({"t": {"key": ["site"]}})
    with pytest.raises(SourceError) as caught:
        rows(written(tmp_path, f"{header}\n"), source)
    assert named in str(caught.value)


def test_a_folder_gives_each_table_its_file(tmp_path: Path) -> None:
    written(tmp_path, "a\n1\n", "first.csv")
    written(tmp_path, "b\n2\n", "second.csv")
    source = described({"one": {"file": "first.csv"}, "second": {}})
    found = [(batch.table, batch.frame.rows()) for batch in csv.read(tmp_path, source)]
    assert found == [("one", [(1, "1")]), ("second", [(1, "2")])]


def test_a_folder_that_lacks_a_file_is_refused_by_its_name(tmp_path: Path) -> None:
    written(tmp_path, "a\n", "first.csv")
    with pytest.raises(SourceError, match=r"does not hold second\.csv, third\.csv"):
        csv.tables(tmp_path, described({"first": {}, "second": {}, "third": {"file": "third.csv"}}))


def test_one_file_for_several_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="several tables"):
        csv.tables(written(tmp_path, "a\n"), described({"one": {}, "two": {}}))


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=6)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=TABLES, ends=st.sampled_from(["\n", "\r\n"]))
def test_what_a_csv_writer_wrote_is_read_back(
    table: Sequence[Sequence[str]], ends: str, tmp_path: Path
) -> None:
    width = len(table[0]) if table else 1
    text = io.StringIO()
    out = writer.writer(text, lineterminator=ends, quoting=writer.QUOTE_ALL)
    out.writerow([f"c{n}" for n in range(width)])
    out.writerows(table)
    found = rows(written(tmp_path, text.getvalue()))
    assert [number for number, *_ in found] == list(range(1, len(table) + 1))
    expected = pl.DataFrame(
        {f"c{n}": pl.Series([cells[n] for cells in table], dtype=pl.String) for n in range(width)}
    ).select(pl.all().str.strip_chars().replace("", None))
    assert [tuple(cells) for _, *cells in found] == expected.rows()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(content: bytes, tmp_path: Path) -> None:
    try:
        found = rows(written(tmp_path, b"a,b\n" + content))
    except SourceError as error:
        assert "t.csv" in error.message
    else:
        assert all(len(row) == 3 for row in found)


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_columns_separated_otherwise_are_said_to_be(tmp_path: Path, sign: str, name: str) -> None:
    file = written(tmp_path, f"a{sign}b\n1{sign}2\n")
    with pytest.raises(SourceError, match=f"separated by {name}") as caught:
        csv.header(file)
    assert "commas" in caught.value.hint


@pytest.mark.parametrize(
    ("format_", "separator", "content"),
    [
        ("tsv", None, "a\tb\n1,5\tx;y\n"),
        ("csv", ";", 'a;b\n1,5;"x;y"\n'),
        ("csv", "|", "a|b\n1,5|x;y\n"),
        ("csv", "\t", "a\tb\n1,5\tx;y\n"),
        ("tsv", ",", 'a,b\n"1,5",x;y\n'),
    ],
)
def test_columns_are_separated_as_the_format_or_the_description_says(
    format_: str, separator: str | None, content: str, tmp_path: Path
) -> None:
    source = one.described(format_, separator=separator)
    assert rows(written(tmp_path, content, f"t.{format_}"), source) == [(1, "1,5", "x;y")]
    assert rows(tmp_path, source) == [(1, "1,5", "x;y")]


@pytest.mark.parametrize(
    ("format_", "content", "said"),
    [
        (
            "csv",
            "a;b\n1;2\n",
            "separated by semicolons. Save it with commas between the columns, or say separator: ';' of its table",
        ),
        ("csv", "a\tb\n1\t2\n", "separated by tabs"),
        ("tsv", "a,b\n1,2\n", "separated by commas. Save it with tabs"),
    ],
)
def test_another_sign_between_columns_is_named(format_: str, content: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        rows(written(tmp_path, content), one.described(format_))
    assert said in str(caught.value)


def test_a_column_is_found_by_what_its_description_says(tmp_path: Path) -> None:
    source = one.described("csv", {"name": {"at": "Nom"}, "code": {}}, key=["name"])
    (batch,) = csv.read(written(tmp_path, "Nom,code,x\nA,1,2\n"), source)
    assert batch.frame.to_dicts() == [{"_row": 1, "name": "A", "code": "1", "x": "2"}]


def test_a_header_with_the_name_of_another_column_is_refused(tmp_path: Path) -> None:
    source = one.described("csv", {"name": {"at": "Nom"}})
    with pytest.raises(SourceError, match=r"a name that source\.yml gives to another: 'Nom'"):
        rows(written(tmp_path, "Nom,name\nA,B\n"), source)


def test_the_header_may_stand_below_a_title(tmp_path: Path) -> None:
    file = written(tmp_path, "Who does what\n\na,b\n1,2\n3,4\n")
    assert rows(file, described({"t": {"header": 3}})) == [(1, "1", "2"), (2, "3", "4")]


def test_a_row_that_is_ragged_below_a_title_is_named(tmp_path: Path) -> None:
    file = written(tmp_path, "Who, does, what\na,b\n1,2\n3\n")
    with pytest.raises(SourceError, match="line 4: 1 cells where the header has 2"):
        rows(file, described({"t": {"header": 2}}))


def test_a_header_beyond_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no header row"):
        rows(written(tmp_path, "a,b\n1,2\n"), described({"t": {"header": 9}}))


def test_a_title_above_the_names_is_asked_about(tmp_path: Path) -> None:
    assert "'header'" in refused(tmp_path, "Who does what\na,b\n1,2\n")


def test_columns_without_a_name_are_called_by_their_letter(tmp_path: Path) -> None:
    found = one.rows(written(tmp_path, "a,,b,\n1,2,3,\n"), described())
    assert found == [{"_row": 1, "a": "1", "(column B)": "2", "b": "3", "(column D)": None}]
