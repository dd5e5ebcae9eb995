"""JSON becomes rows by the paths that the description gives; nothing it holds goes unnamed."""

from __future__ import annotations

import json as writer
import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asmgraph.errors import AsmgraphError, SourceError
from asmgraph.sources import formats, json_events
from tests.sources.described import described, rows


def written(folder: Path, content: Any, name: str = "t.json") -> Path:
    file = folder / name
    if not isinstance(content, bytes):
        content = (content if isinstance(content, str) else writer.dumps(content)).encode()
    file.write_bytes(content)
    return file


def refused(file: Path, columns: dict[str, Any] | None = None, **table: Any) -> str:
    with pytest.raises(AsmgraphError) as caught:
        rows(file, described("json", columns, **table))
    return str(caught.value)


def test_an_array_of_objects_is_read(tmp_path: Path) -> None:
    file = written(tmp_path, '[{"a": " x ", "b": 1.50}, {"b": true, "a": null}, {"a": "", "c": 1e3}]')
    assert rows(file, described("json")) == [
        {"_row": 1, "a": "x", "b": "1.5", "c": None},
        {"_row": 2, "a": None, "b": "true", "c": None},
        {"_row": 3, "a": None, "b": None, "c": "1000"},
    ]


DEEP = {
    "updated": "2014-09-11",
    "data": {
        "orgs": [
            {
                "name": "A",
                "lead": {"city": "Oslo"},
                "projects": [{"t": 1, "tags": ["x", "y"]}, {"t": 2, "tags": []}],
            },
            {"projects": [{"t": 3}], "name": "B"},
            {"name": "C", "projects": []},
        ]
    },
}


def test_records_below_a_path_reach_what_they_lie_in(tmp_path: Path) -> None:
    columns = {
        "title": {"at": "t"},
        "org": {"at": "../name"},
        "city": {"at": "../lead/city"},
        "tags": {"split": ";"},
    }
    source = described("json", columns, records="data/orgs/projects")
    assert rows(written(tmp_path, DEEP), source) == [
        {"_row": 1, "title": "1", "org": "A", "city": "Oslo", "tags": "x;y", "/updated": None},
        {"_row": 2, "title": "2", "org": "A", "city": "Oslo", "tags": None, "/updated": None},
        {"_row": 3, "title": "3", "org": "B", "city": None, "tags": None, "/updated": None},
    ]


def test_what_stands_two_levels_up_is_reached(tmp_path: Path) -> None:
    content = {"year": 2014, "data": {"items": [{"a": 1}, {"a": 2}]}}
    source = described("json", {"a": {}, "year": {"at": "../../year"}}, records="data/items")
    assert rows(written(tmp_path, content), source) == [
        {"_row": 1, "a": "1", "year": "2014"},
        {"_row": 2, "a": "2", "year": "2014"},
    ]


def test_what_nobody_means_keeps_its_path_as_its_name(tmp_path: Path) -> None:
    content = [{"id": 1, "a": {"b/c": 1, "d": [{"e": 2}, {"e": 3}]}, "note": "x"}]
    (row,) = rows(written(tmp_path, content), described("json", {"note": {"at": "id"}}))
    assert row == {"_row": 1, "note": "1", "a/b~1c": "1", "a/d/e": "2", "note (another)": "x"}


def test_a_key_with_a_slash_is_found(tmp_path: Path) -> None:
    assert rows(written(tmp_path, [{"a/b": 1}]), described("json", {"x": {"at": "a~1b"}})) == [
        {"_row": 1, "x": "1"}
    ]


def test_a_list_needs_a_sign_to_be_joined_with(tmp_path: Path) -> None:
    file = written(tmp_path, [{"a": ["x"]}, {"a": ["x", "y"]}])
    assert "t.json, record 2: a holds 2 values: 'x', 'y'" in refused(file, {"a": {}})
    assert "holds 'x', the sign" in refused(file, {"a": {"split": "x"}})
    assert [row["a"] for row in rows(file, described("json", {"a": {"split": "|"}}))] == ["x", "x|y"]


def test_plain_values_may_be_the_records(tmp_path: Path) -> None:
    file = written(tmp_path, {"names": ["A", "B"]})
    assert rows(file, described("json", {"name": {"at": "."}}, records="names"))[1] == {
        "_row": 2,
        "name": "B",
    }


