"""Co-presence, strangers side by side: two actors that share place and theme in overlapping periods, with no tie.

A cell is a place (at the level asked) and a theme. Two actors share a cell when both are present in it in overlapping
periods in which a source looked for ties. Pairs with an observed tie, with an intervention in common or with a network
in common are left out: they have met. Of a theme and a broader one only the narrower counts: it is one meeting.
The pairs, and how many shared cells chance would give them, are those of :mod:`asmgraph.analysis.overlaps.strangers`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from asmgraph.analysis import coverage, needs
from asmgraph.analysis.facts import Intervention
from asmgraph.analysis.findings import (
    CONFIDENCE,
    Fact,
    Finding,
    Ranking,
    Severity,
    Unsaid,
    of_actors,
    of_people,
)
from asmgraph.analysis.overlaps.presences import Presences, gather_presences, shared_cells
from asmgraph.analysis.overlaps.resampling import overlap_stability
from asmgraph.analysis.overlaps.strangers import Overlaps, find_overlaps
from asmgraph.analysis.periods import Span, merged
from asmgraph.analysis.scope import Scope
from asmgraph.analysis.sentences import N_, Listed, Name, Sentence, Text, count, say

KIND = "co-presence"
Cell = tuple[str, str]


def rank(scope: Scope) -> Ranking:
    """Rank the pairs: first those that chance does not explain, the surest first; then those seen there last."""
    met = _Met(scope)
    order = met.order
    return Ranking(
        len(order),
        lambda number: met.key(int(order[number])),
        lambda number: met.finding(int(order[number])),
        tuple(_silences(scope, met)),
        tuple(met.crowded()),
        met.stability,
    )


@dataclass(frozen=True)
class _Met:
    """Who was where when, in numbers from 0 for the actors and cells of a scope, and which strangers met."""

    scope: Scope

    @property
    def present(self) -> pl.DataFrame:
        """Presence of those that may be named, as far as a source looked for ties."""
        return self.scope.covered("ties")

    @cached_property
    def cells(self) -> pl.DataFrame:
        """``place``, ``theme``, ``stratum``: the cells by number; a stratum is a country."""
        cells = self.present.select("place", "theme").unique().sort("place", "theme")
        return cells.join(
            self.scope.tables.countries(), "place", how="left", maintain_order="left"
        ).with_columns(pl.col("country").fill_null(-1).rank("dense").cast(pl.Int64) - 1)

    @cached_property
    def actors(self) -> pl.Series:
        """The actors by number."""
        return self.present["actor"].unique().sort()

    @cached_property
    def presences(self) -> Presences:
        """The same in arrays."""
        actor = pl.DataFrame({"actor": self.actors}).with_row_index("who")
        cell = self.cells.with_row_index("cell")
        rows = self.present.join(actor, "actor").join(cell, ["place", "theme"])
        broader = cell.join(self.scope.tables.broader, "theme").join(
            cell, left_on=["place", "above"], right_on=["place", "theme"]
        )
        who, where, first, last = (_array(rows[name]) for name in ("who", "cell", "first", "last"))
        return gather_presences(
            who,
            where,
            first,
            last,
            _array(self.cells["country"]),
            len(self.actors),
            self.scope.parameters.max_cell,
            _array(broader["cell"]),
            _array(broader["cell_right"]),
        )

    @cached_property
    def tied(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The tied pairs, by number."""
        who = pl.DataFrame({"actor": self.actors}).with_row_index("who")
        tied = self.scope.tied.join(who, left_on="a", right_on="actor").join(
            who, left_on="b", right_on="actor", suffix="_b"
        )
        return _array(tied["who"]), _array(tied["who_b"])

    @cached_property
    def pairs(self) -> Overlaps:
        """The strangers that met, in order."""
        asked = self.scope.parameters
        return find_overlaps(self.presences, *self.tied, min_overlap=asked.min_overlap, alpha=asked.alpha)

    def stability(self, number: int) -> list[float] | None:
        """Thin the counts themselves where the pairs stand in the order of their p: where chance explains none."""
        if not number or not self.pairs.significant[self.order[number - 1]]:
            return None
        asked = self.scope.parameters
        found = overlap_stability(
            self.presences,
            *self.tied,
            self.pairs,
            number,
            asked.seed,
            asked.samples,
            min_overlap=asked.min_overlap,
        )
        return list(map(float, found))

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """The pairs in their order, by number: what chance may explain is of use where both are still there."""
        seen = _array(self.present.group_by("actor").agg(pl.col("last").max()).sort("actor")["last"])
        pairs = self.pairs
        both = np.minimum(seen[pairs.a], seen[pairs.b])
        maybe = ~pairs.significant
        return np.lexsort((-pairs.weight * maybe, -pairs.n * maybe, -both * maybe, maybe))

    def key(self, number: int) -> tuple[str, str]:
        """Return a pair by number: both actors."""
        ours, theirs = (
            self.scope.iri(self.actors[int(side[number])]) for side in (self.pairs.a, self.pairs.b)
        )
        return ours, theirs

    def crowded(self) -> Iterator[Sentence]:
        """Name the cells with too many actors to make pairs."""
        for number in self.presences.crowded:
            place, theme = (self.scope.iri(self.cells[name][int(number)]) for name in ("place", "theme"))
            size = int(self.presences.size[number])
            yield say(
                "{place}, {theme}: {number} actors, too many to pair.",
                place=Name(place),
                theme=Name(theme),
                number=size,
            )

    def finding(self, number: int) -> Finding:
        """Make the finding of a pair by its number."""
        ours, theirs = self.key(number)
        shared = list(self._shared(number))
        pairs, cells = self.pairs, {part.cell for part in shared}
        observed, expected = int(pairs.n[number]), float(pairs.expected[number])
        involved = {one.iri: one for part in shared for one in (*part.ours, *part.theirs)}.values()
        found = "all" if all(part.found == "all" for part in shared) else "some"
        return Finding(
            KIND,
            tuple(self._explanation(ours, theirs, shared, number)),
            say("Check with both whether they know of each other; if not, introduce them."),
            CONFIDENCE[found],
            say("ties searched: {found}", found=say(found)),
            tuple(self._evidence(ours, theirs, shared)),
            actors=(ours, theirs),
            places=tuple(sorted({place for place, _theme in cells})),
            themes=tuple(sorted({theme for _place, theme in cells})),
            period="; ".join(map(str, merged(part.overlap for part in shared))),
            subjects=(ours, theirs),
            observed=float(observed),
            expected=expected,
            effect=float(pairs.effect[number]),
            p=float(pairs.p[number]),
            q=float(pairs.q[number]),
            severity=self._severity(cells, 1 - expected / observed),
            newest_evidence=max(
                (day for one in involved if (day := one.newest_event) and day <= self.scope.as_of),
                default=None,
            ),
        )

    def _severity(self, cells: set[Cell], excess: float) -> Severity:
        people = needs.people(self.scope, cells)
        return Severity(
            needs.share_with_need(self.scope, cells),
            max(0.0, excess),
            of_people(people[0]) if people else of_actors(2),
            scale_high=of_people(people[1]) if people else None,
        )

    def _shared(self, number: int) -> Iterator[_Shared]:
        """Yield what a pair does in each cell, and when it overlaps."""
        met = shared_cells(self.presences, self.pairs.a[[number]], self.pairs.b[[number]])
        projection = self.scope.projection
        for row in range(len(met.cell)):
            where = int(met.cell[row])
            cell = self.scope.iri(self.cells["place"][where]), self.scope.iri(self.cells["theme"][where])
            overlap = Span(*(self.scope.date(int(days[row])) for days in (met.first, met.last)))
            ours, theirs = (self._doing(actor, where, overlap) for actor in self.key(number))
            found = coverage.found(projection, "ties", *cell, overlap.first, overlap.last)
            yield _Shared(cell, ours, theirs, overlap, found)

    def _doing(self, actor: str, cell: int, overlap: Span) -> tuple[Intervention, ...]:
        """Return the interventions of an actor in a cell that were active in a period."""
        rows = self.present.filter(
            actor=self.scope.number(actor), place=self.cells["place"][cell], theme=self.cells["theme"][cell]
        ).filter(pl.col("first") <= overlap.last.toordinal(), pl.col("last") >= overlap.first.toordinal())
        found = (self.scope.iri(one) for one in rows["intervention"].unique().sort())
        return tuple(self.scope.projection.interventions[iri] for iri in found)

    def _explanation(self, ours: str, theirs: str, shared: list[_Shared], number: int) -> Iterator[Sentence]:
        yield count(
            "{a} and {b} worked side by side in {number} place and theme, and no tie between them is recorded: "
            "{where}.",
            "{a} and {b} worked side by side in {number} places and themes, and no tie between them is recorded: "
            "{where}.",
            int(self.pairs.n[number]),
            a=Name(ours),
            b=Name(theirs),
            where=_where(shared),
        )
        expected, p, q = (float(getattr(self.pairs, name)[number]) for name in ("expected", "p", "q"))
        if self.pairs.significant[number]:
            text = N_(
                "Chance would give {expected}: they meet more often than chance explains (p {p}, q {q})."
            )
        else:
            text = N_("Chance would give {expected}, and may explain it (p {p}, q {q}).")
        yield say(text, expected=expected, p=p, q=q)
        if any(one.assumed_from for part in shared for one in (*part.ours, *part.theirs)):
            yield say("An end that is not recorded is taken to be 18 months after the last dated event.")

    def _evidence(self, ours: str, theirs: str, shared: list[_Shared]) -> Iterator[Fact]:
        """Yield each one's interventions, with where it was read, and that it takes part in them."""
        listed: dict[tuple[str, str], tuple[Intervention, set[Cell]]] = {}
        for part in shared:
            for actor, interventions in ((ours, part.ours), (theirs, part.theirs)):
                for one in interventions:
                    listed.setdefault((actor, one.iri), (one, set()))[1].add(part.cell)
        projection = self.scope.projection
        for (actor, iri), (one, cells) in sorted(listed.items()):
            participation = projection.participations[actor, iri][0]
            dates: list[Text] = [one.dates]
            if one.assumed_from is not None:
                dates.append(say("(last dated event: {date})", date=one.assumed_from))
            where = Listed(
                tuple(Listed((Name(place), Name(theme)), ordered=True) for place, theme in cells), "; "
            )
            yield Fact(iri, Name(actor), Name(iri), where, Listed(tuple(dates), " ", ordered=True))
            stated = projection.citations.get(participation)
            if stated and stated != projection.citations.get(iri):
                yield Fact(participation, Name(actor), say("takes part in {name}", name=Name(iri)), where)


