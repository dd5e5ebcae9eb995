"""The commands on coordination gaps: ``gaps list``; those on runs are in :mod:`asmgraph.cli.gap_runs`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from asmgraph.analysis import KINDS, GapSet, Parameters, find_gaps
from asmgraph.analysis.across import compare
from asmgraph.analysis.records import COLUMNS, Gap
from asmgraph.analysis.scope import read_pair
from asmgraph.cli.app import AsJson, Home, app, command, out, print_json
from asmgraph.export.csv import Cell, table
from asmgraph.store import snapshots

gaps = typer.Typer(
    help="Coordination gaps: list them, keep them as linked data, say what became of them.",
    no_args_is_help=True,
)
app.add_typer(gaps, name="gaps")

Place = Annotated[str | None, typer.Option(help="Country code (COD), place code or name.")]
Kind = Annotated[str | None, typer.Option(help=f"One of {', '.join(KINDS)}.")]
Theme = Annotated[
    str | None, typer.Option(help="Intervention type, challenge or impact, e.g. mercury, C6 or impact/dust.")
]
AsOf = Annotated[
    str | None, typer.Option(help="YYYY-MM-DD or latest-covered; default: the day of publication.")
]
Window = Annotated[
    int | None, typer.Option(min=1, help="Only what was active in so many months before that day.")
]
PlaceLevel = Annotated[
    int | None,
    typer.Option(min=0, max=5, help="Level for co-presence: 0 country, 1 province; default: the place's."),
]
ThemeDepth = Annotated[
    int | None, typer.Option(min=0, max=9, help="Only themes with at most so many broader ones.")
]
TieKind = Annotated[
    list[str] | None, typer.Option(help="Kind of tie that counts; may be repeated; default: all.")
]
MinOverlap = Annotated[int, typer.Option(min=1, help="Places and themes that a pair must share.")]
MinActors = Annotated[int, typer.Option(min=2, help="Actors from which on a place and theme is crowded.")]
MaxCell = Annotated[int, typer.Option(min=2, help="Most actors of a place and theme that are paired.")]
Alpha = Annotated[
    float, typer.Option(min=0.0, max=1.0, help="Share of false discoveries that is put up with.")
]
MaxPath = Annotated[
    int, typer.Option(min=1, max=20, help="Longest path on which knowledge reaches somebody.")
]
TauMonths = Annotated[int, typer.Option(min=0, help="Months after an end in which a successor may begin.")]
MinInterventions = Annotated[
    int, typer.Option(min=1, help="Interventions from which on practice without a study is told.")
]
Theta = Annotated[
    float, typer.Option(min=0.0, help="How many times its share of the need a place's presence may be.")
]
Samples = Annotated[int, typer.Option(min=0, max=10_000, help="Resamples for stability; 0: not computed.")]
Seed = Annotated[int, typer.Option(min=0, help="Of all that is drawn by chance.")]
Without = Annotated[list[str] | None, typer.Option(help="Source that is left out; may be repeated.")]
Full = Annotated[bool, typer.Option("--full", help="Read the full dataset, restricted sources included.")]
Language = Annotated[str, typer.Option(help="en, fr, es or pt.")]


@gaps.command("list")
def list_gaps(
    place: Place = None,
    kind: Kind = None,
    theme: Theme = None,
    as_of: AsOf = None,
    window: Window = None,
    place_level: PlaceLevel = None,
    theme_depth: ThemeDepth = None,
    tie_kind: TieKind = None,
    min_overlap: MinOverlap = Parameters.min_overlap,
    min_actors: MinActors = Parameters.min_actors,
    max_cell: MaxCell = Parameters.max_cell,
    alpha: Alpha = Parameters.alpha,
    max_path: MaxPath = Parameters.max_path,
    tau_months: TauMonths = Parameters.tau_months,
    min_interventions: MinInterventions = Parameters.min_interventions,
    theta: Theta = Parameters.theta,
    samples: Samples = Parameters.samples,
    seed: Seed = Parameters.seed,
    without: Without = None,
    if_leaves: Annotated[
        list[str] | None, typer.Option(help="What if this actor left? Slug, IRI or name; may be repeated.")
    ] = None,
    if_meets: Annotated[
        list[str] | None, typer.Option(help="What if these two were tied? 'ONE, OTHER'; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many of each kind to print.")] = 20,
    language: Language = "en",
    full: Full = False,
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
                window=window,
                place_level=place_level,
                theme_depth=theme_depth,
                tie_kinds=tuple(tie_kind or ()),
                min_overlap=min_overlap,
                min_actors=min_actors,
                max_cell=max_cell,
                alpha=alpha,
                max_path=max_path,
                tau_months=tau_months,
                min_interventions=min_interventions,
                theta=theta,
                leaves=tuple(if_leaves or ()),
                meets=tuple(map(_pair, if_meets or ())),
                samples=samples,
                seed=seed,
                without=tuple(without or ()),
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


@gaps.command("compare")
def compare_gaps(
    before: Annotated[str, typer.Argument(help="The earlier day: YYYY-MM-DD.")],
    place: Place = None,
    kind: Kind = None,
    theme: Theme = None,
    as_of: AsOf = None,
    limit: Annotated[int, typer.Option(min=1, help="How many of each to print.")] = 20,
    language: Language = "en",
    full: Full = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Compare the gaps of two days by what is known today: which are new, closed, or stay."""
    with command(home) as settings:
        snapshot = snapshots.current(settings.home, full=full)
        asked = Parameters(place=place, kind=kind, theme=theme, as_of=as_of, language=language)
        found = compare(snapshot, asked, before)
    if as_json:
        print_json(
            {
                "before": found.before.as_of,
                "after": found.after.as_of,
                **{name: [asdict(gap) for gap in getattr(found, name)] for name in ("new", "closed", "stay")},
            }
        )
        return
    out.print(
        f"From [bold]{found.before.as_of}[/] to [bold]{found.after.as_of}[/]{f' in {place}' if place else ''}"
    )
    for name, rows in (("new", found.new), ("closed", found.closed), ("stay", found.stay)):
        out.print(f"\n[bold]{name}[/]: {len(rows):,}")
        for gap in rows[:limit]:
            out.print(f"  {gap.kind}: {gap.explanation}", markup=False)
        if len(rows) > limit:
            out.print(f"  ... and {len(rows) - limit:,} more; --limit or --json show them.")


def _pair(text: str) -> tuple[str, str]:
    try:
        return read_pair(text)
    except ValueError as error:
        raise typer.BadParameter(f"{error}.", param_hint="--if-meets 'ONE, OTHER'") from None


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
        if kind not in found.totals:
            continue
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
            things = filter(None, (silence.place, silence.theme, silence.group))
            names = ", ".join(silence.labels.get(iri, iri) for iri in things) or "everywhere"
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
