"""Boundaries are read from TopoJSON and GeoJSON; what is neither is refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from asmgraph.errors import SourceError
from asmgraph.sources import boundaries

# Two squares that share the arc from (2, 0) to (2, 2), quantised: one unit is half a degree, from (0, 0).
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [0, 0]},
    "arcs": [[[4, 0], [0, 4]], [[4, 4], [-4, 0], [0, -4], [4, 0]], [[4, 4], [4, 0], [0, -4], [-4, 0]]],
    "objects": {
        "countries": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "4", "properties": {"name": "West"}, "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "id": "008", "properties": {"name": "East"}, "arcs": [[[2, 0]]]},
                {"type": "LineString", "id": "012", "properties": {"name": "Line"}, "arcs": [0]},
            ],
        },
        "land": {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "arcs": [[0, 1]]}]},
    },
}
RING = [[26, -2], [28, -2], [28, 0], [26, 0], [26, -2]]


def written(folder: Path, name: str, content: object) -> Path:
    file = folder / name
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_a_topology_gives_its_countries_by_number_and_no_outlines(tmp_path: Path) -> None:
    west, east = boundaries.read(written(tmp_path, "a.json", TOPOLOGY))
    assert (west.code, west.name, west.shape.bounds) == ("m49:004", "West", (0, 0, 2, 2))
    assert (east.code, east.name, east.shape.bounds) == ("m49:008", "East", (2, 0, 4, 2))
    assert (west.shape.area, east.shape.area) == (4, 4)


def test_a_topology_of_one_country_names_it(tmp_path: Path) -> None:
    units = {"type": "GeometryCollection", "geometries": [
        {"type": "Polygon", "id": "CD.KT", "properties": {"name": "Katanga"}, "arcs": [[0, 1]]}]}  # fmt: skip
    [one] = boundaries.read(written(tmp_path, "a.json", {**TOPOLOGY, "objects": {"cod": units}}))
    assert (one.code, one.name, one.country) == (None, "Katanga", "COD")


def test_a_collection_of_features_gives_code_name_and_country(tmp_path: Path) -> None:
    properties = {"iso_3166_2": "CD-IT", "name": "Ituri", "adm0_a3": "COD", "name_en": "Ituri Province"}
    features = [
        {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [RING]}},
        {"type": "Feature", "properties": {"name": "dot"}, "geometry": {"type": "Point", "coordinates": [1, 2]}},
        {"type": "Feature", "properties": {"name": "nothing"}, "geometry": None},
        {"type": "Feature", "properties": {"iso_3166_2": "-99", "name": "X"},
         "geometry": {"type": "MultiPolygon", "coordinates": [[RING]]}},
    ]  # fmt: skip
    ituri, other = boundaries.read(
        written(tmp_path, "a.geojson", {"type": "FeatureCollection", "features": features})
    )
    assert (ituri.code, ituri.name, ituri.country) == ("CD-IT", "Ituri", "COD")
    assert (other.code, other.name, other.country) == (None, "X", None)


def test_a_ring_that_crosses_itself_is_made_valid(tmp_path: Path) -> None:
    bow = [[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]
    feature = {"properties": {"name": "Bow"}, "geometry": {"type": "Polygon", "coordinates": [bow]}}
    [one] = boundaries.read(written(tmp_path, "a.json", {"type": "FeatureCollection", "features": [feature]}))
    assert one.shape.is_valid
    assert one.shape.area == 2


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no json",
        "[]",
        "{}",
        '{"type": "Topology"}',
        '{"type": "Topology", "arcs": [[[0, 0], [1, 1]]], "objects": '
        '{"a": {"geometries": [{"type": "Polygon", "id": "1", "arcs": [[7]]}]}}}',
        '{"type": "FeatureCollection", "features": [{"geometry": {"type": "Polygon", "coordinates": [[[1]]]}}]}',
        '{"type": "FeatureCollection", "features": [{"geometry": {"type": "Polygon", "coordinates": "x"}}]}',
        '{"type":' + "[" * 100_000,
    ],
)
def test_what_holds_no_polygons_is_refused_by_its_name(content: str, tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=r"broken\.json is not TopoJSON or GeoJSON"):
        list(boundaries.read(file))


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "large.json"
    with file.open("wb") as content:
        content.truncate(boundaries.MOST_BYTES + 1)
    with pytest.raises(SourceError, match=r"has 60,000,001 bytes; the limit is 60,000,000"):
        list(boundaries.read(file))


def test_only_files_of_boundaries_are_listed(tmp_path: Path) -> None:
    for name in ("b.geojson", "a.json", "c.topojson", "d.csv"):
        (tmp_path / name).touch()
    assert [file.name for file in boundaries.files(tmp_path)] == ["a.json", "b.geojson", "c.topojson"]
    assert boundaries.files(tmp_path / "none") == ()


@pytest.mark.external
def test_the_countries_of_natural_earth_have_their_numbers(external_data: Path) -> None:
    found = list(boundaries.read(external_data / "world-atlas" / "countries-50m.json"))
    assert len(found) == 241
    by_code = {one.code: one for one in found}
    assert by_code["m49:180"].name == "Dem. Rep. Congo"
    assert by_code["m49:180"].shape.bounds == pytest.approx((12.2, -13.4, 31.3, 5.3), abs=0.1)
