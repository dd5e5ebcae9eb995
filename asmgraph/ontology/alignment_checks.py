"""What in the alignments is not true to our terms, to their targets or to each other, in sentences."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from rdflib import OWL, RDF, RDFS, SKOS, Literal, URIRef

from asmgraph.errors import ConfigurationError
from asmgraph.ontology import alignments, files
from asmgraph.ontology.alignments import Mapping, MappingSet
from asmgraph.records import VOCAB

IATI, ACTOR_TYPES = "iati-codelists", VOCAB + "actor-type/"
_JUSTIFICATIONS = {
    URIRef(alignments.JUSTIFICATIONS + name)
    for name in (
        "ManualMappingCuration",
        "LexicalMatching",
        "LogicalReasoning",
        "MappingReview",
        "MappingChaining",
    )
}


def misaligned() -> Iterator[str]:
    """Name rows that are wrong, contradict each other or are missing, and a bridge that is not theirs."""
    try:
        sets = [alignments.read(name) for name in alignments.names()]
    except ConfigurationError as error:
        yield str(error)
        return
    for one in sets:
        for mapping in one.mappings:
            for problem in (*_subject(mapping), *_predicate(mapping), *_object(mapping, one)):
                yield f"{mapping.place}: {problem}"
        yield from _contradictions(one)
    yield from _unaccounted(sets)
    bridge = alignments.bridge_file()
    if not bridge.is_file() or bridge.read_text(encoding="utf-8") != alignments.turtle():
        yield "alignments/bridge.ttl is not what the alignments give; run asmgraph ontology generate."


def _subject(mapping: Mapping) -> Iterator[str]:
    ours = _label(mapping.subject)
    if ours is None:
        yield f"{mapping.subject} is no term or concept of ours."
    elif ours != mapping.subject_label:
        yield f"{mapping.subject} is called {ours!r} by us, not {mapping.subject_label!r}."


def _predicate(mapping: Mapping) -> Iterator[str]:
    if mapping.justification not in _JUSTIFICATIONS:
        yield f"{mapping.justification} is no justification known here."
    if mapping.predicate in alignments.RELATIONS:
        return
    if mapping.predicate not in alignments.AXIOMS:
        yield f"{mapping.predicate} is no predicate known here."
    elif mapping.object not in files.modules().transitive_objects(mapping.subject, mapping.predicate):
        yield f"{files.local(mapping.predicate)} must restate an axiom of the modules; use a match of SKOS."


def _object(mapping: Mapping, among: MappingSet) -> Iterator[str]:
    if mapping.object == alignments.NOT_FOUND:
        if mapping.object_label or not mapping.comment:
            yield "sssom:NoTermFound has no label, and needs a comment that says why."
    elif mapping.object not in among.targets:
        yield f"{mapping.object} is not in targets/{among.name}.tsv."
    elif among.targets[mapping.object] != mapping.object_label:
        yield f"{mapping.object} is called {among.targets[mapping.object]!r}, not {mapping.object_label!r}."


def _contradictions(among: MappingSet) -> Iterator[str]:
    """Name rows that cannot all be true, subject by subject."""
    rows: dict[URIRef, list[Mapping]] = defaultdict(list)
    for mapping in among.mappings:
        rows[mapping.subject].append(mapping)
    for subject, own in rows.items():
        where = f"{among.name}: {subject}"
        for target, count in Counter(one.object for one in own).items():
            if count > 1:
                yield f"{where} has {count} rows for {target}; keep one."
        if len(own) > 1 and any(one.object == alignments.NOT_FOUND for one in own):
            yield f"{where} has a match and sssom:NoTermFound."
        for scheme in sorted({one.scheme for one in own}):
            said = Counter(one.predicate for one in own if one.scheme == scheme)
            if said[SKOS.exactMatch] > 1:
                yield f"{where} is exactly two things of {scheme}."
            if said[SKOS.exactMatch] and (said[SKOS.broadMatch] or said[SKOS.narrowMatch]):
                yield f"{where} is exactly one thing of {scheme}, and broader or narrower than another."
    exact = (one for one in among.mappings if one.predicate == SKOS.exactMatch)
    for target, count in Counter(one.object for one in exact).items():
        if count > 1 and target != alignments.NOT_FOUND:
            yield f"{among.name}: {target} is exactly {count} things of ours."


def _unaccounted(sets: list[MappingSet]) -> Iterator[str]:
    """Name types of actor of which no row says what they are for IATI."""
    known = {mapping.subject for one in sets if one.name == IATI for mapping in one.mappings}
    for concept in files.concepts():
        if str(concept).startswith(ACTOR_TYPES) and concept not in known:
            yield f"{IATI}: {concept} has no row; where no code fits, its object is sssom:NoTermFound."


def _label(subject: URIRef) -> str | None:
    """Return the English name of a term or concept of ours, if it is one."""
    concept = (subject, RDF.type, SKOS.Concept) in files.vocabularies()
    declared = any((subject, RDF.type, kind) in files.modules() for kind in (OWL.Class, *files.PROPERTIES))
    graph, predicate = (files.vocabularies(), SKOS.prefLabel) if concept else (files.modules(), RDFS.label)
    if not (concept or declared):
        return None
    found = (text for text in graph.objects(subject, predicate) if isinstance(text, Literal))
    return next((str(text) for text in found if text.language == "en"), "")
