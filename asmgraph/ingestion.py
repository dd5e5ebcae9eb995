"""One source from its files to a staged version: read, check, map, validate, describe, stage.

The stages do not know each other; each is called from here, in the order in which data flows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from importlib.metadata import version as installed_version
from itertools import groupby
from pathlib import Path

import polars as pl

from asmgraph import resources
from asmgraph.catalogue import REFERENCE, Given, ontology_digest
from asmgraph.errors import ConfigurationError, HomeNotFoundError, SnapshotDamagedError, ValidationError
from asmgraph.mapping import compiler, provenance, runner, yarrrml
from asmgraph.records import ASM, ROW, Batch, Refusal, Sensitivity
from asmgraph.sources import csv, iati, rdf
from asmgraph.store import snapshots, staging
from asmgraph.validation import promises, report, shapes

Progress = Callable[[str, int, int], None]
"""Called with (step, done, total); total 0 where it is not known."""

_ROUNDS = 25
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LOSS_FLOOR = 10


def ingest(home: Path, given: Given, *, accept_loss: bool, progress: Progress) -> report.Report:
    """Stage one source; the caller holds the lock. See :func:`asmgraph.pipeline.ingest`."""
    source = given.source
    staged = staging.before(home, source.name)
    context = _context(home, source.name)
    if staged is not None and (staged.version, staged.manifest.get("context")) == (given.version, context):
        return replace(_report(staged), unchanged=True)
    with staging.writing(home, source.name) as writer:
        found = _Rows(given, progress) if source.format != "rdf" else None
        refused: list[Refusal] = []
        violations: list[shapes.Violation] = []
        if found is not None:
            found.judge()
            refused, violations = _stage_rows(home, found, writer, progress)
        else:
            refused, violations = _stage_rdf(home, given, writer, progress)
        things = _things(staging.merged(writer.folder / f"{level}.nt" for level in Sensitivity))
        if not any((writer.folder / f"{level}.nt").stat().st_size for level in Sensitivity):
            why = (
                f"{len(refused)} refusals. The first: {sorted(refused)[0].describe()}"
                if refused
                else "no row."
            )
            raise ValidationError(
                f"Nothing of {source.name} is left: {why}",
                "Is this the right file for this source? What was staged before stays.",
            )
        _refuse_unknown_coverage(home, given, writer)
        if staged is not None and not accept_loss:
            _refuse_loss(source.name, _report(staged).things, things, refused)
        content = _content(writer.folder)
        same = (
            staged is not None
            and staged.version == given.version
            and staged.manifest.get("content") == content
        )
        if staged is not None and same:
            staging.amend(staged, context=context)
            return replace(_report(staged), unchanged=True)
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
        manifest = _manifest(given, triples, writer.folder, content, context)
        staging.commit(writer, source.name, given.version, manifest, _published(home, source.name))
    return done


def _report(staged: staging.Staged) -> report.Report:
    return report.from_json((staged.folder / "report.json").read_text(encoding="utf-8"))


def _others(home: Path, name: str) -> list[staging.Staged]:
    """Return the staged versions that a source may point into: for a reference source, those before it."""
    if name in REFERENCE:
        earlier = (staging.current(home, other) for other in REFERENCE[: REFERENCE.index(name)])
        return [one for one in earlier if one is not None]
    return list(staging.all_current(home, without=name).values())


def _context(home: Path, name: str) -> str:
    """Return a digest of all that decides what passes besides the input: software, ontology, other sources."""
    versions = [f"{one.source} {one.version}" for one in _others(home, name)]
    parts = [installed_version("asmgraph"), ontology_digest(), *versions]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _content(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each part, before it is described."""
    return {str(level): _digest(folder / f"{level}.nt") for level in Sensitivity}


def _published(home: Path, name: str) -> list[str] | None:
    """Return the published version of a source, as a list; ``None`` where nobody can say."""
    try:
        return [snapshots.published_versions(home).get(name, "")]
    except HomeNotFoundError:
        return []
    except SnapshotDamagedError:
        return None


def _refuse_unknown_terms(writer: staging.Writer) -> None:
    """Stop at a term of our namespace that the ontology does not have: misspelt, nothing would ever find it."""
    used = set()
    for line in staging.merged(writer.folder / f"{level}.nt" for level in Sensitivity):
        _, predicate, value = shapes.split_line(line)
        used |= {predicate} | ({value[1:-1]} if predicate == _TYPE else set())
    known = shapes.terms(resources.ontology())
    for term in sorted(used):
        if term.startswith(ASM) and term not in known:
            name = term.removeprefix(ASM)
            near = get_close_matches(name, [one.removeprefix(ASM) for one in known], n=1)
            raise ValidationError(
                f"The ontology has no term asm:{name}.",
                (f"Did you mean asm:{near[0]}? " if near else "")
                + "Correct it in the mapping, or in the file.",
            )


