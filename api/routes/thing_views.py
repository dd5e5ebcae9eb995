"""One thing as its page shows it: every fact with its source, and what points at it.

Enters: the published snapshot and an IRI. Leaves: :class:`Thing`, or its statements as RDF or as a table.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from api.routes import incoming
from api.routes.home import sources
from api.routes.names import LABELS, TYPE, Name, address, best, classes, gathered, property_name
from api.routes.paging import Part
from asmgraph.export.release import describe
from asmgraph.records import BASE, ID
from asmgraph.store import select
from asmgraph.store.snapshots import Snapshot
from asmgraph.terms import ASM

_DCTERMS = "http://purl.org/dc/terms/"
_SOURCE = f"{_DCTERMS}source"
_TOPIC = "http://xmlns.com/foaf/0.1/primaryTopic"
_DERIVED = "http://www.w3.org/ns/prov#wasDerivedFrom"
_PAGE = "http://xmlns.com/foaf/0.1/page"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_COUNTED = (f"{_XSD}decimal", f"{_XSD}integer", f"{_XSD}double")
_FIRST = (
    "http://purl.org/dc/terms/description",
    "http://www.w3.org/2004/02/skos/core#definition",
    str(ASM.statement),
)
_LAST = (str(ASM.unmappedText), _SOURCE)


@dataclass(frozen=True)
class Value:
    """One value of a fact, where it was read (a document), and which source's data hold it: title, day, page."""

    name: Name
    page: str
    accessed: str
    sources: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Fact:
    """A property with its values; more than one where sources add to or contradict each other."""

    name: Name
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Thing:
    """All that a thing's page shows: every fact, and ``part`` of what points at it, in groups by class.

    ``held`` are the sources whose data hold every fact, ``None`` where facts differ in that.
    """

    iri: str
    name: Name
    names: tuple[Name, ...]
    classes: tuple[Name, ...]
    facts: tuple[Fact, ...]
    held: tuple[tuple[str, str, str], ...] | None
    groups: incoming.Groups
    part: Part[incoming.Pointer]


