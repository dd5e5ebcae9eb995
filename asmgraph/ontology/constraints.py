"""What the SHACL shapes ask of the members of each class, read so that a page can say it in plain words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from asmgraph.ontology import files
from asmgraph.records import VOCAB

DATE = r"^[12][0-9]{3}(-[0-9]{2}){0,2}$"
"""The pattern of dates of uneven precision; the datatypes beside it say the same in words."""
_SCHEMES = re.compile(rf"^\^{re.escape(VOCAB)}(?:\(([\w|-]+)\)|([\w-]+))/$")
_BOUNDS = (SH.minInclusive, SH.maxInclusive, SH.minExclusive, SH.maxExclusive)
_COMPARED = (SH.lessThanOrEquals, SH.lessThan, SH.equals, SH.disjoint)
_SAID = {
    RDF.type, SH.path, SH.message, SH.severity, SH.minCount, SH.maxCount, SH.datatype, SH["class"], SH.nodeKind,
    SH["in"], SH.property, SH.targetClass, SH.targetSubjectsOf, SH.uniqueLang, SH.name, SH.description, SH.order,
    SH.group, *_BOUNDS, *_COMPARED,
}  # fmt: skip


@dataclass(frozen=True)
class Constraint:
    """What one shape asks of the values that members of a class have.

    Attributes
    ----------
    paths
        The properties; several where a value of any of them will do, none where the constraint is on the member itself.
    least, most
        How many values; ``most`` is None where there is no limit.
    datatypes, classes, schemes
        A value is of one of these datatypes, of all of these classes, and a concept of one of these schemes.
    kind
        ``IRI``, ``Literal`` or another node kind of SHACL; empty where any will do.
    values
        The only values allowed; none where all are.
    bounds, compared
        Pairs of the SHACL constraint (``minInclusive``, ``lessThanOrEquals``) and its number or property.
    patterns
        Regular expressions that are not about schemes or dates.
    unlike
        Whether no two values may be in the same language.
    messages
        What a report says, by language.
    warning
        Whether a breach is only a warning.
    unsaid
        Whether there are constraints that the other attributes do not tell; ``messages`` does.
    where
        Properties of which the member has one where this is asked of it; empty where it is asked of every member.
    """

    paths: tuple[str, ...]
    least: int = 0
    most: int | None = None
    datatypes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    kind: str = ""
    values: tuple[str, ...] = ()
    bounds: tuple[tuple[str, str], ...] = ()
    compared: tuple[tuple[str, str], ...] = ()
    patterns: tuple[str, ...] = ()
    unlike: bool = False
    messages: Mapping[str, str] | None = None
    warning: bool = False
    unsaid: bool = False
    where: tuple[str, ...] = ()


@cache
def by_class() -> Mapping[str, tuple[Constraint, ...]]:
    """Return the constraints on members of each class, by its IRI; those of superclasses stay theirs.

    They are those of shapes that target the class, and those of shapes that target whatever has some property, where
    members of the class have it: its own shapes name the property, or it is the domain.
    """
    found: dict[str, list[Constraint]] = defaultdict(list)
    for targets, constraints in _targeted(SH.targetClass):
        for target in targets:
            found[target] += constraints
    had = {iri: {path for one in held for path in one.paths} for iri, held in found.items()}
    for property_, domain in files.modules().subject_objects(RDFS.domain):
        had.setdefault(str(domain), set()).add(str(property_))
    for iri, paths in had.items():
        for targets, asked in _conditional():
            if paths & set(targets):
                # On a target itself there is no condition: where it is, this is asked of it.
                found[iri] += (one for one in asked if not set(one.paths) & set(targets) - paths)
    return {iri: tuple(_merged(held)) for iri, held in sorted(found.items())}


def _merged(held: list[Constraint]) -> Iterator[Constraint]:
    """Yield the constraints; one that only counts what another says of the same values is told with that one."""
    counting = [one for one in held if one.warning and one == _count(one)]
    for one in held:
        same = [other for other in counting if other.paths == one.paths and other.where == one.where]
        if one in counting and any(_said_by(other, one) for other in held):
            continue
        if same and _said_by(one, same[0]):
            yield replace(one, least=same[0].least, most=same[0].most, warning=True)
        else:
            yield one


def _count(one: Constraint) -> Constraint:
    return Constraint(
        one.paths, one.least, one.most, messages=one.messages, warning=one.warning, where=one.where
    )


def _said_by(one: Constraint, count: Constraint) -> bool:
    """Return whether a constraint says what the values are that another counts, and does not count them itself."""
    return (
        one != _count(one)
        and (one.paths, one.where) == (count.paths, count.where)
        and (one.least, one.most) == (0, None)
    )


@cache
def by_property() -> Mapping[str, tuple[Constraint, ...]]:
    """Return the constraints on whatever has a property, by the property's IRI: of shapes with targetSubjectsOf."""
    found: dict[str, list[Constraint]] = defaultdict(list)
    for targets, constraints in _conditional():
        for target in targets:
            others = set(targets) - {target}
            found[target] += (one for one in constraints if not set(one.paths) & others)
    return {iri: tuple(held) for iri, held in sorted(found.items())}


