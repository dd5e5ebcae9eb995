"""Co-presence: two actors that share place and theme in overlapping periods, with no recorded tie.

A cell is a place (at the level asked) and a theme. Two actors share a cell when different interventions of
theirs lie in it and their periods overlap. Pairs with an observed tie, with an intervention in common or
with a network in common are left out: they have met. Actors by cells is a sparse matrix; the pairs are the
non-zeros of its product with its transpose (the one-mode projection of a two-mode network, Breiger 1974,
doi:10.2307/2576011). Rank follows the number of shared cells, then Newman's weight, the sum of 1/(k-1) over
shared cells with k actors (Newman 2001, doi:10.1103/PhysRevE.64.016132).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from gettext import NullTranslations
from itertools import product

import numpy as np
from scipy import sparse

from asmgraph.analysis import coverage
from asmgraph.analysis.facts import Intervention, Projection
from asmgraph.analysis.periods import Span
from asmgraph.analysis.records import Evidence, Gap, Silence, gap_iri

KIND = "co-presence"
Cell = tuple[str, str]
_CONFIDENCE = {"all": "medium", "some": "low"}


@dataclass(frozen=True)
class _Shared:
    """What a pair does in one cell: each one's interventions, and when they overlapped."""

    cell: Cell
    ours: Intervention
    theirs: Intervention
    overlap: Span
    found: str | None


def co_presences(
    projection: Projection,
    as_of: dt.date,
    place: str | None,
    theme: str | None,
    level: int,
    min_overlap: int,
    max_cell: int,
    catalogue: NullTranslations,
    language: str,
) -> tuple[list[Gap], list[Silence], list[str]]:
    """Return the pairs, the cells of which nothing can be said, and notes on cells that were left out.

    Parameters
    ----------
    as_of
        Only overlaps that began by this day count, as far as this day; they may lie in the past.
    place, theme
        Only interventions that lie in this place and fall under this theme.
    level
        Administrative level at which places are compared: 0 country, 1 province. An intervention recorded
        above the level is in no cell.
    min_overlap
        Cells that a pair must share.
    max_cell
        Cells with more actors are named in the notes, not paired.
    """
    cells = _cells(projection, as_of, place, theme, level)
    notes = []
    for cell, actors in sorted(cells.items()):
        if len(actors) > max_cell:
            notes.append(
                catalogue.gettext("{place}, {theme}: {number} actors, too many to pair.").format(
                    place=projection.name(cell[0], language),
                    theme=projection.name(cell[1], language),
                    number=len(actors),
                )
            )
    used = {cell: actors for cell, actors in cells.items() if 1 < len(actors) <= max_cell}
    gaps: list[Gap] = []
    unsearched: set[Cell] = set()
    for ours, theirs, cells_of_both in pairs(used, min_overlap):
        if projection.tie_graph.has_edge(ours, theirs):
            continue
        shared = []
        for cell in cells_of_both:
            overlaps = list(_overlaps(projection, cell, used[cell][ours], used[cell][theirs], as_of))
            searched = [part for part in overlaps if part.found]
            if searched:
                shared.append(max(searched, key=lambda part: part.overlap.last - part.overlap.first))
            elif overlaps:
                unsearched.add(cell)
        if len(shared) >= min_overlap:
            weight = sum(1 / (len(used[part.cell]) - 1) for part in shared)
            gaps.append(_gap(projection, ours, theirs, shared, weight, catalogue, language))
    silences = [
        Silence(
            *cell,
            catalogue.gettext("Ties were not collected here."),
            {iri: projection.name(iri, language) for iri in cell},
        )
        for cell in sorted(unsearched)
    ]
    return sorted(gaps, key=lambda gap: (gap.order, sorted(gap.labels.values()))), silences, notes


def _cells(
    projection: Projection, as_of: dt.date, place: str | None, theme: str | None, level: int
) -> dict[Cell, dict[str, list[Intervention]]]:
    """Return the interventions of each actor in each cell, those whose period is known and has begun."""
    cells: dict[Cell, dict[str, list[Intervention]]] = defaultdict(lambda: defaultdict(list))
    wanted = projection.types_of(theme) if theme else None
    for iri, actors in projection.participants.items():
        one = projection.interventions.get(iri)
        if one is None or one.period is None or one.period.first > as_of:
            continue
        inside = (where for where in one.places if projection.lies_in(where, place))
        areas = {area for where in inside for area in projection.at_level(where, level)}
        for area in sorted(areas):
            for subject in sorted(one.themes if wanted is None else one.themes & wanted):
                for actor in sorted(actors):
                    if projection.may_be_party(actor):
                        cells[area, subject][actor].append(one)
    return cells


