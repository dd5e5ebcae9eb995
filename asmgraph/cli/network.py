"""The command network: measures of a network in a file of the user's own; the networks of the published data."""

from __future__ import annotations

import codecs
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import networkx as nx
import numpy as np
import polars as pl
import typer
from rich.markup import escape

from asmgraph.analysis.measures import Network, from_graph, from_table
from asmgraph.analysis.measures.betweenness import SOURCES
from asmgraph.analysis.measures.catalogue import MEASURES, STANDARD_ERROR, Values, compute_all, measures_named
from asmgraph.analysis.measures.network import SOURCE, TARGET, WEIGHT
from asmgraph.analysis.networks.drawing import KINDS, draw_network
from asmgraph.cli.app import Home, app, command, err, out, progress_bar, row, table
from asmgraph.errors import SourceError
from asmgraph.export import csv, whole
from asmgraph.export.csv import Cell
from asmgraph.export.networks import NETWORK_FORMS, write_network
from asmgraph.records import ROW
from asmgraph.sources import edge_lists
from asmgraph.store import snapshots

HELP = "help"
DEFAULT = ("degree", "weighted_degree", "betweenness", "harmonic_closeness")


@app.command()
def network(
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="[KIND]",
            help=f"A network of the published data: {', '.join(KINDS)}; or give --from-edges.",
        ),
    ] = None,
    edges: Annotated[
        Path | None,
        typer.Option(
            "--from-edges",
            help="Text table of ties: columns Source, Target and, where ties differ, Weight.",
        ),
    ] = None,
    measures: Annotated[
        str | None,
        typer.Option(help=f"Names with commas between them; '{HELP}' explains all: {', '.join(MEASURES)}."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="The file to write; standard output where none is given. Measures are CSV; of a KIND "
            f"without --measures the ending says what: {', '.join(NETWORK_FORMS)} (a list of edges).",
        ),
    ] = None,
    place: Annotated[str | None, typer.Option(help="Of a KIND: country code, place code or name.")] = None,
    theme: Annotated[
        str | None, typer.Option(help="Of a KIND: intervention type, challenge or impact.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="Of a KIND: YYYY-MM-DD or latest-covered.")] = None,
    level: Annotated[
        int | None, typer.Option(min=0, max=5, help="Of a KIND: level at which places are compared.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Of a KIND: read the full dataset.")] = False,
    home: Home = None,
    directed: Annotated[
        bool | None,
        typer.Option(
            "--directed/--undirected",
            help="Whether ties have a direction; by default as the column Type says, else they have none.",
        ),
    ] = None,
    nodes: Annotated[
        Path | None,
        typer.Option(
            help="Text table of nodes: column Id, as in the ties. Those without ties are listed too."
        ),
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option(help="Column of the nodes to name them by, in place of Id; repeat it to join several."),
    ] = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Compute exactly what is sampled in more than 10,000 nodes.")
    ] = False,
) -> None:
    """Measure a network, one row a node, one column a measure; or write one of the published data to a file."""
    if measures == HELP:
        _explain()
        return
    if (edges is None) == (kind is None):
        raise typer.BadParameter(
            "name a KIND of network or a file of ties, one of them", param_hint="--from-edges"
        )
    if kind is not None:
        with command(home) as settings:
            snapshot = snapshots.current(settings.home, full=full)
            graph = draw_network(snapshot, kind, place=place, theme=theme, as_of=as_of, level=level)
            content = (
                _file_of(graph, file) if measures is None else _measures_of(graph, measures, exact=exact)
            )
            if file is None:
                _print(content)
                return
            with whole.writing(file) as target:
                target.write(content)
        out.print(f"{escape(str(file))}: {len(graph):,} nodes, {graph.number_of_edges():,} edges.")
        return
    assert edges is not None
    if label and nodes is None:
        raise typer.BadParameter("--label names a column of --nodes", param_hint="--label")
    asked = _names_in(measures or ",".join(DEFAULT))
    with command():
        measures_named(asked)
        names = _names(nodes, label or []) if nodes else {}
        found = _network(edges, names, directed)
        if file is None:
            _print(_measured(found, asked, names, exact=exact))
            return
        # Opened first: a folder that is not there should not cost a long wait
        with whole.writing(file) as target:
            content = _measured(found, asked, names, exact=exact)
            # Excel needs the mark to read accents; without any, it would only trouble other readers
            target.write(_unmarked(content) if _unmarked(content).isascii() else content)
    out.print(f"{escape(str(file))}: {len(found):,} nodes, {', '.join(asked)}.")


def _names_in(measures: str) -> list[str]:
    return [name.strip() for name in measures.split(",") if name.strip()]


def _file_of(graph: nx.Graph[str], file: Path | None) -> bytes:
    """Return a network in the form that the ending of a file names, without one as a list of edges."""
    return write_network(graph, file.suffix.lstrip(".").lower() if file else "csv")


def _measures_of(graph: nx.Graph[str], measures: str, *, exact: bool) -> bytes:
    """Return the measures of a network of the published data, by the labels of its nodes."""
    asked = _names_in(measures)
    measures_named(asked)
    labels = {str(node): str(data.get("label") or node) for node, data in graph.nodes(data=True)}
    return _measured(from_graph(graph), asked, labels, exact=exact)


