"""All of IATI 2.03 that is read, and 1.0x, which says the same in other elements."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from asmgraph import descriptions, pipeline, resources, settings
from asmgraph.descriptions import Source
from asmgraph.mapping import compiler, runner, yarrrml
from asmgraph.sources import iati, iati_1, iati_cells
from asmgraph.validation import promises
from tests.sources.iati_samples import NEW, OLD, WHOLE

FOLDER = resources.catalogue() / "iati"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
TERMS = "http://purl.org/dc/terms/"
PAGE = "<http://xmlns.com/foaf/0.1/page>"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
DECIMAL = "<http://www.w3.org/2001/XMLSchema#decimal>"


@pytest.fixture(scope="module")
def source() -> Source:
    return descriptions.load(FOLDER)


def written(folder: Path, content: str) -> Path:
    file = folder / "activities.xml"
    file.write_text(content, encoding="utf-8")
    return file


def tables(folder: Path, content: str, source: Source) -> dict[str, pl.DataFrame]:
    file = written(folder, content)
    return {batch.table: batch.frame for batch in iati.read(file, source, everything=True)}


def statements(folder: Path, content: str, source: Source) -> set[str]:
    """Return what the mapping states of the rows that pass the check; what all addresses share is cut."""
    checker = promises.Checker(source)
    rules = compiler.compile_rules(yarrrml.load(FOLDER / "mapping.yml"), source)
    found = {
        line.replace("https://w3id.org/asmgraph/", "").removesuffix(" .")
        for part in runner.run(rules, checker.check(iati.read(written(folder, content), source)))
        for line in part.lines
    }
    assert checker.findings.refused == []
    return found


def test_a_file_of_1_05_gives_the_tables_of_the_same_file_in_2_03(tmp_path: Path, source: Source) -> None:
    old, new = tables(tmp_path, OLD, source), tables(tmp_path, NEW, source)
    assert set(old) == set(new) == set(iati.TABLES) - {"tags", "humanitarian_scopes", "budget_items"}
    for table, frame in old.items():
        assert frame.rows(named=True) == new[table].rows(named=True), table


@pytest.mark.parametrize("version", ["1.0", "1.00", "1.01", "1.02", "1.03", "1.04", "1.05"])
def test_every_version_1_0x_is_read(version: str, tmp_path: Path, source: Source) -> None:
    found = tables(tmp_path, OLD.replace('version="1.05"', f'version="{version}"'), source)
    assert found["activities"].height == 2


def test_relevance_is_judged_of_1_0x_as_of_2_03(tmp_path: Path) -> None:
    old, new = (list(iati.judge(written(tmp_path, text))) for text in (OLD, NEW))
    assert old == new
    assert [verdict.relevance.level for verdict in old] == ["certain", "unrelated"]
    assert old[0].title == "Gold of the artisanal miners"


@pytest.mark.parametrize(
    ("code", "number"),
    [
        *[("IF", "1"), ("C", "2"), ("D", "3"), ("E", "4"), ("IR", "5"), ("LR", "6"), ("R", "7")],
        *[("QP", "8"), ("QS", "9"), ("CG", "10"), ("if", "1"), (" D ", "3"), ("TF", "TF"), ("3", "3")],
    ],
)
def test_a_transaction_type_of_1_0x_has_a_number_or_stays(
    code: str, number: str, tmp_path: Path, source: Source
) -> None:
    found = tables(tmp_path, OLD.replace('code="QS"', f'code="{code}"'), source)["transactions"]
    assert found["type"].to_list() == ["1", "3", number]


def test_a_transaction_type_that_nobody_replaced_is_named_and_stated_of_no_type(
    tmp_path: Path, source: Source
) -> None:
    checker = promises.Checker(source)
    file = written(tmp_path, OLD.replace('code="QS"', 'code="TF"'))
    list(checker.check(iati.read(file, source)))
    assert checker.findings.kept == {("transactions", "type", "TF"): 1}


@pytest.mark.parametrize(
    ("vocabulary", "number"),
    [
        *[("DAC", "1"), ("DAC-3", "2"), ("COFOG", "3"), ("NACE", "4"), ("NTEE", "5"), ("ADT", "6")],
        *[("RO", "99"), ("RO2", "98"), ("WB", "WB"), ("ISO", "ISO")],
    ],
)
def test_a_vocabulary_of_1_0x_has_the_number_of_the_code_list(
    vocabulary: str, number: str, tmp_path: Path, source: Source
) -> None:
    found = tables(tmp_path, OLD.replace('vocabulary="RO"', f'vocabulary="{vocabulary}"'), source)
    assert found["sectors"]["vocabulary"].to_list()[2] == number


@pytest.mark.parametrize(
    ("agency", "place"), [("GEO", "gn-204336"), ("OSM", "g2-204336"), ("NGA", "nga-204336")]
)
def test_a_gazetteer_of_1_0x_names_the_place(agency: str, place: str, tmp_path: Path, source: Source) -> None:
    found = tables(tmp_path, OLD.replace('gazetteer-ref="GEO"', f'gazetteer-ref="{agency}"'), source)
    (first, second) = found["locations"]["place"].to_list()
    assert first.startswith(place)
    assert second == "xm-test-old-1-location-2"


@pytest.mark.parametrize("text", [OLD, NEW, WHOLE], ids=["1.05", "2.03", "2.03 whole"])
def test_no_contact_comes_out(text: str, tmp_path: Path, source: Source) -> None:
    for frame in tables(tmp_path, text, source).values():
        told = json.dumps(frame.rows(), ensure_ascii=False)
        assert "Nobody Invented" not in told
        assert "nobody@example.org" not in told
        assert "telephone" not in told


@given(st.text(st.characters(blacklist_categories=("Cc", "Cs")), max_size=40))
def test_turning_1_0x_into_2_03_is_done_once_and_loses_no_title(title: str) -> None:
    activity = etree.Element("iati-activity")
    etree.SubElement(activity, "title").text = title
    iati_1.normalise(activity)
    once = etree.tostring(activity)
    assert iati_cells.main_text(activity, "title", None) == (" ".join(title.split()) or None)
    iati_1.normalise(activity)
    assert etree.tostring(activity) == once


@pytest.mark.parametrize(
    ("title", "text", "language"),
    [
        ("<title>Gold <x:b xmlns:x='urn:x'>of</x:b> all</title>", "Gold of all", "title_plain"),
        ("<title xml:lang='fr'><narrative>Or</narrative></title>", "Or", "title_fr"),
        ("<title xml:lang='es'/><title>Oro</title>", "Oro", "title_plain"),
        ("<title/>", None, "title_plain"),
        ("", None, "title"),
    ],
)
def test_a_title_of_1_0x_is_read_however_it_is_written(
    title: str, text: str | None, language: str, tmp_path: Path, source: Source
) -> None:
    file = OLD.replace("<title>Pêche artisanale</title>", title)
    row = tables(tmp_path, file, source)["activities"].row(1, named=True)
    assert (row["title"], row[language]) == (text, text)


def test_every_column_is_filled_by_a_sample(tmp_path: Path, source: Source) -> None:
    filled: set[tuple[str, str]] = set()
    for text in (NEW, WHOLE):
        for table, frame in tables(tmp_path, text, source).items():
            filled |= {(table, name) for name in frame.columns if frame[name].null_count() < frame.height}
    # Texts have a column for each of five languages, of which no sample fills all everywhere.
    language = re.compile(r".*_(en|fr|es|pt|plain)")
    expected = {(table, name) for table, names in iati.TABLES.items() for name in names}
    assert {name for name in expected - filled if not language.fullmatch(name[1])} == set()


def test_texts_of_one_language_are_paragraphs(tmp_path: Path, source: Source) -> None:
    row = tables(tmp_path, WHOLE, source)["activities"].row(0, named=True)
    assert row["description_en"] == "What it is.\nWhat it is for."


def test_a_language_without_a_column_is_told_plain(tmp_path: Path, source: Source) -> None:
    row = tables(tmp_path, WHOLE, source)["activities"].row(0, named=True)
    assert (row["title"], row["title_pt"]) == ("Mercury-free gold of artisanal miners", "Ouro sem mercúrio")
    assert row["title_plain"] == "Dhahabu bila zebaki"


def test_a_party_of_a_transaction_is_an_organisation(tmp_path: Path, source: Source) -> None:
    found = tables(tmp_path, WHOLE, source)
    row = found["transactions"].row(0, named=True)
    assert (row["provider"], row["receiver"]) == ("iati-xm-test", "iati-xm-ngo")
    assert {"iati-xm-test", "iati-xm-ngo"} <= set(found["organisations"]["slug"])


def test_a_reference_is_no_other_name(tmp_path: Path, source: Source) -> None:
    others = tables(tmp_path, WHOLE, source)["organisations"]["other_name"].drop_nulls()
    assert set(others) == {"Agency"}


def test_an_organisation_is_named_by_its_reference_only_where_nobody_names_it(
    tmp_path: Path, source: Source
) -> None:
    found = tables(tmp_path, NEW, source)
    assert found["unnamed"].rows() == [(1_000_001, "iati-xm-nobody", "XM-NOBODY", "XM-NOBODY", "24")]
    later = NEW.replace(
        "XM-TEST-OLD-2<",
        "XM-TEST-OLD-2</iati-identifier><reporting-org type='21'"
        " ref='XM-NOBODY'><narrative>Invented Coop</narrative></reporting-org><iati-identifier><",
    )
    again = tables(tmp_path, later.replace("<iati-identifier></iati-identifier>", ""), source)
    assert again["unnamed"].rows() == [(1_000_001, "iati-xm-nobody", None, "XM-NOBODY", "24")]
    assert again["organisations"].filter(slug="iati-xm-nobody")["name"].to_list() == ["Invented Coop"]


def test_an_activity_that_is_read_is_not_told_as_mentioned(tmp_path: Path, source: Source) -> None:
    found = tables(tmp_path, WHOLE, source)["mentioned"]
    assert found.rows(named=True) == [
        {"_row": 1_000_001, "slug": "xm-test-0", "identifier": "XM-TEST-0", "reported_by": "iati-xm-test"}
    ]


@pytest.mark.parametrize(
    "statement",
    [
        f'<id/intervention/xm-test-1> {LABEL} "L\'or sans mercure"@fr',
        f'<id/intervention/xm-test-1> {LABEL} "Oro sin mercurio"@es',
        f'<id/intervention/xm-test-1> {LABEL} "Ouro sem mercúrio"@pt',
        f'<id/intervention/xm-test-1> {LABEL} "Dhahabu bila zebaki"',
        f'<id/intervention/xm-test-1> <{TERMS}description> "What it is.\\nWhat it is for."@en',
        f'<id/actor/iati-xm-test> {LABEL} "Agence inventée des essais"@fr',
        f'<id/place/gn-204336> {LABEL} "Colline inventée"@fr',
        "<id/place/gn-204336> <ontology#within> <id/place/CD-NK>",
        "<id/intervention/xm-test-1> <ontology#programme> <id/intervention/xm-test-0>",
        f"<id/intervention/xm-test-0> {TYPE} <ontology#Programme>",
        f'<id/intervention/xm-test-0> {LABEL} "XM-TEST-0"',
        "<id/intervention/xm-test-2> <ontology#programme> <id/intervention/xm-test-1>",
        f"<id/intervention/xm-test-1> {TYPE} <ontology#Programme>",
        '<id/intervention/xm-test-1> <ontology#unmappedText> "related activity: XM-OTHER-5, type 4"',
        '<id/intervention/xm-test-1> <ontology#unmappedText> "tag: 12, vocabulary 2"',
        "<id/intervention/xm-test-1> <ontology#theme> <vocab/intervention-type/gender>",
        "<id/transaction/xm-test-1-3-2019-03-01-1> <ontology#provider> <id/actor/iati-xm-test>",
        "<id/transaction/xm-test-1-3-2019-03-01-1> <ontology#receiver> <id/actor/iati-xm-ngo>",
        '<id/transaction/xm-test-1-3-2019-03-01-1> <ontology#unmappedText> "provider activity: XM-TEST-1"',
        "<id/budget/xm-test-1-budget-1> <ontology#budgetOf> <id/intervention/xm-test-1>",
        "<id/budget/xm-test-1-budget-1> <ontology#budgetKind> <vocab/budget-kind/original>",
        f'<id/budget/xm-test-1-budget-1> <ontology#amount> "90000"^^{DECIMAL}',
        "<id/budget/xm-test-1-planned-1> <ontology#budgetKind> <vocab/budget-kind/planned-disbursement>",
        "<id/budget/xm-test-1-planned-1> <ontology#receiver> <id/actor/iati-xm-ngo>",
        f"<id/knowledge/xm-test-1-document-1> {TYPE} <ontology#Document>",
        f'<id/knowledge/xm-test-1-document-1> {LABEL} "Avaliação inventada"@pt',
        f"<id/knowledge/xm-test-1-document-1> {PAGE} <https://example.org/review>",
        "<id/knowledge/xm-test-1-document-1> <ontology#documentKind> <vocab/document-kind/report>",
        "<id/knowledge/xm-test-1-document-1> <ontology#documentOf> <id/intervention/xm-test-1>",
        "<id/knowledge/xm-test-1-document-3> <ontology#documentOf> <id/result/xm-test-1-result-1>",
        f'<id/result/xm-test-1-result-1> {LABEL} "Menos mercurio"@es',
        f'<id/result/xm-test-1-result-1> <{TERMS}description> "En tres lugares"@es',
        '<id/result/xm-test-1-result-1> <ontology#unmappedText> "actual: Most would go on"',
        f'<id/indicator/xm-test-1-result-1-indicator-1> {LABEL} "Mineurs formés"@fr',
        "<id/indicator-value/xm-test-1-result-1-indicator-1-1> <ontology#valueKind> <vocab/value-kind/baseline>",
        "<id/indicator-value/xm-test-1-result-1-indicator-1-1> <ontology#populationGroup>"
        " <vocab/population-group/women>",
        f'<id/indicator-value/xm-test-1-result-1-indicator-1-1> <{TERMS}description> "Counted twice"',
        '<id/indicator-value/xm-test-1-result-1-indicator-1-3> <ontology#unmappedText> "dimensions: age=under 30"',
        f'<id/indicator-value/xm-test-1-result-1-indicator-1-3> {LABEL} "Mineurs formés: actual, age=under 30"',
        f'<id/indicator-value/xm-test-1-result-1-indicator-1-4> {LABEL} "Mineurs formés: actual"',
    ],
)
def test_the_mapping_states(statement: str, tmp_path: Path, source: Source) -> None:
    assert statement in statements(tmp_path, WHOLE, source)


@pytest.mark.parametrize(
    "absent",
    [
        "<vocab/intervention-type/environment>",  # a marker of 0, and one of another vocabulary
        "xm-test-1-document-2",  # a tender
        "xm-other-5>",  # neither parent nor child
        "indicator-2-1>",  # a value in words alone
        f'{LABEL} "Mineurs formés: actual, age=under 30"@',
        '"Paid"',
    ],
)
def test_the_mapping_does_not_state(absent: str, tmp_path: Path, source: Source) -> None:
    assert not [line for line in statements(tmp_path, WHOLE, source) if absent in line]


def test_an_amount_is_stated_once(tmp_path: Path, source: Source) -> None:
    amounts = [line for line in statements(tmp_path, WHOLE, source) if "<ontology#amount>" in line]
    assert len(amounts) == len({line.split()[0] for line in amounts}) == 3


@pytest.mark.parametrize("kind", ["1", "2"])
def test_an_activity_is_no_part_of_itself(kind: str, tmp_path: Path, source: Source) -> None:
    text = NEW.replace('type="1" ref="XM-TEST-OLD-0"', f'type="{kind}" ref="XM-TEST-OLD-1"')
    lines = statements(tmp_path, text, source)
    assert not [line for line in lines if "rogramme>" in line]


@pytest.mark.parametrize("text", [OLD, WHOLE], ids=["1.05", "2.03"])
def test_the_shapes_refuse_and_warn_of_nothing(text: str, tmp_path: Path) -> None:
    report = pipeline.ingest(settings.load(home=tmp_path / "home"), "iati", written(tmp_path, text))
    assert report.refused == []
    assert report.warnings == []
    assert report.things["Budget"] == 2


def test_another_file_needs_other_facts_and_no_other_code(tmp_path: Path) -> None:
    home = tmp_path / "home"
    folder = home / "sources" / "tests-aid"
    folder.mkdir(parents=True)
    facts = (
        (FOLDER / "source.yml").read_text(encoding="utf-8").replace("name: iati\n", "name: tests-aid\n", 1)
    )
    (folder / "source.yml").write_text(facts, encoding="utf-8")
    rules = (FOLDER / "mapping.yml").read_text(encoding="utf-8")
    kept = [line for line in rules.splitlines(keepends=True) if "id:place/COD" not in line]
    stated = "".join(kept).replace("id:source/iati-aiddata-drc-aims", "id:source/tests-aid")
    (folder / "mapping.yml").write_text(stated, encoding="utf-8")
    report = pipeline.ingest(settings.load(home=home), "tests-aid", written(tmp_path, WHOLE))
    assert report.refused == []
    assert report.things["Intervention"] == 3
