"""The one composer: read, check, map, validate, stage, publish.

No stage imports another; each is called from here, in the order in which data flows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version as installed_version
from itertools import groupby
from pathlib import Path

import polars as pl

from asmgraph import records, resources
from asmgraph.errors import (
    ConfigurationError,
    HomeNotFoundError,
    SnapshotDamagedError,
    SourceError,
    ValidationError,
)
from asmgraph.mapping import compiler, provenance, runner, yarrrml
from asmgraph.privacy import public
from asmgraph.records import ROW, Batch, Refusal, Sensitivity, Source
from asmgraph.settings import Settings
from asmgraph.sources import csv, iati, rdf
from asmgraph.store import snapshots, staging
from asmgraph.validation import promises, report, shapes

REFERENCE = ("ontology", "places")
"""Sources that every home holds: the vocabulary and the places that others point at."""
STARTER = "starter"
_ROUNDS = 25
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

Progress = Callable[[str, int, int], None]
"""Called with (step, done, total); total 0 where it is not known."""


@dataclass(frozen=True)
class Published:
    """What a publish did."""

    snapshot: snapshots.Snapshot
    changed: Mapping[str, str]
    unchanged: bool


@dataclass(frozen=True)
class _Input:
    """One ingestion's fixed inputs."""

    source: Source
    folder: Path
    path: Path
    everything: bool
    checksum: str
    version: str


def catalogue(settings: Settings) -> dict[str, Source]:
    """Return every source by name: those that asmgraph ships and those in the home's ``sources/``."""
    return {name: records.load_source(folder) for name, folder in _folders(settings).items()}


def ingest(
    settings: Settings,
    name: str,
    path: Path | None = None,
    *,
    everything: bool = False,
    progress: Progress = lambda *_: None,
) -> report.Report:
    """Read, check, map, validate and stage one source.

    Parameters
    ----------
    name
        A source of the catalogue.
    path
        Its file or folder; without it the files that lie beside its ``source.yml``.
    everything
        For IATI: take every activity, not only those that bear on artisanal and small-scale mining.

    Returns
    -------
    Report
        With ``unchanged`` set where the same input and mapping were staged before.

    Raises
    ------
    SourceError, MappingError, ConfigurationError, ValidationError
        If the file as a whole cannot be used; the store and what was staged stay as they were.
    """
    given = _input(settings, name, path, everything)
    with snapshots.locked(settings.home):
        for reference in REFERENCE:
            if name not in REFERENCE and staging.current(settings.home, reference) is None:
                _ingest(settings, _input(settings, reference, None, False), progress)
        return _ingest(settings, given, progress)


def validate(settings: Settings, name: str | None = None) -> list[report.Report]:
    """Return the report of each staged source, or of the one named.

    Raises
    ------
    SourceError
        If it was not staged.
    """
    staged = staging.all_current(settings.home)
    if name is not None and name not in staged:
        raise SourceError(f"The source {name!r} is not staged.", f"Run 'asmgraph ingest {name}' first.")
    chosen = [staged[name]] if name is not None else list(staged.values())
    return [report.from_json((one.folder / "report.json").read_text(encoding="utf-8")) for one in chosen]


def publish(
    settings: Settings, progress: Progress = lambda *_: None, *, only: Collection[str] | None = None
) -> Published:
    """Publish every staged version: all of them or, on any error, none.

    Parameters
    ----------
    only
        Publish the staged versions of these sources alone, where nothing was published yet.
    """
    with snapshots.locked(settings.home):
        staged = staging.all_current(settings.home)
        if only is not None:
            staged = {name: one for name, one in staged.items() if name in only}
        if not staged:
            raise SourceError("Nothing is staged.", "Run 'asmgraph ingest SOURCE' first, or 'asmgraph init'.")
        versions = {name: one.version for name, one in staged.items()}
        before = _published_versions(settings.home)
        if versions == before:
            return Published(snapshots.current(settings.home), {}, True)
        steps = Counter[str]()

        def step(text: str) -> None:
            steps["done"] += 1
            progress(text, steps["done"], 5)

        snapshot = snapshots.publish(
            settings.home, _graph_files(staged.values()), versions, settings.snapshots_kept, step
        )
        return Published(snapshot, {n: v for n, v in versions.items() if before.get(n) != v}, False)


