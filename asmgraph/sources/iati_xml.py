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
from asmgraph.sources import iati_1

_SAFELY = {"load_dtd": False, "no_network": True, "resolve_entities": False, "huge_tree": False}
_SAFELY |= {"collect_ids": False, "remove_comments": True, "remove_pis": True}
_HEAD_BYTES = 65_536
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ENCODING = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([^\"']*)", re.DOTALL)
_VERSION = re.compile(r"1\.0\d?|2\.0\d")
_ASCII_LIKE = re.compile(r"utf-?8|(us-)?ascii|iso-8859-\d+|latin-?1|(windows-|cp)125\d", re.IGNORECASE)


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
            _refuse_unsafe(file, content.read(_HEAD_BYTES), kind)
            content.seek(0)
            yield from _parsed(file, content, f"iati-{record}")
    except OSError as error:
        raise SourceError(f"{file} cannot be read: {error.strerror}.", "Give the path of one file.") from None


def _parsed(file: Path, content: BinaryIO, record: str) -> Iterator[etree._Element]:
    events = etree.iterparse(content, events=("start", "end"), **_SAFELY)
    depth = 0
    chosen = old = False
    try:
        for event, element in events:
            if event == "start":
                depth += 1
                if depth == 1:
                    version = element.get("version", "not stated").strip()
                    if not _VERSION.fullmatch(version):
                        raise SourceError(
                            f"{file.name}: IATI version {version}.", "Give a file of version 1.0x or 2.0x."
                        )
                    old = version.startswith("1")
                chosen = element.tag == record if depth == 2 else chosen
                continue
            depth -= 1
            if depth == 1 and chosen:
                if old:
                    iati_1.normalise(element)
                yield element
            if depth == 1 or not chosen:  # what is no record is freed piece by piece, however large it is
                element.clear(keep_tail=True)
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
    except etree.XMLSyntaxError:
        first = events.error_log[0]
        raise SourceError(
            f"{file.name}, line {first.line}, column {first.column}: not well-formed XML: {first.message}.",
            "The file is cut off or damaged there; download it again, or mend that line.",
        ) from None


def _refuse_unsafe(file: Path, head: bytes, kind: str) -> None:
    """Read what stands before the root element without a parser, and refuse what a parser should not see."""
    encoding = _ENCODING.search(head)
    stated = encoding.group(1).decode("ascii", "replace") if encoding else "utf-8"
    if b"\x00" in head or head[:2] in (b"\xff\xfe", b"\xfe\xff") or not _ASCII_LIKE.fullmatch(stated):
        raise SourceError(f"{file.name} is not in UTF-8.", "Save the file as XML with the encoding UTF-8.")
    prolog = _PROLOG.match(head)
    rest = head[prolog.end() if prolog else 0 :]
    line = head[: len(head) - len(rest)].count(b"\n") + 1
    if rest[:9].upper() == b"<!DOCTYPE":
        raise SourceError(
            f"{file.name}, line {line}: has a document type (DOCTYPE), which could reach outside the file.",
            "IATI files have none: remove it, or ask the publisher for a file without.",
        )
    if not re.match(rf"<iati-{kind}[\s/>]".encode(), rest):
        found = rest[:40].decode("utf-8", "replace")
        raise SourceError(
            f"{file.name}, line {line}: expected the element <iati-{kind}>, found {found!r}.",
            f"Give an IATI {kind} file, version 1.0x or 2.0x.",
        )
