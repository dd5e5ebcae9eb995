"""What is asked of an analysis, and the part of the record that it is asked of."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from typing import Any, Self, TypedDict, TypeVar

import numpy as np
import polars as pl

from asmgraph.analysis import coverage
from asmgraph.analysis.facts import COUNTRY, Need, Projection
from asmgraph.analysis.periods import State, add_months
from asmgraph.analysis.tables import Tables, day, tabulate
from asmgraph.errors import NotFoundError
from asmgraph.messages import LANGUAGES
from asmgraph.records import VOCAB
from asmgraph.terms import ACTOR_TYPE, TIE_KIND

LATEST_COVERED = "latest-covered"
_NAMED_IN_PUBLIC = frozenset(
    str(ACTOR_TYPE[kind]) for kind in ("government", "donor", "company", "international-organisation")
)
THEME_SCHEMES = ("intervention-type", "challenge", "impact")
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Parameters:
    """What to look for, where and when.

    Attributes
    ----------
    place
        Code, slug, IRI or name of a place; ``None`` for everywhere.
    kind
        Slug of one kind of gap; ``None`` for all.
    theme
        Slug or IRI of an intervention type, challenge or impact; ``None`` for all.
    as_of
        ``YYYY-MM-DD``, ``latest-covered``, or ``None`` for the day the snapshot was published.
    window
        Only what was active in so many months before ``as_of``; ``None`` for all the past.
    place_level
        Administrative level at which places are compared: 0 country, 1 province; ``None`` for that of
        ``place`` where it lies below a country, else 0.
    theme_depth
        Only themes with at most so many broader ones: 0 for the broadest; ``None`` for all.
    tie_kinds
        Slugs of the kinds of observed ties that count; empty for all.
    min_overlap
        Places-and-themes that two actors must share.
    min_actors
        Actors from which on a place and theme is crowded.
    max_cell
        Largest number of actors in one place and theme that are paired.
    alpha
        Share of false discoveries that is put up with (Benjamini and Hochberg 1995).
    min_interventions
        Interventions from which on a kind of intervention and an outcome should be written of.
    max_path
        Longest path, in steps, on which knowledge counts as reaching somebody.
    tau_months
        How long after an end a successor may begin.
    theta
        Share of the presence over share of the need from which on the same activity counts as double.
    k
        How many of each kind to return; ``None`` for all, of introductions 10.
    samples
        Resamples by which stability is judged; 0: not computed.
    seed
        Of all that is drawn by chance.
    without
        Names of sources that are left out.
    leaves
        What if these actors left: slugs, IRIs or names.
    meets
        What if these pairs of actors were tied.
    language
        Of labels and sentences: en, fr, es or pt.
    """

    place: str | None = None
    kind: str | None = None
    theme: str | None = None
    as_of: str | None = None
    window: int | None = None
    place_level: int | None = None
    theme_depth: int | None = None
    tie_kinds: tuple[str, ...] = ()
    min_overlap: int = 2
    min_actors: int = 5
    max_cell: int = 200
    alpha: float = 0.05
    min_interventions: int = 3
    max_path: int = 3
    tau_months: int = 24
    theta: float = 3.0
    k: int | None = None
    samples: int = 0
    seed: int = 0
    without: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    meets: tuple[tuple[str, str], ...] = ()
    language: str = "en"


class Asked(TypedDict, total=False):
    """The parameters by name, any of them."""

    place: str | None
    kind: str | None
    theme: str | None
    as_of: str | None
    window: int | None
    place_level: int | None
    theme_depth: int | None
    tie_kinds: tuple[str, ...]
    min_overlap: int
    min_actors: int
    max_cell: int
    alpha: float
    min_interventions: int
    max_path: int
    tau_months: int
    theta: float
    k: int | None
    samples: int
    seed: int
    without: tuple[str, ...]
    leaves: tuple[str, ...]
    meets: tuple[tuple[str, str], ...]
    language: str


@dataclass(frozen=True)
class Scope:
    """A question and the record it is asked of; ``place`` and ``theme`` are IRIs, ``None`` for all.

    ``public`` says that only the public dataset is read, in whose answers local groups are counted and not named.
    """

    projection: Projection
    tables: Tables
    parameters: Parameters
    as_of: dt.date
    place: str | None
    theme: str | None
    level: int
    public: bool
    _covered: dict[str, pl.DataFrame] = field(default_factory=dict, init=False, compare=False, repr=False)
    kept: dict[object, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What :func:`kept_with_scope` has made."""

    @cached_property
    def presence(self) -> pl.DataFrame:
        """Return who was where, on what, when, up to ``as_of``: see :meth:`Tables.presence`."""
        place = None if self.place is None else self.number(self.place)
        found = self.tables.presence(self.level, place, self._themes)
        first = day(self.since) if self.since else 0
        return found.filter(pl.col("first") <= day(self.as_of), pl.col("last") >= first).with_columns(
            pl.col("first").clip(lower_bound=first), pl.col("last").clip(upper_bound=day(self.as_of))
        )

    @cached_property
    def cells(self) -> pl.DataFrame:
        """Return ``intervention``, ``place``, ``theme``: what is where and on what, at the level asked."""
        place = None if self.place is None else self.number(self.place)
        return self.tables.cells(self.level, place, self._themes)

    @cached_property
    def tied(self) -> pl.DataFrame:
        """Return which actors are tied: see :meth:`Tables.tied`."""
        kinds = self.parameters.tie_kinds
        return self.tables.tied(self.tables.numbers(str(TIE_KIND[kind]) for kind in kinds) if kinds else None)

    @cached_property
    def standing(self) -> Mapping[tuple[str, str], list[Need]]:
        """Return the needs that stand on the day, by place and challenge: from their year on; an undated one always."""
        groups: dict[tuple[str, str], list[Need]] = defaultdict(list)
        for need in self.projection.needs:
            if need.date is None or need.date.first <= self.as_of:
                groups[need.place, need.challenge].append(need)
        return groups

    @cached_property
    def states(self) -> Mapping[str, State]:
        """Return what is known of each intervention on the day."""
        return {iri: one.state(self.as_of) for iri, one in self.projection.interventions.items()}

    def covered(self, subject: str) -> pl.DataFrame:
        """Return the presence of those that may be named, as far as a source looked for a subject there and then."""
        if subject not in self._covered:
            parties = self.presence.join(self.tables.parties, "actor", how="semi")
            cells = parties.select("place", "theme").unique().sort("place", "theme")
            searched = coverage.searched(self.projection, subject, self.tables, cells)
            inside = parties.join(searched, ["place", "theme"]).with_columns(
                pl.max_horizontal("first", "from").alias("first"),
                pl.min_horizontal("last", "until").alias("last"),
            )
            self._covered[subject] = inside.filter(pl.col("first") <= pl.col("last")).select(parties.columns)
        return self._covered[subject]

    def may_name(self, actor: str) -> bool:
        """Say whether an answer on knowledge or brokers may name an actor: local groups are counted in public ones."""
        kinds = self.projection.actors.get(actor, frozenset())
        return self.projection.may_be_party(actor) and (not self.public or bool(kinds & _NAMED_IN_PUBLIC))

    @property
    def since(self) -> dt.date | None:
        """Return the first day that counts, ``None`` for all the past."""
        return None if self.parameters.window is None else add_months(self.as_of, -self.parameters.window)

    @property
    def _themes(self) -> pl.Series | None:
        wanted: Iterable[str] = self.projection.addresses
        if self.theme is not None:
            wanted = self.projection.types_of(self.theme)
        depth = self.parameters.theme_depth
        if depth is not None:
            wanted = (one for one in wanted if len(self.projection.broader.get(one, ())) <= depth)
        return None if self.theme is None and depth is None else self.tables.numbers(wanted)

    def iri(self, number: int) -> str:
        """Return the thing of a number of the tables."""
        return self.tables.iris[number]

    def number(self, iri: str) -> int:
        """Return the number of a thing in the tables, -1 where it is in none."""
        return self.tables.number.get(iri, -1)

    @staticmethod
    def date(number: int) -> dt.date:
        """Return the day of a number of the tables."""
        return dt.date.fromordinal(number)

    def thinned(self, rng: np.random.Generator, dropped: float) -> Self:
        """Return the question asked of a record that lacks a share of its participations, ties and interventions."""
        projection = self.projection.thinned(rng, dropped)
        return replace(self, projection=projection, tables=self.tables.thinned(rng, dropped))


