"""Sheets with HXL tags become rows by their tags, whatever the form of the file and the age of the tags."""

from __future__ import annotations

import csv as writer
import json
import logging
import socket
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from asmgraph.errors import AsmgraphError
from asmgraph.sources import formats
from tests.sources.described import described, rows

WHO: list[list[Any]] = [
    ["Who does what", None, None, None],
    ["Org", "Implementer", "Where", "Note"],
    ["#org+prog", "#org+impl", "#adm1+name+en", None],
    ["A", "B", "Ituri", "x"],
    [None, None, None, None],
    ["C", "D", "Tshopo", None],
]


def as_csv(folder: Path, table: Sequence[Sequence[Any]]) -> Path:
    with (folder / "t.csv").open("w", encoding="utf-8", newline="") as out:
        writer.writer(out).writerows(table)
    return folder / "t.csv"


def as_xlsx(folder: Path, table: Sequence[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in table:
        sheet.append(list(line))
    book.save(folder / "t.xlsx")
    return folder / "t.xlsx"


def as_json(folder: Path, table: Sequence[Sequence[Any]]) -> Path:
    (folder / "t.json").write_text(json.dumps(table), encoding="utf-8")
    return folder / "t.json"


FORMS = [as_csv, as_xlsx, as_json]
forms = pytest.mark.parametrize("form", FORMS)


def refused(path: Path, columns: dict[str, Any], **table: Any) -> str:
    with pytest.raises(AsmgraphError) as caught:
        rows(path, described("hxl", columns, **table))
    assert caught.value.hint
    return str(caught.value)


def tagged(folder: Path, *tags: str, header: Sequence[str] = ()) -> Path:
    cells = [str(place) for place in range(1, len(tags) + 1)]
    return as_csv(folder, [*([header] if header else []), tags, cells])


@forms
def test_columns_are_found_by_their_tags_and_rows_have_their_numbers(form: Any, tmp_path: Path) -> None:
    columns = {"impl": {"at": "#org+impl"}, "place": {"at": "#adm1"}, "org": {"at": "#org-impl"}}
    assert rows(form(tmp_path, WHO), described("hxl", columns)) == [
        {"_row": 4, "org": "A", "impl": "B", "place": "Ituri", "Note": "x"},
        {"_row": 6, "org": "C", "impl": "D", "place": "Tshopo", "Note": None},
    ]


@forms
def test_what_nobody_means_is_named_by_its_header_or_tag(form: Any, tmp_path: Path) -> None:
    table = [["Org", None, "Note"], ["#org", "#sector", None, None], ["A", "health", "x", "y"]]
    (row,) = rows(form(tmp_path, table), described("hxl", {"who": {"at": "#org"}}))
    assert row == {"_row": 3, "who": "A", "#sector": "health", "Note": "x", "(column D)": "y"}


def test_objects_whose_keys_are_tags_are_read(tmp_path: Path) -> None:
    file = as_json(tmp_path, [])
    file.write_text('[{"#org": "A", "#reached": 5}, {"#reached": 1.0, "#org": null}]', encoding="utf-8")
    assert rows(file, described("hxl", {"org": {"at": "#org"}, "n": {"at": "#reached"}})) == [
        {"_row": 2, "org": "A", "n": "5"},
        {"_row": 3, "org": None, "n": "1"},
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[{"#org": "A"}, {"#org": "B", "#adm1": "x"}]', "row 3: has '#adm1'"),
        ('[["#org"], [["x"]]]', "row 2: a cell holds a list"),
        ('[["#org"], "x"]', "row 2: neither a list nor an object"),
        ('[["#org"], ["x"]', "not JSON"),
    ],
)
def test_json_that_has_no_plain_rows_is_refused(content: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(content, encoding="utf-8")
    assert said in refused(tmp_path / "t.json", {})


@pytest.mark.parametrize(
    ("tag", "pattern"),
    [
        ("#org+impl", "#org+impl"),
        ("#ORG +Impl", "#org+impl"),
        ("#country/en", "#country/en"),
        ("#country/en", "#country+en"),
        ("#country+en", "#country/en"),
        ("#lat_deg", "#lat_deg"),
        ("#adm1_id", "#adm1_id"),
        ("#x_whoadm1_id", "#x_whoadm1_id"),
        ("#affected+f+children", "#affected+children+f"),
        ("#date", "#date!"),
    ],
)
def test_tags_of_every_age_are_read(tag: str, pattern: str, tmp_path: Path) -> None:
    assert rows(tagged(tmp_path, tag, "#meta"), described("hxl", {"x": {"at": pattern}}))[0]["x"] == "1"


@pytest.mark.parametrize(
    ("tag", "pattern"),
    [("#country/fr", "#country/en"), ("#org", "#org+impl"), ("#org+impl", "#org!"), ("#org+a", "#org-a")],
)
def test_other_tags_are_not_taken_for_it(tag: str, pattern: str, tmp_path: Path) -> None:
    (row,) = rows(tagged(tmp_path, tag, "#meta"), described("hxl", {"x": {"at": pattern}}))
    assert "x" not in row


def test_a_pattern_that_fits_several_columns_is_refused_or_a_list(tmp_path: Path) -> None:
    file = tagged(tmp_path, "#sector", "#org", "#sector+sub")
    said = refused(file, {"s": {"at": "#sector"}})
    assert "#sector fits 2 columns: A (#sector), C (#sector+sub)" in said
    assert rows(file, described("hxl", {"s": {"at": "#sector", "split": ";"}}))[0]["s"] == "1;3"
    assert rows(file, described("hxl", {"s": {"at": "#sector!"}}))[0]["s"] == "1"


def test_a_column_that_two_mean_is_refused(tmp_path: Path) -> None:
    said = refused(tagged(tmp_path, "#org+impl"), {"a": {"at": "#org"}, "b": {"at": "#org+impl"}})
    assert "A (#org+impl) fits two columns of source.yml, a and b" in said


def test_columns_with_one_tag_are_told_apart_by_their_headers(tmp_path: Path) -> None:
    file = tagged(tmp_path, "#country_id", "#country_id", header=["ISO2 code", "ISO3  code"])
    (row,) = rows(
        file, described("hxl", {"iso": {"at": "ISO3 code"}, "ISO2 code": {"ignore": "the other will do"}})
    )
    assert row == {"_row": 3, "iso": "2", "ISO2 code": "1"}


def test_a_header_that_is_the_name_of_another_column_stays_apart(tmp_path: Path) -> None:
    file = tagged(tmp_path, "#org", "#adm1", header=["name", "org"])
    (row,) = rows(file, described("hxl", {"org": {"at": "#org"}}))
    assert row == {"_row": 3, "org": "1", "org (column B)": "2"}


@pytest.mark.parametrize("pattern", ["#", "#org+", "#org impl", "#country/", "#1"])
def test_what_is_no_pattern_is_refused(pattern: str, tmp_path: Path) -> None:
    assert "is no pattern of HXL tags" in refused(tagged(tmp_path, "#org"), {"x": {"at": pattern}})


@pytest.mark.parametrize(
    "table", [[], [["a", "b"], ["1", "2"]], [["#1 in the list"], ["x"]], [["a"]] * 30 + [["#org"], ["x"]]]
)
def test_a_file_without_tags_is_refused(table: list[list[str]], tmp_path: Path) -> None:
    assert "has no row of HXL tags" in refused(as_csv(tmp_path, table), {})


def test_a_malformed_tag_among_others_is_a_column_without_tag(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tagged(tmp_path, "#org", "#adm1", "# of people", header=["Org", "Adm", "People"])
    with caplog.at_level(logging.DEBUG):
        (row,) = rows(file, described("hxl", {"org": {"at": "#org"}}))
    assert row == {"_row": 3, "org": "1", "Adm": "2", "People": "3"}
    assert not caplog.records


def test_rows_may_be_shorter_or_longer_than_the_tags(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("#org,#adm1\nA\nB,x,y\n", encoding="utf-8")
    found = rows(tmp_path / "t.csv", described("hxl", {"org": {"at": "#org"}}))
    assert found == [
        {"_row": 2, "org": "A", "#adm1": None, "(column C)": None},
        {"_row": 3, "org": "B", "#adm1": "x", "(column C)": "y"},
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"#org\n\xff\n", "not UTF-8"),
        (b'#org\n"x\n', "t.csv, line 2: "),
        (b'#org\n"x"y\n', "t.csv, line 2: "),
    ],
)
def test_a_damaged_file_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    assert said in refused(tmp_path / "t.csv", {})


def test_semicolons_are_read_where_the_description_says_so(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("#org;#adm1\nA;x\n", encoding="utf-8")
    (row,) = rows(tmp_path / "t.csv", described("hxl", {"org": {"at": "#org"}}, separator=";"))
    assert row == {"_row": 2, "org": "A", "#adm1": "x"}


@forms
def test_nothing_is_fetched(form: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    table = [["#org", "#meta+url"], ["http://127.0.0.1:9/list.csv", "https://proxy.hxlstandard.org/data"]]
    assert rows(form(tmp_path, table), described("hxl"))[0]["#org"] == "http://127.0.0.1:9/list.csv"


@forms
def test_memory_does_not_grow_with_the_file(
    form: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asmgraph.sources.gathering.BATCH_ROWS", 100)

    def peak(count: int) -> int:
        file = form(tmp_path, [["#org", "#adm1"], *(["word", str(n)] for n in range(count))])
        source = described("hxl", {"org": {"at": "#org"}})
        tracemalloc.start()
        found = sum(batch.frame.height for batch in formats.READERS["hxl"].read(file, source))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert found == count
        return most

    peak(100)
    assert peak(12_000) < peak(4_000) + 500_000  # the rows alone would be some 3 MB


@pytest.mark.external
def test_a_list_of_places_of_2014_is_read(external_data: Path) -> None:
    columns = {
        "country": {"at": "#country/fr"},
        "iso3": {"at": "ISO3 country code"},
        "code": {"at": "#adm2_id"},
        "longitude": {"at": "#lon_deg"},
    }
    found = rows(external_data / "hxl-3w" / "rowca-gin-adm2.csv", described("hxl", columns))
    assert len(found) == 34
    assert found[0]["_row"] == 3
    assert (found[0]["country"], found[0]["iso3"], found[0]["code"]) == ("Guinée", "GIN", "GN0806")
