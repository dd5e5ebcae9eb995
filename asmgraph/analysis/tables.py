"""The projection as tables of integers: what the analyses count with, thin out and hand to other engines.

Every thing has one number, its place in :attr:`Tables.iris`. Days are numbers too: ``date.toordinal()``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import polars as pl

from asmgraph.analysis.facts import Projection

_SCHEMAS = {
    "participations": ("actor", "intervention"),
    "periods": ("intervention", "first", "last"),
    "places": ("intervention", "place"),
    "themes": ("intervention", "theme"),
    "ties": ("a", "b", "kind"),
    "members": ("network", "actor"),
    "parties": ("actor",),
    "seats": ("actor", "country"),
    "within": ("place", "area"),
    "levels": ("place", "level"),
    "broader": ("theme", "above"),
    "outcomes": ("intervention", "area"),
    "channels": ("giver", "receiver", "tie", "since"),
}


@dataclass(frozen=True)
class Tables:
    """Who takes part in what, when, where and on what; who is tied to whom. All columns are ``int32``.

    Attributes
    ----------
    iris
        Things by number, in order.
    participations
        ``actor``, ``intervention``.
    periods
        ``intervention``, ``first``, ``last``: the days between which it is known to have been active.
    places
        ``intervention``, ``place``: as recorded.
    themes
        ``intervention``, ``theme``: with all broader ones.
    ties
        ``a``, ``b``, ``kind``: observed ties, the lower number first; ``kind`` is the concept of the tie kind.
    members
        ``network``, ``actor``.
    parties
        ``actor``: those that may be named as one side of a gap.
    seats
        ``actor``, ``country``: where those are based that are of one country by nature.
    within
        ``place``, ``area``: each place with itself and all it lies in.
    levels
        ``place``, ``level``: the administrative level, 0 for a country.
    broader
        ``theme``, ``above``: each theme with all broader ones.
    outcomes
        ``intervention``, ``area``: the areas in which outcomes are recorded.
    channels
        ``giver``, ``receiver``, ``tie``, ``since``: on which steps knowledge passed to an actor or into a policy;
        ``tie`` is 1 where a tie alone shows it, ``since`` 0 where no day is recorded.
    """

    iris: Sequence[str]
    participations: pl.DataFrame
    periods: pl.DataFrame
    places: pl.DataFrame
    themes: pl.DataFrame
    ties: pl.DataFrame
    members: pl.DataFrame
    parties: pl.DataFrame
    seats: pl.DataFrame
    within: pl.DataFrame
    levels: pl.DataFrame
    broader: pl.DataFrame
    outcomes: pl.DataFrame
    channels: pl.DataFrame

    def countries(self) -> pl.DataFrame:
        """Return ``place``, ``country``: the country each place is or lies in, of a place on a border the first."""
        inside = self.within.join(self.levels.filter(level=0), left_on="area", right_on="place", how="semi")
        return inside.group_by("place").agg(pl.col("area").min().alias("country")).sort("place")

    def presence(self, level: int, place: int | None = None, themes: pl.Series | None = None) -> pl.DataFrame:
        """Return who was where, on what, when: a row for each actor, intervention, area, theme and period.

        Parameters
        ----------
        level
            Administrative level of the areas. What is recorded above it is in none.
        place
            Only what lies in this place.
        themes
            Only these.

        Returns
        -------
        DataFrame
            ``actor``, ``intervention``, ``place``, ``theme``, ``first``, ``last``. An actor of one country is
            present in the countries it is based in alone, where the intervention lies in several.
        """
        inside = self.places
        if place is not None:
            inside = inside.join(self.within.filter(area=place), "place", how="semi")
        areas = self.within.join(
            self.levels.filter(level=level), left_on="area", right_on="place", how="semi"
        )
        where = inside.join(areas, "place").select("intervention", pl.col("place").alias("spot"), "area")
        about = self.themes if themes is None else self.themes.filter(pl.col("theme").is_in(themes.implode()))
        taking = self.participations.join(where, "intervention")
        taking = taking.join(self._abroad(), ["actor", "intervention", "spot"], how="anti")
        return (
            taking.select("actor", "intervention", pl.col("area").alias("place"))
            .unique()
            .join(about, "intervention")
            .join(self.periods, "intervention")
            .sort("actor", "intervention", "place", "theme", "first")
        )

    def cells(self, level: int, place: int | None = None, themes: pl.Series | None = None) -> pl.DataFrame:
        """Return ``intervention``, ``place``, ``theme``: in which areas of a level each is, and on what; in order.

        Parameters are those of :meth:`presence`, which counts only where somebody is recorded as taking part.
        """
        areas = self.within.join(
            self.levels.filter(level=level), left_on="area", right_on="place", how="semi"
        )
        inside = self.places
        if place is not None:
            inside = inside.join(self.within.filter(area=place), "place", how="semi")
        about = self.themes if themes is None else self.themes.filter(pl.col("theme").is_in(themes.implode()))
        where = inside.join(areas, "place").select("intervention", pl.col("area").alias("place")).unique()
        return where.join(about, "intervention").sort("intervention", "place", "theme")

    def narrowest(self, themes: pl.Series) -> pl.DataFrame:
        """Return ``intervention``, ``theme``: which of some themes each names, none broader than another of these."""
        named = self.themes.filter(pl.col("theme").is_in(themes.implode()))
        implied = named.join(self.broader, "theme").select("intervention", pl.col("above").alias("theme"))
        return named.join(implied, ["intervention", "theme"], how="anti")

    def tied(self, kinds: pl.Series | None = None) -> pl.DataFrame:
        """Return which actors are tied: ``a``, ``b``, ``observed``, the lower number first, each pair once.

        Observed are the ties that a source records, of ``kinds`` only where given; derived those of actors that
        take part in one intervention or are members of one network.
        """
        seen = self.ties if kinds is None else self.ties.filter(pl.col("kind").is_in(kinds.implode()))
        derived = (
            table.join(table, by)
            .filter(pl.col("actor") < pl.col("actor_right"))
            .select(
                pl.col("actor").alias("a"), pl.col("actor_right").alias("b"), observed=pl.lit(value=False)
            )
            for table, by in ((self.participations, "intervention"), (self.members, "network"))
        )
        pairs = pl.concat([seen.select("a", "b", observed=pl.lit(value=True)), *derived])
        return pairs.group_by("a", "b").agg(pl.col("observed").any()).sort("a", "b")

    def _abroad(self) -> pl.DataFrame:
        """Return the places of an intervention in which an actor of one country does not take part in it."""
        countries = self.within.join(
            self.levels.filter(level=0), left_on="area", right_on="place", how="semi"
        )
        spots = (
            self.participations.join(self.seats.select("actor").unique(), "actor", how="semi")
            .join(self.places, "intervention")
            .join(countries, "place", how="left")
            .join(
                self.seats.with_columns(home=True),
                left_on=["actor", "area"],
                right_on=["actor", "country"],
                how="left",
            )
            .group_by("actor", "intervention", "place")
            .agg(pl.col("home").any().fill_null(False))
        )
        return spots.filter(pl.col("home").any().over("actor", "intervention"), ~pl.col("home")).select(
            "actor", "intervention", pl.col("place").alias("spot")
        )

    def thinned(self, rng: np.random.Generator, dropped: float) -> Self:
        """Return the tables without a share of the participations, ties and channels, chosen by chance."""
        participations, ties, channels = (
            table.filter(pl.Series(rng.random(table.height) >= dropped, dtype=pl.Boolean))
            for table in (self.participations, self.ties, self.channels)
        )
        return replace(self, participations=participations, ties=ties, channels=channels)

    @cached_property
    def number(self) -> Mapping[str, int]:
        """Return the number of each thing."""
        return {iri: number for number, iri in enumerate(self.iris)}

    def numbers(self, iris: Iterable[str]) -> pl.Series:
        """Return the numbers of things, those that stand in the tables."""
        return pl.Series(sorted(self.number[iri] for iri in iris if iri in self.number), dtype=pl.Int32)


def tabulate(projection: Projection) -> Tables:
    """Return the tables of a projection."""
    interventions = projection.interventions
    knowledge = projection.knowledge
    passed = {end for one in knowledge.channels for end in (one.giver, one.receiver)}
    named = {*interventions, *projection.actors, *projection.within, *projection.addresses}
    iris = sorted(named | passed | {*knowledge.policies})
    number = {iri: place for place, iri in enumerate(iris)}
    rows: dict[str, set[tuple[int, ...]]] = {
        "participations": {
            (number[actor], number[iri])
            for iri, actors in projection.participants.items()
            for actor in actors
            if iri in interventions and actor in number
        },
        "periods": {
            (number[iri], day(period.first), day(period.last))
            for iri, one in interventions.items()
            for period in one.periods
        },
        "places": {
            (number[iri], number[place])
            for iri, one in interventions.items()
            for place in one.places
            if place in number
        },
        "themes": {
            (number[iri], number[theme])
            for iri, one in interventions.items()
            for theme in one.themes
            if theme in number
        },
        "ties": {
            (*sorted(number[party] for party in pair), number.get(kind, -1))
            for pair, ties in projection.ties.items()
            if all(party in number for party in pair)
            for _, kind in ties
        },
        "members": {
            (number[network], number[actor])
            for network, actors in projection.members.items()
            for actor in actors
            if network in number and actor in number
        },
        "parties": {(number[actor],) for actor in filter(projection.may_be_party, projection.actors)},
        "seats": {
            (number[actor], number[country])
            for actor in projection.actors
            for country in projection.home(actor)
        },
        "within": {
            (number[place], number[area])
            for place in projection.within
            for area in projection.places_above(place)
            if area in number
        },
        "levels": {(number[place], level) for place, level in projection.levels.items() if place in number},
        "broader": {
            (number[theme], number[above])
            for theme, broader in projection.broader.items()
            for above in broader
            if theme in number and above in number and theme != above
        },
        "outcomes": {
            (number[iri], number[area])
            for iri, areas in knowledge.outcomes.items()
            for area in areas
            if iri in interventions and area in number
        },
        "channels": {
            (number[one.giver], number[one.receiver], int(one.tie), day(one.since) if one.since else 0)
            for one in knowledge.channels
        },
    }
    return Tables(iris, **{name: frame(name, rows[name]) for name in _SCHEMAS})


def frame(name: str, rows: Iterable[tuple[int, ...]]) -> pl.DataFrame:
    """Return one of the tables with these rows, in order."""
    columns = _SCHEMAS[name]
    return pl.DataFrame(sorted(rows), schema=dict.fromkeys(columns, pl.Int32), orient="row")


def day(date: dt.date) -> int:
    """Return the number of a day."""
    return date.toordinal()


def ties_within(members: pl.DataFrame, tied: pl.DataFrame) -> pl.DataFrame:
    """Return which members of a place and theme are tied to each other.

    Each tie is looked for in the places and themes of the one who is in fewer of them: some are in thousands.

    Parameters
    ----------
    members
        ``place``, ``theme``, ``actor``, each once.
    tied
        ``a``, ``b``, each pair once.

    Returns
    -------
    DataFrame
        ``place``, ``theme``, ``a``, ``b``.
    """
    many = members.group_by("actor").agg(pl.len().alias("cells"))
    ends = (
        tied.select("a", "b")
        .join(many, left_on="a", right_on="actor")
        .join(many, left_on="b", right_on="actor", suffix="_b")
    )
    seldom = pl.col("cells") <= pl.col("cells_b")
    sides = (
        ends.filter(fewer)
        .select("a", "b")
        .join(members, left_on=one, right_on="actor")
        .join(members, left_on=["place", "theme", other], right_on=["place", "theme", "actor"], how="semi")
        .select("place", "theme", "a", "b")
        for fewer, one, other in ((seldom, "a", "b"), (~seldom, "b", "a"))
    )
    return pl.concat(sides)
