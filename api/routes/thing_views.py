"""One thing as its page shows it: every fact with its source, and what points at it.

Enters: the published snapshot and an IRI. Leaves: :class:`Thing`, or its statements as RDF or as a table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from api.routes.home import sources
from api.routes.names import Name, address, stored
from api.routes.words import PROPERTIES
from asmgraph.messages import translations
from asmgraph.records import ASM
from asmgraph.store import select
from asmgraph.store.snapshots import Snapshot

MAX_INCOMING = 200

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABELS = (
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
)
_SOURCE = "http://purl.org/dc/terms/source"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_COUNTED = (f"{_XSD}decimal", f"{_XSD}integer", f"{_XSD}double")
_FIRST = (
    "http://purl.org/dc/terms/description",
    "http://www.w3.org/2004/02/skos/core#definition",
    f"{ASM}statement",
)
_LAST = (f"{ASM}unmappedText", _SOURCE)
_SUPERCLASSES = frozenset(
    ASM + name for name in ("Actor", "Organisation", "Intervention", "KnowledgeItem", "Place", "Result")
)


@dataclass(frozen=True)
class Value:
    """One value of a fact, where it was read (a document), and which source's data hold it."""

    name: Name
    page: str
    accessed: str
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Fact:
    """A property with its values; more than one where sources add to or contradict each other."""

    name: Name
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Incoming:
    """Something that points at the thing, what else it joins, and in which role."""

    name: Name
    property: Name
    peers: tuple[Name, ...]
    roles: tuple[Name, ...]


@dataclass(frozen=True)
class Thing:
    """All that a thing's page shows; ``incoming`` by class, cut at :data:`MAX_INCOMING` of ``total``.

    ``held`` are the sources whose data hold every fact, ``None`` where facts differ in that.
    """

    iri: str
    name: Name
    names: tuple[Name, ...]
    classes: tuple[Name, ...]
    facts: tuple[Fact, ...]
    held: tuple[tuple[str, str], ...] | None
    incoming: tuple[tuple[Name, tuple[Incoming, ...]], ...]
    total: int


