"""Is the ontology in order? Each check says in sentences what is wrong; none is said where all is well."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from asmgraph import resources
from asmgraph.ontology import examples, files, questions, reasoners, released, rules
from asmgraph.ontology.alignment_checks import misaligned
from asmgraph.ontology.rule_checks import overstepping

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
_TERM = re.compile(r"\basm:(\w+)")


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
    """Name what lacks one label in each language or an English definition, and terms without an example or a module."""
    homes = set(files.modules().subjects(RDF.type, OWL.Ontology))
    for term in files.terms():
        if not homes & set(files.modules().objects(term, RDFS.isDefinedBy)):
            yield f"{term} says in no module that it is defined there."
        yield from _unnamed(files.modules(), term, RDFS.label)
        if files.modules().value(term, SKOS.example) is None:
            yield f"{term} has no example."
    for concept in files.concepts():
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


def unspoken() -> Iterator[str]:
    """Name constraints without exactly one message in each language, or with one that is left in English."""
    graph = files.shapes()
    for shape in files.constraining_shapes():
        messages = [text for text in graph.objects(shape, SH.message) if isinstance(text, Literal)]
        count = Counter(text.language for text in messages)
        for language in files.LANGUAGES:
            if count[language] != 1:
                yield f"{shape} has {count[language]} messages in {language}; it must have one."
        for text, times in Counter(str(text) for text in messages).items():
            if times > 1:
                yield f"{shape} says the same in {times} languages: {text}"


def broken_examples() -> Iterator[str]:
    """Name shapes without examples, and examples of which the shapes do not say what they must."""
    names = {files.local(shape) for shape in files.shapes().subjects(RDF.type, SH.NodeShape)}
    shown = examples.all_of_them()
    for kind in ("valid", "invalid"):
        held = {example.shape for example in shown if example.name.startswith(f"{kind}/")}
        for name in sorted(names - held):
            yield f"The shape {name} has no {kind} example."
        for name in sorted(held - names):
            yield f"The {kind} example {name} is of no shape."
    found = examples.objections(shown, files.shapes())
    for said in sorted(found[examples.AROUND]):
        yield f"{examples.AROUND} must hold; the shapes say {_words({said})}."
    for example in shown:
        if found[example.name] != example.expected:
            yield (
                f"Of the example {example.name} the shapes must say {_words(example.expected)}; "
                f"they say {_words(found[example.name])}."
            )


def _words(said: Iterable[examples.Objection]) -> str:
    return ", ".join(f"{reason} ({severity})" for severity, reason in sorted(said)) or "nothing"


def unreasonable() -> Iterator[str]:
    """Name unsatisfiable classes, alone and with ORG and PROV, and cases that HermiT judges wrongly; say why."""
    folder = files.reasoning()
    standards = Graph().parse(folder / "org-prov-foaf.ttl")
    for name, graphs in (("alone", ()), ("with ORG and PROV", (standards,))):
        judged = reasoners.judge(files.modules(), *graphs)
        if not judged.consistent:
            yield f"The modules {name} are inconsistent. {reasoners.explain(files.modules(), *graphs)}"
        for iri in judged.unsatisfiable:
            why = reasoners.explain_empty(iri, files.modules(), *graphs)
            yield f"{iri} can have no members, {name}. {why}"
    for file in sorted((folder / "consistent").glob("*.ttl")):
        case = (files.modules(), standards, Graph().parse(file))
        if not reasoners.judge(*case).consistent:
            yield f"{file.name} must be consistent, and is not. {reasoners.explain(*case)}"
    for file in sorted((folder / "inconsistent").glob("*.ttl")):
        if reasoners.judge(files.modules(), reasoners.assumed(), Graph().parse(file)).consistent:
            yield f"{file.name} must be inconsistent, and is not."


def disagreeing_rules() -> Iterator[str]:
    """Name rules of inference that overstep, else statements on which they, owlrl and HermiT differ.

    Also what makes data inconsistent.
    """
    if beyond := list(overstepping()):
        yield from beyond
        return
    data = rules.trial()
    drawn = rules.inferred(data)
    both = data + drawn
    properties = rules.inverse_or_transitive()
    ours = rules.statements(both, properties)
    for name, ask in (("owlrl", rules.by_owlrl), ("HermiT", rules.by_hermit)):
        found = ask(data, properties)
        yield from (
            f"{name} infers {_said(triple)}, and the rules do not." for triple in sorted(found - ours)
        )
        yield from (
            f"The rules infer {_said(triple)}, and {name} does not." for triple in sorted(ours - found)
        )
    ties = rules.symmetric()
    for triple in sorted(rules.by_owlrl(both, ties) - rules.statements(both, ties)):
        yield f"From what the rules infer, owlrl infers {_said(triple)} besides."
    standards = Graph().parse(files.reasoning() / "org-prov-foaf.ttl")
    case = (files.modules(), standards, reasoners.things(both))
    if not reasoners.judge(*case).consistent:
        yield f"The examples with what follows from them are inconsistent. {reasoners.explain(*case)}"


def _said(triple: tuple[Node, Node, Node]) -> str:
    return " ".join(files.local(part) for part in triple)


def unused() -> Iterator[str]:
    """Name terms that no shape, vocabulary, question, rule, example or mapping of a source uses."""
    ours, sources = resources.ontology(), resources.catalogue()
    patterns = ("shapes/*.ttl", "vocab/*.ttl", "competency/*.rq", "rules/*.rq", "examples/valid/*.ttl")
    listed = [file for pattern in patterns for file in ours.glob(pattern)] + [*sources.glob("*/mapping.yml")]
    used = {name for file in listed for name in _TERM.findall(file.read_text(encoding="utf-8"))}
    for term in files.terms():
        if files.local(term) not in used:
            yield f"{term} is used by no shape, vocabulary, question, rule, example or mapping."


CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "names and definitions": unlabelled,
    "concepts in their schemes": homeless,
    "released terms": released.removed,
    "OWL 2 RL": beyond_profile,
    "messages of shapes": unspoken,
    "shapes and examples": broken_examples,
    "terms in use": unused,
    "alignments": misaligned,
    "rules of inference": disagreeing_rules,
    "HermiT": unreasonable,
    "questions": questions.unanswered,
}
