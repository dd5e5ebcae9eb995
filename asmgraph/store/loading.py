"""Load N-Triples files into a store that is being built, piece by piece, on two processors.

Each graph is loaded under its name and into the default graph, the merge of all. Both at a time, because the store
sorts and writes without holding Python's lock; in pieces, because loading takes memory with what is loaded at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from asmgraph.errors import StoreError

PIECE_BYTES = 40 * 2**20
"""Of a file that are loaded at a time; a store takes some six times that while it sorts them."""
_AT_A_TIME = 2


@dataclass(frozen=True)
class Content:
    """An N-Triples file, the graph that it goes into, and the source to ingest again where it cannot be read.

    What is not ``merged`` stays out of the default graph.
    """

    graph: str
    file: Path
    source: str
    merged: bool = True


@dataclass(frozen=True)
class _Piece:
    """Some lines of a file, by bytes, and where they go."""

    content: Content
    begin: int
    end: int
    target: NamedNode | DefaultGraph


def load(store: Store, contents: Sequence[Content]) -> None:
    """Load files into a store, the small ones first.

    A store merges what it was given before with what comes: a small file after a large one costs as much as both.

    Raises
    ------
    StoreError
        If a file is no N-Triples.
    """
    ordered = sorted(contents, key=lambda content: content.file.stat().st_size)
    pieces = (piece for content in ordered for piece in _pieces(content))
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        for _ in pool.map(lambda piece: _load(store, piece), pieces):
            pass
    store.flush()


def _pieces(content: Content) -> Iterator[_Piece]:
    # Oxigraph's own union of graphs repeats a triple that stands in two of them: counts would be wrong.
    targets: list[NamedNode | DefaultGraph] = [NamedNode(content.graph)]
    targets += [DefaultGraph()] if content.merged else []
    with content.file.open("rb") as file:
        begin, size = 0, content.file.stat().st_size
        while begin < size:
            file.seek(begin + PIECE_BYTES)
            file.readline()
            end = min(file.tell(), size)
            for target in targets:
                yield _Piece(content, begin, end, target)
            begin = end


def _load(store: Store, piece: _Piece) -> None:
    with piece.content.file.open("rb") as file:
        file.seek(piece.begin)
        lines = file.read(piece.end - piece.begin)
    try:
        store.bulk_load(lines, format=RdfFormat.N_TRIPLES, to_graph=piece.target)
    except (SyntaxError, ValueError) as error:
        source = piece.content.source
        raise StoreError(
            f"The staged statements of {source} cannot be read: {error}.",
            f"Run 'asmgraph ingest {source}' again.",
        ) from None
