"""What points at a thing: all of it, in the order of IRIs, and a page of it as a reader sees it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from api.routes.names import LABELS, TYPE, Name, best, classes, gathered, property_name
from asmgraph.messages import translations
from asmgraph.store import select
from asmgraph.store.snapshots import Snapshot, kept_with_snapshot
from asmgraph.terms import ASM

PAGE_SIZE = 200

Pointer = tuple[str, tuple[str, ...]]
"""Who points, and by which properties."""

_ROLES = (str(ASM.role), str(ASM.tieKind))


@dataclass(frozen=True)
class Incoming:
    """Something that points at the thing, what else it joins, and in which role."""

    name: Name
    properties: tuple[Name, ...]
    peers: tuple[Name, ...]
    roles: tuple[Name, ...]


Groups = tuple[tuple[Name, tuple[Incoming, ...]], ...]
"""Entries by the class of what points."""


@kept_with_snapshot(8)
def pointers(snapshot: Snapshot, iri: str) -> tuple[Pointer, ...]:
    """Return the things and concepts that point at one thing, in the order of their IRIs."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in select.select(snapshot, "page-incoming", {"thing": NamedNode(iri)}):
        found[row["other"] or ""].append(row["property"] or "")
    return tuple((other, tuple(sorted(found[other]))) for other in sorted(found))


def shown(snapshot: Snapshot, iri: str, entries: Sequence[Pointer], language: str) -> Groups:
    """Return some of the pointers at a thing, successive ones, named and grouped.

    One query answers for all of them, as a query for each made pages of much used concepts slow.
    """
    if not entries:
        return ()
    known = _details(snapshot, iri, entries[0][0], entries[-1][0])
    groups: dict[Name, list[Incoming]] = defaultdict(list)
    for other, properties in entries:
        joined = known.joined[other]
        roles = {role for link in _ROLES for role in joined.get(link, ())}
        peers = {peer for link in joined if link not in (*_ROLES, TYPE) for peer in joined[link]} - {iri}
        kinds = classes(snapshot, joined.get(TYPE, ()), language)
        groups[kinds[0] if kinds else _concept(language)].append(
            Incoming(
                best(known.labels.get(other, {}), other, language),
                tuple(property_name(snapshot, one, language) for one in properties),
                known.named(peers, language),
                known.named(roles, language),
            )
        )
    return tuple(
        (group, tuple(sorted(found, key=_by_name)))
        for group, found in sorted(groups.items(), key=lambda item: item[0].text.casefold())
    )


@dataclass(frozen=True)
class _Details:
    """What each joins by which property, and the labels of all of it by language."""

    joined: dict[str, dict[str, set[str]]]
    labels: dict[str, dict[str, str]]

    def named(self, iris: Iterable[str], language: str) -> tuple[Name, ...]:
        names = (best(self.labels.get(iri, {}), iri, language) for iri in iris)
        return tuple(sorted(names, key=lambda name: (name.text.casefold(), name.href)))


@kept_with_snapshot(32)
def _details(snapshot: Snapshot, iri: str, first: str, last: str) -> _Details:
    bindings: dict[str, select.Term] = {
        "thing": NamedNode(iri),
        "first": Literal(first),
        "last": Literal(last),
    }
    joined: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    labels: list[tuple[str, select.Term | None]] = []
    for row in select.terms(snapshot, "page-incoming-details", bindings):
        other, link, value = row["other"], row["link"], row["value"]
        assert isinstance(other, NamedNode) and isinstance(link, NamedNode)
        if link.value in LABELS:
            labels.append((other.value, value))
        elif isinstance(value, NamedNode):
            joined[other.value][link.value].add(value.value)
            labels.append((value.value, row["label"]))
    return _Details(joined, gathered(labels))


def _concept(language: str) -> Name:
    return Name(translations(language).gettext("concept"))


def _by_name(incoming: Incoming) -> tuple[list[str], str]:
    return [one.text.casefold() for one in incoming.properties], incoming.name.text.casefold()
