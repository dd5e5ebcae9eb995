"""Described sources whose files are somebody else's: from the real files, exact counts in, out and refused."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from asmgraph import pipeline, settings
from asmgraph.records import ASM, ID, VOCAB, Sensitivity
from asmgraph.store import staging
from asmgraph.store.ntriples import split_line
from asmgraph.validation.report import Report

pytestmark = pytest.mark.external
FILES = {
    "unhcr-3w": Path("hxl-3w") / "unhcr-3w.csv",
    "rowca-3w": Path("hxl-3w") / "rowca-3w-hxl.csv",
    "ebola-3w": Path("ebola-3w") / "ebola_3w_2014-09-11.json",
    "ilab-goods-2016": Path("ilab-goods") / "goods_2016.xml",
    "ilab-goods-2019": Path("ilab-goods") / "goods_2019.xml",
}
Ingested = Callable[[str], tuple[Report, list[tuple[str, str, str]]]]


@pytest.fixture(scope="module")
def ingested(external_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Ingested:
    """Ingest a source, once, and give its report and its public statements."""
    home = tmp_path_factory.mktemp("external")
    reports: dict[str, Report] = {}

    def ingest(name: str) -> tuple[Report, list[tuple[str, str, str]]]:
        if name not in reports:
            reports[name] = pipeline.ingest(settings.load(home=home), name, external_data / FILES[name])
        staged = staging.current(home, name)
        assert staged is not None
        lines = staged.file(Sensitivity.PUBLIC).read_text(encoding="utf-8").splitlines()
        return reports[name], [split_line(line) for line in lines]

    return ingest


def values(statements: list[tuple[str, str, str]], name: str) -> Counter[str]:
    return Counter(value for _, predicate, value in statements if predicate == ASM + name)


@pytest.mark.parametrize("name", FILES)
def test_every_column_is_listed_and_there_and_no_shape_objects(name: str, ingested: Ingested) -> None:
    report, _ = ingested(name)
    assert (report.unlisted_columns, report.absent_columns, report.violations) == ({}, {}, [])
    assert set(report.triples) == {Sensitivity.PUBLIC}


@pytest.mark.parametrize(
    ("name", "rows", "refused", "things"),
    [
        ("unhcr-3w", {"who": 2250}, 0, {"Intervention": 2250, "Organisation": 267, "Participation": 2250}),
        (
            "rowca-3w",
            {"reports": 244},
            0,
            {
                "Indicator": 40,
                "IndicatorValue": 422,
                "Intervention": 13,
                "Organisation": 11,
                "Participation": 14,
            },
        ),
        ("ebola-3w", {"who": 653}, 4, {"Intervention": 649, "Organisation": 59, "Participation": 649}),
        ("ilab-goods-2016", {"goods": 140, "listed": 379}, 1, {"Need": 101}),
        ("ilab-goods-2019", {"goods": 157, "listed": 438}, 0, {"Need": 110}),
    ],
)
def test_rows_in_and_refused_and_things_out(
    name: str, rows: dict[str, int], refused: int, things: dict[str, int], ingested: Ingested
) -> None:
    report, _ = ingested(name)
    assert report.rows == rows
    assert len(report.refused) == refused
    assert report.things == {**things, "SourceDocument": 1}


def test_places_of_refugee_operations_are_countries_and_what_is_none_is_named(
    external_data: Path, ingested: Ingested
) -> None:
    report, statements = ingested("unhcr-3w")
    places = values(statements, "place")
    assert (places[f"<{ID}place/LBN>"], places[f"<{ID}place/MLI>"], places[f"<{ID}place/BFA>"]) == (
        637,
        0,
        87,
    )
    assert sum(places.values()) == 2250 - 4  # between Thailand and Myanmar
    kept = {(one.column, one.value): one.count for one in report.kept}
    assert kept["country", "Thailand-Myanmar"] == 4
    assert ("country", "Mali Situation") not in kept
    assert kept["region", "Bekaa"] == 198
    with (external_data / FILES["unhcr-3w"]).open(encoding="utf-8-sig", newline="") as lines:
        names = {row[7].strip() for row in list(csv.reader(lines))[2:]}
    assert len(names) == report.things["Organisation"]


def test_what_projects_reached_is_what_their_file_says(external_data: Path, ingested: Ingested) -> None:
    _, statements = ingested("rowca-3w")
    with (external_data / FILES["rowca-3w"]).open(encoding="utf-8-sig", newline="") as lines:
        header, _, *rows = csv.reader(lines)
    place = {name: number for number, name in enumerate(header)}
    for column, kind in (("Achieved", "actual"), ("AnnualTarget", "target")):
        stated = {
            row[place["ReportDetailId"]]: float(row[place[column]]) for row in rows if row[place[column]]
        }
        ending = "achieved" if kind == "actual" else "target"
        found = {
            subject.split("rowca-3w-")[1].removesuffix(f"-{ending}>"): float(value.split('"')[1])
            for subject, predicate, value in statements
            if predicate == ASM + "value" and subject.endswith(f"-{ending}>")
        }
        assert found == stated
        assert values(statements, "valueKind")[f"<{VOCAB}value-kind/{kind}>"] == len(stated)


def test_a_joint_project_has_both_its_organisations(ingested: Ingested) -> None:
    _, statements = ingested("rowca-3w")
    project = f"<{ID}intervention/rowca-3w-MLI-14%2FP-HR-RL%2F65235>"
    assert values(statements, "participatesIn")[project] == 2


def test_objects_that_stand_twice_are_refused_by_their_number(
    external_data: Path, ingested: Ingested
) -> None:
    report, _ = ingested("ebola-3w")
    objects = json.loads((external_data / FILES["ebola-3w"]).read_text(encoding="utf-8"))
    for refusal in report.refused:
        first = int(refusal.reason.removeprefix("repeats the key of row "))
        assert objects[refusal.row - 1] == objects[first - 1]
    assert [refusal.row for refusal in report.refused] == [152, 402, 403, 404]


def test_the_good_that_stands_twice_in_2016_is_reported(ingested: Ingested) -> None:
    report, _ = ingested("ilab-goods-2016")
    (refusal,) = report.refused
    assert (refusal.table, refusal.row, refusal.value) == ("goods", 131, "Tin ore (cassiterite)")
    assert refusal.reason == "repeats the key of row 130"


@pytest.mark.parametrize("year", [2016, 2019])
def test_needs_are_the_mineral_goods_that_the_list_says_yes_to(
    year: int, external_data: Path, ingested: Ingested
) -> None:
    _, statements = ingested(f"ilab-goods-{year}")
    root = ElementTree.parse(external_data / FILES[f"ilab-goods-{year}"]).getroot()
    listed = [
        country
        for good in root.iter("Good")
        if good.findtext("Good_Sector") == "Mining"
        for country in good.iter("Country")
    ]
    said = {
        name: sum(country.findtext(name) == "Yes" for country in listed)
        for name in ("Child_Labor", "Forced_Labor", "Forced_Child_Labor")
    }
    impacts = values(statements, "impact")
    assert impacts[f"<{VOCAB}impact/child-labour>"] == said["Child_Labor"]
    assert impacts[f"<{VOCAB}impact/forced-labour>"] == said["Forced_Labor"] + said["Forced_Child_Labor"]
    needs = {subject for subject, predicate, _ in statements if predicate == ASM + "impact"}
    placed = {subject for subject, predicate, _ in statements if predicate == ASM + "place"}
    assert needs == placed
    assert len(needs) == sum(said.values())
    assert not any("Cotton" in subject for subject in needs)
