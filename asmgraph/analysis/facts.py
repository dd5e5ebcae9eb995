"""What the analyses know of a snapshot: who takes part in what, where, on what, when; and how to ask it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from typing import Self

import networkx as nx
import numpy as np

from asmgraph.analysis.knowledge import Knowledge
from asmgraph.analysis.periods import Span, State, Timeline, merged, state
from asmgraph.analysis.reach import Reach
from asmgraph.analysis.records import Citation, SourceCoverage
from asmgraph.errors import NotFoundError
from asmgraph.records import ID, VOCAB
from asmgraph.terms import ACTOR_TYPE, ASM, TIE_KIND

LANGUAGE = "en"
COUNTRY = 0
"""Administrative level of a country."""
NEEDED = (VOCAB + "challenge/", VOCAB + "impact/")
"""The schemes of what a need is of, and of what an intervention answers."""
_NEVER_PARTIES = frozenset({str(ASM.PopulationGroup), str(ASM.Community)})
_OF_ONE_COUNTRY = frozenset(
    {
        str(ASM.MinerGroup),
        *(str(ACTOR_TYPE[kind]) for kind in ("cooperative", "miners-association", "government")),
    }
)
_NETWORK = str(ASM.Network)
_ARMED = VOCAB + "armed-actor-type/"


@dataclass(frozen=True)
class Intervention:
    """One intervention with everything that places it in time, space and theme; ``themes`` with all broader ones.

    ``timelines`` are by source graph: what two sources state of two times is never drawn together into one.
    Where one source states several dates, the earliest start and the latest end count; ``dates`` shows them all.
    """

    iri: str
    timelines: Mapping[str, Timeline]
    places: frozenset[str]
    themes: frozenset[str]
    dates: str

    @cached_property
    def periods(self) -> tuple[Span, ...]:
        """Return when it is known to have been active, in order."""
        return merged(period for one in self.timelines.values() if (period := one.period))

    @property
    def newest_event(self) -> dt.date | None:
        """Return the day of the newest event that any source dates."""
        return max((day for one in self.timelines.values() for day in one.events), default=None)

    @property
    def assumed_from(self) -> dt.date | None:
        """Return the last dated event where the newest period ends by assumption, else ``None``."""
        newest = max(self.timelines.values(), key=_period_end, default=None)
        return newest.assumed_from if newest else None

    @property
    def start(self) -> dt.date | None:
        """Return the first day on which it may have begun, as far as stated."""
        return min((one.start.first for one in self.timelines.values() if one.start), default=None)

    def state(self, as_of: dt.date) -> State:
        """Return whether it is active on a day."""
        return state(self.timelines.values(), as_of)


def _period_end(timeline: Timeline) -> dt.date:
    return timeline.period.last if timeline.period else dt.date.min


@dataclass(frozen=True)
class Need:
    """One recorded need in one place; its ``challenge`` may be an impact.

    Where sources state several dates, it stands from the first; ``year``, ``statement`` and ``size`` show all.
    ``people`` are the lowest and the highest number of people that it is of; ``None`` where its size is in another
    unit or not recorded.
    """

    iri: str
    place: str
    challenge: str
    groups: frozenset[str]
    date: Span | None
    year: str
    statement: str
    size: str
    people: tuple[float, float] | None = None


@dataclass(frozen=True)
class Coverage:
    """One coverage statement of one source.

    ``graph`` is the source's graph, without the part of it that holds statements of one sensitivity.
    """

    graph: str
    title: str
    read: dt.date
    covers: str
    found: str
    place: str | None
    theme: str | None
    start: Span | None
    end: Span | None


@dataclass(frozen=True)
class Projection:
    """What the analyses read; every mapping is by IRI."""

    published: dt.date
    interventions: Mapping[str, Intervention]
    participants: Mapping[str, frozenset[str]]
    participations: Mapping[tuple[str, str], tuple[str, ...]]
    ties: Mapping[frozenset[str], tuple[tuple[str, str], ...]]
    needs: tuple[Need, ...]
    actors: Mapping[str, frozenset[str]]
    not_introduced: frozenset[str]
    seats: Mapping[str, frozenset[str]]
    within: Mapping[str, frozenset[str]]
    levels: Mapping[str, int]
    codes: Mapping[str, str]
    addresses: Mapping[str, frozenset[str]]
    broader: Mapping[str, frozenset[str]]
    coverage: tuple[Coverage, ...]
    labels: Mapping[str, Mapping[str, str]]
    citations: Mapping[str, Citation]
    notes: tuple[str, ...] = ()
    reaches: tuple[Reach, ...] = ()
    recorded: frozenset[str] = frozenset()
    """Places in which anything is recorded."""
    grouped: frozenset[tuple[str, str]] = frozenset()
    """Population group and place of what is recorded of a group; an empty place where none is stated."""
    knowledge: Knowledge = field(default_factory=Knowledge)
    covered: dict[tuple[object, ...], SourceCoverage] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """What :mod:`asmgraph.analysis.coverage` has worked out, by what was asked."""
    _above: dict[str, frozenset[str]] = field(default_factory=dict, init=False, compare=False, repr=False)
    _types: dict[str, frozenset[str]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def name(self, iri: str, language: str = LANGUAGE) -> str:
        """Return the label in ``language``, else in English, else in any, else the IRI's last part."""
        labels = self.labels.get(iri, {})
        found = labels.get(language) or labels.get(LANGUAGE) or labels.get("")
        return found or next(iter(labels.values()), iri.rsplit("/", 1)[-1])

    def places_above(self, place: str) -> frozenset[str]:
        """Return the place and every place it lies within."""
        if place not in self._above:
            found, waiting = {place}, [place]
            while waiting:
                new = self.within.get(waiting.pop(), frozenset()) - found
                found |= new
                waiting += new
            self._above[place] = frozenset(found)
        return self._above[place]

    def lies_in(self, place: str, area: str | None) -> bool:
        """Return whether ``place`` is ``area`` or lies within it; everything lies in ``None``."""
        return area is None or area in self.places_above(place)

    def at_level(self, place: str, level: int) -> frozenset[str]:
        """Return the places of an administrative level that ``place`` is or lies in: two on a border."""
        return frozenset(area for area in self.places_above(place) if self.levels.get(area) == level)

    def countries(self, place: str) -> frozenset[str]:
        """Return the countries a place is or lies in; none for regions above countries."""
        return self.at_level(place, COUNTRY)

    def places_of(self, actor: str, intervention: Intervention) -> frozenset[str]:
        """Return where an actor takes part in an intervention.

        Everywhere it is, but for actors that are of one country by nature (miners' groups, cooperatives, public
        bodies): those only in the countries they are based in, where the intervention lies in several.
        """
        seats = self.home(actor)
        own = frozenset(place for place in intervention.places if self.countries(place) & seats)
        return own or intervention.places

    def home(self, actor: str) -> frozenset[str]:
        """Return the countries in which an actor is based that is of one country by nature; else none."""
        if not self.actors.get(actor, frozenset()) & _OF_ONE_COUNTRY:
            return frozenset()
        return frozenset[str]().union(*map(self.countries, self.seats.get(actor, frozenset())))

    def is_armed(self, actor: str) -> bool:
        """Say whether an actor is an armed group or a security force."""
        return any(kind.startswith(_ARMED) for kind in self.actors.get(actor, frozenset()))

    def may_be_party(self, actor: str) -> bool:
        """Say whether an actor may be named as one side of a gap.

        Never a population group, a community, an armed actor, one marked ``asm:noIntroduction``, or one of
        which nothing but a mention is known.
        """
        kinds = self.actors.get(actor, frozenset())
        return (
            bool(kinds)
            and not kinds & _NEVER_PARTIES
            and not self.is_armed(actor)
            and actor not in self.not_introduced
        )

    def thinned(self, rng: np.random.Generator, dropped: float) -> Self:
        """Return the projection without a share of the interventions, chosen by chance."""
        kept = rng.random(len(self.interventions)) >= dropped
        interventions = dict(
            one for one, keep in zip(sorted(self.interventions.items()), kept, strict=True) if keep
        )
        return replace(self, interventions=interventions)

    def supposing(self, gone: Iterable[str], met: Iterable[frozenset[str]]) -> Self:
        """Return the projection as if some actors had left, and some pairs of actors were tied."""
        left = frozenset(gone)
        ties = {pair: found for pair, found in self.ties.items() if not pair & left}
        supposed = ((f"{ID}tie/supposed", str(TIE_KIND["partnership"])),)
        return replace(
            self,
            actors={actor: kinds for actor, kinds in self.actors.items() if actor not in left},
            participants={iri: actors - left for iri, actors in self.participants.items()},
            ties={**dict.fromkeys(met, supposed), **ties},
        )

    def find_actor(self, text: str) -> str:
        """Return the IRI of an actor given by its slug, IRI or name in any language.

        Raises
        ------
        NotFoundError
            If no actor or several actors answer to it.
        """
        wanted = text.strip().casefold()
        found = [one for one in self.actors if wanted in (one.casefold(), one.rsplit("/", 1)[-1].casefold())]
        found = found or [
            one
            for one in self.actors
            if wanted in {label.casefold() for label in self.labels.get(one, {}).values()}
        ]
        if len(found) != 1:
            several = ", ".join(sorted(one.rsplit("/", 1)[-1] for one in found))
            raise NotFoundError(
                f"{'Several actors answer to' if found else 'No actor is recorded as'} {text!r}"
                f"{': ' + several if found else ''}.",
                "Give the last part of the actor's address, such as delve.",
            )
        return found[0]

    def find_place(self, text: str) -> str:
        """Return the IRI of a place given by its code, slug, IRI or name in any language.

        Raises
        ------
        NotFoundError
            If no place or several places answer to it.
        """
        wanted = text.strip().casefold()
        by_code = [
            p for p in self.within if wanted in (p.casefold(), p.removeprefix(ID + "place/").casefold())
        ]
        by_code = by_code or [place for place, code in self.codes.items() if code.casefold() == wanted]
        by_name = [
            p
            for p in self.within
            if wanted in {label.casefold() for label in self.labels.get(p, {}).values()}
        ]
        found = by_code or by_name
        if len(found) != 1:
            several = ", ".join(sorted(p.removeprefix(ID + "place/") for p in found))
            raise NotFoundError(
                f"{'Several places answer to' if found else 'No place is recorded as'} {text!r}"
                f"{': ' + several if found else ''}.",
                "Give a country as ISO code (COD) or a place by its code.",
            )
        return found[0]

    def answer_to(self, theme: str | None) -> frozenset[str]:
        """Return the challenges and impacts that a theme addresses, itself if it is one."""
        return self.addresses.get(theme or "", frozenset())

    def types_of(self, theme: str) -> frozenset[str]:
        """Return what falls under ``theme``: itself, what addresses it, and what is narrower than these."""
        if theme not in self._types:  # asked for each overlap of each pair
            found = {one for one in self.addresses if one == theme or theme in self.answer_to(one)}
            self._types[theme] = frozenset(
                one for one in self.addresses if one in found or self.broader[one] & found
            )
        return self._types[theme]

    def whole(self, theme: str) -> frozenset[str]:
        """Return what a search for all of ``theme`` must have looked for: of a challenge or impact, all its types."""
        return self.types_of(theme) if theme.startswith(NEEDED) else frozenset({theme})

    def challenges_of(self, theme: str) -> frozenset[str]:
        """Return the challenges and impacts under ``theme``: itself and narrower ones, or those that it addresses."""
        if not theme.startswith(NEEDED):
            return self.answer_to(theme)
        return frozenset(one for one in self.types_of(theme) if one.startswith(NEEDED))

    def has_narrower(self, theme: str, themes: Iterable[str]) -> bool:
        """Return whether one of the themes is narrower than ``theme``."""
        return any(theme != one and theme in self.broader.get(one, ()) for one in themes)

    def answers(self, intervention: Intervention) -> frozenset[str]:
        """Return the challenges and impacts that an intervention's themes address."""
        return frozenset[str]().union(*map(self.answer_to, intervention.themes))

    @cached_property
    def answerable(self) -> frozenset[str]:
        """Return the challenges and impacts that some intervention type addresses."""
        types = (theme for theme in self.addresses if theme.startswith(VOCAB + "intervention-type/"))
        return frozenset[str]().union(*map(self.answer_to, types))

    @cached_property
    def reaches_of(self) -> Mapping[str, list[Reach]]:
        """Return whom each intervention is recorded to have reached."""
        found: dict[str, list[Reach]] = defaultdict(list)
        for reach in self.reaches:
            found[reach.intervention].append(reach)
        return found

    @cached_property
    def members(self) -> Mapping[str, frozenset[str]]:
        """Return who is recorded as a member of each network."""
        members: dict[str, set[str]] = defaultdict(set)
        for pair, ties in self.ties.items():
            if any(kind.endswith("/network-membership") for _, kind in ties):
                for network in pair:
                    if _NETWORK in self.actors.get(network, ()):
                        members[network] |= pair - {network}
        return {network: frozenset(group) for network, group in sorted(members.items())}

    @cached_property
    def tie_graph(self) -> nx.Graph[str]:
        """Return who is tied to whom: ``observed`` by a source, else derived from a shared intervention or network."""
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(self.actors)
        for parties in (*self.participants.values(), *self.members.values()):
            graph.add_edges_from(combinations(sorted(parties), 2), observed=False)
        for pair in self.ties:
            graph.add_edge(*pair, observed=True)
        return graph
