"""How the bytes of delimited text become characters: as ``source.yml`` says, as UTF-8 where it says nothing.

An ingestion never guesses: text read in a wrong encoding is no error, it is wrong names. A draft may propose.
"""

from __future__ import annotations

import codecs
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from asmgraph.descriptions import Encoding
from asmgraph.errors import SourceError

UTF_8: Encoding = "utf-8"
_CODECS: dict[Encoding, str] = {
    "utf-8": "utf-8-sig", "windows-1252": "cp1252", "latin-1": "latin-1", "utf-16": "utf-16"
}  # fmt: skip
_SAVE = "save it as CSV with the encoding UTF-8 ('CSV UTF-8' in Excel)"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NO_TEXT = {b"PK\x03\x04": "a ZIP archive", b"\xd0\xcf\x11\xe0": "an old spreadsheet (XLS)", b"%PDF": "a PDF"}
_KINDS = {b"xl/workbook": "a spreadsheet (XLSX)", b"content.xml": "an OpenDocument file (as ODS)"}
_CHARACTERS = 1_000_000


def opened(file: Path, encoding: Encoding | None = None) -> TextIO:
    """Open a text, by default UTF-8, with or without its mark; line ends stay as they are.

    Raises
    ------
    SourceError
        If its first bytes are those of a spreadsheet, an archive or a PDF, or the mark of another encoding.
    """
    with file.open("rb") as content:
        first = content.read(4)
    if first in _NO_TEXT:
        kind = _kind(file, _NO_TEXT[first])
        raise SourceError(
            f"{file.name} is {kind}, whatever its name says, and no text.",
            f"Open it in the program that it is of and {_SAVE}; a spreadsheet can also be read as it is, by its own "
            "ending and format (.xlsx, .ods).",
        )
    chosen = encoding or UTF_8
    for marks, marked in (((codecs.BOM_UTF8,), UTF_8), (_UTF_16, "utf-16")):
        if first.startswith(marks) and chosen != marked:
            raise SourceError(
                f"{file.name} begins with the mark of {marked.upper()}, and is read as {chosen}.",
                f"Say encoding: {marked} of its table in source.yml, or {_SAVE}.",
            )
    return file.open(encoding=_CODECS[chosen], newline="")


def undecodable(file: Path, encoding: Encoding | None = None) -> SourceError:
    """Return what to say of a text that is not in its encoding: the line in which that shows, and what may help."""
    chosen = encoding or UTF_8
    content = file.read_bytes()
    where = file.name
    try:
        content.decode(chosen)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(chosen, "replace").replace("\r\n", "\n").replace("\r", "\n")
        where += f", line {before.count(chr(10)) + 1}"
    said = f"{where}: not {chosen.upper() if chosen.startswith('utf') else chosen} text."
    if chosen != UTF_8:
        return SourceError(said, f"Correct encoding of its table in source.yml, or {_SAVE}.")
    if b"\0" in content:
        return SourceError(said, "It holds bytes that no text has. Is this the right file?")
    return SourceError(
        said,
        f"{_SAVE[0].upper()}{_SAVE[1:]}; or, if it comes from Excel on Windows, say encoding: windows-1252 of its "
        "table in source.yml.",
    )


def proposed(file: Path) -> Encoding | None:
    """Return the encoding to propose for a text: none where it is UTF-8, or in no encoding that is known.

    What is not UTF-8 and has no mark is taken for Windows-1252, as spreadsheet programs save it in western Europe and
    Africa; a person has to see whether the accents are right.
    """
    with file.open("rb") as content:
        first = content.read(4)
    if first.startswith(_UTF_16):
        return "utf-16"
    if first in _NO_TEXT or _reads(file, UTF_8):
        return None
    return "windows-1252" if _reads(file, "windows-1252") else None


def _reads(file: Path, encoding: Encoding) -> bool:
    with suppress(UnicodeError), file.open(encoding=_CODECS[encoding], newline="") as lines:
        return all("\0" not in text for text in iter(lambda: lines.read(_CHARACTERS), ""))
    return False


def _kind(file: Path, otherwise: str) -> str:
    content = file.read_bytes()
    return next((kind for sign, kind in _KINDS.items() if sign in content), otherwise)