def find(snapshot: Snapshot, iri: str, language: str) -> Thing | None:
    """Return what is recorded of a thing, ``None`` where nothing is."""
    rows = _statements(snapshot, iri)
    if not rows:
        return None
    stated: dict[str, dict[select.Term, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        if row.value is not None:
            stated[row.property][row.value].add(row.graph)
    named = [value for label in _LABELS for value in stated.get(label, ())]
    facts = tuple(
        Fact(_property(snapshot, name, language), _values(snapshot, name, values, language))
        for name, values in sorted(stated.items(), key=lambda item: _rank(item[0]))
        if name != _TYPE and name not in _LABELS
    )
    held = {value.sources for fact in facts for value in fact.values}
    others, total = _incoming(snapshot, iri, language)
    return Thing(
        iri,
        stored(snapshot, iri, language),
        tuple(
            Name(value.value, value.language or "")
            for value in sorted(named, key=str)
            if isinstance(value, Literal)
        ),
        _classes(
            snapshot,
            (value.value for value in stated.get(_TYPE, ()) if isinstance(value, NamedNode)),
            language,
        ),
        facts,
        next(iter(held)) if len(held) == 1 else None,
        others,
        total,
    )


def exists(snapshot: Snapshot, iri: str) -> bool:
    """Return whether anything is stated of a thing."""
    return bool(select.select(snapshot, "page-facts", {"thing": NamedNode(iri)}))


def rdf(snapshot: Snapshot, iri: str, media_type: str) -> bytes | None:
    """Return what is stated of a thing and what points at it (at most :data:`MAX_INCOMING`), as RDF."""
    subject = NamedNode(iri)
    triples = {
        Triple(subject, NamedNode(row.property), row.value) for row in _statements(snapshot, iri) if row.value
    }
    if not triples:
        return None
    for row in select.terms(snapshot, "page-incoming", {"thing": subject}):
        other, property_ = row["other"], row["property"]
        assert isinstance(other, NamedNode) and isinstance(property_, NamedNode)
        triples.add(Triple(other, property_, subject))
    rdf_format = RdfFormat.from_media_type(media_type)
    assert rdf_format is not None
    content = serialize(sorted(triples, key=str), format=rdf_format, prefixes=_PREFIXES)
    assert content is not None
    return content


def table(snapshot: Snapshot, iri: str) -> tuple[list[str], list[list[str]]] | None:
    """Return what is stated of a thing as a table: a row a statement and source."""
    rows = _statements(snapshot, iri)
    if not rows:
        return None
    header = ["thing", "property", "value", "datatype", "language", "graph"]
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


def _property(snapshot: Snapshot, iri: str, language: str) -> Name:
    if iri in PROPERTIES:
        return Name(translations(language).gettext(PROPERTIES[iri]))
    found = stored(snapshot, iri, language)
    return Name(found.text, found.lang)


def _classes(snapshot: Snapshot, classes: Iterable[str], language: str) -> tuple[Name, ...]:
    """Return the most specific of the ontology's classes first; others are for machines."""
    own = sorted((iri for iri in classes if iri.startswith(ASM)), key=lambda iri: (iri in _SUPERCLASSES, iri))
    return tuple(Name(name.text, name.lang) for iri in own for name in [stored(snapshot, iri, language)])


def _values(
    snapshot: Snapshot, property_: str, values: dict[select.Term, set[str]], language: str
) -> tuple[Value, ...]:
    known = {graph: (source.title, source.read) for graph, source in sources(snapshot).items()}
    found = []
    for term, graphs in values.items():
        page, accessed = _citation(snapshot, term) if property_ == _SOURCE else ("", "")
        held = tuple(sorted({known[graph] for graph in graphs if graph in known}))
        found.append(Value(_name(snapshot, term, language), page, accessed, held))
    return tuple(
        sorted(found, key=lambda value: (value.name.lang not in ("", language), value.name.text.casefold()))
    )


def _name(snapshot: Snapshot, term: select.Term, language: str) -> Name:
    if isinstance(term, NamedNode):
        found = stored(snapshot, term.value, language)
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


def _citation(snapshot: Snapshot, term: select.Term) -> tuple[str, str]:
    if not isinstance(term, NamedNode):
        return "", ""
    rows = select.select(snapshot, "page-citation", {"thing": term})
    page = next((row["page"] for row in rows if row["page"]), "") or ""
    accessed = next((row["accessed"] for row in rows if row["accessed"]), "") or ""
    return address(page), accessed


def _incoming(
    snapshot: Snapshot, iri: str, language: str
) -> tuple[tuple[tuple[Name, tuple[Incoming, ...]], ...], int]:
    subject = NamedNode(iri)
    rows = select.select(snapshot, "page-incoming", {"thing": subject})
    counted = select.select(snapshot, "page-incoming-count", {"thing": subject})
    groups: dict[Name, list[Incoming]] = defaultdict(list)
    names: dict[str, Name] = {}

    def name(other: str) -> Name:
        if other not in names:
            names[other] = stored(snapshot, other, language)
        return names[other]

    for row in rows:
        other = row["other"] or ""
        links = select.select(snapshot, "page-links", {"thing": NamedNode(other)})
        classes = _classes(snapshot, {link["class"] or "" for link in links}, language)
        peers = {link["peer"] for link in links} - {None, iri}
        roles = {link["role"] for link in links} - {None}
        groups[classes[0] if classes else _concept(language)].append(
            Incoming(
                name(other),
                _property(snapshot, row["property"] or "", language),
                _ordered(name(peer) for peer in peers if peer),
                _ordered(name(role) for role in roles if role),
            )
        )
    ordered = sorted(groups.items(), key=lambda item: item[0].text.casefold())
    total = int(counted[0]["others"] or 0) if counted else 0
    return tuple((group, tuple(sorted(found, key=_by_name))) for group, found in ordered), total


def _concept(language: str) -> Name:
    return Name(translations(language).gettext("concept"))


def _by_name(incoming: Incoming) -> tuple[str, str]:
    return incoming.property.text.casefold(), incoming.name.text.casefold()


def _ordered(names: Iterator[Name]) -> tuple[Name, ...]:
    return tuple(sorted(names, key=lambda name: name.text.casefold()))


_PREFIXES = {
    "asm": ASM,
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": _XSD,
}
