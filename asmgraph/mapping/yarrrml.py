"""Read a YARRRML mapping into plain dataclasses; what is not supported is refused by name.

The subset: prefixes, sources, subjects, predicateobjects (short and long form), templates, references,
constants, datatypes, languages, conditions, functions (inline and long form), graphs. YARRRML:
https://rml.io/yarrrml/spec/ (W3C KG-construct community group).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from asmgraph.errors import MappingError

_REFERENCE = re.compile(r"\$\(((?:[^)\\]|\\.)+)\)")
_INLINE = re.compile(r"^\s*([\w.-]+:[\w.-]+)\((.*)\)\s*$", re.DOTALL)
_ALIASES = {
    "s": "subjects", "subject": "subjects", "po": "predicateobjects", "predicateobject": "predicateobjects",
    "p": "predicates", "predicate": "predicates", "o": "objects", "object": "objects",
    "g": "graphs", "graph": "graphs", "source": "sources", "conditions": "condition",
    "f": "function", "fn": "function", "pms": "parameters", "v": "value", "t": "type", "lang": "language",
}  # fmt: skip
TYPE_IRI = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


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
    """A function with its parameters by full name."""

    function: str
    parameters: Mapping[str, Template | Call]


@dataclass(frozen=True)
class ObjectMap:
    """What an object is made of, and as which kind of term."""

    value: Template | Call
    kind: Literal["literal", "iri"]
    datatype: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class PredicateObject:
    """Predicates and objects under one condition, in one part of the version's graph."""

    predicates: tuple[str, ...]
    objects: tuple[ObjectMap, ...]
    condition: Call | None
    graph: str | None


@dataclass(frozen=True)
class TriplesMap:
    """One mapping: a table's rows to one subject each and its statements."""

    name: str
    table: str
    subject: Template
    condition: Call | None
    graph: str | None
    predicate_objects: tuple[PredicateObject, ...]


