"""Put what a row says of where something is into a known place: by code, by name, by its coordinates.

The first method that answers wins, and none guesses: where several places answer, the next method is tried, and
at last the answer is none, with the reason. Knows no file format, no RDF and no store.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from asmgraph.mapping.placenames import bare, plain
from asmgraph.mapping.places import Known

NEAR_KM = 10.0
"""How near known places must be where a mapping does not say, and how far a boundary may be off."""
_EARTH_KM = 6371.0
_DEGREE_KM = math.pi * _EARTH_KM / 180

Method = Literal["code", "name", "area", "nearest"]


@dataclass(frozen=True)
class Question:
    """What a row says of where something is; null is 'not said'.

    ``country`` and ``within`` are codes or names, ``within`` of a unit in the country. ``level`` is the level of the
    unit that is meant, where the row says so. ``date`` is of any exactness, ``longitude`` and ``latitude`` are decimal
    degrees in WGS 84. ``km`` is how near known places must be.
    """

    country: str | None = None
    within: str | None = None
    code: str | None = None
    name: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    date: str | None = None
    level: int | None = None
    km: float = NEAR_KM

    def describe(self) -> str:
        """Return what was said, for a person."""
        position = None if self.position is None else f"{self.latitude:g} {self.longitude:g}"
        parts = (self.code, self.name, position, self.within, self.country)
        return ", ".join(part for part in parts if part)

    @property
    def says(self) -> bool:
        """Return whether anything is said but the larger place."""
        said = (self.code, self.name, self.longitude, self.latitude)
        return any(part is not None for part in said)

    @property
    def position(self) -> tuple[float, float] | None:
        """Return longitude and latitude, where both are there, possible, and not the 0 0 of an empty form."""
        if self.longitude is None or self.latitude is None or (self.longitude, self.latitude) == (0, 0):
            return None
        if not (abs(self.longitude) <= 180 and abs(self.latitude) <= 90):
            return None
        return self.longitude, self.latitude


@dataclass(frozen=True)
class Placement:
    """The known place that was found, by what, and whether it is the one meant; or why none was found."""

    place: str | None = None
    method: Method | None = None
    exact: bool = False
    reason: str = ""


@dataclass
class Gazetteer:
    """Known places and boundaries, made ready to be asked; remembers each question and its answer.

    Parameters
    ----------
    places
        Every known place once; see :func:`asmgraph.mapping.places.known_places`.
    areas
        Boundaries by IRI of the place, longitude before latitude in WGS 84. May be empty.
    """

    places: Collection[Known] = ()
    areas: Mapping[str, BaseGeometry] = field(default_factory=dict)
    answers: dict[Question, Placement] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._known = {place.iri: place for place in self.places}
        self._codes: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, set[str]] = defaultdict(set)
        self._above: dict[str, frozenset[str]] = {}
        for place in self.places:
            if place.named:
                for code in place.codes:
                    for form in {code, code.partition(":")[2] or code}:
                        self._codes[form].add(place.iri)
                for name in place.names:
                    for form in {name, bare(name)}:
                        self._names[form].add(place.iri)
        self._bounded = sorted(set(self.areas) & set(self._known))
        self._boundaries = shapely.STRtree([self.areas[iri] for iri in self._bounded])
        self._seen = [(place.iri, place.position) for place in self.places if place.position]
        self._points = shapely.STRtree([shapely.Point(position) for _, position in self._seen])

    def find(self, question: Question) -> Placement:
        """Return where a row puts something."""
        if question not in self.answers:
            self.answers[question] = self._find(question)
        return self.answers[question]

    def above(self, place: str) -> frozenset[str]:
        """Return a place and every known place that it lies in."""
        if place not in self._above:
            found, waiting = {place}, [place]
            while waiting:
                known = self._known.get(waiting.pop())
                new = (known.within if known else frozenset()) - found
                found |= new
                waiting += new
            self._above[place] = frozenset(found)
        return self._above[place]

    def _find(self, question: Question) -> Placement:
        area: str | None = None
        for text in (question.country, question.within):
            if text is not None:
                found = self._area(text, area)
                if found is None:
                    return Placement(reason=f"{text!r} is no code or name of one known place")
                area = found
        reasons = []
        for method in (self._by_code, self._by_name, self._by_position):
            placement = method(question, area)
            if placement.place is not None:
                return placement
            reasons.append(placement.reason)
        return Placement(reason="; ".join(filter(None, reasons)) or "nothing is said but the larger place")

    def _area(self, text: str, area: str | None) -> str | None:
        """Return the one place that is meant by a code, else by a name."""
        by_code = self._lying_in(self._codes.get(text.strip().casefold(), ()), area)
        found = by_code or [iri for iri in self._named(plain(text), area) if not self._known[iri].former]
        return found[0] if len(found) == 1 else None

    def _named(self, name: str, area: str | None) -> list[str]:
        """Return the places of a name in an area; without one, those alone that lie in no country."""
        found = self._lying_in(self._names.get(name, ()), area)
        return [iri for iri in found if area is not None or not self._below_country(iri)]

    def _below_country(self, place: str) -> bool:
        above = (self._known[iri] for iri in self.above(place) - {place} if iri in self._known)
        return any(one.level == 0 for one in above)

    def _lying_in(self, places: Iterable[str], area: str | None) -> list[str]:
        return sorted(place for place in places if area is None or area in self.above(place))

    def _by_code(self, question: Question, area: str | None) -> Placement:
        if question.code is None:
            return Placement()
        everywhere = self._codes.get(question.code.strip().casefold(), set())
        found = self._lying_in(everywhere, area)
        if len(found) == 1:
            return Placement(found[0], "code", exact=True)
        why = _several(found) if found else "lies elsewhere" if everywhere else "is not known"
        return Placement(reason=f"the code {question.code!r} {why}")

    def _by_name(self, question: Question, area: str | None) -> Placement:
        if question.name is None or not plain(question.name):
            return Placement()
        found: list[str] = []
        for form in (plain(question.name), bare(question.name)):
            found = found or self._named(form, area)
        found = [iri for iri in found if question.level in (None, self._known[iri].level)]
        then = [iri for iri in found if self._known[iri].stood(question.date)]
        found = then or found
        if len(found) == 1:
            return Placement(found[0], "name", exact=True)
        around = [iri for iri in found if all(iri in self.above(other) for other in found)]
        if len(around) == 1:  # the town or the province around it: it lies in the province either way
            return Placement(around[0], "name")
        if found:
            return Placement(reason=f"the name {question.name!r} {_several(found)}")
        where = "there" if area else "without its country"
        return Placement(reason=f"the name {question.name!r} is not known {where}")

    def _by_position(self, question: Question, area: str | None) -> Placement:
        if question.position is None:
            said = question.longitude is not None or question.latitude is not None
            return Placement(reason="the coordinates are not complete, or not possible" if said else "")
        point = shapely.Point(question.position)
        if area is not None and area in self.areas and _km(self.areas[area], point) > NEAR_KM:
            return Placement(reason=f"the coordinates lie outside {_slug(area)}")
        around = self._around(point, question, area)
        deepest = self._deepest(around, question)
        if deepest is not None and deepest != area:
            exact = _km(self.areas[deepest].boundary, point) > NEAR_KM
            return Placement(deepest, "area", exact)
        near = self._near(point, question, area)
        if near is not None:
            return Placement(near, "nearest")
        return Placement(reason="no boundary and no known place nearby tells where the coordinates lie")

    def _around(self, point: shapely.Point, question: Question, area: str | None) -> set[str]:
        hits = (self._bounded[place] for place in self._boundaries.query(point, predicate="intersects"))
        return {
            iri for iri in self._lying_in(hits, area) if self._known[iri].stood(question.date) or area == iri
        }

    def _near(self, point: shapely.Point, question: Question, area: str | None) -> str | None:
        """Return the smallest unit in which all known places nearby lie, below ``area``."""
        high = question.km / _DEGREE_KM
        wide = high / max(math.cos(math.radians(point.y)), 0.01)
        box = shapely.box(point.x - wide, point.y - high, point.x + wide, point.y + high)
        near = (self._seen[place] for place in self._points.query(box))
        inside = [
            self._units(place, question.date)
            for place, position in near
            if _distance_km((point.x, point.y), position) <= question.km
            and (area is None or area in self.above(place))
        ]
        common = frozenset.intersection(*inside) if inside else frozenset()
        return self._deepest({iri for iri in common if iri != area}, question)

    def _units(self, place: str, date: str | None) -> frozenset[str]:
        """Return the units below countries that a place is or lies in, of the time asked about."""
        above = (self._known[iri] for iri in self.above(place) if iri in self._known)
        return frozenset(unit.iri for unit in above if unit.level and unit.named and unit.stood(date))

    def _deepest(self, places: Collection[str], question: Question) -> str | None:
        """Return the one place of the deepest level, or of the level asked for."""
        levels = {iri: level for iri in places if (level := self._known[iri].level) is not None}
        wanted = question.level if question.level is not None else max(levels.values(), default=None)
        found = [iri for iri, level in levels.items() if level == wanted]
        return found[0] if len(found) == 1 else None


def _several(found: Iterable[str]) -> str:
    return f"may be any of {', '.join(_slug(iri) for iri in sorted(found))}"


def _slug(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]


def _km(shape: BaseGeometry, point: shapely.Point) -> float:
    """Return how far a point is from the nearest point of a shape; 0 within it."""
    nearest = nearest_points(shape, point)[0]
    return _distance_km((point.x, point.y), (nearest.x, nearest.y))


def _distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the great-circle distance by the haversine formula, on a sphere of 6,371 km."""
    (lon1, phi1), (lon2, phi2) = ((lon, math.radians(lat)) for lon, lat in (one, other))
    half = math.sin((phi2 - phi1) / 2) ** 2
    half += math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))
