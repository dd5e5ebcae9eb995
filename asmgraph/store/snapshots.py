"""Read what is published: immutable snapshots, and a pointer to the current one.

``snapshots/<n>-public/`` holds what is public and ``snapshots/<n>/`` everything; the link ``public`` names the one that
is published, and :mod:`asmgraph.store.building` swaps it in one step. A process opens and checks a snapshot once, and
holds it open, so that :mod:`asmgraph.store.retention` does not clear it away, until it opens its successor.
Beside the named graphs each store holds their merge, every triple once, as its default graph: that is what a
query without a dataset clause reads. What follows from them by :mod:`asmgraph.store.inference` is a graph apart.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import ref

from pyoxigraph import DefaultGraph, NamedNode, QuerySolutions, Store

from asmgraph import resources
from asmgraph.errors import HomeNotFoundError, SnapshotDamagedError, StoreError, StoreLockedError
from asmgraph.store import manifest
from asmgraph.store.reading import Reading

POINTER = "public"
_NAME = re.compile(r"^(\d+)(-public)?$", re.ASCII)
_OPEN = 4
"""How many snapshots, of different homes or views, a process holds open by itself."""

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A published, immutable state. ``path`` holds ``store/`` and ``manifest.json``.

    ``counts`` are the triples of each graph, ``triples`` the distinct ones over all of them.
    One object a snapshot and process, so that what is derived from it can be kept by it. ``reading`` is its open
    store, which also keeps the folder in place. ``tombstones`` are day and reason of what was taken down, by the
    digest of its address. ``data`` is the hash without the graphs of what analyses found. ``kept`` is for
    :func:`kept_with_snapshot`.
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
    data: str
    kept: dict[object, Callable[..., Any]] = field(default_factory=dict, repr=False)

    @property
    def public(self) -> bool:
        """Return whether it holds only what may be published."""
        return self.path.name.endswith("-public")

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
    return current_at(folder(home, full=full))


def current_at(path: Path) -> Snapshot:
    """Return the snapshot in a folder, which is read and checked once a process; see :func:`current`."""
    view, written = (path.parent, path.name.endswith("-public")), (path, *manifest.identity(path))
    found = _open.pop(view, None)
    if found is None or found[0] != written:
        found = written, _checked(path)
    _open[view] = found
    while len(_open) > _OPEN:
        _open.popitem(last=False)
    return found[1]


def release() -> None:
    """Let go of every snapshot that nobody else in this process holds."""
    _open.clear()


def kept_with_snapshot(
    maxsize: int,
) -> Callable[
    [Callable[Concatenate[Snapshot, _Arguments], _Result]],
    Callable[Concatenate[Snapshot, _Arguments], _Result],
]:
    """Keep the results of a function of a snapshot with that snapshot: they go when it goes, and do not hold it open.

    Parameters
    ----------
    maxsize
        How many results are kept for each snapshot, the last used.
    """

    def decorated(
        function: Callable[Concatenate[Snapshot, _Arguments], _Result],
    ) -> Callable[Concatenate[Snapshot, _Arguments], _Result]:
        @wraps(function)
        def looked_up(
            snapshot: Snapshot, /, *arguments: _Arguments.args, **named: _Arguments.kwargs
        ) -> _Result:
            if function not in snapshot.kept:
                snapshot.kept.setdefault(function, lru_cache(maxsize)(_weakly(function, snapshot)))
            result: _Result = snapshot.kept[function](*arguments, **named)
            return result

        return looked_up

    return decorated


def _weakly(
    function: Callable[Concatenate[Snapshot, _Arguments], _Result], snapshot: Snapshot
) -> Callable[_Arguments, _Result]:
    """Bind a function to a snapshot without holding this: whoever calls holds it."""
    held = ref(snapshot)

    def called(*arguments: _Arguments.args, **named: _Arguments.kwargs) -> _Result:
        found = held()
        assert found is not None
        return function(found, *arguments, **named)

    return called


def published_versions(home: Path) -> dict[str, str]:
    """Return the version of each published source by name, also where the stores do not open.

    Raises
    ------
    HomeNotFoundError
        If nothing was published yet.
    SnapshotDamagedError
        If the manifest cannot be read.
    """
    return dict(manifest.read(folder(home, full=True))["sources"])


def published_number(home: Path) -> int:
    """Return the number of the published snapshot; raises as :func:`published_versions` does."""
    return int(folder(home, full=True).name)


def published_counts(home: Path) -> dict[str, int]:
    """Return the statements of each graph of the full dataset; raises as :func:`published_versions` does."""
    return dict(manifest.read(folder(home, full=True))["graphs"])


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


def merged_count(store: Store) -> int:
    """Return the number of distinct triples over all graphs."""
    return _count(store, DefaultGraph())


def graph_counts(store: Store) -> dict[str, int]:
    """Return the number of triples in each named graph.

    Graph by graph: one query that groups took twice as long.
    """
    graphs = [graph for graph in store.named_graphs() if isinstance(graph, NamedNode)]
    return {graph.value: _count(store, graph) for graph in graphs}


def _count(store: Store, graph: NamedNode | DefaultGraph) -> int:
    solutions = store.query(resources.query("count"), default_graph=graph)
    assert isinstance(solutions, QuerySolutions)
    return int(next(solutions)["triples"].value)


def folder(home: Path, *, full: bool) -> Path:
    """Return the folder of the published snapshot; raises as :func:`current` does."""
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


def numbers(home: Path) -> dict[Path, int]:
    """Return the number of each finished snapshot folder."""
    names = ((folder, _NAME.match(folder.name)) for folder in (home / "snapshots").glob("*"))
    return {folder: int(name[1]) for folder, name in names if name is not None}


_open: OrderedDict[tuple[Path, bool], tuple[tuple[Path, int, int], Snapshot]] = OrderedDict()
"""The snapshot that is open, by its home's folder and its view, with what tells it from another in its place."""


def _checked(path: Path) -> Snapshot:
    content = manifest.read(path)
    manifest.check_files(path, content)
    reading, counts = Reading(path / "store"), content["graphs"]
    try:
        held, merged = graph_counts(reading.store), merged_count(reading.store)
    except OSError as error:
        raise SnapshotDamagedError(f"{path.name} cannot be read: {error}.", manifest.REMEDY) from None
    if held != counts:
        wrong = sorted(iri for iri in held | counts if held.get(iri) != counts.get(iri))
        raise SnapshotDamagedError(f"{path.name} has a wrong count in {wrong[0]}.", manifest.REMEDY)
    if merged != content["merged"]:
        raise SnapshotDamagedError(
            f"{path.name} has a wrong count in the merge of its graphs.", manifest.REMEDY
        )
    return Snapshot(
        content["number"],
        path,
        tuple(sorted(counts)),
        counts,
        merged,
        content["sources"],
        dt.datetime.fromisoformat(content["published"]),
        content["hash"],
        reading,
        {digest: (day, reason) for digest, (day, reason) in content.get("tombstones", {}).items()},
        content.get("data", content["hash"]),
    )
