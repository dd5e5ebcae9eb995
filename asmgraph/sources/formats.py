"""Which reader serves which ``format`` of a source.

A reader of tables turns files into batches of text rows and knows no RDF; RDF itself skips the mapping and has its own
reader, :mod:`asmgraph.sources.rdf`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from asmgraph.descriptions import Source
from asmgraph.records import Batch
from asmgraph.sources import csv, geojson, hxl, iati, iati_organisations, json, ods, rdf, sparql, xlsx, xml


class TableReader(Protocol):
    """What a module that reads tables offers; both functions raise ``SourceError`` and name file and place."""

    def files(self, path: Path, source: Source) -> Sequence[Path]:
        """Return every file that is read at ``path``, sorted; none where a folder holds none."""

    def read(self, path: Path, source: Source, *, everything: bool = False) -> Iterator[Batch]:
        """Yield the tables of ``source`` at ``path`` in batches, streamed: memory does not grow with the file.

        ``everything`` also takes the records that the reader would leave out as not bearing on small-scale mining.
        """


READERS: Mapping[str, TableReader] = {
    "csv": csv,
    "tsv": csv,
    "xlsx": xlsx,
    "ods": ods,
    "hxl": hxl,
    "json": json,
    "geojson": geojson,
    "xml": xml,
    "iati": iati,
    "iati-organisations": iati_organisations,
    "sparql": sparql,
}
"""By ``format``; those of the list in :class:`asmgraph.descriptions.Source` but RDF."""


def holds_rdf(source: Source) -> bool:
    """Say whether a source is RDF, which needs no mapping: by its format, or as what an endpoint constructs."""
    return source.format == "rdf" or (source.format == "sparql" and not source.tables)


def files(path: Path, source: Source) -> tuple[Path, ...]:
    """Return every file of ``source`` at ``path``, whatever its format."""
    return tuple(rdf.files(path) if holds_rdf(source) else READERS[source.format].files(path, source))
