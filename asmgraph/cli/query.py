"""The command that answers a SPARQL query from the published data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from asmgraph.cli.app import Home, app, command
from asmgraph.store import snapshots
from asmgraph.store.embedded import Dataset, Limits, open_read_only

_ACCEPT = {
    "csv": "text/csv, text/turtle;q=0.5",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json, application/ld+json;q=0.5",
    "xml": "application/sparql-results+xml",
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
}


@app.command()
def query(
    text: Annotated[
        str, typer.Argument(help="SPARQL 1.1, or the path of an .rq file, or - for standard input.")
    ],
    form: Annotated[str, typer.Option("--format", help=", ".join(_ACCEPT))] = "csv",
    full: Annotated[
        bool, typer.Option("--full", help="Read the full dataset, restricted sources included.")
    ] = False,
    home: Home = None,
) -> None:
    """Answer a SPARQL query; without --full from the public dataset."""
    if form not in _ACCEPT:
        raise typer.BadParameter(f"{form!r} is not one of {', '.join(_ACCEPT)}", param_hint="--format")
    if text == "-":
        text = sys.stdin.read()
    elif text.endswith(".rq"):
        file = Path(text)
        if not file.is_file():
            raise typer.BadParameter(f"{file} is not there", param_hint="TEXT")
        text = file.read_text(encoding="utf-8")
    with command(home) as settings:
        snapshot = snapshots.current(settings.home, full=full)
        store = open_read_only(snapshot.store)
        answer = store.query(text, _ACCEPT[form], Dataset(snapshot.graphs), Limits.of(settings))
    sys.stdout.buffer.write(answer.body)
    sys.stdout.buffer.flush()
    if answer.truncated:
        typer.echo(f"The result was cut at the limit of {answer.truncated}.", err=True)
