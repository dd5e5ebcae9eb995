"""The runs of the gap analyses that a home keeps: a folder each, whole or not there.

``gaps/runs/<run>/`` holds ``run.nt``, the sorted N-Triples of the run's graph, and ``manifest.json``: what was asked,
of which data, when, the gaps found and those no longer found, and the checksum of the file. A run is written into a
hidden folder that gets its name in one step; what a run that died has left is cleared away by the next.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from asmgraph.errors import StoreError
from asmgraph.store.guard import GAPS

_FOLDER = Path("gaps") / "runs"
_STATEMENTS, _MANIFEST, _DRAFT = "run.nt", "manifest.json", ".draft-"


@dataclass(frozen=True)
class Kept:
    """A run that is kept.

    ``question`` is the same for the same question on other data; ``public`` says that it read the public dataset alone.
    ``started`` and ``ended`` are ISO 8601 with zone, ``as_of`` is a day. ``gaps`` are the IRIs of those it found,
    ``since`` when each was first found, ``closed`` of those that the run before had found and it did not.
    """

    name: str
    question: str
    public: bool
    as_of: str
    started: str
    ended: str
    software: str
    data: str
    parameters: tuple[str, ...]
    gaps: tuple[str, ...]
    since: tuple[str, ...]
    closed: tuple[str, ...]
    triples: int
    checksum: str

    @property
    def graph(self) -> str:
        """Return the IRI of its graph."""
        return GAPS + self.name


def listed(home: Path) -> list[Kept]:
    """Return the runs that are kept, the oldest first; those whose manifest is damaged are in :func:`damaged`."""
    found = (_read(folder) for folder in _folders(home))
    return sorted((one for one in found if one is not None), key=lambda one: (one.ended, one.name))


def damaged(home: Path) -> list[Path]:
    """Return the folders of the runs that cannot be used."""
    return [folder for folder in _folders(home) if (one := _read(folder)) is None or not _is_sound(home, one)]


def lines(home: Path, run: Kept) -> list[str]:
    """Return the statements of a run.

    Raises
    ------
    StoreError
        If the file is not the one that was kept.
    """
    if not _is_sound(home, run):
        raise StoreError(
            f"The statements of the run {run.name} are not those that were kept.",
            f"Remove the folder {_FOLDER / run.name} of the home and run 'asmgraph gaps run' again.",
        )
    # Not splitlines, which cuts at signs that a literal may hold as they are.
    return file(home, run).read_bytes().decode().split("\n")[:-1]


def file(home: Path, run: Kept) -> Path:
    """Return the N-Triples file of a run."""
    return home / _FOLDER / run.name / _STATEMENTS


def keep(home: Path, run: Kept, statements: Iterable[str]) -> Kept:
    """Write a run, whole or not at all, with number and checksum of its statements; the caller holds the lock.

    One of the same name is replaced: it was damaged, or another of its question came between.
    """
    sweep(home)
    draft = home / _FOLDER / f"{_DRAFT}{run.name}"
    draft.mkdir(parents=True)
    content = [f"{one}\n".encode() for one in statements]
    digest = hashlib.sha256(b"".join(content)).hexdigest()
    done = Kept(**{**asdict(run), "triples": len(content), "checksum": digest})
    _write(draft / _STATEMENTS, b"".join(content))
    _write(draft / _MANIFEST, json.dumps(asdict(done), ensure_ascii=False, indent=1).encode())
    target = home / _FOLDER / run.name
    _remove(target)
    draft.replace(target)
    _sync(home / _FOLDER)
    return done


def prune(home: Path, keep: int) -> list[Kept]:
    """Remove of each question all but the newest runs; return those that were removed."""
    of_a_question: dict[str, list[Kept]] = defaultdict(list)
    for run in listed(home):
        of_a_question[run.question].append(run)
    old = [run for runs in of_a_question.values() for run in runs[: max(0, len(runs) - keep)]]
    for run in old:
        _remove(home / _FOLDER / run.name)
    return old


def sweep(home: Path) -> None:
    """Remove what a run that died has left."""
    for left in (home / _FOLDER).glob(f"{_DRAFT}*"):
        shutil.rmtree(left, ignore_errors=True)


def _folders(home: Path) -> list[Path]:
    return sorted(one for one in (home / _FOLDER).glob("*") if one.is_dir() and one.name[0] != ".")


def _remove(folder: Path) -> None:
    """Remove a run in one step: nobody sees a part of it."""
    if folder.exists():
        aside = folder.with_name(f"{_DRAFT}old-{folder.name}")
        folder.replace(aside)
        shutil.rmtree(aside, ignore_errors=True)


def _read(folder: Path) -> Kept | None:
    try:
        content: dict[str, Any] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        for name in ("parameters", "gaps", "since", "closed"):
            content[name] = tuple(content[name])
        run = Kept(**content)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return run if run.name == folder.name else None


def _is_sound(home: Path, run: Kept) -> bool:
    try:
        with file(home, run).open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == run.checksum
    except OSError:
        return False


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