def initialise(settings: Settings, progress: Progress = lambda *_: None) -> list[report.Report]:
    """Publish the vocabulary, the places and the starter data in a home where nothing is published yet.

    What a steward staged or published stays as it is, and is not published on the way.

    Returns
    -------
    list of Report
        Of what was staged now; empty where data was published before.
    """
    if _published_versions(settings.home):
        return []
    staged = staging.all_current(settings.home)
    missing = [name for name in (*REFERENCE, STARTER) if name not in staged]
    reports = [ingest(settings, name, progress=progress) for name in missing]
    publish(settings, progress, only=(*REFERENCE, STARTER))
    return reports


def _input(settings: Settings, name: str, path: Path | None, everything: bool) -> _Input:
    folders = _folders(settings)
    if name not in folders:
        raise SourceError(
            f"There is no source {name!r}.",
            f"Known sources: {', '.join(folders)}. Your own go into {settings.home / 'sources'}.",
        )
    folder = folders[name]
    source = records.load_source(folder)
    if source.name != name:
        raise ConfigurationError(f"{folder / 'source.yml'} is named {source.name!r}.", f"Name it {name!r}.")
    own = resources.ontology() if name == "ontology" else folder
    given = path or own
    if not given.exists():
        raise SourceError(f"{given} does not exist.", "Give the path of the source's file or folder.")
    files = _files(source, given)
    size = sum(file.stat().st_size for file in files)
    if size > settings.source_max_bytes:
        raise SourceError(
            f"{given} has {size:,} bytes; the limit is {settings.source_max_bytes:,}.",
            "Split it, or set ASMGRAPH_SOURCE_MAX_BYTES.",
        )
    if path is None and not files:
        raise SourceError(
            f"The files of {name} are not part of asmgraph.", f"Run 'asmgraph ingest {name} PATH'."
        )
    content, whole = hashlib.sha256(), hashlib.sha256(b"everything" if everything else b"")
    for file in files:
        content.update(hashlib.sha256(file.read_bytes()).digest())
    whole.update(content.digest())
    for part in ("source.yml", "mapping.yml"):
        if (folder / part).is_file():
            whole.update((folder / part).read_bytes())
    return _Input(source, folder, given, everything, content.hexdigest(), whole.hexdigest()[:12])


def _folders(settings: Settings) -> dict[str, Path]:
    """Return the folder of each source by name; a shipped source cannot be replaced by one of the home."""
    places = (settings.home / "sources", resources.catalogue())
    found = {file.parent.name: file.parent for place in places for file in place.glob("*/source.yml")}
    return dict(sorted(found.items()))


def _files(source: Source, path: Path) -> list[Path]:
    if source.format == "rdf":
        return rdf.files(path) if path.is_file() else [*rdf.files(path), *_vocabularies(path)]
    if source.format == "csv":
        return [file for _, file in sorted(csv.files(path, source).items())] if _has_files(path) else []
    return [path] if path.is_file() else sorted(path.glob("*.xml"))


def _vocabularies(path: Path) -> list[Path]:
    return sorted((path / "vocab").glob("*.ttl"))


def _has_files(path: Path) -> bool:
    return path.is_file() or any(path.glob("*.csv"))


def _ingest(settings: Settings, given: _Input, progress: Progress) -> report.Report:
    home, source = settings.home, given.source
    staged = staging.current(home, source.name)
    if staged is not None and staged.version == given.version:
        old = report.from_json((staged.folder / "report.json").read_text(encoding="utf-8"))
        return replace(old, unchanged=True)
    with staging.writing(home, source.name) as writer:
        found = _Rows(given, progress) if source.format != "rdf" else None
        refused: list[Refusal] = []
        violations: list[shapes.Violation] = []
        if found is not None:
            found.judge()
            refused, violations = _stage_rows(settings, found, writer, progress)
        else:
            refused, violations = _stage_rdf(settings, given, writer, progress)
        things = _things(staging.merged(writer.folder / f"{level}.nt" for level in Sensitivity))
        if not any((writer.folder / f"{level}.nt").stat().st_size for level in Sensitivity):
            first = f" The first: {sorted(refused)[0].describe()}" if refused else ""
            raise ValidationError(
                f"Nothing of {source.name} is left: {len(refused)} refusals.{first}",
                "Is this the right file for this source? What was staged before stays.",
            )
        triples = _describe(given, writer)
        done = report.Report(
            source.name,
            given.version,
            found.rows if found else {},
            things,
            {level: count for level, count in triples.items() if count},
            sorted(refused),
            found.kept if found else (),
            found.findings_of("unlisted_columns") if found else {},
            found.findings_of("absent_columns") if found else {},
            violations,
            found.chosen if found else (),
            found.chosen_counts if found else {},
        )
        (writer.folder / "report.json").write_text(done.as_json(), encoding="utf-8")
        (writer.folder / "report.ttl").write_text(done.as_turtle(), encoding="utf-8")
        manifest = _manifest(given, triples, writer.folder)
        kept = [_published_versions(home).get(source.name, "")]
        staging.commit(writer, source.name, given.version, manifest, kept)
    return done


