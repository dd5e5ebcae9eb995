"""Findings across sources and times: what becomes of them without a source, and between two days."""

from __future__ import annotations

from dataclasses import dataclass, replace

from asmgraph.analysis.gaps import find_gaps
from asmgraph.analysis.records import Gap, GapSet
from asmgraph.analysis.scope import Parameters
from asmgraph.records import GRAPH
from asmgraph.store import select
from asmgraph.store.snapshots import Snapshot

REFERENCE = frozenset({"ontology", "places"})
"""What every analysis needs: vocabulary and places are never left out."""


@dataclass(frozen=True)
class Left:
    """A gap as it is found without one source; ``None`` where it is not found then."""

    source: str
    gap: Gap | None


def without_each(snapshot: Snapshot, gap: Gap, parameters: Parameters) -> tuple[Left, ...]:
    """Return what becomes of a gap without each of the sources that its evidence rests on, one at a time.

    Parameters
    ----------
    parameters
        Those that the gap was found with.
    """
    graphs = select.graphs_of(snapshot, gap.evidence_iris)
    names = {graph.removeprefix(GRAPH).partition("/")[0] for graph in graphs if graph.startswith(GRAPH)}
    return tuple(
        Left(name, _found(snapshot, gap, replace(parameters, without=(*parameters.without, name))))
        for name in sorted(names & set(snapshot.sources) - REFERENCE)
    )


def _found(snapshot: Snapshot, gap: Gap, parameters: Parameters) -> Gap | None:
    found = find_gaps(snapshot, replace(parameters, kind=gap.kind, k=None, samples=0))
    return next((one for one in found.gaps if one.gap_iri == gap.gap_iri), None)


@dataclass(frozen=True)
class Change:
    """What became of the gaps between two days: those new, those closed, and those that stay, as of the later day."""

    before: GapSet
    after: GapSet
    new: tuple[Gap, ...]
    closed: tuple[Gap, ...]
    stay: tuple[Gap, ...]


def compare(snapshot: Snapshot, parameters: Parameters, before: str) -> Change:
    """Compare the gaps of a day with those of an earlier one, by what is known today of both.

    Parameters
    ----------
    before
        The earlier day, as ``as_of``; the later is that of ``parameters``.

    Raises
    ------
    NotFoundError
        For a place, kind, theme, date, source or language that is not known.
    """
    then, now = (find_gaps(snapshot, replace(parameters, as_of=day)) for day in (before, parameters.as_of))
    was, is_now = ({gap.gap_iri for gap in found.gaps} for found in (then, now))
    return Change(
        then,
        now,
        tuple(gap for gap in now.gaps if gap.gap_iri not in was),
        tuple(gap for gap in then.gaps if gap.gap_iri not in is_now),
        tuple(gap for gap in now.gaps if gap.gap_iri in was),
    )