def _refuse_unknown_coverage(home: Path, given: Given, writer: staging.Writer) -> None:
    """Stop where source.yml says that a place or theme is covered which nobody knows: it would cover nothing."""
    if not given.source.coverage:
        return
    known = pl.concat(
        [staging.types_of(writer.folder), *(one.types() for one in _others(home, given.source.name))]
    )
    things = set(known["thing"])
    for entry in given.source.coverage:
        for thing in filter(None, provenance.pointed_at(entry)):
            if thing not in things:
                raise ConfigurationError(
                    f"{given.folder / 'source.yml'}: the coverage of {entry.covers} names {thing}, which is not known.",
                    "Give the code of a place (COD), or a concept of the vocabularies (challenge/C4).",
                )


def _refuse_loss(
    name: str, before: Mapping[str, int], after: Mapping[str, int], refused: Sequence[Refusal]
) -> None:
    """Stop where a class of things shrinks to less than half: more likely a wrong or broken file than news."""
    for kind, count in sorted(before.items()):
        left = after.get(kind, 0)
        if count >= _LOSS_FLOOR and left * 2 < count:
            first = (
                f" The first of {len(refused)} refusals: {sorted(refused)[0].describe()}" if refused else ""
            )
            raise ValidationError(
                f"Of {count:,} {kind} in {name}, {left:,} would be left.{first}",
                "What was staged before stays. If that is right, add --accept-loss.",
            )


class _Rows:
    """The checked rows of one input; reads the file anew each time it is iterated, without refused rows."""

    def __init__(self, given: Given, progress: Progress) -> None:
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
        return iati.read(self.given.files, self.given.source, everything=self.given.everything)

    def judge(self) -> None:
        """Note which records the reader chose and why, where it chooses (IATI)."""
        if self.given.source.format != "iati":
            return
        counts: Counter[str] = Counter()
        for verdict in iati.judge(self.given.files):
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
    home: Path, rows: _Rows, writer: staging.Writer, progress: Progress
) -> tuple[list[Refusal], list[shapes.Violation]]:
    """Map until no row is left that breaks a shape; refused rows may leave others pointing at nothing."""
    refused: list[Refusal] = []
    reported: list[shapes.Violation] = []
    for attempt in range(_ROUNDS):
        writer.restart()
        for part in runner.run(rows.rules, rows):
            writer.write(part.sensitivity, part.lines)
        writer.sort()
        if attempt == 0:
            _refuse_unknown_terms(writer)
        violations = _violations(home, rows.given.source.name, writer, progress)
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
                f"The row is about {violation.focus}.",
            )
            for violation, key in wanted.items()
            for origin in origins.get(key, ())
        }
    )


def _stage_rdf(
    home: Path, given: Given, writer: staging.Writer, progress: Progress
) -> tuple[list[Refusal], list[shapes.Violation]]:
    refused: dict[str, Refusal] = {}
    reported: list[shapes.Violation] = []
    for attempt in range(_ROUNDS):
        writer.restart()
        lines = (line for file in given.files for line in rdf.read(file, _scope(given, file)))
        writer.write(
            given.source.sensitivity, (line for line in lines if shapes.subject(line) not in refused)
        )
        writer.sort()
        if attempt == 0:
            _refuse_unknown_terms(writer)
        violations = _violations(home, given.source.name, writer, progress)
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


def _violations(home: Path, name: str, writer: staging.Writer, progress: Progress) -> list[shapes.Violation]:
    files = [writer.folder / f"{level}.nt" for level in Sensitivity]
    total = sum(1 for _ in staging.merged(files))
    others = [one.types() for one in _others(home, name)]
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


def _describe(given: Given, writer: staging.Writer) -> dict[Sensitivity, int]:
    """Add to each part of the version the description of its graph; return the triples of each part."""
    version = _version(given)
    counts = {}
    for level in Sensitivity:
        if (writer.folder / f"{level}.nt").stat().st_size or level is given.source.sensitivity:
            writer.add(level, provenance.describe(given.source, version, level))
        counts[level] = sum(1 for _ in staging.merged([writer.folder / f"{level}.nt"]))
    return counts


def _version(given: Given) -> provenance.Version:
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    return provenance.Version(
        given.source.name, given.version, given.checksum, now, f"asmgraph {installed_version('asmgraph')}"
    )


def _manifest(
    given: Given, triples: Mapping[Sensitivity, int], folder: Path, content: Mapping[str, str], context: str
) -> dict[str, object]:
    version = _version(given)
    return {
        "source": given.source.name,
        "version": given.version,
        "checksum": given.checksum,
        "content": content,
        "context": context,
        "graphs": {
            str(level): {
                "iri": version.graph(level),
                "triples": count,
                "checksum": _digest(folder / f"{level}.nt"),
            }
            for level, count in triples.items()
            if count
        },
    }


def _scope(given: Given, file: Path) -> str:
    """Return what tells one file's blank nodes from those of every other."""
    below = file.relative_to(given.path).as_posix() if given.path.is_dir() else file.name
    return f"{given.source.name}/{below}"


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _things(lines: Iterable[str]) -> dict[str, int]:
    """Count the things stated by class, given sorted lines."""
    counts: Counter[str] = Counter()
    for _, group in groupby(lines, key=shapes.subject):
        parts = (shapes.split_line(line) for line in group)
        counts.update(_local(value[1:-1]) for _, predicate, value in parts if predicate == _TYPE)
    return dict(sorted(counts.items()))


def _local(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]
