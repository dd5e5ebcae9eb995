"""Names of things in the reader's language, and where their pages are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from api.routes.words import PROPERTIES
from asmgraph import terms
from asmgraph.analysis.projection import Projection
from asmgraph.messages import translations
from asmgraph.records import ASM, GRAPH, ID, VOCAB
from asmgraph.store import select
from asmgraph.store.snapshots import Snapshot, kept_with_snapshot

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABELS = (
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
)
ONTOLOGY = ASM.rstrip("#")
_INFERRED = "inferred"
"""The graph of what follows from the others: no source of its own."""
_SUPERCLASSES = frozenset(
    str(terms.ASM[name])
    for name in ("Actor", "Organisation", "Intervention", "KnowledgeItem", "Place", "Result")
)


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
    """Return where an IRI leads: our own to their pages, other http(s) ones to themselves, the rest nowhere.

    >>> address(ASM + "Actor"), address(GRAPH + "places/0123456789ab"), address("mailto:office@example.org")
    ('/ns#Actor', '/catalog/places', '')
    """
    if iri.startswith(ID):
        return "/doc/" + iri.removeprefix(ID)
    if iri.startswith(VOCAB):
        return "/vocab/" + iri.removeprefix(VOCAB)
    if iri.startswith(ASM):
        return "/ns#" + iri.removeprefix(ASM)
    if iri.startswith(GRAPH):
        name = iri.removeprefix(GRAPH).partition("/")[0]
        return f"/catalog/{name}" if name != _INFERRED else "/catalog"
    if iri == ONTOLOGY:
        return "/ns"
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


def gathered(labels: Iterable[tuple[str, select.Term | None]]) -> dict[str, dict[str, str]]:
    """Return labels by IRI and language; where a language has several, the first by the alphabet."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for iri, label in sorted(labels, key=lambda one: (one[0], str(one[1]))):
        if isinstance(label, Literal):
            found[iri].setdefault(label.language or "", label.value)
    return found


@kept_with_snapshot(4_096)
def stored(snapshot: Snapshot, iri: str, language: str) -> Name:
    """Return the name of anything in the snapshot."""
    rows = select.terms(snapshot, "page-label", {"thing": NamedNode(iri)})
    return best(gathered((iri, row["label"]) for row in rows).get(iri, {}), iri, language)


def property_name(snapshot: Snapshot, iri: str, language: str) -> Name:
    """Return the name of a property, which leads nowhere."""
    if iri in PROPERTIES:
        return Name(translations(language).gettext(PROPERTIES[iri]))
    found = stored(snapshot, iri, language)
    return Name(found.text, found.lang)


def classes(snapshot: Snapshot, iris: Iterable[str], language: str) -> tuple[Name, ...]:
    """Return the names of the ontology's classes, the most specific first; others are for machines."""
    own = sorted((iri for iri in iris if iri.startswith(ASM)), key=lambda iri: (iri in _SUPERCLASSES, iri))
    return tuple(stored(snapshot, iri, language) for iri in own)
