"""What a source promises of its cells is held against it: types, patterns, keys, lists, lookups, columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.errors import ConfigurationError
from asmgraph.records import KEPT, Batch, Refusal
from asmgraph.validation.promises import Checker, Findings
from tests.mapping.tables import Row, batch, described

LOOKUPS = {"mineral": {"Or": "mineral/gold", "Étain": "mineral/tin"}, "more": {"Sable": "mineral/sand"}}


def _checked(
    columns: Mapping[str, Mapping[str, Any]], rows: Sequence[Row], key: Sequence[str] = ()
) -> tuple[list[dict[str, Any]], Findings]:
    return _all_checked(columns, [batch(rows)], key)


def _all_checked(
    columns: Mapping[str, Mapping[str, Any]], batches: Sequence[Batch], key: Sequence[str] = ()
) -> tuple[list[dict[str, Any]], Findings]:
    source = described([], tables={"t": {"key": list(key), "columns": columns}}, lookups=LOOKUPS)
    checker = Checker(source)
    rows = [row for part in checker.check(batches) for row in part.frame.iter_rows(named=True)]
    return rows, checker.findings


def _refused(column: Mapping[str, Any], value: str | None) -> list[Refusal]:
    return _checked({"x": column}, [{"x": value}])[1].refused


GOOD = {
    "text": ["anything at all"],
    "identifier": ["a-1", "é:/x"],
    "integer": ["0", "-7", "+12", "9" * 18],
    "decimal": ["0", "-7.25", "+.5", "3."],
    "date": ["2020", "2020-02", "2020-02-29", "1000", "2999-12-31"],
    "boolean": ["0", "1", "true", "false"],
    "iri": ["http://a.org", "https://a.org/b?c=d#e"],
}
BAD = {
    "identifier": ["a b", "<a>", 'a"b', "a\nb", "a|b"],
    "integer": ["1.0", "one", "1e3", "9" * 19, "٣", "--1", "1 000"],
    "decimal": ["1,5", "1e3", "NaN", ".", "", "٣.٥"],
    "date": [
        *("2020-13", "2020-02-30", "2019-02-29", "20", "2020-1-1", "01/02/2020", "2020-00", "٢٠٢٠"),
        *("0000", "0999-12-31", "3000-01", "9999-12-31", "12020"),
    ],
    "boolean": ["yes", "2", "TRUE"],
    "iri": ["a.org", "ftp://a.org", "http://a b", "javascript:alert(1)", "http://<a>"],
}


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind, values in GOOD.items() for value in values]
)
def test_a_cell_of_its_type_passes(kind: str, value: str) -> None:
    assert _refused({"type": kind}, value) == []


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind, values in BAD.items() for value in values if value]
)
def test_a_cell_that_breaks_its_type_refuses_the_row(kind: str, value: str) -> None:
    (refusal,) = _refused({"type": kind}, value)
    assert (refusal.table, refusal.row, refusal.column, refusal.value) == ("t", 1, "x", value)
    assert refusal.reason.startswith("is not ")


def test_a_year_that_none_can_mean_is_refused_naming_the_years() -> None:
    (refusal,) = _refused({"type": "date"}, "9999-12-31")
    assert refusal.reason == "is not a date as YYYY-MM-DD, YYYY-MM or YYYY, between 1000 and 2999"


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("pattern", [None, "^a$"])
def test_a_blank_cell_is_no_error(kind: str, pattern: str | None) -> None:
    assert _refused({"type": kind, "pattern": pattern}, None) == []


@pytest.mark.parametrize("kind", GOOD)
def test_a_blank_cell_that_is_required_refuses_the_row(kind: str) -> None:
    (refusal,) = _refused({"type": kind, "required": True}, None)
    assert (refusal.value, refusal.reason) == ("", "is missing")


def test_a_cell_that_breaks_its_pattern_refuses_the_row() -> None:
    (refusal,) = _refused({"pattern": "^codmine[0-9]+$"}, "mine 7")
    assert refusal.reason == "is not text of the form ^codmine[0-9]+$"


@pytest.mark.parametrize(
    ("column", "value", "ending"),
    [
        (
            {"type": "date"},
            "31.12.2023",
            "if the source writes its dates as %d.%m.%Y, add that to dates of x in",
        ),
        ({"type": "date"}, "05/03/2020", "as %d/%m/%Y or %m/%d/%Y, add"),
        (
            {"type": "date", "dates": ["%d/%m/%Y"]},
            "soon",
            "if it is a date, add its form (as %d/%m/%Y) to dates of x",
        ),
        ({"type": "date"}, "2020-02-30", "in row 1."),
        ({"type": "date"}, "#N/A", "in row 1."),
        ({"type": "date", "required": True}, None, "in row 1."),
        ({"type": "decimal"}, "1.000,50", "asmfn:number with decimal=','."),
        ({"type": "decimal"}, "many", "in row 1."),
        ({"type": "integer"}, "many", "in row 1."),
    ],
)
def test_a_refusal_says_what_else_may_help(column: dict[str, Any], value: str | None, ending: str) -> None:
    (refusal,) = _refused(column, value)
    assert refusal.remedy.startswith("Correct the cell x in row 1")
    assert ending in refusal.remedy
    assert "lookup" not in refusal.remedy


def test_a_refused_row_is_gone_and_the_others_stay() -> None:
    rows, findings = _checked({"x": {"type": "integer"}}, [{"x": "1"}, {"x": "two"}, {"x": "3"}])
    assert [(row["_row"], row["x"]) for row in rows] == [(1, "1"), (3, "3")]
    assert findings.rows == {"t": 3}


def test_a_row_with_two_faults_is_reported_for_both() -> None:
    columns: dict[str, dict[str, Any]] = {"x": {"type": "integer"}, "y": {"required": True}}
    _, findings = _checked(columns, [{"x": "two", "y": None}])
    assert [(refusal.column, refusal.row) for refusal in findings.refused] == [("x", 1), ("y", 1)]


def test_all_rows_may_be_refused() -> None:
    rows, findings = _checked({"x": {"type": "integer", "lookup": ["mineral"]}}, [{"x": "a"}, {"x": "b"}])
    assert rows == []
    assert findings.kept == {}


@pytest.mark.parametrize(
    "column",
    [
        {"type": "integer", "on_error": "keep"},
        {"pattern": "^[0-9]+$", "on_error": "keep"},
        {"type": "integer", "on_error": "keep", "lookup": ["mineral"]},
    ],
)
def test_a_broken_cell_that_is_kept_is_emptied_noted_and_counted_once(column: dict[str, Any]) -> None:
    rows, findings = _checked({"x": column}, [{"x": "about 300"}])
    assert [(row["x"], row[KEPT]) for row in rows] == [(None, ["x: about 300"])]
    assert findings.kept == {("t", "x", "about 300"): 1}
    assert findings.refused == []


def test_a_broken_answer_is_noted_but_not_emptied_for_blank_means_not_asked() -> None:
    rows, findings = _checked({"x": {"type": "boolean", "on_error": "keep"}}, [{"x": "perhaps"}])
    assert [(row["x"], row[KEPT]) for row in rows] == [("perhaps", ["x: perhaps"])]
    assert findings.kept == {("t", "x", "perhaps"): 1}


def test_a_good_cell_of_a_column_that_keeps_errors_is_left_as_it_is() -> None:
    rows, findings = _checked({"x": {"type": "integer", "on_error": "keep"}}, [{"x": "300"}, {"x": None}])
    assert [(row["x"], row[KEPT]) for row in rows] == [("300", []), (None, [])]
    assert findings.kept == {}


def test_a_missing_cell_of_a_column_that_keeps_errors_does_not_refuse_the_row() -> None:
    rows, findings = _checked({"x": {"required": True, "on_error": "keep"}}, [{"x": None}])
    assert [row["_row"] for row in rows] == [1]
    assert findings.refused == []


def test_a_value_that_no_lookup_knows_is_kept_and_counted() -> None:
    rows, findings = _checked(
        {"x": {"lookup": ["mineral", "more"]}},
        [{"x": "Or"}, {"x": "Sable"}, {"x": "Fer"}, {"x": None}, {"x": "Fer"}],
    )
    assert [row["x"] for row in rows] == ["Or", "Sable", "Fer", None, "Fer"]
    assert [row[KEPT] for row in rows] == [[], [], ["x: Fer"], [], ["x: Fer"]]
    assert findings.kept == {("t", "x", "Fer"): 2}


def test_unknown_items_of_a_list_are_kept_one_by_one() -> None:
    columns: dict[str, dict[str, Any]] = {
        "x": {"split": ";", "lookup": ["mineral"]},
        "y": {"lookup": ["mineral"]},
    }
    rows, findings = _checked(columns, [{"x": "Or; Fer ;;Zinc", "y": "Fer"}, {"x": None, "y": None}])
    assert [row[KEPT] for row in rows] == [["x: Fer", "x: Zinc", "y: Fer"], []]
    assert findings.kept == {("t", "x", "Fer"): 1, ("t", "x", "Zinc"): 1, ("t", "y", "Fer"): 1}


def test_a_value_with_a_colon_is_kept_whole() -> None:
    _, findings = _checked({"x": {"lookup": ["mineral"]}}, [{"x": "Or: 60 %"}])
    assert findings.kept == {("t", "x", "Or: 60 %"): 1}


@pytest.mark.parametrize("split", [None, ";"])
def test_a_text_that_reads_like_another_column_is_of_its_own(split: str | None) -> None:
    columns = {"Start: year": {}, "Start": {"lookup": ["mineral"], "split": split}}
    rows, findings = _checked(columns, [{"Start: year": "2020", "Start": "year: 2020"}])
    assert [row[KEPT] for row in rows] == [["Start: year: 2020"]]
    assert findings.kept == {("t", "Start", "year: 2020"): 1}
    assert findings.first == {("t", "Start", "year: 2020"): (1,)}


@pytest.mark.parametrize("value", ["a;b", " a ; b ", "a;;b;", "a"])
def test_a_list_of_good_items_passes(value: str) -> None:
    assert _refused({"type": "identifier", "split": ";", "pattern": "^[ab]$"}, value) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ({"type": "identifier", "split": ";"}, "a;b c"),
        ({"pattern": "^[ab]$", "split": ";"}, "a;c"),
        ({"type": "date", "split": "|"}, "2020|2020-02-30"),
    ],
)
def test_a_list_with_one_broken_item_refuses_the_row(column: dict[str, Any], value: str) -> None:
    (refusal,) = _refused(column, value)
    assert refusal.value == value


def test_a_list_with_a_broken_item_that_is_kept_is_noted_once() -> None:
    column = {"type": "date", "split": ";", "on_error": "keep", "lookup": ["mineral"]}
    rows, findings = _checked({"x": column}, [{"x": "2020;soon"}])
    assert [(row["x"], row[KEPT]) for row in rows] == [(None, ["x: 2020;soon"])]
    assert findings.kept == {("t", "x", "2020;soon"): 1}


def test_a_repeated_key_refuses_the_later_row() -> None:
    rows, findings = _checked({"id": {}, "x": {}}, [{"id": "1", "x": "a"}, {"id": "1", "x": "b"}], ["id"])
    assert [row["x"] for row in rows] == ["a"]
    (refusal,) = findings.refused
    assert (refusal.row, refusal.column, refusal.value, refusal.reason) == (
        2,
        "id",
        "1",
        "repeats the key of row 1",
    )


def test_a_key_repeated_in_another_batch_is_found() -> None:
    batches = [batch([{"id": "1"}, {"id": "2"}]), batch([{"id": "3"}, {"id": "2"}], first=3)]
    rows, findings = _all_checked({"id": {}}, batches, ["id"])
    assert [row["_row"] for row in rows] == [1, 2, 3]
    assert [(r.row, r.reason) for r in findings.refused] == [(4, "repeats the key of row 2")]


def test_a_key_of_two_columns_repeats_only_as_a_whole() -> None:
    rows: list[Row] = [
        {"a": "1", "b": "1"},
        {"a": "1", "b": "2"},
        {"a": None, "b": "1"},
        {"a": None, "b": "1"},
    ]
    _, findings = _checked({"a": {}, "b": {}}, rows, ["a", "b"])
    assert [(refusal.row, refusal.value) for refusal in findings.refused] == [(4, ", 1")]


def test_a_refused_row_does_not_take_the_key_from_a_good_one() -> None:
    rows: list[Row] = [{"id": "1", "x": "bad"}, {"id": "1", "x": "2"}]
    kept, findings = _checked({"id": {}, "x": {"type": "integer"}}, rows, ["id"])
    assert [row["_row"] for row in kept] == [2]
    assert [refusal.column for refusal in findings.refused] == ["x"]


def test_a_column_that_nobody_listed_is_named_and_left_out() -> None:
    rows, findings = _checked({"id": {}}, [{"id": "1", "new": "a", "newer": "b"}])
    assert findings.unlisted_columns == {"t": {"new": 1, "newer": 1}}
    assert set(rows[0]) == {"_row", "id", KEPT}


def test_the_rows_that_fill_an_unlisted_column_are_counted_over_all_batches() -> None:
    batches = [
        batch([{"id": "1", "new": "a"}, {"id": "2", "new": None}]),
        batch([{"id": "3", "new": "b", "newer": None}], first=3),
        batch([{"id": "4"}], first=4),
    ]
    _, findings = _all_checked({"id": {}}, batches)
    assert findings.unlisted_columns == {"t": {"new": 2, "newer": 0}}


def test_a_listed_column_that_is_absent_is_named_and_empty() -> None:
    rows, findings = _checked({"id": {}, "gone": {"type": "integer"}}, [{"id": "1"}])
    assert findings.absent_columns == {"t": ["gone"]}
    assert rows[0]["gone"] is None


def test_a_required_column_that_is_absent_refuses_every_row() -> None:
    rows, findings = _checked({"id": {}, "gone": {"required": True}}, [{"id": "1"}, {"id": "2"}])
    assert rows == []
    assert [refusal.reason for refusal in findings.refused] == ["is missing", "is missing"]


def test_an_ignored_column_promises_nothing() -> None:
    _, findings = _checked(
        {"id": {}, "x": {"type": "integer", "required": True, "ignore": "unused"}}, [{"id": "1", "x": "many"}]
    )
    assert (findings.refused, dict(findings.kept)) == ([], {})


def test_a_table_that_the_source_does_not_have_is_left_out() -> None:
    checker = Checker(described(["id"]))
    assert list(checker.check([batch([{"id": "1"}], table="other")])) == []


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ({"columns": {"x": {"lookup": ["metal"]}}}, "lookup 'metal'"),
        ({"key": ["id"], "columns": {}}, "column 'id'"),
    ],
)
def test_a_description_that_names_what_it_does_not_list_is_refused(table: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        Checker(described([], tables={"t": table}))


VALUES = st.none() | st.sampled_from(["1", "2", "x", "2020", "Or", "a b", "3;x", ""])
ROWS = st.lists(
    st.fixed_dictionaries({"id": VALUES, "n": VALUES, "m": VALUES, "l": VALUES}), min_size=1, max_size=8
)
COLUMNS: dict[str, dict[str, Any]] = {
    "id": {"type": "identifier", "required": True},
    "n": {"type": "integer"},
    "m": {"lookup": ["mineral"]},
    "l": {"split": ";", "type": "integer", "on_error": "keep"},
}


@given(ROWS)
def test_every_row_either_passes_or_is_refused_with_a_reason(rows: list[dict[str, str | None]]) -> None:
    kept, findings = _checked(COLUMNS, rows, ["id"])
    refused = {refusal.row for refusal in findings.refused}
    assert refused.isdisjoint(row["_row"] for row in kept)
    assert refused | {row["_row"] for row in kept} == set(range(1, len(rows) + 1))


@given(ROWS, st.data())
def test_rows_in_two_batches_are_found_to_be_what_they_are_in_one(
    rows: list[dict[str, str | None]], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(rows)))
    parts = [batch(part, first=first) for part, first in ((rows[:cut], 1), (rows[cut:], cut + 1)) if part]
    whole_rows, whole = _checked(COLUMNS, rows, ["id"])
    part_rows, parted = _all_checked(COLUMNS, parts, ["id"])
    assert part_rows == whole_rows
    assert sorted(parted.refused) == sorted(whole.refused)
    assert (parted.kept, parted.first, parted.rows) == (whole.kept, whole.first, whole.rows)


@given(ROWS)
def test_what_was_kept_is_what_is_counted(rows: list[dict[str, str | None]]) -> None:
    kept, findings = _checked(COLUMNS, rows)
    assert sum(len(row[KEPT]) for row in kept) == findings.kept.total()


DATES = {"type": "date", "dates": ["%d/%m/%Y", "%m/%Y", "%d %B %Y", "%Y-%m-%d %H:%M:%S"]}


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("05/03/2020", "2020-03-05"),
        ("5/3/2020", "2020-03-05"),
        ("03/2020", "2020-03"),
        ("5 March 2020", "2020-03-05"),
        ("2020-03-05 00:00:00", "2020-03-05"),
        ("2020-03-05", "2020-03-05"),
        ("2020", "2020"),
        (None, None),
    ],
)
def test_a_date_in_a_form_of_the_column_leaves_as_iso_text(cell: str | None, read: str | None) -> None:
    rows, findings = _checked({"x": DATES}, [{"x": cell}])
    assert ([row["x"] for row in rows], findings.refused) == ([read], [])


@pytest.mark.parametrize("cell", ["31/02/2020", "05/13/2020", "05/03/0020", "5 mars 2020", "soon"])
def test_a_date_in_no_form_of_the_column_is_refused_as_it_is_written(cell: str) -> None:
    (refusal,) = _refused(DATES, cell)
    assert refusal.value == cell
    assert refusal.reason.endswith("or as %d/%m/%Y, or as %m/%Y, or as %d %B %Y, or as %Y-%m-%d %H:%M:%S")


def test_the_first_form_that_reads_a_date_counts() -> None:
    rows, _ = _checked({"x": {"type": "date", "dates": ["%m/%d/%Y", "%d/%m/%Y"]}}, [{"x": "05/03/2020"}])
    assert rows[0]["x"] == "2020-05-03"


def test_dates_in_a_list_are_read_one_by_one() -> None:
    rows, findings = _checked({"x": {**DATES, "split": ";"}}, [{"x": "05/03/2020; 2021"}])
    assert (rows[0]["x"], findings.refused) == ("2020-03-05;2021", [])


@given(st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)))
def test_every_day_is_read_back_in_every_form(day: dt.date) -> None:
    forms = ["%d/%m/%Y", "%Y%m%d", "%d-%b-%Y", "%B %d, %Y"]
    cells: list[Row] = [{"x": f"{day:%d/%m}/{day.year}"}, {"x": f"{day.year}{day:%m%d}"}]
    cells += [{"x": f"{day:%d-%b}-{day.year}"}, {"x": f"{day:%B %d}, {day.year}"}]
    rows, _ = _checked({"x": {"type": "date", "dates": forms}}, cells)
    assert [row["x"] for row in rows] == [day.isoformat()] * 4


@pytest.mark.parametrize(
    "value", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "Err:502"]
)
@pytest.mark.parametrize("kind", ["text", "integer"])
def test_an_error_of_a_spreadsheet_is_never_a_value(kind: str, value: str) -> None:
    (refusal,) = _refused({"type": kind}, value)
    assert (refusal.column, refusal.value, refusal.reason) == ("x", value, "is an error of the spreadsheet")
    rows, findings = _checked({"x": {"type": kind, "on_error": "keep"}}, [{"x": value}])
    assert (rows[0]["x"], rows[0][KEPT]) == (None, [f"x: {value}"])
    assert findings.kept == {("t", "x", value): 1}


@pytest.mark.parametrize("value", ["#N/A of them", "# N/A", "#1", "#org", "Err:", "N/A"])
def test_words_like_an_error_of_a_spreadsheet_are_text(value: str) -> None:
    assert _refused({}, value) == []


def test_a_column_that_comes_up_in_a_later_batch_is_not_absent() -> None:
    batches = [batch([{"id": "1"}]), batch([{"id": "2", "late": "x"}])]
    rows, findings = _all_checked({"id": {}, "late": {}, "never": {}}, batches)
    assert findings.absent_columns == {"t": ["never"]}
    assert [row["late"] for row in rows] == [None, "x"]
