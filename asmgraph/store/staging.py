"""Versions of sources between reading and publishing: sorted N-Triples, a file a sensitivity, and a report.

``staging/<source>/<version>/`` appears whole or not at all; ``staging/<source>/staged`` names the version
that waits for, or is the last to have gone to, publication. Beside the files lie ``types.parquet``, the classes of
the things, and ``parts.parquet``, where in the files the parts begin that fit into memory: see :mod:`.parts`.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from asmgraph.errors import StoreError
from asmgraph.records import Sensitivity
from asmgraph.store import ntriples
from asmgraph.store.parts import Held, Made, Part, insert, load, recount, save
from asmgraph.store.runs import Runs, read

_TYPE = " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <"
_STATED = r"^<(?P<thing>[^>]*)>" + re.escape(_TYPE) + r"(?P<kind>[^>]*)> \.$"
_BATCH = 50_000
_STOPPED = "stopped.json"
_NAME = re.compile(r"^[a-z0-9][a-z0-9-]*$")


@dataclass(frozen=True)
class Staged:
    """One staged version of a source."""

    source: str
    version: str
    folder: Path

    def file(self, level: Sensitivity) -> Path:
        """Return the file of the statements of one sensitivity."""
        return self.folder / f"{level}.nt"

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Return counts, graph IRIs and checksums by level, and what the run recorded."""
        content: Mapping[str, Any] = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        return content

    def lines(self) -> Iterator[str]:
        """Yield every N-Triples line of every sensitivity, sorted, without line ends."""
        return merged(self.file(level) for level in Sensitivity)

    def parts(self) -> list[Part]:
        """Return where the parts of the version begin and end in its files."""
        return load(self.folder)

    def report(self) -> str:
        """Return the report of its ingestion, as JSON."""
        return (self.folder / "report.json").read_text(encoding="utf-8")

    def types(self) -> pl.DataFrame:
        """Return the classes of the version's things: text columns ``thing`` and ``kind``, IRIs."""
        return pl.read_parquet(self.folder / "types.parquet")


