"""Check statements against the SHACL shapes of the ontology, in bounded chunks of whole subjects.

pySHACL is the reference validator; :mod:`asmgraph.ontology.accelerator` may stand in for it. It sees a chunk's
statements, the types of the things the chunk points at, and the class hierarchy. So memory does not grow with the
source, and ``sh:class`` holds across sources. A thing is held to the shapes of the classes
that its own source gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from asmgraph.ontology import accelerator, validator
from asmgraph.ontology.validator import Data
from asmgraph.store.ntriples import split_line, subject

CHUNK_TRIPLES = 20_000
Engine = Callable[[str], Graph]
"""Gives the SHACL validation report on N-Triples text, by the shapes it was made for."""
Types = Callable[[set[str]], Iterable[tuple[str, str]]]
_TYPE = str(RDF.type)


@dataclass(frozen=True, order=True)
class Violation:
    """One result of a shape: ``focus`` and ``value`` as N-Triples terms, ``path`` and the others as IRIs.

    ``message`` is the one to show, in English where the rule has it in English; ``messages`` are all that the rule has,
    each with its language.
    """

    severity: str
    path: str
    focus: str
    value: str
    constraint: str
    shape: str
    message: str
    messages: tuple[tuple[str, str], ...] = ()

    @property
    def refuses(self) -> bool:
        """Return whether it keeps a row out (``sh:Violation``), or is only said (warning, info)."""
        return self.severity == "Violation"


def violation(entry: Mapping[str, Any]) -> Violation:
    """Return what an object of JSON says of a violation, as ``dataclasses.asdict`` gives it."""
    return Violation(**{**entry, "messages": tuple(map(tuple, entry.get("messages", ())))})


def validate(
    lines: Iterable[str],
    shapes: Graph,
    hierarchy: Graph,
    types: Types,
    progress: Callable[[int], None] = lambda _: None,
    *,
    size: int = CHUNK_TRIPLES,
    engine: Engine | None = None,
) -> Iterator[Violation]:
    """Yield what the shapes object to.

    Parameters
    ----------
    lines
        N-Triples lines, sorted, so that a subject's statements stand together.
    types
        Gives (thing, class) pairs, as IRIs, for the things asked for: vocabulary, other sources, this one.
    progress
        Called with the number of triples checked since the last call.
    size
        Triples a chunk, about; the same is found whatever it is.
    engine
        What finds it; without it the accelerator where there is one, else the reference.
    """
    finds = engine or chosen(shapes)
    classes = "".join(f"{_statement(*triple)}\n" for triple in hierarchy)
    for chunk in chunks(lines, size):
        found: list[Violation] = []
        for part, known in _apart(chunk, types):
            data = "\n".join([*part, *known])
            own = {subject(line) for line in part}
            results = _results(finds(f"{data}\n{classes}"), shapes)
            found += [violation for violation in results if violation.focus in own]
        yield from _as_written(found, chunk)
        progress(len(chunk))


def reference(shapes: Graph) -> Engine:
    """Return pySHACL with these shapes."""

    def find(text: str) -> Graph:
        data = Data()
        data.parse(data=text, format="nt")
        return validator.validate(data, shapes)

    return find


def chosen(shapes: Graph) -> Engine:
    """Return the accelerator with these shapes where it is installed, else pySHACL."""
    if accelerator.available():
        return accelerator.Accelerator(validator.untranslated(shapes)).report
    return reference(shapes)


def _apart(chunk: list[str], types: Types) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the lines to be checked together, each time with the types of what they point at.

    A thing that also has a type from another source is apart: that type lets others point at it, and makes it no
    thing of that class in this source.
    """
    parts = [split_line(line) for line in chunk]
    stated = {(thing, value) for thing, predicate, value in parts if predicate == _TYPE}
    own = {thing for thing, _, _ in parts}
    objects = {value[1:-1] for _, _, value in parts if value.startswith("<")}
    known = {(f"<{thing}>", f"<{kind}>") for thing, kind in types(objects)}
    guests = {thing for thing, kind in known if thing in own and (thing, kind) not in stated}
    groups = [own - guests, *({guest} for guest in sorted(guests))]
    for group in groups:
        lines = [line for line in chunk if subject(line) in group]
        if lines:
            yield (
                lines,
                [f"{thing} <{_TYPE}> {kind} ." for thing, kind in known if thing not in group & guests],
            )


def chunks(lines: Iterable[str], size: int = CHUNK_TRIPLES) -> Iterator[list[str]]:
    """Cut sorted lines into chunks of about ``size``, never within a subject."""
    chunk: list[str] = []
    for line in lines:
        if len(chunk) >= size and subject(line) != subject(chunk[-1]):
            yield chunk
            chunk = []
        chunk.append(line)
    if chunk:
        yield chunk


def _as_written(violations: list[Violation], chunk: list[str]) -> Iterator[Violation]:
    """Give literals the very text of their statement, since rdflib writes numbers and line ends its own way."""
    wanted = {(v.focus, v.path) for v in violations if v.value.startswith('"')}
    focuses = {focus for focus, _ in wanted}
    parts = (split_line(line) for line in chunk if subject(line) in focuses)
    texts = {
        (focus, path, _key(_term(text).n3())): text for focus, path, text in parts if (focus, path) in wanted
    }
    for violation in violations:
        key = (violation.focus, violation.path, _key(violation.value))
        yield replace(violation, value=texts.get(key, violation.value))


def _key(term: str) -> str:
    """Return a term as all software writes it: upper and lower case are one in the tag of a language."""
    text, quote, tag = term.rpartition('"@')
    return f"{text}{quote}{tag.lower()}" if quote else term


def _term(text: str) -> Node:
    """Read an IRI or a literal as it stands in a statement."""
    (value,) = Graph().parse(data=f"<urn:s> <urn:p> {text} .", format="turtle").objects()
    return value


def _statement(*terms: Node) -> str:
    return f"{' '.join(term.n3() for term in terms)} ."


def _results(results: Graph, shapes: Graph) -> Iterator[Violation]:
    for node in results.subjects(RDF.type, SH.ValidationResult):

        def term(predicate: URIRef, node: Node = node) -> str:
            value = results.value(node, predicate)
            return "" if value is None or isinstance(value, BNode) else value.n3()

        def iri(predicate: URIRef, node: Node = node) -> str:
            value = results.value(node, predicate)
            return str(value) if isinstance(value, URIRef) else ""

        messages = _messages(results, node, shapes)
        yield Violation(
            iri(SH.resultSeverity).rsplit("#", 1)[-1],
            iri(SH.resultPath),
            term(SH.focusNode),
            term(SH.value),
            iri(SH.sourceConstraintComponent),
            iri(SH.sourceShape),
            str(messages[0]) if messages else "breaks a shape",
            tuple(sorted((m.language or "", str(m)) for m in messages)),
        )


def _messages(results: Graph, node: Node, shapes: Graph) -> list[Literal]:
    """Return the messages of the rule, English ones first; pySHACL drops languages where a query found it."""
    rule = results.value(node, SH.sourceShape)
    own = list(shapes.objects(rule, SH.message)) if isinstance(rule, URIRef) else []
    texts = [m for m in own or results.objects(node, SH.resultMessage) if isinstance(m, Literal)]
    return sorted(texts, key=lambda m: (m.language not in (None, "en"), str(m)))
