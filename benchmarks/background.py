"""A made-up sector of any size with planted gaps whose answer is known, as the analyses read it.

What is made has the shape of the registers of aid and of mine sites: countries of unequal size, provinces, kinds of
intervention that answer challenges, actors of several kinds with a heavy tail, one to four actors an intervention,
periods with and without an end. It is well coordinated, so that what is planted is what stands out: in each province a
leading body runs a long programme and is tied to nearly all who work there, and each challenge has a need in
proportion to the work on it, which is met. Every twentieth province has none of that, and no recorded need.

No store and no file: :func:`generate` returns a projection.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from numpy.typing import NDArray

from asmgraph.analysis.facts import Coverage, Intervention, Need, Projection
from asmgraph.analysis.knowledge import Flow, Item, Knowledge, Policy, Sharing, Study
from asmgraph.analysis.periods import Span, Timeline
from asmgraph.analysis.reach import Reach
from asmgraph.records import GRAPH, ID, VOCAB
from asmgraph.terms import ACTOR_TYPE, ASM, CONTROLLED_BY, EVIDENCE_TYPE, STUDY_DESIGN, UPTAKE_STAGE

AS_OF = dt.date(2025, 1, 1)
TODAY = AS_OF.toordinal()
YEAR = 365
REGISTER = GRAPH + "register/1"
BROAD, NARROW, CHALLENGES = 14, 3, 8
"""Broad intervention types, narrower ones of each, and challenges that they answer."""
INTERVENTIONS_A_PROVINCE = 40
PEOPLE_AN_INTERVENTION = 5_000
"""How many people a recorded need is of for each intervention that answers it there."""
ABROAD, UNCOORDINATED, UNTIED = 0.03, 20, 0.05
RESERVED = 80
"""Actors that are kept for one planted gap of each kind."""
_KINDS = {
    "ngo": 0.28, "company": 0.15, "cooperative": 0.14, "government": 0.13, "miners-association": 0.08,
    "donor": 0.07, "international-organisation": 0.06, "research": 0.06, "network": 0.03,
}  # fmt: skip
"""Kinds of actors that are dealt out, and how often each; the others are for silos that are planted."""
_SHARES = np.array(list(_KINDS.values())) / sum(_KINDS.values())
_MINERS = ("cooperative", "miners-association")
GROUPS = tuple(f"{VOCAB}population-group/{group}" for group in ("women", "children", "migrants", "miners"))
Integers = NDArray[np.int64]


def challenge(number: int) -> str:
    return f"{VOCAB}challenge/C{number % CHALLENGES + 1}"


@dataclass
class Draft:
    """Collects what is stated; :meth:`projection` makes the facts of it."""

    draw: np.random.Generator
    actors: dict[str, frozenset[str]] = field(default_factory=dict)
    seats: dict[str, frozenset[str]] = field(default_factory=dict)
    interventions: dict[str, Intervention] = field(default_factory=dict)
    participants: dict[str, set[str]] = field(default_factory=dict)
    ties: dict[frozenset[str], list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    needs: list[Need] = field(default_factory=list)
    reaches: list[Reach] = field(default_factory=list)
    items: dict[str, Item] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    studies: list[Study] = field(default_factory=list)
    sharing: list[Sharing] = field(default_factory=list)
    control: dict[str, frozenset[str]] = field(default_factory=dict)
    outcomes: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)
    within: dict[str, frozenset[str]] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)
    addresses: dict[str, frozenset[str]] = field(default_factory=dict)
    broader: dict[str, frozenset[str]] = field(default_factory=dict)

    def place(self, country: str | None = None) -> str:
        """Add a country, or a province of one."""
        iri = f"{ID}place/p{len(self.within)}"
        self.within[iri] = frozenset({country} - {None}) if country else frozenset()
        self.levels[iri] = 1 if country else 0
        return iri

    def concept(self, iri: str, addresses: Iterable[str] = (), broader: Iterable[str] = ()) -> str:
        """Add an intervention type or a challenge."""
        self.addresses[iri] = frozenset(addresses)
        self.broader[iri] = frozenset(broader)
        return iri

    def actor(self, kind: str, seat: str) -> str:
        """Add an actor of a kind."""
        iri = f"{ID}actor/a{len(self.actors)}"
        cls = ASM.MinerGroup if kind in _MINERS else ASM.Network if kind == "network" else ASM.Organisation
        self.actors[iri] = frozenset({str(cls), str(ACTOR_TYPE[kind])})
        self.seats[iri] = frozenset({seat})
        return iri

    def intervention(
        self,
        places: Iterable[str],
        types: Iterable[str],
        actors: Iterable[str],
        start: int,
        end: int | None = None,
    ) -> str:
        """Add an intervention; ``start`` and ``end`` are days after the day asked, below zero before it."""
        iri = f"{ID}intervention/i{len(self.interventions)}"
        first = _span(start)
        last = None if end is None else _span(end)
        events = tuple(
            dt.date.fromordinal(TODAY + day) for day in (start, end) if day is not None and day <= 0
        )
        named = frozenset(types)
        themes = named.union(*(self.broader[one] for one in named))
        timeline = Timeline(first, last, None, events)
        dates = f"{first.first}–{last.first if last else '?'}"
        self.interventions[iri] = Intervention(iri, {REGISTER: timeline}, frozenset(places), themes, dates)
        self.participants[iri] = set(actors)
        return iri

    def tie(self, one: str, other: str, kind: str = "partnership") -> None:
        """Record a tie, another one where there is one already."""
        if one != other:
            self.ties[frozenset((one, other))].append(
                (f"{ID}tie/t{next(self._numbers)}", f"{VOCAB}tie-kind/{kind}")
            )

    def need(self, place: str, of: str, people: float | None, group: str = "") -> str:
        """Record a need of last year; a source puts it at most a fifth higher than ``people``."""
        iri = f"{ID}need/n{len(self.needs)}"
        size = None if people is None else (float(round(people)), float(round(people * 1.2)))
        self.needs.append(
            Need(
                iri,
                place,
                of,
                frozenset({group} - {""}),
                _span(-YEAR),
                str(AS_OF.year - 1),
                "",
                "" if size is None else f"{size[0]:.0f} people",
                size,
            )
        )
        return iri

    def reach(self, intervention: str, people: float, group: str = "") -> None:
        """Record how many people an intervention reached."""
        iri, groups = f"{ID}figure/f{len(self.reaches)}", frozenset({group} - {""})
        self.reaches.append(Reach(iri, intervention, frozenset(), groups, _span(-30), people))

    def miners(self, seat: str) -> str:
        """Add a group of miners that its members control, at work nowhere."""
        iri = self.actor("miners-association", seat)
        self.control[iri] = frozenset({str(CONTROLLED_BY["members"])})
        return iri

    def share(self, giver: str, receiver: str) -> None:
        """Record that one actor shares data with another, so that knowledge passes."""
        iri = f"{ID}tie/s{len(self.sharing)}"
        self.sharing.append(Sharing(iri, frozenset({giver}), frozenset({receiver}), _span(-YEAR)))

    def item(self, place: str, theme: str, holder: str, evidence: str = "case-study") -> str:
        """Add a document."""
        iri = f"{ID}knowledge/k{len(self.items)}"
        self.items[iri] = Item(
            iri,
            frozenset({str(EVIDENCE_TYPE[evidence])}),
            frozenset(),
            frozenset({holder}),
            frozenset(),
            frozenset(),
            frozenset({place} - {""}),
            frozenset({theme}),
            _span(-YEAR),
        )
        return iri

    def policy(self, place: str, theme: str, issuer: str, cites: Iterable[str]) -> str:
        """Add a policy."""
        iri = f"{ID}policy/l{len(self.policies)}"
        self.policies[iri] = Policy(
            iri,
            frozenset({issuer}),
            frozenset(),
            frozenset(),
            frozenset(cites),
            frozenset({place}),
            frozenset({theme}),
            _span(-30),
        )
        return iri

    def receive(self, item: str, receiver: str, stage: str = "received") -> None:
        """Record that somebody got a document, or did something with it."""
        iri = f"{ID}knowledge-flow/w{len(self.flows)}"
        nobody = frozenset[str]()
        self.flows.append(
            Flow(
                iri,
                frozenset({item}),
                nobody,
                False,
                nobody,
                frozenset({receiver}),
                nobody,
                frozenset({str(UPTAKE_STAGE[stage])}),
                _span(-20),
            )
        )

    def study(self, theme: str, design: str = "case-study") -> None:
        """Add a study on an intervention type, of which no outcome is stated."""
        iri = f"{ID}study/s{len(self.studies)}"
        nothing = frozenset[str]()
        designs = frozenset({str(STUDY_DESIGN[design])})
        self.studies.append(Study(iri, designs, nothing, nothing, nothing, frozenset({theme}), _span(-YEAR)))

    def projection(self) -> Projection:
        """Return the facts."""
        return Projection(
            published=AS_OF,
            interventions=self.interventions,
            participants={iri: frozenset(actors) for iri, actors in self.participants.items()},
            participations={
                (actor, iri): (f"{ID}participation/{iri.rsplit('/', 1)[1]}-{actor.rsplit('/', 1)[1]}",)
                for iri, actors in self.participants.items()
                for actor in actors
            },
            ties={pair: tuple(found) for pair, found in self.ties.items()},
            needs=tuple(self.needs),
            actors=self.actors,
            not_introduced=frozenset(),
            seats=self.seats,
            within=self.within,
            levels=self.levels,
            codes={},
            addresses=self.addresses,
            broader=self.broader,
            coverage=tuple(_coverage()),
            labels={},
            citations={},
            knowledge=Knowledge(
                self.items,
                self.policies,
                tuple(self.flows),
                tuple(self.studies),
                (),
                tuple(self.sharing),
                self.control,
                self.outcomes,
                frozenset(
                    f"{ID}participation/{iri.rsplit('/', 1)[1]}-{actor.rsplit('/', 1)[1]}"
                    for iri in self.outcomes
                    for actor in self.participants[iri]
                ),
            ),
            reaches=tuple(self.reaches),
            recorded=frozenset().union(
                *(one.places for one in self.interventions.values()), (need.place for need in self.needs)
            ),
        )


_SPANS: dict[int, Span] = {}


def _span(day: int) -> Span:
    """Return a day as the dates that it may mean; the same object for the same day."""
    if day not in _SPANS:
        date = dt.date.fromordinal(TODAY + day)
        _SPANS[day] = Span(date, date)
    return _SPANS[day]


def _coverage() -> Iterable[Coverage]:
    """Yield that one register looked for everything, everywhere, at all times, and found all."""
    for subject in ("actors", "participations", "ties", "needs", "studies", "policy-citations"):
        yield Coverage(REGISTER, "A register", AS_OF, subject, "all", None, None, None, None)


@dataclass
class Background:
    """What is there before anything is planted; where and of whom to plant.

    Attributes
    ----------
    countries
        Those with several provinces, the largest first.
    provinces
        Well coordinated ones of each country.
    types
        The narrower intervention types.
    locals
        The actors of each country, those that take part most often first.
    """

    draft: Draft
    countries: Sequence[str]
    provinces: Mapping[str, Sequence[str]]
    types: Sequence[str]
    locals: Mapping[str, Sequence[str]]

    def country(self, number: int) -> str:
        """Return one of the countries, in turn."""
        return self.countries[number % len(self.countries)]

    def anybody(self, country: str, number: int = 1) -> list[str]:
        """Return different actors of a country that do not take part often, by chance."""
        known = self.locals[country]
        seldom = known[len(known) // 2 :]
        return [seldom[int(one)] for one in self.draft.draw.choice(len(seldom), number, replace=False)]

    def newcomer(self, country: str, kind: str = "", ties: int = 2) -> str:
        """Return a new actor of a country, of any kind where none is given, tied to some that are there."""
        actor = self.draft.actor(kind or str(self.draft.draw.choice(list(_KINDS), p=_SHARES)), country)
        for other in self.anybody(country, ties):
            self.draft.tie(actor, other)
        return actor


def heavy(draw: np.random.Generator, size: int, among: int, exponent: float) -> Integers:
    """Return draws from 0 to ``among`` - 1, of which the first come most often, by the power of the rank."""
    upto = np.cumsum((np.arange(among) + 3.0) ** -exponent)
    drawn: Integers = np.searchsorted(upto, draw.random(size) * upto[-1])
    return drawn


def settle(draft: Draft, interventions: int, actors: int) -> Background:
    """Make what is there before anything is planted."""
    draw = draft.draw
    many = max(8, interventions // INTERVENTIONS_A_PROVINCE)
    number = min(20, max(3, many // 12))
    countries = [draft.place() for _ in range(number)]
    of_province = np.sort(np.concatenate([np.arange(number), heavy(draw, many - number, number, 1.2)]))
    provinces = [draft.place(countries[one]) for one in of_province]
    types = _vocabulary(draft)
    actors -= many  # each province has a miners' group besides
    home = np.concatenate([np.repeat(np.arange(number), 4), heavy(draw, actors - 4 * number, number, 1.2)])
    kinds = draw.choice(list(_KINDS), actors, p=_SHARES)
    people = [draft.actor(str(kind), countries[one]) for kind, one in zip(kinds, home, strict=True)]
    inside = [np.flatnonzero(of_province == one) for one in range(number)]
    of_country = [np.flatnonzero(home == one) for one in range(number)]
    _interventions(draft, interventions - many, inside, provinces, types, of_country, people)
    for one in range(number):
        _acquaint(draft, [people[who] for who in of_country[one]])
    for one in range(number):
        _link(
            draft,
            [people[who] for who in of_country[one]],
            [people[who] for who in of_country[(one + 1) % number]],
        )
    led = [place for number, place in enumerate(provinces) if number % UNCOORDINATED != UNCOORDINATED - 1]
    leaders = {
        provinces[place]: people[int(draw.choice(of_country[one][: max(4, len(of_country[one]) // 5)]))]
        for one in range(number)
        for place in inside[one]
    }
    _coordinate(draft, {place: leaders[place] for place in led}, types)
    bodies = [iri for iri in people if str(ACTOR_TYPE["government"]) in draft.actors[iri]]
    _inform(draft, {place: leaders[place] for place in led}, types, bodies)
    good = {
        country: [provinces[place] for place in inside[one] if provinces[place] in set(led)]
        for one, country in enumerate(countries)
    }
    chosen = sorted((c for c in countries if len(good[c]) > 1), key=lambda c: (-len(good[c]), c))
    return Background(
        draft,
        chosen[: max(3, len(chosen) // 2)],
        good,
        types,
        {country: [people[who] for who in of_country[one]] for one, country in enumerate(countries)},
    )


def _vocabulary(draft: Draft) -> list[str]:
    types = []
    for number in range(CHALLENGES):
        draft.concept(challenge(number), [challenge(number)])
    for broad in range(BROAD):
        answers = [challenge(broad)]
        above = draft.concept(f"{VOCAB}intervention-type/t{broad}", answers)
        types += [draft.concept(f"{above}-{narrow}", answers, [above]) for narrow in range(NARROW)]
    return types


def _interventions(
    draft: Draft,
    number: int,
    inside: Sequence[Integers],
    provinces: Sequence[str],
    types: Sequence[str],
    of_country: Sequence[Integers],
    people: Sequence[str],
) -> None:
    draw = draft.draw
    sizes = np.array([len(places) for places in inside], dtype=np.float64)
    country = draw.choice(len(inside), number, p=sizes / sizes.sum())
    begins = -draw.integers(0, 15 * YEAR, number)
    ends = begins + draw.lognormal(6.5, 0.7, number).astype(np.int64)
    endless = draw.random(number) < 0.3
    taking = draw.integers(1, 5, number)
    wheres, whats = 1 + (draw.random((2, number)) < [[0.2], [0.3]])
    for one in range(number):
        at = int(country[one])
        who = of_country[at][heavy(draw, int(taking[one]), len(of_country[at]), 0.7)]
        guests = draw.random(who.size) < ABROAD
        who[guests] = heavy(draw, int(guests.sum()), max(4, len(people) // 20), 0.7)
        places = inside[at][heavy(draw, int(wheres[one]), len(inside[at]), 0.5)]
        about = heavy(draw, int(whats[one]), len(types), 1.0)
        draft.intervention(
            (provinces[place] for place in places),
            (types[what] for what in about),
            (people[actor] for actor in who),
            int(begins[one]),
            None if endless[one] else int(ends[one]),
        )


def _acquaint(draft: Draft, people: list[str]) -> None:
    """Tie the actors of a country in a ring, so that none of them is a cut point, and each to one by chance."""
    order = draft.draw.permutation(len(people))
    for one, other in zip(order, np.roll(order, 1), strict=True):
        draft.tie(people[one], people[other])
    for one, other in enumerate(draft.draw.integers(0, len(people), len(people))):
        draft.tie(people[one], people[other], "shared-event")


def _link(draft: Draft, ours: list[str], theirs: list[str]) -> None:
    """Tie actors of two countries: some of each, so that no single one links the two."""
    number = max(3, len(ours) // 50)
    for one, other in zip(
        draft.draw.integers(0, len(ours), number), draft.draw.integers(0, len(theirs), number), strict=True
    ):
        draft.tie(ours[one], theirs[other], "co-funding")
    draft.tie(ours[0], theirs[0], "memorandum")
    draft.tie(ours[-1], theirs[-1], "memorandum")


def _inform(draft: Draft, leaders: Mapping[str, str], types: Sequence[str], bodies: Sequence[str]) -> None:
    """Let knowledge pass: miners are heard, what is done is studied and reviewed, what is known is cited."""
    for kind in types:
        for design in ("case-study", "quasi-experiment", "systematic-review"):
            draft.study(kind, design)
    between = draft.actor("ngo", next(iter(leaders)))
    draft.share(between, bodies[0])
    for number, (place, leader) in enumerate(leaders.items()):
        body = bodies[number % len(bodies)]
        draft.share(draft.miners(place), leader)
        draft.share(leader, between)
        for theme in types[number % NARROW : 4 * NARROW : NARROW]:
            known = [draft.item(place, theme, leader) for _ in range(3)]
            draft.policy(place, theme, body, known[:2])
            draft.receive(known[2], body, "used-in-practice")


def _coordinate(draft: Draft, leaders: Mapping[str, str], types: Sequence[str]) -> None:
    """Give each province a leading body with a long programme and ties, and needs that are met."""
    here: dict[str, dict[str, None]] = {place: {} for place in leaders}
    work: dict[tuple[str, str], int] = defaultdict(int)
    for iri, one in draft.interventions.items():
        for place in one.places & leaders.keys():
            here[place].update(dict.fromkeys(sorted(draft.participants[iri])))
            for of in sorted(set().union(*(draft.addresses[theme] for theme in one.themes))):
                work[place, of] += 1
    for place, leader in leaders.items():
        programme = draft.intervention([place], types, [leader], -16 * YEAR, YEAR)
        for actor in here[place]:
            if draft.draw.random() > UNTIED:
                draft.tie(leader, actor)
        for number in range(CHALLENGES):
            people = work[place, challenge(number)] * PEOPLE_AN_INTERVENTION
            if people:
                group = GROUPS[number // 2] if number % 2 else ""
                draft.need(place, challenge(number), people, group)
                draft.reach(programme, 1.5 * people, group)
