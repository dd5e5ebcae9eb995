"""The command that shows coordination gaps with their evidence."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from asmgraph.analysis import KINDS, GapSet, Parameters, find_gaps
from asmgraph.analysis.records import COLUMNS, Gap
from asmgraph.cli.app import AsJson, Home, app, command, out, print_json
from asmgraph.export.csv import Cell, table
from asmgraph.store import snapshots


@app.command()
def gaps(
    place: Annotated[str | None, typer.Option(help="Country code (COD), place code or name.")] = None,
    kind: Annotated[str | None, typer.Option(help=f"One of {', '.join(KINDS)}.")] = None,
    theme: Annotated[
        str | None,
        typer.Option(help="Intervention type, challenge or impact, e.g. mercury, C6 or impact/dust."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="YYYY-MM-DD or latest-covered; default: the day of publication.")
    ] = None,
    place_level: Annotated[
        int | None,
        typer.Option(
            min=0, max=5, help="Level for co-presence: 0 country, 1 province; default: the place's."
        ),
    ] = None,
    min_overlap: Annotated[int, typer.Option(min=1, help="Places and themes that a pair must share.")] = 2,
    limit: Annotated[int, typer.Option(min=1, help="How many of each kind to print.")] = 20,
    language: Annotated[str, typer.Option(help="en, fr, es or pt.")] = "en",
    full: Annotated[
        bool, typer.Option("--full", help="Read the full dataset, restricted sources included.")
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print all as CSV.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """List coordination gaps, each with its evidence; without --full from the public dataset."""
    with command(home) as settings:
        snapshot = snapshots.current(settings.home, full=full)
        found = find_gaps(
            snapshot,
            Parameters(
                place=place,
                kind=kind,
                theme=theme,
                as_of=as_of,
                place_level=place_level,
                min_overlap=min_overlap,
                language=language,
            ),
        )
    if as_json:
        print_json(asdict(found))
    elif csv:
        rows = ([_cell(value) for value in gap.row().values()] for gap in found.gaps)
        sys.stdout.write(table(COLUMNS, rows).decode("utf-8-sig"))
    else:
        _print(found, place, [kind] if kind else list(KINDS), limit)


def _cell(value: object) -> Cell:
    if isinstance(value, list):
        return " ".join(str(part) for part in value)
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _print(found: GapSet, place: str | None, kinds: list[str], limit: int) -> None:
    out.print(f"As of [bold]{found.as_of}[/]{f' in {place}' if place else ''}")
    for source in found.coverage:
        said = (
            f"covers this place up to {source.until} (found {source.found} participations)"
            if source.until
            else "records no dated participation here"
        )
        out.print(f"  {source.title}: {said}", markup=False)
    for note in found.notes:
        out.print(note, style="yellow", markup=False)
    if found.latest_covered and found.latest_covered < found.as_of:
        out.print(f"The newest day that is covered: --as-of latest-covered ({found.latest_covered})")
    for kind in kinds:
        rows = [gap for gap in found.gaps if gap.kind == kind]
        out.print(f"\n[bold]{kind}[/]: {len(rows):,}")
        for number, gap in enumerate(rows[:limit], start=1):
            _print_gap(number, gap)
        if len(rows) > limit:
            out.print(f"... and {len(rows) - limit:,} more; --limit, --csv or --json show them.")
    if found.silences:
        out.print(
            f"\n[bold]Not a gap[/]: {len(found.silences):,} places and themes of which nothing can be said"
        )
        for silence in found.silences[:limit]:
            names = ", ".join(silence.labels.get(iri, iri) for iri in (silence.place, silence.theme))
            out.print(f"  {names}: {silence.reason}", markup=False)


def _print_gap(number: int, gap: Gap) -> None:
    out.print(f"{number:>3}. {gap.explanation}", markup=False)
    out.print(
        f"     confidence {gap.confidence}; {gap.completeness}; {gap.action}", markup=False, style="dim"
    )
    for entry in gap.evidence:
        parts = [part for part in (entry.dates, entry.detail, entry.source_title, entry.source_page) if part]
        out.print(f"     - {entry.kind}: {entry.label} ({'; '.join(parts)})", markup=False, style="dim")
    out.print(f"     {gap.gap_iri}", markup=False, style="dim")
