"""Read RDF: any syntax in, N-Triples lines out, streamed. RDF skips mapping and enters at validation.

Turtle, TriG, N-Triples, N-Quads, N3 without formulas, RDF/XML, JSON-LD, TriX and HexTuples, each also packed with gzip.
Remote JSON-LD contexts are not fetched and a DOCTYPE is refused before any parser sees the file.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TypeAlias, cast
from urllib.parse import quote

from pyoxigraph import BlankNode, DefaultGraph, Literal, Quad, RdfFormat, Triple, parse

from asmgraph.errors import SourceError
from asmgraph.sources import markup, rdf_syntaxes

_Parser: TypeAlias = Callable[[str, IO[bytes]], Iterator[Quad]]
_SUFFIXES: dict[str, RdfFormat | _Parser] = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".n3": RdfFormat.N3,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".trix": rdf_syntaxes.trix,
    ".hext": rdf_syntaxes.hextuples,
}
_PACKED = ".gz"
_CHUNK_BYTES = 1 << 20
_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_STRING = re.compile(rb'"[^"]*(?:"|\Z)')
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
    syntax = _syntax(file)
    blanks: dict[BlankNode, str] = {}
    try:
        with _opened(file) as content:
            _guard(file, syntax, content)
        with _opened(file) as content:
            for quad in _quads(file, syntax, content):
                subject, predicate, value = (
                    _named(file, scope, blanks, term) for term in (quad.subject, quad.predicate, quad.object)
                )
                yield f"{subject} {predicate} {value} ."
    except (SyntaxError, ValueError) as error:
        raise _explained(file, syntax, error) from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SourceError(
            f"{file.name} is no gzip file, or is damaged: {error}.", "Download it again."
        ) from None


def files(path: Path) -> list[Path]:
    """Return the RDF files at ``path`` (a file, or a folder with its direct files), sorted.

    Raises
    ------
    SourceError
        If there is none.
    """
    found = [path] if path.is_file() else sorted(f for f in path.glob("*") if _syntax(f))
    if not found or not _syntax(found[0]):
        raise SourceError(
            f"{path} holds no RDF file.",
            f"Known endings: {', '.join(sorted(_SUFFIXES))}, each also with {_PACKED}.",
        )
    return found


def _syntax(file: Path) -> RdfFormat | _Parser | None:
    name = file.name.lower().removesuffix(_PACKED)
    return _SUFFIXES.get(Path(name).suffix)


def _opened(file: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(file)) if file.suffix.lower() == _PACKED else file.open("rb")


def _quads(file: Path, syntax: RdfFormat | _Parser | None, content: IO[bytes]) -> Iterator[Quad]:
    if not isinstance(syntax, RdfFormat):
        assert syntax is not None
        yield from syntax(file.name, content)
        return
    # given the path, Oxigraph knows the line of an error
    packed = file.suffix.lower() == _PACKED
    quads = parse(content, format=syntax) if packed else parse(path=file, format=syntax)
    for quad in quads:
        if syntax == RdfFormat.N3 and not isinstance(quad.graph_name, DefaultGraph):
            raise SourceError(
                f"{file.name} holds a formula ({{ ... }}), which is N3 and not RDF.",
                "State what it says as triples.",
            )
        yield quad


def _explained(
    file: Path, syntax: RdfFormat | _Parser | None, error: SyntaxError | ValueError
) -> SourceError:
    reason, place = str(error), ""
    if isinstance(error, SyntaxError):
        reason = re.sub(
            r"^Parser error at line \d+ (between columns? \d+ and (column )?\d+|columns? \d+): ",
            "",
            error.msg,
        )
        place = f", line {error.lineno}" if error.lineno else ""
    if "LoadDocumentCallback" in reason or "remote context" in reason:
        return _remote(file)
    known = syntax.name if isinstance(syntax, RdfFormat) else Path(file.name.removesuffix(_PACKED)).suffix
    return SourceError(f"{file.name}{place}: {reason}.", f"The file is not {known}; mend it there.")


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


def _guard(file: Path, syntax: RdfFormat | _Parser | None, content: IO[bytes]) -> None:
    if syntax == RdfFormat.RDF_XML:
        markup.refuse_unsafe(file.name, content.read(markup.HEAD_BYTES))
    elif syntax == RdfFormat.JSON_LD and _depth(content) > JSON_DEPTH:
        raise SourceError(f"{file.name} is nested deeper than {JSON_DEPTH} levels.", "Flatten the JSON-LD.")


def _depth(content: IO[bytes]) -> int:
    """Return the deepest nesting of brackets outside strings, read piece by piece."""
    depth = deepest = 0
    inside, left = False, b""
    while chunk := content.read(_CHUNK_BYTES):
        piece = (b'"' if inside else b"") + left + chunk
        left = b"\\" if (len(piece) - len(piece.rstrip(b"\\"))) % 2 else b""
        plain = _ESCAPED.sub(b"", piece[: len(piece) - len(left)])
        inside = plain.count(b'"') % 2 == 1
        for byte in re.findall(rb"[\[\]{}]", _STRING.sub(b"", plain)):
            depth += 1 if byte in b"[{" else -1
            deepest = max(deepest, depth)
    return deepest
