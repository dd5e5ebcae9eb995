"""IATI organisation files become tables and statements; what is no organisation file is refused."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from asmgraph import descriptions, pipeline, resources, settings
from asmgraph.descriptions import Source
from asmgraph.errors import SourceError
from asmgraph.mapping import compiler, runner, yarrrml
from asmgraph.records import Sensitivity
from asmgraph.sources import formats, iati_organisations
from asmgraph.validation import promises
from tests.sources.iati_samples import NEW, OLD_ORGANISATIONS, ORGANISATIONS

FOLDER = resources.catalogue() / "iati-organisations"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
BOMB = '<!DOCTYPE a [<!ENTITY b "bomb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


@pytest.fixture(scope="module")
def source() -> Source:
    return descriptions.load(FOLDER)


def written(folder: Path, content: str) -> Path:
    file = folder / "organisations.xml"
    file.write_text(content, encoding="utf-8")
    return file


def tables(folder: Path, content: str, source: Source) -> dict[str, pl.DataFrame]:
    return {batch.table: batch.frame for batch in iati_organisations.read(written(folder, content), source)}


def statements(folder: Path, content: str, source: Source) -> tuple[set[str], promises.Findings]:
    checker = promises.Checker(source)
    rules = compiler.compile_rules(yarrrml.load(FOLDER / "mapping.yml"), source)
    rows = checker.check(iati_organisations.read(written(folder, content), source))
    lines = {line for part in runner.run(rules, rows) for line in part.lines}
    cut = {line.replace("https://w3id.org/asmgraph/", "").removesuffix(" .") for line in lines}
    return cut, checker.findings


def test_the_format_has_its_reader() -> None:
    assert formats.READERS["iati-organisations"] is iati_organisations


def test_each_column_is_listed_in_the_catalogue_and_filled(tmp_path: Path, source: Source) -> None:
    assert {name: set(table.columns) for name, table in source.tables.items()} == {
        name: set(columns) for name, columns in iati_organisations.TABLES.items()
    }
    found = tables(tmp_path, ORGANISATIONS, source)
    assert {table: frame.height for table, frame in found.items()} == {
        "records": 2,
        "organisations": 1,
        "unnamed": 1,
        "budgets": 5,
        "expenditures": 1,
        "lines": 2,
        "documents": 1,
    }
    for table, frame in found.items():
        assert frame.columns == ["_row", *iati_organisations.TABLES[table]]
        assert frame["_row"].n_unique() == frame.height


def test_a_budget_says_for_whom_where_and_when(tmp_path: Path, source: Source) -> None:
    found = tables(tmp_path, ORGANISATIONS, source)["budgets"]
    assert found.select("kind", "recipient", "country", "region", "value", "currency").rows() == [
        ("total", None, None, None, "1000000", "EUR"),
        ("recipient-organisation", "iati-xm-ngo", None, None, "30000", "USD"),
        ("recipient-organisation", "iati-xm-nobody", None, None, "8000", "EUR"),
        ("recipient-country", None, "CD", None, "50000", "EUR"),
        ("recipient-region", None, None, "289", "70000", "EUR"),
    ]
    assert set(found["period_start"]) == {"2020-01-01"}


def test_an_organisation_of_1_04_is_read_with_its_names_and_its_reporter(
    tmp_path: Path, source: Source
) -> None:
    found = tables(tmp_path, OLD_ORGANISATIONS, source)
    (record,) = found["records"].rows(named=True)
    assert (record["identifier"], record["slug"]) == ("XM-TEST", "iati-xm-test")
    assert (record["name_plain"], record["name_fr"]) == (
        "Invented Agency of Tests",
        "Agence inventée des essais",
    )
    assert record["reported_by"] == "iati-xm-other"
    assert record["type"] is None  # the type is that of the reporter, who is somebody else
    assert found["organisations"].select("slug", "name", "type").rows() == [
        ("iati-xm-other", "Invented Reporter", "21"),
        ("iati-xm-ngo", "Invented NGO", None),
    ]
    assert found["documents"].select("title", "languages").rows() == [("Strategy", "en")]


def test_a_record_without_identifier_is_refused_alone(tmp_path: Path, source: Source) -> None:
    _, findings = statements(tmp_path, ORGANISATIONS, source)
    assert {(one.table, one.row, one.column) for one in findings.refused} == {
        ("records", 2, "identifier"),
        ("records", 2, "slug"),
    }
    assert findings.kept == {}


def test_an_organisation_with_a_record_is_not_told_as_unnamed(tmp_path: Path, source: Source) -> None:
    text = ORGANISATIONS.replace('ref="XM-NOBODY"', 'ref="XM-TEST"')
    assert "unnamed" not in tables(tmp_path, text, source)


@pytest.mark.parametrize(
    "statement",
    [
        f'<id/actor/iati-xm-test> {LABEL} "Agence inventée des essais"@fr',
        "<id/actor/iati-xm-test> <ontology#actorType> <vocab/actor-type/international-organisation>",
        f'<id/actor/iati-xm-nobody> {LABEL} "XM-NOBODY"',
        "<id/budget/iati-xm-test-total-budget-1> <ontology#budgetOf> <id/actor/iati-xm-test>",
        "<id/budget/iati-xm-test-total-budget-1> <ontology#budgetKind> <vocab/budget-kind/total>",
        "<id/budget/iati-xm-test-recipient-org-budget-1> <ontology#receiver> <id/actor/iati-xm-ngo>",
        "<id/budget/iati-xm-test-recipient-country-budget-1> <ontology#place> <id/place/COD>",
        "<id/budget/iati-xm-test-recipient-region-budget-1> <ontology#unmappedText>"
        ' "region: 289, vocabulary 1"',
        "<id/knowledge/iati-xm-test-document-1> <ontology#documentOf> <id/actor/iati-xm-test>",
    ],
)
def test_the_mapping_states(statement: str, tmp_path: Path, source: Source) -> None:
    assert statement in statements(tmp_path, ORGANISATIONS, source)[0]


def test_what_was_spent_in_all_is_no_budget(tmp_path: Path, source: Source) -> None:
    lines, _ = statements(tmp_path, ORGANISATIONS, source)
    assert not [line for line in lines if "900000" in line or "expenditure" in line]


def test_the_shapes_hold_and_nothing_is_public(tmp_path: Path, source: Source) -> None:
    assert source.sensitivity == Sensitivity.CONFIDENTIAL
    file = written(tmp_path, ORGANISATIONS)
    report = pipeline.ingest(settings.load(home=tmp_path / "home"), "iati-organisations", file)
    assert {one.row for one in report.refused} == {2}
    assert report.warnings == []
    assert (report.things["Budget"], report.things["Organisation"], report.things["Document"]) == (5, 3, 1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (NEW, "expected the element <iati-organisations>"),
        (f"{BOMB}{ORGANISATIONS[39:]}", "DOCTYPE"),
        (ORGANISATIONS.replace('version="2.03"', 'version="3.0"'), "version 3.0"),
        (ORGANISATIONS[:-30], "not well-formed"),
        ("", "expected an element"),
    ],
)
def test_what_is_no_organisation_file_is_refused(
    content: str, said: str, tmp_path: Path, source: Source
) -> None:
    with pytest.raises(SourceError) as caught:
        tables(tmp_path, content, source)
    assert said in caught.value.message
    assert "organisations.xml" in caught.value.message
