"""Publish chosen versions of sources: what the public may see of them made out, both datasets built, all noted."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from asmgraph import audit
from asmgraph.errors import HomeNotFoundError, SnapshotDamagedError, SourceError, StoreError
from asmgraph.privacy import gaps, public
from asmgraph.records import Progress
from asmgraph.settings import Settings
from asmgraph.store import building, retention, snapshots, staging, tombstones

_DERIVED = ".derived-"
"""How the names of folders begin in which the public dataset is derived."""


@dataclass(frozen=True)
class Published:
    """What a publish did: the sources with a new version by name, and those that are in no more.

    ``cautions`` repeat, by source with a new version, what its ingestion said that readers cannot do with it;
    under ``gaps``, which runs of the analyses are left out.
    """

    snapshot: snapshots.Snapshot
    changed: Mapping[str, str]
    gone: Sequence[str]
    unchanged: bool
    cautions: Mapping[str, Sequence[str]] = field(default_factory=dict)


def published(settings: Settings) -> dict[str, staging.Staged]:
    """Return the published version of each source by name; none where nothing is published."""
    try:
        versions = snapshots.published_versions(settings.home)
    except HomeNotFoundError:
        return {}
    return {name: staging.version(settings.home, name, version) for name, version in versions.items()}


def publish(settings: Settings, staged: Iterable[staging.Staged], progress: Progress) -> Published:
    """Publish exactly ``staged``; the caller holds the lock.

    Raises
    ------
    SourceError
        If there is none.
    """
    chosen = list(staged)
    if not chosen:
        raise SourceError("Nothing is staged.", "Run 'asmgraph ingest SOURCE' first, or 'asmgraph init'.")
    try:
        before = snapshots.published_versions(settings.home)
        number = snapshots.published_number(settings.home)
    except (HomeNotFoundError, SnapshotDamagedError):
        before, number = {}, 0
    _make_up(settings.home, number)
    steps = Counter[str]()

    def step(text: str) -> None:
        steps["done"] += 1
        progress(text, steps["done"], building.STEPS)

    was = counts(settings.home)
    with tempfile.TemporaryDirectory(prefix=_DERIVED, dir=settings.home) as folder:
        wanted = public.compose(settings.home, chosen, Path(folder))
        findings = gaps.compose(settings.home, wanted.graphs, Path(folder))
        graphs = [*wanted.graphs, *findings.graphs]
        snapshot = building.publish(settings.home, graphs, settings.snapshots_kept, step, wanted.tombstones)
    if stones := tombstones.read(settings.home):  # also of a takedown whose own publication failed
        retention.condemn(settings.home, stones)
    if snapshot.number != number:
        after = counts(settings.home)
        audit.record(settings.home, "publish", str(snapshot.number), was, after)
    changed = {one.source: one.version for one in chosen if before.get(one.source) != one.version}
    for one in chosen:
        if one.source in changed or not one.manifest.get(
            "publications"
        ):  # a run may have died before it was noted
            staging.published(one, snapshot.number, snapshot.published.isoformat())
        staging.trim(settings.home, one.source, settings.versions_kept, [one.version])
    gone = sorted(set(before) - {one.source for one in chosen})
    cautions = {
        one.source: told for one in chosen if one.source in changed and (told := one.manifest.get("cautions"))
    }
    if findings.cautions:
        cautions["gaps"] = findings.cautions
    return Published(snapshot, changed, gone, snapshot.number == number, cautions)


def sweep(home: Path) -> None:
    """Remove what a publication that died has derived; the caller holds the lock."""
    for left in home.glob(f"{_DERIVED}*"):
        shutil.rmtree(left, ignore_errors=True)


def _make_up(home: Path, number: int) -> None:
    """Clear away what a publication that died has left, and note in the log one that died before it was noted."""
    sweep(home)
    with suppress(StoreError):  # a log that was changed is told by whoever reads it; it stops no publication
        done = {entry["about"] for entry in audit.entries(home) if entry["action"] == "publish"}
        if number and str(number) not in done:
            audit.record(home, "publish", str(number), {}, counts(home), noted="by the next run")


def counts(home: Path) -> dict[str, int]:
    """Return the statements of each published graph, restricted and confidential ones too."""
    try:
        return snapshots.published_counts(home)
    except (HomeNotFoundError, SnapshotDamagedError):
        return {}
