"""One source from its files to a staged version: read, check, map, validate, describe, stage.

The stages do not know each other; each is called from here, in the order in which data flows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version as installed_version
from pathlib import Path

import polars as pl

from asmgraph import causes, gazetteers, review, safeguards
from asmgraph.catalogue import REFERENCE, Given
from asmgraph.checked_rows import CheckedRows
from asmgraph.errors import StoreError, ValidationError
from asmgraph.mapping import provenance, quality, runner
from asmgraph.mapping.placement import Gazetteer
from asmgraph.ontology import files
from asmgraph.privacy import confinement, traces
from asmgraph.records import Progress, Refusal, Sensitivity
from asmgraph.sources import formats, rdf
from asmgraph.store import difference, ntriples, snapshots, staging
from asmgraph.store.parts import Held
from asmgraph.validation import incremental, positions, report, shapes, structure, thresholds

_ROUNDS = 25


def ingest(home: Path, given: Given, *, accept_loss: bool, progress: Progress) -> report.Report:
    """Stage one source; the caller holds the lock. See :func:`asmgraph.pipeline.ingest`."""
    source = given.source
    staged = staging.before(home, source.name)
    context = _context(home, source.name)
    basis: dict[str, object] = {"input": given.digest, "context": context}
    if staged is not None and basis.items() <= staged.manifest.items():
        return replace(_report(staged), unchanged=True, difference=_difference(home, given, staged.lines()))
    with staging.writing(home, source.name) as writer:
        found = _rows(home, given, progress) if not formats.holds_rdf(source) else None
        refused: list[Refusal] = []
        violations: list[shapes.Violation] = []
        if found is not None:
            found.judge()
            refused, violations = _stage_rows(home, found, writer, staged, progress)
        else:
            refused, violations = _stage_rdf(home, given, writer, staged, progress)
        things = _things(writer.types)
        safeguards.refuse_unknown_coverage(given, _known(home, source.name, writer)["thing"])
        last = _report(staged) if staged is not None else None
        done = _reported(given, found, refused, violations, things, last)
        silent = found.silent if found is not None else {}
        several = positions.ambiguous(writer.folder / f"{level}.nt" for level in Sensitivity)
        told = safeguards.cautions(given.source, done.rows, things, silent, several)
        done = replace(done, cautions=told)
        why = _objection(given, found, done, writer, staged if not accept_loss else None)
        if why is not None:
            staging.stop(home, source.name, replace(done, stopped=why.message).as_json())
            raise why
        moved = _confine(home, source.name, writer)
        version = _version(given, writer)
        done = replace(
            done,
            version=version.version,
            confined=moved,
            difference=_difference(home, given, staging.merged(writer.files)),
            traces=traces.find(writer.folder / f"{Sensitivity.PUBLIC}.nt"),
        )
        basis |= review.basis(_others(home, source.name))
        held = staging.kept(home, source.name, version.version)
        if held is not None:  # what was once published is not written again, only pointed to
            done = replace(done, triples=_report(held).triples)
            staging.point(held, done.as_json(), basis)
            return replace(done, unchanged=staged is not None and staged.version == held.version)
        triples = _describe(given, version, writer, found.measured(refused) if found is not None else None)
        done = replace(done, triples={level: count for level, count in triples.items() if count})
        (writer.folder / "report.json").write_text(done.as_json(), encoding="utf-8")
        staging.commit(
            writer,
            source.name,
            version.version,
            _manifest(given, version, triples, writer.held) | {"cautions": list(done.cautions)} | basis,
        )
    return done


def _reported(
    given: Given,
    found: CheckedRows | None,
    refused: Sequence[Refusal],
    violations: Sequence[shapes.Violation],
    things: Mapping[str, int],
    last: report.Report | None,
) -> report.Report:
    """Return all that can be said before the version is described; ``last`` is what was staged before."""
    done = report.Report(
        given.source.name, given.digest[:12], {}, things, {}, sorted(refused), violations=violations
    )
    if found is None:
        return done
    known = {(one.table, one.column, one.value) for one in last.kept} if last is not None else None
    return replace(
        done,
        rows=found.rows,
        kept=found.kept,
        unlisted_columns=found.findings.unlisted_columns,
        absent_columns=found.findings.absent_columns,
        findings=found.chosen,
        finding_counts=found.chosen_counts,
        filled=found.filled,
        replayed=found.replayed,
        variants=found.variants,
        placements=found.placements,
        unplaced=found.unplaced,
        newly_kept=tuple(
            one for one in found.kept if known is not None and (one.table, one.column, one.value) not in known
        ),
    )


def _objection(
    given: Given,
    found: CheckedRows | None,
    done: report.Report,
    writer: staging.Writer,
    last: staging.Staged | None,
) -> ValidationError | None:
    """Return why the file as a whole is not staged; ``last`` is what it must not fall far behind, if anything."""
    name, refused = given.source.name, done.refused
    first = f" The first of {len(refused):,} refusals: {refused[0].describe()}" if refused else ""
    if writer.empty:
        return ValidationError(
            f"Nothing of {name} is left.{first or ' There is no row in it.'}",
            "Is this the right file for this source? What was staged before stays.",
        )
    broken = thresholds.broken(given.source, found.findings, refused) if found is not None else []
    if broken:
        return ValidationError(
            f"The file is not what source.yml promises of {name}: {' '.join(broken)}{first}",
            "Mend the file; or, if the file is right, change rows, filled or limits in source.yml. "
            "What was staged before stays.",
        )
    return safeguards.loss(name, last.types(), writer.types, refused) if last is not None else None


def _difference(home: Path, given: Given, lines: Iterable[str]) -> dict[str, dict[str, int]]:
    """Count what the version adds, changes and does not repeat, against the published one where there is one."""
    try:
        published = snapshots.published_versions(home).get(given.source.name, "")
        before = staging.version(home, given.source.name, published)
    except StoreError:  # nothing published, or no longer there to compare with
        return {}
    return difference.count(difference.changes(before.lines(), lines))


def _report(staged: staging.Staged) -> report.Report:
    return report.from_json(staged.report())


def _others(home: Path, name: str) -> list[staging.Staged]:
    """Return the staged versions that a source may point into: for a reference source, those before it."""
    if name in REFERENCE:
        earlier = (staging.current(home, other) for other in REFERENCE[: REFERENCE.index(name)])
        return [one for one in earlier if one is not None]
    return list(staging.all_current(home, without=name).values())


def _context(home: Path, name: str) -> str:
    """Return a digest of all that decides what passes besides the input: software, ontology, other sources."""
    versions = [f"{one.source} {one.version}" for one in _others(home, name)]
    shapes_of_places = gazetteers.digest(gazetteers.boundary_files(home))
    return hashlib.sha256("\n".join([review.rules(), shapes_of_places, *versions]).encode()).hexdigest()


def _rows(home: Path, given: Given, progress: Progress) -> CheckedRows:
    def gazetteer() -> Gazetteer:
        return gazetteers.gazetteer(_others(home, given.source.name), gazetteers.boundary_files(home))

    return CheckedRows(given, gazetteer, progress)


def _stage_rows(
    home: Path, rows: CheckedRows, writer: staging.Writer, staged: staging.Staged | None, progress: Progress
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
            safeguards.refuse_unknown_terms(writer.terms)
        violations = _violations(home, rows.given.source.name, writer, staged, progress)
        bad = [violation for violation in violations if violation.refuses]
        reported += bad
        if not bad:
            return [*rows.findings.refused, *refused], [*reported, *violations]
        new = causes.refusals(rows, bad)
        if not new:
            first = bad[0]
            raise ValidationError(
                f"{first.focus} breaks a rule that no row explains: {first.message}",
                "Mend the source's mapping.",
            )
        rows.without |= {(refusal.table, refusal.row) for refusal in new}
        refused += new
    raise ValidationError("Rows depend on refused rows in too long a chain.", "Mend the refused rows first.")


def _stage_rdf(
    home: Path, given: Given, writer: staging.Writer, staged: staging.Staged | None, progress: Progress
) -> tuple[list[Refusal], list[shapes.Violation]]:
    refused: dict[str, Refusal] = {}
    reported: list[shapes.Violation] = []
    for attempt in range(_ROUNDS):
        writer.restart()
        lines = (line for file in given.files for line in rdf.read(file, _scope(given, file)))
        writer.write(
            given.source.sensitivity, (line for line in lines if ntriples.subject(line) not in refused)
        )
        writer.sort()
        if attempt == 0:
            safeguards.refuse_unknown_terms(writer.terms)
        violations = _violations(home, given.source.name, writer, staged, progress)
        bad = [violation for violation in violations if violation.refuses]
        reported += bad
        if not bad:
            return list(refused.values()), [*reported, *violations]
        for violation in bad:
            refused[violation.focus] = Refusal(
                "rdf",
                0,
                files.local(violation.path),
                f"{violation.focus} {violation.value}",
                violation.message,
            )
    raise ValidationError(
        "Things depend on refused things in too long a chain.", "Mend the refused ones first."
    )


def _violations(
    home: Path, name: str, writer: staging.Writer, staged: staging.Staged | None, progress: Progress
) -> list[shapes.Violation]:
    """Validate what is new against the version staged before; all of it where that cannot be told."""
    known = _known(home, name, writer)
    again = review.to_check_again(home, writer, staged, _others(home, name)) if staged is not None else None
    total = sum(held.lines for held in writer.held.values()) if again is None else 0
    done = Counter[str]()

    def checked(triples: int) -> None:
        done["triples"] += triples
        progress("validating", done["triples"], total)

    found = structure.validate(writer.folder, writer.parts, known, checked, only=again)
    if staged is None or again is None:
        return found
    warned = (one for one in _report(staged).violations if not one.refuses)
    return sorted([*found, *incremental.carried(warned, again)])


def _known(home: Path, name: str, writer: staging.Writer) -> pl.DataFrame:
    """Return the classes of this version's things and of what it may point at: columns ``thing``, ``kind``."""
    return pl.concat([writer.types, *(one.types() for one in _others(home, name))]).unique()


