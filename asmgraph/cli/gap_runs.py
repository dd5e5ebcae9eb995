"""The commands on runs of the gap analyses: keep what is found, show one gap whole, say what became of it."""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import asdict
from typing import Annotated

import typer
from pyoxigraph import Literal, NamedNode, RdfFormat, parse, serialize

from asmgraph import publication, runs
from asmgraph.analysis import Parameters
from asmgraph.analysis import runs as analysis
from asmgraph.analysis.projection import project
from asmgraph.analysis.runs import NUMBERS
from asmgraph.cli.app import AsJson, Home, command, err, out, print_json, progress_bar
from asmgraph.cli.gaps import (
    Alpha,
    AsOf,
    Full,
    Kind,
    Language,
    MaxCell,
    MaxPath,
    MinActors,
    MinInterventions,
    MinOverlap,
    Place,
    PlaceLevel,
    Samples,
    Seed,
    TauMonths,
    Theme,
    ThemeDepth,
    Theta,
    TieKind,
    Window,
    Without,
    gaps,
)
from asmgraph.errors import NotFoundError
from asmgraph.messages import LANGUAGES
from asmgraph.records import Sensitivity
from asmgraph.runs import Known
from asmgraph.settings import Settings
from asmgraph.store import snapshots
from asmgraph.store.embedded import PREFIXES
from asmgraph.terms import ASM

Gap = Annotated[str, typer.Argument(help="The address of a gap, or the beginning of the last part of it.")]
_Said = dict[str, list[NamedNode | Literal]]