def test_one_value_a_line_is_read(tmp_path: Path) -> None:
    file = written(tmp_path, '{"a": 1}\n{"a": 2}\n', "t.jsonl")
    assert [row["a"] for row in rows(file, described("json"))] == ["1", "2"]
    assert "not JSON" in refused(written(tmp_path, '{"a": 1}\n{"a": 2}\n'))


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    assert len(rows(written(tmp_path, b'\xef\xbb\xbf[{"a": 1}]'), described("json"))) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "not JSON"),
        ("[{", "not JSON"),
        ('[{"a": 1}', "not JSON"),
        ('[{"a": 1}] x', "not JSON"),
        ("nonsense", "not JSON"),
        ('[{"a": NaN}]', "not JSON"),
        (b'[{"a": "\xff"}]', "not JSON"),
        ('[{"a": 1}]'.encode("utf-16"), "not in UTF-8"),
        ('[{"a": 1, "a": 2}]', "the key 'a' twice"),
        ('[{"a": ' + "9" * 10_000 + "}]", "not JSON"),
        ('[{"a": "\\u0000"}]', "t.json, row 1, a: a character"),
        ('[{"_row": 1}]', "'_row', a name kept for asmgraph"),
        ("[" * 100_000, "nested deeper than 100"),
        ('[{"a":' * 60 + "1" + "}]" * 60, "nested deeper than 100"),
    ],
    ids=[
        "empty",
        "cut off",
        "open array",
        "more behind",
        "no JSON",
        "NaN",
        "no UTF-8",
        "UTF-16",
        "key twice",
        "endless number",
        "NUL",
        "kept name",
        "deep",
        "deep record",
    ],
)
def test_a_damaged_or_hostile_file_is_refused(content: str | bytes, said: str, tmp_path: Path) -> None:
    assert said in refused(written(tmp_path, content))


def test_half_a_character_never_comes_through(tmp_path: Path) -> None:
    (row,) = rows(written(tmp_path, '[{"a": "x\\ud800"}]'), described("json"))
    assert row["a"] == "x?"


@pytest.mark.parametrize("number", ["1e999999999", "1e-999999999", "-1E+400000"])
def test_a_number_without_end_stays_short(number: str, tmp_path: Path) -> None:
    (row,) = rows(written(tmp_path, f'[{{"a": {number}}}]'), described("json"))
    assert len(row["a"]) < 20


def test_a_path_that_leads_nowhere_is_refused_with_what_is_there(tmp_path: Path) -> None:
    file = written(tmp_path, {"meta": {}, "items": []})
    assert "has nothing at 'data'; at its top is 'meta', 'items'" in refused(file, records="data")
    assert rows(file, described("json", records="items")) == []


def test_a_cell_above_the_top_is_refused(tmp_path: Path) -> None:
    assert "leads above the top" in refused(written(tmp_path, [{}]), {"a": {"at": "../a"}})


def test_a_record_that_is_the_whole_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_events, "VALUES", 50)
    file = written(tmp_path, {"data": [{"a": n} for n in range(50)]})
    assert len(rows(file, described("json", records="data"))) == 50
    assert "more than 50 values" in refused(file)


def test_a_column_that_comes_up_late_is_in_the_batches_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asmgraph.sources.gathering.BATCH_ROWS", 1)
    file = written(tmp_path, [{"a": 1}, {"b": 2}, {"a": 3}])
    batches = list(formats.READERS["json"].read(file, described("json")))
    assert [batch.frame.columns for batch in batches] == [
        ["_row", "a"],
        ["_row", "a", "b"],
        ["_row", "a", "b"],
    ]


@pytest.mark.parametrize("records", [None, "data/items"])
def test_memory_does_not_grow_with_the_file(
    records: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asmgraph.sources.gathering.BATCH_ROWS", 100)

    def peak(count: int) -> int:
        items = [{"name": f"n{n}", "tags": ["a", "b"], "deep": {"er": n}} for n in range(count)]
        file = written(tmp_path, {"data": {"items": items}} if records else items)
        source = described("json", {"tags": {"split": ";"}}, records=records)
        tracemalloc.start()
        found = sum(batch.frame.height for batch in formats.READERS["json"].read(file, source))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert found == count
        return most

    peak(100)
    assert peak(12_000) < peak(3_000) + 500_000  # the rows alone would be some 4 MB


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)
PLAIN = st.none() | st.booleans() | st.integers(-(10**15), 10**15) | TEXTS
KEYS = st.sampled_from(["a", "b", "c/d", "e~f"])
JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)


def plain_values(value: Any) -> Counter[str]:
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return sum((plain_values(part) for part in parts), Counter())
    return (
        Counter()
        if value is None
        else Counter([writer.dumps(value) if isinstance(value, bool) else str(value)])
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.dictionaries(KEYS, JSON, max_size=3))
def test_no_plain_value_is_lost(value: dict[str, Any], tmp_path: Path) -> None:
    """Whatever the nesting, the leaves of a record hold each of its values, once."""
    from asmgraph.sources import json

    (record,) = json_events.elements(written(tmp_path, [value]), ())
    found = Counter(text for texts in json.leaves(record).values() for text in texts)
    assert found == plain_values(value)


def test_a_reader_stops_where_the_file_breaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asmgraph.sources.gathering.BATCH_ROWS", 1)
    batches = formats.READERS["json"].read(written(tmp_path, '[{"a": 1}, {"a": 2}, x'), described("json"))
    assert next(batches).frame.rows() == [(1, "1")]
    with pytest.raises(SourceError):
        list(batches)


@pytest.mark.external
def test_mined_area_by_year_is_read(external_data: Path) -> None:
    found = rows(external_data / "amazon-mining-watch" / "national_admin_yearly.json", described("json"))
    assert len(found) == 90
    assert found[0] == {
        "_row": 1,
        "id": "AMAZ",
        "admin_year": "201800",
        "intersected_area_ha": "225993.9025900312",
        "intersected_area_ha_cumulative": "225993.9025900312",
    }
