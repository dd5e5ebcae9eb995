"""Publish atomically and read immutably: one writer, a snapshot a publication, a pointer that is swapped.

A publication builds two stores from the staged files, ``snapshots/<n>-public/`` with what is public and
``snapshots/<n>/`` with everything, checks them, and then swaps the link ``public`` in one step.
Until that step every reader sees the former snapshot, whole; a run that died before it leaves drafts that the
next one clears away. Nothing is carried over from an earlier publication, so nothing withdrawn lingers in one; the full
store begins as a copy of what both hold, so that this is parsed and indexed once.
Beside the named graphs each store holds their merge, every triple once, as its default graph: that is what a
query without a dataset clause reads. What follows from them by :mod:`asmgraph.store.inference` is a graph apart.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, QuerySolutions, RdfFormat, Store

from asmgraph import resources
from asmgraph.errors import HomeNotFoundError, SnapshotDamagedError, StoreError, StoreLockedError
from asmgraph.store.inference import INFERRED, infer
from asmgraph.store.inference import digest as rules_digest
from asmgraph.store.reading import Reading, remove_unread

POINTER = "public"
FORMAT = 3
"""Of a snapshot's layout; a snapshot of another format is not opened."""
STEPS = 5
"""Of a publication, as they are told to its ``progress``."""
_SMALL = 1_000_000
_PIECE_BYTES = 80 * 2**20
_CONDEMNED = "condemned"
"""A file in the folder of a snapshot that must go as soon as nobody reads it."""
_KEYS = {"format", "number", "published", "hash", "graphs", "merged", "sources", "files"}
_NAME = re.compile(r"^(\d+)(-public)?$", re.ASCII)
_REMEDY = "Run 'asmgraph publish' to build it anew from what is staged."


