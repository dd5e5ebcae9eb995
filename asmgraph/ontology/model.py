"""The ontology as its documentation needs it: modules with their terms, schemes with their concepts.

Enters: the graphs of :mod:`asmgraph.ontology.files`. Leaves: plain values, texts by language, sorted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, Graph, Literal, URIRef
from rdflib.term import Node

from asmgraph.ontology import alignments, files
from asmgraph.records import ASM, VOCAB

Texts = Mapping[str, tuple[str, ...]]
"""Texts by language; ``''`` is the language of those that name none."""

KINDS = {
    OWL.Class: "class",
    OWL.ObjectProperty: "object-property",
    OWL.DatatypeProperty: "datatype-property",
    OWL.AnnotationProperty: "annotation-property",
}
_STATUS = URIRef(ASM + "translationStatus")
_SHOWN = {
    RDF.type, SKOS.prefLabel, SKOS.altLabel, SKOS.definition, SKOS.notation, SKOS.broader, SKOS.narrower,
    SKOS.inScheme, SKOS.topConceptOf, SKOS.example, DCTERMS.source, DCTERMS.isReplacedBy, OWL.deprecated,
    *alignments.RELATIONS,
}  # fmt: skip


@dataclass(frozen=True)
class Match:
    """What a term or concept is in another vocabulary: a relation of SKOS, the other's IRI, label and prefix."""

    predicate: str
    iri: str
    label: str
    prefix: str


@dataclass(frozen=True)
class Term:
    """A class or property of ours. ``name`` is the end of its IRI, ``kind`` one of :data:`KINDS`, ``module`` its file.

    ``parents``, ``domains`` and so on are IRIs, of ours and of other ontologies; ``disjoint`` holds in both
    directions.
    """

    iri: str
    name: str
    module: str
    kind: str
    labels: Texts
    alternatives: Texts
    definitions: Texts
    examples: Texts
    status: str
    parents: tuple[str, ...]
    children: tuple[str, ...]
    disjoint: tuple[str, ...]
    domains: tuple[str, ...]
    ranges: tuple[str, ...]
    inverses: tuple[str, ...]
    transitive: bool
    matches: tuple[Match, ...]
    deprecated: bool
    replaced_by: tuple[str, ...]


@dataclass(frozen=True)
class Module:
    """A file of the ontology; ``name`` is that of the file."""

    iri: str
    name: str
    titles: Texts
    descriptions: Texts
    creators: tuple[str, ...]
    licences: tuple[str, ...]
    version: str
    version_iri: str
    prior: str
    prefix: str
    namespace: str
    status: str
    terms: tuple[Term, ...]

    @property
    def classes(self) -> tuple[Term, ...]:
        """Return the classes."""
        return tuple(term for term in self.terms if term.kind == "class")

    @property
    def properties(self) -> tuple[Term, ...]:
        """Return the properties of every kind."""
        return tuple(term for term in self.terms if term.kind != "class")


@dataclass(frozen=True)
class Concept:
    """A concept of a scheme; ``others`` are pairs of a predicate's IRI and a value."""

    iri: str
    name: str
    notation: str
    labels: Texts
    alternatives: Texts
    definitions: Texts
    examples: Texts
    broader: tuple[str, ...]
    narrower: tuple[str, ...]
    sources: tuple[str, ...]
    matches: tuple[Match, ...]
    others: tuple[tuple[str, Node], ...]
    deprecated: bool
    replaced_by: tuple[str, ...]


@dataclass(frozen=True)
class Scheme:
    """A vocabulary; its concepts are sorted as in the scheme's own list, narrower after broader."""

    iri: str
    name: str
    labels: Texts
    definitions: Texts
    notes: Texts
    sources: tuple[str, ...]
    creators: tuple[str, ...]
    licences: tuple[str, ...]
    version: str
    status: str
    concepts: tuple[Concept, ...]


@cache
def modules() -> tuple[Module, ...]:
    """Return the modules, sorted by name."""
    graph = files.modules()
    terms: dict[Node | None, list[Term]] = defaultdict(list)
    for iri in files.terms():
        terms[graph.value(iri, RDFS.isDefinedBy)].append(_term(graph, iri))
    headers = sorted(graph.subjects(RDF.type, OWL.Ontology), key=str)
    return tuple(_module(graph, header, terms[header]) for header in headers)


@cache
def terms() -> Mapping[str, Term]:
    """Return our classes and properties by IRI."""
    return {term.iri: term for module in modules() for term in module.terms}


@cache
def schemes() -> Mapping[str, Scheme]:
    """Return the schemes by name."""
    graph = files.vocabularies()
    members: dict[Node, list[Node]] = defaultdict(list)
    for concept, scheme in graph.subject_objects(SKOS.inScheme):
        members[scheme].append(concept)
    found = sorted(graph.subjects(RDF.type, SKOS.ConceptScheme), key=str)
    return {files.local(one): _scheme(graph, one, members[one]) for one in found}


@cache
def concepts() -> Mapping[str, Concept]:
    """Return the concepts of every scheme by IRI."""
    return {concept.iri: concept for scheme in schemes().values() for concept in scheme.concepts}


def texts(graph: Graph, thing: Node, predicate: URIRef) -> Texts:
    """Return the texts of a thing by language, sorted."""
    found: dict[str, list[str]] = defaultdict(list)
    for text in graph.objects(thing, predicate):
        if isinstance(text, Literal):
            found[text.language or ""].append(str(text))
    return {language: tuple(sorted(ones)) for language, ones in sorted(found.items())}


