"""Read JSON: the records at a path in, batches of text rows out, streamed record by record.

``records`` is the path to what repeats, by default the top; ``at`` is the path of a cell below it, ``../name`` one of
what the record lies in. Objects in objects are paths, arrays of plain values are lists for a column with ``split``.
Rows are numbered as records of their file, from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from asmgraph.descriptions import Source, Table
from asmgraph.records import Batch
from asmgraph.sources import gathering, json_events, paths, tables
from asmgraph.sources.json_events import Value
from asmgraph.sources.paths import Leaves
from asmgraph.sources.texts import text

ENDINGS = (".json", *json_events.LINES)
_OUTSIDE = 100


def files(path: Path, source: Source) -> list[Path]:
    """Return the files of all tables at ``path``, sorted; none where the folder holds no such file."""
    return tables.files(path, source, *ENDINGS, shared=True)


def read(path: Path, source: Source, *, everything: bool = False) -> Iterator[Batch]:
    """Yield the rows of every table of ``source`` found at ``path``.

    Raises
    ------
    SourceError
        If a file is not JSON or is nested too deep, nothing stands at ``records``, or a cell holds several values and
        its column has no ``split``; it names the file and, where there is one, the record.
    """
    for name, file in tables.located(path, source, *ENDINGS, shared=True).items():
        table = source.tables[name]
        yield from gathering.batches(name, file.name, _records(file, name, table))


def _records(file: Path, name: str, table: Table) -> Iterator[gathering.Record]:
    way = paths.steps(table.records)
    up = paths.levels(table, name, len(way))
    aside: dict[str, None] = {}

    def note(keys: Sequence[str], _: Value) -> None:
        if len(aside) < _OUTSIDE:
            aside[paths.joined(*keys)] = None

    number = 0
    for unit in json_events.elements(file, way[: len(way) - up], note):
        for record, above in descended(unit, way[len(way) - up :]):
            number += 1
            found = leaves(record)
            for level, (holder, key) in enumerate(above, start=1):
                rest = leaves({other: value for other, value in holder.items() if other != key})
                found |= {paths.UP * level + path: texts for path, texts in rest.items() if path != "."}
            found |= paths.outside(aside)
            yield number, paths.cells(found, table, file.name, number)


def descended(
    value: Value, way: Sequence[str], above: Sequence[tuple[dict[str, Value], str]] = ()
) -> Iterator[tuple[Value, Sequence[tuple[dict[str, Value], str]]]]:
    """Yield what stands at the end of ``way``, with the objects passed and their keys taken, the nearest first."""
    if isinstance(value, list):
        for item in value:
            yield from descended(item, way, above)
    elif not way:
        yield value, above
    elif isinstance(value, dict) and way[0] in value:
        yield from descended(value[way[0]], way[1:], [(value, way[0]), *above])


def leaves(value: Value) -> Leaves:
    """Return the plain values of a record as texts, by their paths."""
    found: Leaves = {}
    _collect(value, "", found)
    return found


def _collect(value: Value, path: str, found: Leaves) -> None:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            _collect(inner, f"{path}/{paths.joined(key)}" if path else paths.joined(key), found)
    elif isinstance(value, list) and value:
        for inner in value:
            _collect(inner, path, found)
    else:
        texts = found.setdefault(path or ".", [])
        if value is not None and not isinstance(value, dict | list):
            texts.append(text(value) or "")
