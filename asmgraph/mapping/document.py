"""What a mapping says, in plain dataclasses: triples maps, predicates and objects, templates, calls, links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Template:
    """Constant texts and references in turn; ``references[i]`` stands between ``texts[i]`` and ``texts[i+1]``."""

    texts: tuple[str, ...]
    references: tuple[str, ...]

    @property
    def constant(self) -> str | None:
        """Return the text where there is no reference in it."""
        return self.texts[0] if not self.references else None


@dataclass(frozen=True)
class Call:
    """A function with what its parameters are given, by full name; a parameter may come more than once."""

    function: str
    arguments: tuple[tuple[str, Value], ...]


Value = Template | Call
"""What a text is made of."""


def references(value: Value) -> frozenset[str]:
    """Return the columns that a text is made of, those that its functions are given included."""
    if isinstance(value, Template):
        return frozenset(value.references)
    return frozenset().union(*(references(given) for _, given in value.arguments))


@dataclass(frozen=True)
class Link:
    """The subject of another mapping: on the same row, or on the rows whose key is equal.

    ``keys`` are pairs of what the row says and what the other mapping's row says; none stands for the same row.
    """

    mapping: str
    keys: tuple[tuple[Value, Value], ...] = ()


@dataclass(frozen=True)
class ObjectMap:
    """What an object is made of, and as which kind of term."""

    value: Value | Link
    kind: Literal["literal", "iri"]
    datatype: Template | None = None
    language: Template | None = None


@dataclass(frozen=True)
class PredicateObject:
    """Predicates and objects under one condition, in one part of the version's graph.

    The ``inverse`` predicates lead from the object to the subject.
    """

    predicates: tuple[str, ...]
    inverse: tuple[str, ...]
    objects: tuple[ObjectMap, ...]
    condition: Call | None
    graph: str | None


@dataclass(frozen=True)
class TriplesMap:
    """One mapping: a table's rows to one subject each and its statements."""

    name: str
    table: str
    subject: Value
    condition: Call | None
    graph: str | None
    predicate_objects: tuple[PredicateObject, ...]
