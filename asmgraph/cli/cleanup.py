"""The command clean: merge spellings, edit in bulk, split cells; saved once, replayed on every file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.markup import escape
from rich.table import Column

from asmgraph import cleanup
from asmgraph.cleaning import clusters
from asmgraph.cleaning.clusters import METHODS
from asmgraph.cleaning.steps import Cluster, Edit, Split, Step
from asmgraph.cli.app import AsJson, Home, app, command, out, print_json, progress_bar, row, table
from asmgraph.errors import ConfigurationError

clean = typer.Typer(
    help="Clean up a source once: the steps are saved, and every ingestion replays them.",
    no_args_is_help=True,
)
app.add_typer(clean, name="clean")

Name = Annotated[str, typer.Argument(metavar="SOURCE", help="A source of the catalogue.")]
Where = Annotated[str, typer.Argument(metavar="TABLE.COLUMN", help="A table of the source and its column.")]


@clean.command("list")
def list_steps(source: Name, home: Home = None, as_json: AsJson = False) -> None:
    """List the saved steps of a source, with their numbers."""
    with command(home) as settings:
        steps = cleanup.saved(settings, source)
    if as_json:
        print_json([step.model_dump(mode="json") for step in steps])
        return
    for number, step in enumerate(steps, start=1):
        out.print(f"{number}. {step.describe()}", markup=False)
    if not steps:
        out.print(f"No steps are saved for {source}.", markup=False)


@clean.command()
def cluster(
    source: Name,
    where: Where,
    path: Annotated[
        Path | None, typer.Argument(help="The source's file, where it is not beside source.yml.")
    ] = None,
    method: Annotated[str, typer.Option(help=f"One of {', '.join(METHODS)}.")] = "fingerprint",
    save: Annotated[
        str,
        typer.Option(
            help="Save these groups, by number: 1,3 or all. Each is written as its most frequent value."
        ),
    ] = "",
    choose: Annotated[
        list[str] | None,
        typer.Option(
            help="Write the group that holds this value as this value, and save it; may be repeated."
        ),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show groups of values that may be spellings of one; save those that are."""
    name, column = _place(where)
    if method not in METHODS:
        raise typer.BadParameter(f"{method!r} is not {' or '.join(METHODS)}", param_hint="--method")
    with command(home) as settings:
        with progress_bar() as progress:
            progress("reading", 0, 0)
            found = cleanup.propose(settings, source, name, column, path, method)
        found = clusters.choose(found, choose or ())
        wanted = {
            *_numbers(save, len(found)),
            *(n for n, one in enumerate(found) if one.chosen in (choose or ())),
        }
        merged = {
            value: found[number].chosen
            for number in sorted(wanted)
            for value, _ in found[number].values
            if value != found[number].chosen
        }
        if merged:
            cleanup.add(settings, source, [Cluster(step="cluster", table=name, column=column, values=merged)])
    if as_json:
        print_json([{"chosen": one.chosen, "values": dict(one.values)} for one in found])
        return
    shown = table(Column("group", justify="right"), "values, with their cells", "becomes")
    for number, one in enumerate(found, start=1):
        values = "\n".join(f"{value} ({count:,})" for value, count in one.values)
        row(shown, number, values, one.chosen)
    out.print(shown if found else "No two values look alike.")
    if merged:
        out.print(
            f"Saved: {len(merged)} values are merged from now on. Next: asmgraph ingest {source}",
            markup=False,
        )
    elif found:
        out.print(
            "Nothing is saved. Look at each group, then add --save 1,3 or --save all; --choose VALUE for another value."
        )


@clean.command()
def edit(
    source: Name,
    where: Where,
    find: Annotated[str, typer.Argument(help="The text to replace.")],
    replace: Annotated[str, typer.Argument(help="What to write instead; '' for nothing.")],
    regex: Annotated[
        bool, typer.Option("--regex", help="FIND is a regular expression; $1 in REPLACE is its first group.")
    ] = False,
    home: Home = None,
) -> None:
    """Save a bulk edit of a column."""
    name, column = _place(where)
    _add(
        home,
        source,
        lambda: Edit(step="edit", table=name, column=column, find=find, replace=replace, regex=regex),
    )


@clean.command()
def split(
    source: Name,
    where: Where,
    separator: Annotated[str, typer.Argument(help="The sign between the values of a cell.")],
    home: Home = None,
) -> None:
    """Save that the cells of a column hold several values."""
    name, column = _place(where)
    _add(home, source, lambda: Split(step="split", table=name, column=column, separator=separator))
    with command(home) as settings:
        named = cleanup.named_by(settings, source, name, column)
    if named:
        told = (
            f"{column} is part of what names the things of {', '.join(named)} in mapping.yml: a row becomes as many of "
            "them as its cell has values. Where a row is to stay one thing, take the column out of 'subjects' there, "
            "and wherever else that address stands, before you ingest."
        )
        out.print(f"[bold]Look:[/] {escape(told)}")


@clean.command()
def undo(
    source: Name,
    number: Annotated[int, typer.Argument(help="The number of the step in 'asmgraph clean list'.")],
    home: Home = None,
) -> None:
    """Take a saved step back."""
    with command(home) as settings:
        taken = cleanup.undo(settings, source, number)
    out.print(f"Taken back: {taken.describe()}. Next: asmgraph ingest {source}", markup=False)


def _add(home: Path | None, source: str, made: Callable[[], Step]) -> None:
    with command(home) as settings:
        try:
            step = made()
        except ValidationError as error:
            reason = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise ConfigurationError(f"This is no step: {reason}.") from None
        steps = cleanup.add(settings, source, [step])
    out.print(f"Saved as step {len(steps)}: {step.describe()}. Next: asmgraph ingest {source}", markup=False)


def _place(where: str) -> tuple[str, str]:
    name, dot, column = where.partition(".")
    if not dot or not name or not column:
        raise typer.BadParameter(f"{where!r} is not TABLE.COLUMN", param_hint="TABLE.COLUMN")
    return name, column


def _numbers(text: str, groups: int) -> list[int]:
    """Return the groups asked for, counted from 0."""
    if text == "all":
        return list(range(groups))
    try:
        wanted = [int(part) - 1 for part in text.split(",") if part.strip()]
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a list of numbers, or all", param_hint="--save") from None
    if any(not 0 <= number < groups for number in wanted):
        raise typer.BadParameter(f"there are {groups} groups", param_hint="--save")
    return wanted
