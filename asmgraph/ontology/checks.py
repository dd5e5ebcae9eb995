"""Is the ontology in order? Each check says in sentences what is wrong; none is said where all is well."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyshacl
from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from asmgraph import resources
from asmgraph.ontology import files, hermit, questions
from asmgraph.records import VOCAB

RESTATED = URIRef(VOCAB + "dac-sector")
"""The one scheme whose names are another's, in the languages in which that other gives them."""

AXIOMS = frozenset(
    {RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.disjointWith, OWL.inverseOf}
)
"""Axioms that the modules may hold: between named terms these are in the grammar of OWL 2 RL
(https://www.w3.org/TR/owl2-profiles/#OWL_2_RL); another must be looked up there before it is added here."""
ANNOTATIONS = {
    RDFS.label, RDFS.isDefinedBy, OWL.versionIRI, OWL.versionInfo, OWL.priorVersion, OWL.deprecated,
}  # fmt: skip
DECLARATIONS = {
    OWL.Ontology, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.SymmetricProperty,
    OWL.TransitiveProperty,
}  # fmt: skip
_DATES = {XSD.date, XSD.gYear, XSD.gYearMonth, XSD.gMonthDay, XSD.gDay, XSD.gMonth, XSD.time, XSD.duration}
_REASON = re.compile(r"^# fails: (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Check:
    """What was looked at, and what is wrong with it."""

    name: str
    problems: tuple[str, ...]


def run(progress: Callable[[str, int, int], None] = lambda *_: None) -> list[Check]:
    """Make every check.

    Raises
    ------
    ConfigurationError
        If the reasoner is not installed.
    """
    done = []
    for number, (name, check) in enumerate(CHECKS.items(), start=1):
        progress(name, number, len(CHECKS))
        done.append(Check(name, tuple(check())))
    return done


def unlabelled() -> Iterator[str]:
    """Name terms and concepts without exactly one label in each language, or without an English definition."""
    for term in files.terms():
        yield from _unnamed(files.modules(), term, RDFS.label)
    for concept in files.concepts():
        if (concept, SKOS.inScheme, RESTATED) not in files.vocabularies():
            yield from _unnamed(files.vocabularies(), concept, SKOS.prefLabel)


def _unnamed(graph: Graph, thing: Node, predicate: URIRef) -> Iterator[str]:
    count = Counter(label.language for label in files.labels(graph, [thing], predicate))
    for language in files.LANGUAGES:
        if count[language] != 1:
            yield f"{thing} has {count[language]} labels in {language}; it must have one."
    if [text.language for text in files.labels(graph, [thing], SKOS.definition)].count("en") != 1:
        yield f"{thing} must have one English definition."


def homeless() -> Iterator[str]:
    """Name concepts without a notation, a source, or a place in the scheme of their address."""
    graph = files.vocabularies()
    for concept in files.concepts():
        scheme = URIRef(str(concept).rpartition("/")[0])
        if list(graph.objects(concept, SKOS.inScheme)) != [scheme]:
            yield f"{concept} must be in the scheme {scheme}, and in no other."
        for predicate in (SKOS.notation, DCTERMS.source):
            if graph.value(concept, predicate) is None:
                yield f"{concept} has no {files.local(predicate)}."


def beyond_profile() -> Iterator[str]:
    """Name what in the modules is not OWL 2 RL."""
    graph = files.modules()
    for predicate in sorted(set(graph.predicates()) - AXIOMS - ANNOTATIONS - {RDF.type}, key=str):
        if str(predicate).startswith((str(OWL), str(RDFS), str(RDF))):
            yield f"{predicate} is not among the axioms of the modules."
    for kind in sorted(set(graph.objects(None, RDF.type)) - DECLARATIONS, key=str):
        yield f"{kind} is no declaration of the modules."
    declared = set(graph.subjects(RDF.type))
    for axiom in sorted(AXIOMS, key=str):
        for subject, value in graph.subject_objects(axiom):
            for term in (subject, value):
                if not isinstance(term, URIRef) or term not in declared:
                    yield f"{subject} {files.local(axiom)} {value}: {term} is not declared."
    for subject, value in graph.subject_objects():
        if value in _DATES or (isinstance(value, Literal) and value.datatype in _DATES):
            yield f"{subject} has a date in its axioms; reasoners refuse them."


def broken_examples() -> Iterator[str]:
    """Name shapes without examples, valid examples that fail, and invalid ones that fail for another reason."""
    names = {files.local(shape) for shape in files.shapes().subjects(RDF.type, SH.NodeShape)}
    valid, invalid = files.examples("valid"), files.examples("invalid")
    for kind, held in (
        ("valid", {f.stem for f in valid}),
        ("invalid", {f.stem.split("-")[0] for f in invalid}),
    ):
        for name in sorted(names - held):
            yield f"The shape {name} has no {kind} example."
        for name in sorted(held - names):
            yield f"The {kind} example {name} is of no shape."
    around = surroundings()
    logging.getLogger("rdflib.term").setLevel(
        logging.ERROR
    )  # that invalid examples hold impossible dates is meant
    for example in valid:
        found = reasons(example, around)
        if found:
            yield f"The valid example {example.name} fails for {', '.join(sorted(found))}."
    for example in invalid:
        named = _REASON.search(example.read_text(encoding="utf-8"))
        found = reasons(example, around)
        if named is None or found != {named[1]}:
            said = named[1] if named else "nothing"
            why = ", ".join(sorted(found)) or "nothing"
            yield f"The invalid example {example.name} names {said} and fails for {why}."


def surroundings() -> Graph:
    """Return class hierarchy, concepts and the things that the examples refer to."""
    graph = Graph().parse(resources.ontology() / "examples" / "neighbours.ttl")
    for triple in files.hierarchy():
        graph.add(triple)
    for concept in files.concepts():
        graph.add((concept, RDF.type, SKOS.Concept))
    return graph


def reasons(example: Path, around: Graph) -> set[str]:
    """Return what the shapes object to: local names of paths, or of the shape where it has no path."""
    data = Graph().parse(example)
    for triple in around:
        data.add(triple)
    _, report, _ = pyshacl.validate(data, shacl_graph=files.shapes(), inference="none", inplace=True)
    assert isinstance(report, Graph)
    return {_objection(report, result) for result in report.subjects(RDF.type, SH.ValidationResult)}


def _objection(report: Graph, result: Node) -> str:
    path = report.value(result, SH.resultPath) or report.value(result, SH.sourceShape)
    if isinstance(path, BNode):
        parts = report.value(path, SH.alternativePath)
        assert parts is not None
        return "|".join(files.local(part) for part in Collection(report, parts))
    return files.local(path)


def unreasonable() -> Iterator[str]:
    """Name unsatisfiable classes, alone and with ORG and PROV, and cases that HermiT judges wrongly."""
    folder = files.reasoning()
    standards = Graph().parse(folder / "org-prov-foaf.ttl")
    for name, graphs in (("alone", ()), ("with ORG and PROV", (standards,))):
        judged = hermit.judge(files.modules(), *graphs)
        if not judged.consistent:
            yield f"The modules {name} are inconsistent."
        yield from (f"{iri} can have no members, {name}." for iri in judged.unsatisfiable)
    for file in sorted((folder / "consistent").glob("*.ttl")):
        if not hermit.judge(files.modules(), standards, Graph().parse(file)).consistent:
            yield f"{file.name} must be consistent, and is not."
    for file in sorted((folder / "inconsistent").glob("*.ttl")):
        if hermit.judge(files.modules(), hermit.assumed(), Graph().parse(file)).consistent:
            yield f"{file.name} must be inconsistent, and is not."


CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "names and definitions": unlabelled,
    "concepts in their schemes": homeless,
    "OWL 2 RL": beyond_profile,
    "shapes and examples": broken_examples,
    "HermiT": unreasonable,
    "questions": questions.unanswered,
}