def _common(one: Intervention, other: Intervention, as_of: dt.date) -> Span | None:
    """Return when two interventions were both active, as far as ``as_of``."""
    if one.period is None or other.period is None:
        return None
    first = max(one.period.first, other.period.first)
    last = min(one.period.last, other.period.last, as_of)
    return Span(first, last) if first <= last else None


def pairs(cells: Mapping[Cell, Collection[str]], min_overlap: int) -> Iterator[tuple[str, str, list[Cell]]]:
    """Yield pairs of actors with the cells they share, at least ``min_overlap``, by a sparse product.

    Parameters
    ----------
    cells
        The actors of each cell, each once.
    """
    listed = sorted(cells)
    actors = sorted({actor for cell in listed for actor in cells[cell]})
    if not actors:
        return
    place_of = {actor: number for number, actor in enumerate(actors)}
    rows = [place_of[actor] for cell in listed for actor in cells[cell]]
    columns = [number for number, cell in enumerate(listed) for _ in cells[cell]]
    matrix = sparse.csr_array(
        (np.ones(len(rows), dtype=np.int32), (rows, columns)), (len(actors), len(listed))
    )
    shared = sparse.triu(matrix @ matrix.T, k=1).tocoo()
    enough = shared.data >= min_overlap
    for row, column in zip(shared.row[enough], shared.col[enough], strict=True):
        both = np.intersect1d(
            matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]],
            matrix.indices[matrix.indptr[column] : matrix.indptr[column + 1]],
            assume_unique=True,
        )
        yield actors[row], actors[column], [listed[number] for number in both]


def _overlaps(
    projection: Projection,
    cell: Cell,
    ours: list[Intervention],
    theirs: list[Intervention],
    as_of: dt.date,
) -> Iterator[_Shared]:
    """Yield the overlaps of two actors' different interventions in a cell, with how far ties were searched."""
    for one, other in product(ours, theirs):
        overlap = _common(one, other, as_of) if one.iri != other.iri else None
        if overlap is not None:
            found = coverage.found(projection, "ties", *cell, overlap.first, overlap.last)
            yield _Shared(cell, one, other, overlap, found)


def _gap(
    projection: Projection,
    ours: str,
    theirs: str,
    shared: list[_Shared],
    weight: float,
    catalogue: NullTranslations,
    language: str,
) -> Gap:
    _ = catalogue.gettext
    labels = {iri: projection.name(iri, language) for iri in (ours, theirs)}
    for part in shared:
        labels |= {iri: projection.name(iri, language) for iri in part.cell}
    places = sorted({part.cell[0] for part in shared})
    themes = sorted({part.cell[1] for part in shared})
    first, last = min(part.overlap.first for part in shared), max(part.overlap.last for part in shared)
    sentence = catalogue.ngettext(
        "{a} and {b} both worked in {places} on {themes} between {first} and {last} ({number} shared place and "
        "theme), and no tie between them is recorded.",
        "{a} and {b} both worked in {places} on {themes} between {first} and {last} ({number} shared places and "
        "themes), and no tie between them is recorded.",
        len(shared),
    ).format(
        a=labels[ours],
        b=labels[theirs],
        places=", ".join(labels[place] for place in places),
        themes=", ".join(labels[theme] for theme in themes),
        first=first.isoformat(),
        last=last.isoformat(),
        number=len(shared),
    )
    found = "all" if all(part.found == "all" for part in shared) else "some"
    return Gap(
        gap_iri(KIND, [ours, theirs], []),
        KIND,
        (ours, theirs),
        places[0] if len(places) == 1 else "",
        themes[0] if len(themes) == 1 else "",
        "",
        f"{first.isoformat()}–{last.isoformat()}",
        float(len(shared)),
        _CONFIDENCE[found],
        _("ties searched: {found}").format(found=_(found)),
        _("Check with both whether they know of each other; if not, introduce them."),
        sentence,
        tuple(_evidence(projection, ours, theirs, shared, language)),
        max(part.overlap.last for part in shared),
        order=(-float(len(shared)), -weight),
        labels=labels,
    )


def _evidence(
    projection: Projection, ours: str, theirs: str, shared: list[_Shared], language: str
) -> Iterator[Evidence]:
    listed: dict[tuple[str, str], tuple[Intervention, set[str]]] = {}
    for part in shared:
        for actor, one in ((ours, part.ours), (theirs, part.theirs)):
            listed.setdefault((actor, one.iri), (one, set()))[1].add(
                f"{projection.name(part.cell[0], language)}, {projection.name(part.cell[1], language)}"
            )
    for (actor, iri), (one, cells) in listed.items():
        participation = projection.participations[actor, iri][0]
        citation = projection.citations.get(participation) or projection.citations.get(iri)
        yield Evidence(
            iri,
            projection.name(actor, language),
            projection.name(iri, language),
            "; ".join(sorted(cells)),
            one.dates,
            citation.title if citation else "",
            citation.page if citation else "",
        )
