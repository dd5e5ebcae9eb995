"""Validate what is staged once more: all of it, or what a change elsewhere can have touched.

A version remembers on what its report rests: the software and rules it was validated with, and the versions of the
sources it may point into (:func:`basis`). Where the rules are the same, only what changed is validated again
(:mod:`asmgraph.validation.incremental`); else everything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from importlib.metadata import version as installed_version
from pathlib import Path

import polars as pl
from rdflib import RDFS

from asmgraph.catalogue import REFERENCE
from asmgraph.errors import StoreError
from asmgraph.ontology import accelerator, files
from asmgraph.store import staging
from asmgraph.store.staging import Staged
from asmgraph.validation import conflicts, incremental, locality, structure
from asmgraph.validation.conflicts import Conflict
from asmgraph.validation.shapes import Violation


def rules() -> str:
    """Return a digest of the software and the ontology with which statements are validated."""
    engine = f"pyshacl-turbo {accelerator.TESTED}" if accelerator.available() else ""
    parts = [f"{name} {installed_version(name)}" for name in ("asmgraph", "pyshacl")]
    return hashlib.sha256("\n".join([*parts, engine, files.digest()]).encode()).hexdigest()


def basis(others: Iterable[Staged]) -> dict[str, object]:
    """Return what a version's report rests on, for its manifest."""
    return {"rules": rules(), "others": {one.source: one.version for one in others}}


def to_check_again(
    home: Path, writer: staging.Writer, staged: Staged, others: Iterable[Staged]
) -> pl.Series | None:
    """Return the subject terms to be validated, sorted; ``None`` where all are.

    Those whose statements differ from the version staged before, and those that point at a thing whose classes
    differ from what they were then, in this source or in another. All are where the rules are others, or may judge by
    more, and where a version says itself which class lies below which.
    """
    manifest = staged.manifest
    if manifest.get("rules") != rules() or not locality.is_local(files.shapes()):
        return None
    if str(RDFS.subClassOf) in writer.terms:
        return None
    try:
        former = {
            name: staging.version(home, name, number) for name, number in manifest.get("others", {}).items()
        }
        parts_before = staging.version(home, staged.source, staged.version).parts()
    except (StoreError, OSError):
        return None
    now = {one.source: one for one in others}
    same = {name for name in former.keys() & now.keys() if former[name].version == now[name].version}
    before = [staged.types(), *(one.types() for name, one in former.items() if name not in same)]
    after = [writer.types, *(one.types() for name, one in now.items() if name not in same)]
    moved = incremental.regrouped(pl.concat(after), pl.concat(before))
    changed = incremental.changed(writer.folder, writer.parts, staged.folder, parts_before)
    if changed is None:
        return None
    pointing = incremental.pointing(writer.files, moved)
    return pl.concat([changed, pointing]).unique().sort()


def everything(
    home: Path, progress: Callable[[str, int, int], None] = lambda *_: None
) -> tuple[dict[str, list[Violation]], list[Conflict]]:
    """Validate every staged source again, whole, and find where sources contradict each other."""
    staged = staging.all_current(home)
    found = {}
    for done, (name, one) in enumerate(staged.items()):
        progress("validating", done, len(staged))
        around = list(staged.values())
        if name in REFERENCE:
            around = [staged[other] for other in REFERENCE[: REFERENCE.index(name) + 1] if other in staged]
        known = pl.concat([one.types(), *(other.types() for other in around)]).unique()
        found[name] = structure.validate(one.folder, one.parts(), known)
    progress("comparing sources", 0, 0)
    return found, conflicts.find({name: (one.folder, one.parts()) for name, one in staged.items()})