def kept_with_scope(function: Callable[[Scope], _Made]) -> Callable[[Scope], _Made]:
    """Compute a function of a scope once for each scope, so that several kinds of gaps share what it makes."""

    @wraps(function)
    def looked_up(scope: Scope) -> _Made:
        if function not in scope.kept:
            scope.kept[function] = function(scope)
        made: _Made = scope.kept[function]
        return made

    return looked_up


def ask(projection: Projection, tables: Tables, parameters: Parameters, *, public: bool) -> Scope:
    """Return the question that parameters put.

    Raises
    ------
    NotFoundError
        For a place, theme, date, tie kind, actor or language that is not known.
    """
    if parameters.leaves or parameters.meets:
        projection = projection.supposing(
            map(projection.find_actor, parameters.leaves),
            (frozenset(map(projection.find_actor, pair)) for pair in parameters.meets),
        )
        tables = tabulate(projection)
    if parameters.language not in LANGUAGES:
        raise NotFoundError(
            f"There is no language {parameters.language!r}.", f"Known: {', '.join(LANGUAGES)}."
        )
    known = {iri.rsplit("/", 1)[-1] for iri in projection.addresses if iri.startswith(f"{VOCAB}tie-kind/")}
    for kind in parameters.tie_kinds:
        if kind not in known:
            raise NotFoundError(f"There is no kind of tie {kind!r}.", f"Kinds: {', '.join(sorted(known))}.")
    place = projection.find_place(parameters.place) if parameters.place else None
    return Scope(
        projection,
        tables,
        parameters,
        find_day(projection, parameters.as_of, place),
        place,
        find_theme(projection, parameters.theme) if parameters.theme else None,
        _level(projection, place, parameters.place_level),
        public,
    )


