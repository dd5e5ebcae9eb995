"""Boundaries of countries and their units, from TopoJSON or GeoJSON files: shapes with what names them.

Reads the files that people have: ``world-atlas`` (Natural Earth countries as TopoJSON, with ISO 3166-1 numbers as ids),
Natural Earth's first level as GeoJSON, and other collections whose properties name unit and country. Knows no RDF.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from asmgraph.errors import SourceError

MOST_BYTES = 60_000_000
"""The largest file that is read; Natural Earth's first level of the whole world has 45 MB."""
_ENDINGS = (".json", ".geojson", ".topojson")
_CODES = ("iso_3166_2", "shapeISO", "adm1_pcode", "ADM1_PCODE", "ISO_A3_EH", "iso_a3")
_COUNTRIES = (
    "adm0_a3",
    "ADM0_A3",
    "shapeGroup",
    "ISO3166-1-Alpha-3",
    "iso_a2",
    "ADM0_PCODE",
    "country",
    "admin",
)
_NAMES = ("name", "name_en", "NAME", "shapeName", "ADM1_FR", "ADM1_EN", "ADM1_NAME")
_BLANK = ("", "-99", "-1")


@dataclass(frozen=True)
class Boundary:
    """One shape, longitude before latitude in WGS 84, and the code, the name and the country that the file gives it."""

    code: str | None
    name: str | None
    country: str | None
    shape: BaseGeometry


def files(folder: Path) -> tuple[Path, ...]:
    """Return the files of boundaries in a folder, sorted; none where there is no such folder."""
    return tuple(sorted(file for file in folder.glob("*") if file.suffix.lower() in _ENDINGS))


def read(path: Path) -> Iterator[Boundary]:
    """Yield every polygon of a TopoJSON topology or a GeoJSON collection.

    Raises
    ------
    SourceError
        If the file is larger than :data:`MOST_BYTES`, or is neither of the two.
    """
    if path.stat().st_size > MOST_BYTES:
        raise SourceError(
            f"{path} has {path.stat().st_size:,} bytes; the limit is {MOST_BYTES:,}.",
            "Take a simplified file of boundaries, or one country at a time.",
        )
    try:
        content = json.loads(path.read_bytes())
        if content["type"] == "Topology":
            yield from _topology(content)
        else:
            for feature in content["features"]:
                yield from _boundary(feature, None, feature["geometry"])
    except (
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        RecursionError,
        shapely.errors.ShapelyError,
    ) as error:
        raise SourceError(
            f"{path} is not TopoJSON or GeoJSON with polygons: {type(error).__name__} {error}.",
            "Boundaries are a TopoJSON topology or a GeoJSON feature collection, in WGS 84.",
        ) from None


def _topology(content: Mapping[str, Any]) -> Iterator[Boundary]:
    """Decode a topology (https://github.com/topojson/topojson-specification) without its land and other outlines."""
    arcs = [_arc(arc, content.get("transform")) for arc in content["arcs"]]

    def ring(indices: Sequence[int]) -> list[tuple[float, float]]:
        parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
        return [point for place, part in enumerate(parts) for point in part[1 if place else 0 :]]

    for key, collection in content["objects"].items():
        for one in collection.get("geometries", ()):
            if one.get("type") not in ("Polygon", "MultiPolygon") or not (
                one.get("properties") or "id" in one
            ):
                continue
            some = [one["arcs"]] if one["type"] == "Polygon" else one["arcs"]
            rings = [[ring(indices) for indices in polygon] for polygon in some]
            country = key.upper() if len(key) == 3 and key.isalpha() else None
            yield from _boundary(one, country, {"type": "MultiPolygon", "coordinates": rings})


def _arc(arc: Sequence[Sequence[float]], transform: Mapping[str, Any] | None) -> list[tuple[float, float]]:
    if transform is None:
        return [(float(x), float(y)) for x, y, *_ in arc]
    (wide, high), (left, low) = transform["scale"], transform["translate"]
    steps = accumulate(((x, y) for x, y, *_ in arc), lambda a, b: (a[0] + b[0], a[1] + b[1]))
    return [(x * wide + left, y * high + low) for x, y in steps]


def _boundary(
    record: Mapping[str, Any], country: str | None, geometry: Mapping[str, Any] | None
) -> Iterator[Boundary]:
    if geometry is None or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return
    properties = record.get("properties") or {}
    number = str(record.get("id", ""))
    code = _first(properties, _CODES) or (f"m49:{number.zfill(3)}" if number.isdigit() else None)
    shape = shapely.make_valid(shapely.geometry.shape(dict(geometry)))
    yield Boundary(code, _first(properties, _NAMES), _first(properties, _COUNTRIES) or country, shape)


def _first(properties: Mapping[str, Any], names: Sequence[str]) -> str | None:
    texts = (str(properties[name]).strip() for name in names if properties.get(name) is not None)
    return next((text for text in texts if text not in _BLANK), None)