@dataclass(frozen=True)
class GraphFile:
    """A graph that is to be published: its IRI, its N-Triples file, the file's triples and checksum.

    ``source`` and ``version`` say of what it is a part. A graph that is not ``full`` is made for the public dataset
    alone, from others that are not in it.
    """

    iri: str
    file: Path
    triples: int
    checksum: str
    public: bool
    source: str
    version: str
    full: bool = True


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A published, immutable state. ``path`` holds ``store/`` and ``manifest.json``.

    ``counts`` are the triples of each graph, ``triples`` the distinct ones over all of them.
    One object a snapshot and process, so that what is derived from it can be kept by it. ``reading`` is its open
    store, which also keeps the folder in place. ``tombstones`` are day and reason of what was taken down, by the
    digest of its address.
    """

    number: int
    path: Path
    graphs: tuple[str, ...]
    counts: Mapping[str, int]
    triples: int
    sources: Mapping[str, str]
    published: dt.datetime
    hash: str
    reading: Reading
    tombstones: Mapping[str, tuple[str, str]]

    @property
    def store(self) -> Path:
        """Return the folder of the triple store, for read-only opening."""
        return self.path / "store"


def current(home: Path, *, full: bool = False) -> Snapshot:
    """Return the published snapshot: the public one, or the full one.

    Raises
    ------
    HomeNotFoundError
        If nothing was published yet.
    SnapshotDamagedError
        If files or counts are not those of the manifest.
    """
    return current_at(_published(home, full=full))


def current_at(path: Path) -> Snapshot:
    """Return the snapshot in a folder, which is read and checked once a process; see :func:`current`."""
    try:
        written = (path / "manifest.json").stat()
    except OSError:
        raise SnapshotDamagedError(f"The manifest of {path.name} cannot be read.", _REMEDY) from None
    return _opened(path, (written.st_ino, written.st_mtime_ns))


def published_versions(home: Path) -> dict[str, str]:
    """Return the version of each published source by name, also where the stores do not open.

    Raises
    ------
    HomeNotFoundError
        If nothing was published yet.
    SnapshotDamagedError
        If the manifest cannot be read.
    """
    return dict(_manifest(_published(home, full=True))["sources"])


def published_number(home: Path) -> int:
    """Return the number of the published snapshot; raises as :func:`published_versions` does."""
    return int(_published(home, full=True).name)


def published_counts(home: Path) -> dict[str, int]:
    """Return the statements of each graph of the full dataset; raises as :func:`published_versions` does."""
    return dict(_manifest(_published(home, full=True))["graphs"])


def states(snapshot: Snapshot, thing: str) -> bool:
    """Say whether a snapshot holds a statement about a thing."""
    return (
        next(snapshot.reading.store.quads_for_pattern(NamedNode(thing), None, None, None), None) is not None
    )


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the home's one writer lock.

    Raises
    ------
    StoreLockedError
        If another process holds it.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StoreLockedError(
                f"Another process is writing to {home}.", "Wait until it is done, then try again."
            ) from None
        yield


def publish(
    home: Path,
    graphs: list[GraphFile],
    keep: int,
    progress: Callable[[str], None] = lambda _: None,
    tombstones: Mapping[str, tuple[str, str]] | None = None,
) -> Snapshot:
    """Publish exactly ``graphs``; the caller holds the lock.

    Parameters
    ----------
    keep
        How many snapshots stay on disk, two or more; one that is still read stays in any case.
    progress
        Called with the name of each step.
    tombstones
        Day and reason of what was taken down, by the digest of its address.

    Returns
    -------
    Snapshot
        The new public snapshot, or the published one where it holds exactly that already.
    """
    gone = dict(tombstones or {})
    views = {
        "full": [graph for graph in graphs if graph.full],
        "public": [graph for graph in graphs if graph.public],
    }
    if _holds(home, views, gone):
        return current(home)
    before = _published_before(home)
    number, published = _next_number(home, before), dt.datetime.now(dt.UTC).replace(microsecond=0)
    names = {"public": f"{number}-public", "full": str(number)}
    with _drafts(home, names) as drafts:
        progress("writing the public dataset")
        _load(drafts["public"], [graph for graph in views["public"] if graph.full])
        shutil.copytree(drafts["public"] / "store", drafts["full"] / "store", ignore=_no_data)
        _load(drafts["public"], [graph for graph in views["public"] if not graph.full])
        progress("writing the full dataset")
        _load(drafts["full"], [graph for graph in views["full"] if not graph.public])
        built = {}
        for view in ("full", "public"):
            built[view] = _finished(home, names[view], number, published, views[view], gone)
            progress(f"checking the {view} dataset")
            current_at(built[view])
    progress("swapping the pointer")
    link = home / f".{POINTER}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("snapshots") / built["public"].name)
    link.replace(home / POINTER)
    _sync(home)
    _prune(home, keep, {number, before})
    return current(home)


def forget(home: Path) -> None:
    """Remove every snapshot but the published one; the caller holds the lock.

    One that a process still reads goes with a later publication, however many are kept.
    """
    _opened.cache_clear()  # this process holds the former snapshot open too
    published = published_number(home)
    for folder, number in _numbers(home).items():
        if number != published:
            (folder / _CONDEMNED).touch()
    _prune(home, 0, {published})


def merged_count(store: Store) -> int:
    """Return the number of distinct triples over all graphs."""
    solutions = store.query(resources.query("merged-count"))
    assert isinstance(solutions, QuerySolutions)
    return int(next(solutions)["triples"].value)


def graph_counts(store: Store) -> dict[str, int]:
    """Return the number of triples in each named graph."""
    solutions = store.query(resources.query("graph-counts"))
    assert isinstance(solutions, QuerySolutions)
    return {row["graph"].value: int(row["triples"].value) for row in solutions}


def _published(home: Path, *, full: bool) -> Path:
    """Return the folder that the pointer names."""
    pointer = home / POINTER
    if not pointer.is_symlink():
        if pointer.exists():
            raise StoreError(
                f"{pointer} is not the link that asmgraph keeps there.",
                f"Move it away, then run 'asmgraph publish'; or set ASMGRAPH_HOME to another folder than {home}.",
            )
        raise HomeNotFoundError(
            f"{home} holds no published data.", "Run 'asmgraph init', or ingest a source and publish."
        )
    name = _NAME.match(pointer.readlink().name)
    if name is None:
        raise StoreError(
            f"{pointer} leads to {pointer.readlink()}, which is no snapshot.",
            "Remove the link, then run 'asmgraph publish'.",
        )
    return home / "snapshots" / (name[1] if full else pointer.readlink().name)


def _manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        if not manifest.keys() >= _KEYS:
            raise ValueError
    except (OSError, ValueError, AttributeError):
        raise SnapshotDamagedError(f"The manifest of {path.name} cannot be read.", _REMEDY) from None
    found: dict[str, Any] = manifest
    return found


def remove_holding(home: Path, things: Iterable[str]) -> tuple[list[int], list[int]]:
    """Remove each snapshot but the published one that holds a statement of ``things``, or cannot be opened.

    The caller holds the lock. What a process still reads is marked, and goes at the next try or publication.

    Returns
    -------
    tuple of list of int
        The numbers that were removed, and those that are still read.
    """
    _opened.cache_clear()  # this process reads no old snapshot itself
    terms, spared = [NamedNode(thing) for thing in things], _published_before(home)
    for folder, number in _numbers(home).items():
        if number != spared and not (folder / _CONDEMNED).exists() and _names(folder, terms):
            for view in (folder.with_name(str(number)), folder.with_name(f"{number}-public")):
                if view.is_dir():
                    (view / _CONDEMNED).touch()
    condemned = {
        folder: number for folder, number in _numbers(home).items() if (folder / _CONDEMNED).exists()
    }
    for folder in condemned:
        _remove(folder)
    left = {number for folder, number in condemned.items() if folder.exists()}
    return sorted(set(condemned.values()) - left), sorted(left)


def _names(folder: Path, things: Iterable[NamedNode]) -> bool:
    try:
        store = Reading(folder / "store").store
        return any(
            next(store.quads_for_pattern(*pattern), None) is not None
            for thing in things
            for pattern in ((thing, None, None, None), (None, None, thing, None))
        )
    except (OSError, SnapshotDamagedError):
        return True


def _holds(home: Path, views: Mapping[str, list[GraphFile]], gone: Mapping[str, tuple[str, str]]) -> bool:
    """Say whether exactly this is published, and in order."""
    try:
        hashes = {view: _manifest(_published(home, full=view == "full"))["hash"] for view in views}
        if any(hashes[view] != _hash(wanted, gone) for view, wanted in views.items()):
            return False
        return all(
            current(home, full=view == "full").hash == _hash(wanted, gone) for view, wanted in views.items()
        )
    except (HomeNotFoundError, SnapshotDamagedError):
        return False


def _hash(wanted: list[GraphFile], gone: Mapping[str, tuple[str, str]]) -> str:
    content = hashlib.sha256(rules_digest().encode())
    for graph in sorted(wanted, key=lambda graph: graph.iri):
        content.update(f"{graph.iri} {graph.triples} {graph.checksum}\n".encode())
    for digest, (day, reason) in sorted(gone.items()):
        content.update(f"{digest} {day} {reason}\n".encode())
    return content.hexdigest()


@contextmanager
def _drafts(home: Path, names: Mapping[str, str]) -> Iterator[dict[str, Path]]:
    """Make the hidden folders in which snapshots are built; what is left of them at the end is removed."""
    drafts = {view: home / "snapshots" / f".{name}" for view, name in names.items()}
    try:
        for draft in drafts.values():
            draft.mkdir(parents=True)
        yield drafts
    finally:
        for draft in drafts.values():
            shutil.rmtree(draft, ignore_errors=True)


def _load(draft: Path, graphs: Iterable[GraphFile]) -> None:
    """Load graphs into a draft's store, each under its name and into the merge of all.

    In pieces, because loading takes memory with what is loaded at a time.
    """
    store = Store(draft / "store")
    for graph in graphs:
        with graph.file.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                piece += file.readline()
                # Oxigraph's own union of graphs repeats a triple that stands in two of them: counts would be wrong.
                for target in (NamedNode(graph.iri), DefaultGraph()):
                    try:
                        store.bulk_load(piece, format=RdfFormat.N_TRIPLES, to_graph=target)
                    except (SyntaxError, ValueError) as error:
                        raise StoreError(
                            f"The staged statements of {graph.source} cannot be read: {error}.",
                            f"Run 'asmgraph ingest {graph.source}' again.",
                        ) from None
    store.flush()


def _no_data(_: str, names: list[str]) -> list[str]:
    """Return the files of a store that are the open store's own: its lock and its logs."""
    return [name for name in names if not _is_data(name)]


