"""The ``asmgraph`` command: its options, its errors and its exit codes.

Exit codes: 0 done; 1 a deliberate error, explained; 2 wrong usage; 3 done, but rows were refused.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Column, Table
from rich.text import Text

from asmgraph import settings as settings_module
from asmgraph.errors import AsmgraphError, StoreError
from asmgraph.settings import Settings

STOPPED = 1
REFUSED = 3

app = typer.Typer(
    name="asmgraph",
    help="The open knowledge graph of artisanal and small-scale mining, and the coordination gaps in it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_PIPED_WIDTH = 160
out = Console(
    highlight=False, soft_wrap=not sys.stdout.isatty(), width=None if sys.stdout.isatty() else _PIPED_WIDTH
)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Home = Annotated[
    Path | None, typer.Option("--home", help="Folder of the data; default ASMGRAPH_HOME or ./.asmgraph.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of a table.")]


@contextmanager
def command(home: Path | None = None, **given: object) -> Iterator[Settings]:
    """Give the settings; turn deliberate errors into a message and exit code 1."""
    try:
        yield settings_module.load(home=home, **given)
    except (AsmgraphError, OSError) as error:
        told = error if isinstance(error, AsmgraphError) else _of_the_system(error)
        err.print(f"[bold red]Error:[/] {escape(told.message)}")
        if told.hint:
            err.print(escape(told.hint))
        raise typer.Exit(1) from None


def _of_the_system(error: OSError) -> StoreError:
    """Say in words what the operating system, or the store through it, refuses."""
    where = f"{error.filename}: " if error.filename else ""
    return StoreError(
        f"{where}{error.strerror or error}.",
        "Look whether the folder is there, who owns it, and at the disk's free space.",
    )


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


def table(*headings: str | Column, title: str | None = None) -> Table:
    """Return a table to fill with :func:`row`; what stands in data is never read as markup."""
    return Table(*headings, title=title)


def row(to: Table, *cells: object) -> None:
    """Add a row of texts as they stand."""
    to.add_row(*(Text(str(cell)) for cell in cells))


def print_removed(removed: Sequence[int], still_read: Sequence[int]) -> None:
    """Say which older snapshots were removed, and which must wait."""
    if removed:
        out.print(f"Older snapshots removed: {', '.join(map(str, removed))}.")
    if still_read:
        numbers = ", ".join(map(str, still_read))
        out.print(f"Still read by a process, removed by the next publication: {numbers}.")


def print_json(content: Any) -> None:
    """Print JSON to standard output, not coloured, not wrapped."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n")


from asmgraph.cli import (  # noqa: E402 - they add their commands to app
    cleanup,  # noqa: F401
    data,  # noqa: F401
    export,  # noqa: F401
    gap_runs,  # noqa: F401
    gaps,  # noqa: F401
    network,  # noqa: F401
    ontology,  # noqa: F401
    query,  # noqa: F401
    serve,  # noqa: F401
    sources,  # noqa: F401
    takedown,  # noqa: F401
)
