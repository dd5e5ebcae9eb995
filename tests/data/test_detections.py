"""Satellite detections of mining: footprints are places, areas estimates, as large as the files say."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from asmgraph import gazetteers, pipeline, settings
from asmgraph.records import ASM, ID, VOCAB, Sensitivity
from asmgraph.store import staging
from asmgraph.store.ntriples import split_line
from asmgraph.validation.report import Report

pytestmark = pytest.mark.external
FILES = {
    "africa-mining-watch": Path("africa-mining-watch") / "detection_points.csv",
    "amazon-mining-watch": Path("amazon-mining-watch") / "national_admin_yearly.json",
    "amazon-mining-watch-units": Path("amazon-mining-watch") / "mining_by_subnational_admin.csv",
    "amazon-mining-watch-ghana": Path("amazon-mining-watch") / "ghana_2024_detections.geojson",
}
Statement = tuple[str, str, str]
Ingested = Callable[[str], tuple[Report, list[Statement]]]


def staged_statements(home: Path, name: str) -> list[Statement]:
    staged = staging.current(home, name)
    assert staged is not None
    lines = staged.file(Sensitivity.PUBLIC).read_text(encoding="utf-8").splitlines()
    return [split_line(line) for line in lines]


@pytest.fixture(scope="module")
def ingested(external_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Ingested:
    """Ingest a source, once, in a home of its own, and give its report and its public statements."""
    found: dict[str, tuple[Report, list[Statement]]] = {}

    def ingest(name: str) -> tuple[Report, list[Statement]]:
        if name not in found:
            home = tmp_path_factory.mktemp(name)
            report = pipeline.ingest(settings.load(home=home), name, external_data / FILES[name])
            found[name] = report, staged_statements(home, name)
        return found[name]

    return ingest


def values(statements: list[Statement]) -> dict[str, float]:
    return {s: float(o.split('"')[1]) for s, p, o in statements if p == ASM + "value"}


@pytest.mark.parametrize(
    ("name", "rows", "things"),
    [
        (
            "africa-mining-watch",
            {"detections": 12_874},
            {"Indicator": 1, "IndicatorValue": 12_874, "Place": 12_874},
        ),
        ("amazon-mining-watch", {"areas": 90}, {"Indicator": 2, "IndicatorValue": 180}),
        ("amazon-mining-watch-units", {"areas": 3069}, {"Indicator": 1, "IndicatorValue": 3069}),
        ("amazon-mining-watch-ghana", {"detections": 685}, {"Place": 685}),
    ],
)
def test_every_row_goes_in_and_comes_out_and_no_shape_objects(
    name: str, rows: dict[str, int], things: dict[str, int], ingested: Ingested
) -> None:
    report, _ = ingested(name)
    assert (report.rows, report.things) == (rows, {**things, "SourceDocument": 1})
    assert (report.refused, report.violations, report.kept) == ([], [], [])
    assert (report.unlisted_columns, report.absent_columns) == ({}, {})
    assert (report.traces, set(report.triples)) == ({}, {Sensitivity.PUBLIC})


@pytest.mark.parametrize("name", FILES)
def test_no_footprint_is_called_a_mine_site_and_no_area_is_called_measured(
    name: str, ingested: Ingested
) -> None:
    report, statements = ingested(name)
    assert "MineSite" not in report.things
    kinds = {o for _, p, o in statements if p == ASM + "valueKind"}
    assert kinds <= {f"<{VOCAB}value-kind/estimate>"}


def test_areas_in_africa_are_those_of_the_file(external_data: Path, ingested: Ingested) -> None:
    _, statements = ingested("africa-mining-watch")
    with (external_data / FILES["africa-mining-watch"]).open(encoding="utf-8", newline="") as lines:
        listed = {row["det_id"]: float(row["area_ha"]) for row in csv.DictReader(lines)}
    found = {subject.rsplit("-", 1)[1].rstrip(">"): value for subject, value in values(statements).items()}
    assert found == pytest.approx(listed)
    assert max(found.values()) / sum(found.values()) == pytest.approx(
        0.204, abs=0.001
    )  # the publisher's warning


def test_without_boundaries_no_footprint_has_a_country_and_the_report_says_so(
    external_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gazetteers, "boundary_files", lambda _: ())  # as where they were not installed
    name = "africa-mining-watch"
    report = pipeline.ingest(settings.load(home=tmp_path), name, external_data / FILES[name])
    statements = staged_statements(tmp_path, name)
    assert report.placements == {}
    assert len(report.unplaced) == 12_874
    assert not [one for one in statements if one[1] == ASM + "within"]


def test_with_boundaries_footprints_lie_in_the_countries_of_the_survey(
    external_data: Path, tmp_path: Path
) -> None:
    (tmp_path / "boundaries").mkdir()
    shutil.copy(external_data / "world-atlas" / "countries-50m.json", tmp_path / "boundaries")
    name = "africa-mining-watch"
    report = pipeline.ingest(settings.load(home=tmp_path), name, external_data / FILES[name])
    within = Counter(o for _, p, o in staged_statements(tmp_path, name) if p == ASM + "within")
    assert report.placements["area"] + len(report.unplaced) == 12_874
    assert len(report.unplaced) <= 10
    assert within[f"<{ID}place/GHA>"] > 1000
    assert within[f"<{ID}place/COD>"] > 500
    assert sum(within.values()) == report.placements["area"]


def test_areas_of_amazon_countries_add_up_and_agree_with_those_of_their_parts(
    external_data: Path, ingested: Ingested
) -> None:
    _, statements = ingested("amazon-mining-watch")
    rows = json.loads((external_data / FILES["amazon-mining-watch"]).read_text(encoding="utf-8"))
    found = values(statements)

    def stated(kind: str, row: dict[str, object]) -> float:
        return found[f"<{ID}indicator-value/amazon-mining-watch-{kind}-{row['id']}-{row['admin_year']}>"]

    for row in rows:
        assert stated("new", row) == pytest.approx(row["intersected_area_ha"])
        assert stated("sum", row) == pytest.approx(row["intersected_area_ha_cumulative"])
    last = [row for row in rows if row["admin_year"] == 202503]
    for row in last:
        news = [stated("new", one) for one in rows if one["id"] == row["id"]]
        assert sum(news) == pytest.approx(stated("sum", row))
    parts: dict[tuple[str, int], float] = defaultdict(float)
    path = external_data / "amazon-mining-watch" / "mining_by_national_admin.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        for part in csv.DictReader(lines):
            parts[part["id"], int(part["admin_year"])] += float(part["intersected_area_ha"])
    for row in rows:
        assert parts[row["id"], row["admin_year"]] == pytest.approx(row["intersected_area_ha"], abs=0.01)


def test_a_year_is_a_date_and_a_quarter_is_told_in_words(ingested: Ingested) -> None:
    _, statements = ingested("amazon-mining-watch")
    dates = Counter(o.split('"')[1] for _, p, o in statements if p == ASM + "date")
    assert dates == {str(year): 20 for year in range(2018, 2025)}
    words = Counter(o for _, p, o in statements if p == ASM + "periodText")
    assert words == {'"2025, quarter 2"@en': 20, '"2025, quarter 3"@en': 20}


def test_areas_of_municipalities_are_those_of_the_file_and_name_their_part(
    external_data: Path, ingested: Ingested
) -> None:
    report, statements = ingested("amazon-mining-watch-units")
    with (external_data / FILES["amazon-mining-watch-units"]).open(encoding="utf-8", newline="") as lines:
        listed = [row["intersected_area_ha"] for row in csv.DictReader(lines)]
    found = values(statements)
    assert len(found) == len(listed)
    assert sum(found.values()) == pytest.approx(sum(map(float, listed)), abs=1e-6)
    assert sum(one.cells for one in report.replayed) == sum("e" in area for area in listed) == 20
    parts = Counter(o for _, p, o in statements if p == ASM + "unmappedText")
    assert parts['"class of illegality: 3.0"'] == 1434
    assert sum(parts.values()) == 3069
    assert not [one for one in statements if one[1] == ASM + "place"]  # no list of municipalities is there


def test_every_polygon_of_ghana_has_an_address_and_a_position_of_its_own(ingested: Ingested) -> None:
    _, statements = ingested("amazon-mining-watch-ghana")
    positions = Counter[str]()
    for subject, predicate, value in statements:
        if predicate.endswith(("#lat", "#long")):
            positions[subject] += 1
            low, high = (4.5, 11.2) if predicate.endswith("#lat") else (-3.3, 1.3)
            assert low <= float(value.split('"')[1]) <= high
    assert set(positions.values()) == {2}
    assert len(positions) == 685
