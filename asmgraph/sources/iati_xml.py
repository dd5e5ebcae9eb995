"""Stream the records of IATI files: XML that nobody need trust in, one activity or organisation at a time out.

A document type is refused before anything is parsed, so there are no entities to expand and nothing to fetch;
memory does not grow with the file. A record of version 1.0x comes out in the elements of 2.03.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from asmgraph.errors import SourceError
from asmgraph.sources import iati_1, markup

_VERSION = re.compile(r"1\.0\d?|2\.0\d")


def files(path: Path) -> list[Path]:
    """Return the files at ``path``: a file, or those of a folder that end in ``.xml``, sorted."""
    return sorted(path.glob("*.xml")) if path.is_dir() else [path]


def activities(files: Sequence[Path]) -> Iterator[tuple[int, etree._Element]]:
    """Yield every activity of activities files, as :func:`records` does."""
    yield from records(files, "activities", "activity")


def organisations(files: Sequence[Path]) -> Iterator[tuple[int, etree._Element]]:
    """Yield every organisation of organisation files, as :func:`records` does."""
    yield from records(files, "organisations", "organisation")


def records(files: Sequence[Path], kind: str, record: str) -> Iterator[tuple[int, etree._Element]]:
    """Yield every ``iati-{record}`` of files of ``iati-{kind}`` with its number, counted through all files.

    Each is in the elements of 2.03, whatever 1.0x or 2.0x the file has, and is freed when the next is asked for.

    Raises
    ------
    SourceError
        If a file is not well-formed, has a document type, or is not an IATI file of that kind, version 1.0x or 2.0x;
        it names the file and, where there is one, the line.
    """
    yield from enumerate((one for file in files for one in _read(file, kind, record)), start=1)


def _read(file: Path, kind: str, record: str) -> Iterator[etree._Element]:
    try:
        with file.open("rb") as content:
            yield from _parsed(file, content, kind, f"iati-{record}")
    except OSError as error:
        raise SourceError(f"{file} cannot be read: {error.strerror}.", "Give the path of one file.") from None


def _parsed(file: Path, content: BinaryIO, kind: str, record: str) -> Iterator[etree._Element]:
    depth = 0
    chosen = old = False
    for event, element in markup.events(file.name, content):
        if event == "start":
            depth += 1
            if depth == 1:
                old = _is_old(file, kind, element)
            chosen = element.tag == record if depth == 2 else chosen
            continue
        depth -= 1
        if depth == 1 and chosen:
            if old:
                iati_1.normalise(element)
            yield element
        if depth == 1 or not chosen:  # what is no record is freed piece by piece, however large it is
            markup.free(element)


def _is_old(file: Path, kind: str, root: etree._Element) -> bool:
    """Say whether a file is of version 1.0x; refuse what is no IATI file of the kind."""
    if root.tag != f"iati-{kind}":
        raise SourceError(
            f"{file.name}, line {root.sourceline}: expected the element <iati-{kind}>, found <{root.tag}>.",
            f"Give an IATI {kind} file, version 1.0x or 2.0x.",
        )
    version = root.get("version", "not stated").strip()
    if not _VERSION.fullmatch(version):
        raise SourceError(f"{file.name}: IATI version {version}.", "Give a file of version 1.0x or 2.0x.")
    return version.startswith("1")
