"""The network of actors in a scope: who is there, who is tied to whom, what they work on.

Its actors are those that may be a party and are present in the scope in a time in which sources looked for ties. Where
nothing narrows the question (no place, theme or window), and a source looked for ties everywhere, actors of which no
presence is recorded are in it as well, as far as they are tied to anybody.

Ties are those of :attr:`Scope.tied`, among these actors: observed, or derived from a shared intervention or network,
wherever and whenever that is. So members of one network are all tied to each other, and two that met elsewhere know
each other here. An actor outside the scope links nobody in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from scipy import sparse

from asmgraph.analysis import coverage, needs
from asmgraph.analysis.findings import Fact, Unsaid
from asmgraph.analysis.measures.network import Booleans, Integers, Matrix, Network, from_ties
from asmgraph.analysis.naming import kinds_of
from asmgraph.analysis.scope import Scope, kept_with_scope
from asmgraph.analysis.sentences import N_, Listed, Name, Sentence, Text, say

Cell = tuple[str, str]


@dataclass(frozen=True, eq=False)
class ActorNetwork:
    """The actors of a scope and their ties; actors are counted from 0, in the order of their addresses.

    Attributes
    ----------
    numbers
        (n,), int64: the number of each actor in the tables.
    network
        Its names are the IRIs of the actors; each tie weighs 1.
    observed
        (m,), bool: whether a source records the tie, in the order of ``network.ties``.
    """

    scope: Scope
    numbers: Integers
    network: Network
    observed: Booleans

    def __len__(self) -> int:
        return len(self.numbers)

    @cached_property
    def actors(self) -> tuple[str, ...]:
        """Return the IRIs of the actors."""
        return tuple(self.scope.iri(int(number)) for number in self.numbers)

    @cached_property
    def kinds(self) -> tuple[frozenset[str], ...]:
        """Return the kinds of each actor: types of actors, none where none is recorded."""
        return tuple(kinds_of(self.scope.projection, actor) for actor in self.actors)

    @cached_property
    def cells(self) -> pl.DataFrame:
        """Return ``place``, ``theme``: where the actors are present, by number."""
        return _present(self.scope).select("place", "theme").unique().sort("place", "theme")

    @cached_property
    def presence(self) -> Matrix:
        """Return (n, cells), ones where an actor is present."""
        rows = _present(self.scope).select("actor", "place", "theme").unique()
        found = self._numbered(rows.join(self.cells.with_row_index("cell"), ["place", "theme"]))
        return _marks(found["who"], found["cell"], (len(self), self.cells.height))

    @cached_property
    def places(self) -> tuple[tuple[str, ...], ...]:
        """Return the places each actor is present in."""
        found = self._numbered(_present(self.scope).select("actor", "place").unique()).sort("who", "place")
        places: list[list[str]] = [[] for _ in range(len(self))]
        for who, place in found.select("who", "place").iter_rows():
            places[who].append(self.scope.iri(place))
        return tuple(map(tuple, places))

    @cached_property
    def newest(self) -> Integers:
        """Return (n,), the last day each actor is known to have been present, as a number; 0 where none is."""
        found = self._numbered(_present(self.scope).group_by("actor").agg(pl.col("last").max()))
        days = np.zeros(len(self), dtype=np.int64)
        days[found["who"].to_numpy()] = found["last"].to_numpy()
        return days

    @cached_property
    def in_need(self) -> Booleans:
        """Return (n,), whether an actor is present where a need stands that its work there answers."""
        cells = [
            bool(needs.behind(self.scope, self.scope.iri(place), self.scope.iri(theme)))
            for place, theme in self.cells.iter_rows()
        ]
        return np.asarray(self.presence @ np.array(cells, dtype=np.float64) > 0)

    def share_in_need(self, actors: Integers) -> float | None:
        """Return the share of actors that are present where a need stands; ``None`` where it is none."""
        return float(self.in_need[actors].mean()) or None if len(actors) else None

    def shared_cells(self, one: int, other: int) -> list[Cell]:
        """Return the places and themes in which two actors are present; of a theme and a broader one the narrower."""
        both = np.intersect1d(self.presence[[one]].indices, self.presence[[other]].indices)
        found = [self.cells.row(int(cell)) for cell in both]
        cells = [(self.scope.iri(place), self.scope.iri(theme)) for place, theme in found]
        broader = self.scope.projection.broader
        covered = {(place, above) for place, theme in cells for above in broader.get(theme, ())}
        return [cell for cell in cells if cell not in covered]

    @cached_property
    def found(self) -> str:
        """Return how much of the ties of the scope sources found: ``all``, or ``some``."""
        present = _present(self.scope)
        if not present.height:
            return "some"
        first, last = (int(present[name].to_numpy()[at]) for name, at in _extremes(present))
        days = self.scope.date(first), self.scope.date(last)
        cells = ((self.scope.iri(place), self.scope.iri(theme)) for place, theme in self.cells.iter_rows())
        whole = all(coverage.found(self.scope.projection, "ties", *cell, *days) == "all" for cell in cells)
        return "all" if whole else "some"

    def interventions(self, actor: int, cells: Iterable[Cell] = ()) -> list[str]:
        """Return what an actor takes part in, in some cells, or in all of the scope."""
        rows = _present(self.scope).filter(actor=int(self.numbers[actor]))
        wanted = set(cells)
        found = {
            self.scope.iri(one)
            for one, place, theme in rows.select("intervention", "place", "theme").iter_rows()
            if not wanted or (self.scope.iri(place), self.scope.iri(theme)) in wanted
        }
        return sorted(found)

    def work_facts(self, actor: int, cells: Iterable[Cell] = ()) -> Iterator[Fact]:
        """Yield what an actor takes part in, in some cells, or in all of the scope, as evidence."""
        for iri in self.interventions(actor, cells):
            one = self.scope.projection.interventions[iri]
            where = Listed((*map(Name, sorted(one.places)), *map(Name, sorted(one.themes))))
            yield Fact(iri, Name(self.actors[actor]), Name(iri), where, one.dates)

    def tie_facts(self, one: int, other: int) -> Iterator[Fact]:
        """Yield what a tie of two actors rests on, as evidence."""
        projection = self.scope.projection
        pair = frozenset((self.actors[one], self.actors[other]))
        whose = Listed(tuple(map(Name, sorted(pair))), " – ")
        for tie, kind in projection.ties.get(pair, ()):
            yield Fact(tie, say("tie"), whose, Name(kind))
        for role, things in (
            (say("shared intervention"), self._shared_interventions(one, other)),
            (say("shared network"), self._shared_networks(one, other)),
        ):
            yield from (Fact(iri, role, whose, Name(iri), _dates(self.scope, iri)) for iri in things)

    def _shared_interventions(self, one: int, other: int) -> list[str]:
        taking = self.scope.tables.participations
        mine, theirs = (
            set(taking.filter(actor=int(self.numbers[who]))["intervention"]) for who in (one, other)
        )
        return [self.scope.iri(number) for number in sorted(mine & theirs)]

    def _shared_networks(self, one: int, other: int) -> list[str]:
        members = self.scope.tables.members
        mine, theirs = (set(members.filter(actor=int(self.numbers[who]))["network"]) for who in (one, other))
        return [self.scope.iri(number) for number in sorted(mine & theirs)]

    def _numbered(self, rows: pl.DataFrame) -> pl.DataFrame:
        who = pl.DataFrame({"actor": self.numbers.astype(np.int32)}).with_row_index("who")
        return rows.join(who, "actor")


@kept_with_scope
def network_of(scope: Scope) -> ActorNetwork:
    """Return the network of actors of a scope, made once for all that ask."""
    everywhere = scope.place is None and scope.theme is None and scope.parameters.window is None
    actors = set(_present(scope)["actor"])
    tied = scope.tied
    if everywhere and _searched_everywhere(scope):
        parties, at_home = (of["actor"].implode() for of in (scope.tables.parties, scope.presence))
        both = tied.filter(pl.col("a").is_in(parties), pl.col("b").is_in(parties))
        abroad = pl.concat([both["a"], both["b"]]).unique()
        actors |= set(abroad.filter(~abroad.is_in(at_home)))
    numbers = pl.Series("actor", sorted(actors), dtype=pl.Int32)
    who = pl.DataFrame({"actor": numbers}).with_row_index("who")
    rows = (
        tied.join(who, left_on="a", right_on="actor")
        .join(who, left_on="b", right_on="actor", suffix="_b")
        .sort("who", "who_b")
    )
    names = tuple(map(scope.iri, numbers))
    one, other = (rows[column].to_numpy().astype(np.int64) for column in ("who", "who_b"))
    network = from_ties(names, one, other, np.ones(rows.height))
    return ActorNetwork(scope, numbers.to_numpy().astype(np.int64), network, rows["observed"].to_numpy())


def silences(scope: Scope) -> Iterator[Unsaid]:
    """Name the places in which actors are present, of none of which a source looked for ties."""
    parties = scope.presence.join(scope.tables.parties, "actor", how="semi")
    bare = parties.join(_present(scope).select("place").unique(), "place", how="anti")
    for place, first, last in (
        bare.group_by("place").agg(pl.col("first").min(), pl.col("last").max()).sort("place").iter_rows()
    ):
        text = N_("Ties were not collected here for all of the time from {first} to {last}.")
        days = {"first": scope.date(first), "last": scope.date(last)}
        yield Unsaid(scope.iri(place), scope.theme or "", say(text, **days))


def searched(found: str) -> Sentence:
    """Say how much of the ties sources found."""
    return say("ties searched: {found}", found=say(found))


def newest_of(scope: Scope, facts: Iterable[Fact]) -> dt.date | None:
    """Return the day of the newest event of the interventions among the evidence, up to the day asked."""
    known = (scope.projection.interventions.get(fact.iri) for fact in facts)
    events = (day for one in known if one for line in one.timelines.values() for day in line.events)
    return max((day for day in events if day <= scope.as_of), default=None)


def asked_of(scope: Scope) -> tuple[str, ...]:
    """Return what the question was narrowed to: the scope of a finding on a network."""
    return tuple(filter(None, (scope.place, scope.theme)))


def _present(scope: Scope) -> pl.DataFrame:
    return scope.covered("ties")


def _searched_everywhere(scope: Scope) -> bool:
    return any(
        entry.covers == "ties" and entry.found != "not-searched" and not entry.place and not entry.theme
        for entry in scope.projection.coverage
    )


def _extremes(present: pl.DataFrame) -> tuple[tuple[str, int], tuple[str, int]]:
    first, last = present["first"].arg_min(), present["last"].arg_max()
    return ("first", first or 0), ("last", last or 0)


def _dates(scope: Scope, iri: str) -> Text:
    one = scope.projection.interventions.get(iri)
    return one.dates if one else ""


def _marks(rows: pl.Series, columns: pl.Series, shape: tuple[int, int]) -> Matrix:
    ones = np.ones(len(rows))
    return sparse.csr_array((ones, (rows.to_numpy(), columns.to_numpy())), shape=shape)
