"""The forms in which data leave, by name: what each can hold, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from asmgraph.export import crate, csv, geojson, hxl, rdf, tables, xlsx
from asmgraph.export.citation import TITLE
from asmgraph.export.tables import Table
from asmgraph.export.things import Reader
from asmgraph.export.whole import Progress
from asmgraph.store.snapshots import Snapshot

WORKBOOK = ("interventions", "participations", "actors", "ties", "needs", "places", "sites")
"""What a workbook holds where nothing is named; the table of sources is always in it."""


@dataclass(frozen=True)
class Asked:
    """What to write.

    ``what`` are names of tables, maps or sources, as the form has them; ``more`` are tables that the caller made.
    """

    snapshot: Snapshot
    what: tuple[str, ...] = ()
    language: str = "en"
    publisher: str = ""
    more: Mapping[str, Callable[[], Table]] | None = None


@dataclass(frozen=True)
class Form:
    """A form: the ending and media type of its files, what ``what`` may be, and whether text can hold it.

    ``most`` is how many of ``what`` go into one file. ``sources`` says that ``what`` is the name of a source.
    """

    ending: str
    media_type: str
    write: Callable[[Asked, BinaryIO, Progress], None]
    what: tuple[str, ...] = ()
    most: int = 1
    binary: bool = False
    sources: bool = False


def _csv(asked: Asked, target: BinaryIO, progress: Progress) -> None:
    table = _table(asked, asked.what[0] if asked.what else WORKBOOK[0], progress)
    csv.stream(table.columns, table.rows, target)


def _xlsx(asked: Asked, target: BinaryIO, progress: Progress) -> None:
    names = [*(asked.what or WORKBOOK), tables.SOURCES_TABLE]
    made = (_table(asked, name, progress) for name in dict.fromkeys(names))
    sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[csv.Cell]]]] = (
        (table.name, table.columns, table.rows) for table in made
    )
    xlsx.write(sheets, target, TITLE, asked.snapshot.published)


def _table(asked: Asked, name: str, progress: Progress) -> Table:
    if asked.more and name in asked.more:
        return asked.more[name]()
    return tables.make(Reader(asked.snapshot, asked.language), name, progress)


def _geojson(asked: Asked, target: BinaryIO, progress: Progress) -> None:
    geojson.write(Reader(asked.snapshot, asked.language), target, "".join(asked.what), progress)


def _hxl(asked: Asked, target: BinaryIO, progress: Progress) -> None:
    table = hxl.table(Reader(asked.snapshot, asked.language), progress)
    csv.stream(table.columns, table.rows, target)


def _n_quads(asked: Asked, target: BinaryIO, progress: Progress) -> None:
    rdf.n_quads(Reader(asked.snapshot, only="".join(asked.what)), target, progress)


def _turtle(asked: Asked, target: BinaryIO, progress: Progress) -> None:
    rdf.turtle(Reader(asked.snapshot, only="".join(asked.what)), target, progress)


def _json_ld(asked: Asked, target: BinaryIO, progress: Progress) -> None:
    rdf.json_ld(Reader(asked.snapshot, only="".join(asked.what)), target, progress)


def _crate(asked: Asked, target: BinaryIO, progress: Progress) -> None:
    crate.write(asked.snapshot, target, asked.publisher, progress)


FORMS: Mapping[str, Form] = {
    "csv": Form("csv", "text/csv", _csv, tables.NAMES),
    "xlsx": Form(
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _xlsx,
        tables.NAMES,
        len(tables.NAMES) + 1,
        binary=True,
    ),
    "geojson": Form("geojson", "application/geo+json", _geojson, tuple(geojson.NAMES)),
    "hxl": Form("csv", "text/csv", _hxl, ("3w",)),
    "nquads": Form("nq", "application/n-quads", _n_quads, sources=True),
    "turtle": Form("ttl", "text/turtle", _turtle, sources=True),
    "jsonld": Form("jsonld", "application/ld+json", _json_ld, sources=True),
    "rocrate": Form("zip", "application/zip", _crate, binary=True),
}
"""The forms by name."""