class Writer:
    """Collects a version's lines in a temporary folder and leaves it sorted and complete."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.held: dict[Sensitivity, Held] = {}
        self.parts: list[Part] = []
        self.types = types_in(read(b""))
        self.terms: set[str] = set()
        self.restart()

    @property
    def files(self) -> list[Path]:
        """Return the sorted files, one a sensitivity; there after :meth:`sort`."""
        return [self.folder / f"{level}.nt" for level in Sensitivity]

    @property
    def empty(self) -> bool:
        """Return whether nothing was written; known after :meth:`sort`."""
        return not any(file.stat().st_size for file in self.files)

    def restart(self) -> None:
        """Forget what was written and begin anew."""
        for file in (*self.files, *self.folder.glob("*.run")):
            file.unlink(missing_ok=True)
        self._runs = Runs(self.folder)

    def write(self, level: Sensitivity, lines: pl.Series | Iterable[str]) -> None:
        """Append lines without line ends."""
        if isinstance(lines, pl.Series):
            self._runs.add(level, lines)
            return
        for some in _batched(lines):
            self._runs.add(level, pl.Series("line", some, dtype=pl.String))

    def sort(self) -> None:
        """Leave ``<level>.nt``, sorted, each line once, and note what they hold.

        ``held`` and ``parts`` say what lies where, ``types`` has the classes of the things, ``terms`` the
        predicates and classes that are used.
        """
        made = Made(self.folder)
        kinds = [types_in(read(b""))]
        self.terms = set()
        for lines in self._runs.parts():
            made.add(lines)
            kinds += [types_in(of) for of in lines.values()]
            for of in lines.values():
                self.terms |= predicates(of)
        self._runs.clear()
        self.held, self.parts = made.close()
        self.types = pl.concat(kinds).unique().sort("thing", "kind")
        self.terms |= set(self.types["kind"])

    def recount(self) -> None:
        """Note anew what the files hold, after lines were taken out of them."""
        self.held, self.parts = recount(self.folder, self.parts)

    def add(self, level: Sensitivity, lines: Iterable[str]) -> None:
        """Merge a few more lines into a sorted file."""
        extra = pl.Series("line", sorted(set(lines)), dtype=pl.String)
        self.held[level], self.parts = insert(self.folder, self.parts, level, extra)
        self.types = pl.concat([self.types, types_in(extra)]).unique().sort("thing", "kind")


def merged(files: Iterable[Path]) -> Iterator[str]:
    """Yield the lines of sorted files in one sorted stream."""
    yield from merge(*(_lines(file) for file in files))


def current(home: Path, source: str) -> Staged | None:
    """Return the version of ``source`` that was staged last, if any.

    Raises
    ------
    StoreError
        If it is not whole.
    """
    pointer = home / "staging" / source / "staged"
    if not _NAME.match(source) or not pointer.is_file():
        return None
    version = pointer.read_text(encoding="utf-8").strip()
    folder = pointer.parent / version
    if not (folder / "manifest.json").is_file():
        raise StoreError(f"The staged version {version} of {source} is not whole.", f"Ingest {source} again.")
    return Staged(source, version, folder)


def before(home: Path, source: str) -> Staged | None:
    """Return the version of ``source`` that was staged last, if there is one and it is whole."""
    try:
        return current(home, source)
    except StoreError:
        return None


def version(home: Path, source: str, version: str) -> Staged:
    """Return a version of ``source`` that was staged, whichever came after it.

    Raises
    ------
    StoreError
        If it is no longer there.
    """
    folder = home / "staging" / source / version
    if not _NAME.match(source) or not (folder / "manifest.json").is_file() or not _whole(folder):
        raise StoreError(
            f"The statements of {source} in version {version} are no longer kept.",
            f"Run 'asmgraph ingest {source}' with its file, then 'asmgraph publish'.",
        )
    return Staged(source, version, folder)


def stop(home: Path, source: str, report: str) -> None:
    """Keep the report of an ingestion that was stopped; :func:`commit` forgets it."""
    (home / "staging" / source).mkdir(parents=True, exist_ok=True)
    (home / "staging" / source / _STOPPED).write_text(report, encoding="utf-8")


def stopped(home: Path) -> dict[str, str]:
    """Return the reports of the sources whose last ingestion was stopped, by name, sorted."""
    found = sorted((home / "staging").glob(f"*/{_STOPPED}"))
    return {file.parent.name: file.read_text(encoding="utf-8") for file in found}


def amend(staged: Staged, **entries: object) -> None:
    """Change entries of a staged version's manifest."""
    draft = staged.folder / ".manifest.json"
    draft.write_text(json.dumps({**staged.manifest, **entries}, indent=1, sort_keys=True), encoding="utf-8")
    draft.replace(staged.folder / "manifest.json")


def all_current(home: Path, *, without: str = "") -> dict[str, Staged]:
    """Return the last staged version of every source, or every other source, by name, sorted.

    Raises
    ------
    StoreError
        If one of them is not whole.
    """
    folders = sorted(folder for folder in (home / "staging").glob("*") if folder.is_dir())
    found = (current(home, folder.name) for folder in folders if folder.name != without)
    return {staged.source: staged for staged in found if staged is not None}


@contextmanager
def writing(home: Path, source: str) -> Iterator[Writer]:
    """Give a writer in a temporary folder that is removed unless :func:`commit` moved it away."""
    base = home / "staging" / source
    base.mkdir(parents=True, exist_ok=True)
    writer = Writer(Path(tempfile.mkdtemp(prefix=".new-", dir=base)))
    try:
        yield writer
    finally:
        shutil.rmtree(writer.folder, ignore_errors=True)
        with suppress(OSError):  # a source of which nothing was ever staged leaves no folder
            base.rmdir()


def commit(writer: Writer, source: str, version: str, manifest: Mapping[str, Any]) -> Staged:
    """Move a sorted version into place and point to it; what was staged before stays, see :func:`trim`."""
    base = writer.folder.parent
    writer.types.write_parquet(writer.folder / "types.parquet")
    save(writer.folder, writer.parts)
    (writer.folder / "manifest.json").write_text(
        json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8"
    )
    target = base / version
    if target.exists():  # its statements are no longer there; when it was published is still worth knowing
        known = Staged(source, version, target).manifest.get("publications", ())
        amend(Staged(source, version, writer.folder), publications=known)
        target.replace(base / f".old-{version}")
    writer.folder.replace(target)
    _point(base, version)
    for aside in base.glob(".*"):
        if aside.is_dir():
            shutil.rmtree(aside, ignore_errors=True)
    return Staged(source, version, target)


