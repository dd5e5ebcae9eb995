"""Silo: a kind of actor that is tied to itself more than chance explains.

Kinds are types of actors. The ties of a scope stay as they are, and kinds are dealt out to the actors anew: a kind is
a silo where its E-I index (ties with other kinds less ties within, divided by all) is lower than in nearly all of
these permutations, by a false discovery rate over all kinds of at most ``alpha``. So a kind with few actors may be a
silo although most of its ties leave it (a positive index): chance would have nearly all leave.

Assumed: each recorded tie counts alike, observed or derived from a shared intervention or network, so one
intervention with many actors of a kind weighs by its pairs; and that any two actors of the scope could have met, so
of the whole world a kind that works within countries seems more of a silo than in each. Actors whose kind is not
recorded are left out. A kind that is there to work with its like (an association of cooperatives) may be a silo for
good reason, and a single actor, or one whose ties are not recorded, can be none: not reported is not open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from asmgraph.analysis.findings import CONFIDENCE, Fact, Finding, Ranking, Severity, of_actors
from asmgraph.analysis.measures.homophily import Homophily, permuted_homophily
from asmgraph.analysis.measures.network import Booleans, Floats, Integers
from asmgraph.analysis.naming import may_be_named, name_or_count
from asmgraph.analysis.networks.actors import (
    ActorNetwork,
    asked_of,
    network_of,
    newest_of,
    searched,
    silences,
)
from asmgraph.analysis.overlaps.null_models import benjamini_hochberg
from asmgraph.analysis.scope import Scope
from asmgraph.analysis.sentences import Listed, Name, Sentence, count, say

KIND = "silo"
_BRIDGES = 10
"""So many bridges are named."""


def rank(scope: Scope) -> Ranking:
    """Rank the silos: the most severe first, those without a recorded need after them; then the lowest q."""
    silos = _Silos(scope, network_of(scope))
    return Ranking(len(silos.order), silos.key, silos.finding, tuple(silences(scope)))


@dataclass(frozen=True)
class _Silos:
    """The kinds of a network of actors against chance."""

    scope: Scope
    ties: ActorNetwork

    @cached_property
    def homophily(self) -> Homophily:
        """How far each kind is tied to itself."""
        return permuted_homophily(self.ties.network, self.ties.kinds, seed=self.scope.parameters.seed)

    @cached_property
    def q(self) -> Floats:
        """The false discovery rate of each kind."""
        return benjamini_hochberg(self.homophily.p)

    @cached_property
    def order(self) -> list[int]:
        """The kinds that are silos, in order."""
        found = self.homophily
        silo = (self.q <= self.scope.parameters.alpha) & (found.index < found.expected_index)
        return sorted(np.flatnonzero(silo).tolist(), key=self._place)

    def _place(self, kind: int) -> tuple[object, ...]:
        known = self.severity(kind).value
        return known is None, -(known or 0), float(self.q[kind]), self.homophily.groups[kind]

    def key(self, number: int) -> str:
        """Return the kind of a row."""
        return str(self.homophily.groups[self.order[number]])

    def members(self, kind: int) -> Booleans:
        """Return (n,), which actors are of a kind."""
        wanted = self.homophily.groups[kind]
        return np.array([wanted in kinds for kinds in self.ties.kinds], dtype=np.bool_)

    def severity(self, kind: int) -> Severity:
        """Return how severe it is that a kind keeps to itself: what is missing are ties with others."""
        inside = np.flatnonzero(self.members(kind))
        chance = float(self.homophily.expected_external[kind])
        return Severity(
            self.ties.share_in_need(inside),
            max(0.0, 1 - float(self.homophily.external[kind]) / chance) if chance else None,
            of_actors(len(inside)),
        )

    def bridges(self, kind: int) -> Integers:
        """Return the actors of a kind that are tied to an actor of other kinds, the most such ties first."""
        outside = self.outward(kind)
        return np.array(sorted(np.flatnonzero(outside), key=lambda who: (-outside[who], who)), dtype=np.int64)

    def outward(self, kind: int) -> Floats:
        """Return (n,), how many ties with actors of other kinds each actor of a kind has."""
        inside = self.members(kind)
        others = np.array([bool(kinds) for kinds in self.ties.kinds], dtype=np.bool_) & ~inside
        return np.asarray(self.ties.network.simple @ others.astype(np.float64)) * inside

    def finding(self, number: int) -> Finding:
        """Make the finding of a row."""
        kind, scope = self.order[number], self.scope
        found, label = self.homophily, self.key(number)
        evidence = tuple(self._evidence(kind))
        return Finding(
            KIND,
            tuple(self._explanation(kind)),
            say(
                "Check with them whether ties with others are missing or only not recorded; if missing, form a "
                "working group of several kinds of actors."
            ),
            CONFIDENCE[self.ties.found],
            searched(self.ties.found),
            evidence,
            places=(scope.place,) if scope.place else (),
            themes=(scope.theme,) if scope.theme else (),
            subjects=(label,),
            scope=asked_of(scope),
            observed=float(found.internal[kind]),
            expected=float(found.expected[kind]),
            effect=float(found.index[kind]),
            p=float(found.p[kind]),
            q=float(self.q[kind]),
            severity=self.severity(kind),
            newest_evidence=newest_of(scope, evidence),
        )

    def _explanation(self, kind: int) -> Iterator[Sentence]:
        found, name = self.homophily, Name(str(self.homophily.groups[kind]))
        internal, ties = int(found.internal[kind]), int(found.internal[kind] + found.external[kind])
        yield count(
            "Kind of actor '{kind}': of the {number} recorded tie of its {actors} actors, {internal} are among "
            "themselves; chance would give {expected}.",
            "Kind of actor '{kind}': of the {number} recorded ties of its {actors} actors, {internal} are among "
            "themselves; chance would give {expected}.",
            ties,
            kind=name,
            actors=int(found.sizes[kind]),
            internal=internal,
            expected=float(found.expected[kind]),
        )
        yield say(
            "E-I index {index}, by chance {expected} (p {p}, q {q}).",
            index=float(found.index[kind]),
            expected=float(found.expected_index[kind]),
            p=float(found.p[kind]),
            q=float(self.q[kind]),
        )
        if found.index[kind] > 0:
            yield say("Most of its ties lead to others, yet fewer than chance would give.")
        yield from self._mixing(kind)
        bridges = self.bridges(kind)
        if not len(bridges):
            yield say("None of its actors is tied to another kind.")
        else:
            first = (self.ties.actors[who] for who in bridges[:_BRIDGES])
            yield count(
                "{number} of its actors is tied to another kind: {names}.",
                "{number} of its actors are tied to other kinds; with most such ties: {names}.",
                len(bridges),
                names=name_or_count(self.scope, first, may_be_named),
            )

    def _mixing(self, kind: int) -> Iterator[Sentence]:
        """Say how many ties there are with each other kind, the most first; and with which there is none."""
        found = self.homophily
        others = [other for other in range(len(found.groups)) if other != kind]
        others.sort(key=lambda other: (-int(found.mixing[kind, other]), str(found.groups[other])))
        tied = [other for other in others if found.mixing[kind, other]]
        none = [Name(str(found.groups[other])) for other in others if not found.mixing[kind, other]]
        if tied:
            numbers = (
                say(
                    "{kind} {number}",
                    kind=Name(str(found.groups[other])),
                    number=int(found.mixing[kind, other]),
                )
                for other in tied
            )
            yield say("Ties with other kinds: {numbers}.", numbers=Listed(tuple(numbers), ordered=True))
        if none:
            yield say("No recorded tie with: {kinds}.", kinds=Listed(tuple(none)))

    def _evidence(self, kind: int) -> Iterator[Fact]:
        """Yield the bridges, else the members, that may be named; of others the work that ties them to each other."""
        members = np.flatnonzero(self.members(kind))
        outward = self.outward(kind)
        ties = np.asarray(self.ties.network.simple.sum(axis=1)).ravel()
        bridges = self.bridges(kind)
        named = 0
        for who in bridges[:_BRIDGES] if len(bridges) else members:
            actor = self.ties.actors[int(who)]
            if may_be_named(self.scope, actor):
                named += 1
                role = say("bridge") if len(bridges) else say("member of the kind")
                detail = say(
                    "{ties} ties, {others} with other kinds", ties=int(ties[who]), others=int(outward[who])
                )
                yield Fact(actor, role, Name(actor), detail)
        if not named:
            work = {fact.iri: fact for who in members for fact in self.ties.work_facts(int(who))}
            for iri in sorted(work):
                yield Fact(
                    iri, say("work of this kind of actor"), Name(iri), work[iri].detail, work[iri].dates
                )