def on(path: str) -> tuple[Constraint, ...]:
    """Return the constraints that name a property, whatever the class."""
    return tuple(one for held in by_class().values() for one in held if path in one.paths)


def datatypes() -> Mapping[str, frozenset[str]]:
    """Return the datatypes that shapes allow for each property, by IRI; a property without any is left out."""
    found: dict[str, set[str]] = defaultdict(set)
    for constraints in by_class().values():
        for constraint in constraints:
            for path in constraint.paths:
                found[path].update(constraint.datatypes)
    return {path: frozenset(kinds) for path, kinds in sorted(found.items()) if kinds}


@cache
def _conditional() -> tuple[tuple[tuple[str, ...], tuple[Constraint, ...]], ...]:
    """Return what each shape with ``sh:targetSubjectsOf`` targets, and its constraints."""
    return tuple(
        (
            targets,
            tuple(
                replace(one, where=() if set(one.paths) & set(targets) else targets) for one in constraints
            ),
        )
        for targets, constraints in _targeted(SH.targetSubjectsOf)
    )


def _targeted(how: URIRef) -> Iterator[tuple[tuple[str, ...], list[Constraint]]]:
    """Yield what each shape targets in one of SHACL's ways, and its constraints."""
    graph = files.shapes()
    for shape in sorted(set(graph.subjects(how)), key=str):
        constraints = [
            _constraint(graph, part) for part in sorted(graph.objects(shape, SH.property), key=str)
        ]
        own = _constraint(graph, shape)
        targets = tuple(sorted(str(one) for one in graph.objects(shape, how)))
        yield targets, [*constraints, own] if own.unsaid else constraints


def _constraint(graph: Graph, shape: Node) -> Constraint:
    patterns = [str(one) for one in graph.objects(shape, SH.pattern)]
    schemes = [match for one in patterns if (match := _SCHEMES.match(one))]
    other = tuple(sorted(one for one in patterns if one != DATE and not _SCHEMES.match(one)))
    kinds = {files.local(one) for one in graph.objects(shape, SH.nodeKind)}
    types = {str(one) for one in graph.objects(shape, SH.datatype)}
    alternatives = list(_alternatives(graph, shape))
    unsaid = set(graph.predicates(shape)) - _SAID - {SH.pattern, SH["or"], SH.minLength}
    paths = tuple(paths_of(graph, shape))
    return Constraint(
        paths=paths,
        least=max((_number(one) for one in graph.objects(shape, SH.minCount)), default=0),
        most=min((_number(one) for one in graph.objects(shape, SH.maxCount)), default=None),
        datatypes=tuple(sorted(types | {one for one in alternatives if one})),
        classes=tuple(sorted(str(one) for one in graph.objects(shape, SH["class"]))),
        schemes=tuple(sorted({name for match in schemes for name in (match[1] or match[2]).split("|")})),
        kind=" ".join(sorted(kinds)),
        values=tuple(
            str(one) for listed in graph.objects(shape, SH["in"]) for one in Collection(graph, listed)
        ),
        bounds=_pairs(graph, shape, _BOUNDS),
        compared=_pairs(graph, shape, _COMPARED),
        patterns=other,
        unlike=any(str(one) == "true" for one in graph.objects(shape, SH.uniqueLang)),
        messages=_messages(graph, shape),
        warning=(shape, SH.severity, SH.Warning) in graph,
        unsaid=bool(unsaid) or "" in alternatives or (not paths and (shape, SH.path, None) in graph),
    )


def paths_of(graph: Graph, shape: Node) -> Iterator[str]:
    """Yield the properties of whose values a shape speaks: several where a value of any of them will do."""
    path = graph.value(shape, SH.path)
    if isinstance(path, URIRef):
        yield str(path)
        return
    for listed in graph.objects(path, SH.alternativePath) if path is not None else ():
        yield from (str(one) for one in Collection(graph, listed))


def _alternatives(graph: Graph, shape: Node) -> Iterator[str]:
    """Yield the datatypes between which ``sh:or`` lets choose; empty for another alternative."""
    for listed in graph.objects(shape, SH["or"]):
        for one in Collection(graph, listed):
            only = set(graph.predicates(one)) == {SH.datatype}
            yield str(graph.value(one, SH.datatype)) if only else ""


def _pairs(graph: Graph, shape: Node, predicates: tuple[URIRef, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (files.local(predicate), str(value))
        for predicate in predicates
        for value in sorted(graph.objects(shape, predicate), key=str)
    )


def _messages(graph: Graph, shape: Node) -> Mapping[str, str]:
    return {
        text.language or "": str(text)
        for text in graph.objects(shape, SH.message)
        if isinstance(text, Literal)
    }


def _number(value: Node) -> int:
    return int(str(value))