@cache
def _matches() -> Mapping[str, tuple[Match, ...]]:
    """Return what the alignments say, by the IRI of the term or concept; axioms, which modules state, left out."""
    found: dict[str, set[Match]] = defaultdict(set)
    for name in alignments.names():
        for row in alignments.read(name).mappings:
            if row.object != alignments.NOT_FOUND and row.predicate in alignments.RELATIONS:
                match = Match(str(row.predicate), str(row.object), row.object_label, row.scheme)
                found[str(row.subject)].add(match)
    return {iri: tuple(sorted(held, key=lambda one: (one.predicate, one.iri))) for iri, held in found.items()}


def _term(graph: Graph, iri: Node) -> Term:
    kind = next(name for one, name in KINDS.items() if (iri, RDF.type, one) in graph)
    parent = RDFS.subClassOf if kind == "class" else RDFS.subPropertyOf
    return Term(
        str(iri),
        files.local(iri),
        files.local(graph.value(iri, RDFS.isDefinedBy)),
        kind,
        texts(graph, iri, RDFS.label),
        texts(graph, iri, SKOS.altLabel),
        texts(graph, iri, SKOS.definition),
        texts(graph, iri, SKOS.example),
        _one(graph, iri, _STATUS),
        _named(graph.objects(iri, parent)),
        _named(graph.subjects(parent, iri)),
        _named([*graph.objects(iri, OWL.disjointWith), *graph.subjects(OWL.disjointWith, iri)]),
        _named(graph.objects(iri, RDFS.domain)),
        _named(graph.objects(iri, RDFS.range)),
        _named([*graph.objects(iri, OWL.inverseOf), *graph.subjects(OWL.inverseOf, iri)]),
        (iri, RDF.type, OWL.TransitiveProperty) in graph,
        _matches().get(str(iri), ()),
        _deprecated(graph, iri),
        _named(graph.objects(iri, DCTERMS.isReplacedBy)),
    )


def _module(graph: Graph, iri: Node, held: Iterable[Term]) -> Module:
    return Module(
        str(iri),
        files.local(iri),
        texts(graph, iri, DCTERMS.title),
        texts(graph, iri, DCTERMS.description),
        _values(graph, iri, DCTERMS.creator),
        _values(graph, iri, DCTERMS.license),
        _one(graph, iri, OWL.versionInfo),
        _one(graph, iri, OWL.versionIRI),
        _one(graph, iri, OWL.priorVersion),
        _one(graph, iri, VANN.preferredNamespacePrefix),
        _one(graph, iri, VANN.preferredNamespaceUri),
        _one(graph, iri, _STATUS),
        tuple(held),
    )


def _scheme(graph: Graph, iri: Node, members: Iterable[Node]) -> Scheme:
    concepts = {str(one): _concept(graph, one) for one in members}
    ordered: dict[str, Concept] = {}

    def place(one: str) -> None:
        if one in concepts and one not in ordered:
            ordered[one] = concepts[one]
            for narrower in concepts[one].narrower:
                place(narrower)

    for top in sorted(one for one, concept in concepts.items() if not concept.broader):
        place(top)
    for left in sorted(concepts):
        place(left)
    return Scheme(
        str(iri),
        files.local(iri),
        texts(graph, iri, SKOS.prefLabel),
        texts(graph, iri, SKOS.definition),
        texts(graph, iri, SKOS.editorialNote),
        _values(graph, iri, DCTERMS.source),
        _values(graph, iri, DCTERMS.creator),
        _values(graph, iri, DCTERMS.license),
        _one(graph, iri, OWL.versionInfo),
        _one(graph, iri, _STATUS),
        tuple(ordered.values()),
    )


def _concept(graph: Graph, iri: Node) -> Concept:
    pairs = sorted(graph.predicate_objects(iri), key=str)
    return Concept(
        str(iri),
        str(iri).removeprefix(VOCAB).partition("/")[2],
        _one(graph, iri, SKOS.notation),
        texts(graph, iri, SKOS.prefLabel),
        texts(graph, iri, SKOS.altLabel),
        texts(graph, iri, SKOS.definition),
        texts(graph, iri, SKOS.example),
        _named([*graph.objects(iri, SKOS.broader), *graph.subjects(SKOS.narrower, iri)]),
        _named([*graph.subjects(SKOS.broader, iri), *graph.objects(iri, SKOS.narrower)]),
        _values(graph, iri, DCTERMS.source),
        _matches().get(str(iri), ()),
        tuple((str(predicate), value) for predicate, value in pairs if predicate not in _SHOWN),
        _deprecated(graph, iri),
        _named(graph.objects(iri, DCTERMS.isReplacedBy)),
    )


def _named(nodes: Iterable[Node]) -> tuple[str, ...]:
    return tuple(sorted({str(node) for node in nodes if isinstance(node, URIRef)}))


def _values(graph: Graph, thing: Node, predicate: URIRef) -> tuple[str, ...]:
    return tuple(sorted(str(value) for value in graph.objects(thing, predicate)))


def _one(graph: Graph, thing: Node, predicate: URIRef) -> str:
    return next(iter(_values(graph, thing, predicate)), "")


def _deprecated(graph: Graph, thing: Node) -> bool:
    return any(str(value) == "true" for value in graph.objects(thing, OWL.deprecated))
