"""Parse XML that nobody need trust: a document type is refused before a parser sees it, elements come one by one.

So there are no entities to expand and nothing to fetch, and memory does not grow with the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from lxml import etree

from asmgraph.errors import SourceError

HEAD_BYTES = 65_536
DEPTH = 100
_SAFELY = {"load_dtd": False, "no_network": True, "resolve_entities": False, "huge_tree": False}
_SAFELY |= {"collect_ids": False, "remove_comments": True, "remove_pis": True}
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ENCODING = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([^\"']*)", re.DOTALL)
_ASCII_LIKE = re.compile(r"utf-?8|(us-)?ascii|iso-8859-\d+|latin-?1|(windows-|cp)125\d", re.IGNORECASE)


def refuse_unsafe(where: str, head: bytes) -> None:
    """Read what stands before the root element, without a parser, and refuse what a parser should not see.

    Raises
    ------
    SourceError
        For a document type, an encoding in which one could hide, or what does not begin as XML does.
    """
    encoding = _ENCODING.search(head)
    stated = encoding.group(1).decode("ascii", "replace") if encoding else "utf-8"
    if b"\x00" in head or head[:2] in (b"\xff\xfe", b"\xfe\xff") or not _ASCII_LIKE.fullmatch(stated):
        raise SourceError(f"{where} is not in UTF-8.", "Save it as XML with the encoding UTF-8.")
    prolog = _PROLOG.match(head)
    rest = head[prolog.end() if prolog else 0 :]
    line = head[: len(head) - len(rest)].count(b"\n") + 1
    if rest[:9].upper() == b"<!DOCTYPE":
        raise SourceError(
            f"{where}, line {line}: has a DOCTYPE, a document type, which could reach outside the file.",
            "Remove it, or ask the publisher for a file without.",
        )
    if not re.match(rb"<[^\s!?/<>]", rest):
        raise SourceError(
            f"{where}, line {line}: not XML: expected an element, found {rest[:40].decode('utf-8', 'replace')!r}.",
            "Is this the right file?",
        )


def events(where: str, content: IO[bytes]) -> Iterator[tuple[str, etree._Element]]:
    """Yield ``start`` and ``end`` of every element; what was yielded as ``end`` may be cleared by :func:`free`.

    Raises
    ------
    SourceError
        If it has a document type, is nested deeper than ``DEPTH``, or is not well-formed, with the line.
    """
    refuse_unsafe(where, content.read(HEAD_BYTES))
    content.seek(0)
    parser = etree.iterparse(content, events=("start", "end"), **_SAFELY)
    depth = 0
    try:
        for event, element in parser:
            depth += 1 if event == "start" else -1
            if depth > DEPTH:
                raise SourceError(
                    f"{where}, line {element.sourceline}: nested deeper than {DEPTH} levels.",
                    "Flatten the XML.",
                )
            yield event, element
    except etree.XMLSyntaxError as error:
        first = parser.error_log[0] if len(parser.error_log) else None
        line, column = (first.line, first.column) if first else (error.position or (0, 0))
        reason = first.message if first else error.msg
        raise SourceError(
            f"{where}, line {line}, column {column}: not well-formed XML: {reason}.",
            "The file is cut off or damaged there; download it again, or mend that line.",
        ) from None


def free(element: etree._Element) -> None:
    """Forget an element that was read, and its siblings before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def local(tag: str) -> str:
    """Return a name without its namespace."""
    return tag.rpartition("}")[2]
