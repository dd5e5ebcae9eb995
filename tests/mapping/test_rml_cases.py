"""The cases of the RML core test suite: restated, refused by name, or listed with the reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from asmgraph.descriptions import Source
from asmgraph.errors import MappingError
from asmgraph.mapping import compiler, runner, yarrrml
from asmgraph.records import Batch
from asmgraph.sources import json as json_reader
from asmgraph.validation import promises
from tests.mapping.rml_cases import ELSEWHERE, REFUSED, RESTATED, Case
from tests.mapping.tables import batch, described


def _source(case: Case) -> Source:
    referred = ("ID", "Name", "Sport", "fname", "amount")
    tables = {
        name: {
            "columns": {
                column: {"split": case.splits[column]} if column in case.splits else {}
                for row in rows or [dict.fromkeys(referred)]
                for column in row
            }
        }
        for name, rows in case.rows.items()
    }
    return described([], tables=tables)


def _lines(case: Case) -> list[str]:
    rules = compiler.compile_rules(yarrrml.parse(case.content), _source(case))
    batches: list[Batch] = [batch(rows, table=name) for name, rows in case.rows.items() if rows]
    return sorted({line for part in runner.run(rules, batches) for line in part.lines})


@pytest.mark.parametrize("number", RESTATED)
def test_case_gives_the_expected_statements(number: str) -> None:
    assert _lines(RESTATED[number]) == RESTATED[number].lines


@pytest.mark.parametrize("number", REFUSED)
def test_case_is_refused_by_name(number: str) -> None:
    case, named = REFUSED[number]
    with pytest.raises(MappingError) as caught:
        _lines(case)
    assert named in str(caught.value)


def test_case_0019b_a_cell_that_is_no_iri_is_refused() -> None:
    checker = promises.Checker(described({"FirstName": {"type": "iri"}}))
    (checked,) = checker.check([batch([{"FirstName": "Juan Daniel"}])])
    assert checked.frame.height == 0
    assert [refusal.value for refusal in checker.findings.refused] == ["Juan Daniel"]


@pytest.mark.external
def test_every_case_is_restated_refused_or_listed_once(conformance: Path) -> None:
    folders = (conformance / "rml-core" / "test-cases").glob("RMLTC*-JSON")
    known = sorted([*RESTATED, *REFUSED, *ELSEWHERE])
    assert known == sorted(folder.name.removeprefix("RMLTC").removesuffix("-JSON") for folder in folders)


@pytest.mark.external
@pytest.mark.parametrize("number", [number for number, case in RESTATED.items() if not case.differs])
def test_the_statements_expected_are_those_of_the_suite(number: str, conformance: Path) -> None:
    folder = conformance / "rml-core" / "test-cases" / f"RMLTC{number}-JSON"
    expected = parse(input=(folder / "output.nq").read_bytes(), format=RdfFormat.N_QUADS)
    ours = parse(input="\n".join(RESTATED[number].lines).encode(), format=RdfFormat.N_TRIPLES)
    assert {_triple(quad) for quad in ours} == {_triple(quad) for quad in expected}


@pytest.mark.external
@pytest.mark.parametrize("number", [number for number, case in RESTATED.items() if any(case.rows.values())])
def test_the_records_of_the_suite_give_the_same_statements(number: str, conformance: Path) -> None:
    case = RESTATED[number]
    folder = conformance / "rml-core" / "test-cases" / f"RMLTC{number}-JSON"
    source = _source(case)
    batches = [_records(folder, source, name) for name in case.rows]
    rules = compiler.compile_rules(yarrrml.parse(case.content), source)
    assert sorted({line for part in runner.run(rules, batches) for line in part.lines}) == case.lines


def _records(folder: Path, source: Source, name: str) -> Batch:
    """Read the table from that file of the suite whose records have all its columns."""
    columns = set(source.tables[name].columns)
    for file in sorted(folder.glob("*.json"), key=lambda one: (not one.stem.endswith(name), one.name)):
        content = json.loads(file.read_text(encoding="utf-8"))
        records = next(iter(content)) if isinstance(content, dict) else None
        table = source.tables[name].model_copy(update={"records": records})
        described_as_json = source.model_copy(update={"tables": {name: table}})
        (found,) = json_reader.read(file, described_as_json)
        if columns <= set(found.frame.columns):
            return found
    raise AssertionError(f"{folder.name} has no file with the columns {sorted(columns)}")


def _triple(quad: Quad) -> tuple[NamedNode, NamedNode, object]:
    assert isinstance(quad.subject, NamedNode)
    return quad.subject, quad.predicate, quad.object