def _explain() -> None:
    explained = table("measure", "what it is")
    for measure in MEASURES.values():
        row(explained, measure.name, measure.meaning)
    out.print(explained)


def _names(file: Path, labels: list[str]) -> dict[str, str]:
    """Return what each node is called, by its Id; where two would be called the same, the Id stands behind it."""
    frame = edge_lists.read(file)
    found = edge_lists.column(frame, "Id")
    for wanted in [*(["Id"] if found is None else []), *labels]:
        if edge_lists.column(frame, wanted) is None:
            raise SourceError(
                f"{file.name} has no column {wanted!r}; it has {_columns(frame)}.",
                "Name the columns as there.",
            )
    ids = frame[found or "Id"]
    for problem, marks in (("is blank", ids == ""), ("stands in two rows", ids.is_duplicated())):
        if marks.any():
            at = int(marks.arg_max() or 0)
            raise SourceError(
                f"{file.name}, row {frame[ROW][at]}: the Id {ids[at]!r} {problem}.",
                "Give each node an Id of its own.",
            )
    if not labels:
        return {name: name for name in ids}
    parts = frame.select(pl.col(edge_lists.column(frame, name) or name) for name in labels).rows()
    called = [" ".join(part for part in of_one if part) for of_one in parts]
    times = Counter(called)
    return {
        name: text if text and times[text] == 1 else f"{text} ({name})".strip()
        for name, text in zip(ids, called, strict=True)
    }


def _network(file: Path, names: dict[str, str], directed: bool | None) -> Network:
    """Read the ties, and say on standard error what was taken for granted."""
    frame = edge_lists.read(file)
    ends = {wanted: edge_lists.column(frame, wanted) for wanted in (SOURCE, TARGET, WEIGHT)}
    try:
        found = from_table(
            frame.drop(ROW),
            source=ends[SOURCE] or SOURCE,
            target=ends[TARGET] or TARGET,
            weight=ends[WEIGHT] or WEIGHT,
            directed=_directed(frame) if directed is None else directed,
            nodes=list(names),
            rows=frame[ROW].to_list(),
        )
    except SourceError as error:
        raise SourceError(f"{file.name}: {error.message}", error.hint) from None
    err.print(
        f"{len(found):,} nodes, {found.tie_count:,} ties {'with' if found.directed else 'without'} direction."
    )
    if parallel := frame.height - found.tie_count:
        err.print(f"Rows that repeat a tie: {parallel:,}; they are one tie, with their weights added up.")
    if names and (unknown := [str(name) for name in found.names if name not in names]):
        err.print(
            f"{len(unknown):,} nodes of ties are not among the nodes, such as {unknown[0]}.", markup=False
        )
    return found


def _directed(frame: pl.DataFrame) -> bool:
    """Return what the column Type says, as Gephi writes it."""
    column = edge_lists.column(frame, "Type")
    kinds = set(frame[column].str.to_lowercase()) & {"directed", "undirected"} if column else set()
    if len(kinds) > 1:
        raise SourceError(
            f"Column {column!r} calls some ties directed and others undirected.",
            "Say --directed or --undirected.",
        )
    return kinds == {"directed"}


def _measured(found: Network, asked: list[str], names: dict[str, str], *, exact: bool) -> bytes:
    """Return the table; say on standard error what of it is an estimate."""
    with progress_bar() as progress:
        values = compute_all(found, asked, exact=exact, progress=progress)
    _tell_sampled(found, values)
    return csv.table(("name", *values), _rows(found, values, names))


def _tell_sampled(found: Network, values: dict[str, Values]) -> None:
    for name in values:
        if name.endswith(STANDARD_ERROR):
            err.print(
                f"{name.removesuffix(STANDARD_ERROR)} is estimated from {SOURCES} of {len(found):,} nodes;"
                f" {name} is one standard error. --exact computes it."
            )


def _rows(found: Network, values: dict[str, Values], names: dict[str, str]) -> Iterator[list[Cell]]:
    columns = [_cells(values[name]) for name in values]
    for name, *cells in zip(found.names, *columns, strict=True):
        given = str(name)
        yield [names.get(given, given), *cells]


def _cells(values: Values) -> list[Cell]:
    """Return numbers to write: none where there is no value, and whole ones where all are whole."""
    there = np.isfinite(values)
    whole_ones = bool((values[there] == np.floor(values[there])).all())
    return [
        (int(value) if whole_ones else value) if known else None
        for value, known in zip(values.tolist(), there.tolist(), strict=True)
    ]


def _unmarked(content: bytes) -> bytes:
    return content.removeprefix(codecs.BOM_UTF8)


def _print(content: bytes) -> None:
    """Write to standard output; whoever reads it may have had enough, as ``head`` has."""
    try:
        sys.stdout.buffer.write(_unmarked(content))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Else Python would try to flush again at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _columns(frame: pl.DataFrame) -> str:
    return ", ".join(repr(name) for name in frame.columns if name != ROW)
