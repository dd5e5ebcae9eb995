"""Crowded, no forum: a place and theme with many actors of which recorded ties join few.

A cell is a place (at the level asked) and a theme, in the time in which sources looked for ties. Its actors and the
ties between them are a graph; what is missing is the share of the actors outside its largest component. Cells with
more actors than are ever paired are reported here as well. Of two cells with the same actors, on a theme and on a
broader one, the narrower counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse import csgraph

from asmgraph.analysis import coverage, needs
from asmgraph.analysis.findings import CONFIDENCE, Fact, Finding, Ranking, Severity, of_actors, of_people
from asmgraph.analysis.periods import Span
from asmgraph.analysis.scope import Scope
from asmgraph.analysis.sentences import Listed, Name, Sentence, Text, count, say
from asmgraph.analysis.tables import ties_within

KIND = "crowded"
NAMED = 5
"""Actors without a tie that an explanation names; the evidence has all."""


@dataclass(frozen=True)
class _Cell:
    """A place and theme, its actors by the component of ties they are in, the largest first, and the time."""

    place: str
    theme: str
    components: tuple[tuple[str, ...], ...]
    first: int
    last: int

    @property
    def actors(self) -> int:
        """Return how many actors there are."""
        return sum(map(len, self.components))

    @property
    def missing(self) -> float:
        """Return the share of the actors outside the largest component."""
        return 1 - len(self.components[0]) / self.actors


def rank(scope: Scope) -> Ranking:
    """Rank the cells: the most severe first, those without a recorded need after them; then the most actors apart."""
    found = [(cell, _severity(scope, cell)) for cell in _cells(scope)]
    found.sort(key=lambda pair: _order(*pair))
    return Ranking(
        len(found),
        lambda number: (found[number][0].place, found[number][0].theme),
        lambda number: _finding(scope, *found[number]),
    )


def _order(cell: _Cell, severity: Severity) -> tuple[object, ...]:
    known = severity.value
    return known is None, -(known or 0), -cell.missing, -cell.actors, cell.place, cell.theme


def _cells(scope: Scope) -> Iterator[_Cell]:
    """Yield the cells with enough actors, not all of them joined."""
    named = ["place", "theme"]
    members = scope.covered("ties").group_by(*named, "actor").agg(pl.col("first").min(), pl.col("last").max())
    crowds = members.filter(pl.len().over(named) >= scope.parameters.min_actors).sort(*named, "actor")
    crowds = crowds.with_columns(_component(crowds, scope.tied))
    apart = crowds.filter(pl.col("component").n_unique().over(named) > 1)
    groups = (
        _narrowest(apart, scope.tables.broader)
        .group_by(*named, "component")
        .agg(pl.col("actor").sort(), pl.col("first").min(), pl.col("last").max())
        .sort(*named, "component")
    )
    for (place, theme), rows in groupby(groups.iter_rows(), key=itemgetter(0, 1)):
        _places, _themes, _components, actors, first, last = zip(*rows, strict=True)
        named_groups = (tuple(map(scope.iri, group)) for group in actors)
        yield _Cell(
            scope.iri(place),
            scope.iri(theme),
            tuple(sorted(named_groups, key=lambda group: (-len(group), group))),
            min(first),
            max(last),
        )


def _component(members: pl.DataFrame, tied: pl.DataFrame) -> pl.Series:
    """Return the number of the component of ties that each row's actor is in, among the actors of its cell."""
    rows = members.select("place", "theme", "actor").with_row_index("row")
    both = ties_within(members.select("place", "theme", "actor"), tied)
    for end in ("a", "b"):
        both = both.join(
            rows, left_on=["place", "theme", end], right_on=["place", "theme", "actor"], suffix="_b"
        )
    ends = (both["row"].to_numpy(), both["row_b"].to_numpy())
    graph = sparse.coo_array((np.ones(both.height, dtype=np.int8), ends), (rows.height, rows.height))
    return pl.Series("component", csgraph.connected_components(graph, directed=False)[1])


