"""Read a YARRRML mapping into plain dataclasses; what is not supported is refused by name.

YARRRML: https://rml.io/yarrrml/spec/ (W3C KG-construct community group). Read are prefixes, authors, sources,
subjects, predicateobjects, templates, references, constants, datatypes, languages, conditions, functions (nested, on
one line or long), links to other mappings, inverse predicates and graphs. ``docs/reference/mapping-yarrrml.md`` lists
what is refused and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from asmgraph.errors import MappingError
from asmgraph.mapping.document import (
    Call,
    Link,
    ObjectMap,
    PredicateObject,
    Template,
    TriplesMap,
    Value,
    references,
)
from asmgraph.mapping.functions import IDLAB
from asmgraph.mapping.notation import (
    ALIASES,
    REFERENCE,
    keys_of,
    list_of,
    mapping_of,
    parameter_of,
    short_object,
    split_arguments,
    text_of,
    unquoted,
)
from asmgraph.mapping.prefixes import PREDEFINED
from asmgraph.mapping.terms import LANGUAGE_TAG

_INLINE = re.compile(r"^\s*([\w.-]+:[\w.-]+|equal|notEqual)\((.*)\)\s*$", re.DOTALL)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]+")
_DEPTH = 16
TYPE_IRI = PREDEFINED["rdf"] + "type"


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
    top = keys_of(content, {"prefixes", "authors", "sources", "mappings"}, where)
    reader = _Reader(mapping_of(top.get("prefixes") or {}, where), where)
    tables = {
        name: reader.table(name, body) for name, body in mapping_of(top.get("sources") or {}, where).items()
    }
    maps = mapping_of(top.get("mappings") or {}, where)
    if not maps:
        raise MappingError(f"{where}: no mappings.")
    found = tuple(one for name, body in maps.items() for one in reader.triples_maps(name, body, tables))
    _refuse_unknown_links(found, where)
    return found


class _Reader:
    """Reads one document; holds its prefixes and its name for messages."""

    def __init__(self, prefixes: Mapping[str, str], where: str) -> None:
        self.prefixes = {**PREDEFINED, **prefixes}
        self.where = where

    def table(self, name: str, body: object) -> str:
        where = f"{self.where}: source {name}"
        if isinstance(body, list):
            raise MappingError(
                f"{where}: {body} is a file; a mapping reads the tables of its source.",
                "Write {access: TABLE} with the name of a table of source.yml.",
            )
        part = keys_of({} if body is None else body, {"access", "referenceFormulation"}, where)
        if part.get("referenceFormulation", "csv") != "csv":
            raise MappingError(
                f"{where}: the reference formulation {part['referenceFormulation']!r} is not supported.",
                "Whatever its format, a source is read into tables: write csv, and name columns.",
            )
        return str(part.get("access", name))

    def triples_maps(self, name: str, body: object, tables: Mapping[str, str]) -> Iterable[TriplesMap]:
        where = f"{self.where}: {name}"
        part = keys_of(body, {"sources", "subjects", "predicateobjects", "graphs", "condition"}, where)
        subjects = list_of(part.get("subjects"))
        if not subjects:
            raise MappingError(
                f"{where}: has no subject, which would be a blank node; blank nodes are not supported.",
                "Give 'subjects' a template that names each thing.",
            )
        entries = tuple(
            self.predicate_object(entry, where) for entry in list_of(part.get("predicateobjects"))
        )
        named = list_of(part.get("sources"))
        if not named:
            raise MappingError(f"{where}: names no source.")
        for source in named:
            if not isinstance(source, str) or source not in tables:
                raise MappingError(
                    f"{where}: the source {source!r} is not among {', '.join(sorted(tables))}."
                )
            for subject in subjects:
                yield TriplesMap(
                    name,
                    tables[source],
                    self.subject(subject, where),
                    self.condition(part.get("condition"), where),
                    self.graph(part, where),
                    entries,
                )

    def subject(self, value: object, where: str) -> Value:
        if isinstance(value, dict):
            part = keys_of(value, {"value", "function", "parameters", "type"}, where)
            if part.get("type", "iri") != "iri" or ("value" in part) == ("function" in part):
                raise MappingError(f"{where}: needs a subject that is an IRI, not {value!r}.")
            if "function" in part:
                return self.call(part, where)
            value = part["value"]
        text = text_of(value, where).removesuffix("~iri")
        return self.inline(text, where) or self.template(text, iri=True)

    def predicate_object(self, entry: object, where: str) -> PredicateObject:
        if isinstance(entry, list):
            if not 2 <= len(entry) <= 3:
                raise MappingError(
                    f"{where}: {entry} is not [predicate, object] or [predicate, object, type]."
                )
            tail = entry[2] if len(entry) == 3 else None
            values = [value if isinstance(value, dict) else [value, tail] for value in list_of(entry[1])]
            if tail is not None and any(isinstance(value, dict) for value in values):
                raise MappingError(f"{where}: {entry} gives a long form a type; write it inside.")
            entry = {"predicates": entry[0], "objects": values}
        known = {"predicates", "inversepredicates", "objects", "condition", "graphs"}
        part = keys_of(entry, known, where)
        predicates = self.predicates(part.get("predicates"), where)
        inverse = self.predicates(part.get("inversepredicates"), where)
        if not predicates and not inverse:
            raise MappingError(f"{where}: {entry} has no predicate.")
        objects = part.get("objects")
        listed = objects if isinstance(objects, list) else [objects]
        found = tuple(self.object_map(value, predicates == (TYPE_IRI,), where) for value in listed)
        if inverse and any(one.kind == "literal" for one in found):
            raise MappingError(f"{where}: {entry} has an inverse predicate, but its object is no IRI.")
        return PredicateObject(
            predicates, inverse, found, self.condition(part.get("condition"), where), self.graph(part, where)
        )

    def object_map(self, value: object, typed: bool, where: str) -> ObjectMap:
        if isinstance(value, list):
            value = short_object(value, where)
        elif not isinstance(value, dict):
            value = {"value": value}
        if "mapping" in value:
            return ObjectMap(self.link(value, where), "iri")
        part = keys_of(value, {"value", "function", "parameters", "type", "datatype", "language"}, where)
        if ("value" in part) == ("function" in part):
            raise MappingError(f"{where}: an object is a value or a function, not {value!r}.")
        text = text_of(part.get("value", ""), where)
        kind = part.get("type", "iri" if typed or text.endswith("~iri") else "literal")
        if kind not in ("iri", "literal"):
            raise MappingError(f"{where}: the type {kind!r} is not supported; it is iri or literal.")
        text = text.removesuffix("~iri")
        call = self.call(part, where) if "function" in part else self.inline(text, where)
        datatype, language = self.datatype(part, where), self.language(part, where)
        if sum(map(bool, (kind == "iri", datatype, language))) > 1:
            raise MappingError(f"{where}: {value!r} is an IRI, has a datatype, or has a language.")
        return ObjectMap(call or self.template(text, iri=kind == "iri"), kind, datatype, language)

    def link(self, value: object, where: str) -> Link:
        """Read a reference to another mapping, with the equalities that join the two."""
        part = {ALIASES.get(key, key): content for key, content in mapping_of(value, where).items()}
        unknown = sorted(set(part) - {"mappings", "condition"})
        if unknown:
            raise MappingError(f"{where}: {', '.join(unknown)} is not supported beside 'mapping'.")
        keys = tuple(self.equality(one, where) for one in list_of(part.get("condition")))
        return Link(text_of(part["mappings"], where), keys)

    def equality(self, value: object, where: str) -> tuple[Value, Value]:
        if isinstance(value, str):
            call = self.inline(value, where)
            roles: list[object] = [None, None]
        else:
            body = keys_of(value, {"function", "parameters"}, where)
            call = self.call(body, where)
            roles = [
                entry[2] if isinstance(entry, list) and len(entry) == 3 else None
                for entry in list_of(body.get("parameters"))
            ]
        found = dict(call.arguments) if call is not None else {}
        if call is None or call.function != IDLAB + "equal" or set(found) != {IDLAB + "str1", IDLAB + "str2"}:
            raise MappingError(
                f"{where}: mappings are joined by 'equal' with str1 and str2, not by {value!r}.",
                "Write [str1, $(own column), s] and [str2, $(column of the other), o].",
            )
        first, second = (argument for _, argument in call.arguments)
        if len(roles) == 2 and roles in (["o", "s"], ["o", None], [None, "s"]):
            first, second = second, first
        elif roles not in ([None, None], [], ["s", "o"], ["s", None], [None, "o"]):
            raise MappingError(f"{where}: of two joined values one is 's' and one is 'o', not {roles}.")
        for one in (first, second):
            if not references(one):
                raise MappingError(
                    f"{where}: {value!r} joins by a constant, which pairs every row with every other.",
                    "Join by a column of each table.",
                )
        return first, second

    def predicates(self, value: object, where: str) -> tuple[str, ...]:
        return tuple(self.predicate(one, where) for one in list_of(value))

    def predicate(self, value: object, where: str) -> str:
        text = text_of(value, where)
        return TYPE_IRI if text == "a" else self.absolute(text.removesuffix("~iri"), "predicate", where)

    def datatype(self, part: Mapping[str, Any], where: str) -> Template | None:
        if part.get("datatype") is None:
            return None
        text = text_of(part["datatype"], where).removesuffix("~iri")
        found = self.template(text, iri=True)
        if found.constant is not None:
            self.absolute(text, "datatype", where)
        return found

    def language(self, part: Mapping[str, Any], where: str) -> Template | None:
        if part.get("language") is None:
            return None
        found = self.template(text_of(part["language"], where).removesuffix("~lang"))
        if found.constant is not None and not re.fullmatch(LANGUAGE_TAG, found.constant):
            raise MappingError(
                f"{where}: {found.constant!r} is not a language tag.", "BCP 47: en, fr, pt-BR ..."
            )
        return found

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
            else self.call(keys_of(value, {"function", "parameters"}, where), where)
        )
        if call is None:
            raise MappingError(f"{where}: the condition {value!r} is not a function.")
        return call

    def call(self, part: Mapping[str, Any], where: str, depth: int = 0) -> Call:
        name = text_of(part["function"], where)
        inline = self.inline(name, where, depth)
        if inline is not None:
            return inline
        function = self.function(name, where)
        arguments = []
        for entry in list_of(part.get("parameters")):
            key, values = parameter_of(entry, where)
            for value in list_of(values):
                arguments.append((self.parameter(key, function, where), self.argument(value, where, depth)))
        return Call(function, tuple(arguments))

    def inline(self, text: str, where: str, depth: int = 0) -> Call | None:
        match = _INLINE.match(text)
        if match is None:
            return None
        function = self.function(match.group(1), where)
        arguments = []
        for pair in split_arguments(match.group(2)):
            key, equals, value = pair.partition("=")
            if not equals:
                raise MappingError(f"{where}: {pair!r} is not parameter=value.")
            parameter = self.parameter(key.strip(), function, where)
            arguments.append((parameter, self.argument(unquoted(value.strip()), where, depth)))
        return Call(function, tuple(arguments))

    def function(self, name: str, where: str) -> str:
        """Return the full name; ``equal`` and ``notEqual`` need no prefix, as YARRRML writes them."""
        if name in ("equal", "notEqual"):
            return IDLAB + name
        return self.absolute(name, "function", where)

    def parameter(self, name: object, function: str, where: str) -> str:
        """Return the full name; without a prefix it is one of the function's own vocabulary."""
        text = text_of(name, where)
        if ":" not in text:
            cut = max(function.rfind("#"), function.rfind("/")) + 1
            return function[:cut] + text
        return self.absolute(text, "parameter", where)

    def argument(self, value: object, where: str, depth: int) -> Value:
        if depth >= _DEPTH:
            raise MappingError(f"{where}: functions are nested deeper than {_DEPTH}.")
        if isinstance(value, dict):
            return self.call(keys_of(value, {"function", "parameters"}, where), where, depth + 1)
        text = text_of(value, where)
        return self.inline(text, where, depth + 1) or self.template(text)

    def graph(self, part: Mapping[str, Any], where: str) -> str | None:
        names = list_of(part.get("graphs"))
        if len(names) > 1:
            raise MappingError(f"{where}: a statement goes to one graph, not to {names}.")
        return str(names[0]) if names else None

    def template(self, text: str, *, iri: bool = False) -> Template:
        pieces = REFERENCE.split(self.expand(text) if iri else text)
        if any("$(" in constant for constant in pieces[::2]):
            raise MappingError(f"{self.where}: {text!r} has a reference that is empty or not closed.")
        for name in pieces[1::2]:
            if re.search(r"\\[^()\\]", re.sub(r"\\\\", "", name)):
                raise MappingError(
                    f"{self.where}: the reference {name} has a backslash before a sign that needs none.",
                    r"Only \( \) and \\ are written with one.",
                )
        return Template(tuple(pieces[::2]), tuple(re.sub(r"\\(.)", r"\1", name) for name in pieces[1::2]))

    def expand(self, text: str) -> str:
        prefix, colon, local = text.partition(":")
        if colon and prefix in self.prefixes:
            return self.prefixes[prefix] + local
        if colon and not local.startswith("//") and "$(" not in prefix:
            raise MappingError(f"{self.where}: the prefix {prefix!r} of {text!r} is not declared.")
        return text


def _refuse_unknown_links(maps: Iterable[TriplesMap], where: str) -> None:
    known = {one.name for one in maps}
    for one in maps:
        for entry in one.predicate_objects:
            for found in entry.objects:
                if isinstance(found.value, Link) and found.value.mapping not in known:
                    raise MappingError(f"{where}: {one.name}: there is no mapping {found.value.mapping!r}.")
