"""Vocabularies as their pages and tables show them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rdflib import Literal
from rdflib.term import Node

from api.routes.names import Name
from api.routes.ontology_views import Grouped, grouped, linked, matched, named, status, text, texts
from asmgraph.messages import LANGUAGES
from asmgraph.ontology import constraints, model, words


@dataclass(frozen=True)
class ConceptView:
    """A concept; ``depth`` is how far below the top of its scheme it stands."""

    concept: model.Concept
    depth: int
    name: Name
    names: tuple[Name, ...]
    definition: Name
    alternatives: tuple[Name, ...]
    examples: tuple[Name, ...]
    broader: tuple[Name, ...]
    narrower: tuple[Name, ...]
    matches: Grouped
    others: Grouped
    sources: tuple[Name, ...]
    replaced_by: tuple[Name, ...]


@dataclass(frozen=True)
class SchemeView:
    """A scheme, and the properties whose values are taken from it."""

    scheme: model.Scheme
    name: Name
    definition: Name
    notes: tuple[Name, ...]
    status: Name | None
    sources: tuple[Name, ...]
    licences: tuple[Name, ...]
    used: tuple[Name, ...]
    concepts: tuple[ConceptView, ...]


@cache
def schemes(language: str) -> tuple[SchemeView, ...]:
    """Return every scheme, sorted by its name in the language."""
    views = (scheme(name, language) for name in model.schemes())
    return tuple(sorted(views, key=lambda view: words.rank(view.name.text)))


@cache
def scheme(name: str, language: str) -> SchemeView:
    """Return one scheme by its name.

    Raises
    ------
    KeyError
        If there is none of that name.
    """
    held = model.schemes()[name]
    used = {
        path
        for ruled in constraints.by_class().values()
        for constraint in ruled
        for path in constraint.paths
        if name in constraint.schemes
    }
    return SchemeView(
        held,
        named(held.iri, language),
        text(held.definitions, language),
        texts(held.notes, language),
        status(held.status, language),
        tuple(named(iri, language) for iri in held.sources),
        tuple(named(iri, language) for iri in held.licences),
        linked(used, language),
        tuple(_concept(one, held, language) for one in held.concepts),
    )


def table(name: str) -> tuple[list[str], list[list[str]]]:
    """Return a scheme as a table: a row a concept, several texts of a cell parted by `` | ``."""
    header = ["concept", "notation", "broader"]
    for aspect in ("label", "alternative", "definition"):
        header += [f"{aspect}_{language}" for language in LANGUAGES]
    rows = []
    for one in model.schemes()[name].concepts:
        row = [one.iri, one.notation, " | ".join(one.broader)]
        for held in (one.labels, one.alternatives, one.definitions):
            row += [" | ".join(held.get(language, ())) for language in LANGUAGES]
        rows.append([*row, " | ".join(one.sources), "true" if one.deprecated else ""])
    return [*header, "source", "deprecated"], rows


def _concept(concept: model.Concept, scheme: model.Scheme, language: str) -> ConceptView:
    shown = text(concept.labels, language)
    others = {one.text: one for one in reversed(texts(concept.labels, language)) if one.text != shown.text}
    return ConceptView(
        concept,
        _depth(concept, scheme),
        named(concept.iri, language),
        tuple(reversed(others.values())),
        text(concept.definitions, language),
        texts(concept.alternatives, language),
        texts(concept.examples, language),
        linked(concept.broader, language),
        linked(concept.narrower, language),
        matched(concept.matches, language),
        grouped(((predicate, _value(value, language)) for predicate, value in concept.others), language),
        tuple(named(iri, language) for iri in concept.sources),
        linked(concept.replaced_by, language),
    )


def _depth(concept: model.Concept, scheme: model.Scheme, seen: frozenset[str] = frozenset()) -> int:
    """Return how far below the top a concept stands, by its longest way there."""
    above = [one for one in scheme.concepts if one.iri in concept.broader and one.iri not in seen]
    return max((1 + _depth(one, scheme, seen | {concept.iri}) for one in above), default=0)


def _value(value: Node, language: str) -> Name:
    if isinstance(value, Literal):
        tag = value.language or ""
        return Name(str(value), tag if tag != language else "")
    return named(str(value), language)
