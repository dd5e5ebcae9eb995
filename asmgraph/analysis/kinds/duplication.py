"""Duplication: the same activity in one place at one time, by actors with no tie, beyond the share of the need.

A cell is a place (at the level asked) and an intervention type, of those that an intervention names the narrowest:
what two name only by a broader type is not known to be the same activity. It counts where several interventions are
active in it on the day asked, a source looked for ties then, and a pair of the actors has no tie, no intervention and
no network in common. One row tells of the whole cell, so that no pair is named twice.

Presence share is the share of the place in the active interventions of that type within a frame: the country of the
place, or, where countries are compared, the region asked or all. Need share is its share there in the recorded size of
the needs that the type answers, in people and as put lowest, where each place with a need has one; else in the number
of recorded needs. Several needs of one place are never added up in people: the largest counts. A cell is a row where
presence share / need share is above ``theta``. Where no need is recorded in the place, which is not to say that there
is none, there is no such ratio: that is said, and the row ranks after the others.

``theta`` is 3 unless another is asked for: for one place and one indicator, published figures in people lie 3.3 times
apart in the median (highest against lowest, the 45 places and indicators of the starter data with several figures), so
that a smaller ratio may be no more than disagreement over the need. Whether the same people are served, and whether
more is needed all the same, is not known from this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from asmgraph.analysis import coverage
from asmgraph.analysis.facts import COUNTRY, Need
from asmgraph.analysis.findings import (
    CONFIDENCE,
    Fact,
    Finding,
    Ranking,
    Severity,
    of_actors,
    of_people,
)
from asmgraph.analysis.needs import may_be_told, need_fact, sizes
from asmgraph.analysis.periods import Span
from asmgraph.analysis.scope import Scope
from asmgraph.analysis.sentences import Name, Sentence, Text, count, say
from asmgraph.analysis.tables import day, ties_within
from asmgraph.records import VOCAB

KIND = "duplication"
_CELL = ["place", "theme"]
_TYPES = VOCAB + "intervention-type/"
_EVERYWHERE = -1


@dataclass(frozen=True)
class _Double:
    """A place and intervention type, how many do it there, which pairs have no tie, and both shares.

    ``need_share`` is ``None`` where no need is recorded in the place.
    """

    place: str
    theme: str
    frame: str
    actors: int
    interventions: int
    untied: int
    first: int
    presence_share: float
    need_share: float | None
    in_people: bool
    needs: tuple[Need, ...]

    @property
    def pairs(self) -> int:
        """Return how many pairs the actors make."""
        return self.actors * (self.actors - 1) // 2

    @property
    def ratio(self) -> float | None:
        """Return presence share / need share."""
        return None if self.need_share is None else self.presence_share / self.need_share

    @property
    def severity(self) -> Severity:
        """Return how severe it is; nothing where no need is recorded."""
        people = sizes(self.needs)
        return Severity(
            1.0 if self.needs else None,
            self.untied / self.pairs,
            of_people(people[0]) if people else of_actors(self.actors),
            scale_high=of_people(people[1]) if people else None,
        )


def rank(scope: Scope) -> Ranking:
    """Rank the cells by severity, of equal ones the most out of proportion first; those without a ratio last."""
    present = _present(scope)
    found = [one for one in _cells(scope, present) if one.ratio is None or one.ratio > scope.parameters.theta]
    found.sort(key=_order)
    return Ranking(
        len(found),
        lambda number: (found[number].place, found[number].theme),
        lambda number: _finding(scope, present, found[number]),
    )


def _order(one: _Double) -> tuple[object, ...]:
    ratio = one.ratio
    return ratio is None, -(one.severity.value or 0), -(ratio or 0), -one.untied, one.place, one.theme


def _present(scope: Scope) -> pl.DataFrame:
    """Return the presence of those that may be named on the day, while ties were looked for, by narrowest types."""
    now = day(scope.as_of)
    active = scope.covered("ties").filter(pl.col("first") <= now, pl.col("last") >= now)
    return active.join(_types(scope), ["intervention", "theme"], how="semi")


def _types(scope: Scope) -> pl.DataFrame:
    """Return ``intervention``, ``theme``: the narrowest intervention types that each names."""
    types = scope.tables.numbers(iri for iri in scope.projection.addresses if iri.startswith(_TYPES))
    return scope.tables.narrowest(types)


def _cells(scope: Scope, present: pl.DataFrame) -> Iterator[_Double]:
    """Yield the cells with several interventions, and actors of whom a pair has no tie; in order."""
    cells = _untied(present, scope.tied)
    shares = _presence_shares(scope, cells)
    standing = _standing(scope, cells["theme"].unique())
    frames: dict[tuple[int, int], list[tuple[Need, ...]]] = defaultdict(list)
    countries = _frames(scope)
    for (place, theme), needs in standing.items():
        frames[countries.get(place, _EVERYWHERE), theme].append(needs)
    for row in cells.join(shares, _CELL).sort(_CELL).iter_rows(named=True):
        place, theme, frame = row["place"], row["theme"], row["frame"]
        here = standing.get((place, theme), ())
        all_needs = frames[frame, theme]
        in_people = all((size := sizes(needs)) and size[0] > 0 for needs in all_needs)
        yield _Double(
            scope.iri(place),
            scope.iri(theme),
            "" if frame == _EVERYWHERE else scope.iri(frame),
            row["actors"],
            row["interventions"],
            row["untied"],
            row["first"],
            row["share"],
            _weight(here, in_people=in_people) / sum(_weight(one, in_people=in_people) for one in all_needs)
            if here
            else None,
            in_people,
            here,
        )


def _untied(present: pl.DataFrame, tied: pl.DataFrame) -> pl.DataFrame:
    """Return ``place``, ``theme``, ``actors``, ``interventions``, ``first``, ``untied``: pairs, at least one."""
    members = present.select(*_CELL, "actor").unique()
    met = ties_within(members, tied)
    counted = present.group_by(_CELL).agg(
        pl.col("actor").n_unique().cast(pl.Int64).alias("actors"),
        pl.col("intervention").n_unique().alias("interventions"),
        pl.col("first").max(),
    )
    pairs = pl.col("actors") * (pl.col("actors") - 1) // 2
    return (
        counted.join(met.group_by(_CELL).agg(pl.len().cast(pl.Int64).alias("tied")), _CELL, how="left")
        .with_columns((pairs - pl.col("tied").fill_null(0)).alias("untied"))
        .filter(pl.col("interventions") > 1, pl.col("untied") > 0)
    )


def _frames(scope: Scope) -> Mapping[int, int]:
    """Return within which area each place is compared with others."""
    if scope.level > COUNTRY:
        return dict(scope.tables.countries().iter_rows())
    levels = scope.projection.levels
    region = scope.place is not None and scope.place not in levels
    area = scope.number(scope.place) if region and scope.place else _EVERYWHERE
    inside = scope.tables.within if area == _EVERYWHERE else scope.tables.within.filter(area=area)
    return dict.fromkeys(inside["place"], area)


def _presence_shares(scope: Scope, cells: pl.DataFrame) -> pl.DataFrame:
    """Return ``place``, ``theme``, ``frame``, ``share``: of the active interventions of a type within the frame."""
    now = day(scope.as_of)
    frames = pl.DataFrame(
        list(_frames(scope).items()), schema={"place": pl.Int32, "frame": pl.Int32}, orient="row"
    )
    active = scope.tables.periods.filter(pl.col("first") <= now, pl.col("last") >= now)
    counted = (
        scope.tables.cells(scope.level, None, cells["theme"].unique())
        .join(_types(scope), ["intervention", "theme"], how="semi")
        .join(active, "intervention", how="semi")
        .join(frames, "place")
        .group_by(*_CELL, "frame")
        .agg(pl.col("intervention").n_unique().alias("number"))
    )
    return counted.with_columns(
        (pl.col("number") / pl.col("number").sum().over("frame", "theme")).alias("share")
    )


def _standing(scope: Scope, themes: pl.Series) -> Mapping[tuple[int, int], tuple[Need, ...]]:
    """Return the needs that the types, or broader ones, answer; by place at the level asked and type."""
    answering: dict[str, list[int]] = defaultdict(list)
    for theme in themes.sort():
        iri = scope.iri(theme)
        named = (iri, *scope.projection.broader.get(iri, ()))
        for challenge in frozenset[str]().union(*map(scope.projection.answer_to, named)):
            answering[challenge].append(theme)
    found: dict[tuple[int, int], dict[str, Need]] = defaultdict(dict)
    for (place, challenge), needs in scope.standing.items():
        for area in scope.projection.at_level(place, scope.level):
            for theme in answering.get(challenge, ()):
                found[scope.number(area), theme] |= {need.iri: need for need in needs if may_be_told(need)}
    return {
        cell: tuple(needs[iri] for iri in sorted(needs)) for cell, needs in sorted(found.items()) if needs
    }


def _weight(needs: tuple[Need, ...], *, in_people: bool) -> float:
    """Return the people of the largest need, as put lowest, or the number of needs."""
    return max(need.people[0] for need in needs if need.people) if in_people else float(len(needs))


def _finding(scope: Scope, present: pl.DataFrame, one: _Double) -> Finding:
    found = coverage.found(scope.projection, "ties", one.place, one.theme, scope.as_of, scope.as_of)
    named = {"place": scope.number(one.place), "theme": scope.number(one.theme)}
    rows = present.filter(**named).select("actor", "intervention").unique()
    doing = sorted((scope.iri(actor), scope.iri(intervention)) for actor, intervention in rows.iter_rows())
    return Finding(
        KIND,
        tuple(_explanation(scope, one)),
        say(
            "Check whether they do the same for the same people; if so, compare plans with each other and with the "
            "people served."
        ),
        CONFIDENCE[found or "some"],
        say("ties searched: {found}", found=say(found or "some")),
        (
            *(_doing_fact(scope, actor, intervention) for actor, intervention in doing),
            *map(need_fact, one.needs),
        ),
        actors=tuple(sorted({actor for actor, _intervention in doing})),
        places=(one.place,),
        themes=(one.theme,),
        period=str(Span(scope.date(one.first), scope.as_of)),
        scope=(one.place, one.theme),
        observed=one.presence_share,
        expected=one.need_share,
        effect=one.ratio,
        severity=one.severity,
        newest_evidence=max(
            (
                event
                for _actor, iri in doing
                if (event := scope.projection.interventions[iri].newest_event) and event <= scope.as_of
            ),
            default=None,
        ),
    )


def _doing_fact(scope: Scope, actor: str, intervention: str) -> Fact:
    one = scope.projection.interventions[intervention]
    return Fact(intervention, Name(actor), Name(intervention), say("active"), one.dates)


def _explanation(scope: Scope, one: _Double) -> Iterator[Sentence]:
    yield count(
        "{interventions} interventions of {actors} actors in {place} on {theme} are active on {date}; {number} pair of "
        "these actors has no recorded tie.",
        "{interventions} interventions of {actors} actors in {place} on {theme} are active on {date}; {number} pairs "
        "of these actors have no recorded tie.",
        one.untied,
        interventions=one.interventions,
        actors=one.actors,
        place=Name(one.place),
        theme=Name(one.theme),
        date=scope.as_of,
    )
    frame: Text = Name(one.frame) if one.frame else say("all places")
    if one.need_share is None or one.ratio is None:
        yield say(
            "{share} % of the active interventions of this type in {frame} are here; no need that they answer is "
            "recorded here, so presence cannot be compared with need.",
            share=round(100 * one.presence_share),
            frame=frame,
        )
        return
    whole = say("size in people") if one.in_people else say("number of needs")
    yield say(
        "{share} % of the active interventions of this type in {frame} are here, and {need} % of the recorded need "
        "({measure}): {ratio} times as much.",
        share=round(100 * one.presence_share),
        frame=frame,
        need=round(100 * one.need_share),
        measure=whole,
        ratio=one.ratio,
    )
