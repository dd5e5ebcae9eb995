"""Read a YARRRML mapping into plain dataclasses; what is not supported is refused by name.

The subset: prefixes, sources, subjects, predicateobjects (short and long form), templates, references,
constants, datatypes, languages, conditions, functions (inline and long form), graphs. YARRRML:
https://rml.io/yarrrml/spec/ (W3C KG-construct community group).
"""

from __future__ import annotations

import datetime as dt
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
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]+")
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
    parameters: Mapping[str, Template]


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
    except (
        yaml.YAMLError,
        ValueError,
    ) as error:  # a ValueError: a day in no calendar, bytes that are no UTF-8
        raise MappingError(f"{path} is not YAML: {error}.") from None
    return parse(content, where=f"{path.parent.name}/{path.name}")


def parse(content: object, where: str = "mapping") -> tuple[TriplesMap, ...]:
    """Return the triples maps of a YARRRML document that YAML has already read."""
    top = _keys(content, {"prefixes", "sources", "mappings"}, where)
    reader = _Reader(_mapping(top.get("prefixes", {}), where), where)
    tables = {
        name: reader.table(name, body) for name, body in _mapping(top.get("sources", {}), where).items()
    }
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

    def table(self, name: str, body: object) -> str:
        where = f"{self.where}: source {name}"
        part = _keys(body, {"access", "referenceFormulation"}, where)
        if part.get("referenceFormulation", "csv") != "csv":
            raise MappingError(
                f"{where}: the reference formulation {part['referenceFormulation']!r} is not supported."
            )
        return str(part.get("access", name))

    def triples_maps(self, name: str, body: object, tables: Mapping[str, str]) -> Iterable[TriplesMap]:
        where = f"{self.where}: {name}"
        part = _keys(body, {"sources", "subjects", "predicateobjects", "graphs", "condition"}, where)
        subjects = _list(part.get("subjects"))
        if len(subjects) != 1 or not isinstance(subjects[0], str):
            raise MappingError(f"{where}: needs one subject, a template.")
        subject = self.template(subjects[0].removesuffix("~iri"), iri=True)
        entries = tuple(self.predicate_object(entry, where) for entry in _list(part.get("predicateobjects")))
        named = _list(part.get("sources"))
        if not named:
            raise MappingError(f"{where}: names no source.")
        for source in named:
            if not isinstance(source, str) or source not in tables:
                raise MappingError(
                    f"{where}: the source {source!r} is not among {', '.join(sorted(tables))}."
                )
            yield TriplesMap(
                name,
                tables[source],
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
        predicates = tuple(self.predicate(value, where) for value in _list(part.get("predicates")))
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
            value = _short_object(value, where)
        elif not isinstance(value, dict):
            value = {"value": value}
        part = _keys(value, {"value", "function", "parameters", "type", "datatype", "language"}, where)
        if ("value" in part) == ("function" in part):
            raise MappingError(f"{where}: an object is a value or a function, not {value!r}.")
        text = _text(part.get("value", ""), where)
        kind = part.get("type", "iri" if typed or text.endswith("~iri") else "literal")
        if kind not in ("iri", "literal"):
            raise MappingError(f"{where}: the type {kind!r} is not supported; it is iri or literal.")
        text = text.removesuffix("~iri")
        call = self.call(part, where) if "function" in part else self.inline(text, where)
        datatype, language = self.datatype(part, where), self.language(part, where)
        if sum(map(bool, (kind == "iri" or call, datatype, language))) > 1:
            raise MappingError(
                f"{where}: {value!r} is an IRI or a function, has a datatype, or has a language."
            )
        return ObjectMap(call or self.template(text, iri=kind == "iri"), kind, datatype, language)

    def datatype(self, part: Mapping[str, Any], where: str) -> str | None:
        if part.get("datatype") is None:
            return None
        return self.absolute(_text(part["datatype"], where), "datatype", where)

    def language(self, part: Mapping[str, Any], where: str) -> str | None:
        if part.get("language") is None:
            return None
        tag = _text(part["language"], where).removesuffix("~lang")
        if not _LANGUAGE.fullmatch(tag):
            raise MappingError(f"{where}: {tag!r} is not a language tag.", "BCP 47: en, fr, pt-BR ...")
        return tag

    def absolute(self, text: str, role: str, where: str) -> str:
        iri = self.expand(text)
        if not _ABSOLUTE.fullmatch(iri) or "$(" in iri:
            raise MappingError(
                f"{where}: the {role} {text!r} is not an absolute IRI or a name with a prefix."
            )
        return iri

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
        parameters: dict[str, Template] = {}
        for entry in _list(part.get("parameters")):
            pair = _parameter(entry, where)
            parameters[self.absolute(_text(pair[0], where), "parameter", where)] = self.argument(
                pair[1], where
            )
        return Call(self.absolute(name, "function", where), parameters)

    def inline(self, text: str, where: str) -> Call | None:
        match = _INLINE.match(text)
        if match is None:
            return None
        parameters: dict[str, Template] = {}
        for pair in _arguments(match.group(2)):
            key, equals, value = pair.partition("=")
            if not equals:
                raise MappingError(f"{where}: {pair!r} is not parameter=value.")
            parameters[self.absolute(key.strip(), "parameter", where)] = self.argument(value.strip(), where)
        return Call(self.absolute(match.group(1), "function", where), parameters)

    def argument(self, value: object, where: str) -> Template:
        if isinstance(value, dict) or (isinstance(value, str) and _INLINE.match(value)):
            raise MappingError(f"{where}: {value!r} is a function within a function, which is not supported.")
        return self.template(_text(value, where))

    def graph(self, part: Mapping[str, Any], where: str) -> str | None:
        names = _list(part.get("graphs"))
        if len(names) > 1:
            raise MappingError(f"{where}: a statement goes to one graph, not to {names}.")
        return str(names[0]) if names else None

    def predicate(self, value: object, where: str) -> str:
        text = _text(value, where)
        return TYPE_IRI if text == "a" else self.absolute(text.removesuffix("~iri"), "predicate", where)

    def template(self, text: str, *, iri: bool = False) -> Template:
        pieces = _REFERENCE.split(self.expand(text) if iri else text)
        if any("$(" in constant for constant in pieces[::2]):
            raise MappingError(f"{self.where}: {text!r} has a reference that is empty or not closed.")
        return Template(tuple(pieces[::2]), tuple(re.sub(r"\\(.)", r"\1", name) for name in pieces[1::2]))

    def expand(self, text: str) -> str:
        prefix, colon, local = text.partition(":")
        if colon and prefix in self.prefixes:
            return self.prefixes[prefix] + local
        if colon and not local.startswith("//") and "$(" not in prefix:
            raise MappingError(f"{self.where}: the prefix {prefix!r} of {text!r} is not declared.")
        return text


def _arguments(text: str) -> list[str]:
    """Split at commas that stand outside brackets and references."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(_REFERENCE.sub(lambda found: "$" * len(found.group()), text)):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def _short_object(value: list[Any], where: str) -> dict[str, Any]:
    text, tail = (*value, None)[:2] if 1 <= len(value) <= 2 else (None, None)
    if text is None or not isinstance(tail, str | None):
        raise MappingError(f"{where}: {value} is not [value] or [value, type].")
    if tail is None:
        return {"value": text}
    return {"value": text, "language" if tail.endswith("~lang") else "datatype": tail}


def _parameter(entry: object, where: str) -> tuple[object, object]:
    if isinstance(entry, list) and len(entry) == 2:
        return entry[0], entry[1]
    if isinstance(entry, dict):
        part = _keys(entry, {"parameter", "value"}, where)
        if len(part) == 2:
            return part["parameter"], part["value"]
    raise MappingError(f"{where}: {entry!r} is not [parameter, value].")


def _text(value: object, where: str) -> str:
    """Return a YAML scalar as it was written, as far as YAML tells."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str | int | float):
        return str(value)
    raise MappingError(f"{where}: {value!r} is not a text.")


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
