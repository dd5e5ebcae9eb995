"""Registers that others point at: publishers of IATI with their numbers, prefectures of Guinea, code lists of IATI."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from asmgraph import descriptions, pipeline, resources, settings
from asmgraph.records import ASM, ID, Sensitivity
from asmgraph.sources import iati_activity, iati_parties, iati_transactions
from asmgraph.store import staging
from asmgraph.store.ntriples import split_line
from asmgraph.validation.report import Report

pytestmark = pytest.mark.external
FILES = {
    "iati-publishers": (Path("iati-publishers"), Sensitivity.CONFIDENTIAL),
    "rowca-adm2-guinea": (Path("hxl-3w") / "rowca-gin-adm2.csv", Sensitivity.PUBLIC),
}
IDENTIFIER = "http://purl.org/dc/terms/identifier"
Statement = tuple[str, str, str]
Ingested = Callable[[str], tuple[Report, list[Statement]]]


@pytest.fixture(scope="module")
def ingested(external_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Ingested:
    """Ingest a source, once, in a home of its own, and give its report and its statements."""
    found: dict[str, tuple[Report, list[Statement]]] = {}

    def ingest(name: str) -> tuple[Report, list[Statement]]:
        if name not in found:
            home = tmp_path_factory.mktemp(name)
            file, level = FILES[name]
            report = pipeline.ingest(settings.load(home=home), name, external_data / file)
            staged = staging.current(home, name)
            assert staged is not None
            lines = staged.file(level).read_text(encoding="utf-8").splitlines()
            found[name] = report, [split_line(line) for line in lines]
        return found[name]

    return ingest


@pytest.mark.parametrize("name", FILES)
def test_every_column_is_listed_and_there_and_no_shape_objects(name: str, ingested: Ingested) -> None:
    report, _ = ingested(name)
    assert (report.unlisted_columns, report.absent_columns, report.violations) == ({}, {}, [])
    assert (set(report.triples), report.traces) == ({FILES[name][1]}, {})


def test_publishers_in_and_out(ingested: Ingested) -> None:
    report, _ = ingested("iati-publishers")
    assert report.rows == {"funders": 447, "publishers": 1705}
    assert report.things == {"Organisation": 2114, "SourceDocument": 1}
    assert [(one.table, one.row, one.column, one.reason) for one in report.refused] == [
        ("funders", 16, "code", "is missing")
    ]
    assert {(one.column, one.value): one.count for one in report.kept} == {
        ("publisher_organization_type", "30"): 9,  # public private partnership
        ("publisher_country", "998"): 3,  # a region
        ("publisher_country", "89"): 1,
    }


def test_a_publisher_has_the_address_that_files_of_iati_give_it(
    external_data: Path, ingested: Ingested
) -> None:
    _, statements = ingested("iati-publishers")
    stated = {(s, o) for s, p, o in statements if p == IDENTIFIER}
    numbers = set()
    for file, column in (("iati_publishers", "publisher_iati_id"), ("iati_funders", "IATI-code")):
        with (external_data / "iati-publishers" / f"{file}.csv").open(
            encoding="utf-8-sig", newline=""
        ) as lines:
            numbers |= {row[column].strip() for row in csv.DictReader(lines)}
    numbers.discard("")
    assert len(numbers) == 2100  # 1,690 publishers' and 446 funders', 36 of them in both
    for number in numbers:
        literal = '"' + number.replace("\\", "\\\\").replace('"', '\\"') + '"'
        assert (f"<{ID}actor/{iati_parties.identity(number, None)}>", literal) in stated
    without = {s for s, _ in stated if "/actor/iati-registry-" in s}
    assert len(without) == 14


def test_two_publishers_under_one_number_are_one_organisation_with_two_names(ingested: Ingested) -> None:
    _, statements = ingested("iati-publishers")
    said = {o for s, p, o in statements if s == f"<{ID}actor/iati-nl-kvk-30285304>" and p.endswith("#label")}
    assert said == {'"Stichting Humana"', '"Sympany+"'}


def test_prefectures_lie_in_their_regions_and_regions_in_the_country(ingested: Ingested) -> None:
    report, statements = ingested("rowca-adm2-guinea")
    assert (report.rows, report.refused) == ({"units": 34}, [])
    assert report.things == {"AdministrativeUnit": 42, "SourceDocument": 1}
    levels = Counter(o.split('"')[1] for _, p, o in statements if p == ASM + "adminLevel")
    assert levels == {"1": 8, "2": 34}
    within = {s: o for s, p, o in statements if p == ASM + "within"}
    assert Counter(within.values())[f"<{ID}place/GIN>"] == 8
    assert within[f"<{ID}place/rowca-GN0405>"] == f"<{ID}place/rowca-GN04>"


def test_regions_that_are_known_keep_their_address(external_data: Path, tmp_path: Path) -> None:
    chosen = settings.load(home=tmp_path)
    pipeline.ingest(chosen, "subdivisions")
    report = pipeline.ingest(chosen, "rowca-adm2-guinea", external_data / FILES["rowca-adm2-guinea"][0])
    assert (report.placements, report.unplaced) == ({"name": 8}, {})
    staged = staging.current(tmp_path, "rowca-adm2-guinea")
    assert staged is not None
    text = staged.file(Sensitivity.PUBLIC).read_text(encoding="utf-8")
    assert f"<{ID}place/rowca-GN0405> <{ASM}within> <{ID}place/GN-K> ." in text
    assert f"<{ID}place/rowca-GN04>" not in text


EMBEDDED, NONEMBEDDED = "iati-codelists-embedded", "iati-codelists-nonembedded"
WITHOUT_MEANING = {
    "organisation-type": {"30", "90"},  # public private partnership, other: no kind of actor
    "country": {"XK"},  # Kosovo, which ISO 3166-1 does not have
    "policy-marker": {str(code) for code in range(3, 13)},  # aims that are no type of intervention
    "document-category": {  # what says nothing that was learnt, and what organisations publish of themselves
        *(f"A{number:02}" for number in range(1, 13) if number not in (1, 7, 8)),
        *(f"B{number:02}" for number in range(1, 19)),
    },
}
LOOKUPS = [
    ("iati", "activity-status", EMBEDDED, "ActivityStatus"),
    ("iati", "participation-role", EMBEDDED, "OrganisationRole"),
    ("iati", "transaction-type", EMBEDDED, "TransactionType"),
    ("iati", "result-type", NONEMBEDDED, "ResultType"),
    ("iati", "organisation-type", NONEMBEDDED, "OrganisationType"),
    ("iati-organisations", "organisation-type", NONEMBEDDED, "OrganisationType"),
    ("iati-publishers", "organisation-type", NONEMBEDDED, "OrganisationType"),
    ("iati", "policy-marker", NONEMBEDDED, "PolicyMarker"),
    ("iati", "document-category", EMBEDDED, "DocumentCategory"),
    ("iati-organisations", "country", NONEMBEDDED, "Country"),
    ("iati-publishers", "country", NONEMBEDDED, "Country"),
    ("aiddata-gef", "country", NONEMBEDDED, "Country"),
]


def codes(external_data: Path, folder: str, name: str) -> set[str]:
    items = etree.parse(external_data / folder / f"{name}.xml").iterfind(".//codelist-item")
    return {str(item.findtext("code")) for item in items if item.get("status") != "withdrawn"}


@pytest.mark.parametrize(("source", "lookup", "folder", "name"), LOOKUPS)
def test_every_code_of_a_list_has_its_meaning_or_is_left_out_by_name(
    source: str, lookup: str, folder: str, name: str, external_data: Path
) -> None:
    known = set(descriptions.load(resources.catalogue() / source).lookups[lookup])
    listed = codes(external_data, folder, name)
    assert listed - known == WITHOUT_MEANING.get(lookup, set())


def test_dates_budgets_and_relations_of_activities_have_all_codes_of_their_lists(external_data: Path) -> None:
    assert set(iati_activity._DATES) == codes(external_data, EMBEDDED, "ActivityDateType")
    kinds = iati_transactions._BUDGET_KINDS
    assert {code for code in kinds if code is not None} == codes(external_data, EMBEDDED, "BudgetType")
    known = descriptions.load(resources.catalogue() / "iati").lookups["budget-kind"]
    assert set(kinds.values()) <= set(known)
    # Parent and child have terms; the mapping keeps sibling, co-funded and third party in words.
    assert codes(external_data, EMBEDDED, "RelatedActivityType") == {"1", "2", "3", "4", "5"}
