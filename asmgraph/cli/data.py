"""Commands that bring data in: init, ingest, validate, publish."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Column

from asmgraph import pipeline
from asmgraph.cli.app import (
    REFUSED,
    AsJson,
    Home,
    app,
    command,
    out,
    print_json,
    progress_bar,
    row,
    table,
)
from asmgraph.store import snapshots
from asmgraph.validation.report import Report

_SHOWN = 20


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
        bool, typer.Option("--all", help="IATI: take every activity, not only those on small-scale mining.")
    ] = False,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Also if more than half of what was staged before would go.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Read, check, map, validate and stage a source. Refused rows are listed; the rest goes on."""
    with command(home) as settings, progress_bar() as progress:
        report = pipeline.ingest(
            settings, source, path, everything=everything, accept_loss=accept_loss, progress=progress
        )
    _print([report], "json" if as_json else "table")
    if not as_json:
        out.print(
            "Next: [bold]asmgraph publish[/]" if not report.unchanged else "Nothing new: staged before."
        )
    if report.refused:
        raise typer.Exit(REFUSED)


@app.command()
def validate(
    source: Annotated[str | None, typer.Argument(help="One staged source; all where none is named.")] = None,
    form: Annotated[
        str, typer.Option("--format", help="table, json or turtle (a SHACL validation report).")
    ] = "table",
    home: Home = None,
) -> None:
    """Repeat the report of what is staged."""
    if form not in ("table", "json", "turtle"):
        raise typer.BadParameter(f"{form!r} is not table, json or turtle", param_hint="--format")
    with command(home) as settings:
        reports = pipeline.validate(settings, source)
    _print(reports, form)
    if any(report.refused for report in reports):
        raise typer.Exit(REFUSED)


@app.command()
def publish(home: Home = None, as_json: AsJson = False) -> None:
    """Publish everything that is staged, all at once; a running server takes it up by itself."""
    with command(home) as settings, progress_bar() as progress:
        done = pipeline.publish(settings, progress)
    snapshot = done.snapshot
    if as_json:
        print_json(
            {
                "snapshot": snapshot.number,
                "published": snapshot.published.isoformat(),
                "public_triples": snapshot.triples,
                "sources": dict(snapshot.sources),
                "changed": dict(done.changed),
                "unchanged": done.unchanged,
            }
        )
        return
    _print_published(done)


def _print_published(done: pipeline.Published) -> None:
    state = "is already published; nothing changed" if done.unchanged else "is published"
    out.print(f"Snapshot {done.snapshot.number} {state}: {done.snapshot.triples:,} public statements.")
    for name, version in done.changed.items():
        out.print(f"  {name} {version}", markup=False)


def _print(reports: list[Report], form: str) -> None:
    for report in reports:
        if form == "turtle":
            out.print(report.as_turtle(), markup=False, soft_wrap=True)
        elif form == "json":
            print_json({"report": _content(report)})
        else:
            _print_table(report)


def _content(report: Report) -> object:
    """Return a report with one message a violation; the SHACL report has them in every language."""
    content = json.loads(report.as_json())
    for violation in content["violations"]:
        del violation["messages"]
    return content


def _print_table(report: Report) -> None:
    rows = ", ".join(f"{count:,} {table}" for table, count in report.rows.items())
    out.print(f"[bold]{escape(report.source)}[/] version {report.version}")
    if rows:
        out.print(f"rows in: {rows}; refused: {report.refused_rows}", markup=False)
    out.print("things out: " + ", ".join(f"{count:,} {kind}" for kind, count in report.things.items()))
    out.print("statements: " + ", ".join(f"{count:,} {level}" for level, count in report.triples.items()))
    for title, columns in (("not listed in source.yml, not read", report.unlisted_columns),
                           ("listed but absent from the file", report.absent_columns)):  # fmt: skip
        for name, names in columns.items():
            out.print(f"columns of {name} {title}: {', '.join(names)}", markup=False)
    if report.finding_counts:
        out.print(
            "judged: " + ", ".join(f"{count:,} {level}" for level, count in report.finding_counts.items())
        )
    if report.findings:
        chosen = table(
            "judged",
            Column("identifier", overflow="fold"),
            "title",
            "because",
            title="Records taken, and why",
        )
        for finding in report.findings:
            row(chosen, finding.level, finding.identifier, finding.title, "; ".join(finding.reasons))
        out.print(chosen)
    if report.kept:
        texts = table("table", "column", "value", "rows", title="Values kept as text, not mapped")
        for kept in islice(report.kept, _SHOWN):
            row(texts, kept.table, kept.column, kept.value, f"{kept.count:,}")
        out.print(texts)
        _more(len(report.kept), "values")
    if report.refused:
        refused = table("table", "row", "column", "value", "reason", "remedy", title="Refused rows")
        for refusal in islice(report.refused, _SHOWN):
            row(
                refused,
                refusal.table,
                refusal.row,
                refusal.column,
                refusal.value,
                refusal.reason,
                refusal.remedy,
            )
        out.print(refused)
        _more(len(report.refused), "refusals")
    for warning in islice(report.warnings, _SHOWN):
        out.print(f"warning: {warning.focus} {warning.message}", markup=False)
    _more(len(report.warnings), "warnings")


def _more(number: int, what: str) -> None:
    if number > _SHOWN:
        out.print(f"... and {number - _SHOWN:,} more {what}; 'asmgraph validate --format json' lists all.")
