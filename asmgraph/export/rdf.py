"""The statements of a snapshot as N-Quads, Turtle and JSON-LD, graph by graph, without holding them in memory.

N-Quads and JSON-LD name the graph of each statement, and every graph says of itself who published it and under
which licence. Turtle knows no graphs: each graph is a section under a comment that names it, and what two graphs
state stands in both. What follows from the statements by rules of inference is in none of them, because it follows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import Any, BinaryIO

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from asmgraph import resources
from asmgraph.export.citation import as_text, of_source
from asmgraph.export.things import SOURCE, Reader
from asmgraph.export.whole import Progress, silent
from asmgraph.ontology.context import compact

_STRING = "http://www.w3.org/2001/XMLSchema#string"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_CHUNK = 10_000


def n_quads(reader: Reader, target: BinaryIO, progress: Progress = silent) -> None:
    """Write N-Quads (https://www.w3.org/TR/n-quads/)."""
    for quads in _chunks(reader, progress):
        serialize(quads, output=target, format=RdfFormat.N_QUADS)


def turtle(reader: Reader, target: BinaryIO, progress: Progress = silent) -> None:
    """Write Turtle (https://www.w3.org/TR/turtle/)."""
    prefixes = _prefixes()
    for prefix, namespace in prefixes.items():
        target.write(f"@prefix {prefix}: <{namespace}> .\n".encode())
    sources = reader.release.by_graph()
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes.items()).encode()
    for graph, quads in groupby(_statements(reader, progress), key=lambda quad: quad.graph_name):
        assert isinstance(graph, NamedNode)
        said = " ".join(as_text(of_source(reader.release, sources[graph.value])).split())
        target.write(f"\n# Graph {graph}\n# {said}\n\n".encode())
        while part := [quad.triple for _, quad in zip(range(_CHUNK), quads, strict=False)]:
            content = serialize(part, format=RdfFormat.TURTLE, prefixes=prefixes)
            assert content is not None
            target.write(content.removeprefix(head))


def things(reader: Reader, iris: Iterable[str], target: BinaryIO) -> None:
    """Write as Turtle what is stated of some things, of the documents they were read in and of their graphs."""
    named = dict.fromkeys(iris)
    for iri in list(named):
        thing = reader.read(iri)
        named |= dict.fromkeys([*thing.texts(SOURCE), *thing.graphs])
    triples = (
        Triple(NamedNode(iri), NamedNode(property_), value)
        for iri in named
        for property_, values in reader.read(iri).stated.items()
        for value in sorted(values, key=str)
    )
    serialize(triples, output=target, format=RdfFormat.TURTLE, prefixes=_prefixes())


def json_ld(reader: Reader, target: BinaryIO, progress: Progress = silent) -> None:
    """Write JSON-LD (https://www.w3.org/TR/json-ld11/) in the context of the ontology, which stands in the file."""
    context = _context()
    target.write(
        b'{"@context": ' + json.dumps(context.document, ensure_ascii=False).encode() + b',\n"@graph": ['
    )
    for number, (graph, quads) in enumerate(
        groupby(_statements(reader, progress), key=lambda quad: quad.graph_name)
    ):
        assert isinstance(graph, NamedNode)
        target.write(b",\n" if number else b"\n")
        target.write(b'{"@id": ' + json.dumps(graph.value).encode() + b', "@graph": [')
        for position, (subject, said) in enumerate(groupby(quads, key=lambda quad: quad.subject)):
            node = context.node(subject, said)
            target.write((b",\n" if position else b"\n") + json.dumps(node, ensure_ascii=False).encode())
        target.write(b"\n]}")
    target.write(b"\n]}\n")


def _statements(reader: Reader, progress: Progress) -> Iterator[Quad]:
    total = sum(reader.snapshot.counts[graph] for graph in reader.graphs)
    done = 0
    for graph in reader.graphs:
        for quad in reader.statements(graph):
            done += 1
            if done % _CHUNK == 0 or done == total:
                progress("statements", done, total)
            yield quad


def _chunks(reader: Reader, progress: Progress) -> Iterator[list[Quad]]:
    quads = _statements(reader, progress)
    while part := [quad for _, quad in zip(range(_CHUNK), quads, strict=False)]:
        yield part


class _Context:
    """The JSON-LD context of the package, and what it makes of a property and its values."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        prefixes = _prefixes_of(document)

        def expanded(name: str) -> str:
            prefix, colon, local = name.partition(":")
            return prefixes[prefix] + local if colon and prefix in prefixes else name

        self._words: dict[str, tuple[str, str]] = {}
        for word, meaning in document.items():
            iri = (
                meaning
                if isinstance(meaning, str)
                else meaning.get("@id", "")
                if isinstance(meaning, dict)
                else ""
            )
            if word.startswith("@") or word in prefixes or not isinstance(iri, str) or iri.startswith("@"):
                continue
            kind = meaning.get("@type", "") if isinstance(meaning, dict) else ""
            self._words[expanded(iri)] = (word, expanded(kind))

    def _word(self, iri: str) -> tuple[str, str]:
        """Return the word for a property or class, and the kind of its values; without one its compact IRI."""
        return self._words.get(iri) or (compact(iri), "")

    def node(self, subject: object, quads: Iterator[Quad]) -> dict[str, Any]:
        """Return a node object; each property with one value or a list."""
        node: dict[str, Any] = {"@id": _id(subject)}
        found: dict[str, list[Any]] = {}
        for quad in quads:
            iri = quad.predicate.value
            if iri == _TYPE and isinstance(quad.object, NamedNode):
                found.setdefault("@type", []).append(self._word(quad.object.value)[0])
                continue
            word, kind = self._word(iri)
            found.setdefault(word, []).append(_value(quad.object, kind))
        return node | {word: values[0] if len(values) == 1 else values for word, values in found.items()}


def _value(term: object, kind: str) -> Any:
    """Return a value under a word whose context says that its values are of a kind: '@id', a datatype or nothing."""
    if isinstance(term, Literal):
        if term.language:
            return {"@value": term.value, "@language": term.language}
        if term.datatype.value == (kind or _STRING):
            return term.value
        if term.datatype.value == _STRING:
            return {"@value": term.value}
        return {"@value": term.value, "@type": term.datatype.value}
    return _id(term) if kind == "@id" else {"@id": _id(term)}


def _id(term: object) -> str:
    return str(getattr(term, "value", "")) if isinstance(term, NamedNode) else str(term)


@cache
def _context() -> _Context:
    text = (resources.ontology() / "context.jsonld").read_text(encoding="utf-8")
    return _Context(json.loads(text)["@context"])


def _prefixes() -> dict[str, str]:
    return dict(sorted(_prefixes_of(_context().document).items()))


def _prefixes_of(document: Mapping[str, Any]) -> dict[str, str]:
    return {
        word: meaning
        for word, meaning in document.items()
        if isinstance(meaning, str) and meaning.startswith("http") and meaning.endswith(("/", "#"))
    }
