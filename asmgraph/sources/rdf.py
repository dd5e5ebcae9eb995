"""Read RDF: any syntax that Oxigraph parses in, N-Triples lines out. RDF skips mapping and enters at validation.

Remote JSON-LD contexts are not fetched and a DOCTYPE is refused before any parser sees the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import BlankNode, RdfFormat, parse

from asmgraph.errors import SourceError

_SUFFIXES = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}
_SKOLEM = "https://w3id.org/asmgraph/.well-known/genid/"
JSON_DEPTH = 100


def read(path: Path) -> Iterator[str]:
    """Yield each triple below ``path`` as an N-Triples line without its line end; graph names are dropped.

    Blank nodes become ``.well-known/genid/`` IRIs from the file's name and their label, so that the same
    file gives the same statements.

    Raises
    ------
    SourceError
        If a file is no RDF, naming file, line and column.
    """
    for file in files(path):
        yield from _triples(file)


def files(path: Path) -> list[Path]:
    """Return the RDF files at ``path`` (a file, or a folder with its direct files), sorted.

    Raises
    ------
    SourceError
        If there is none.
    """
    found = [path] if path.is_file() else sorted(f for f in path.glob("*") if f.suffix in _SUFFIXES)
    if not found or found[0].suffix not in _SUFFIXES:
        raise SourceError(f"{path} holds no RDF file.", f"Known endings: {', '.join(sorted(_SUFFIXES))}.")
    return found


def _triples(file: Path) -> Iterator[str]:
    syntax = _SUFFIXES[file.suffix]
    _guard(file, syntax)
    try:
        for quad in parse(path=file, format=syntax):
            subject, predicate, value = (
                _named(file, term) for term in (quad.subject, quad.predicate, quad.object)
            )
            yield f"{subject} {predicate} {value} ."
    except (SyntaxError, ValueError) as error:
        place = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise SourceError(
            f"{file.name}{place}: {error}.", f"The file is not {syntax.name}; mend it there."
        ) from None


def _named(file: Path, term: object) -> str:
    if isinstance(term, BlankNode):
        return f"<{_SKOLEM}{re.sub(r'[^A-Za-z0-9.-]', '-', file.stem)}-{term.value}>"
    return str(term)


def _guard(file: Path, syntax: RdfFormat) -> None:
    content = file.read_bytes()
    if syntax == RdfFormat.RDF_XML and re.search(rb"<!DOCTYPE|<!ENTITY", content, re.IGNORECASE):
        raise SourceError(
            f"{file.name} has a DOCTYPE.", "RDF/XML with a document type is refused; remove it."
        )
    if syntax == RdfFormat.JSON_LD:
        if _depth(content) > JSON_DEPTH:
            raise SourceError(
                f"{file.name} is nested deeper than {JSON_DEPTH} levels.", "Flatten the JSON-LD."
            )
        if re.search(rb'"@(context|import)"\s*:\s*(\[\s*)?"', content):
            raise SourceError(
                f"{file.name} names a remote @context.", "Put the context into the file; nothing is fetched."
            )


def _depth(content: bytes) -> int:
    """Return the deepest nesting of brackets outside strings."""
    bare = re.sub(rb'"(?:[^"\\]|\\.)*"', b"", content)
    depth = deepest = 0
    for byte in re.findall(rb"[\[\]{}]", bare):
        depth += 1 if byte in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest
