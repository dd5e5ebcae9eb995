"""The manifest of a snapshot: what it holds, and the size and digest of each of its files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from asmgraph.errors import SnapshotDamagedError

FORMAT = 3
"""Of a snapshot's layout; a snapshot of another format is not opened."""
REMEDY = "Run 'asmgraph publish' to build it anew from what is staged."
_FILE = "manifest.json"
_SMALL = 1_000_000
_KEYS = {"format", "number", "published", "hash", "graphs", "merged", "sources", "files"}


def read(path: Path) -> dict[str, Any]:
    """Return the manifest of the snapshot in a folder.

    Raises
    ------
    SnapshotDamagedError
        If it is not there or not whole.
    """
    try:
        manifest: dict[str, Any] = json.loads((path / _FILE).read_text(encoding="utf-8"))
        if not manifest.keys() >= _KEYS:
            raise ValueError
    except (OSError, ValueError, AttributeError):
        raise SnapshotDamagedError(f"The manifest of {path.name} cannot be read.", REMEDY) from None
    return manifest


def identity(path: Path) -> tuple[int, int]:
    """Return what tells a manifest from another in the same place; raises as :func:`read` does."""
    try:
        written = (path / _FILE).stat()
    except OSError:
        raise SnapshotDamagedError(f"The manifest of {path.name} cannot be read.", REMEDY) from None
    return written.st_ino, written.st_mtime_ns


def write(path: Path, content: dict[str, Any]) -> list[Path]:
    """Write the manifest of a folder whose store is complete; return all files of the snapshot."""
    files = _data_files(path / "store")
    held = {"format": FORMAT, "files": {file.name: [file.stat().st_size, _digest(file)] for file in files}}
    (path / _FILE).write_text(json.dumps(content | held, indent=1, sort_keys=True), encoding="utf-8")
    return [*files, path / _FILE]


def check_files(path: Path, manifest: dict[str, Any]) -> None:
    """Check a snapshot's format, and its files by size; small ones, the store's own lists, by digest.

    Raises
    ------
    SnapshotDamagedError
        If they are not those of the manifest.
    """
    if manifest["format"] != FORMAT:
        raise SnapshotDamagedError(f"{path.name} was made by another version of asmgraph.", REMEDY)
    try:
        held = {file.name: file for file in _data_files(path / "store")}
        sound = held.keys() == manifest["files"].keys() and all(
            held[name].stat().st_size == size and (size >= _SMALL or _digest(held[name]) == digest)
            for name, (size, digest) in manifest["files"].items()
        )
    except OSError:
        sound = False
    if not sound:
        raise SnapshotDamagedError(f"Files of {path.name} are not those of its manifest.", REMEDY)


def is_data(name: str) -> bool:
    """Say whether a store's file holds data, and is not its lock or log."""
    return not name.startswith("LOG") and name != "LOCK"


def _data_files(store: Path) -> list[Path]:
    return [file for file in sorted(store.iterdir()) if is_data(file.name)]


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