def _finished(
    home: Path,
    name: str,
    number: int,
    published: dt.datetime,
    wanted: list[GraphFile],
    gone: Mapping[str, tuple[str, str]],
) -> Path:
    """Infer what follows in a draft's store, write its manifest, and give the snapshot its name."""
    base = home / "snapshots"
    draft = base / f".{name}"
    store = Store(draft / "store")
    counts = {graph.iri: graph.triples for graph in wanted}
    everyone = all(graph.public for graph in wanted)
    inferred = infer(store, list(counts), public=everyone, at=published, folder=draft)
    if inferred:
        counts[INFERRED] = inferred
    store.flush()
    merged = merged_count(store)
    del store
    manifest = {
        "format": FORMAT,
        "number": number,
        "published": published.isoformat(),
        "hash": _hash(wanted, gone),
        "tombstones": gone,
        "graphs": counts,
        "merged": merged,
        "sources": {graph.source: graph.version for graph in wanted},
        "files": {file.name: [file.stat().st_size, _digest(file)] for file in _files(draft / "store")},
    }
    (draft / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    for file in (*_files(draft / "store"), draft / "store", draft / "manifest.json"):
        _sync(file)
    done = base / name
    draft.replace(done)
    _sync(base)
    return done


@lru_cache(maxsize=4)
def _opened(path: Path, _written: tuple[int, int]) -> Snapshot:
    """Read and check the snapshot at ``path``; done once a process."""
    return _checked(path)


def _checked(path: Path) -> Snapshot:
    manifest = _manifest(path)
    if manifest["format"] != FORMAT:
        raise SnapshotDamagedError(f"{path.name} was made by another version of asmgraph.", _REMEDY)
    try:
        held_files = {file.name: file for file in _files(path / "store")}
        sound = held_files.keys() == manifest["files"].keys() and all(
            held_files[name].stat().st_size == size
            and (size >= _SMALL or _digest(held_files[name]) == digest)
            for name, (size, digest) in manifest["files"].items()
        )
    except OSError:
        sound = False
    if not sound:
        raise SnapshotDamagedError(f"Files of {path.name} are not those of its manifest.", _REMEDY)
    reading, counts = Reading(path / "store"), manifest["graphs"]
    try:
        held, merged = graph_counts(reading.store), merged_count(reading.store)
    except OSError as error:
        raise SnapshotDamagedError(f"{path.name} cannot be read: {error}.", _REMEDY) from None
    if held != counts:
        wrong = sorted(iri for iri in held | counts if held.get(iri) != counts.get(iri))
        raise SnapshotDamagedError(f"{path.name} has a wrong count in {wrong[0]}.", _REMEDY)
    if merged != manifest["merged"]:
        raise SnapshotDamagedError(f"{path.name} has a wrong count in the merge of its graphs.", _REMEDY)
    return Snapshot(
        manifest["number"],
        path,
        tuple(sorted(counts)),
        counts,
        merged,
        manifest["sources"],
        dt.datetime.fromisoformat(manifest["published"]),
        manifest["hash"],
        reading,
        {digest: (day, reason) for digest, (day, reason) in manifest.get("tombstones", {}).items()},
    )


def _files(store: Path) -> list[Path]:
    """Return the store's data files, without its logs and its lock."""
    listed = sorted(store.iterdir())
    return [file for file in listed if _is_data(file.name)]


def _is_data(name: str) -> bool:
    return not name.startswith("LOG") and name != "LOCK"


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _numbers(home: Path) -> dict[Path, int]:
    """Return the number of each finished snapshot folder."""
    names = ((folder, _NAME.match(folder.name)) for folder in (home / "snapshots").glob("*"))
    return {folder: int(name[1]) for folder, name in names if name is not None}


def _published_before(home: Path) -> int:
    """Return the published number, 0 where nothing is published."""
    try:
        return published_number(home)
    except HomeNotFoundError:
        return 0


def _next_number(home: Path, before: int) -> int:
    """Clear away what unfinished runs left; return a number that no snapshot of this home ever had."""
    for draft in (home / "snapshots").glob(".*"):
        shutil.rmtree(draft, ignore_errors=True)
    numbers = _numbers(home)
    highest = max([before, *numbers.values()])
    for folder, number in numbers.items():
        if number > before > 0 and not folder.with_name(f"{number}-public").exists():
            _remove(folder)
    return highest + 1


def _prune(home: Path, keep: int, spared: set[int]) -> None:
    """Remove old snapshots, but for those that a process still reads: the next publication tries again."""
    numbers = _numbers(home)
    whole = sorted({number for folder, number in numbers.items() if folder.name.endswith("-public")})
    for folder, number in numbers.items():
        if number not in {*whole[max(0, len(whole) - keep) :], *spared} or (folder / _CONDEMNED).exists():
            _remove(folder)


def _remove(folder: Path) -> None:
    aside = folder.with_name(f".old-{folder.name}")
    if remove_unread(folder, aside):
        shutil.rmtree(aside, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
