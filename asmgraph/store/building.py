"""Publish atomically: both datasets built apart, checked, and taken up by one swap of the pointer.

A publication builds two stores from the staged files, one with what is public and one with everything, checks them,
and then swaps the link. Until that step every reader sees the former snapshot, whole; a run that died before it leaves
drafts that the next one clears away. Nothing is carried over from an earlier publication, so nothing withdrawn lingers
in one; the full store begins as a copy of what both hold, so that this is parsed and indexed once. From there both are
built side by side: the store works without holding Python's lock.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Store

from asmgraph.errors import HomeNotFoundError, SnapshotDamagedError
from asmgraph.store import loading, manifest, retention, snapshots
from asmgraph.store.guard import INFERRED
from asmgraph.store.inference import describe, draw, speaks
from asmgraph.store.inference import digest as rules_digest
from asmgraph.store.snapshots import POINTER, Snapshot, current, current_at, merged_count

STEPS = 5
"""Of a publication, as they are told to its ``progress``."""


@dataclass(frozen=True)
class GraphFile:
    """A graph that is to be published: its IRI, its N-Triples file, the file's triples and checksum.

    ``source`` and ``version`` say of what it is a part. A graph that is not ``full`` is made for the public dataset
    alone, from others that are not in it. One that is not ``merged`` stays out of what a query without a dataset clause
    reads, nothing is inferred from it, and it is the part of no source.
    """

    iri: str
    file: Path
    triples: int
    checksum: str
    public: bool
    source: str
    version: str
    full: bool = True
    merged: bool = True


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
        retention.prune(home, keep, {snapshots.published_number(home)})
        return current(home)
    before = retention.published_before(home)
    number, published = retention.next_number(home, before), _published(home, views["full"], gone)
    names = {"public": f"{number}-public", "full": str(number)}
    with _drafts(home, names) as drafts, ThreadPoolExecutor(len(views)) as both:
        progress("writing the public dataset")
        apart = [graph for graph in graphs if not (graph.full and graph.public)]
        drawn = _load_shared(drafts["public"], [graph for graph in graphs if graph not in apart], apart)
        shutil.copytree(drafts["public"] / "store", drafts["full"] / "store", ignore=_no_data)
        progress("writing the full dataset")

        def fill(view: str) -> _Held:
            own = [graph for graph in views[view] if graph in apart]
            return _filled(drafts[view], own, views[view], published, drawn)

        held = dict(zip(views, both.map(fill, views), strict=True))
        built = {
            view: _finished(home, names[view], number, published, views[view], held[view], gone)
            for view in ("full", "public")
        }
        progress("checking the full dataset")
        checks = {view: both.submit(current_at, path) for view, path in built.items()}
        checks["full"].result()
        progress("checking the public dataset")
        checks["public"].result()
    progress("swapping the pointer")
    link = home / f".{POINTER}"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("snapshots") / built["public"].name)
    link.replace(home / POINTER)
    _sync(home)
    retention.prune(home, keep, {number, before})
    return current(home)


def _holds(home: Path, views: Mapping[str, list[GraphFile]], gone: Mapping[str, tuple[str, str]]) -> bool:
    """Say whether exactly this is published, and in order."""
    try:
        return all(
            manifest.read(snapshots.folder(home, full=view == "full"))["hash"] == _hash(wanted, gone)
            for view, wanted in views.items()
        ) and all(current(home, full=view == "full") for view in views)
    except (HomeNotFoundError, SnapshotDamagedError):
        return False


def _published(home: Path, wanted: list[GraphFile], gone: Mapping[str, tuple[str, str]]) -> dt.datetime:
    """Return the time of publication: that of the present one where the data are the same and only findings are new.

    The day of publication is the day for which analyses look by default: what they found must not move it.
    """
    try:
        held = manifest.read(snapshots.folder(home, full=True))
        if held.get("data") == _data_hash(wanted, gone):
            return dt.datetime.fromisoformat(held["published"])
    except (HomeNotFoundError, SnapshotDamagedError):
        pass
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def _data_hash(wanted: list[GraphFile], gone: Mapping[str, tuple[str, str]]) -> str:
    """Return the hash over what is merged: without what analyses found in it."""
    return _hash([graph for graph in wanted if graph.merged], gone)


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


def _load_shared(draft: Path, graphs: Sequence[GraphFile], others: Iterable[GraphFile]) -> int | None:
    """Load what both datasets hold into a draft's store, with what follows where that is the same in both.

    Returns
    -------
    int or None
        How many statements follow; ``None`` where ``others``, which one of both holds, matter for that.
    """
    same = not any(speaks(graph.file) for graph in others if graph.merged)
    return _load(Store(draft / "store"), graphs, draft, graphs if same else None)


def _load(
    store: Store, graphs: Iterable[GraphFile], draft: Path, sources: Iterable[GraphFile] | None
) -> int | None:
    """Load graphs, and what follows from ``sources`` where they are given; return how many statements follow.

    Both at a time, as every small file that comes after a large one costs as much as both.
    """
    contents = [loading.Content(graph.iri, graph.file, graph.source, graph.merged) for graph in graphs]
    drawn, file = None, draft / "inferred.nt"
    if sources is not None:
        drawn = draw([graph.file for graph in sources if graph.merged], file)
        contents.append(loading.Content(INFERRED, file, "the rules", merged=False))
    loading.load(store, contents)
    file.unlink(missing_ok=True)
    return drawn


def _no_data(_: str, names: list[str]) -> list[str]:
    """Return the files of a store that are the open store's own: its lock and its logs."""
    return [name for name in names if not manifest.is_data(name)]


@dataclass(frozen=True)
class _Held:
    """What a draft's store holds: the triples of each graph, and the distinct ones over all but the inferred."""

    counts: Mapping[str, int]
    merged: int


def _filled(
    draft: Path,
    own: Iterable[GraphFile],
    wanted: Iterable[GraphFile],
    published: dt.datetime,
    drawn: int | None,
) -> _Held:
    """Load what one dataset alone holds into its draft's store, and what follows where it was not ``drawn`` before."""
    store, every = Store(draft / "store"), list(wanted)
    found = _load(store, own, draft, every if drawn is None else None)
    counts = {graph.iri: graph.triples for graph in every}
    everyone = all(graph.public for graph in every if graph.merged)
    count = (found if drawn is None else drawn) or 0
    inferred = describe(
        store, [graph.iri for graph in every if graph.merged], count, public=everyone, at=published
    )
    if inferred:
        counts[INFERRED] = inferred
    store.flush()
    return _Held(counts, merged_count(store))


def _finished(
    home: Path,
    name: str,
    number: int,
    published: dt.datetime,
    wanted: list[GraphFile],
    held: _Held,
    gone: Mapping[str, tuple[str, str]],
) -> Path:
    """Write a draft's manifest, and give the snapshot its name."""
    base = home / "snapshots"
    draft = base / f".{name}"
    content = {
        "number": number,
        "published": published.isoformat(),
        "hash": _hash(wanted, gone),
        "data": _data_hash(wanted, gone),
        "tombstones": gone,
        "graphs": held.counts,
        "merged": held.merged,
        "sources": {graph.source: graph.version for graph in wanted if graph.merged},
    }
    for file in (*manifest.write(draft, content), draft / "store"):
        _sync(file)
    done = base / name
    draft.replace(done)
    _sync(base)
    return done


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