def _level(projection: Projection, place: str | None, level: int | None) -> int:
    """Return the level asked for, else that of the place or of what it lies in, below countries."""
    if level is not None:
        return level
    levels = [
        projection.levels[area] for area in projection.places_above(place or "") if area in projection.levels
    ]
    return max(levels, default=COUNTRY)


def find_theme(projection: Projection, text: str) -> str:
    """Return the IRI of an intervention type, challenge or impact given by slug, scheme and slug, or IRI.

    A slug of two schemes is of the first: ``mercury`` is the intervention type, ``impact/mercury`` the impact.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    prefixes = tuple(f"{VOCAB}{scheme}/" for scheme in THEME_SCHEMES)
    for candidate in (text, VOCAB + text, *(prefix + text for prefix in prefixes)):
        if candidate.startswith(prefixes) and candidate in projection.addresses:
            return candidate
    known = sorted(map(short, (iri for iri in projection.addresses if iri.startswith(prefixes))))
    raise NotFoundError(f"There is no theme {text!r}.", f"Themes: {', '.join(known)}.")


def short(theme: str) -> str:
    """Return what :func:`find_theme` takes for a theme: its slug, of an impact with its scheme."""
    scheme, _, slug = theme.removeprefix(VOCAB).partition("/")
    return f"{scheme}/{slug}" if scheme == "impact" else slug


def read_pair(text: str) -> tuple[str, str]:
    """Read two actors with a comma between them; the last comma parts them, as names may hold one.

    Raises
    ------
    ValueError
        If the text does not name two.

    >>> read_pair("Ministry of Mines, Energy and Rural Development, delve")
    ('Ministry of Mines, Energy and Rural Development', 'delve')
    """
    one, _, other = (part.strip() for part in text.rpartition(","))
    if not one or not other:
        raise ValueError(f"{text!r} does not name two actors with a comma between them")
    return one, other


def find_day(projection: Projection, text: str | None, place: str | None) -> dt.date:
    """Return the day asked for: that of publication where none is, or where no day is covered.

    Raises
    ------
    NotFoundError
        If the text is no date between the years 1000 and 2999.
    """
    if not text:
        return projection.published
    if text == LATEST_COVERED:
        return coverage.latest_covered(projection, place) or projection.published
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = dt.date.min
    if not 1000 <= day.year < 3000:
        raise NotFoundError(f"{text!r} is not a date.", f"Give YYYY-MM-DD or {LATEST_COVERED}.")
    return day