def _narrowest(members: pl.DataFrame, broader: pl.DataFrame) -> pl.DataFrame:
    """Return the members without those of cells on a theme of which a narrower one has the same actors there."""
    sizes = members.group_by("place", "theme").agg(pl.len().alias("size"))
    pairs = sizes.join(broader, "theme").join(
        sizes, left_on=["place", "above", "size"], right_on=["place", "theme", "size"]
    )
    # All actors of a narrower theme are on the broader one as well: as many actors are the same actors.
    return members.join(
        pairs.select("place", pl.col("above").alias("theme")).unique(), ["place", "theme"], how="anti"
    )


def _severity(scope: Scope, cell: _Cell) -> Severity:
    where = {(cell.place, cell.theme)}
    people = needs.people(scope, where)
    return Severity(
        needs.share_with_need(scope, where),
        cell.missing,
        of_people(people[0]) if people else of_actors(cell.actors),
        scale_high=of_people(people[1]) if people else None,
    )


def _finding(scope: Scope, cell: _Cell, severity: Severity) -> Finding:
    period = Span(*(scope.date(number) for number in (cell.first, cell.last)))
    found = (
        coverage.found(scope.projection, "ties", cell.place, cell.theme, period.first, period.last) or "some"
    )
    return Finding(
        KIND,
        tuple(_explanation(scope, cell)),
        say("Check whether there is a forum that is not recorded; if not, convene one."),
        CONFIDENCE[found],
        say("ties searched: {found}", found=say(found)),
        tuple(_evidence(scope, cell)),
        actors=tuple(sorted(actor for group in cell.components for actor in group)),
        places=(cell.place,),
        themes=(cell.theme,),
        period=str(period),
        scope=(cell.place, cell.theme),
        observed=float(cell.actors),
        effect=cell.missing,
        severity=severity,
    )


def _explanation(scope: Scope, cell: _Cell) -> Iterator[Sentence]:
    yield say(
        "{number} actors worked in {place} on {theme}; recorded ties join at most {largest} of them.",
        number=cell.actors,
        place=Name(cell.place),
        theme=Name(cell.theme),
        largest=len(cell.components[0]),
    )
    alone = [group[0] for group in cell.components if len(group) == 1]
    if alone:
        yield count(
            "{number} has none with another: {names}.",
            "{number} have none with another: {names}.",
            len(alone),
            names=_named(alone),
        )
    shared = _forums(scope, cell)
    if shared:
        yield say("Some are members of a network: {networks}.", networks=Listed(tuple(map(Name, shared))))
    if cell.actors > scope.parameters.max_cell:
        yield count(
            "With more than {number} actor they are not paired one by one.",
            "With more than {number} actors they are not paired one by one.",
            scope.parameters.max_cell,
        )


def _named(actors: list[str]) -> Text:
    """Return the names of the first of some actors, and how many more there are."""
    more = len(actors) - NAMED
    rest = [count("{number} more", "{number} more", more)] if more > 0 else []
    return Listed((Listed(tuple(map(Name, actors[:NAMED])), "; "), *rest), "; ", ordered=True)


def _forums(scope: Scope, cell: _Cell) -> list[str]:
    """Return the networks of which at least two of the actors are members."""
    actors = {actor for group in cell.components for actor in group}
    return [network for network, members in scope.projection.members.items() if len(members & actors) > 1]


def _evidence(scope: Scope, cell: _Cell) -> Iterator[Fact]:
    """Yield what each actor takes part in there, the largest component first."""
    named = {"place": scope.number(cell.place), "theme": scope.number(cell.theme)}
    rows = scope.covered("ties").filter(**named).select("actor", "intervention").unique()
    for group in cell.components:
        joined = (
            count("tied to {number} other", "tied to {number} others", len(group) - 1)
            if len(group) > 1
            else say("tied to none")
        )
        for actor in group:
            for intervention in sorted(
                map(scope.iri, rows.filter(actor=scope.number(actor))["intervention"])
            ):
                one = scope.projection.interventions[intervention]
                yield Fact(intervention, Name(actor), Name(intervention), joined, one.dates)
