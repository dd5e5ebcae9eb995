"""Publish atomically and read immutably: one writer, hard-linked snapshots, a pointer that is swapped.

``store/full`` and ``store/public`` are the writer's. Beside the named graphs each holds their merge, every
triple once, as its default graph: that is what a query without a dataset clause reads. A publish brings both
to the wanted set of graphs, flushes, backs each up as ``snapshots/<n>/`` and ``snapshots/<n>-public/`` and
checks them; then the link ``public`` is swapped in one step. Until that step every reader sees the former
state, whole; a run that died before it leaves nothing that counts, and the next publish clears it away.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, QuerySolutions, RdfFormat, Store

from asmgraph import resources
from asmgraph.errors import HomeNotFoundError, SnapshotDamagedError, StoreLockedError

POINTER = "public"
FORMAT = 1
"""Of a snapshot's layout; a snapshot of another format is not opened."""
_SMALL = 1_000_000


@dataclass(frozen=True)
class GraphFile:
    """A graph that is to be published: its IRI, its N-Triples file, the file's triples and checksum."""

    iri: str
    file: Path
    triples: int
    checksum: str
    public: bool


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A published, immutable state. ``path`` holds ``store/`` and ``manifest.json``.

    ``counts`` are the triples of each graph, ``triples`` the distinct ones over all of them.
    One object a snapshot and process, so that what is derived from it can be kept by it.
    """

    number: int
    path: Path
    graphs: tuple[str, ...]
    counts: Mapping[str, int]
    triples: int
    sources: Mapping[str, str]
    published: dt.datetime
    hash: str

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
    pointer = home / POINTER
    try:
        target = pointer.readlink()
    except OSError:
        raise HomeNotFoundError(
            f"{home} holds no published data.", "Run 'asmgraph init', or ingest a source and publish."
        ) from None
    path = (home / target).resolve()
    return _opened(path.with_name(path.name.removesuffix("-public")) if full else path)


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
    sources: Mapping[str, str],
    keep: int,
    progress: Callable[[str], None] = lambda _: None,
) -> Snapshot:
    """Publish exactly ``graphs``; the caller holds the lock.

    Parameters
    ----------
    sources
        Version by source, for the manifest.
    keep
        How many snapshots stay on disk.
    progress
        Called with the name of each step.

    Returns
    -------
    Snapshot
        The new public snapshot.
    """
    number = _next_number(home)
    built = {}
    for view, wanted in (("full", graphs), ("public", [graph for graph in graphs if graph.public])):
        progress(f"writing the {view} dataset")
        store = _synchronised(home / "store" / view, wanted)
        progress(f"taking the {view} snapshot")
        name = str(number) if view == "full" else f"{number}-public"
        built[view] = _taken(home, name, number, store, wanted, sources)
        del store
    for path in built.values():
        _opened(path)
    progress("swapping the pointer")
    link = home / f".{POINTER}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("snapshots") / built["public"].name)
    link.replace(home / POINTER)
    _sync(home)
    _prune(home, number, keep)
    return _opened(built["public"])


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


def _synchronised(path: Path, wanted: list[GraphFile]) -> Store:
    """Bring the writer's store to the wanted graphs, whatever an earlier run left in it."""
    path.mkdir(parents=True, exist_ok=True)
    store = Store(path)
    held = graph_counts(store)
    expected = {graph.iri: graph.triples for graph in wanted}
    for iri, triples in held.items():
        if expected.get(iri) != triples:
            store.remove_graph(NamedNode(iri))
    for graph in wanted:
        if held.get(graph.iri) != graph.triples:
            store.bulk_load(path=str(graph.file), format=RdfFormat.N_TRIPLES, to_graph=NamedNode(graph.iri))
    # Oxigraph's own union of graphs repeats a triple that stands in two of them, so that counts would be wrong.
    store.clear_graph(DefaultGraph())
    for graph in wanted:
        store.bulk_load(path=str(graph.file), format=RdfFormat.N_TRIPLES, to_graph=DefaultGraph())
    store.flush()
    return store