def load(path: Path) -> tuple[TriplesMap, ...]:
    """Read the mapping file at ``path``.

    Raises
    ------
    MappingError
        If it is not YARRRML, or asks for something outside the supported subset, naming it.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError:
        raise MappingError(f"{path} cannot be read.", "A source in tables has a mapping.yml.") from None
    except yaml.YAMLError as error:
        raise MappingError(f"{path} is not YAML: {error}.") from None
    return parse(content, where=f"{path.parent.name}/{path.name}")


def parse(content: object, where: str = "mapping") -> tuple[TriplesMap, ...]:
    """Return the triples maps of a YARRRML document that YAML has already read."""
    top = _keys(content, {"prefixes", "sources", "mappings", "base"}, where)
    reader = _Reader(_mapping(top.get("prefixes", {}), where), where)
    tables = set(_mapping(top.get("sources", {}), where))
    maps = _mapping(top.get("mappings", {}), where)
    if not maps:
        raise MappingError(f"{where}: no mappings.")
    return tuple(
        triples_map for name, body in maps.items() for triples_map in reader.triples_maps(name, body, tables)
    )


class _Reader:
    """Reads one document; holds its prefixes and its name for messages."""

    def __init__(self, prefixes: Mapping[str, str], where: str) -> None:
        self.prefixes = {
            "rdf": TYPE_IRI[: -len("type")],
            "xsd": "http://www.w3.org/2001/XMLSchema#",
            **prefixes,
        }
        self.where = where

    def triples_maps(self, name: str, body: object, tables: set[str]) -> Iterable[TriplesMap]:
        where = f"{self.where}: {name}"
        part = _keys(body, {"sources", "subjects", "predicateobjects", "graphs", "condition"}, where)
        subjects = _list(part.get("subjects"))
        if len(subjects) != 1 or not isinstance(subjects[0], str):
            raise MappingError(f"{where}: needs one subject, a template.")
        subject = self.template(subjects[0].removesuffix("~iri"), iri=True)
        entries = tuple(self.predicate_object(entry, where) for entry in _list(part.get("predicateobjects")))
        for table in _list(part.get("sources")):
            if table not in tables:
                raise MappingError(f"{where}: the source {table!r} is not among {', '.join(sorted(tables))}.")
            yield TriplesMap(
                name,
                table,
                subject,
                self.condition(part.get("condition"), where),
                self.graph(part, where),
                entries,
            )

    def predicate_object(self, entry: object, where: str) -> PredicateObject:
        if isinstance(entry, list):
            if not 2 <= len(entry) <= 3:
                raise MappingError(
                    f"{where}: {entry} is not [predicate, object] or [predicate, object, type]."
                )
            tail = entry[2] if len(entry) == 3 else None
            entry = {"predicates": entry[0], "objects": [[value, tail] for value in _list(entry[1])]}
        part = _keys(entry, {"predicates", "objects", "condition", "graphs"}, where)
        predicates = tuple(self.predicate(str(value)) for value in _list(part.get("predicates")))
        if not predicates:
            raise MappingError(f"{where}: {entry} has no predicate.")
        typed = predicates == (TYPE_IRI,)
        objects = part.get("objects")
        listed = objects if isinstance(objects, list) else [objects]
        return PredicateObject(
            predicates,
            tuple(self.object_map(value, typed, where) for value in listed),
            self.condition(part.get("condition"), where),
            self.graph(part, where),
        )

    def object_map(self, value: object, typed: bool, where: str) -> ObjectMap:
        if isinstance(value, list):
            text, tail = (*value, None)[:2]
            short = {"value": text}
            if isinstance(tail, str):
                short["language" if tail.endswith("~lang") else "datatype"] = tail.removesuffix("~lang")
            value = short
        elif isinstance(value, str | int | float):
            value = {"value": str(value)}
        part = _keys(value, {"value", "function", "parameters", "type", "datatype", "language"}, where)
        text = str(part.get("value", ""))
        iri = typed or part.get("type") == "iri" or text.endswith("~iri")
        text = text.removesuffix("~iri")
        call = self.call(part, where) if "function" in part else self.inline(text, where)
        datatype, language = part.get("datatype"), part.get("language")
        return ObjectMap(
            call or self.template(text, iri=iri),
            "iri" if iri else "literal",
            self.expand(str(datatype)) if datatype else None,
            str(language).removesuffix("~lang") if language else None,
        )

    def condition(self, value: object, where: str) -> Call | None:
        if value is None:
            return None
        call = (
            self.inline(value, where)
            if isinstance(value, str)
            else self.call(_keys(value, {"function", "parameters"}, where), where)
        )
        if call is None:
            raise MappingError(f"{where}: the condition {value!r} is not a function.")
        return call

    def call(self, part: Mapping[str, Any], where: str) -> Call:
        name = str(part["function"])
        inline = self.inline(name, where)
        if inline is not None:
            return inline
        parameters: dict[str, Template | Call] = {}
        for entry in _list(part.get("parameters", [])):
            key, value = entry if isinstance(entry, list) else (entry.get("parameter"), entry.get("value"))
            parameters[self.expand(str(key))] = (
                self.call(_keys(value, {"function", "parameters"}, where), where)
                if isinstance(value, dict)
                else self.template(str(value))
            )
        return Call(self.expand(name), parameters)

    def inline(self, text: str, where: str) -> Call | None:
        match = _INLINE.match(text)
        if match is None or match.group(1).split(":")[0] not in self.prefixes:
            return None
        parameters: dict[str, Template | Call] = {}
        for pair in _arguments(match.group(2)):
            key, equals, value = pair.partition("=")
            if not equals:
                raise MappingError(f"{where}: {pair!r} is not parameter=value.")
            parameters[self.expand(key.strip())] = self.inline(value, where) or self.template(value.strip())
        return Call(self.expand(match.group(1)), parameters)

    def graph(self, part: Mapping[str, Any], where: str) -> str | None:
        names = _list(part.get("graphs"))
        if len(names) > 1:
            raise MappingError(f"{where}: a statement goes to one graph, not to {names}.")
        return str(names[0]) if names else None

    def predicate(self, text: str) -> str:
        return TYPE_IRI if text == "a" else self.expand(text.removesuffix("~iri"))

    def template(self, text: str, *, iri: bool = False) -> Template:
        pieces = _REFERENCE.split(self.expand(text) if iri else text)
        return Template(tuple(pieces[::2]), tuple(re.sub(r"\\(.)", r"\1", name) for name in pieces[1::2]))

    def expand(self, text: str) -> str:
        prefix, colon, local = text.partition(":")
        if colon and prefix in self.prefixes:
            return self.prefixes[prefix] + local
        if colon and not local.startswith("//") and "$(" not in prefix:
            raise MappingError(f"{self.where}: the prefix {prefix!r} of {text!r} is not declared.")
        return text


def _arguments(text: str) -> list[str]:
    """Split at commas that stand outside brackets."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def _keys(value: object, known: set[str], where: str) -> dict[str, Any]:
    part = {_ALIASES.get(key, key): content for key, content in _mapping(value, where).items()}
    unknown = sorted(set(part) - known)
    if unknown:
        raise MappingError(
            f"{where}: {', '.join(unknown)} is not supported.", f"Supported: {', '.join(sorted(known))}."
        )
    return part


def _mapping(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MappingError(f"{where}: {value!r} is not a mapping of keys to values.")
    return {str(key): content for key, content in value.items()}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
