"""Gaps that are planted in a made-up sector, and near misses of each kind beside them, which are none.

Where one thing is a gap of two kinds by its nature, both expect it: a theme that was dropped leaves a need unserved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from asmgraph.analysis.facts import Projection
from asmgraph.analysis.findings import Finding, Ranking
from asmgraph.analysis.scope import Parameters, Scope, ask
from asmgraph.analysis.tables import tabulate
from asmgraph.records import ID, VOCAB
from asmgraph.terms import ACTOR_TYPE, CHALLENGE, OUTCOME_AREA
from benchmarks.background import AS_OF, NARROW, RESERVED, YEAR, Background, Draft, challenge, settle

PEOPLE = 60_000
"""People of whom a planted need is."""
SILOS = ("trader", "standard-body", "consultancy")
"""Kinds of actors that are only there as silos."""
VOICE = str(CHALLENGE["C7"])
"""That miners have no part in decisions."""
Identity = tuple[tuple[str, ...], tuple[str, ...]]
"""What tells one gap from others of its kind: subjects and scope, sorted."""
Expected = dict[str, set[Identity]]


@dataclass(frozen=True)
class Sector:
    """A made-up sector, the question to put to it, and what should be found first, by kind."""

    projection: Projection
    parameters: Parameters
    expected: Mapping[str, frozenset[Identity]]

    def scope(self, public: bool = False) -> Scope:
        """Return the question put to the sector."""
        return ask(self.projection, tabulate(self.projection), self.parameters, public=public)


def identify(finding: Finding) -> Identity:
    """Return what tells a finding from others of its kind."""
    return identity(finding.subjects, finding.scope)


def identity(subjects: Iterable[str] = (), scope: Iterable[str] = ()) -> Identity:
    return tuple(sorted(subjects)), tuple(sorted(scope))


def generate(interventions: int, actors: int, seed: int = 0, planted: int = 4) -> Sector:
    """Return a made-up sector with so many gaps of each kind planted.

    Parameters
    ----------
    interventions, actors
        How many there are, within a few; of the actors at most half are kept for what is planted.
    planted
        Gaps of each kind. Of silos there are at most as many as kinds of actors are kept for them.
    """
    draft = Draft(np.random.default_rng(seed))
    kept = min(RESERVED * planted, actors // 2)
    ground = settle(draft, interventions, actors - kept)
    expected: Expected = defaultdict(set)
    for plant in PLANTED.values():
        plant(ground, expected, planted)
    return Sector(
        draft.projection(),
        Parameters(place_level=1, as_of=AS_OF.isoformat(), k=planted),
        {kind: frozenset(found) for kind, found in expected.items()},
    )


def plant_strangers(ground: Background, expected: Expected, number: int) -> None:
    """Plant pairs without a tie that work side by side in three remote provinces, on eight themes.

    Near misses: a pair that is tied, one in a network, and one at different times.
    """
    draft = ground.draft
    for one in range(number + 3):
        country = ground.country(one % 2)  # where there are enough others to tell them from chance
        pair = [ground.newcomer(country), ground.newcomer(country)]
        for _ in range(3):
            place = draft.place(country)
            for side, actor in enumerate(pair):
                start = -9 * YEAR if one == number + 2 and side else -3 * YEAR
                end = start + (4 - 2 * side) * YEAR
                draft.intervention([place], ground.types[: 8 * NARROW : NARROW], [actor], start, end)
        if one < number:
            expected["co-presence"].add(identity(pair))
        elif one == number:
            draft.tie(*pair)
        elif one == number + 1:
            network = draft.actor("network", country)
            for actor in pair:
                draft.tie(network, actor, "network-membership")


def plant_crowds(ground: Background, expected: Expected, number: int) -> None:
    """Plant places where eight or more actors work on one theme, tied to others but not to each other.

    Near misses: one with a forum, and one of four actors.
    """
    draft = ground.draft
    for one in range(number + 2):
        country = ground.country(one)
        place, kind = draft.place(country), ground.types[one * 7 % len(ground.types)]
        crowd = [ground.newcomer(country) for _ in range(4 if one == number + 1 else 8 + one % 3)]
        for at, actor in enumerate(crowd):
            draft.intervention([place], [kind], [actor], -5 * YEAR, YEAR if not at else -at * 60)
        _need_of(ground, place, kind)
        if one < number:
            expected["crowded"].add(identity(scope=(place, kind)))
        elif one == number:
            forum = draft.actor("network", country)
            for actor in crowd:
                draft.tie(forum, actor, "network-membership")


def plant_unserved_needs(ground: Background, expected: Expected, number: int) -> None:
    """Plant needs that nothing answers, every other after an end of late.

    Near misses: a need with an active intervention, and one of which the work is for the whole country.
    """
    draft = ground.draft
    for one in range(number + 1):
        country = ground.country(one)
        place, kind = draft.place(country), ground.types[one * 11 % len(ground.types)]
        of = _need_of(ground, place, kind)
        if one % 2:
            draft.intervention([place], [kind], ground.anybody(country), -4 * YEAR, -YEAR)
        if one < number:
            expected["unserved-need"].add(identity(scope=(place, of)))
        else:
            draft.intervention([place], [kind], ground.anybody(country), -4 * YEAR, YEAR)


def plant_dropped(ground: Background, expected: Expected, number: int) -> None:
    """Plant themes that were worked on in a place up to four years ago, and whose need still stands.

    Near misses: one with a successor, and one of which no need is recorded.
    """
    draft = ground.draft
    for one in range(number + 2):
        country = ground.country(one)
        place, kind = draft.place(country), ground.types[one * 5 % len(ground.types)]
        draft.intervention([place], [kind], ground.anybody(country), -7 * YEAR, -4 * YEAR - one)
        if one == number + 1:
            continue
        of = _need_of(ground, place, kind)
        if one < number:
            expected["dropped"].add(identity(scope=(place, kind)))
            expected["unserved-need"].add(identity(scope=(place, of)))
        else:
            successor = draft.intervention([place], [kind], ground.anybody(country), -3 * YEAR, YEAR)
            draft.reach(successor, 2 * PEOPLE)


def plant_duplication(ground: Background, expected: Expected, number: int) -> None:
    """Plant kinds of intervention of which nearly all are in one province, by four strangers, and the need elsewhere.

    Near misses: four that are tied, and four where the need is as well.
    """
    draft = ground.draft
    for one in range(number + 2):
        country = ground.country(one)
        place, other = draft.place(country), draft.place(country)
        of = draft.concept(f"{VOCAB}challenge/rare-{one}")
        kind = draft.concept(f"{VOCAB}intervention-type/rare-{one}", [of])
        draft.addresses[of] = frozenset({of})
        actors = [ground.newcomer(country) for _ in range(4)]
        for at, actor in enumerate(actors):
            work = draft.intervention([place], [kind], [actor], -2 * YEAR - at, YEAR + at)
            draft.reach(work, 2 * PEOPLE)
        there = draft.intervention([other], [kind], ground.anybody(country), -2 * YEAR, YEAR)
        draft.reach(there, 100 * PEOPLE)
        draft.need(place, of, PEOPLE)
        draft.need(other, of, PEOPLE / 10 if one == number + 1 else 20 * PEOPLE)
        if one < number:
            expected["duplication"].add(identity(scope=(place, kind)))
        elif one == number:
            for at, actor in enumerate(actors):
                for fellow in actors[:at]:
                    draft.tie(actor, fellow)


def plant_silence(ground: Background, expected: Expected, number: int) -> None:
    """Plant countries and kinds of intervention of which nothing is recorded."""
    for one in range(number):
        thing = (
            ground.draft.place() if one % 2 else ground.draft.concept(f"{VOCAB}intervention-type/none-{one}")
        )
        expected["silence"].add(identity(scope=(thing,)))


def plant_voices(ground: Background, expected: Expected, number: int) -> None:
    """Plant provinces whose miners' groups have no path to policy, and where they want one.

    Near misses: groups with a path of three steps, and a group of which it is not said who controls it.
    """
    draft = ground.draft
    for one in range(number + 2):
        country = ground.country(one)
        place = draft.place(country)
        groups = [draft.miners(place) for _ in range(4 + one % 3)]
        draft.need(place, VOICE, PEOPLE)
        expected["unserved-need"].add(identity(scope=(place, VOICE)))
        if one < number:
            expected["voice"].add(identity(scope=(place, "")))
        elif one == number:
            steps = [draft.actor("ngo", place), draft.actor("ngo", place), draft.actor("government", place)]
            for giver in (*groups, *steps[:-1]):
                draft.share(giver, steps[0] if giver in groups else steps[steps.index(giver) + 1])
        else:
            draft.control.update(dict.fromkeys(groups, frozenset()))


def plant_unwritten(ground: Background, expected: Expected, number: int) -> None:
    """Plant kinds of intervention with an outcome and five interventions of which nothing is written.

    Near misses: one with a study, and one with two interventions.
    """
    draft = ground.draft
    for one in range(number + 2):
        kind = draft.concept(f"{VOCAB}intervention-type/new-{one}", [challenge(one)])
        area = draft.concept(str(OUTCOME_AREA["income"]))
        for at in range(2 if one == number + 1 else 5):
            country = ground.country(one + at)
            place = ground.provinces[country][one % len(ground.provinces[country])]
            work = draft.intervention([place], [kind], ground.anybody(country), -3 * YEAR, -YEAR)
            draft.outcomes[work] = {area: frozenset({f"{ID}result/r{len(draft.outcomes)}"})}
        if one < number:
            expected["unwritten"].add(identity(scope=(kind, area, "")))
        elif one == number:
            draft.study(kind)


def plant_stuck_knowledge(ground: Background, expected: Expected, number: int) -> None:
    """Plant places and themes of which there are documents that no policy uses, though there is a need.

    Near misses: one whose documents a policy cites.
    """
    draft = ground.draft
    for one in range(number + 1):
        country = ground.country(one)
        place, theme = ground.provinces[country][-1], ground.types[-1 - one]
        known = [draft.item(place, theme, actor) for actor in ground.anybody(country, 4)]
        body = draft.actor("government", country)
        if one < number:
            draft.receive(known[0], body)
            expected["stuck-knowledge"].add(identity(scope=(place, theme)))
        else:
            draft.policy(place, theme, body, known)


def plant_silos(ground: Background, expected: Expected, number: int) -> None:
    """Plant kinds of actors that are tied to each other and hardly to others."""
    for one, kind in enumerate(SILOS[:number]):
        country = ground.country(one)
        inside = [ground.newcomer(country, kind, ties=0) for _ in range(12)]
        _knit(ground, inside)
        for actor in inside[:3]:
            for other in ground.anybody(country):
                ground.draft.tie(actor, other)
        for at, actor in enumerate(inside):
            place = ground.provinces[country][at % len(ground.provinces[country])]
            ground.draft.intervention([place], [ground.types[at]], [actor], -2 * YEAR, YEAR)
        expected["silo"].add(identity([str(ACTOR_TYPE[kind])]))


def plant_brokers(ground: Background, expected: Expected, number: int) -> None:
    """Plant groups of actors of a province that only one public body links to all others.

    Near miss: a group that two of them link.
    """
    draft = ground.draft
    for one in range(number + 1):
        country = ground.country(one)
        place, kind = draft.place(country), ground.types[one * 13 % len(ground.types)]
        group = [ground.newcomer(country, ties=0) for _ in range(10 + one % 3)]
        _knit(ground, group)
        links = [ground.newcomer(country, "government") for _ in range(1 + (one == number))]
        for at, actor in enumerate((*links, *group)):
            draft.intervention([place], [kind], [actor], -2 * YEAR, YEAR - at)
        for link in links:
            for actor in group[:6]:
                draft.tie(link, actor)
        _need_of(ground, place, kind)
        if one < number:
            expected["broker"].add(identity(links))


def plant_introductions(ground: Background, expected: Expected, number: int) -> None:
    """Plant groups of actors without a tie to others, of whom one works beside one of the others."""
    draft = ground.draft
    for one in range(number):
        country = ground.country(one)
        place, own, shared = draft.place(country), *(ground.types[one * 17 % 40 + at] for at in (0, 2))
        group = [
            ground.newcomer(country, "cooperative" if at % 5 == 1 else "", ties=0)
            for at in range(14 + one % 4)
        ]
        _knit(ground, group)
        for actor in group:
            draft.intervention([place], [own], [actor], -2 * YEAR, YEAR)
        guest = ground.locals[country][0]
        for actor in (group[0], guest):
            draft.intervention([place], [shared], [actor], -2 * YEAR, YEAR)
        expected["introduction"].add(identity([group[0], guest]))


def _knit(ground: Background, group: list[str]) -> None:
    """Tie actors to the next two of them in a ring."""
    for step in (1, 2):
        for at, actor in enumerate(group):
            ground.draft.tie(actor, group[(at + step) % len(group)])


def _need_of(ground: Background, place: str, kind: str) -> str:
    """Record a need of what an intervention type answers; return of what."""
    (of,) = ground.draft.addresses[kind]
    ground.draft.need(place, of, PEOPLE)
    return of


PLANTED: Mapping[str, Callable[[Background, Expected, int], None]] = {
    "silence": plant_silence,
    "co-presence": plant_strangers,
    "crowded": plant_crowds,
    "unserved-need": plant_unserved_needs,
    "voice": plant_voices,
    "unwritten": plant_unwritten,
    "stuck-knowledge": plant_stuck_knowledge,
    "silo": plant_silos,
    "broker": plant_brokers,
    "introduction": plant_introductions,
    "dropped": plant_dropped,
    "duplication": plant_duplication,
}


@dataclass(frozen=True)
class Recall:
    """How much of what was planted is found.

    Attributes
    ----------
    planted
        How many gaps of a kind were planted, or follow from others that were.
    found
        How many of these are among as many first rows.
    rows
        How many rows there are in all.
    unplanted
        How many of these are none of the planted.
    """

    planted: int
    found: int
    rows: int
    unplanted: int

    @property
    def share(self) -> float:
        """Return the share that is found."""
        return self.found / self.planted if self.planted else 1.0


def recall(sector: Sector, kind: str, ranking: Ranking) -> Recall:
    """Return how much of what was planted of a kind is among the first rows of its ranking."""
    expected = sector.expected.get(kind, frozenset())
    if kind == "silence":
        said = [identity(scope=filter(None, (one.place, one.theme, one.group))) for one in ranking.silences]
        return Recall(len(expected), len(expected & {*said}), len(said), len({*said} - expected))
    first = {identify(ranking.finding(row)) for row in range(min(len(expected), ranking.total))}
    found = len(first & expected)
    return Recall(len(expected), found, ranking.total, ranking.total - found)
