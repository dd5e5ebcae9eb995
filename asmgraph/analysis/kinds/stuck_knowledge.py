"""Stuck knowledge: knowledge items from which no recorded path of use leads to a policy, by place and theme.

A row is what one briefing could hold: the items of a country (at the level asked) on one theme. Used is an item that a
policy cites, that a flow brought into a policy, or of which a flow says that somebody worked by it, cited, enacted or
carried it out; so is what such an item derives from, and every other item of the same study. A flow of which it is
said only that the item was received, by a policy as well, is no use: it is the last hop, which the row shows.
Items that are recorded for a place above the level, or for none, make rows of their own; so do those on no theme.
Claims of a study stand with the documents of the study and are not counted again. Policies are no items here.

Only items count of which a source looked for citations by policies, over their whole time: an undated item says
nothing where the search has a beginning. That an item was not read, or that it ought to be used, is not claimed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from asmgraph.analysis import coverage, needs
from asmgraph.analysis.facts import Coverage
from asmgraph.analysis.findings import (
    CONFIDENCE,
    Fact,
    Finding,
    Ranking,
    Severity,
    Unsaid,
    of_actors,
    of_people,
)
from asmgraph.analysis.knowledge import Flow, Item, Policy
from asmgraph.analysis.scope import Scope
from asmgraph.analysis.sentences import N_, Listed, Name, Sentence, Text, count, say
from asmgraph.terms import ACTOR_TYPE, ASM, EVIDENCE_TYPE, POLICY_LEVEL, UPTAKE_STAGE

KIND = "stuck-knowledge"
_RECEIVED = str(UPTAKE_STAGE["received"])
_TESTIMONY = str(EVIDENCE_TYPE["community-testimony"])
_GOVERNMENT = str(ACTOR_TYPE["government"])
_INTERNATIONAL = str(POLICY_LEVEL["international"])
_MINERS = frozenset(
    {
        *(str(kind) for kind in (ASM.MinerGroup, ASM.Community)),
        *(str(ACTOR_TYPE[kind]) for kind in ("miners-association", "cooperative", "community")),
    }
)
_TYPES = str(ACTOR_TYPE["ngo"]).removesuffix("ngo")


@dataclass(frozen=True)
class _Cell:
    """A place and theme, empty where none is recorded, with the items on it without a use; ``all`` with those used."""

    place: str
    theme: str
    stuck: tuple[str, ...]
    all: int
    miners: int
    searches: tuple[Coverage, ...]


def rank(scope: Scope) -> Ranking:
    """Rank places and themes: the most severe first; then most items from miners, most items."""
    used = _used(scope)
    cells: list[tuple[_Cell, Severity]] = []
    silences: list[Unsaid] = []
    undated: set[str] = set()
    for (place, theme), items in sorted(_items(scope).items()):
        searches = coverage.searches_at(
            scope.projection, "policy-citations", place or None, theme or None, scope.as_of
        )
        judged = [item for item in items if any(_covers(entry, item) for entry in searches)]
        if not searches:
            reason = say("No search for what policies cite is documented.")
            silences.append(Unsaid(place, theme, reason))
        undated |= {item.iri for item in items if item.date is None and item not in judged and searches}
        stuck = tuple(sorted(item.iri for item in judged if item.iri not in used))
        if stuck:
            miners = sum(_from_miners(scope, iri) for iri in stuck)
            cell = _Cell(place, theme, stuck, len(judged), miners, searches)
            cells.append((cell, _severity(scope, cell)))
    cells.sort(key=lambda pair: _order(*pair))
    return Ranking(
        len(cells),
        lambda number: (cells[number][0].place, cells[number][0].theme),
        lambda number: _finding(scope, *cells[number]),
        (*silences, *_undated(len(undated))),
    )


def _order(cell: _Cell, severity: Severity) -> tuple[object, ...]:
    known = severity.value
    return known is None, -(known or 0), -cell.miners, -len(cell.stuck), cell.place, cell.theme


def _undated(number: int) -> Iterator[Unsaid]:
    if number:
        yield Unsaid(
            "",
            "",
            count(
                "{number} knowledge item has no date, and the search for what policies cite has a beginning.",
                "{number} knowledge items have no date, and the search for what policies cite has a beginning.",
                number,
            ),
        )


def _severity(scope: Scope, cell: _Cell) -> Severity:
    where = {(cell.place, cell.theme)} if cell.place and cell.theme else set[tuple[str, str]]()
    people = needs.people(scope, where)
    authors = len({author for iri in cell.stuck for author in _authors(scope, iri)})
    return Severity(
        needs.share_with_need(scope, where),
        len(cell.stuck) / cell.all,
        of_people(people[0]) if people else of_actors(authors) if authors else None,
        scale_high=of_people(people[1]) if people else None,
    )


def _items(scope: Scope) -> dict[tuple[str, str], list[Item]]:
    """Return the items that there were on the day, by place at the level asked and by theme, within what is asked."""
    projection = scope.projection
    knowledge = projection.knowledge
    reported = {study.iri for study in knowledge.studies if study.reports & knowledge.items.keys()}
    written_up = {claim.iri for claim in knowledge.claims if claim.studies & reported}
    themes = None if scope.theme is None else projection.types_of(scope.theme)
    found: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in knowledge.items.values():
        if item.iri in written_up or not _in_time(scope, item):
            continue
        inside = [place for place in item.places if projection.lies_in(place, scope.place)]
        areas = {area for place in inside for area in projection.at_level(place, scope.level) or {place}}
        about = item.themes if themes is None else item.themes & themes
        if not item.places and scope.place is None:
            areas = {""}
        for area in areas:
            for theme in about or ({""} if themes is None else ()):
                found[area, theme].append(item)
    return found


def _in_time(scope: Scope, item: Item) -> bool:
    if item.date is None:
        return scope.since is None
    return item.date.first <= scope.as_of and (scope.since is None or item.date.last >= scope.since)


def _covers(entry: Coverage, item: Item) -> bool:
    """Return whether a search began early enough to have found every use of an item."""
    return entry.start is None or (item.date is not None and item.date.first >= entry.start.first)


def _used(scope: Scope) -> frozenset[str]:
    """Return the items of which a use is recorded up to the day, with what they derive from and their studies."""
    knowledge = scope.projection.knowledge
    used = {
        item
        for policy in knowledge.policies.values()
        if policy.date is None or policy.date.first <= scope.as_of
        for item in policy.cites
    }
    used |= {item for flow in _past(scope, knowledge.flows) if _is_use(flow) for item in flow.items}
    waiting = sorted(used)
    while waiting:
        item = knowledge.items.get(waiting.pop())
        new = item.derived_from - used if item else frozenset[str]()
        used |= new
        waiting += sorted(new)
    claims: dict[str, set[str]] = defaultdict(set)
    for claim in knowledge.claims:
        for iri in claim.studies:
            claims[iri].add(claim.iri)
    of_studies = [study.reports | claims[study.iri] for study in knowledge.studies]
    return frozenset(used).union(*(items for items in of_studies if items & used))


def _past(scope: Scope, flows: tuple[Flow, ...]) -> Iterator[Flow]:
    return (flow for flow in flows if flow.date is None or flow.date.first <= scope.as_of)


def _is_use(flow: Flow) -> bool:
    return bool(flow.stages - {_RECEIVED}) or bool(flow.policies and not flow.stages)


def _authors(scope: Scope, iri: str) -> frozenset[str]:
    """Return the actors that an item is held by or of, or that gave it on."""
    item = scope.projection.knowledge.items[iri]
    known = item.holders | item.of
    flows = scope.projection.knowledge.flows_of.get(iri, ())
    return known.union(*(flow.givers for flow in flows)) & scope.projection.actors.keys()


def _from_miners(scope: Scope, iri: str) -> bool:
    item = scope.projection.knowledge.items[iri]
    actors = scope.projection.actors
    return _TESTIMONY in item.evidence or any(actors[author] & _MINERS for author in _authors(scope, iri))


def _finding(scope: Scope, cell: _Cell, severity: Severity) -> Finding:
    policies = list(_policies(scope, cell))
    offices = sorted(_offices(scope, cell, policies))
    found = coverage.best(cell.searches)
    items = scope.projection.knowledge.items
    return Finding(
        KIND,
        tuple(_explanation(scope, cell, policies)),
        _action(offices, policies),
        CONFIDENCE[found],
        say("citations by policies searched: {found}", found=say(found)),
        tuple(_evidence(scope, cell, policies)),
        actors=tuple(offices),
        places=(cell.place,) if cell.place else (),
        themes=(cell.theme,) if cell.theme else (),
        scope=(cell.place, cell.theme),
        observed=float(len(cell.stuck)),
        effect=len(cell.stuck) / cell.all,
        severity=severity,
        newest_evidence=max((date.last for iri in cell.stuck if (date := items[iri].date)), default=None),
    )


def _action(offices: list[str], policies: list[Policy]) -> Sentence:
    if offices:
        return say(
            "Check the record with those who hold the knowledge; then brief an office: {offices}.",
            offices=Listed(tuple(map(Name, offices)), "; "),
        )
    names = sorted({name for policy in policies for name in policy.issuer_names})
    if names:
        text = N_(
            "Check the record with those who hold the knowledge; then brief who issued a policy on it: {offices}."
        )
        return say(text, offices=Listed(tuple(names), "; "))
    return say(
        "Check the record with those who hold the knowledge; then find the office that decides on it, and brief it."
    )


def _policies(scope: Scope, cell: _Cell) -> Iterator[Policy]:
    """Yield the policies on the theme that apply to the place; where no place is recorded, the international ones."""
    projection = scope.projection
    themes = projection.types_of(cell.theme) | projection.broader.get(cell.theme, frozenset()) | {cell.theme}
    for policy in projection.knowledge.policies.values():
        if not cell.theme or not policy.themes & themes:
            continue
        if policy.date is not None and policy.date.first > scope.as_of:
            continue
        around = projection.places_above(cell.place) if cell.place else frozenset[str]()
        if policy.places & around if cell.place else _INTERNATIONAL in policy.levels:
            yield policy


def _offices(scope: Scope, cell: _Cell, policies: list[Policy]) -> set[str]:
    """Return the public bodies of the country that issued one of the policies; with no place, all issuers."""
    projection = scope.projection
    issuers = {issuer for policy in policies for issuer in policy.issuers if scope.may_name(issuer)}
    if not cell.place:
        return issuers
    countries = projection.countries(cell.place)
    return {
        issuer
        for issuer in issuers
        if _GOVERNMENT in projection.actors[issuer] and projection.home(issuer) & countries
    }


def _explanation(scope: Scope, cell: _Cell, policies: list[Policy]) -> Iterator[Sentence]:
    yield count(
        "{number} knowledge item on {theme} in {place}, of {all} looked at, has no recorded path of use to a policy.",
        "{number} knowledge items on {theme} in {place}, of {all} looked at, have no recorded path of use to a policy.",
        len(cell.stuck),
        all=cell.all,
        theme=Name(cell.theme) if cell.theme else say("no recorded theme"),
        place=Name(cell.place) if cell.place else say("no recorded place"),
    )
    yield say("By kind of author: {kinds}.", kinds=_counted(_kinds_of_authors(scope, cell)))
    items = scope.projection.knowledge.items
    access = Counter(next(iter(sorted(items[iri].access)), "") for iri in cell.stuck)
    yield say("By access: {kinds}.", kinds=_counted(access))
    if cell.miners:
        yield count(
            "{number} is held by miners' groups or communities, or is their testimony.",
            "{number} are held by miners' groups or communities, or are their testimony.",
            cell.miners,
        )
    received = sum(bool(_last_hops(scope, iri)) for iri in cell.stuck)
    if received:
        yield count(
            "{number} is recorded as received, and not as used.",
            "{number} are recorded as received, and not as used.",
            received,
        )
    if policies:
        yield say(
            "Policies on the theme there: {policies}.",
            policies=Listed(tuple(Name(policy.iri) for policy in policies), "; "),
        )


def _kinds_of_authors(scope: Scope, cell: _Cell) -> Counter[str]:
    """Count the items by the kinds of actor that they come from; one of several kinds counts in each."""
    actors = scope.projection.actors
    kinds: Counter[str] = Counter()
    for iri in cell.stuck:
        found = {
            kind for author in _authors(scope, iri) for kind in actors[author] if kind.startswith(_TYPES)
        }
        kinds.update(found or {""})
    return kinds


def _counted(kinds: Counter[str]) -> Text:
    """Return how many there are of each kind, the most first; the empty one is not recorded."""
    ordered = sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))
    return Listed(
        tuple(
            say("{kind} {number}", kind=Name(kind) if kind else say("not recorded"), number=number)
            for kind, number in ordered
        ),
        ordered=True,
    )


def _last_hops(scope: Scope, iri: str) -> list[Flow]:
    """Return the flows by which an item went as far as it is recorded to have gone."""
    return list(_past(scope, scope.projection.knowledge.flows_of.get(iri, ())))


def _hop(scope: Scope, flow: Flow) -> Text:
    """Return whom a flow reached, by name as far as it may be named."""
    reached = [iri for iri in sorted(flow.receivers | flow.policies) if _may_name(scope, iri)]
    if reached:
        return say("received by {names}", names=Listed(tuple(map(Name, reached))))
    return say("received, by whom is not named here")


def _may_name(scope: Scope, iri: str) -> bool:
    return iri in scope.projection.knowledge.policies or scope.may_name(iri)


def _evidence(scope: Scope, cell: _Cell, policies: list[Policy]) -> Iterator[Fact]:
    items = scope.projection.knowledge.items
    for iri in cell.stuck:
        item, flows = items[iri], _last_hops(scope, iri)
        hops: list[Text] = [_hop(scope, flow) for flow in flows] or [say("received by nobody on record")]
        detail: tuple[Text, ...] = (
            *map(Name, sorted(item.evidence | item.access)),
            *hops,
        )
        year: Text = str(item.date.first.year) if item.date else say("year not stated")
        yield Fact(iri, say("no recorded use"), Name(iri), Listed(detail, "; ", ordered=True), year)
        for flow in flows:
            ends = flow.givers | flow.intermediaries | flow.receivers
            if all(map(scope.may_name, ends)) and not flow.named:
                yield Fact(flow.iri, say("last hop"), _hop(scope, flow))
    for policy in policies:
        issuers: tuple[Text, ...] = (
            *map(Name, filter(scope.may_name, sorted(policy.issuers))),
            *sorted(policy.issuer_names),
        )
        yield Fact(policy.iri, say("policy on the theme"), Name(policy.iri), Listed(issuers))
    for graph, title in dict.fromkeys((entry.graph, entry.title) for entry in cell.searches):
        yield Fact(graph, say("source that searched"), title)
