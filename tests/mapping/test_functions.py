"""Functions and lists: lookups, dates, numbers, observations, conditions, split columns, kept texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest

from asmgraph.mapping import runner
from asmgraph.records import KEPT, ROW, Batch
from tests.mapping.tables import EX, PREFIXES, Row, batch, described, document, lines, objects, rules

XSD = PREFIXES["xsd"]
VOCAB = "https://w3id.org/asmgraph/vocab/"
LOOKUPS = {
    "mineral": {"Or": "mineral/gold", "Étain": "mineral/tin"},
    "place": {"CD": "place/COD"},
    "class": {"1": "http://example.com/Output"},
    "none": {},
}


def _of(function: str, value: str | None, column: Mapping[str, Any] | None = None) -> list[str]:
    source = described({"id": {}, "x": column or {}}, lookups=LOOKUPS)
    rows: list[Row] = [{"id": "1", "x": value}]
    return objects(["ex:p", function], rows=rows, source=source)


@pytest.mark.parametrize(
    ("table", "value", "expected"),
    [
        ("mineral", "Or", [f"<{VOCAB}mineral/gold>"]),
        ("mineral", "Étain", [f"<{VOCAB}mineral/tin>"]),
        ("mineral", "or", []),
        ("mineral", None, []),
        ("place", "CD", ["<https://w3id.org/asmgraph/id/place/COD>"]),
        ("class", "1", ["<http://example.com/Output>"]),
        ("none", "1", []),
    ],
)
def test_a_lookup_gives_an_iri_or_nothing(table: str, value: str | None, expected: list[str]) -> None:
    assert _of(f"asmfn:lookup(asmfn:table={table}, asmfn:value=$(x))", value) == expected


@pytest.mark.parametrize(
    ("value", "kind"),
    [("2020-02-29", "date"), ("2020-02", "gYearMonth"), ("2020", "gYear")],
)
def test_a_date_is_typed_by_its_form(value: str, kind: str) -> None:
    assert _of("asmfn:date(asmfn:value=$(x))", value) == [f'"{value}"^^<{XSD}{kind}>']


@pytest.mark.parametrize(
    "value", ["2019-02-29", "2020-13", "2020-00", "20", "2020-1-1", "29/02/2020", "٢٠٢٠", None]
)
def test_what_is_no_date_is_no_literal(value: str | None) -> None:
    assert _of("asmfn:date(asmfn:value=$(x))", value) == []


@pytest.mark.parametrize("value", ["5", "-5.25", "+0.5", ".5", "5.", "007", "1" * 40])
def test_a_number_is_a_decimal(value: str) -> None:
    assert _of("asmfn:number(asmfn:value=$(x))", value) == [f'"{value}"^^<{XSD}decimal>']


@pytest.mark.parametrize("value", ["five", "1e3", "1,5", "1 000", "NaN", "-", ".", "٣", None])
def test_what_is_no_decimal_is_no_literal(value: str | None) -> None:
    assert _of("asmfn:number(asmfn:value=$(x))", value) == []


@pytest.mark.parametrize(
    ("value", "answer"),
    [("1", "yes"), ("true", "yes"), ("0", "no"), ("false", "no"), (None, "not-asked")],
)
def test_an_answer_is_an_observation_and_a_blank_is_not_asked(value: str | None, answer: str) -> None:
    assert _of("asmfn:observation(asmfn:value=$(x))", value) == [f"<{VOCAB}observation/{answer}>"]


def test_an_answer_that_nobody_understands_is_no_observation() -> None:
    assert _of("asmfn:observation(asmfn:value=$(x))", "perhaps") == []


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("idlab-fn:equal(idlab-fn:str1=$(x), idlab-fn:str2=Or)", ["Or"]),
        ("idlab-fn:notEqual(idlab-fn:str1=$(x), idlab-fn:str2=Or)", ["Sable"]),
        ("asmfn:present(asmfn:value=$(x))", ["Or", "Sable"]),
        ("asmfn:absent(asmfn:value=$(x))", ["blank"]),
        ("asmfn:known(asmfn:table=mineral, asmfn:value=$(x))", ["Or"]),
        ("asmfn:unknown(asmfn:table=mineral, asmfn:value=$(x))", ["Sable"]),
    ],
)
def test_a_condition_holds_for_these_rows(condition: str, kept: list[str]) -> None:
    rows: list[Row] = [{"id": "Or", "x": "Or"}, {"id": "Sable", "x": "Sable"}, {"id": "blank", "x": None}]
    source = described(["id", "x"], lookups=LOOKUPS)
    found = objects({"p": "ex:p", "o": "$(id)", "condition": condition}, rows=rows, source=source)
    assert found == [f'"{name}"' for name in kept]


def test_a_list_gives_a_statement_for_each_item_without_blanks_and_repeats() -> None:
    rows: list[Row] = [{"id": "1", "x": " Or ; Étain;; Or"}, {"id": "2", "x": None}]
    source = described({"id": {}, "x": {"split": ";"}}, lookups=LOOKUPS)
    found = lines(document(["ex:p", "asmfn:lookup(asmfn:table=mineral, asmfn:value=$(x))"]), rows, source)
    assert found == [f"<{EX}1> <{EX}p> <{VOCAB}mineral/{slug}> ." for slug in ("gold", "tin")]


def test_a_condition_on_a_list_is_asked_of_each_item() -> None:
    rows: list[Row] = [{"id": "1", "x": "Or;Sable"}]
    source = described({"id": {}, "x": {"split": ";"}}, lookups=LOOKUPS)
    condition = "asmfn:unknown(asmfn:table=mineral, asmfn:value=$(x))"
    assert objects({"p": "ex:p", "o": "$(x)", "condition": condition}, rows=rows, source=source) == [
        '"Sable"'
    ]


def test_a_list_in_the_subject_gives_a_subject_for_each_item() -> None:
    source = described({"x": {"split": "|"}})
    found = lines(document(["ex:p", "$(x)"], subject="ex:$(x)"), [{"x": "a|b"}], source)
    assert found == [f'<{EX}a> <{EX}p> "a" .', f'<{EX}b> <{EX}p> "b" .']


def test_texts_kept_aside_are_a_statement_each() -> None:
    frame = pl.DataFrame({ROW: [1, 2], "id": ["1", "2"], KEPT: [["x: a", "y: b"], []]})
    compiled = rules(document(["ex:p", "$(_kept)"]), described(["id"]))
    found = [line for part in runner.run(compiled, [Batch("t", frame)]) for line in part.lines]
    assert found == [f'<{EX}1> <{EX}p> "x: a" .', f'<{EX}1> <{EX}p> "y: b" .']


def test_a_listed_column_that_the_file_lacks_makes_no_statement() -> None:
    assert objects(["ex:p", "$(x)"], rows=[{"id": "1"}], source=described(["id", "x"])) == []


def test_rows_of_other_tables_are_left_alone() -> None:
    source = described([], tables={"t": {"columns": {"id": {}}}, "u": {"columns": {"id": {}}}})
    compiled = rules(document(["ex:p", "$(id)"]), source)
    found = [line for part in runner.run(compiled, [batch([{"id": "1"}], table="u")]) for line in part.lines]
    assert found == []


@pytest.mark.parametrize("name", ["line", "subject", "object", "literal", "p"])
def test_a_column_may_have_any_name(name: str) -> None:
    assert objects(["ex:p", f"$({name})"], rows=[{"id": "1", name: "text"}]) == ['"text"']


def test_the_title_of_the_source_is_that_of_its_description() -> None:
    rows: list[Row] = [{"id": "1"}]
    source = described({"id": {}})
    assert objects(["ex:p", "$(_title)"], rows=rows, source=source) == ['"Test"']
    assert objects(["ex:p", "$(_title) $(id)"], rows=rows, source=source) == ['"Test 1"']


def test_the_address_of_the_source_is_that_of_its_description_once_it_is_written() -> None:
    rows: list[Row] = [{"id": "1"}]
    source = described({"id": {}})
    assert objects(["ex:p", "$(_url)~iri"], rows=rows, source=source) == [f"<{source.url}>"]
    own = source.model_copy(update={"url": f"https://w3id.org/asmgraph/id/source/{source.name}"})
    assert objects(["ex:p", "$(_url)~iri"], rows=rows, source=own) == []
    rows = [{"id": "1", "_url": "https://example.org/own"}]
    mine = described({"id": {}, "_url": {}})
    assert objects(["ex:p", "$(_url)~iri"], rows=rows, source=mine) == ["<https://example.org/own>"]


def test_a_column_of_the_name_goes_before_the_title_of_the_source() -> None:
    rows: list[Row] = [{"id": "1", "_title": "own"}]
    assert objects(["ex:p", "$(_title)"], rows=rows, source=described({"id": {}, "_title": {}})) == ['"own"']
