"""The files that a release is downloaded as, made once a snapshot and kept in its folder.

They are made of the public snapshot alone, whole or not at all: a folder is filled aside, then renamed. The same
snapshot gives the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from asmgraph.errors import StoreError
from asmgraph.export import release
from asmgraph.export.formats import FORMS, Asked
from asmgraph.export.whole import Progress, silent
from asmgraph.store.snapshots import Snapshot

FOLDER = "downloads"
_INDEX = "index.json"
_LEVEL = 6
_WHOLE = (
    ("nquads", True),
    ("turtle", True),
    ("jsonld", True),
    ("rocrate", False),
    ("hxl", False),
    ("geojson", False),
)
"""The forms of a whole release, and which of them are compressed."""
_NAMES = {"hxl": "asmgraph-3w.hxl.csv", "rocrate": "asmgraph.crate.zip", "geojson": "asmgraph.geojson"}


@dataclass(frozen=True)
class Download:
    """A file: its form by name, the source that it holds ('' for the whole release), its size and checksum.

    ``media_type`` is that of the content; where ``compressed``, the file itself is gzip.
    """

    name: str
    form: str
    source: str
    media_type: str
    compressed: bool
    size_bytes: int = 0
    sha256: str = ""


def planned(snapshot: Snapshot) -> list[Download]:
    """Return the files that a snapshot is downloaded as; sizes and checksums are not known before they are made."""
    found = [
        Download(
            _NAMES.get(form, f"asmgraph.{FORMS[form].ending}.gz"),
            form,
            "",
            FORMS[form].media_type,
            compressed,
        )
        for form, compressed in _WHOLE
    ]
    form = FORMS["nquads"]
    sources = release.describe(snapshot).sources
    return found + [
        Download(f"{name}.{form.ending}.gz", "nquads", name, form.media_type, True) for name in sources
    ]


def made(snapshot: Snapshot, publisher: str = "") -> Mapping[str, Download] | None:
    """Return the files by name, ``None`` where they were not made yet: by this software, for this publisher."""
    try:
        content = json.loads((snapshot.path / FOLDER / _INDEX).read_text(encoding="utf-8"))
        if (content["software"], content["publisher"]) != (version("asmgraph"), publisher):
            return None
        return {entry["name"]: Download(**entry) for entry in content["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def make(snapshot: Snapshot, publisher: str = "", progress: Progress = silent) -> Mapping[str, Download]:
    """Make the files of a public snapshot, unless they are there.

    Raises
    ------
    StoreError
        If the snapshot is not the public one: nothing is to be downloaded of another.
    OSError
        If the disk does not take them.
    """
    if not snapshot.path.name.endswith("-public"):
        raise StoreError(
            f"{snapshot.path.name} is not the public dataset.", "Downloads are made of that alone."
        )
    found = made(snapshot, publisher)
    if found is not None:
        return found
    draft = snapshot.path / f".{FOLDER}-{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        files = [_write(snapshot, draft, one, publisher, progress) for one in planned(snapshot)]
        held = [asdict(file) for file in files]
        index = {"software": version("asmgraph"), "publisher": publisher, "files": held}
        (draft / _INDEX).write_text(json.dumps(index, indent=1), encoding="utf-8")
        # Another process may have been first: its files are the same, and may be read already.
        if made(snapshot, publisher) is None:
            target = snapshot.path / FOLDER
            with suppress(FileNotFoundError):
                target.replace(draft.with_name(f"{draft.name}-old"))
            draft.replace(target)
    finally:
        for folder in (draft, draft.with_name(f"{draft.name}-old")):
            shutil.rmtree(folder, ignore_errors=True)
    return {file.name: file for file in files}


def _write(snapshot: Snapshot, folder: Path, one: Download, publisher: str, progress: Progress) -> Download:
    asked = Asked(snapshot, (one.source,) if one.source else (), publisher=publisher)
    path = folder / one.name
    with path.open("wb") as file:
        if one.compressed:
            with gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed:
                _fill(FORMS[one.form].write, asked, packed, progress)
        else:
            _fill(FORMS[one.form].write, asked, file, progress)
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return Download(
        one.name, one.form, one.source, one.media_type, one.compressed, path.stat().st_size, digest
    )


def _fill(
    write: Callable[[Asked, BinaryIO, Progress], None], asked: Asked, target: object, progress: Progress
) -> None:
    write(asked, target, progress)  # type: ignore[arg-type]
