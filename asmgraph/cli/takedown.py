"""Commands that take things down and show who did what: takedown, audit."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from asmgraph import audit as audit_log
from asmgraph.cli.app import (
    AsJson,
    Home,
    app,
    command,
    out,
    print_json,
    print_removed,
    progress_bar,
    row,
    table,
)
from asmgraph.store import tombstones
from asmgraph.takedown import TakenDown, take_down

_REASONS = ", ".join(tombstones.REASONS)


@app.command()
def takedown(
    iri: Annotated[
        str, typer.Argument(help="The address of the thing, https://w3id.org/asmgraph/id/...")
    ] = "",
    reason: Annotated[str, typer.Option(help=f"Why: {_REASONS}.")] = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Put back what was taken down.")] = False,
    listed: Annotated[
        bool, typer.Option("--list", help="List what is taken down, and change nothing.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Take a thing, and what is only about it, out of all that is served; no later import brings it back."""
    if listed:
        _list(home, as_json)
        return
    if not iri:
        raise typer.BadParameter("give the address of a thing, or --list", param_hint="IRI")
    with command(home) as settings:
        if not withdraw:
            seen = take_down(settings, iri, reason, dry_run=True)
            if not as_json:
                _print_things(seen, "would go")
            if not dry_run and not yes:
                typer.confirm("Take this down?", abort=True, err=True)
        with progress_bar() as progress:
            done = take_down(settings, iri, reason, withdraw=withdraw, dry_run=dry_run, progress=progress)
    if as_json:
        print_json(
            {
                "iri": done.iri,
                "things": dict(done.things),
                "snapshot": done.published.snapshot.number if done.published else None,
                "removed_snapshots": list(done.removed),
                "still_read": list(done.still_read),
            }
        )
        return
    if dry_run:
        return
    out.print("Put back." if withdraw else "Taken down.")
    if done.published is not None:
        out.print(f"Snapshot {done.published.snapshot.number} is published.")
    print_removed(done.removed, done.still_read)


@app.command()
def audit(home: Home = None, as_json: AsJson = False) -> None:
    """Show who did what, and check that no line of the audit log was changed."""
    with command(home) as settings:
        entries = list(audit_log.entries(settings.home))
    if as_json:
        print_json(entries)
        return
    shown = table("when", "who", "what", "of", "graphs changed")
    for entry in entries:
        row(shown, entry["at"], entry["who"], entry["action"], entry["about"], len(entry["graphs"]))
    out.print(shown)
    torn = sum(entry["action"] == audit_log.TORN for entry in entries)
    out.print(f"{len(entries) - torn:,} entries, each in its place.")
    if torn:
        out.print(
            f"{torn:,} lines are torn: their write was cut off. What they would have said is not recorded."
        )


def _list(home: Path | None, as_json: bool) -> None:
    with command(home) as settings:
        stones = sorted(tombstones.read(settings.home).values())
    if as_json:
        print_json([{"iri": stone.iri, "date": stone.date, "reason": stone.reason} for stone in stones])
        return
    shown = table("thing", "since", "reason")
    for stone in stones:
        row(shown, stone.iri, stone.date, stone.reason)
    out.print(shown)


def _print_things(done: TakenDown, what: str) -> None:
    kinds = Counter(kind.rsplit("#", 1)[-1] or "thing" for kind in done.things.values())
    counts = ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items()))
    out.print(f"{done.iri} {what}, with what is only about it: {counts}.", markup=False)