def _confine(home: Path, name: str, writer: staging.Writer) -> Mapping[str, int]:
    """Move what is confidential at a single site, and breakdowns below ten, to the confidential part; count it."""

    def single() -> set[str]:
        return set(_known(home, name, writer).filter(pl.col("kind").is_in(confinement.SINGLE))["thing"])

    files = {level: writer.folder / f"{level}.nt" for level in Sensitivity}
    found = confinement.find(files, single)
    if found.moved:
        staged = {level: file.replace(file.with_suffix(".staged")) for level, file in files.items()}
        writer.restart()
        for level, file in staged.items():
            for lines in found.apply(level, file):
                writer.write(level, lines)
            file.unlink()
        writer.sort()
    return found.moved


def _describe(
    given: Given, version: provenance.Version, writer: staging.Writer, measured: quality.Measured | None
) -> dict[Sensitivity, int]:
    """Add to each part of the version the description of its graph; return the triples of each part."""
    measurements = quality.describe(given.source, version, measured) if measured else {}
    counts = {}
    for level in Sensitivity:
        if writer.held[level].lines or level is given.source.sensitivity:
            described = provenance.describe(given.source, version, level)
            writer.add(level, [*described, *measurements.get(level, ())])
        counts[level] = writer.held[level].lines
    return counts


