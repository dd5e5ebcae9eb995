"""Names of things in the reader's language, and where their pages are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from asmgraph.analysis.projection import Projection
from asmgraph.records import ID, VOCAB
from asmgraph.store import select
from asmgraph.store.snapshots import Snapshot


@dataclass(frozen=True)
class Name:
    """What a page writes for a thing.

    Attributes
    ----------
    text
        The name.
    lang
        Its language where that is not the page's; else empty.
    href
        Its page here, or its own http(s) address; empty where there is none to follow.
    """

    text: str
    lang: str = ""
    href: str = ""

    @property
    def external(self) -> bool:
        """Return whether the link leaves this site."""
        return self.href.startswith(("http://", "https://"))


def address(iri: str) -> str:
    """Return where an IRI leads: our own to their pages, other http(s) ones to themselves, the rest nowhere."""
    if iri.startswith(ID):
        return "/doc/" + iri.removeprefix(ID)
    if iri.startswith(VOCAB):
        return "/vocab/" + iri.removeprefix(VOCAB)
    return iri if iri.lower().startswith(("http://", "https://")) else ""


def best(labels: Mapping[str, str], iri: str, language: str) -> Name:
    """Choose among labels by language: the reader's, English, one without language, any; else the IRI's end."""
    for tag in (language, "en", "", *sorted(labels)):
        if labels.get(tag):
            return Name(labels[tag], tag if tag != language else "", address(iri))
    return Name(iri.rstrip("/").replace("#", "/").rsplit("/", 1)[-1], "", address(iri))


def projected(projection: Projection, iri: str, language: str) -> Name:
    """Return the name of a thing that the analyses know."""
    return best(projection.labels.get(iri, {}), iri, language)


def stored(snapshot: Snapshot, iri: str, language: str) -> Name:
    """Return the name of anything in the snapshot."""
    labels: dict[str, str] = {}
    rows = select.terms(snapshot, "page-label", {"thing": NamedNode(iri)})
    for label in sorted((row["label"] for row in rows), key=str):
        if isinstance(label, Literal):
            labels.setdefault(label.language or "", label.value)
    return best(labels, iri, language)
