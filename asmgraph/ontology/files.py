"""The ontology's files as graphs, each read once, and a count of what they hold."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from asmgraph import resources
from asmgraph.ontology import alignments
from asmgraph.records import ASM

LANGUAGES = ("en", "fr", "es", "pt")
_MODULES, _VOCABULARIES, _SHAPES = "*.ttl", "vocab/*.ttl", "shapes/*.ttl"
TARGETS = frozenset({SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf})
PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


@dataclass(frozen=True)
class Inventory:
    """How much there is; ``labels`` of terms and concepts by language, ``mappings`` by the set that holds them.

    A constraint is what SHACL asks (:func:`constraining_shapes`), a rule what inference draws (``ontology/rules/``).
    """

    classes: int
    properties: int
    schemes: int
    concepts: int
    labels: Mapping[str, int]
    node_shapes: int
    constraints: int
    valid_examples: int
    invalid_examples: int
    variants: int
    mappings: Mapping[str, int]
    questions: int
    rules: int


@cache
def modules() -> Graph:
    """Return the modules: classes, properties and their axioms."""
    return _read(_MODULES)


@cache
def module(name: str) -> Graph:
    """Return one module, by the name of its file."""
    return _read(f"{name}.ttl")


@cache
def vocabulary(name: str) -> Graph:
    """Return one SKOS scheme, by its name."""
    return _read(f"vocab/{name}.ttl")


@cache
def hierarchy() -> Graph:
    """Return the ``rdfs:subClassOf`` statements between named classes."""
    found = Graph()
    for child, _, parent in modules().triples((None, RDFS.subClassOf, None)):
        if isinstance(parent, URIRef):
            found.add((child, RDFS.subClassOf, parent))
    return found


@cache
def digest() -> str:
    """Return the SHA-256 of what decides whether statements pass: modules, vocabularies and shapes."""
    content = hashlib.sha256()
    for pattern in (_MODULES, _VOCABULARIES, _SHAPES):
        for file in sorted(resources.ontology().glob(pattern)):
            content.update(file.read_bytes())
    return content.hexdigest()


@cache
def vocabularies() -> Graph:
    """Return the SKOS schemes."""
    return _read(_VOCABULARIES)


@cache
def shapes() -> Graph:
    """Return the SHACL shapes."""
    return _read(_SHAPES)


def shape_files() -> list[Path]:
    """Return the files of the shapes, sorted."""
    return sorted(resources.ontology().glob(_SHAPES))


def reasoning() -> Path:
    """Return the folder of what the reasoner needs: axioms of the standards, cases it must accept or refuse."""
    return resources.ontology() / "reasoning"


def examples(kind: str) -> list[Path]:
    """Return the example files of a kind, ``valid`` or ``invalid``, sorted."""
    return sorted((resources.ontology() / "examples" / kind).glob("*.ttl"))


def variants() -> list[Path]:
    """Return the files of variants of the valid examples, sorted."""
    return sorted((resources.ontology() / "examples" / "variants").glob("*.tsv"))


def terms() -> list[Node]:
    """Return our own classes and properties, sorted."""
    kinds = (OWL.Class, *PROPERTIES)
    found = {
        term for kind in kinds for term in modules().subjects(RDF.type, kind) if str(term).startswith(ASM)
    }
    return sorted(found, key=str)


def concepts() -> list[Node]:
    """Return the concepts of every scheme, sorted."""
    return sorted(vocabularies().subjects(RDF.type, SKOS.Concept), key=str)


def constraining_shapes() -> list[Node]:
    """Return what in the shapes constrains, sorted: property shapes, and shapes with constraints of their own."""
    bare = {RDF.type, SH.property, SH.message, SH.severity} | TARGETS
    found = set(shapes().subjects(RDF.type, SH.PropertyShape))
    for shape in shapes().subjects(RDF.type, SH.NodeShape):
        if set(shapes().predicates(shape)) - bare:
            found.add(shape)
    return sorted(found, key=str)


def inventory() -> Inventory:
    """Count what there is."""
    own = terms()
    classes = [term for term in own if (term, RDF.type, OWL.Class) in modules()]
    named = [*labels(modules(), own, RDFS.label), *labels(vocabularies(), concepts(), SKOS.prefLabel)]
    languages = Counter(str(label.language) for label in named)
    return Inventory(
        classes=len(classes),
        properties=len(own) - len(classes),
        schemes=len(set(vocabularies().subjects(RDF.type, SKOS.ConceptScheme))),
        concepts=len(concepts()),
        labels={language: languages[language] for language in LANGUAGES},
        node_shapes=len(set(shapes().subjects(RDF.type, SH.NodeShape))),
        constraints=len(constraining_shapes()),
        valid_examples=len(examples("valid")),
        invalid_examples=len(examples("invalid")),
        variants=sum(len(file.read_text(encoding="utf-8").splitlines()) - 1 for file in variants()),
        mappings=alignments.counts(),
        questions=len(list((resources.ontology() / "competency").glob("[0-9]*.rq"))),
        rules=len(resources.rules()),
    )


def labels(graph: Graph, things: list[Node], predicate: URIRef) -> list[Literal]:
    """Return the literals that the things have of a predicate."""
    return [text for thing in things for text in graph.objects(thing, predicate) if isinstance(text, Literal)]


def local(term: object) -> str:
    """Return the last part of an IRI."""
    return re.split(r"[#/]", str(term))[-1]


def _read(pattern: str) -> Graph:
    graph = Graph()
    for file in sorted(resources.ontology().glob(pattern)):
        graph.parse(file, format="turtle")
    return graph
