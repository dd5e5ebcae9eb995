"""Fragile broker: an actor without whom others of the network have no way to each other.

An articulation point of the ties of a scope: when it leaves, its component falls apart. The largest part is the rest;
the other parts are cut off. Loss of reach is the share of pairs of other actors of the component that lose every
path; Borgatti's fragmentation (KPP-Neg) that of all pairs without one once it left. Burt's constraint says how far
its own contacts are tied to each other, the Gould-Fernandez roles between which kinds of actors it stands.

Members of a network are tied to each other as they are. So a network organisation is no broker of its members: where
those cut off from it are all its own members, that is what it is for, and no row. In public only public bodies,
donors, companies and international organisations are named, as the broker and among those cut off; others are
counted.

Assumed: what is not recorded is no tie, so a way round that nobody wrote down makes a broker too many; ties with
actors outside the scope are no way round. How strong a tie is, or whether it still holds, is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from asmgraph.analysis.findings import CONFIDENCE, Fact, Finding, Ranking, Severity, of_actors
from asmgraph.analysis.measures.brokerage import brokerage
from asmgraph.analysis.measures.fragmentation import (
    components,
    fragmentation,
    fragmentation_by_node,
    loss_of_reach,
)
from asmgraph.analysis.measures.holes import constraint
from asmgraph.analysis.measures.network import Booleans, Floats, Integers
from asmgraph.analysis.measures.separation import parts_without
from asmgraph.analysis.naming import name_or_count
from asmgraph.analysis.networks.actors import (
    ActorNetwork,
    Cell,
    asked_of,
    network_of,
    newest_of,
    searched,
    silences,
)
from asmgraph.analysis.scope import Scope
from asmgraph.analysis.sentences import N_, Listed, Name, Sentence, Text, count, say

KIND = "broker"
_ROLES = {
    "coordinator": say("It mostly links actors of its own kind."),
    "itinerant": say("It mostly links actors of one other kind with each other."),
    "gatekeeper": say("It mostly links actors of its own kind with others."),
    "liaison": say("It mostly links actors of different other kinds."),
}


def rank(scope: Scope) -> Ranking:
    """Rank the brokers: the most severe first, those without a recorded need after them; then by reach lost."""
    brokers = _Brokers(scope, network_of(scope))
    return Ranking(
        len(brokers.order),
        brokers.key,
        brokers.finding,
        tuple(silences(scope)),
        tuple(brokers.notes()),
    )


@dataclass(frozen=True)
class _Brokers:
    """The articulation points of a network of actors."""

    scope: Scope
    ties: ActorNetwork

    @cached_property
    def parts(self) -> dict[int, tuple[Integers, ...]]:
        """Return for each broker the parts that its component falls into, the largest first."""
        found = parts_without(self.ties.network)
        return {point: parts for point, parts in found.items() if not self._serves_its_own(point, parts)}

    def _serves_its_own(self, point: int, parts: tuple[Integers, ...]) -> bool:
        """Say whether all that an actor's leaving cuts off are members of it, a network."""
        rows = self.scope.tables.members.filter(network=int(self.ties.numbers[point]))["actor"]
        return bool(np.isin(self.ties.numbers[_joined(parts[1:])], rows.to_numpy()).all())

    @cached_property
    def order(self) -> list[int]:
        """The brokers that may be named, in order."""
        return sorted(filter(self._may_be_named, self.parts), key=self._place)

    def _may_be_named(self, point: int) -> bool:
        return bool(self.named[point])

    def _place(self, point: int) -> tuple[object, ...]:
        known = self.severity(point).value
        return known is None, -(known or 0), -self.reach_lost[point], self.ties.actors[point]

    def notes(self) -> Iterator[Text]:
        """Say how many brokers there are that are not named."""
        others = len(self.parts) - len(self.order)
        if others:
            yield count(
                "{number} more actor is the only link between others, and not named here.",
                "{number} more actors are the only link between others, and not named here.",
                others,
            )

    def key(self, number: int) -> str:
        """Return the broker of a row."""
        return self.ties.actors[self.order[number]]

    @cached_property
    def reach_lost(self) -> Floats:
        """The share of the pairs of others of its component that lose every path when an actor leaves."""
        labels = components(self.ties.network)
        others = np.bincount(labels)[labels] - 1 if len(labels) else np.zeros(0)
        pairs = others * (others - 1)
        lost = loss_of_reach(self.ties.network).astype(np.float64)
        return np.divide(lost, pairs, out=np.zeros(len(pairs)), where=pairs > 0)

    @cached_property
    def fragmented(self) -> Floats:
        """Borgatti's fragmentation when each actor leaves."""
        return fragmentation_by_node(self.ties.network)

    @cached_property
    def whole(self) -> float:
        """Borgatti's fragmentation as it is."""
        return fragmentation(self.ties.network)

    @cached_property
    def constraint(self) -> Floats:
        """Burt's constraint."""
        return constraint(self.ties.network)

    @cached_property
    def named(self) -> Booleans:
        """Which actors may be named."""
        may = map(self.scope.may_name, self.ties.actors)
        return np.fromiter(may, dtype=np.bool_, count=len(self.ties))

    def severity(self, point: int) -> Severity:
        """Return how severe it would be if a broker left: what is missing is the reach lost."""
        away = _joined(self.parts[point][1:])
        return Severity(self.ties.share_in_need(away), float(self.reach_lost[point]), of_actors(len(away)))

    def finding(self, number: int) -> Finding:
        """Make the finding of a row."""
        point, scope = self.order[number], self.scope
        away = _joined(self.parts[point][1:])
        pair = self._back_up(point)
        broker = self.ties.actors[point]
        evidence = tuple(self._evidence(point, away, pair))
        return Finding(
            KIND,
            tuple(self._explanation(point, away, pair)),
            self._action(broker, pair),
            CONFIDENCE[self.ties.found],
            searched(self.ties.found),
            evidence,
            actors=(broker,),
            places=(scope.place,) if scope.place else (),
            themes=(scope.theme,) if scope.theme else (),
            subjects=(broker,),
            scope=asked_of(scope),
            observed=float(self.fragmented[point]),
            expected=self.whole,
            effect=float(self.reach_lost[point]),
            severity=self.severity(point),
            newest_evidence=newest_of(scope, evidence),
        )

    def _explanation(self, point: int, away: Integers, pair: _Pair | None) -> Iterator[Sentence]:
        names = name_or_count(self.scope, (self.ties.actors[who] for who in away), Scope.may_name)
        yield count(
            "Without {broker}, {number} actor ({names}) would have no recorded way to the {rest} others that it is now "
            "joined with.",
            "Without {broker}, {number} actors ({names}) would have no recorded way to the {rest} others that they are "
            "now joined with.",
            len(away),
            broker=Name(self.ties.actors[point]),
            rest=len(self.parts[point][0]),
            names=names,
        )
        yield say(
            "{lost} % of the pairs joined by it would lose every path; of all pairs, {after} % would have none, now "
            "{before} %. Its constraint (Burt) is {constraint}.",
            lost=_percent(float(self.reach_lost[point])),
            after=_percent(float(self.fragmented[point])),
            before=_percent(self.whole),
            constraint=float(self.constraint[point]),
        )
        role = self._role(point)
        if role:
            yield _ROLES[role]
        if pair:
            yield say(
                "{a} and {b}, one on either side, both work or worked in: {where}.",
                a=Name(self.ties.actors[pair.away]),
                b=Name(self.ties.actors[pair.rest]),
                where=_where(pair.cells),
            )

    def _role(self, point: int) -> str:
        """Return the role it has most often; of kinds that are not recorded, none."""
        if not all(self.ties.kinds):
            return ""
        # The roles of an actor rest on it and its contacts alone.
        around = np.zeros(len(self.ties), dtype=np.bool_)
        around[[point, *self.ties.network.simple[[point]].indices]] = True
        kinds = ["/".join(sorted(self.ties.kinds[who])) for who in np.flatnonzero(around)]
        roles = brokerage(self.ties.network.restricted_to(around), kinds)
        place = int(around[:point].sum())
        found = {role: int(getattr(roles, role)[place]) for role in _ROLES}
        found["gatekeeper"] += int(roles.representative[place])
        return max(found, key=lambda role: found[role])

    @staticmethod
    def _action(broker: str, pair: _Pair | None) -> Sentence:
        if pair:
            return say(
                "Check with {broker} whether it really is the only link; if so, bring {a} and {b} together as a "
                "second one.",
                broker=Name(broker),
                a=Name(pair.names[0]),
                b=Name(pair.names[1]),
            )
        text = N_(
            "Check with {broker} whether it really is the only link; if so, look for a second one with it."
        )
        return say(text, broker=Name(broker))

    def _back_up(self, point: int) -> _Pair | None:
        """Return the pair across the cut that shares most places and themes, then the newest, of those to be named."""
        actors = self.ties.actors
        away, rest = (
            side[self.named[side]] for side in (_joined(self.parts[point][1:]), self.parts[point][0])
        )
        shared = self.ties.presence[away] @ self.ties.presence[rest].T
        if not shared.nnz:
            return None
        best = shared.tocoo()
        newest = np.minimum(self.ties.newest[away[best.row]], self.ties.newest[rest[best.col]])
        at = np.lexsort((rest[best.col], away[best.row], -newest, -best.data))[0]
        one, other = int(away[best.row[at]]), int(rest[best.col[at]])
        return _Pair(one, other, (actors[one], actors[other]), self.ties.shared_cells(one, other))

    def _evidence(self, point: int, away: Integers, pair: _Pair | None) -> Iterator[Fact]:
        """Yield the broker's ties with those cut off that may be named, else its work, else itself; the pair's work."""
        contacts = np.intersect1d(away, self.ties.network.simple[[point]].indices)
        named = [int(who) for who in contacts if self.scope.may_name(self.ties.actors[who])]
        facts = [fact for who in named for fact in self.ties.tie_facts(point, who)]
        facts = facts or list(self.ties.work_facts(point))
        broker = self.ties.actors[point]
        yield from facts or [Fact(broker, say("the only recorded link"), Name(broker))]
        if pair:
            for who in (pair.away, pair.rest):
                yield from self.ties.work_facts(who, pair.cells)


@dataclass(frozen=True)
class _Pair:
    """Two actors on either side of a cut, and the places and themes that they share."""

    away: int
    rest: int
    names: tuple[str, str]
    cells: list[Cell]


def _joined(parts: tuple[Integers, ...]) -> Integers:
    return np.sort(np.concatenate(parts))


def _percent(share: float) -> float:
    return 100 * share


def _where(cells: list[Cell]) -> Text:
    named = (say("{place}, {theme}", place=Name(place), theme=Name(theme)) for place, theme in cells)
    return Listed(tuple(named), "; ")
