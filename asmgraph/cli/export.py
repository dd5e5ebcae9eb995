"""Commands that bring data out: export, cite."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from asmgraph.analysis import Parameters, find_gaps
from asmgraph.analysis.records import COLUMNS, Gap
from asmgraph.cli.app import Home, app, command, out, progress_bar
from asmgraph.export import citation, release, whole
from asmgraph.export.csv import Cell
from asmgraph.export.formats import FORMS, Asked, Form
from asmgraph.export.tables import Table
from asmgraph.messages import LANGUAGES
from asmgraph.store import snapshots

GAPS = "gaps"
_EVIDENCE = ("source", "source_page")

Full = Annotated[bool, typer.Option("--full", help="Read the full dataset, restricted sources included.")]


@app.command()
def export(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=f"One of {', '.join(FORMS)}.")],
    what: Annotated[
        list[str] | None,
        typer.Option(help="A table, a map or a source, as the format has them; repeat it for xlsx."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--out", help="The file to write; standard output where none is given.")
    ] = None,
    language: Annotated[str, typer.Option(help=f"Of names: {', '.join(LANGUAGES)}.")] = "en",
    full: Full = False,
    home: Home = None,
) -> None:
    """Write data for other programs, each row or statement with its source; without --full public data only."""
    chosen = FORMS.get(form)
    if chosen is None:
        raise typer.BadParameter(f"{form!r} is not one of {', '.join(FORMS)}", param_hint="FORMAT")
    if language not in LANGUAGES:
        raise typer.BadParameter(
            f"{language!r} is not one of {', '.join(LANGUAGES)}", param_hint="--language"
        )
    asked_for = tuple(what or ())
    _refuse_what(form, chosen, asked_for)
    if file is None and chosen.binary:
        raise typer.BadParameter(f"{form} is not text: give a file to write", param_hint="--out")
    with command(home) as settings, progress_bar() as progress:
        snapshot = snapshots.current(settings.home, full=full)
        more = {GAPS: partial(_gaps, snapshot, language)}
        asked = Asked(snapshot, asked_for, language, settings.publisher, more)
        if file is None:
            _print(chosen, asked, progress)
            return
        with whole.writing(file) as target:
            chosen.write(asked, target, progress)
    out.print(f"{escape(str(file))}: {file.stat().st_size:,} bytes, from snapshot {snapshot.number}.")


def _print(chosen: Form, asked: Asked, progress: whole.Progress) -> None:
    """Write to standard output; whoever reads it may have had enough, as ``head`` has."""
    try:
        chosen.write(asked, sys.stdout.buffer, progress)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Else Python would try to flush again at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refuse_what(form: str, chosen: Form, asked: tuple[str, ...]) -> None:
    known = (*chosen.what, GAPS) if form in ("csv", "xlsx") else chosen.what
    if len(asked) > chosen.most:
        raise typer.BadParameter(f"{form} holds {chosen.most} at a time", param_hint="--what")
    for one in asked:
        if not chosen.sources and one not in known:
            names = f"one of {', '.join(known)}" if known else "needed: it holds everything"
            raise typer.BadParameter(f"for {form}, {one!r} is not {names}", param_hint="--what")


def _gaps(snapshot: snapshots.Snapshot, language: str) -> Table:
    found = find_gaps(snapshot, Parameters(language=language))
    return Table(GAPS, (*COLUMNS, *_EVIDENCE), (_gap(gap) for gap in found.gaps))


def _gap(gap: Gap) -> list[Cell]:
    cells: list[Cell] = []
    for value in gap.row().values():
        plain = value is None or isinstance(value, str | int | float)
        cells.append(value if plain else " ".join(value) if isinstance(value, list) else str(value))  # type: ignore[arg-type]
    evidence = [entry for entry in gap.evidence if entry.source_title or entry.source_page]
    titles, pages = (
        {getattr(entry, name): None for entry in evidence} for name in ("source_title", "source_page")
    )
    return [*cells, "; ".join(filter(None, titles)), "; ".join(filter(None, pages))]


@app.command()
def cite(
    source: Annotated[
        str | None,
        typer.Argument(help="A source of the published data; the whole release where none is named."),
    ] = None,
    form: Annotated[str, typer.Option("--format", help=", ".join(citation.FORMATS))] = "text",
    full: Full = False,
    home: Home = None,
) -> None:
    """Say how to cite the published data, or one source in it."""
    if form not in citation.FORMATS:
        raise typer.BadParameter(
            f"{form!r} is not one of {', '.join(citation.FORMATS)}", param_hint="--format"
        )
    with command(home) as settings:
        described = release.describe(snapshots.current(settings.home, full=full))
        cited = (
            citation.of_source(described, described.source(source))
            if source
            else citation.of_release(described, settings.publisher)
        )
    sys.stdout.write(citation.FORMATS[form](cited))