class _Rows:
    """The checked rows of one input; reads the file anew each time it is iterated, without refused rows."""

    def __init__(self, given: _Input, progress: Progress) -> None:
        self.given = given
        self.rules = compiler.compile_rules(yarrrml.load(given.folder / "mapping.yml"), given.source)
        self.progress = progress
        self.without: set[tuple[str, int]] = set()
        self.findings = promises.Findings()
        self.chosen: list[report.Finding] = []
        self.chosen_counts: dict[str, int] = {}

    def __iter__(self) -> Iterator[Batch]:
        checker = promises.Checker(self.given.source)
        done = 0
        for batch in checker.check(self._read()):
            gone = [row for table, row in self.without if table == batch.table]
            done += batch.frame.height
            self.progress("reading", done, 0)
            yield Batch(batch.table, batch.frame.filter(~pl.col(ROW).is_in(gone)) if gone else batch.frame)
        self.findings = checker.findings

    def _read(self) -> Iterable[Batch]:
        if self.given.source.format == "csv":
            return csv.read(self.given.path, self.given.source)
        return iati.read(self.given.path, self.given.source, everything=self.given.everything)

    def judge(self) -> None:
        """Note which records the reader chose and why, where it chooses (IATI)."""
        if self.given.source.format != "iati":
            return
        counts: Counter[str] = Counter()
        for verdict in iati.judge(self.given.path):
            found = verdict.relevance
            counts[found.level] += 1
            if found.level != "unrelated":
                self.chosen.append(
                    report.Finding(verdict.identifier, verdict.title, found.level, tuple(found.reasons))
                )
        self.chosen.sort(key=lambda finding: (finding.level, finding.identifier))
        self.chosen_counts = dict(sorted(counts.items()))

    @property
    def rows(self) -> dict[str, int]:
        return dict(sorted(self.findings.rows.items()))

    @property
    def kept(self) -> list[report.Kept]:
        listed = self.findings.kept.items()
        return [
            report.Kept(*key, count) for key, count in sorted(listed, key=lambda item: (-item[1], item[0]))
        ]

    def findings_of(self, name: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = getattr(self.findings, name)
        return found


def _stage_rows(
    settings: Settings, rows: _Rows, writer: staging.Writer, progress: Progress
) -> tuple[list[Refusal], list[shapes.Violation]]:
    """Map until no row is left that breaks a shape; refused rows may leave others pointing at nothing."""
    refused: list[Refusal] = []
    reported: list[shapes.Violation] = []
    for _ in range(_ROUNDS):
        writer.restart()
        for part in runner.run(rows.rules, rows):
            writer.write(part.sensitivity, part.lines)
        writer.sort()
        violations = _violations(settings, rows.given.source.name, writer, progress)
        bad = [violation for violation in violations if violation.refuses]
        reported += bad
        if not bad:
            return [*rows.findings.refused, *refused], [*reported, *violations]
        new = _refusals(rows, bad)
        if not new:
            first = bad[0]
            raise ValidationError(
                f"{first.focus} breaks a rule that no row explains: {first.message}",
                "Mend the source's mapping.",
            )
        rows.without |= {(refusal.table, refusal.row) for refusal in new}
        refused += new
    raise ValidationError("Rows depend on refused rows in too long a chain.", "Mend the refused rows first.")


def _refusals(rows: _Rows, violations: Sequence[shapes.Violation]) -> list[Refusal]:
    wanted = {
        violation: (violation.focus, violation.path, violation.value or None) for violation in violations
    }
    origins = runner.trace(rows.rules, rows, wanted.values())
    return sorted(
        {
            Refusal(
                origin.table,
                origin.row,
                origin.column or _local(violation.path),
                origin.value,
                violation.message,
            )
            for violation, key in wanted.items()
            for origin in origins.get(key, ())
        }
    )


def _stage_rdf(
    settings: Settings, given: _Input, writer: staging.Writer, progress: Progress
) -> tuple[list[Refusal], list[shapes.Violation]]:
    refused: dict[str, Refusal] = {}
    reported: list[shapes.Violation] = []
    for _ in range(_ROUNDS):
        writer.restart()
        lines = (line for file in _files(given.source, given.path) for line in rdf.read(file))
        writer.write(
            given.source.sensitivity, (line for line in lines if shapes.subject(line) not in refused)
        )
        writer.sort()
        violations = _violations(settings, given.source.name, writer, progress)
        bad = [violation for violation in violations if violation.refuses]
        reported += bad
        if not bad:
            return list(refused.values()), [*reported, *violations]
        for violation in bad:
            refused[violation.focus] = Refusal(
                "rdf", 0, _local(violation.path), f"{violation.focus} {violation.value}", violation.message
            )
    raise ValidationError(
        "Things depend on refused things in too long a chain.", "Mend the refused ones first."
    )


def _violations(
    settings: Settings, name: str, writer: staging.Writer, progress: Progress
) -> list[shapes.Violation]:
    files = [writer.folder / f"{level}.nt" for level in Sensitivity]
    total = sum(1 for _ in staging.merged(files))
    others = [one.types() for other, one in staging.all_current(settings.home).items() if other != name]
    own = staging.types_of(writer.folder)
    known = pl.concat([own, *others]).unique()
    done = Counter[str]()

    def types(things: set[str]) -> Iterable[tuple[str, str]]:
        return known.filter(pl.col("thing").is_in(list(things))).iter_rows()

    def checked(triples: int) -> None:
        done["triples"] += triples
        progress("validating", done["triples"], total)

    ontology = resources.ontology()
    found = shapes.validate(
        staging.merged(files), shapes.load_shapes(ontology), shapes.class_hierarchy(ontology), types, checked
    )
    return sorted(found)


def _describe(given: _Input, writer: staging.Writer) -> dict[Sensitivity, int]:
    """Add to each part of the version the description of its graph; return the triples of each part."""
    version = _version(given)
    counts = {}
    for level in Sensitivity:
        if (writer.folder / f"{level}.nt").stat().st_size or level is given.source.sensitivity:
            writer.add(level, provenance.describe(given.source, version, level))
        counts[level] = sum(1 for _ in staging.merged([writer.folder / f"{level}.nt"]))
    return counts


def _version(given: _Input) -> provenance.Version:
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    return provenance.Version(
        given.source.name, given.version, given.checksum, now, f"asmgraph {installed_version('asmgraph')}"
    )


def _manifest(given: _Input, triples: Mapping[Sensitivity, int], folder: Path) -> dict[str, object]:
    version = _version(given)
    return {
        "source": given.source.name,
        "version": given.version,
        "checksum": given.checksum,
        "graphs": {
            str(level): {
                "iri": version.graph(level),
                "triples": count,
                "checksum": hashlib.sha256((folder / f"{level}.nt").read_bytes()).hexdigest(),
            }
            for level, count in triples.items()
            if count
        },
    }


def _graph_files(staged: Iterable[staging.Staged]) -> list[snapshots.GraphFile]:
    return [
        snapshots.GraphFile(
            part["iri"],
            one.file(Sensitivity(level)),
            part["triples"],
            part["checksum"],
            public.is_public(Sensitivity(level)),
        )
        for one in staged
        for level, part in one.manifest["graphs"].items()
    ]


def _published_versions(home: Path) -> dict[str, str]:
    try:
        return dict(snapshots.current(home).sources)
    except (HomeNotFoundError, SnapshotDamagedError):
        return {}


def _things(lines: Iterable[str]) -> dict[str, int]:
    """Count the things stated by class, given sorted lines."""
    counts: Counter[str] = Counter()
    for _, group in groupby(lines, key=shapes.subject):
        parts = (shapes.split_line(line) for line in group)
        counts.update(_local(value[1:-1]) for _, predicate, value in parts if predicate == _TYPE)
    return dict(sorted(counts.items()))


def _local(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]
