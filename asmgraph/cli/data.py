"""Commands that bring data in and out to readers: init, ingest, validate, status, diff, publish, withdraw."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column

from asmgraph import pipeline, versions
from asmgraph.cli.app import (
    REFUSED,
    STOPPED,
    AsJson,
    Home,
    app,
    command,
    err,
    out,
    print_json,
    print_removed,
    progress_bar,
    row,
    table,
)
from asmgraph.cli.reports import FORMATS, show
from asmgraph.errors import SourceError, ValidationError
from asmgraph.store import difference, snapshots, staging
from asmgraph.validation.conflicts import Conflict


@app.command()
def init(home: Home = None) -> None:
    """Build and publish the vocabulary, the places and the starter data in a home without published data.

    What a steward staged or published stays as it is.
    """
    with command(home) as settings, progress_bar() as progress:
        done = pipeline.initialise(settings, progress)
        snapshot = snapshots.current(settings.home)
    if done is None:
        home_name = escape(str(settings.home))
        out.print(f"{home_name} holds published data already: snapshot {snapshot.number}. Nothing to do.")
    else:
        _print_published(done)


@app.command()
def ingest(
    source: Annotated[str, typer.Argument(help="A source of the catalogue; 'asmgraph sources' lists them.")],
    path: Annotated[
        Path | None, typer.Argument(help="Its file or folder, where it is not part of asmgraph.")
    ] = None,
    everything: Annotated[
        bool,
        typer.Option(
            "--all", help="Where records are judged: take all, not only those on small-scale mining."
        ),
    ] = False,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Also if more than half of what was staged before would go.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Read, check, map, validate and stage a source. Refused rows are listed; the rest goes on."""
    form = "json" if as_json else "table"
    with command(home) as settings:
        try:
            with progress_bar() as progress:
                report = pipeline.ingest(
                    settings, source, path, everything=everything, accept_loss=accept_loss, progress=progress
                )
        except ValidationError as error:
            show([one for one in pipeline.validate(settings) if one.stopped == error.message], form)
            raise
    show([report], form)
    if not as_json:
        words = ["asmgraph", "publish", *(["--home", str(home)] if home is not None else [])]
        follows = f"Next: [bold]{escape(shlex.join(words))}[/]"
        out.print(follows if not report.unchanged else "Nothing new: staged before.")
    if report.refused:
        raise typer.Exit(REFUSED)


@app.command()
def validate(
    source: Annotated[str | None, typer.Argument(help="One source; all where none is named.")] = None,
    form: Annotated[
        str, typer.Option("--format", help="table, json, or of one source html, csv, turtle (SHACL report).")
    ] = "table",
    full: Annotated[
        bool,
        typer.Option("--full", help="Validate everything again, and compare what sources say of one thing."),
    ] = False,
    home: Home = None,
) -> None:
    """Repeat the last report, of what is staged or was stopped since; or validate all that is staged again."""
    if form not in FORMATS:
        raise typer.BadParameter(f"{form!r} is not {', '.join(FORMATS)}", param_hint="--format")
    if full and source is not None:
        raise typer.BadParameter("takes all sources; leave the source out", param_hint="--full")
    if source is None and form in ("html", "csv"):
        raise typer.BadParameter(f"{form} is of one source; name it", param_hint="SOURCE")
    with command(home) as settings, progress_bar() as progress:
        if full:
            reports, conflicts = pipeline.revalidate(settings, progress)
        else:
            reports, conflicts = pipeline.validate(settings, source), []
    show(reports, form)
    _print_conflicts(conflicts, form)
    if any(report.stopped for report in reports):
        raise typer.Exit(STOPPED)
    broken = full and any(violation.refuses for report in reports for violation in report.violations)
    if broken or any(report.refused for report in reports):
        raise typer.Exit(REFUSED)


def _print_conflicts(conflicts: list[Conflict], form: str) -> None:
    if form == "json":
        for conflict in conflicts:
            print_json({"conflict": asdict(conflict)})
    elif form == "table":
        for conflict in conflicts:
            out.print(f"sources differ: {conflict.describe()}", markup=False)


