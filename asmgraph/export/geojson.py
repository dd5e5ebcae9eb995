"""Things with coordinates as GeoJSON (RFC 7946), each with where its coordinates come from.

Only coordinates that the snapshot holds are given; of the public one, those that may be published. Where sources
disagree on where a thing is, each has its own feature. WGS 84, longitude before latitude.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from pyoxigraph import NamedNode

from asmgraph.errors import NotFoundError
from asmgraph.export.citation import as_text, of_source
from asmgraph.export.things import SOURCES, TYPE, Reader, Thing, counted
from asmgraph.export.whole import Progress, silent
from asmgraph.terms import ASM

LAT = "http://www.w3.org/2003/01/geo/wgs84_pos#lat"
LONG = "http://www.w3.org/2003/01/geo/wgs84_pos#long"
NAMES = {"places": frozenset({"Place", "AdministrativeUnit"}), "sites": frozenset({"MineSite"})}
"""What may be asked for by name; without a name, everything that has coordinates."""
_OWN = str(ASM.Place).removesuffix("Place")
_GENERAL = ("Place",)


def write(reader: Reader, target: BinaryIO, name: str = "", progress: Progress = silent) -> int:
    """Write a FeatureCollection, a feature a line; return how many features it has.

    Its member ``left_out`` lists the things whose coordinates say no point, where there are any; see :func:`points`.

    Raises
    ------
    NotFoundError
        If ``name`` is none of :data:`NAMES`.
    """
    if name and name not in NAMES:
        raise NotFoundError(f"There is no map of {name!r}.", f"Maps: {', '.join(NAMES)}.")
    sources = [as_text(of_source(reader.release, source)) for source in reader.release.sources.values()]
    head = {"type": "FeatureCollection", "sources": sources}
    target.write(json.dumps(head, ensure_ascii=False).removesuffix("}").encode() + b', "features": [')
    written = 0
    left_out: list[str] = []
    for feature in features(reader, name, progress, left_out.append):
        target.write((b",\n" if written else b"\n") + json.dumps(feature, ensure_ascii=False).encode())
        written += 1
    said = f', "left_out": {json.dumps(left_out, ensure_ascii=False)}' if left_out else ""
    target.write(f"\n]{said}}}\n".encode())
    return written


def features(
    reader: Reader,
    name: str = "",
    progress: Progress = silent,
    left_out: Callable[[str], None] = lambda _: None,
) -> Iterator[dict[str, Any]]:
    """Yield the features of the things with coordinates, sorted by address; tell those whose say no point."""
    found = reader.with_property(LAT)
    for iri in counted(found, "features", progress, len(found)):
        thing = reader.read(iri)
        kinds = [kind.removeprefix(_OWN) for kind in thing.texts(TYPE.value) if kind.startswith(_OWN)]
        if name and NAMES[name].isdisjoint(kinds):
            continue
        found_at = points(thing)
        if not found_at:
            left_out(iri)
        for point, graphs in found_at:
            yield _feature(reader, thing, kinds, point, graphs)


def located(reader: Reader, iris: Iterable[str], places: str) -> Iterator[dict[str, Any]]:
    """Yield a feature for each of some things and each point that is known of one of its places.

    Parameters
    ----------
    places
        The property that leads from a thing to its places.

    Notes
    -----
    A thing of which no point is known is a feature without geometry, as RFC 7946 allows: none is left out.
    """
    for iri in iris:
        thing = reader.read(iri)
        found = [(place, point) for place in thing.texts(places) for point, _ in points(reader.thing(place))]
        common = {"iri": iri, "name": reader.label(thing)}
        sourced = {name: cell for name, cell in zip(SOURCES, reader.sourced(thing), strict=True) if cell}
        if not found:
            named = "; ".join(map(reader.name, thing.texts(places)))
            properties = {**common, **({"place": named} if named else {}), **sourced}
            yield {"type": "Feature", "geometry": None, "properties": properties}
        for place, point in found:
            properties = {**common, "place": reader.name(place), "place_iri": place, **sourced}
            geometry = {"type": "Point", "coordinates": list(point)}
            yield {"type": "Feature", "geometry": geometry, "properties": properties}


def points(thing: Thing) -> list[tuple[tuple[float, float], frozenset[str]]]:
    """Return where a thing is, as longitude and latitude, and the graphs that say so.

    A graph that gives two latitudes or two longitudes says no point, nor does one with a number beyond the globe.
    """
    found: dict[tuple[float, float], set[str]] = {}
    for graph in thing.graphs:
        pair = []
        for property_, bound in ((LONG, 180.0), (LAT, 90.0)):
            stated = [value for value, graphs in thing.stated.get(property_, {}).items() if graph in graphs]
            number = _number(stated[0].value) if len(stated) == 1 else None
            if number is not None and abs(number) <= bound:
                pair.append(number)
        if len(pair) == 2:
            found.setdefault((pair[0], pair[1]), set()).add(graph)
    return [(point, frozenset(graphs)) for point, graphs in sorted(found.items())]


def _feature(
    reader: Reader, thing: Thing, kinds: list[str], point: tuple[float, float], graphs: frozenset[str]
) -> dict[str, Any]:
    stated = {
        name: {value: held & graphs for value, held in values.items() if held & graphs}
        for name, values in thing.stated.items()
    }
    held = Thing(thing.iri, stated)
    properties: dict[str, Any] = {
        "iri": thing.iri,
        "name": reader.label(thing),
        "kind": next((kind for kind in kinds if kind not in _GENERAL), next(iter(kinds), "")),
    }
    for name, property_ in (
        ("within", ASM.within), ("exactness", ASM.exactness), ("location_origin", ASM.locationOrigin),
    ):  # fmt: skip
        values = held.values(str(property_))
        if values:
            properties[name] = "; ".join(
                reader.name(value.value) if isinstance(value, NamedNode) else value.value for value in values
            )
    properties |= {name: cell for name, cell in zip(SOURCES, reader.sourced(held), strict=True) if cell}
    return {
        "type": "Feature",
        "id": thing.iri,
        "geometry": {"type": "Point", "coordinates": list(point)},
        "properties": properties,
    }


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if number == number else None
