"""A statement is traced to the rows and cells that it came from."""

from __future__ import annotations

from asmgraph.mapping import runner
from asmgraph.mapping.runner import Origin
from tests.mapping.tables import EX, Row, batch, described, document, rules

ROWS: list[Row] = [
    {"id": "1", "name": 'The "big"\none', "size": "5"},
    {"id": "2", "name": "Other", "size": None},
]
SOURCE = described(["id", "name", "size"])
RULES = rules(document(["ex:name", "$(name)"], ["ex:size", "$(size)"], ["a", "ex:Mine"]), SOURCE)
BATCHES = [batch(ROWS), batch([{"id": "1", "name": "Again", "size": "5"}], first=3)]


def test_a_statement_is_traced_to_its_cell() -> None:
    key = (f"<{EX}1>", f"{EX}name", '"The \\"big\\"\\none"')
    assert runner.trace(RULES, BATCHES, [key]) == {key: [Origin("t", 1, "name", 'The "big"\none')]}


def test_a_statement_that_two_rows_make_is_traced_to_both() -> None:
    key = (f"<{EX}1>", f"{EX}size", '"5"')
    assert [origin.row for origin in runner.trace(RULES, BATCHES, [key])[key]] == [1, 3]


def test_a_missing_statement_is_traced_to_the_rows_of_its_subject() -> None:
    key = (f"<{EX}2>", f"{EX}size", None)
    assert runner.trace(RULES, BATCHES, [key]) == {key: [Origin("t", 2, "", "")]}


def test_a_value_in_other_words_is_traced_to_the_rows_of_its_subject() -> None:
    key = (f"<{EX}1>", f"{EX}size", '"5.0"')
    assert [origin.row for origin in runner.trace(RULES, BATCHES, [key])[key]] == [1, 3]


def test_a_subject_of_no_row_has_no_origin() -> None:
    assert runner.trace(RULES, BATCHES, [(f"<{EX}9>", f"{EX}size", None)]) == {}


def test_the_cell_is_that_of_the_object_not_of_the_subject() -> None:
    compiled = rules(document(["ex:name", "$(name) of $(id)"]), SOURCE)
    key = (f"<{EX}2>", f"{EX}name", '"Other of 2"')
    assert runner.trace(compiled, BATCHES, [key])[key] == [Origin("t", 2, "name", "Other")]


def test_a_subject_out_of_a_list_is_traced() -> None:
    source = described({"ids": {"split": ";"}})
    compiled = rules(document(["a", "ex:Mine"], subject="ex:$(ids)"), source)
    key = (f"<{EX}b>", f"{EX}size", None)
    assert runner.trace(compiled, [batch([{"ids": "a; b"}])], [key])[key] == [Origin("t", 1, "", "")]


def test_columns_named_like_terms_do_not_confuse_the_trace() -> None:
    rows: list[Row] = [{"id": "1", "line": "a", "subject": "b", "object": "c"}]
    compiled = rules(
        document(["ex:p", "$(line) $(subject) $(object)"]), described(["id", "line", "subject", "object"])
    )
    key = (f"<{EX}1>", f"{EX}p", '"a b c"')
    (origin,) = runner.trace(compiled, [batch(rows)], [key])[key]
    assert (origin.column, origin.value) == ("line, object, subject", "a, c, b")


def test_equal_statements_of_a_batch_are_given_once() -> None:
    rows: list[Row] = [{"id": "1", "name": "a", "size": str(n)} for n in range(3)]
    compiled = rules(document(["ex:name", "$(name)"]), SOURCE)
    assert [len(part.lines) for part in runner.run(compiled, [batch(rows)])] == [1]
