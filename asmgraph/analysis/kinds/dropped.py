"""Dropped: an intervention ended, nothing went on in its place and theme, and the need still stands.

A cell is a place (at the level asked) and a theme that answers a need recorded there: of the themes of an intervention
the narrowest that does. What names a still narrower theme is in the cell too, and is a successor.
An intervention counts as ended only where its end is recorded and has
passed. It has a successor where another intervention in the cell was known to be active on some day after that end and
no later than ``tau_months`` after it: going on, or newly begun. Only when that time has passed can it be said that
none came. Of several that ended in a cell without a successor only the last counts; where anything is active in the
cell on the day asked, nothing is dropped. What began later, and of which the state is not known, is named beside it.

The need is one recorded in the place or in a part of it, of a challenge or impact that the theme answers, and still
standing on the day asked; a need recorded for a larger area only is not known to be one of this place. Sources must
cover the place and theme from the end on up to the day asked, as far as 18 months before it. Why an intervention
ended is not known from this: it may have reached what it was for.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from asmgraph.analysis import coverage
from asmgraph.analysis.facts import Need
from asmgraph.analysis.findings import Fact, Finding, Ranking, Severity, Unsaid, of_actors, of_people
from asmgraph.analysis.needs import inside, need_fact, sizes
from asmgraph.analysis.periods import add_months
from asmgraph.analysis.records import SourceCoverage
from asmgraph.analysis.scope import Scope
from asmgraph.analysis.sentences import Name, Sentence, count, say
from asmgraph.analysis.tables import day

KIND = "dropped"
_CELL = ["place", "theme"]


@dataclass(frozen=True)
class _Dropped:
    """A place and theme, what ended there last, and the needs that stand there.

    ``unknown`` are the interventions there whose state on the day is not known.
    """

    place: str
    theme: str
    ended: tuple[str, ...]
    end: dt.date
    unknown: tuple[str, ...]
    needs: tuple[Need, ...]
    actors: int
    until: dt.date | None

    @property
    def severity(self) -> Severity:
        """Return how severe it is: nothing goes on, so all is missing."""
        people = sizes(self.needs)
        return Severity(
            1.0,
            1.0,
            of_people(people[0]) if people else of_actors(self.actors),
            scale_high=of_people(people[1]) if people else None,
        )


def rank(scope: Scope) -> Ranking:
    """Rank the cells by severity, of equal ones the one that ended last first."""
    found: list[_Dropped] = []
    silences: list[Unsaid] = []
    needed = _needed(scope)
    for row in _unfollowed(scope, needed).iter_rows(named=True):
        place, theme, end = scope.iri(row["place"]), scope.iri(row["theme"]), scope.date(row["end"])
        covered = [one for one in coverage.judges(scope.projection, place, theme) if _from(one, end)]
        until = coverage.latest(covered)
        if coverage.can_be_judged(covered, scope.as_of):
            ended, unknown = (tuple(map(scope.iri, row[name])) for name in ("ended", "unknown"))
            needs = needed[row["place"], row["theme"]]
            found.append(_Dropped(place, theme, ended, end, unknown, needs, row["actors"], until))
        else:
            silences.append(Unsaid(place, theme, _uncovered(until, end)))
    found.sort(key=_order)
    return Ranking(
        len(found),
        lambda number: (found[number].place, found[number].theme),
        lambda number: _finding(scope, found[number]),
        tuple(silences),
    )


def _order(one: _Dropped) -> tuple[object, ...]:
    return -(one.severity.value or 0), bool(one.unknown), -day(one.end), one.place, one.theme


def _needed(scope: Scope) -> Mapping[tuple[int, int], tuple[Need, ...]]:
    """Return the needs that stand in a place or a part of it, by place and each theme that answers them."""
    themes = [scope.iri(theme) for theme in scope.cells["theme"].unique().sort()]
    answering: dict[str, list[int]] = defaultdict(list)
    for theme in themes:
        for challenge in scope.projection.answer_to(theme) | {theme}:
            answering[challenge].append(scope.number(theme))
    found: dict[tuple[int, int], dict[str, Need]] = defaultdict(dict)
    for (place, challenge), needs in inside(scope).items():
        for theme_number in answering.get(challenge, ()):
            found[scope.number(place), theme_number] |= {need.iri: need for need in needs}
    return {cell: tuple(needs[iri] for iri in sorted(needs)) for cell, needs in found.items() if needs}


def _unfollowed(scope: Scope, needed: Collection[tuple[int, int]]) -> pl.DataFrame:
    """Return the cells in which the last that ended had no successor in time, and nothing is active now.

    Columns ``place``, ``theme``, ``end``, ``ended`` and ``unknown`` (lists of interventions), ``actors``; in order.
    """
    now = day(scope.as_of)
    states = _states(scope)
    ended = _narrowest(scope, needed).join(states.filter(state="ended"), "intervention")
    last = (
        ended.filter(pl.col("end") == pl.col("end").max().over(_CELL))
        .group_by(*_CELL, "end")
        .agg(pl.col("intervention").unique().sort().alias("ended"))
    )
    last = last.join(_limits(last["end"], scope.parameters.tau_months), "end").filter(pl.col("limit") <= now)
    cells = scope.cells.join(last, _CELL)
    followed = cells.join(scope.tables.periods, "intervention").filter(
        pl.col("last") > pl.col("end"),
        (pl.col("first") <= pl.col("limit")) | ((pl.col("first") <= now) & (pl.col("last") >= now)),
    )
    unknown = cells.join(states.filter(state="unknown"), "intervention", how="semi")
    taking = last.explode("ended").join(scope.tables.participations, left_on="ended", right_on="intervention")
    return (
        last.join(followed, _CELL, how="anti")
        .join(_gathered(unknown, "intervention", "unknown"), _CELL, how="left")
        .join(_gathered(taking, "actor", "taking"), _CELL, how="left")
        .with_columns(
            pl.col("unknown").fill_null([]), pl.col("taking").list.len().fill_null(0).alias("actors")
        )
        .sort(_CELL)
    )


def _gathered(rows: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    return rows.group_by(_CELL).agg(pl.col(column).unique().sort().alias(name))


def _states(scope: Scope) -> pl.DataFrame:
    """Return ``intervention``, ``state`` on the day, and ``end``: the last day it is known to have been active."""
    found = pl.DataFrame(
        [(scope.number(iri), state) for iri, state in scope.states.items()],
        schema={"intervention": pl.Int32, "state": pl.String},
        orient="row",
    )
    ends = scope.tables.periods.group_by("intervention").agg(pl.col("last").max().alias("end"))
    return found.join(ends, "intervention", how="left")


def _narrowest(scope: Scope, needed: Collection[tuple[int, int]]) -> pl.DataFrame:
    """Return ``intervention``, ``place``, ``theme``: the narrowest themes of each that answer a need in the place."""
    wanted = pl.DataFrame(sorted(needed), schema=dict.fromkeys(_CELL, pl.Int32), orient="row")
    cells = scope.cells.join(wanted, _CELL, how="semi")
    answers = pl.DataFrame(
        [
            (theme, scope.number(challenge))
            for theme in cells["theme"].unique()
            for challenge in scope.projection.answer_to(scope.iri(theme)) - {scope.iri(theme)}
        ],
        schema=scope.tables.broader.schema,
        orient="row",
    )
    implied = cells.join(pl.concat([scope.tables.broader, answers]), "theme")
    return cells.join(
        implied.select("intervention", "place", pl.col("above").alias("theme")),
        ["intervention", "place", "theme"],
        how="anti",
    )


def _limits(ends: pl.Series, months: int) -> pl.DataFrame:
    """Return ``end``, ``limit``: the day so many months later, by which a successor must have begun."""
    days = ends.unique().sort()
    limits = [day(add_months(dt.date.fromordinal(end), months)) for end in days]
    return pl.DataFrame({"end": days, "limit": pl.Series(limits, dtype=pl.Int32)})


def _from(source: SourceCoverage, end: dt.date) -> bool:
    return source.since is not None and source.since <= end


def _uncovered(until: dt.date | None, end: dt.date) -> Sentence:
    if until is None:
        return say("An intervention ended here on {date}; no source covers the time from then on.", date=end)
    return say(
        "An intervention ended here on {date}; no presence data after {until}, so a successor may not be recorded.",
        date=end,
        until=until,
    )


def _finding(scope: Scope, one: _Dropped) -> Finding:
    found = coverage.found(scope.projection, "participations", one.place, one.theme, one.end, scope.as_of)
    around = _around(scope, one)
    return Finding(
        KIND,
        tuple(_explanation(scope, one, len(around))),
        say("Check with people there whether the work went on; if not and the need stands, follow up."),
        "medium" if found == "all" and not one.unknown and not around else "low",
        say("participations recorded up to {date}", date=one.until or "?"),
        tuple(_evidence(scope, one, around)),
        places=(one.place,),
        themes=(one.theme,),
        period=say("since {year}", year=one.end.isoformat()),
        scope=(one.place, one.theme),
        severity=one.severity,
        newest_evidence=one.end,
    )


def _explanation(scope: Scope, one: _Dropped, around: int) -> Iterator[Sentence]:
    yield count(
        "{name} in {place} on {theme} ended on {end}, and nothing recorded there went on or began within {months} "
        "months; {number} recorded need stands on {date}.",
        "{name} in {place} on {theme} ended on {end}, and nothing recorded there went on or began within {months} "
        "months; {number} recorded needs stand on {date}.",
        len(one.needs),
        name=Name(one.ended[0]),
        place=Name(one.place),
        theme=Name(one.theme),
        end=one.end,
        months=scope.parameters.tau_months,
        date=scope.as_of,
    )
    if len(one.ended) > 1:
        others = len(one.ended) - 1
        yield count(
            "{number} other intervention ended there on the same day.",
            "{number} other interventions ended there on the same day.",
            others,
        )
    if one.unknown:
        yield count(
            "{number} intervention is recorded there whose state on that day is not known.",
            "{number} interventions are recorded there whose state on that day is not known.",
            len(one.unknown),
        )
    if around:
        yield count(
            "{number} active intervention is recorded for a larger area only; its place within it is unknown.",
            "{number} active interventions are recorded for a larger area only; their place within it is unknown.",
            around,
        )
    yield say("Why it ended is not recorded here: it may have reached what it was for.")


def _around(scope: Scope, one: _Dropped) -> list[str]:
    """Return what is active on the theme and recorded for a larger area only."""
    now = day(scope.as_of)
    above = scope.tables.numbers(scope.projection.places_above(one.place) - {one.place})
    spots = scope.tables.places.filter(pl.col("place").is_in(above.implode()))
    active = scope.tables.periods.filter(pl.col("first") <= now, pl.col("last") >= now)
    about = scope.tables.themes.filter(theme=scope.number(one.theme))
    found = active.join(about, "intervention", how="semi").join(spots, "intervention", how="semi")
    return [scope.iri(number) for number in found["intervention"].unique().sort()]


def _evidence(scope: Scope, one: _Dropped, around: list[str]) -> Iterator[Fact]:
    interventions = scope.projection.interventions
    for role, group in (
        (say("ended"), one.ended),
        (say("state not known"), one.unknown),
        (say("active, for a larger area"), around),
    ):
        for iri in group:
            yield Fact(iri, role, Name(iri), "", interventions[iri].dates)
    yield from map(need_fact, one.needs)
