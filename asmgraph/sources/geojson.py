"""Read GeoJSON: features in, batches of text rows out, streamed feature by feature.

The record is a feature's ``properties``: a column's ``at`` is a path below them, ``../id`` is the feature's own. Four
more places hold the geometry, in degrees of WGS84: ``_longitude`` and ``_latitude`` of a point, or of a point that
surely lies on a line or an area; ``_wkt``, the whole as well-known text; ``_geometry``, its kind. Rows are numbered as
features of their file, from 1.

RFC 7946: https://www.rfc-editor.org/rfc/rfc7946
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import shapely
import shapely.geometry

from asmgraph.descriptions import Source, Table
from asmgraph.errors import SourceError
from asmgraph.records import Batch
from asmgraph.sources import gathering, json, json_events, paths, tables
from asmgraph.sources.json_events import Value
from asmgraph.sources.paths import Leaves

ENDINGS = (".geojson", ".json")
PLACES = 7
"""Decimal places of a degree, which are a centimetre."""
_WGS84 = re.compile(r"(urn:ogc:def:crs:)?(OGC:(1\.3)?:?CRS84|EPSG:[\d.]*:?4326)", re.IGNORECASE)
_KIND, _LONGITUDE, _LATITUDE, _WKT = "_geometry", "_longitude", "_latitude", "_wkt"


def files(path: Path, source: Source) -> list[Path]:
    """Return the files of all tables at ``path``, sorted; none where the folder holds no such file."""
    return tables.files(path, source, *ENDINGS, shared=True)


def read(path: Path, source: Source, *, everything: bool = False) -> Iterator[Batch]:
    """Yield the features at ``path`` as rows of every table of ``source``.

    Raises
    ------
    SourceError
        If a file is no GeoJSON in WGS84, or a geometry is none; besides what :func:`asmgraph.sources.json.read` raises.
    """
    for name, file in tables.located(path, source, *ENDINGS, shared=True).items():
        table = source.tables[name]
        yield from gathering.batches(name, file.name, _records(file, table))


def _records(file: Path, table: Table) -> Iterator[gathering.Record]:
    def refuse_other_system(keys: Sequence[str], value: Value) -> None:
        stated = isinstance(value, str) and [*keys[:1], *keys[-1:]] in (["crs", "name"], ["crs", "href"])
        if stated and not _WGS84.fullmatch(str(value)):
            raise SourceError(
                f"{file.name} is in the coordinate reference system {value!r}.",
                "Save it in WGS84 (EPSG:4326, longitude and latitude), as GeoJSON is.",
            )

    asked = {column.at or name for name, column in table.columns.items()}
    way = paths.steps(table.records or "features")
    for number, feature in enumerate(json_events.elements(file, way, refuse_other_system), start=1):
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            raise SourceError(f"{file.name}, record {number}: is no feature.", "Is this the right file?")
        found = json.leaves(feature.get("properties") or {})
        found.pop(".", None)
        rest = {key: value for key, value in feature.items() if key not in ("type", "properties", "geometry")}
        found |= {paths.UP + path: texts for path, texts in json.leaves(rest).items() if path != "."}
        found |= _geometry(file, number, feature.get("geometry"), asked)
        yield number, paths.cells(found, table, file.name, number)


def _geometry(file: Path, number: int, geometry: Value, asked: set[str]) -> Leaves:
    """Return the places that hold a geometry, those that are asked for; its kind at least, so that it is named."""
    wanted = [place for place in (_LONGITUDE, _LATITUDE, _WKT) if place in asked]
    if geometry is None:
        return {place: [] for place in (_KIND, *wanted) if place in asked}
    kind = str(geometry.get("type")) if isinstance(geometry, dict) else "none"
    found: Leaves = {} if wanted and _KIND not in asked else {_KIND: [kind]}
    shape = _shape(file, number, geometry)
    if _WKT in asked:
        found[_WKT] = [shapely.to_wkt(shape, rounding_precision=PLACES)]
    if _LONGITUDE in asked or _LATITUDE in asked:
        point = shape if kind == "Point" else shape.representative_point()
        for place, degrees in ((_LONGITUDE, point.x), (_LATITUDE, point.y)):
            if place in asked:
                found[place] = [f"{degrees:.{PLACES}f}".rstrip("0").rstrip(".")]
    return found


def _shape(file: Path, number: int, geometry: Any) -> Any:
    try:
        shape = shapely.force_2d(shapely.geometry.shape(geometry))
        if shape.is_empty:
            raise ValueError("it is empty")
        west, south, east, north = shape.bounds
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValueError(f"it reaches from {west}, {south} to {east}, {north}, which are no degrees")
        return shape
    except (
        shapely.errors.ShapelyError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
    ) as error:
        raise SourceError(
            f"{file.name}, record {number}: its geometry cannot be read: {error}.",
            "Mend it there; coordinates are longitude, then latitude, in degrees of WGS84.",
        ) from None
