"""The ontology as its pages show it: every name and sentence in the reader's language, every term a link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from api.routes.names import ONTOLOGY, Name, address
from api.routes.words import PROPERTIES, STATUSES, TERM_KINDS
from asmgraph.messages import translations
from asmgraph.ontology import constraints, model, words
from asmgraph.ontology.constraints import Constraint
from asmgraph.ontology.context import compact
from asmgraph.ontology.diagrams import OVERVIEW, Diagram, draw
from asmgraph.records import ASM, VOCAB

Grouped = tuple[tuple[Name, tuple[Name, ...]], ...]
"""Values by the name of what they are said by."""


@dataclass(frozen=True)
class Row:
    """What is asked of a property of a class.

    ``names`` are the properties, any of which will do; ``values`` what a value is, as links, and ``said`` as words;
    ``note`` is the constraint's own message where words fail. ``required`` tells that there must be one. ``where`` are
    the properties without which nothing is asked; empty where it is asked in any case.
    """

    names: tuple[Name, ...]
    values: tuple[Name, ...]
    said: tuple[str, ...]
    patterns: tuple[str, ...]
    count: str
    required: bool
    warning: bool
    note: Name | None
    where: tuple[Name, ...]


@dataclass(frozen=True)
class TermView:
    """A class or property; ``used`` are the classes whose members have a property.

    ``rows`` are of the members of a class, or of whatever has a property.
    """

    term: model.Term
    name: Name
    kind: str
    definition: Name
    examples: tuple[Name, ...]
    alternatives: tuple[Name, ...]
    """In the reader's language alone: in all of them the page is too heavy, and the Turtle has them."""
    parents: tuple[Name, ...]
    children: tuple[Name, ...]
    disjoint: tuple[Name, ...]
    domains: tuple[Name, ...]
    ranges: tuple[Name, ...]
    inverses: tuple[Name, ...]
    replaced_by: tuple[Name, ...]
    matches: Grouped
    status: Name | None
    rows: tuple[Row, ...]
    used: tuple[Name, ...]


@dataclass(frozen=True)
class ModuleView:
    """A module with its diagram; its terms are sorted by their names in the reader's language."""

    module: model.Module
    title: Name
    description: Name
    status: Name | None
    diagram: Diagram
    classes: tuple[TermView, ...]
    properties: tuple[TermView, ...]


@dataclass(frozen=True)
class Ontology:
    """What the page of the ontology shows."""

    modules: tuple[ModuleView, ...]
    overview: Diagram
    prefixes: tuple[tuple[str, str], ...]
    licences: tuple[Name, ...]
    creators: tuple[str, ...]


@cache
def ontology(language: str) -> Ontology:
    """Return the whole of it, in a language."""
    held = model.modules()
    return Ontology(
        tuple(modules(language).values()),
        draw(OVERVIEW, language),
        tuple(sorted({(one.prefix, one.namespace) for one in held if one.prefix})),
        linked({licence for one in held for licence in one.licences}, language),
        tuple(sorted({creator for one in held for creator in one.creators})),
    )


@cache
def modules(language: str) -> Mapping[str, ModuleView]:
    """Return the modules by name, in a language."""
    return {one.name: _module(one, language) for one in model.modules()}


def named(iri: str, language: str) -> Name:
    """Return the name of a term, scheme or concept of ours with its address; of others the compact IRI in it.

    A term leads to its entry on the page of its module. What looks like ours and is not there leads nowhere.
    """
    if iri in model.terms():
        term = model.terms()[iri]
        found = _name(term.labels, language, iri)
        return Name(found.text, found.lang, f"/ns/{term.module}#{term.name}")
    held = model.concepts().get(iri) or model.schemes().get(iri.removeprefix(VOCAB))
    if held and held.iri == iri:
        return _name(held.labels, language, iri)
    if iri == ONTOLOGY:
        return Name(translations(language).gettext("this ontology"), "", address(iri))
    if iri in PROPERTIES:
        said = translations(language).gettext(PROPERTIES[iri])
        return Name(f"{said} ({compact(iri)})", "", address(iri))
    return Name(compact(iri), "", "" if iri.startswith((ASM, VOCAB)) else address(iri))


def linked(iris: Iterable[str], language: str) -> tuple[Name, ...]:
    """Return the names of several, sorted."""
    return tuple(
        sorted((named(iri, language) for iri in iris), key=lambda name: (words.rank(name.text), name.href))
    )


def texts(held: model.Texts, language: str) -> tuple[Name, ...]:
    """Return all texts, those in the reader's language first, each with its language where that is another."""
    order = sorted(held, key=lambda tag: (tag != language, tag))
    return tuple(Name(text, tag if tag != language else "") for tag in order for text in held[tag])


def text(held: model.Texts, language: str) -> Name:
    """Return one text: the reader's, else the English, else any."""
    found, tag = words.best(held, language)
    return Name(found, tag if tag != language else "")


def matched(held: Iterable[model.Match], language: str) -> Grouped:
    """Return what something is in other vocabularies, by how it corresponds; names there are in English."""
    tag = "en" if language != "en" else ""
    return grouped(
        ((one.predicate, Name(f"{one.label} ({one.prefix})", tag, address(one.iri))) for one in held),
        language,
    )


def grouped(pairs: Iterable[tuple[str, Name]], language: str) -> Grouped:
    """Gather values by their predicate, an IRI."""
    found: dict[str, list[Name]] = {}
    for predicate, name in pairs:
        found.setdefault(predicate, []).append(name)
    texts = translations(language)
    return tuple(
        (
            Name(texts.gettext(PROPERTIES[iri])) if iri in PROPERTIES else named(iri, language),
            tuple(names),
        )
        for iri, names in found.items()
    )


