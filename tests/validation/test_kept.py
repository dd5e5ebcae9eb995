"""A value that was kept as text is told of with its first rows, why it was kept, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from asmgraph.records import Batch
from asmgraph.validation import kept
from asmgraph.validation.kept import Kept
from asmgraph.validation.promises import Checker
from tests.mapping.tables import Row, batch, described

LOOKUPS = {"mineral": {"Or": "mineral/gold"}, "more": {"Sable": "mineral/sand"}}


def _listed(columns: Mapping[str, Mapping[str, Any]], *batches: Batch) -> list[Kept]:
    source = described([], tables={"t": {"columns": columns}}, lookups=LOOKUPS)
    checker = Checker(source)
    list(checker.check(batches))
    return kept.listed(checker.findings, source)


def test_the_first_rows_are_those_of_all_batches() -> None:
    rows: list[Row] = [{"x": "Fer"}] * 3
    (one,) = _listed({"x": {"lookup": ["mineral", "more"]}}, batch(rows), batch(rows, first=4))
    assert (one.count, one.rows, one.places) == (6, (1, 2, 3, 4, 5), "in 6 cells, rows 1, 2, 3, 4, 5, ...")
    assert one.reason == "is in no lookup of x (mineral, more)"
    assert "a lookup of x" in one.remedy


def test_a_value_twice_in_one_list_is_in_one_row() -> None:
    (one,) = _listed({"x": {"lookup": ["mineral"], "split": ";"}}, batch([{"x": "Fer; Or; Fer"}]))
    assert (one.count, one.rows) == (2, (1,))


@pytest.mark.parametrize(
    ("cell", "advice"), [("31.12.2023", "%d.%m.%Y, add that to dates of x"), ("soon", "add its form")]
)
def test_a_broken_date_is_told_of_its_forms_and_not_of_lookups(cell: str, advice: str) -> None:
    column = {"type": "date", "dates": ["%m/%Y"], "on_error": "keep", "lookup": ["mineral"]}
    (one,) = _listed({"x": column}, batch([{"x": cell}]))
    assert one.reason.endswith("between 1000 and 2999, or as %m/%Y")
    assert advice in one.remedy
    assert "lookup" not in one.remedy


def test_of_one_column_what_is_broken_and_what_no_lookup_knows_are_told_apart() -> None:
    column = {"pattern": "^[A-Z]", "on_error": "keep", "lookup": ["mineral"]}
    found = _listed({"x": column}, batch([{"x": "Fer"}, {"x": "or"}, {"x": "#N/A"}]))
    assert {one.value: one.reason for one in found} == {
        "Fer": "is in no lookup of x (mineral)",
        "or": "is not text of the form ^[A-Z]",
        "#N/A": "is an error of the spreadsheet",
    }


def test_a_column_with_a_colon_in_its_name_keeps_its_name() -> None:
    columns = {"Start: year": {"lookup": ["mineral"]}, "Start": {"lookup": ["mineral"]}}
    found = _listed(columns, batch([{"Start: year": "a: b", "Start": "c"}]))
    assert {(one.column, one.value) for one in found} == {("Start: year", "a: b"), ("Start", "c")}
