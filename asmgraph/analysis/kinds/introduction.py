"""Best introductions: the few new ties that bring the actors of a scope nearest to each other.

Chosen one after the other, each the best once those before it are made. Every other one, from the first on, is what
most adds to the reach from miners' groups to public bodies: the pairs of one and the other that have a path of ties
between them; as long as any adds. The others are what most raises the harmonic efficiency of the network: the mean
reciprocal distance of its pairs. Each row says what was before and what would be after it, with those above it made;
so a row without those above it is worth something else.

Introduced are actors that may be a party and share a place and theme; where no such pair helps any more, those that
share a place. In public never two local groups. Places and themes with more actors than are ever paired
(``max_cell``) do not count.

Assumed: a tie that is made holds, and knowledge passes along any tie both ways. That actors shared a place and theme
does not say that they were there at the same time: the periods stand in the evidence. No bound is claimed: ten other
ties together may be better than these ten, as efficiency is not submodular. Above 256 actors the ties within a
component are compared by a sample of distances; what is said of before and after is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from asmgraph.analysis.findings import CONFIDENCE, Fact, Finding, Ranking, Severity, of_actors
from asmgraph.analysis.measures.introductions import Candidates, Introduction, choose_introductions
from asmgraph.analysis.measures.network import Booleans, Matrix
from asmgraph.analysis.naming import MINERS, POLICY, is_local
from asmgraph.analysis.networks.actors import (
    ActorNetwork,
    asked_of,
    network_of,
    newest_of,
    searched,
    silences,
)
from asmgraph.analysis.scope import Scope
from asmgraph.analysis.sentences import N_, Listed, Name, Sentence, Text, count, say

KIND = "introduction"
_MADE = 10
"""So many introductions are chosen where no number is asked for."""


def rank(scope: Scope) -> Ranking:
    """Rank the introductions in the order in which they are chosen."""
    made = _Introductions(scope, network_of(scope))
    return Ranking(len(made.chosen), made.key, made.finding, tuple(silences(scope)), tuple(made.notes()))


@dataclass(frozen=True)
class _Introductions:
    """The introductions in a network of actors."""

    scope: Scope
    ties: ActorNetwork

    @cached_property
    def chosen(self) -> list[Introduction]:
        """The introductions, in order."""
        asked = self.scope.parameters
        lists = [self._candidates(self.ties.presence), self._candidates(self._places)]
        return choose_introductions(
            self.ties.network,
            lists,
            _MADE if asked.k is None else asked.k,
            sources=self._of(MINERS),
            targets=self._of(POLICY),
            seed=asked.seed,
        )

    def _of(self, kinds: frozenset[str]) -> Booleans:
        return np.array([bool(kinds & own) for own in self.ties.kinds], dtype=np.bool_)

    @cached_property
    def _places(self) -> Matrix:
        """(n, places), ones where an actor is present."""
        places = self.ties.cells["place"].rank("dense").to_numpy().astype(np.int64) - 1
        shape = (len(places), int(places.max(initial=-1)) + 1)
        cells = sparse.csr_array((np.ones(len(places)), (np.arange(len(places)), places)), shape=shape)
        found = sparse.csr_array(self.ties.presence @ cells)
        found.data = np.ones_like(found.data)
        return found

    def _candidates(self, present: Matrix) -> Candidates:
        """Return the pairs without a tie that are present in a column together, and in how many they are."""
        held = np.asarray(present.sum(axis=0)).ravel() <= self.scope.parameters.max_cell
        some = sparse.csr_array(present[:, np.flatnonzero(held)])
        pairs = sparse.triu(some @ some.T, k=1).tocsr()
        pairs = sparse.csr_array(pairs - pairs.multiply(self.ties.network.simple)).tocoo()
        local = np.array(
            [is_local(self.scope.projection, actor) for actor in self.ties.actors], dtype=np.bool_
        )
        may = pairs.data > 0
        if self.scope.public:
            may &= ~(local[pairs.row] & local[pairs.col])
        rows, columns = pairs.row[may].astype(np.int64), pairs.col[may].astype(np.int64)
        order = np.lexsort((columns, rows))
        return Candidates(rows[order], columns[order], pairs.data[may][order].astype(np.float64))

    def key(self, number: int) -> tuple[str, str]:
        """Return the pair of a row."""
        one = self.chosen[number]
        return self.ties.actors[one.a], self.ties.actors[one.b]

    def notes(self) -> Iterator[Text]:
        """Say what all introductions together would bring."""
        if self.chosen:
            first, last = self.chosen[0], self.chosen[-1]
            yield count(
                "The introduction would raise the harmonic efficiency of the network from {before} % to {after} %.",
                "The {number} introductions together would raise the harmonic efficiency of the network from "
                "{before} % to {after} %.",
                len(self.chosen),
                before=100 * first.efficiency_before,
                after=100 * last.efficiency_after,
            )

    def finding(self, number: int) -> Finding:
        """Make the finding of a row."""
        one, scope = self.chosen[number], self.scope
        ours, theirs = self.key(number)
        cells = self.ties.shared_cells(one.a, one.b)
        places = {place for place, _theme in cells} or self._shared_places(one)
        reach = one.aim == "reach"
        before, after = (
            (float(one.reach_before), float(one.reach_after))
            if reach
            else (one.efficiency_before, one.efficiency_after)
        )
        evidence = tuple(self._evidence(one, cells))
        return Finding(
            KIND,
            tuple(self._explanation(number, cells, places)),
            say(
                "Check with {a} and {b} whether they know each other; if not, introduce them.",
                a=Name(ours),
                b=Name(theirs),
            ),
            CONFIDENCE[self.ties.found],
            searched(self.ties.found),
            evidence,
            actors=(ours, theirs),
            places=tuple(sorted(places)),
            themes=tuple(sorted({theme for _place, theme in cells})),
            subjects=(ours, theirs),
            scope=asked_of(scope),
            observed=before,
            expected=after,
            effect=after - before,
            severity=Severity(
                self.ties.share_in_need(np.array([one.a, one.b])),
                1 - before / after,
                of_actors(one.joined + 1 if one.joined else 2),
            ),
            sampled=one.sampled,
            newest_evidence=newest_of(scope, evidence),
        )

    def _shared_places(self, one: Introduction) -> set[str]:
        return set(self.ties.places[one.a]) & set(self.ties.places[one.b])

    def _explanation(self, number: int, cells: list[tuple[str, str]], places: set[str]) -> Iterator[Sentence]:
        one = self.chosen[number]
        ours, theirs = map(Name, self.key(number))
        if cells:
            where = tuple(
                say("{place}, {theme}", place=Name(place), theme=Name(theme)) for place, theme in cells
            )
            text = N_("No tie between {a} and {b} is recorded; both work or worked in: {where}.")
            yield say(text, a=ours, b=theirs, where=Listed(where, "; "))
        else:
            text = N_(
                "No tie between {a} and {b} is recorded; both work or worked in {places}, on other themes."
            )
            yield say(text, a=ours, b=theirs, places=Listed(tuple(map(Name, sorted(places)))))
        if one.joined:
            yield count(
                "It would join {number} actor to others to which no recorded tie leads.",
                "It would join {number} actors to others to which no recorded tie leads.",
                one.joined,
            )
        if one.reach_after > one.reach_before:
            yield say(
                "Pairs of a miners' group and a public body with a way between them: {before} now, {after} after it.",
                before=one.reach_before,
                after=one.reach_after,
            )
        yield say(
            "Harmonic efficiency of the network: {before} % before it, {after} % after it.",
            before=100 * one.efficiency_before,
            after=100 * one.efficiency_after,
        )
        if number:
            yield say("The introductions listed before it are taken as made.")

    def _evidence(self, one: Introduction, cells: list[tuple[str, str]]) -> Iterator[Fact]:
        for actor in (one.a, one.b):
            yield from self.ties.work_facts(actor, cells)
