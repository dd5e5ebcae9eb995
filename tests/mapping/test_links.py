"""Links to other mappings: on the same row, by key to another table; several subjects, inverse predicates."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from asmgraph.descriptions import Source
from asmgraph.errors import MappingError
from asmgraph.mapping import compiler, joins, runner, yarrrml
from asmgraph.records import ROW, Batch, Sensitivity
from tests.mapping.tables import EX, PREFIXES, Row, batch, described, document, lines

BY_KEY: dict[str, Any] = {
    "mapping": "sport",
    "condition": {"function": "equal", "parameters": [["str1", "$(sport)", "s"], ["str2", "$(key)", "o"]]},
}
STUDENTS: list[Row] = [{"id": "1", "sport": "t"}, {"id": "2", "sport": "x"}, {"id": "3", "sport": None}]
SPORTS: list[Row] = [{"key": "t", "name": "Tennis"}, {"key": "f", "name": "Football"}]


def _source(**columns: dict[str, Any]) -> Source:
    tables: dict[str, dict[str, Any]] = {
        "students": {"columns": {"id": {}, "sport": columns.get("sport", {})}},
        "sports": {"columns": {"key": {}, "name": columns.get("name", {})}},
    }
    return described([], tables=tables)


def _maps(link: object, **sport: object) -> dict[str, Any]:
    return {
        "prefixes": PREFIXES,
        "sources": {"students": {}, "sports": {}},
        "mappings": {
            "student": {"sources": "students", "s": "ex:student/$(id)", "po": [{"p": "ex:plays", "o": link}]},
            "sport": {"sources": "sports", "s": "ex:sport/$(name)", "po": [["ex:key", "$(key)"]], **sport},
        },
    }


def _run(
    content: dict[str, Any],
    *,
    students: list[Row] = STUDENTS,
    sports: list[Row] = SPORTS,
    source: Source | None = None,
) -> dict[Sensitivity, list[str]]:
    rules = compiler.compile_rules(yarrrml.parse(content), source or _source())
    batches = [batch(students, table="students"), batch(sports, table="sports")]
    found: dict[Sensitivity, list[str]] = {}
    for part in runner.run(rules, batches):
        found.setdefault(part.sensitivity, []).extend(part.lines)
    return {level: sorted(line for line in made if "plays" in line) for level, made in found.items()}


def _plays(student: str, sport: str) -> str:
    return f"<{EX}student/{student}> <{EX}plays> <{EX}sport/{sport}> ."


@pytest.mark.parametrize(
    "link",
    [
        BY_KEY,
        {"mapping": "sport", "condition": "equal(str1=$(sport), str2=$(key))"},
        {"mapping": "sport", "condition": "idlab-fn:equal(idlab-fn:str1=$(sport), idlab-fn:str2=$(key))"},
        {
            "mapping": "sport",
            "condition": {"f": "equal", "pms": [["str1", "$(key)", "o"], ["str2", "$(sport)", "s"]]},
        },
        {
            "mapping": "sport",
            "condition": [{"f": "equal", "pms": [["str1", "$(sport)"], ["str2", "$(key)", "o"]]}],
        },
        {
            "mapping": "sport",
            "condition": "equal(str1=grel:toUpperCase(valueParameter=$(sport)), "
            "str2=grel:toUpperCase(valueParameter=$(key)))",
        },
    ],
    ids=["long", "inline", "prefixed", "reversed", "in a list", "of functions"],
)
def test_rows_are_joined_by_key_and_a_key_without_a_match_states_nothing(link: object) -> None:
    assert _run(_maps(link)) == {Sensitivity.PUBLIC: [_plays("1", "Tennis")]}


def test_rows_are_joined_by_two_keys() -> None:
    link = {
        "mapping": "sport",
        "condition": ["equal(str1=$(sport), str2=$(key))", "equal(str1=$(id), str2=$(name))"],
    }
    sports: list[Row] = [{"key": "t", "name": "1"}, {"key": "t", "name": "2"}, {"key": "x", "name": "1"}]
    assert _run(_maps(link), sports=sports) == {Sensitivity.PUBLIC: [_plays("1", "1")]}


def test_each_row_that_shares_the_key_is_found_in_whichever_batch() -> None:
    rules = compiler.compile_rules(yarrrml.parse(_maps(BY_KEY)), _source())
    batches = [
        batch([{"key": "t", "name": "Tennis"}], table="sports"),
        batch(STUDENTS, table="students"),
        batch([{"key": "t", "name": "Squash"}], table="sports", first=2),
    ]
    made = sorted(line for part in runner.run(rules, batches) for line in part.lines if "plays" in line)
    assert made == [_plays("1", "Squash"), _plays("1", "Tennis")]


def test_lists_on_both_sides_are_joined_item_by_item() -> None:
    source = _source(sport={"split": ";"}, name={"split": ";"})
    made = _run(
        _maps(BY_KEY),
        students=[{"id": "1", "sport": "t; f"}],
        sports=[{"key": "t", "name": "Tennis;Squash"}, {"key": "f", "name": "Football"}],
        source=source,
    )
    assert made[Sensitivity.PUBLIC] == [_plays("1", name) for name in ("Football", "Squash", "Tennis")]


def test_the_condition_of_the_other_mapping_holds_for_the_link() -> None:
    content = _maps(BY_KEY, condition="idlab-fn:equal(idlab-fn:str1=$(name), idlab-fn:str2=Football)")
    assert _run(content)[Sensitivity.PUBLIC] == []


def test_a_link_is_as_sensitive_as_the_columns_and_the_graph_it_leads_to() -> None:
    source = _source(name={"sensitivity": "restricted"})
    assert _run(_maps(BY_KEY), source=source)[Sensitivity.RESTRICTED] == [_plays("1", "Tennis")]
    assert _run(_maps(BY_KEY, graphs="confidential"))[Sensitivity.CONFIDENTIAL] == [_plays("1", "Tennis")]


def test_a_joined_statement_is_traced_to_the_row_that_asks() -> None:
    rules = compiler.compile_rules(yarrrml.parse(_maps(BY_KEY)), _source())
    batches = [batch(STUDENTS, table="students"), batch(SPORTS, table="sports")]
    key = (f"<{EX}student/1>", f"{EX}plays", f"<{EX}sport/Tennis>")
    assert runner.trace(rules, batches, [key]) == {key: [runner.Origin("students", 1, "sport", "t")]}


@pytest.mark.parametrize(
    ("link", "named"),
    [
        ({"mapping": "sport"}, "every row with every other"),
        ({"mapping": "sports"}, "no mapping 'sports'"),
        ({"mapping": "sport", "condition": "equal(str1=$(sport), str2=t)"}, "by a constant"),
        ({"mapping": "sport", "condition": "equal(str1=t, str2=$(key))"}, "by a constant"),
        ({"mapping": "sport", "condition": "notEqual(str1=$(sport), str2=$(key))"}, "joined by 'equal'"),
        ({"mapping": "sport", "condition": "$(key)"}, "joined by 'equal'"),
        ({"mapping": "sport", "condition": "equal(str1=$(sport), str2=$(keys))"}, "'keys'"),
        ({"mapping": "sport", "type": "iri"}, "type"),
        (
            {
                "mapping": "sport",
                "condition": {"f": "equal", "pms": [["str1", "$(key)", "o"], ["str2", "$(key)", "o"]]},
            },
            "one is 's' and one is 'o'",
        ),
    ],
)
def test_a_link_that_cannot_be_followed_is_refused_by_name(link: object, named: str) -> None:
    with pytest.raises(MappingError) as caught:
        compiler.compile_rules(yarrrml.parse(_maps(link)), _source())
    assert named in str(caught.value)


def test_a_table_too_large_to_join_to_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joins, "PARENTS_MOST", 1)
    with pytest.raises(MappingError, match="sports has more than 1 rows"):
        _run(_maps(BY_KEY))


def test_a_key_that_too_many_rows_share_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joins, "FOUND_MOST", 3)
    students: list[Row] = [{"id": str(number), "sport": "t"} for number in range(2)]
    sports: list[Row] = [{"key": "t", "name": str(number)} for number in range(2)]
    with pytest.raises(MappingError, match="makes more than 3 statements of 2 rows"):
        _run(_maps(BY_KEY), students=students, sports=sports)


def test_rows_that_can_be_read_only_once_are_not_joined() -> None:
    rules = compiler.compile_rules(yarrrml.parse(_maps(BY_KEY)), _source())
    with pytest.raises(MappingError, match="read only once"):
        list(runner.run(rules, iter([batch(SPORTS, table="sports")])))


def _beside(**mine: object) -> dict[str, Any]:
    content = document({"p": "ex:has", "o": {"mapping": "mine"}})
    content["mappings"]["mine"] = {"sources": "t", "s": "ex:mine/$(mine)", "po": [], **mine}
    return content


def test_a_link_without_a_condition_is_the_other_subject_on_the_same_row() -> None:
    rows: list[Row] = [{"id": "1", "mine": "a"}, {"id": "2", "mine": None}]
    assert lines(_beside(), rows) == [f"<{EX}1> <{EX}has> <{EX}mine/a> ."]


def test_a_link_on_the_same_row_needs_the_other_mapping_to_hold() -> None:
    rows: list[Row] = [{"id": "1", "mine": "a"}, {"id": "2", "mine": "b"}]
    condition = "idlab-fn:equal(idlab-fn:str1=$(id), idlab-fn:str2=2)"
    assert lines(_beside(condition=condition), rows) == [f"<{EX}2> <{EX}has> <{EX}mine/b> ."]


def test_a_mapping_with_two_subjects_states_everything_of_both() -> None:
    content = document(["ex:p", "$(name)"], subject="unused")
    content["mappings"]["m"]["subjects"] = ["ex:$(id)", {"value": "ex:b/$(id)"}]
    assert lines(content, [{"id": "1", "name": "x"}]) == [
        f'<{EX}1> <{EX}p> "x" .',
        f'<{EX}b/1> <{EX}p> "x" .',
    ]


@pytest.mark.parametrize(
    "subject",
    [
        {
            "function": "asmfn:concat",
            "parameters": [["value", f"{EX}"], ["value", "$(id)"], ["separator", ""]],
        },
        f"asmfn:concat(value={EX}, value=$(id), separator='')",
    ],
    ids=["long", "inline"],
)
def test_a_subject_may_be_what_a_function_gives(subject: object) -> None:
    content = document(["ex:p", "$(id)"])
    content["mappings"]["m"]["subjects"] = subject
    assert lines(content, [{"id": "1"}, {"id": "a b"}]) == [f'<{EX}1> <{EX}p> "1" .']


def test_an_inverse_predicate_leads_back() -> None:
    entry = {"p": "ex:has", "i": "ex:of", "o": "ex:mine/$(mine)~iri"}
    assert lines(document(entry), [{"id": "1", "mine": "a"}]) == [
        f"<{EX}1> <{EX}has> <{EX}mine/a> .",
        f"<{EX}mine/a> <{EX}of> <{EX}1> .",
    ]


def test_a_column_named_like_the_join_does_not_matter() -> None:
    frame = pl.DataFrame({ROW: [1], "id": ["1"], "sport": ["t"]})
    rules = compiler.compile_rules(yarrrml.parse(_maps(BY_KEY)), _source())
    batches = [
        Batch("students", frame.with_columns(_key0=pl.lit("f"), _joined=pl.lit("z"))),
        batch(SPORTS, table="sports"),
    ]
    made = [line for part in runner.run(rules, batches) for line in part.lines if "plays" in line]
    assert made == [_plays("1", "Tennis")]
