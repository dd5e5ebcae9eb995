"""Parse the syntaxes of RDF that Oxigraph does not know: TriX and HexTuples. Streamed; terms are Oxigraph's.

TriX: https://www.w3.org/2004/03/trix/ · HexTuples: https://github.com/ontola/hextuples
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO

from lxml import etree
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from asmgraph.sources import markup

LINE_BYTES = 10_000_000
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_LANGUAGE_TAGGED = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


def trix(where: str, content: IO[bytes]) -> Iterator[Quad]:
    """Yield the statements of a TriX file; names of graphs are dropped.

    Raises
    ------
    ValueError
        If an element is no term of RDF, or a statement has not three.
    """
    blanks: dict[str, BlankNode] = {}
    for event, element in markup.events(where, content):
        if event == "end" and markup.local(str(element.tag)) == "triple":
            terms = [_trix_term(child, blanks) for child in element]
            if len(terms) != 3 or isinstance(terms[0], Literal) or not isinstance(terms[1], NamedNode):
                raise ValueError(
                    f"line {element.sourceline}: a triple is a subject, a predicate and an object"
                )
            yield Quad(terms[0], terms[1], terms[2])
            markup.free(element)


def hextuples(where: str, content: IO[bytes]) -> Iterator[Quad]:
    """Yield the statements of a HexTuples file, one JSON array of six texts a line; names of graphs are dropped.

    Raises
    ------
    ValueError
        If a line is no such array or holds no terms of RDF.
    """
    blanks: dict[str, BlankNode] = {}
    number = 0
    while line := content.readline(LINE_BYTES):
        number += 1
        try:
            if line.strip():
                yield _hextuple(json.loads(line), blanks)
        except (ValueError, TypeError, RecursionError) as error:
            raise ValueError(f"line {number}: {error}") from None


def _hextuple(parts: object, blanks: dict[str, BlankNode]) -> Quad:
    if not isinstance(parts, list) or len(parts) != 6 or not all(isinstance(part, str) for part in parts):
        raise ValueError("not an array of six texts")
    subject, predicate, value, kind, language, _ = parts

    def node(name: str) -> NamedNode | BlankNode:
        return _blank(name.removeprefix("_:"), blanks) if name.startswith("_:") else NamedNode(name)

    if kind in ("globalId", "localId"):
        return Quad(node(subject), NamedNode(predicate), node(value))
    if language or kind == _LANGUAGE_TAGGED:
        return Quad(node(subject), NamedNode(predicate), Literal(value, language=language))
    return Quad(node(subject), NamedNode(predicate), Literal(value, datatype=NamedNode(kind or _STRING)))


def _trix_term(element: etree._Element, blanks: dict[str, BlankNode]) -> NamedNode | BlankNode | Literal:
    text = element.text or ""
    match markup.local(str(element.tag)):
        case "uri":
            return NamedNode(text.strip())
        case "id":
            return _blank(text.strip(), blanks)
        case "plainLiteral":
            language = element.get(_LANGUAGE)
            return Literal(text, language=language) if language else Literal(text)
        case "typedLiteral":
            return Literal(text, datatype=NamedNode(element.get("datatype", "")))
        case other:
            raise ValueError(f"line {element.sourceline}: {other} is no term of TriX")


def _blank(name: str, blanks: dict[str, BlankNode]) -> BlankNode:
    return blanks.setdefault(name, BlankNode())
