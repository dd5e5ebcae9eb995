"""Open zip files that nobody need trust: spreadsheets are such. Read from the archive alone, nothing is unpacked.

Enters: a file. Leaves: an open archive whose list of parts is in order, and how many bytes its parts say they hold: a
part is never read further than it says.
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from asmgraph.errors import SourceError

PARTS = 10_000
RATIO = 500
"""How often a part may be larger than it is packed. Sheets reach some 40; a bomb of zeros reaches 1,000."""
SMALL_BYTES = 10_000_000
"""A part up to this size may be packed as tightly as it likes."""
_OLE = b"\xd0\xcf\x11\xe0"
_CHUNK = 1 << 20


@contextmanager
def opened(file: Path, kind: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive.

    Raises
    ------
    SourceError
        If it is none, or is encrypted, has a part that leads outside of it, has one twice, or one that is packed
        tighter than data ever are; also for damage that is met while its parts are read.
    """
    with file.open("rb") as content:
        if content.read(4) == _OLE:
            raise SourceError(
                f"{file.name} is an old or a password-protected spreadsheet.",
                f"Open it in a spreadsheet program and save it as {kind}, without a password.",
            )
    try:
        with zipfile.ZipFile(file) as archive:
            _refuse_tricks(file, archive)
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise SourceError(
            f"{file.name} is no {kind} file, or is damaged: {error}.",
            f"Download it again, or save it anew as {kind}.",
        ) from None


def unpacked_bytes(file: Path, most: int) -> int:
    """Return the bytes of ``file`` once unpacked: a zip file says them, those of gzip are counted up to ``most``."""
    if file.suffix.lower() == ".gz":
        return _gunzipped_bytes(file, most)
    if not zipfile.is_zipfile(file):
        return file.stat().st_size
    with opened(file, file.suffix.removeprefix(".").upper()) as archive:
        return sum(part.file_size for part in archive.infolist())


def _gunzipped_bytes(file: Path, most: int) -> int:
    total = 0
    try:
        with gzip.open(file) as content:
            while total <= most and (chunk := content.read(_CHUNK)):
                total += len(chunk)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(
            f"{file.name} is no gzip file, or is damaged: {error}.", "Download it again."
        ) from None
    return total


def _refuse_tricks(file: Path, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    why = None
    if len(parts) > PARTS:
        why = f"holds {len(parts):,} parts; the limit is {PARTS:,}"
    for name, count in Counter(part.filename for part in parts).items():
        if count > 1:
            why = f"holds {name!r} twice"
        elif "\\" in name or PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            why = f"holds {name!r}, which leads outside of it"
    for part in parts:
        if part.flag_bits & 1:
            why = f"holds {part.filename!r} encrypted"
        elif part.file_size > max(SMALL_BYTES, RATIO * part.compress_size):
            why = f"holds {part.filename!r}, {part.file_size:,} bytes packed into {part.compress_size:,}"
    if why:
        raise SourceError(f"{file.name} {why}.", "No honest file does; ask the publisher for another.")
