"""What in the rules of inference the store would not run as it is meant, in sentences.

The store loads what the rules name as ``asm:...`` and nothing else (:mod:`asmgraph.store.inference`), as one
graph, and publishes what they write into :data:`~asmgraph.ontology.rules.INFERRED`. A rule that speaks of more would
find nothing, and nobody would notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rdflib import RDF, XSD, URIRef, Variable
from rdflib.paths import NegatedPath, Path
from rdflib.plugins.sparql.algebra import translateUpdate
from rdflib.plugins.sparql.parser import parseUpdate
from rdflib.plugins.sparql.parserutils import CompValue

from asmgraph import resources
from asmgraph.ontology import files
from asmgraph.ontology.rules import INFERRED
from asmgraph.records import ASM

_NAMED = re.compile(r"\basm:(\w+)")
_GRAPH = {"Graph", "GraphGraphPattern"}
"""What rdflib calls ``GRAPH``, in the algebra and inside of ``EXISTS``."""


def overstepping() -> Iterator[str]:
    """Name rules that are no SPARQL, read what they are not given, or write where they must not."""
    for name, text in resources.rules().items():
        try:
            operations = translateUpdate(parseUpdate(text)).algebra
        except Exception as error:  # rdflib raises what its parser raises, and bare ones
            yield f"The rule {name} is no SPARQL update: {error}"
            continue
        problems = [
            one for operation in operations for one in (*_writes(operation), *_reads(operation, text))
        ]
        yield from (f"The rule {name} {problem}" for problem in dict.fromkeys(problems))


def _writes(operation: CompValue) -> Iterator[str]:
    """Say what an update does but insert into the one graph what follows."""
    if operation.name != "Modify" or operation.delete or operation.withClause or operation.using:
        yield "does something else than INSERT and WHERE."
        return
    if operation.insert.triples:
        yield "writes into no named graph."
    yield from (f"writes into {_said(graph)}." for graph in operation.insert.quads if graph != INFERRED)


def _reads(operation: CompValue, text: str) -> Iterator[str]:
    """Say of what an update speaks that the store does not load."""
    parts = list(_parts(operation))
    held = {*files.concepts(), RDF.type, INFERRED}
    terms, named = set(files.terms()), {URIRef(ASM + name) for name in _NAMED.findall(text)}
    for part in parts:
        if isinstance(part, URIRef) and part in terms and part not in named:
            yield f"does not write {part} as asm:{files.local(part)}."
        elif isinstance(part, URIRef) and part not in terms | held and part not in XSD:
            yield f"speaks of {part}, which is no term or concept of ours."
        elif isinstance(part, NegatedPath):
            yield "asks for all properties but some."
        elif isinstance(part, CompValue) and part.name in _GRAPH and part.term != INFERRED:
            yield f"reads {_said(part.term)}."
    for _, predicate, value in _triples(operation):
        if isinstance(predicate, Variable):
            yield f"asks for any property: {_said(predicate)}."
        elif predicate == RDF.type and isinstance(value, Variable):
            yield f"asks for any class: {_said(value)}."


def _parts(node: object) -> Iterator[object]:
    """Yield a piece of a parsed query and all pieces of it."""
    yield node
    inner: list[object] = []
    if isinstance(node, dict):
        inner = [*node, *node.values()]
    elif isinstance(node, list | tuple | set):
        inner = [*node]
    elif isinstance(node, Path):
        inner = [*vars(node).values()]
    for one in inner:
        yield from _parts(one)


def _triples(operation: CompValue) -> Iterator[tuple[object, object, object]]:
    """Yield the patterns; inside of ``EXISTS`` rdflib leaves several in one list."""
    for part in _parts(operation):
        if isinstance(part, CompValue):
            blocks = [
                *(part.triples or ()),
                *(block for held in (part.quads or {}).values() for block in held),
            ]
            for block in blocks:
                for start in range(0, len(block), 3):
                    yield (block[start], block[start + 1], block[start + 2])


def _said(node: object) -> str:
    return f"?{node}" if isinstance(node, Variable) else f"<{node}>"