def _taken(
    home: Path, name: str, number: int, store: Store, wanted: list[GraphFile], sources: Mapping[str, str]
) -> Path:
    base = home / "snapshots"
    base.mkdir(exist_ok=True)
    draft = base / f".{name}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    store.backup(str(draft / "store"))
    content = hashlib.sha256()
    for graph in sorted(wanted, key=lambda graph: graph.iri):
        content.update(f"{graph.iri} {graph.triples} {graph.checksum}\n".encode())
    manifest = {
        "format": FORMAT,
        "number": number,
        "published": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "hash": content.hexdigest(),
        "graphs": {graph.iri: graph.triples for graph in wanted},
        "merged": merged_count(store),
        "sources": dict(sources),
        "files": _files(draft / "store"),
    }
    (draft / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    _sync(draft / "manifest.json")
    done = base / name
    shutil.rmtree(done, ignore_errors=True)
    draft.replace(done)
    _sync(base)
    return done


@lru_cache(maxsize=16)
def _opened(path: Path) -> Snapshot:
    """Read and check the snapshot at ``path``; done once a process."""
    remedy = "Publish again, or point 'public' to an older snapshot."
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        if manifest.get("format") != FORMAT:
            raise SnapshotDamagedError(
                f"{path.name} was made by another version of asmgraph.",
                "Run 'asmgraph publish' to build it anew.",
            )
        files, counts, merged = manifest["files"], manifest["graphs"], manifest["merged"]
    except (OSError, ValueError, KeyError):
        raise SnapshotDamagedError(f"The manifest of {path.name} cannot be read.", remedy) from None
    if _files(path / "store") != files:
        raise SnapshotDamagedError(f"Files of {path.name} are not those of its manifest.", remedy)
    try:
        store = Store.read_only(str(path / "store"))
        held, held_merged = graph_counts(store), merged_count(store)
    except OSError as error:
        raise SnapshotDamagedError(f"{path.name} does not open: {error}.", remedy) from None
    if held != counts:
        wrong = sorted(iri for iri in held | counts if held.get(iri) != counts.get(iri))
        raise SnapshotDamagedError(f"{path.name} has a wrong count in {wrong[0]}.", remedy)
    if held_merged != merged:
        raise SnapshotDamagedError(f"{path.name} has a wrong count in the merge of its graphs.", remedy)
    return Snapshot(
        manifest["number"],
        path,
        tuple(sorted(counts)),
        counts,
        merged,
        manifest["sources"],
        dt.datetime.fromisoformat(manifest["published"]),
        manifest["hash"],
    )


def _files(store: Path) -> dict[str, list[object]]:
    """Return size and, for the small files that say what the store is, SHA-256 of each data file."""
    listed: dict[str, list[object]] = {}
    for file in sorted(store.iterdir()):
        if file.name.startswith("LOG") or file.name == "LOCK":
            continue
        size = file.stat().st_size
        listed[file.name] = [size, hashlib.sha256(file.read_bytes()).hexdigest() if size < _SMALL else ""]
    return listed


def _next_number(home: Path) -> int:
    """Clear what an unfinished run left beyond the pointer; return the number after the published one."""
    try:
        published = int((home / POINTER).readlink().name.removesuffix("-public"))
    except OSError:
        published = 0
    for folder in (home / "snapshots").glob("*"):
        number = folder.name.removesuffix("-public")
        if folder.name.startswith(".") or (number.isdigit() and int(number) > published):
            shutil.rmtree(folder, ignore_errors=True)
    return published + 1


def _prune(home: Path, newest: int, keep: int) -> None:
    for folder in (home / "snapshots").glob("*"):
        number = folder.name.removesuffix("-public")
        if number.isdigit() and int(number) <= newest - keep:
            shutil.rmtree(folder, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
