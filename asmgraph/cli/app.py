"""The ``asmgraph`` command: its options, its errors and its exit codes.

Exit codes: 0 done; 1 a deliberate error, explained; 2 wrong usage; 3 done, but rows were refused.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from asmgraph import settings as settings_module
from asmgraph.errors import AsmgraphError
from asmgraph.settings import Settings

REFUSED = 3

app = typer.Typer(
    name="asmgraph",
    help="The open knowledge graph of artisanal and small-scale mining, and the coordination gaps in it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)

Home = Annotated[
    Path | None, typer.Option("--home", help="Folder of the data; default ASMGRAPH_HOME or ./.asmgraph.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of a table.")]


@contextmanager
def command(home: Path | None = None, **given: object) -> Iterator[Settings]:
    """Give the settings; turn deliberate errors into a message and exit code 1."""
    try:
        yield settings_module.load(home=home, **given)
    except AsmgraphError as error:
        err.print(f"[bold red]Error:[/] {_plain(error.message)}")
        if error.hint:
            err.print(_plain(error.hint))
        raise typer.Exit(1) from None


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Give a progress callback that draws a bar on standard error when a person watches."""
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )
    with bar:
        task = bar.add_task("starting", total=None)

        def show(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total or None)

        yield show


def print_json(content: Any) -> None:
    """Print JSON to standard output, not coloured, not wrapped."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n")


def _plain(text: str) -> str:
    return text.replace("[", "\\[")


from asmgraph.cli import data, gaps, query, serve  # noqa: E402, F401 - they add their commands to app
