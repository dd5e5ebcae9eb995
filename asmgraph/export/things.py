"""Read things out of a snapshot one by one, with the graphs that state them and the documents they were read in.

What tables, maps and 3W lists share. Only the graphs of sources are read: not what follows from them by rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, Store

from asmgraph.export.release import Release, describe
from asmgraph.export.whole import Progress
from asmgraph.store.snapshots import Snapshot
from asmgraph.terms import ASM

TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SOURCE = "http://purl.org/dc/terms/source"
PAGE = "http://xmlns.com/foaf/0.1/page"
LABELS = (
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
)
_KEPT_NAMES = 100_000
_KEPT_THINGS = 20_000
SOURCES = (
    "source", "source_page", "source_read", "dataset", "publisher", "licence", "retrieved", "graph",
)  # fmt: skip
"""The columns that say where a row comes from: documents it was read in, and the data sets that hold it."""


@dataclass(frozen=True)
class Thing:
    """What is stated of one thing: values by property, each value with the graphs that state it."""

    iri: str
    stated: Mapping[str, Mapping[NamedNode | Literal, frozenset[str]]]

    @property
    def graphs(self) -> list[str]:
        """Return every graph that states anything of it."""
        return sorted(
            {graph for values in self.stated.values() for held in values.values() for graph in held}
        )

    def values(self, *properties: str) -> list[NamedNode | Literal]:
        """Return the values of some properties, sorted."""
        found = {value for one in properties for value in self.stated.get(one, ())}
        return sorted(found, key=lambda value: (value.value, str(value)))

    def texts(self, *properties: str) -> list[str]:
        """Return the values of some properties as texts, each once, sorted."""
        return sorted({value.value for value in self.values(*properties)})


class Reader:
    """Reads the things of one snapshot; keeps the names of those that others point at.

    Parameters
    ----------
    language
        Of names, where there is one; else English, else any.
    only
        The name of a source, to read its graphs alone.

    Raises
    ------
    NotFoundError
        If the snapshot holds no such source.
    """

    def __init__(self, snapshot: Snapshot, language: str = "en", only: str = "") -> None:
        self.snapshot = snapshot
        self.language = language
        self.release: Release = describe(snapshot)
        self._store: Store = snapshot.reading.store
        self._sources = self.release.by_graph()
        self.graphs = self.release.source(only).graphs if only else tuple(sorted(self._sources))
        # Dictionaries, as a cache of bound methods would keep the snapshot open until the next garbage collection.
        self._names: dict[str, str] = {}
        self._things: dict[str, Thing] = {}

    def things(self, classes: Iterable[str]) -> list[str]:
        """Return the IRIs of all things of some classes of the ontology, sorted."""
        return sorted(
            {
                quad.subject.value
                for kind in classes
                for graph in self.graphs
                for quad in self._store.quads_for_pattern(None, TYPE, NamedNode(ASM[kind]), NamedNode(graph))
                if isinstance(quad.subject, NamedNode)
            }
        )

    def with_property(self, property_: str) -> list[str]:
        """Return the IRIs of all things that have a property, sorted."""
        return sorted(
            {
                quad.subject.value
                for graph in self.graphs
                for quad in self._store.quads_for_pattern(None, NamedNode(property_), None, NamedNode(graph))
                if isinstance(quad.subject, NamedNode)
            }
        )

    def read(self, iri: str) -> Thing:
        """Return what is stated of a thing; of one that is not there, nothing."""
        stated: dict[str, dict[NamedNode | Literal, set[str]]] = defaultdict(lambda: defaultdict(set))
        for quad in self._store.quads_for_pattern(NamedNode(iri), None, None, None):
            graph = getattr(quad.graph_name, "value", "")
            if graph in self._sources and isinstance(quad.object, NamedNode | Literal):
                stated[quad.predicate.value][quad.object].add(graph)
        return Thing(
            iri,
            {
                name: {value: frozenset(graphs) for value, graphs in values.items()}
                for name, values in sorted(stated.items())
            },
        )

    def statements(self, graph: str) -> Iterator[Quad]:
        """Yield the statements of a graph, those of a subject one after the other."""
        yield from self._store.quads_for_pattern(None, None, None, NamedNode(graph))

    def name(self, iri: str) -> str:
        """Return the name of a thing by its IRI; it is kept."""
        if iri not in self._names:
            if len(self._names) >= _KEPT_NAMES:
                self._names.clear()
            self._names[iri] = self.label(self.read(iri))
        return self._names[iri]

    def thing(self, iri: str) -> Thing:
        """Return what is stated of a thing that others point at; it is kept."""
        if iri not in self._things:
            if len(self._things) >= _KEPT_THINGS:
                self._things.clear()
            self._things[iri] = self.read(iri)
        return self._things[iri]

    def sourced(self, thing: Thing) -> list[str]:
        """Return the cells of :data:`SOURCES` for a thing."""
        documents = [self.thing(iri) for iri in thing.texts(SOURCE)]
        held = {self._sources[graph].name: self._sources[graph] for graph in thing.graphs}
        return [
            joined(self.name(document.iri) for document in documents),
            joined(page for document in documents for page in document.texts(PAGE)),
            joined(day for document in documents for day in document.texts(str(ASM.accessed), str(ASM.date))),
            joined(source.title for source in held.values()),
            joined(source.publisher for source in held.values()),
            joined(source.licence for source in held.values()),
            joined(source.retrieved for source in held.values()),
            joined(thing.graphs),
        ]

    def label(self, thing: Thing) -> str:
        """Return a thing's name in the language chosen, else in English, else any; else the end of its IRI."""
        found: dict[str, str] = {}
        for value in thing.values(*LABELS):
            if isinstance(value, Literal):
                found.setdefault(value.language or "", value.value)
        for tag in (self.language, "en", "", *sorted(found)):
            if found.get(tag):
                return found[tag]
        return thing.iri.rstrip("/").replace("#", "/").rsplit("/", 1)[-1]


def joined(texts: Iterable[str]) -> str:
    """Return texts in one cell, each once, in the order given."""
    return "; ".join(dict.fromkeys(text for text in texts if text))


def counted(entries: Iterable[str], step: str, progress: Progress, total: int) -> Iterator[str]:
    """Yield entries and tell the progress now and then."""
    for number, entry in enumerate(entries, start=1):
        if number % 500 == 0 or number == total:
            progress(step, number, total)
        yield entry
