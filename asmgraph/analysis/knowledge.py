"""What is known, who holds it, whom it reached: the part of a snapshot that the kinds on knowledge read.

Statements enter as texts by thing and property, as :mod:`asmgraph.analysis.projection` pulls them; frozen records
leave. Nothing is inferred from names: an issuer or a giver that is no actor of the graph stays a name.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import TypeAlias

from asmgraph.analysis.periods import Span
from asmgraph.terms import ASM, TIE_KIND

Said: TypeAlias = Mapping[str, Iterable[str]]
"""What is stated of one thing, by the last part of the property."""
Spans: TypeAlias = Callable[[str, Iterable[str]], list[Span]]
"""Reads the dates of a thing, the earliest first."""
_ITEMS = frozenset(str(kind) for kind in (ASM.KnowledgeItem, ASM.Document, ASM.Claim))
_SHARING = str(TIE_KIND["data-sharing"])


@dataclass(frozen=True)
class Item:
    """One knowledge item that is no policy; ``holders`` have it or employ an author of it.

    ``of`` is whose document it is: an actor, an intervention or a result.
    """

    iri: str
    evidence: frozenset[str]
    access: frozenset[str]
    holders: frozenset[str]
    of: frozenset[str]
    derived_from: frozenset[str]
    places: frozenset[str]
    themes: frozenset[str]
    date: Span | None


@dataclass(frozen=True)
class Policy:
    """One policy; ``issuers`` are actors, ``issuer_names`` those that are none in the graph."""

    iri: str
    issuers: frozenset[str]
    issuer_names: frozenset[str]
    levels: frozenset[str]
    cites: frozenset[str]
    places: frozenset[str]
    themes: frozenset[str]
    date: Span | None


@dataclass(frozen=True)
class Flow:
    """That knowledge passed; ``named`` says that its giver is a name and no actor of the graph."""

    iri: str
    items: frozenset[str]
    givers: frozenset[str]
    named: bool
    intermediaries: frozenset[str]
    receivers: frozenset[str]
    policies: frozenset[str]
    stages: frozenset[str]
    date: Span | None


@dataclass(frozen=True)
class Study:
    """One study; ``date`` is that of itself, else that of what it is reported in."""

    iri: str
    designs: frozenset[str]
    areas: frozenset[str]
    reports: frozenset[str]
    places: frozenset[str]
    themes: frozenset[str]
    date: Span | None


@dataclass(frozen=True)
class Claim:
    """That one thing acts on another, according to a source."""

    iri: str
    causes: frozenset[str]
    effects: frozenset[str]
    studies: frozenset[str]


@dataclass(frozen=True)
class Sharing:
    """A tie by which one party shares data with another."""

    iri: str
    givers: frozenset[str]
    receivers: frozenset[str]
    date: Span | None


@dataclass(frozen=True)
class Channel:
    """One step on which knowledge passed to an actor or into a policy; ``tie`` says that a tie is all that shows it."""

    giver: str
    receiver: str
    statement: str
    since: dt.date | None
    tie: bool = False


@dataclass(frozen=True)
class Knowledge:
    """What is recorded of knowledge; ``control`` says by actor who decides in it.

    ``outcomes`` are by intervention and area: the results and figures that state it. ``implementing`` are the
    participations of those who carry an intervention out.
    """

    items: Mapping[str, Item] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    flows: tuple[Flow, ...] = ()
    studies: tuple[Study, ...] = ()
    claims: tuple[Claim, ...] = ()
    sharing: tuple[Sharing, ...] = ()
    control: Mapping[str, frozenset[str]] = field(default_factory=dict)
    outcomes: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    implementing: frozenset[str] = frozenset()

    @cached_property
    def flows_of(self) -> Mapping[str, tuple[Flow, ...]]:
        """Return the flows of each item."""
        found: dict[str, list[Flow]] = defaultdict(list)
        for flow in self.flows:
            for item in flow.items:
                found[item].append(flow)
        return {item: tuple(flows) for item, flows in found.items()}

    def origin(self, item: str) -> frozenset[str]:
        """Return who holds an item or gave it on; where nobody is recorded, who did so of what it derives from."""
        known: set[str] = set()
        seen, waiting = {item}, [item]
        while waiting:
            one = waiting.pop()
            record = self.items.get(one)
            found = set(record.holders | record.of) if record else set()
            found.update(*(flow.givers for flow in self.flows_of.get(one, ())))
            known |= found
            new = record.derived_from - seen if record and not found else frozenset[str]()
            seen |= new
            waiting += sorted(new)
        return frozenset(known)

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        """Return every step on which knowledge is recorded to have passed, in order.

        A flow with intermediaries passes through one of them: their order is not recorded. What a policy cites
        comes from whoever holds it or gave it on. Whoever derived an item from another had that from its holders.
        """
        found = {
            Channel(giver, receiver, iri, date.first if date else None, tie)
            for givers, receivers, iri, date, tie in self._passed()
            for giver, receiver in product(givers, receivers)
            if giver != receiver
        }
        return tuple(sorted(found, key=lambda one: (one.giver, one.receiver, one.statement, str(one.since))))

    def _passed(self) -> Iterator[tuple[frozenset[str], frozenset[str], str, Span | None, bool]]:
        for flow in self.flows:
            givers = flow.givers
            if not givers and not flow.named:
                givers = frozenset[str]().union(*map(self.origin, flow.items))
            ends = flow.receivers | flow.policies
            yield givers, flow.intermediaries or ends, flow.iri, flow.date, False
            yield flow.intermediaries, ends, flow.iri, flow.date, False
        for policy in self.policies.values():
            for cited in policy.cites:
                yield self.origin(cited), frozenset({policy.iri}), policy.iri, policy.date, False
        for item in self.items.values():
            for source in item.derived_from:
                yield self.origin(source), item.holders, item.iri, item.date, False
        for tie in self.sharing:
            yield tie.givers, tie.receivers, tie.iri, tie.date, True


def read_knowledge(
    stated: Mapping[str, Said],
    spans: Spans,
    outcomes: Mapping[str, Mapping[str, frozenset[str]]],
    implementing: frozenset[str],
) -> Knowledge:
    """Return the records of what is stated, in the order of their IRIs.

    Parameters
    ----------
    stated
        By thing and the last part of a property, the values as texts.
    spans
        Reads dates, and remembers those that are none.
    outcomes, implementing
        As :class:`Knowledge` holds them.
    """
    things = {iri: _Thing(iri, said, spans) for iri, said in sorted(stated.items())}
    policies = {iri: _policy(one) for iri, one in things.items() if str(ASM.Policy) in one("type")}
    items = {iri: _item(one) for iri, one in things.items() if one("type") & _ITEMS and iri not in policies}
    studies = (one for one in things.values() if str(ASM.Study) in one("type"))
    return Knowledge(
        items,
        policies,
        tuple(_flow(one) for one in things.values() if str(ASM.KnowledgeFlow) in one("type")),
        tuple(_study(one, items) for one in studies),
        tuple(
            Claim(one.iri, one("cause"), one("effect"), one("claimOf"))
            for one in things.values()
            if str(ASM.Claim) in one("type")
        ),
        tuple(
            Sharing(one.iri, one("fromParty"), one("toParty"), one.date("startDate", "date"))
            for one in things.values()
            if _SHARING in one("tieKind")
        ),
        {iri: control for iri, one in things.items() if (control := one("controlledBy"))},
        outcomes,
        implementing,
    )


@dataclass(frozen=True)
class _Thing:
    """What is stated of one thing."""

    iri: str
    said: Said
    spans: Spans

    def __call__(self, *properties: str) -> frozenset[str]:
        """Return the values of properties."""
        return frozenset(value for name in properties for value in self.said.get(name, ()))

    def date(self, *properties: str) -> Span | None:
        """Return the earliest date of the first property that has one."""
        for name in properties:
            if found := self.spans(self.iri, sorted(self(name))):
                return found[0]
        return None


def _item(one: _Thing) -> Item:
    return Item(
        one.iri,
        one("evidenceType"),
        one("access"),
        one("heldBy", "affiliation"),
        one("documentOf"),
        one("wasDerivedFrom"),
        one("place"),
        one("theme"),
        one.date("date"),
    )


def _policy(one: _Thing) -> Policy:
    return Policy(
        one.iri,
        one("issuedBy"),
        one("issuerName"),
        one("policyLevel"),
        one("citesAsEvidence"),
        one("place"),
        one("theme"),
        one.date("date"),
    )


def _flow(one: _Thing) -> Flow:
    return Flow(
        one.iri,
        one("knowledgeItem"),
        one("fromActor"),
        bool(one("fromName")),
        one("intermediary"),
        one("toActor"),
        one("toPolicy"),
        one("uptakeStage"),
        one.date("date"),
    )


def _study(one: _Thing, items: Mapping[str, Item]) -> Study:
    reports = one("reportedIn")
    dates = [date for iri in sorted(reports) if iri in items and (date := items[iri].date)]
    return Study(
        one.iri,
        one("studyDesign"),
        one("outcomeArea"),
        reports,
        one("place"),
        one("theme"),
        one.date("date", "endDate") or max(dates, default=None),
    )