def find(snapshot: Snapshot, iri: str, part: Part[incoming.Pointer], language: str) -> Thing:
    """Return what is recorded of a thing, and some of what points at it."""
    stated: dict[str, dict[select.Term, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in _statements(snapshot, iri):
        if row.value is not None:
            stated[row.property][row.value].add(row.graph)
    known = _known(snapshot, iri)
    named = [value for label in LABELS for value in stated.get(label, ())]
    facts = tuple(
        Fact(property_name(snapshot, name, language), _values(snapshot, known, name, values, language))
        for name, values in sorted(stated.items(), key=lambda item: _rank(item[0]))
        if name != TYPE and name not in LABELS
    )
    held = {value.sources for fact in facts for value in fact.values}
    return Thing(
        iri,
        best(gathered((iri, label) for label in named).get(iri, {}), iri, language),
        tuple(
            Name(value.value, value.language or "")
            for value in sorted(named, key=str)
            if isinstance(value, Literal)
        ),
        classes(
            snapshot,
            (value.value for value in stated.get(TYPE, ()) if isinstance(value, NamedNode)),
            language,
        ),
        facts,
        next(iter(held)) if len(held) == 1 else None,
        incoming.shown(snapshot, iri, part.entries, language),
        part,
    )


def exists(snapshot: Snapshot, iri: str) -> bool:
    """Return whether anything is stated of a thing."""
    return bool(select.select(snapshot, "page-facts", {"thing": NamedNode(iri)}))


def rdf(snapshot: Snapshot, iri: str, part: Part[incoming.Pointer], media_type: str) -> bytes:
    """Return all that is stated of a thing, and some of what points at it, as RDF."""
    subject = NamedNode(iri)
    triples = {
        Triple(subject, NamedNode(row.property), row.value) for row in _statements(snapshot, iri) if row.value
    }
    triples |= {
        Triple(NamedNode(other), NamedNode(property_), subject)
        for other, properties in part.entries
        for property_ in properties
    }
    triples |= _origin(snapshot, iri)
    rdf_format = RdfFormat.from_media_type(media_type)
    assert rdf_format is not None
    content = serialize(sorted(triples, key=str), format=rdf_format, prefixes=_PREFIXES)
    assert content is not None
    return content


def _origin(snapshot: Snapshot, iri: str) -> set[Triple]:
    """Return of which graphs a document about a thing is made, and who publishes them under which licence."""
    document = NamedNode(f"{BASE}doc/{iri.removeprefix(ID)}" if iri.startswith(ID) else f"{iri}.html")
    triples = set()
    described = describe(snapshot).by_graph()
    for graph in {row.graph for row in _statements(snapshot, iri)} & set(described):
        source, node = described[graph], NamedNode(graph)
        licence = NamedNode(source.licence_address) if source.licence_address else Literal(source.licence)
        said = {
            "title": Literal(source.title, language="en"),
            "identifier": Literal(source.name),
            "publisher": Literal(source.publisher),
            "license": licence,
        }
        triples |= {
            Triple(document, NamedNode(_TOPIC), NamedNode(iri)),
            Triple(document, NamedNode(_DERIVED), node),
        }
        triples |= {Triple(node, NamedNode(_DCTERMS + name), value) for name, value in said.items()}
    return triples


def table(snapshot: Snapshot, iri: str) -> tuple[list[str], list[list[str]]]:
    """Return what is stated of a thing as a table: a row a statement and source."""
    header = ["thing", "property", "value", "datatype", "language", "graph"]
    rows = _statements(snapshot, iri)
    return header, sorted([iri, row.property, *_literal(row.value), row.graph] for row in rows)


@dataclass(frozen=True)
class _Statement:
    property: str
    value: select.Term | None
    graph: str


def _statements(snapshot: Snapshot, iri: str) -> list[_Statement]:
    rows = select.terms(snapshot, "page-facts", {"thing": NamedNode(iri)})
    return [_Statement(_text(row["property"]), row["value"], _text(row["graph"])) for row in rows]


def _literal(term: select.Term | None) -> list[str]:
    if isinstance(term, Literal):
        return [term.value, term.datatype.value, term.language or ""]
    return [_text(term), "", ""]


def _text(term: select.Term | None) -> str:
    return "" if term is None else str(getattr(term, "value", term))


def _rank(name: str) -> tuple[int, str]:
    """Put descriptions first and sources last; else by the local name."""
    place = -1 if name in _FIRST else 1 + _LAST.index(name) if name in _LAST else 0
    return place, name.replace("#", "/").rsplit("/", 1)[-1]


@dataclass(frozen=True)
class _Known:
    """Labels of a thing's values by IRI and language; of sources the page and the day it was read."""

    labels: dict[str, dict[str, str]]
    pages: dict[str, str]
    accessed: dict[str, str]


def _known(snapshot: Snapshot, iri: str) -> _Known:
    labels: list[tuple[str, select.Term | None]] = []
    pages: dict[str, str] = {}
    accessed: dict[str, str] = {}
    for row in select.terms(snapshot, "page-values", {"thing": NamedNode(iri)}):
        value, text = _text(row["value"]), _text(row["text"])
        match _text(row["aspect"]):
            case aspect if aspect in LABELS:
                labels.append((value, row["text"]))
            case aspect if aspect == _PAGE:
                pages[value] = min(text, pages.get(value, text))
            case _:
                accessed[value] = min(text, accessed.get(value, text))
    return _Known(gathered(labels), pages, accessed)


def _values(
    snapshot: Snapshot, known: _Known, property_: str, values: dict[select.Term, set[str]], language: str
) -> tuple[Value, ...]:
    held = {graph: (source.title, source.read, address(graph)) for graph, source in sources(snapshot).items()}
    found = []
    for term, graphs in values.items():
        cited = _text(term) if property_ == _SOURCE else ""
        found.append(
            Value(
                _name(known, term, language),
                address(known.pages.get(cited, "")),
                known.accessed.get(cited, ""),
                tuple(sorted({held[graph] for graph in graphs if graph in held})),
            )
        )
    return tuple(
        sorted(found, key=lambda value: (value.name.lang not in ("", language), value.name.text.casefold()))
    )


def _name(known: _Known, term: select.Term, language: str) -> Name:
    if isinstance(term, NamedNode):
        found = best(known.labels.get(term.value, {}), term.value, language)
        return Name(term.value, "", found.href) if found.external else found
    if isinstance(term, BlankNode):
        return Name(str(term))
    if term.datatype.value in _COUNTED:
        return Name(_number(term.value, language))
    tag = term.language or ""
    return Name(term.value, tag if tag != language else "")


def _number(text: str, language: str) -> str:
    try:
        return format_decimal(Decimal(text), locale=language, decimal_quantization=False)
    except ArithmeticError:
        return text


_PREFIXES = {
    "asm": str(ASM),
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": _XSD,
}
