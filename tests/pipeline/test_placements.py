"""A steward's own file is put into known places, and the report says how; the p-codes of OCHA on a small sample."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from asmgraph import pipeline, settings
from asmgraph.errors import SourceError
from asmgraph.records import ASM, ID, VOCAB, Sensitivity
from asmgraph.settings import Settings
from asmgraph.store import staging
from asmgraph.validation import report as reports

SOURCE = """
name: visits
title: Places that were visited
publisher: The tests
licence: CC0-1.0
url: https://example.org/
format: csv
sensitivity: public
tables:
  places:
    file: places.csv
    key: [slug]
    columns:
      slug: { type: identifier, required: true }
      country: {}
      unit: {}
      lat: { type: decimal }
      lon: { type: decimal }
"""
MAPPING = """
prefixes:
  asm: https://w3id.org/asmgraph/ontology#
  id: https://w3id.org/asmgraph/id/
  asmfn: https://w3id.org/asmgraph/function#
  rdfs: http://www.w3.org/2000/01/rdf-schema#
  dcterms: http://purl.org/dc/terms/
sources:
  places: { access: places, referenceFormulation: csv }
mappings:
  place:
    sources: places
    subjects: id:place/visited-$(slug)
    predicateobjects:
      - [a, asm:Place]
      - [rdfs:label, $(slug)]
      - [dcterms:source, id:source/un-m49~iri]
      - predicates: asm:within
        objects:
          function: asmfn:place
          parameters: &asked
            [[asmfn:country, $(country)], [asmfn:name, $(unit)], [asmfn:longitude, $(lon)], [asmfn:latitude, $(lat)]]
      - { predicates: asm:placementMethod, objects: { function: asmfn:placementMethod, parameters: *asked } }
      - { predicates: asm:placementExactness, objects: { function: asmfn:placementExactness, parameters: *asked } }
"""
ROWS = """slug,country,unit,lat,lon
a,CD,Province du Sud Kivu,,
b,COD,Katanga,,
c,Ghana,Eastern,,
d,CD,,-2.0,28.5
e,CD,Nowhere,,
f,,Ituri,,
"""
PCODES = """Location,Admin Level,P-Code,Name,Parent P-Code,Valid from date
COD,1,CD62,Sud-Kivu,COD,2019-09-11
COD,1,CD99,Invented Province,COD,2019-09-11
COD,2,CD6299,Invented Territory,CD62,2019-09-11
COD,2,CD9901,Other Territory,CD99,2019-09-11
COD,2,CD9902,,CD99,2019-09-11
"""


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    folder = tmp_path / "home" / "sources" / "visits"
    folder.mkdir(parents=True)
    for name, content in (("source.yml", SOURCE), ("mapping.yml", MAPPING), ("places.csv", ROWS)):
        (folder / name).write_text(content, encoding="utf-8")
    return settings.load(home=tmp_path / "home")


def lines(home: Settings, source: str) -> set[str]:
    staged = staging.current(home.home, source)
    assert staged is not None
    return set(staged.file(Sensitivity.PUBLIC).read_text(encoding="utf-8").splitlines())


def within(home: Settings, source: str = "visits") -> set[tuple[str, str]]:
    parts = (line.split(" ") for line in lines(home, source) if f"<{ASM}within>" in line)
    return {(part[0].rsplit("/", 1)[1][:-1], part[2].rsplit("/", 1)[1][:-1]) for part in parts}


def boundary(home: Settings, name: str, code: str, west: float, east: float) -> None:
    ring = [[west, -3.0], [east, -3.0], [east, -1.0], [west, -1.0], [west, -3.0]]
    feature = {"properties": {"iso_3166_2": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    folder = home.home / "boundaries"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))


def test_rows_are_put_into_places_and_the_report_counts_the_methods(home: Settings) -> None:
    report = pipeline.ingest(home, "visits")
    assert report.placements == {"name": 3}
    assert within(home) == {
        ("visited-a", "CD-SK"),
        ("visited-b", "CD-KATANGA-OLD"),
        ("visited-c", "gha-eastern"),
    }


def test_what_is_in_no_known_place_is_listed_with_the_reason(home: Settings) -> None:
    report = pipeline.ingest(home, "visits")
    assert report.unplaced == {
        "-2 28.5, CD": "no boundary and no known place nearby tells where the coordinates lie",
        "Ituri": "the name 'Ituri' is not known without its country",
        "Nowhere, CD": "the name 'Nowhere' is not known there",
    }
    assert reports.from_json(report.as_json()) == report


def test_the_method_and_the_exactness_are_stated(home: Settings) -> None:
    pipeline.ingest(home, "visits")
    subject = f"<{ID}place/visited-a>"
    assert lines(home, "visits") >= {
        f"{subject} <{ASM}placementMethod> <{VOCAB}placement-method/name> .",
        f"{subject} <{ASM}placementExactness> <{VOCAB}exactness/exact> .",
    }


def test_a_file_of_boundaries_in_the_home_tells_where_coordinates_lie(home: Settings) -> None:
    pipeline.ingest(home, "visits")
    boundary(home, "provinces.geojson", "CD-SK", 27.0, 30.0)
    report = pipeline.ingest(home, "visits")
    assert not report.unchanged
    assert report.placements == {"area": 1, "name": 3}
    assert ("visited-d", "CD-SK") in within(home)


def test_a_boundary_that_is_of_no_known_place_is_left_out(home: Settings) -> None:
    boundary(home, "provinces.geojson", "CD-ZZ", 27.0, 30.0)
    assert pipeline.ingest(home, "visits").placements == {"name": 3}


def test_a_broken_file_of_boundaries_is_named(home: Settings) -> None:
    (home.home / "boundaries").mkdir()
    (home.home / "boundaries" / "broken.json").write_text("{")
    with pytest.raises(SourceError, match=r"broken\.json is not TopoJSON or GeoJSON"):
        pipeline.ingest(home, "visits")


def test_boundaries_of_another_time_are_not_those_of_now(home: Settings) -> None:
    boundary(home, "provinces-2010.geojson", "CD-KA", 27.0, 30.0)
    assert pipeline.ingest(home, "visits").placements == {"name": 3}


def test_known_units_take_their_p_code_and_others_become_places(home: Settings, tmp_path: Path) -> None:
    file = tmp_path / "pcodes.csv"
    file.write_text(PCODES, encoding="utf-8")
    report = pipeline.ingest(home, "ocha-pcodes", file)
    assert report.placements == {"name": 1}
    assert [refusal.row for refusal in report.refused] == [5]
    assert within(home, "ocha-pcodes") == {
        ("CD-SK", "COD"),
        ("ocha-CD99", "COD"),
        ("ocha-CD6299", "CD-SK"),
        ("ocha-CD9901", "ocha-CD99"),
    }
    identifier = "<http://purl.org/dc/terms/identifier>"
    assert f'<{ID}place/CD-SK> {identifier} "ocha-pcode:CD62" .' in lines(home, "ocha-pcodes")


def test_once_staged_p_codes_serve_other_sources(home: Settings, tmp_path: Path) -> None:
    file = tmp_path / "pcodes.csv"
    file.write_text(PCODES, encoding="utf-8")
    pipeline.ingest(home, "ocha-pcodes", file)
    rows = "slug,country,unit,lat,lon\na,CD,Invented territory,,\nb,CD,Sud-Kivu,,\n"
    (home.home / "sources" / "visits" / "places.csv").write_text(rows, encoding="utf-8")
    pipeline.ingest(home, "visits")
    assert within(home) == {("visited-a", "ocha-CD6299"), ("visited-b", "CD-SK")}