def _version(given: Given, writer: staging.Writer) -> provenance.Version:
    """Return the version that was made: named by what was given and by what came of it.

    The same input may give other statements later: other places are known by then, or other things to point at.
    """
    whole = hashlib.sha256(given.digest.encode())
    for level, held in writer.held.items():
        whole.update(f"{level} {held.digest}\n".encode())
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    return provenance.Version(
        given.source.name,
        whole.hexdigest()[:12],
        given.checksum,
        now,
        f"asmgraph {installed_version('asmgraph')}",
    )


def _manifest(
    given: Given,
    version: provenance.Version,
    triples: Mapping[Sensitivity, int],
    held: Mapping[Sensitivity, Held],
) -> dict[str, object]:
    return {
        "source": given.source.name,
        "version": version.version,
        "checksum": given.checksum,
        "graphs": {
            str(level): {
                "iri": version.graph(level),
                "triples": count,
                "checksum": held[level].digest,
            }
            for level, count in triples.items()
            if count
        },
    }


def _scope(given: Given, file: Path) -> str:
    """Return what tells one file's blank nodes from those of every other."""
    below = file.relative_to(given.path).as_posix() if given.path.is_dir() else file.name
    return f"{given.source.name}/{below}"


def _things(types: pl.DataFrame) -> dict[str, int]:
    """Count the things stated by class, given the columns ``thing`` and ``kind``."""
    counts: Counter[str] = Counter()
    for kind, count in types["kind"].value_counts().iter_rows():
        counts[files.local(kind)] += count
    return dict(sorted(counts.items()))