def status(said: str, language: str) -> Name | None:
    """Return what is said of the translations, in the reader's language where the words are known."""
    if not said:
        return None
    if said in STATUSES:
        return Name(translations(language).gettext(STATUSES[said]))
    return Name(said, "en" if language != "en" else "")


def _name(labels: model.Texts, language: str, iri: str) -> Name:
    found = text(labels, language)
    return Name(found.text or compact(iri), found.lang, address(iri))


def _module(module: model.Module, language: str) -> ModuleView:
    return ModuleView(
        module,
        text(module.titles, language),
        text(module.descriptions, language),
        status(module.status, language),
        draw(module.name, language),
        _sorted(module.classes, language),
        _sorted(module.properties, language),
    )


def _sorted(held: Iterable[model.Term], language: str) -> tuple[TermView, ...]:
    views = (_term(term, language) for term in held)
    return tuple(sorted(views, key=lambda view: (words.rank(view.name.text), view.term.iri)))


def _term(term: model.Term, language: str) -> TermView:
    return TermView(
        term,
        named(term.iri, language),
        translations(language).gettext(TERM_KINDS[term.kind]),
        text(term.definitions, language),
        texts(term.examples, language),
        tuple(one for one in texts(term.alternatives, language) if not one.lang),
        linked(term.parents, language),
        linked(term.children, language),
        linked(term.disjoint, language),
        linked(term.domains, language),
        _ranges(term, language),
        linked(term.inverses, language),
        linked(term.replaced_by, language),
        matched(term.matches, language),
        status(term.status, language),
        _rows(term, language),
        _users(term, language) if term.kind != "class" else (),
    )


def _ranges(term: model.Term, language: str) -> tuple[Name, ...]:
    """Return what values of a property are: lists or datatypes that constraints name, else classes, else a word."""
    ruling = constraints.on(term.iri)
    schemes = {name for constraint in ruling for name in constraint.schemes}
    datatypes = {iri for constraint in ruling for iri in constraint.datatypes}
    if schemes:
        return linked((VOCAB + name for name in schemes), language)
    if datatypes:
        return (Name(words.datatypes(datatypes, language)),)
    return tuple(_value(iri, language) for iri in term.ranges) or _any(term.kind, language)


def _any(kind: str, language: str) -> tuple[Name, ...]:
    """Return the word for values of which nothing but their kind is known; none for classes."""
    texts = translations(language)
    if kind in ("Literal", "datatype-property", "annotation-property"):
        return (Name(texts.gettext("text")),)
    return (Name(texts.gettext("address of a thing")),) if kind in ("IRI", "object-property") else ()


def _users(term: model.Term, language: str) -> tuple[Name, ...]:
    ruled = {
        iri for iri, held in constraints.by_class().items() if any(term.iri in one.paths for one in held)
    }
    return linked(ruled, language)


def _rows(term: model.Term, language: str) -> tuple[Row, ...]:
    """Return what shapes ask of members of a class, or of what has a property; and the class's other properties."""
    if term.kind != "class":
        return _ordered(_row(one, language) for one in constraints.by_property().get(term.iri, ()))
    ruled = constraints.by_class().get(term.iri, ())
    named_by_rules = {path for constraint in ruled for path in constraint.paths}
    rows = [_row(constraint, language) for constraint in ruled]
    for other in model.terms().values():
        if term.iri in other.domains and other.iri not in named_by_rules:
            rows.append(_row(Constraint((other.iri,)), language))
    return _ordered(rows)


def _ordered(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Sort rows by the names of their properties; those of rules on a member itself come last."""
    return tuple(sorted(rows, key=lambda row: (not row.names, [words.rank(name.text) for name in row.names])))


def _row(constraint: Constraint, language: str) -> Row:
    only = model.terms().get(constraint.paths[0]) if len(constraint.paths) == 1 else None
    values = [VOCAB + name for name in constraint.schemes] or list(constraint.classes)
    if only and not values and not constraint.datatypes and not constraint.where:
        values = list(only.ranges)
    names = tuple(_value(iri, language) for iri in values if not iri.endswith("#Concept") or len(values) == 1)
    names += tuple(named(value, language) for value in constraint.values)
    if not names and not constraint.datatypes and constraint.most != 0:
        names = _any(constraint.kind or (only.kind if only and not constraint.where else ""), language)
    said = [words.datatypes(constraint.datatypes, language)]
    said += [words.bound(name, number, language) for name, number in constraint.bounds]
    said += [words.comparison(name, named(iri, language).text, language) for name, iri in constraint.compared]
    if constraint.unlike:
        said.append(translations(language).gettext("at most one in each language"))
    limited = constraint.least > 0 or constraint.most is not None
    note = text({tag: (one,) for tag, one in (constraint.messages or {}).items()}, language)
    return Row(
        tuple(named(path, language) for path in constraint.paths),
        names,
        tuple(one for one in said if one),
        constraint.patterns,
        words.count(constraint.least, constraint.most, language) if limited or not constraint.where else "",
        constraint.least > 0,
        constraint.warning,
        note if constraint.unsaid else None,
        tuple(named(path, language) for path in constraint.where if path not in constraint.paths),
    )


def _value(iri: str, language: str) -> Name:
    """Return a class, a scheme or a datatype that values are of."""
    if iri.startswith((ASM, VOCAB)):
        return named(iri, language)
    if iri.startswith("http://www.w3.org/2001/XMLSchema#"):
        return Name(words.datatypes([iri], language))
    return named(iri, language)