@app.command()
def status(
    source: Annotated[
        str | None, typer.Argument(help="One source, with its history; all where none is named.")
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Say of every source what is staged, what is published, and what waits for publication."""
    with command(home) as settings:
        found = [one for one in versions.status(settings) if source in (None, one.source)]
        if source is not None and not found:
            raise SourceError(f"There is no source {source!r}.", "'asmgraph sources' lists them.")
    if as_json:
        print_json([asdict(one) for one in found])
        return
    listed = table(
        "source", "state", "staged", "published", *(Column(name, justify="right") for name in _COUNTS)
    )
    for one in found:
        row(
            listed,
            one.source,
            one.state,
            one.staged,
            one.published,
            *map(_number, (one.rows, one.refused, one.triples, one.published_triples)),
        )
    out.print(listed)
    for one in found:
        if one.stopped:
            out.print(f"The last ingestion of {one.source} was stopped: {one.stopped}", markup=False)
    if source is not None:
        for past in found[0].history:
            out.print(
                f"{past.version} was published as a part of snapshot {past.snapshot}, {past.at}", markup=False
            )


_COUNTS = ("rows", "refused", "statements staged", "published")


def _number(count: int) -> str:
    return f"{count:,}" if count else ""


@app.command()
def diff(
    source: Annotated[str, typer.Argument(help="A staged source.")],
    against: Annotated[
        str | None, typer.Option(help="A version of its history; without it the published one.")
    ] = None,
    statements: Annotated[
        bool, typer.Option("--statements", help="Also the statements gained (+) and lost (-).")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List what the staged version adds, changes and does not repeat. What is not repeated has not ended."""
    with command(home) as settings:
        found = list(versions.diff(settings, source, against))
        stopped = source in staging.stopped(settings.home)
    if stopped:
        err.print(
            f"[bold]Look:[/] the last ingestion of {escape(source)} was stopped, so this is of what was staged before; "
            f"'asmgraph validate {escape(source)}' says why."
        )
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for kind, states in difference.count(found).items():
        out.print(
            f"{kind}: " + ", ".join(f"{count:,} {state}" for state, count in states.items()), markup=False
        )
    if not found:
        out.print("No difference.")
    for change in found:
        out.print(f"{change.state.value}: {change.kind} {change.label or ''} <{change.thing}>", markup=False)
        for sign, lines in (("-", change.lost), ("+", change.gained)) if statements else ():
            for line in lines:
                out.print(f"  {sign} {line}", markup=False)


@app.command()
def publish(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Of what is staged, these sources; all where none is named.")
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Publish what is staged, all at once; a running server takes it up by itself."""
    with command(home) as settings, progress_bar() as progress:
        done = pipeline.publish(settings, sources or (), progress)
    if as_json:
        print_json(_as_json(done))
    else:
        _print_published(done)


@app.command()
def withdraw(
    source: Annotated[str, typer.Argument(help="A published or staged source.")],
    forget: Annotated[
        bool, typer.Option("--forget", help="Also remove its history and every older snapshot from the disk.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Publish what is published without one source, and stage it no more."""
    with command(home) as settings, progress_bar() as progress:
        done = versions.withdraw(settings, source, forget=forget, progress=progress)
    if as_json:
        state = _as_json(done.published) if done.published else {"unstaged": source}
        print_json(state | {"removed_snapshots": list(done.removed), "still_read": list(done.still_read)})
        return
    if done.published:
        _print_published(done.published)
    else:
        out.print(f"{source} was not published; it is no longer staged.", markup=False)
    print_removed(done.removed, done.still_read)


def _as_json(done: pipeline.Published) -> dict[str, object]:
    return {
        "snapshot": done.snapshot.number,
        "published": done.snapshot.published.isoformat(),
        "public_triples": done.snapshot.triples,
        "sources": dict(done.snapshot.sources),
        "changed": dict(done.changed),
        "gone": list(done.gone),
        "unchanged": done.unchanged,
        "cautions": {name: list(told) for name, told in done.cautions.items()},
    }


def _print_published(done: pipeline.Published) -> None:
    state = "is already published; nothing changed" if done.unchanged else "is published"
    out.print(f"Snapshot {done.snapshot.number} {state}: {done.snapshot.triples:,} public statements.")
    for name, version in done.changed.items():
        out.print(f"  {name} {version}", markup=False)
    for name in done.gone:
        out.print(f"  {name} is no longer a part of it", markup=False)
    for name, told in done.cautions.items():
        for caution in told:
            out.print(f"[bold]Look:[/] {escape(name)}: {escape(caution)}.")
