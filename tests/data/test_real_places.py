"""Placements on real files: OCHA's p-codes, the places of the DRC's aid register, satellite detections in Africa."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

import pytest

from asmgraph import descriptions, gazetteers, pipeline, resources, settings
from asmgraph.mapping import compiler, runner, yarrrml
from asmgraph.mapping.placement import Gazetteer, Question
from asmgraph.records import ASM, ID, VOCAB, Sensitivity
from asmgraph.sources import formats
from asmgraph.store import staging
from asmgraph.store.ntriples import split_line
from asmgraph.store.staging import Staged
from asmgraph.validation import promises
from asmgraph.validation.report import Report

pytestmark = pytest.mark.external
SHIPPED = ("places", "subdivisions")


@pytest.fixture(scope="module")
def p_codes(external_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, list[Staged]]:
    """Stage the shipped subdivisions, then the p-codes of the world; some 45 seconds."""
    home = settings.load(home=tmp_path_factory.mktemp("p-codes"))
    pipeline.ingest(home, "subdivisions")
    report = pipeline.ingest(home, "ocha-pcodes", external_data / "ocha-pcodes" / "global_pcodes_adm_1_2.csv")
    return report, list(staging.all_current(home.home).values())


def only(staged: Iterable[Staged], *names: str) -> list[Staged]:
    return [one for one in staged if one.source in names]


def test_of_32767_p_codes_two_without_a_name_are_refused(p_codes: tuple[Report, list[Staged]]) -> None:
    report, _ = p_codes
    assert report.rows == {"units": 32_767}
    assert [(one.row, one.column, one.reason) for one in report.refused] == [
        (16_714, "Name", "is missing"),
        (16_715, "Name", "is missing"),
    ]
    assert report.things == {"AdministrativeUnit": 32_765, "SourceDocument": 1}
    assert report.violations == []


def test_of_2510_first_level_units_742_are_known_and_every_unit_lies_in_one(
    p_codes: tuple[Report, list[Staged]],
) -> None:
    report, staged = p_codes
    assert (report.placements, len(report.unplaced)) == ({"name": 742}, 1768)
    [one] = only(staged, "ocha-pcodes")
    lines = one.file(Sensitivity.PUBLIC).read_text(encoding="utf-8").splitlines()
    parts = [split_line(line) for line in lines]
    within = Counter(subject for subject, predicate, _ in parts if predicate == ASM + "within")
    assert (len(within), set(within.values())) == (32_765, {1})
    own = {subject for subject in within if subject.startswith(f"<{ID}place/ocha-")}
    assert len(own) == 32_765 - 742


def test_all_26_provinces_of_the_drc_take_their_p_codes(p_codes: tuple[Report, list[Staged]]) -> None:
    _, staged = p_codes
    known = gazetteers.gazetteer(staged, ())
    codes = [code.partition(":")[2] for place in known.places for code in place.codes
             if code.startswith("ocha-pcode:cd") and place.level == 1]  # fmt: skip
    found = [known.find(Question("COD", code=f"ocha-pcode:{code}")) for code in codes]
    provinces = {one.place for one in found}
    assert len(codes) == len(provinces) == 26
    assert all((one or "").startswith(f"{ID}place/CD-") for one in provinces)


def methods(known: Gazetteer, file: Path) -> tuple[int, dict[str, int], dict[str, int]]:
    """Map the places of the whole register; return their number, and how many were placed how, and how exactly."""
    folder = resources.catalogue() / "iati"
    source = descriptions.load(folder)
    rules = compiler.compile_rules(yarrrml.load(folder / "mapping.yml"), source, lambda: known)
    rules = tuple(rule for rule in rules if rule.mapping == "location")
    rows = formats.READERS["iati"].read(file, source, everything=True)
    batches = [batch for batch in promises.Checker(source).check(rows) if batch.table == "locations"]
    parts = [split_line(line) for made in runner.run(rules, batches) for line in made.lines]

    def concepts(name: str, scheme: str) -> dict[str, int]:
        found = (value for _, predicate, value in parts if predicate == ASM + name)
        return dict(Counter(value.removeprefix(f"<{VOCAB}{scheme}/")[:-1] for value in found))

    places = {subject for subject, _, value in parts if value == f"<{ASM}Place>"}
    count = partial(concepts, "placementMethod", "placement-method")
    return len(places), count(), concepts("placementExactness", "exactness")


@pytest.mark.parametrize(
    ("sources", "found", "exactness"),
    [
        (SHIPPED, {"name": 23}, {"exact": 23}),
        ((*SHIPPED, "ocha-pcodes"), {"name": 120}, {"exact": 119, "approximate": 1}),
    ],
)
def test_places_of_the_aid_register_of_the_drc_gain_a_unit(
    sources: Sequence[str],
    found: dict[str, int],
    exactness: dict[str, int],
    p_codes: tuple[Report, list[Staged]],
    external_data: Path,
) -> None:
    known = gazetteers.gazetteer(only(p_codes[1], *sources), ())
    file = external_data / "aiddata-drc-aims" / "iati_2.03_DRC-AIMS.xml"
    assert methods(known, file) == (281, found, exactness)


def test_satellite_detections_lie_in_the_countries_of_natural_earth(
    p_codes: tuple[Report, list[Staged]], external_data: Path
) -> None:
    shapes = external_data / "world-atlas" / "countries-50m.json"
    known = gazetteers.gazetteer(only(p_codes[1], "places"), [shapes])
    with (external_data / "africa-mining-watch" / "detection_points.csv").open(encoding="utf-8") as file:
        points = [(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)]
    found = [known.find(Question(longitude=lon, latitude=lat)) for lon, lat in points]
    assert Counter((one.method, one.exact) for one in found) == {
        ("area", True): 11_966,
        ("area", False): 900,
        (None, False): 8,
    }
    countries = Counter((one.place or "").rsplit("/", 1)[-1] for one in found)
    assert [countries[code] for code in ("GHA", "GIN", "COD", "CIV")] == [3745, 2458, 1625, 1160]