def kept(home: Path, source: str, version_: str) -> Staged | None:
    """Return a version of ``source`` if its statements are still kept."""
    try:
        return version(home, source, version_)
    except StoreError:
        return None


def point(staged: Staged, report: str, entries: Mapping[str, object]) -> None:
    """Stage a version that is kept: what it rests on and its report are those of its last ingestion."""
    draft = staged.folder / ".report.json"
    draft.write_text(report, encoding="utf-8")
    draft.replace(staged.folder / "report.json")
    amend(staged, **entries)
    _point(staged.folder.parent, staged.version)


def _point(base: Path, version: str) -> None:
    pointer = base / ".staged"
    pointer.write_text(version, encoding="utf-8")
    pointer.replace(base / "staged")
    (base / _STOPPED).unlink(missing_ok=True)


def versions(home: Path, source: str) -> list[Staged]:
    """Return every version of ``source`` that is staged or was published, the latest publication last.

    Of the older ones only the manifest and the report may be left, see :func:`trim`.
    """
    files = (home / "staging" / source).glob("[!.]*/manifest.json") if _NAME.match(source) else ()
    found = [Staged(source, file.parent.name, file.parent) for file in files]
    return sorted(found, key=lambda one: (_last(one), one.version))


def published(staged: Staged, number: int, at: str) -> None:
    """Note in a version's manifest that it was published, as a part of snapshot ``number``."""
    done = [one for one in staged.manifest.get("publications", ()) if one["snapshot"] != number]
    amend(staged, publications=[*done, {"snapshot": number, "at": at}])


def trim(home: Path, source: str, keep: int, spared: Iterable[str]) -> None:
    """Keep the statements of the last ``keep`` published versions, and of those ``spared``.

    Of older ones the manifest and the report stay; what was never published goes.
    """
    pointed = current(home, source)
    whole = {*spared, *([pointed.version] if pointed else ())}
    known = versions(home, source)
    whole |= {one.version for one in [one for one in known if _last(one)][-keep:]}
    for one in known:
        if one.version not in whole and not _last(one):
            shutil.rmtree(one.folder, ignore_errors=True)
        elif one.version not in whole:
            for file in (
                *(one.file(level) for level in Sensitivity),
                one.folder / "types.parquet",
                one.folder / "parts.parquet",
            ):
                file.unlink(missing_ok=True)


def unstage(home: Path, source: str, *, forget: bool) -> None:
    """Point to no version of ``source``; ``forget`` also removes all that is kept of it."""
    (home / "staging" / source / "staged").unlink(missing_ok=True)
    if forget:
        shutil.rmtree(home / "staging" / source, ignore_errors=True)


def _last(staged: Staged) -> int:
    """Return the number of the last snapshot that a version was a part of, 0 if it never was."""
    return max((one["snapshot"] for one in staged.manifest.get("publications", ())), default=0)


def _whole(folder: Path) -> bool:
    return all((folder / f"{level}.nt").is_file() for level in Sensitivity)


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line.rstrip("\n")


def types_in(lines: pl.Series) -> pl.DataFrame:
    """Return the classes stated in lines: text columns ``thing`` and ``kind``, IRIs."""
    stated = lines.filter(lines.str.contains(_TYPE, literal=True))
    return stated.str.extract_groups(_STATED).struct.unnest().drop_nulls()


def predicates(lines: pl.Series) -> set[str]:
    """Return the predicates used in lines, as IRIs."""
    return {predicate[1:-1] for predicate in ntriples.predicates(lines).unique()}


def _batched(lines: Iterable[str]) -> Iterator[list[str]]:
    """Cut a stream of lines into lists."""
    left = iter(lines)
    while some := list(islice(left, _BATCH)):
        yield some
