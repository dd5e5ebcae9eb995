"""Features become rows: their properties, and places in degrees."""

from __future__ import annotations

import json as writer
from pathlib import Path
from typing import Any

import pytest
import shapely

from asmgraph.errors import SourceError
from tests.sources.described import described, rows

GEOMETRY = {name.strip("_"): {"at": name} for name in ("_longitude", "_latitude", "_wkt", "_geometry")}
SQUARE = [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]]
HORSESHOE = [[[0, 0], [9, 0], [9, 9], [8, 9], [8, 1], [1, 1], [1, 9], [0, 9], [0, 0]]]


def written(folder: Path, *features: Any, **more: Any) -> Path:
    file = folder / "t.geojson"
    file.write_text(
        writer.dumps({"type": "FeatureCollection", **more, "features": features}), encoding="utf-8"
    )
    return file


def feature(geometry: Any, **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, "geometry": geometry, **more}


def shape(kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": kind, "coordinates": coordinates}


def refused(file: Path) -> str:
    with pytest.raises(SourceError) as caught:
        rows(file, described("geojson", GEOMETRY))
    assert caught.value.hint
    return str(caught.value)


def test_a_point_is_its_coordinates(tmp_path: Path) -> None:
    site = feature(
        shape("Point", [29.123456789, -1.5, 1460]), id=7, properties={"name": "A", "dug": {"by": "hand"}}
    )
    source = described("geojson", {**GEOMETRY, "name": {}, "id": {"at": "../id"}})
    assert rows(written(tmp_path, site), source) == [
        {
            "_row": 1,
            "longitude": "29.1234568",
            "latitude": "-1.5",
            "wkt": "POINT (29.1234568 -1.5)",
            "geometry": "Point",
            "name": "A",
            "id": "7",
            "dug/by": "hand",
        }
    ]


@pytest.mark.parametrize(
    ("kind", "coordinates"),
    [
        ("Polygon", SQUARE),
        ("Polygon", HORSESHOE),
        ("MultiPolygon", [HORSESHOE, [[[20, 20], [21, 20], [21, 21], [20, 20]]]]),
        ("LineString", [[0, 0], [4, 4]]),
        ("MultiPoint", [[0, 0], [4, 4]]),
    ],
)
def test_the_point_of_an_area_lies_in_it(kind: str, coordinates: Any, tmp_path: Path) -> None:
    (row,) = rows(written(tmp_path, feature(shape(kind, coordinates))), described("geojson", GEOMETRY))
    whole = shapely.from_wkt(row["wkt"])
    assert whole.equals(shapely.geometry.shape(shape(kind, coordinates)))
    assert whole.distance(shapely.Point(float(row["longitude"]), float(row["latitude"]))) == 0
    assert row["geometry"] == kind


def test_a_feature_without_place_has_none(tmp_path: Path) -> None:
    (row,) = rows(written(tmp_path, feature(None)), described("geojson", GEOMETRY))
    assert set(row.values()) == {1, None}


def test_a_geometry_nobody_asks_for_is_named(tmp_path: Path) -> None:
    file = written(tmp_path, feature(shape("Point", [1, 2])))
    assert rows(file, described("geojson")) == [{"_row": 1, "_geometry": "Point"}]
    assert rows(file, described("geojson", {"x": {"at": "_longitude"}})) == [{"_row": 1, "x": "1"}]


@pytest.mark.parametrize(
    "name",
    [
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:EPSG::4326",
        "EPSG:4326",
        "urn:ogc:def:crs:OGC::CRS84",
    ],
)
def test_degrees_of_wgs84_are_read(name: str, tmp_path: Path) -> None:
    file = written(
        tmp_path, feature(shape("Point", [1, 2])), crs={"type": "name", "properties": {"name": name}}
    )
    assert len(rows(file, described("geojson", GEOMETRY))) == 1


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::3857", "EPSG:32735", "EPSG:43260", "Local"])
def test_another_reference_system_is_refused_wherever_it_stands(name: str, tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    assert repr(name) in refused(written(tmp_path, feature(None), crs=crs))
    (tmp_path / "t.geojson").write_text(
        writer.dumps({"features": [feature(None)], "crs": crs}), encoding="utf-8"
    )
    assert repr(name) in refused(tmp_path / "t.geojson")


@pytest.mark.parametrize(
    "geometry",
    [
        shape("Point", [500_000, 9_800_000]),
        shape("Point", [0, 91]),
        shape("Point", []),
        shape("Point", ["a", "b"]),
        shape("Point", [1]),
        shape("Point", 1),
        shape("Circle", [0, 0]),
        shape("Polygon", [[[0, 0], [1, 1]]]),
        {"type": "Point"},
        {},
        "POINT (1 2)",
        [1, 2],
    ],
)
def test_what_is_no_geometry_is_refused_by_its_record(geometry: Any, tmp_path: Path) -> None:
    file = written(tmp_path, feature(shape("Point", [0, 0])), feature(geometry))
    assert "t.geojson, record 2: its geometry cannot be read" in refused(file)


def test_what_is_no_feature_is_refused(tmp_path: Path) -> None:
    assert "record 1: is no feature" in refused(written(tmp_path, {"a": 1}))
    for content in ("[]", '"text"', "5", "{}"):
        (tmp_path / "t.geojson").write_text(content, encoding="utf-8")
        assert "has nothing at 'features'" in refused(tmp_path / "t.geojson")


@pytest.mark.external
def test_detected_mines_in_ghana_lie_in_ghana(external_data: Path) -> None:
    file = external_data / "amazon-mining-watch" / "ghana_2024_detections.geojson"
    found = rows(file, described("geojson", GEOMETRY))
    assert len(found) == 685
    assert {row["geometry"] for row in found} <= {"Polygon", "MultiPolygon"}
    assert all(-3.3 < float(row["longitude"]) < 1.2 and 4.7 < float(row["latitude"]) < 11.2 for row in found)
