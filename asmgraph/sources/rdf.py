"""Read RDF: any syntax that Oxigraph parses in, N-Triples lines out. RDF skips mapping and enters at validation.

Remote JSON-LD contexts are not fetched and a DOCTYPE is refused before any parser sees the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, RdfFormat, Triple, parse

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


def read(file: Path, scope: str) -> Iterator[str]:
    """Yield each triple of ``file`` as an N-Triples line without its line end; graph names are dropped.

    Blank nodes become ``.well-known/genid/`` IRIs from ``scope`` and their order in the file, so that the same
    file gives the same statements and two files never share one.

    Raises
    ------
    SourceError
        If the file is no RDF 1.1, naming it and, where the parser knows it, the line.
    """
    syntax = _SUFFIXES[file.suffix.lower()]
    _guard(file, syntax)
    blanks: dict[BlankNode, str] = {}
    try:
        for quad in parse(path=file, format=syntax):
            subject, predicate, value = (
                _named(file, scope, blanks, term) for term in (quad.subject, quad.predicate, quad.object)
            )
            yield f"{subject} {predicate} {value} ."
    except (SyntaxError, ValueError) as error:
        raise _explained(file, syntax, error) from None


def files(path: Path) -> list[Path]:
    """Return the RDF files at ``path`` (a file, or a folder with its direct files), sorted.

    Raises
    ------
    SourceError
        If there is none.
    """
    found = [path] if path.is_file() else sorted(f for f in path.glob("*") if f.suffix.lower() in _SUFFIXES)
    if not found or found[0].suffix.lower() not in _SUFFIXES:
        raise SourceError(f"{path} holds no RDF file.", f"Known endings: {', '.join(sorted(_SUFFIXES))}.")
    return found


def _explained(file: Path, syntax: RdfFormat, error: SyntaxError | ValueError) -> SourceError:
    reason, place = str(error), ""
    if isinstance(error, SyntaxError):
        reason = re.sub(
            r"^Parser error at line \d+ (between columns? \d+ and (column )?\d+|columns? \d+): ",
            "",
            error.msg,
        )
        place = f", line {error.lineno}" if error.lineno else ""
    if "LoadDocumentCallback" in reason:
        return _remote(file)
    return SourceError(f"{file.name}{place}: {reason}.", f"The file is not {syntax.name}; mend it there.")


def _named(file: Path, scope: str, blanks: dict[BlankNode, str], term: object) -> str:
    if isinstance(term, BlankNode):
        return blanks.setdefault(term, f"<{_SKOLEM}{quote(scope, safe='')}-{len(blanks) + 1}>")
    if isinstance(term, Triple) or (isinstance(term, Literal) and term.direction is not None):
        raise SourceError(
            f"{file.name}: {term} is RDF 1.2.", "Triple terms and base directions are not read; use RDF 1.1."
        )
    return str(term)


def _remote(file: Path) -> SourceError:
    return SourceError(
        f"{file.name} names a remote @context.", "Put the context into the file; nothing is fetched."
    )


def _guard(file: Path, syntax: RdfFormat) -> None:
    if syntax not in (RdfFormat.RDF_XML, RdfFormat.JSON_LD):
        return
    content = file.read_bytes()
    if syntax == RdfFormat.RDF_XML:
        if re.search(rb"<!DOCTYPE|<!ENTITY", content, re.IGNORECASE):
            raise SourceError(
                f"{file.name} has a DOCTYPE.", "RDF/XML with a document type is refused; remove it."
            )
    elif _depth(content) > JSON_DEPTH:
        raise SourceError(f"{file.name} is nested deeper than {JSON_DEPTH} levels.", "Flatten the JSON-LD.")
    elif re.search(rb'"@(context|import)"\s*:\s*(\[\s*)?"', content):
        raise _remote(file)


def _depth(content: bytes) -> int:
    """Return the deepest nesting of brackets outside strings."""
    bare = re.sub(rb'"(?:[^"\\]|\\.)*"', b"", content)
    depth = deepest = 0
    for byte in re.findall(rb"[\[\]{}]", bare):
        depth += 1 if byte in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest
