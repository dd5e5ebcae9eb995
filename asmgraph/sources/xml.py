"""Read XML: the elements at a path in, batches of text rows out, streamed element by element.

``records`` is the path to what repeats, from below the root element; ``at`` is the path of a cell below it: elements,
or ``@name`` for an attribute; ``../name`` is one of what the record lies in. Names are those without a prefix, but for
``@xml:lang``. Elements that repeat are lists for a column with ``split``. Rows are numbered as records of their file,
from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from lxml import etree

from asmgraph.descriptions import Source, Table
from asmgraph.errors import ConfigurationError, SourceError
from asmgraph.records import Batch
from asmgraph.sources import gathering, markup, paths, tables
from asmgraph.sources.paths import Leaves

ENDINGS = (".xml",)
VALUES = 1_000_000
"""So many elements may be held at once; more means that a path leads too far up."""
_OUTSIDE = 100
_XML = "{http://www.w3.org/XML/1998/namespace}"


def files(path: Path, source: Source) -> list[Path]:
    """Return the files of all tables at ``path``, sorted; none where the folder holds no such file."""
    return tables.files(path, source, *ENDINGS, shared=True)


def read(path: Path, source: Source, *, everything: bool = False) -> Iterator[Batch]:
    """Yield the rows of every table of ``source`` found at ``path``.

    Raises
    ------
    SourceError
        If a file is not well-formed or has a document type, nothing stands at ``records``, or a cell holds several
        values and its column has no ``split``; it names the file and, where there is one, the line or the record.
    """
    for name, file in tables.located(path, source, *ENDINGS, shared=True).items():
        table = source.tables[name]
        yield from gathering.batches(name, file.name, _records(file, name, table))


def _records(file: Path, name: str, table: Table) -> Iterator[gathering.Record]:
    way = paths.steps(table.records)
    if not way:
        raise ConfigurationError(
            f"source.yml: {name} has no 'records'.",
            "Say which path below the root element leads to what repeats.",
        )
    up = paths.levels(table, name, len(way))
    aside: dict[str, None] = {}
    number = 0
    for unit in _units(file, way, len(way) - up, aside):
        for record, above in _descended(unit, way[len(way) - up :]):
            number += 1
            found = _leaves(record)
            for level, (holder, child) in enumerate(above, start=1):
                rest = _leaves(holder, without=child)
                found |= {paths.UP * level + path: texts for path, texts in rest.items()}
            found |= paths.outside(aside)
            yield number, paths.cells(found, table, file.name, number)


def _units(file: Path, way: Sequence[str], length: int, aside: dict[str, None]) -> Iterator[etree._Element]:
    """Yield the elements at the first ``length`` steps of ``way``; note in ``aside`` the texts beside them."""
    unit = list(way[:length])
    here: list[str] = []
    top: dict[str, None] = {}
    held = 0
    met = False
    with file.open("rb") as content:
        for event, element in markup.events(file.name, content):
            if event == "start":
                here.append(markup.local(str(element.tag)))
                if len(here) == 2:
                    top[here[1]] = None
                met = met or here[1:] == list(way)
                held = held + 1 if here[1 : 1 + length] == unit else 0
                if held > VALUES:
                    raise SourceError(
                        f"{file.name}, line {element.sourceline}: more than {VALUES:,} elements in one.",
                        "Do 'records' and '../' in source.yml lead to what repeats?",
                    )
                continue
            within = here[1 : 1 + length] == unit
            if within and len(here) == 1 + length:
                yield element
            if not within or len(here) == 1 + length:
                if not within and not len(element) and (element.text or "").strip() and len(aside) < _OUTSIDE:
                    aside["/".join(here[1:])] = None
                markup.free(element)
            here.pop()
            held = 0 if len(here) <= length else held
    if not met:
        raise SourceError(
            f"{file.name} has no element at {'/'.join(way)!r}; below its root it has {', '.join(top) or 'none'}.",
            "Mend 'records' in source.yml.",
        )


def _descended(
    element: etree._Element, way: Sequence[str], above: Sequence[tuple[etree._Element, str]] = ()
) -> Iterator[tuple[etree._Element, Sequence[tuple[etree._Element, str]]]]:
    if not way:
        yield element, above
        return
    for child in element:
        if markup.local(str(child.tag)) == way[0]:
            yield from _descended(child, way[1:], [(element, way[0]), *above])


def _leaves(element: etree._Element, without: str | None = None) -> Leaves:
    found: Leaves = {}
    _collect(element, "", found, without)
    return found


def _collect(element: etree._Element, path: str, found: Leaves, without: str | None) -> None:
    start = f"{path}/" if path else ""
    for attribute, value in element.attrib.items():
        name = str(attribute).replace(_XML, "xml:")
        found.setdefault(f"{start}@{markup.local(name)}", []).append(str(value))
    said = [part for part in (element.text, *(child.tail for child in element)) if part and part.strip()]
    if said or not (len(element) or element.attrib):
        whole = (
            " ".join("".join(str(part) for part in element.itertext()).split())
            if len(element)
            else element.text
        )
        texts = found.setdefault(path or ".", [])
        if whole and whole.strip():
            texts.append(whole.strip())
    for child in element:
        name = markup.local(str(child.tag))
        if name != without:
            _collect(child, f"{start}{name}", found, None)
