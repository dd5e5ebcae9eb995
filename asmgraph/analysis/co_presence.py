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
from asmgraph.analysis.periods import Span, merged
from asmgraph.analysis.records import Evidence, Gap, Silence, cited, gap_iri

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
    unsearched: dict[Cell, list[Span]] = defaultdict(list)
    for ours, theirs, cells_of_both in pairs(used, min_overlap):
        if projection.tie_graph.has_edge(ours, theirs):
            continue
        shared: list[_Shared] = []
        for cell in cells_of_both:
            overlaps = list(_overlaps(projection, cell, used[cell][ours], used[cell][theirs], as_of))
            searched = [part for part in overlaps if part.found]
            shared += searched
            if not searched:
                unsearched[cell] += [part.overlap for part in overlaps]
        both = _narrowest(projection, {part.cell for part in shared})
        shared = [part for part in shared if part.cell in both]
        if len(both) >= min_overlap:
            weight = sum(1 / (len(used[cell]) - 1) for cell in both)
            gaps.append(_gap(projection, ours, theirs, shared, weight, as_of, catalogue, language))
    silences = [
        Silence(
            *cell,
            catalogue.gettext(
                "Ties were not collected here for all of the time from {first} to {last}."
            ).format(
                first=min(one.first for one in overlaps).isoformat(),
                last=max(one.last for one in overlaps).isoformat(),
            ),
            {iri: projection.name(iri, language) for iri in cell},
        )
        for cell, overlaps in sorted(unsearched.items())
        if overlaps
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
        if one is None or not one.periods or one.periods[0].first > as_of:
            continue
        for actor in sorted(filter(projection.may_be_party, actors)):
            inside = (where for where in projection.places_of(actor, one) if projection.lies_in(where, place))
            areas = {area for where in inside for area in projection.at_level(where, level)}
            for cell in product(sorted(areas), sorted(one.themes if wanted is None else one.themes & wanted)):
                cells[cell][actor].append(one)
    return cells


def _narrowest(projection: Projection, cells: set[Cell]) -> set[Cell]:
    """Return the cells without those that another one names more exactly: one meeting counts once."""
    broader = {(place, above) for place, theme in cells for above in projection.broader.get(theme, ())}
    return cells - broader


def _common(one: Intervention, other: Intervention, as_of: dt.date) -> Iterator[Span]:
    """Yield when two interventions were both active, as far as ``as_of``."""
    for ours, theirs in product(one.periods, other.periods):
        first, last = max(ours.first, theirs.first), min(ours.last, theirs.last, as_of)
        if first <= last:
            yield Span(first, last)


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
        for overlap in _common(one, other, as_of) if one.iri != other.iri else ():
            found = coverage.found(projection, "ties", *cell, overlap.first, overlap.last)
            yield _Shared(cell, one, other, overlap, found)


def _gap(
    projection: Projection,
    ours: str,
    theirs: str,
    shared: list[_Shared],
    weight: float,
    as_of: dt.date,
    catalogue: NullTranslations,
    language: str,
) -> Gap:
    _ = catalogue.gettext
    labels = {iri: projection.name(iri, language) for iri in (ours, theirs)}
    for part in shared:
        labels |= {iri: projection.name(iri, language) for iri in part.cell}
    cells = {part.cell for part in shared}
    places, themes = sorted({place for place, _theme in cells}), sorted({theme for _place, theme in cells})
    sentence = catalogue.ngettext(
        "{a} and {b} worked side by side in {number} place and theme, and no tie between them is recorded: {where}.",
        "{a} and {b} worked side by side in {number} places and themes, and no tie between them is recorded: {where}.",
        len(cells),
    ).format(a=labels[ours], b=labels[theirs], number=len(cells), where=_where(shared, labels))
    involved = {one.iri: one for part in shared for one in (part.ours, part.theirs)}.values()
    if any(one.assumed_from for one in involved):
        sentence += " " + _(
            "An end that is not recorded is taken to be 18 months after the last dated event."
        )
    found = "all" if all(part.found == "all" for part in shared) else "some"
    return Gap(
        gap_iri(KIND, [ours, theirs], []),
        KIND,
        (ours, theirs),
        places[0] if len(places) == 1 else "",
        themes[0] if len(themes) == 1 else "",
        "",
        "; ".join(map(str, merged(part.overlap for part in shared))),
        float(len(cells)),
        _CONFIDENCE[found],
        _("ties searched: {found}").format(found=_(found)),
        _("Check with both whether they know of each other; if not, introduce them."),
        sentence,
        tuple(_evidence(projection, ours, theirs, shared, catalogue, language)),
        max((day for one in involved if (day := one.newest_event) and day <= as_of), default=None),
        order=(-float(len(cells)), -weight),
        labels=labels,
    )


def _where(shared: list[_Shared], labels: Mapping[str, str]) -> str:
    """Return places with their themes and when, so that nothing true of one cell is said of another."""
    periods: dict[Cell, list[Span]] = defaultdict(list)
    for part in shared:
        periods[part.cell].append(part.overlap)
    themes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (place, theme), spans in periods.items():
        themes[labels[place], ", ".join(map(str, merged(spans)))].append(labels[theme])
    return "; ".join(
        f"{place}, {', '.join(sorted(held))} ({when})" for (place, when), held in sorted(themes.items())
    )


def _evidence(
    projection: Projection,
    ours: str,
    theirs: str,
    shared: list[_Shared],
    catalogue: NullTranslations,
    language: str,
) -> Iterator[Evidence]:
    """Yield each one's interventions, with where their places and dates were read, and that it takes part in them."""
    listed: dict[tuple[str, str], tuple[Intervention, set[str]]] = {}
    for part in shared:
        for actor, one in ((ours, part.ours), (theirs, part.theirs)):
            listed.setdefault((actor, one.iri), (one, set()))[1].add(
                f"{projection.name(part.cell[0], language)}, {projection.name(part.cell[1], language)}"
            )
    for (actor, iri), (one, cells) in sorted(listed.items()):
        participation = projection.participations[actor, iri][0]
        own, stated = projection.citations.get(iri), projection.citations.get(participation)
        dates = one.dates
        if one.assumed_from is not None:
            dates += " " + catalogue.gettext("(last dated event: {date})").format(
                date=one.assumed_from.isoformat()
            )
        name = projection.name(actor, language)
        yield cited(
            iri, name, projection.name(iri, language), "; ".join(sorted(cells)), dates.strip(), own or stated
        )
        if own and stated and own != stated:
            yield cited(participation, name, catalogue.gettext("takes part in it"), "", "", stated)