@dataclass(frozen=True)
class _Shared:
    """What a pair does in one cell: each one's interventions, when they overlapped, how far ties were searched."""

    cell: Cell
    ours: tuple[Intervention, ...]
    theirs: tuple[Intervention, ...]
    overlap: Span
    found: str | None


def _array(column: pl.Series) -> NDArray[np.int64]:
    return column.to_numpy().astype(np.int64)


def _where(shared: list[_Shared]) -> Text:
    """Return places with their themes and when, so that nothing true of one cell is said of another."""
    periods: dict[Cell, list[Span]] = {}
    for part in shared:
        periods.setdefault(part.cell, []).append(part.overlap)
    themes: dict[tuple[str, str], list[Text]] = {}
    for (place, theme), spans in periods.items():
        themes.setdefault((place, ", ".join(map(str, merged(spans)))), []).append(Name(theme))
    return Listed(
        tuple(
            say("{place}, {themes} ({period})", place=Name(place), themes=Listed(tuple(names)), period=when)
            for (place, when), names in themes.items()
        ),
        "; ",
    )


def _silences(scope: Scope, met: _Met) -> Iterator[Unsaid]:
    """Name the cells that several actors share, of whom none but one were there while ties were looked for."""
    parties = scope.presence.join(scope.tables.parties, "actor", how="semi")
    cells = ["place", "theme"]
    several = parties.group_by(cells).agg(
        pl.col("actor").n_unique().alias("actors"), pl.col("first").min(), pl.col("last").max()
    )
    compared = met.present.group_by(cells).agg(pl.col("actor").n_unique().alias("compared"))
    alone = several.join(compared, cells, how="left").filter(
        pl.col("actors") > 1, pl.col("compared").fill_null(0) < 2
    )
    for row in alone.sort(cells).iter_rows(named=True):
        yield Unsaid(
            scope.iri(row["place"]),
            scope.iri(row["theme"]),
            say(
                "Ties were not collected here for all of the time from {first} to {last}.",
                first=scope.date(row["first"]),
                last=scope.date(row["last"]),
            ),
        )
