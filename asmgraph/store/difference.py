"""What one version of a source states that another does not: things added, changed and not repeated.

Both versions are read as sorted streams, so memory does not grow with them. What a version says of itself (its graph,
its run, its coverage) differs in any case and is left out. A thing that the later version does not repeat has not
ended: nobody says so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from asmgraph.records import GRAPH
from asmgraph.store import ntriples

_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"


class State(StrEnum):
    """What became of a thing from one version to the next."""

    ADDED = "added"
    CHANGED = "changed"
    NOT_REPEATED = "not repeated"


@dataclass(frozen=True)
class Change:
    """One thing whose statements differ: its IRI, class and label, and the N-Triples lines gained and lost."""

    thing: str
    kind: str
    label: str
    state: State
    gained: tuple[str, ...]
    lost: tuple[str, ...]


def changes(before: Iterable[str], after: Iterable[str]) -> Iterator[Change]:
    """Yield the things whose statements differ, sorted by IRI.

    Parameters
    ----------
    before, after
        The N-Triples lines of two versions, each sorted.
    """
    old, new = _by_subject(before), _by_subject(after)
    last, now = next(old, None), next(new, None)
    while last is not None or now is not None:
        if now is None or (last is not None and last[0] < now[0]):
            assert last is not None
            yield _change(last[0], last[1], [])
            last = next(old, None)
        elif last is None or now[0] < last[0]:
            yield _change(now[0], [], now[1])
            now = next(new, None)
        else:
            if last[1] != now[1]:
                yield _change(now[0], last[1], now[1])
            last, now = next(old, None), next(new, None)


def count(found: Iterable[Change]) -> dict[str, dict[str, int]]:
    """Return how many things of each class are in each state: ``{class: {state: things}}``, sorted."""
    counts: Mapping[str, Counter[str]] = defaultdict(Counter)
    for change in found:
        counts[change.kind][change.state.value] += 1
    return {kind: dict(sorted(states.items())) for kind, states in sorted(counts.items())}


def _by_subject(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    for subject, group in groupby(lines, key=ntriples.subject):
        if not subject.startswith(f"<{GRAPH}"):
            yield subject, list(group)


def _change(subject: str, old: list[str], new: list[str]) -> Change:
    state = State.ADDED if not old else State.NOT_REPEATED if not new else State.CHANGED
    said = new or old
    return Change(
        subject[1:-1],
        _local(_first(subject, _TYPE, said)),
        _first(subject, _LABEL, said),
        state,
        tuple(sorted(set(new) - set(old))),
        tuple(sorted(set(old) - set(new))),
    )


def _first(subject: str, predicate: str, lines: Iterable[str]) -> str:
    """Return the first value of a predicate without its quotes, brackets and language."""
    start = f"{subject} {predicate} "
    value = next((line[len(start) : -2] for line in lines if line.startswith(start)), "")
    return value[1 : value.rindex('"')] if value.startswith('"') else value[1:-1]


def _local(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1] or "thing"
