"""What the published runs know of gaps: since when, until when, what was said of each, and what changed last.

Enters: a snapshot. Leaves: :class:`History` by the address of a gap. Reads the graphs of findings and nothing else; no
analysis reads this.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from asmgraph.analysis.facts import Projection
from asmgraph.analysis.projection import project
from asmgraph.analysis.scope import find_theme
from asmgraph.errors import NotFoundError
from asmgraph.records import VOCAB
from asmgraph.store.select import select, terms
from asmgraph.store.snapshots import Snapshot, kept_with_snapshot

_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_EXPLANATION = "http://purl.org/dc/terms/description"


@dataclass(frozen=True)
class Review:
    """What was said of a gap: a slug of gap-status, the reason, when; by an actor (IRI), or an office (name)."""

    status: str
    why: str
    at: dt.datetime
    actor: str
    office: str


@dataclass(frozen=True)
class History:
    """One gap as the published runs know it.

    Attributes
    ----------
    first, last
        When a run found it first and last, with zone; ``last`` is ``first`` where only its end is published.
    closed
        When the newest run on the same question no longer found it; ``None`` while one finds it.
    graph
        The graph that last says something of it, and its texts.
    concerns
        The places and themes that it names.
    reviews
        What was said of it, the first first.
    stability
        Share of the resamples in which it stayed among the first, as the last run with resamples that found it says.
    """

    iri: str
    first: dt.datetime
    last: dt.datetime
    closed: dt.datetime | None
    graph: str
    concerns: frozenset[str]
    reviews: tuple[Review, ...]
    stability: float | None

    @property
    def status(self) -> str:
        """Return what was last said it is, empty where nothing was."""
        return self.reviews[-1].status if self.reviews else ""

    @property
    def changed(self) -> dt.datetime:
        """Return when it was found first, or closed."""
        return self.closed or self.first


class _Known(NamedTuple):
    """What one graph says of a gap."""

    graph: str
    first: str
    closed: str | None
    stability: str | None


@kept_with_snapshot(1)
def histories(snapshot: Snapshot) -> Mapping[str, History]:
    """Return the history of every gap that a published run knows, by its address."""
    runs = _runs(snapshot)
    order = {graph: number for number, graph in enumerate(runs)}
    newest = {row["question"]: graph for graph, row in runs.items()}
    rows: dict[str, list[_Known]] = defaultdict(list)
    for row in select(snapshot, "gap-history", of_gaps=True):
        if row["graph"] in runs:
            known = _Known(row["graph"] or "", row["first"] or "", row["closed"], row["stability"])
            rows[row["gap"] or ""].append(known)
    concerns: dict[str, set[str]] = defaultdict(set)
    for row in select(snapshot, "gap-concerns", of_gaps=True):
        concerns[row["gap"] or ""].add(row["named"] or "")
    said = _reviews(snapshot)
    return {
        iri: replace(
            _history(iri, sorted(found, key=lambda one: order[one.graph]), runs, set(newest.values())),
            concerns=frozenset(concerns[iri]),
            reviews=said.get(iri, ()),
        )
        for iri, found in rows.items()
    }


def _history(
    iri: str,
    found: list[_Known],
    runs: Mapping[str, Mapping[str, str | None]],
    newest: set[str],
) -> History:
    """Return when a gap was found, by what each graph says of it: when first, and since when no more."""
    first = min(_time(one.first) for one in found)
    seen = [one.graph for one in found if one.closed is None]
    ends = [_time(one.closed) for one in found if one.closed is not None]
    # A run that was removed, or whose statements of it were, may have left no word of its end.
    is_open = any(graph in newest for graph in seen) or not ends
    last = _time(runs[seen[-1]]["ended"] or "") if seen else first
    closed = None if is_open else max(ends)
    resampled = [float(one.stability) for one in found if one.stability is not None]
    stability = resampled[-1] if resampled else None
    return History(iri, first, last, closed, found[-1].graph, frozenset(), (), stability)


@kept_with_snapshot(1)
def _runs(snapshot: Snapshot) -> dict[str, dict[str, str | None]]:
    """Return question and end of each published run, by its graph, the oldest first."""
    return {row["graph"] or "": row for row in select(snapshot, "gap-runs", of_gaps=True)}


def _time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _reviews(snapshot: Snapshot) -> Mapping[str, tuple[Review, ...]]:
    found: dict[str, list[Review]] = defaultdict(list)
    for row in select(snapshot, "gap-reviews", of_gaps=True):
        status = (row["status"] or "").removeprefix(f"{VOCAB}gap-status/")
        review = Review(
            status, row["why"] or "", _time(row["at"] or ""), row["actor"] or "", row["office"] or ""
        )
        found[row["gap"] or ""].append(review)
    return {gap: tuple(reviews) for gap, reviews in found.items()}


def tell(snapshot: Snapshot, history: History, language: str) -> tuple[str, str]:
    """Return label and explanation of a gap, as the last run that states them has them, in a language, else in English.

    Of a gap that closed and whose runs are gone only the label is left.
    """
    order = {graph: number for number, graph in enumerate(_runs(snapshot))}
    texts: dict[str, dict[str, tuple[int, str]]] = {_LABEL: {}, _EXPLANATION: {}}
    for row in terms(snapshot, "gap-statements", {"gap": NamedNode(history.iri)}, of_gaps=True):
        name, value = getattr(row["property"], "value", ""), row["value"]
        if name in texts and isinstance(value, Literal):
            stated = order.get(getattr(row["graph"], "value", ""), -1), value.value
            held = texts[name].get(value.language or "", stated)
            texts[name][value.language or ""] = max(held, stated)
    label, explanation = (
        held.get(language, held.get("en", (0, "")))[1] for held in (texts[_LABEL], texts[_EXPLANATION])
    )
    return label, explanation


def statements(
    snapshot: Snapshot, history: History
) -> list[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
    """Return what the run that last says something of a gap states of it, and what people say of it, as triples."""
    found = []
    rows = terms(snapshot, "gap-statements", {"gap": NamedNode(history.iri)}, of_gaps=True)
    for row in rows:
        name, value = row["property"], row["value"]
        if getattr(row["graph"], "value", "") == history.graph and isinstance(name, NamedNode):
            assert isinstance(value, NamedNode | Literal)
            found.append((NamedNode(history.iri), name, value))
    return found


def newest(snapshot: Snapshot, scope: str, number: int) -> tuple[str, list[History]]:
    """Return the gaps that were found first, or closed, last; the newest first.

    Parameters
    ----------
    scope
        A place (code, slug or IRI) or a theme (slug or IRI) that they must concern; empty for all.

    Returns
    -------
    tuple
        The IRI of the place or theme, empty for all; and at most ``number`` gaps.

    Raises
    ------
    NotFoundError
        If it is neither.
    """
    every = sorted(histories(snapshot).values(), key=lambda one: (one.changed, one.iri), reverse=True)
    if not scope:
        return "", every[:number]
    projection = project(snapshot)
    wanted = _place_or_theme(projection, scope)
    concerned = (one for one in every if wanted in _around(projection, one))
    return wanted, list(islice(concerned, number))


def _place_or_theme(projection: Projection, text: str) -> str:
    try:
        return projection.find_place(text)
    except NotFoundError:
        try:
            return find_theme(projection, text)
        except NotFoundError:
            raise NotFoundError(
                f"There is no place and no theme {text!r}.",
                "Take the code of a country (COD), or the slug of a theme (mercury); /feed.atom has all.",
            ) from None


def _around(projection: Projection, history: History) -> set[str]:
    """Return the places and themes of a gap, and what they lie in or below."""
    above = (
        projection.places_above(one) | projection.broader.get(one, frozenset()) for one in history.concerns
    )
    return set(history.concerns).union(*above)