@gaps.command("run")
def run_gaps(
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
    full: Full = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="Publish it at once, beside what is published and no more.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Compute gaps and keep them as linked data: what is found, since when, and what is no longer found."""
    asked = Parameters(
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
        samples=samples,
        seed=seed,
        without=tuple(without or ()),
    )
    number = None
    with command(home) as settings, progress_bar() as progress:
        done = runs.run(settings, asked, full=full, progress=progress)
        if publish:
            with snapshots.locked(settings.home):
                versions = publication.published(settings).values()
                number = publication.publish(settings, versions, progress).snapshot.number
    if as_json:
        print_json(
            {
                "graph": done.run.graph,
                **asdict(done.run),
                "unchanged": done.unchanged,
                "new": list(done.new),
                "removed_runs": list(done.removed),
                "snapshot": number,
            }
        )
        return
    if done.unchanged:
        out.print("Nothing changed: the same question was asked of the same data before.")
    else:
        found, new, closed = len(done.run.gaps), len(done.new), len(done.closed)
        out.print(
            f"{found:,} gaps, {new:,} of them new since the last run on this question; {closed:,} closed."
        )
    out.print(done.run.graph, markup=False)
    if number is not None:
        out.print(f"Snapshot {number} is published.")
    elif not done.unchanged:
        out.print("'asmgraph publish' takes it up, or --publish at once.")


@gaps.command()
def show(
    gap: Gap,
    language: Language = "en",
    turtle: Annotated[bool, typer.Option("--turtle", help="Print the linked data.")] = False,
    full: Annotated[
        bool, typer.Option("--full", help="With runs over the full dataset and what is confidential.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show one gap whole: what, how sure, on which evidence, found by which runs, and what people say of it."""
    with command(home) as settings:
        if language not in LANGUAGES:
            raise NotFoundError(f"There is no language {language!r}.", f"Known: {', '.join(LANGUAGES)}.")
        known = runs.history(settings, gap, full=full)
        lines = runs.statements(settings, known)
        if turtle:
            _print_turtle(lines)
            return
        shown = _shown(settings, known, lines, language, full=full)
    if as_json:
        print_json(shown)
    else:
        _print(shown)


@gaps.command()
def status(
    gap: Gap,
    status: Annotated[
        str, typer.Argument(help="acknowledged, in-progress, resolved, disputed or not-a-gap.")
    ],
    why: Annotated[str, typer.Option("--why", help="The reason, in a sentence.")],
    by: Annotated[
        str, typer.Option("--by", help="An office by name, or an actor by its address; never a person.")
    ] = "",
    sensitivity: Annotated[
        str, typer.Option(help="public shows it to everybody; else it is confidential.")
    ] = "",
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Keep what somebody says of a gap; no run changes it, and what was said before stays."""
    with command(home) as settings:
        done = runs.review(settings, gap, status, why, by, sensitivity)
    if as_json:
        print_json({"review": done.iri, **asdict(done)})
        return
    out.print(f"{done.gap}: {done.status}.", markup=False)
    whom = "everybody" if done.public else "whoever reads the full dataset"
    out.print(f"'asmgraph publish' shows it to {whom}.")


def _print_turtle(lines: list[str]) -> None:
    triples = parse("\n".join(lines).encode(), format=RdfFormat.N_TRIPLES)
    written = serialize((one.triple for one in triples), format=RdfFormat.TURTLE, prefixes=dict(PREFIXES))
    sys.stdout.write((written or b"").decode())


def _shown(
    settings: Settings, known: Known, lines: list[str], language: str, *, full: bool
) -> dict[str, object]:
    """Return everything about a gap by name, for programs and for the reader."""
    if not lines:
        err.print("The statements of its last run are damaged; only its history is shown.")
    said: _Said = defaultdict(list)
    for one in parse("\n".join(lines).encode(), format=RdfFormat.N_TRIPLES):
        assert isinstance(one.object, NamedNode | Literal)
        said[one.predicate.value].append(one.object)
    projection = project(snapshots.current(settings.home, full=full))
    evidence = sorted(one.value for one in said[f"{analysis.PROV}wasDerivedFrom"])
    sources = {iri: projection.citations.get(iri) for iri in evidence}
    return {
        "gap_iri": known.iri,
        "label": _in(said[analysis.LABEL], language),
        "explanation": _in(said[f"{analysis.DCTERMS}description"], language),
        "action": _in(said[str(ASM.suggestedAction)], language),
        "confidence": next((one.value.rsplit("/", 1)[-1] for one in said[str(ASM.gapConfidence)]), None),
        "as_of": known.newest.as_of,
        "numbers": {
            name: float(said[predicate][0].value) for name, predicate in NUMBERS.items() if said[predicate]
        },
        "evidence": [
            {
                "iri": iri,
                "label": projection.name(iri, language),
                "source_title": cited.title if cited else "",
                "source_page": cited.page if cited else "",
            }
            for iri, cited in sources.items()
        ],
        "first_found": known.first,
        "last_found": known.last,
        "closed": known.closed or None,
        "runs": [
            {"graph": one.graph, "ended": one.ended, "as_of": one.as_of, "parameters": list(one.parameters)}
            for one in known.runs
        ],
        "status": known.reviews[-1].status if known.reviews else None,
        "reviews": [{"iri": one.iri, **asdict(one)} for one in known.reviews],
    }


def _in(texts: list[NamedNode | Literal], language: str) -> str:
    """Return the text in a language, else in English."""
    held = {one.language: one.value for one in texts if isinstance(one, Literal)}
    return held.get(language, held.get("en", ""))


def _print(shown: dict[str, object]) -> None:
    def told(text: object, style: str = "") -> None:
        out.print(str(text), markup=False, style=style or None)

    told(shown["label"], "bold")
    told(shown["explanation"])
    told(f"confidence {shown['confidence']}; {shown['action']}", "dim")
    numbers = shown["numbers"]
    assert isinstance(numbers, dict)
    told(", ".join(f"{name} {value:.3g}" for name, value in numbers.items()))
    for name in ("evidence", "runs", "reviews"):
        listed = shown[name]
        assert isinstance(listed, list)
        told(f"\n{name.capitalize()}: {len(listed):,}", "bold")
        for one in listed:
            told(f"  {_line(name, one)}")
    closed = f"; closed {shown['closed']}" if shown["closed"] else ""
    told(f"\nFirst found {shown['first_found']}, last {shown['last_found']}{closed}")
    told(shown["gap_iri"], "dim")


def _line(name: str, one: dict[str, str]) -> str:
    if name == "evidence":
        source = "; ".join(filter(None, (one["source_title"], one["source_page"])))
        return f"{one['label']} ({source or 'source not recorded'})"
    if name == "runs":
        return f"{one['ended']}, as of {one['as_of']}: {', '.join(one['parameters']) or 'all gaps'}"
    public = "" if one["sensitivity"] == Sensitivity.PUBLIC else " [confidential]"
    return f"{one['at']} {one['status']}{public}: {one['why']} ({one['by'] or 'by whom is not recorded'})"
