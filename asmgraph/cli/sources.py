"""The command ``sources``: list the sources there are, and draft a new one from a file."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from asmgraph import pipeline
from asmgraph.cli.app import AsJson, Home, app, command, err, out, print_json, row, table
from asmgraph.descriptions import Source
from asmgraph.drafting import drafts
from asmgraph.drafting.headings import cut
from asmgraph.records import Sensitivity

sources = typer.Typer(
    help="List the sources: those that asmgraph ships and those in the home's folder 'sources'.",
    invoke_without_command=True,
)
app.add_typer(sources, name="sources")

_LISTED = {"name", "title", "publisher", "licence", "url", "format", "sensitivity", "attribution"}


@sources.callback()
def list_sources(context: typer.Context, home: Home = None, as_json: AsJson = False) -> None:
    """List the sources: those that asmgraph ships and those in the home's folder 'sources'."""
    if context.invoked_subcommand is not None:
        context.obj = home
        return
    with command(home) as settings:
        found = pipeline.catalogue(settings)
    if as_json:
        print_json([source.model_dump(mode="json", include=_LISTED) for source in found.sources.values()])
        return
    listed = table("source", "title", "licence", "sensitivity")
    for source in found.sources.values():
        row(listed, source.name, source.title, source.licence, _sensitivity(source))
    out.print(listed)
    for name, error in found.problems.items():
        err.print(f"[bold red]Not usable:[/] {escape(name)}: {escape(str(error))}")


@sources.command()
def new(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file that nobody has described yet.")],
    name: Annotated[
        str | None, typer.Option("--name", help="Name of the source; by default made of the file's.")
    ] = None,
    header: Annotated[
        int | None,
        typer.Option(
            "--header", min=1, help="Number of the row that names the columns; by default it is found."
        ),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="Name of the sheet, where several show.")
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key", help="Column that tells one row from another; may be repeated. By default found."
        ),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Draft the description and the mapping of a file, and say what was guessed and why. Never overwrites."""
    with command(home or context.obj) as settings:
        made = drafts.draft(settings, file, name, header=header, sheet=sheet, key=key or ())
    if as_json:
        print_json(_content(made))
        return
    guessed = table("column", "read as", "because")
    for guess in made.guesses.columns:
        row(guessed, cut(guess.column), guess.read_as, "; ".join(guess.why))
    out.print(f"[bold]{escape(made.name)}[/]: {made.looked.frame.height:,} rows looked at", end="")
    out.print(f"; {', '.join(made.looked.notes)}." if made.looked.notes else ".", markup=False)
    out.print(guessed)
    out.print("To decide:")
    for decision in made.decisions:
        out.print(f"  - {decision}", markup=False)
    out.print(f"Written: {made.folder}/source.yml and mapping.yml", markup=False)
    words = ["asmgraph", "ingest", made.name, str(file)]
    given = home or context.obj
    words += ["--home", str(given)] if given is not None else []
    out.print(f"Next: [bold]{escape(shlex.join(words))}[/]")


def _content(made: drafts.Draft) -> dict[str, object]:
    return {
        "name": made.name,
        "folder": str(made.folder),
        "format": made.looked.format,
        "rows": made.guesses.kind,
        "columns": [
            {"column": guess.column, "read_as": guess.read_as, "because": list(guess.why)}
            for guess in made.guesses.columns
        ],
        "decisions": list(made.decisions),
    }


def _sensitivity(source: Source) -> str:
    """Return who may see a source's statements, and whether some columns are stricter."""
    columns = (column for one in source.tables.values() for column in one.columns.values())
    levels = {column.sensitivity for column in columns if column.sensitivity is not None}
    parts = ", ".join(
        level for level in Sensitivity if level in levels and level.rank > source.sensitivity.rank
    )
    return f"{source.sensitivity}; some columns {parts}" if parts else str(source.sensitivity)
