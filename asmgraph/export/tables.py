"""What the data hold as tables, a kind of thing each, every row with its sources: for CSV and spreadsheets.

A value that is a thing has two columns, its name and its address; several values stand in one cell, with ``; ``
between them. What is not recorded is an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal

from asmgraph.errors import NotFoundError
from asmgraph.export.csv import Cell
from asmgraph.export.release import Release
from asmgraph.export.things import SOURCES, Reader, Thing, counted, joined
from asmgraph.export.whole import Progress, silent
from asmgraph.terms import ASM

_DCTERMS = "http://purl.org/dc/terms/"
_WGS = "http://www.w3.org/2003/01/geo/wgs84_pos#"
_NUMBERS = frozenset({"amount", "value", "lower", "upper", "workers", "lat", "long", "level"})


@dataclass(frozen=True)
class Kind:
    """A table: the classes whose things are its rows, and its columns as property by name.

    ``things`` are the columns whose values are things, ``texts`` the others.
    """

    classes: tuple[str, ...]
    things: Mapping[str, str]
    texts: Mapping[str, str]


def _asm(*names: str) -> dict[str, str]:
    return {name: str(ASM[name]) for name in names}


_PERIOD = {"start": str(ASM.startDate), "end": str(ASM.endDate)}
KINDS: Mapping[str, Kind] = {
    "interventions": Kind(
        ("Intervention", "Programme"),
        {"form": str(ASM.interventionForm), **_asm("status", "place", "theme", "mineral", "programme")},
        {
            "identifier": _DCTERMS + "identifier",
            **_PERIOD,
            "planned_start": str(ASM.plannedStartDate),
            "planned_end": str(ASM.plannedEndDate),
            "description": _DCTERMS + "description",
            "not_mapped": str(ASM.unmappedText),
        },
    ),
    "participations": Kind(
        ("Participation",),
        {"actor": str(ASM.participant), "intervention": str(ASM.participatesIn), **_asm("role")},
        {**_asm("amount", "currency"), "value_date": str(ASM.valueDate), **_PERIOD, **_asm("date")},
    ),
    "actors": Kind(
        ("Organisation", "MinerGroup", "Network", "Community", "PopulationGroup"),
        {"type": str(ASM.actorType), "based_in": str(ASM.basedIn)},
        {
            **_asm("acronym"),
            "homepage": "http://xmlns.com/foaf/0.1/homepage",
            "other_names": "http://www.w3.org/2004/02/skos/core#altLabel",
        },
    ),
    "ties": Kind(
        ("CoordinationTie",),
        {**_asm("party"), "kind": str(ASM.tieKind)},
        {**_PERIOD, **_asm("date")},
    ),
    "needs": Kind(
        ("Need",),
        {**_asm("place", "challenge", "impact"), "group": str(ASM.populationGroup)},
        {**_asm("statement", "value", "lower", "upper", "unit", "date", "method")},
    ),
    "figures": Kind(
        ("IndicatorValue",),
        {**_asm("indicator", "place"), "group": str(ASM.populationGroup), "kind": str(ASM.valueKind)},
        {**_asm("value", "lower", "upper", "unit", "date"), **_PERIOD, **_asm("method")},
    ),
    "documents": Kind(
        ("Document",),
        {"kind": str(ASM.documentKind), **_asm("place", "theme")},
        {"page": "http://xmlns.com/foaf/0.1/page", "identifier": _DCTERMS + "identifier", **_asm("date")},
    ),
    "policies": Kind(
        ("Policy",),
        {"issued_by": str(ASM.issuedBy), **_asm("place", "theme"), "level": str(ASM.policyLevel)},
        _asm("date"),
    ),
    "places": Kind(
        ("Place", "AdministrativeUnit"),
        _asm("within"),
        {
            "code": "http://www.w3.org/2004/02/skos/core#notation",
            "level": str(ASM.adminLevel),
            "lat": _WGS + "lat",
            "long": _WGS + "long",
        },
    ),
    "sites": Kind(
        ("MineSite",),
        {**_asm("within", "exactness"), "location_origin": str(ASM.locationOrigin)},
        {"identifier": _DCTERMS + "identifier", "lat": _WGS + "lat", "long": _WGS + "long"},
    ),
    "visits": Kind(
        ("SiteVisit",),
        {**_asm("site", "mineral"), "mode": str(ASM.visitMode), "mercury": str(ASM.mercuryObserved)},
        {**_asm("date", "workers")},
    ),
}
"""The tables by name."""
SOURCES_TABLE = "sources"
STATEMENTS = "statements"
NAMES = (*KINDS, SOURCES_TABLE, STATEMENTS)


@dataclass(frozen=True)
class Table:
    """A table to write: its rows can be passed over once."""

    name: str
    columns: tuple[str, ...]
    rows: Iterator[list[Cell]]


def make(reader: Reader, name: str, progress: Progress = silent) -> Table:
    """Return one of :data:`NAMES`.

    Raises
    ------
    NotFoundError
        If there is no such table.
    """
    if name == SOURCES_TABLE:
        return Table(name, _SOURCE_COLUMNS, _source_rows(reader.release))
    if name == STATEMENTS:
        columns = ("thing", "property", "value", "datatype", "language", "dataset", "licence", "graph")
        return Table(name, columns, _statements(reader, progress))
    if name not in KINDS:
        raise NotFoundError(f"There is no table {name!r}.", f"Tables: {', '.join(NAMES)}.")
    kind = KINDS[name]
    named = (part for one in kind.things for part in (one, f"{one}_iri"))
    return Table(name, ("iri", "name", *named, *kind.texts, *SOURCES), _rows(reader, name, progress))


def _rows(reader: Reader, name: str, progress: Progress) -> Iterator[list[Cell]]:
    kind = KINDS[name]
    found = reader.things(kind.classes)
    for iri in counted(found, name, progress, len(found)):
        thing = reader.read(iri)
        cells: list[Cell] = [iri, reader.label(thing)]
        for property_ in kind.things.values():
            things = thing.texts(property_)
            cells += ["; ".join(map(reader.name, things)), "; ".join(things)]
        cells += [_cell(thing, column, property_) for column, property_ in kind.texts.items()]
        yield [*cells, *reader.sourced(thing)]


def _cell(thing: Thing, column: str, property_: str) -> Cell:
    """Return the values of a property: a number where there is one and no other, else texts side by side."""
    texts = thing.texts(property_)
    if column in _NUMBERS and len(texts) == 1:
        try:
            return int(texts[0]) if texts[0].lstrip("+-").isdigit() else float(texts[0])
        except ValueError:
            return texts[0]
    return joined(texts)


_SOURCE_COLUMNS = (
    "source", "title", "publisher", "licence", "licence_address", "page", "retrieved", "version", "checksum",
    "statements", "graph", "attribution", "description",
)  # fmt: skip


def _source_rows(release: Release) -> Iterator[list[Cell]]:
    for source in release.sources.values():
        yield [
            source.name,
            source.title,
            source.publisher,
            source.licence,
            source.licence_address,
            source.page,
            source.retrieved,
            source.version,
            source.checksum,
            source.statements,
            "; ".join(source.graphs),
            source.attribution,
            source.description,
        ]


def _statements(reader: Reader, progress: Progress) -> Iterator[list[Cell]]:
    sources = reader.release.by_graph()
    total = sum(reader.snapshot.counts[graph] for graph in reader.graphs)
    done = 0
    for graph in reader.graphs:
        source = sources[graph]
        for quad in reader.statements(graph):
            done += 1
            if done % 10_000 == 0:
                progress(STATEMENTS, done, total)
            value = quad.object
            datatype, language = "", ""
            if isinstance(value, Literal):
                datatype, language = value.datatype.value, value.language or ""
            terms = (quad.subject, quad.predicate, value)
            texts = (getattr(term, "value", str(term)) for term in terms)
            yield [*texts, datatype, language, source.title, source.licence, graph]
