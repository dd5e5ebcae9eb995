"""How YARRRML writes things down: short and long keys, scalars, arguments on one line; all else is refused by name."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from asmgraph.errors import MappingError

REFERENCE = re.compile(r"\$\(((?:[^)\\]|\\.)+)\)")
ALIASES = {
    "m": "mappings", "mapping": "mappings",
    "s": "subjects", "subject": "subjects", "po": "predicateobjects", "predicateobject": "predicateobjects",
    "p": "predicates", "predicate": "predicates", "o": "objects", "object": "objects",
    "i": "inversepredicates", "inversepredicate": "inversepredicates", "a": "authors", "author": "authors",
    "g": "graphs", "graph": "graphs", "source": "sources", "conditions": "condition",
    "f": "function", "fn": "function", "pms": "parameters", "pm": "parameter", "v": "value", "t": "type",
    "lang": "language",
}  # fmt: skip
_WHY_NOT = {
    "targets": "what is stated goes to the source's own graph",
    "target": "what is stated goes to the source's own graph",
    "external": "a mapping reads nothing but the columns of its source",
    "base": "every IRI of a mapping is whole, or a name with a prefix",
    "quoted": "a statement on a statement is not part of this graph",
    "quotedNonAsserted": "a statement on a statement is not part of this graph",
    "iterator": "source.yml says where the records are, in 'records'",
    "delimiter": "source.yml says how the file is read, by its 'format'",
    "query": "a source is a file",
    "credentials": "a source is a file",
}


def split_arguments(text: str) -> list[str]:
    """Split at commas that stand outside brackets, quotes and references."""
    parts, depth, start, quote = [], 0, 0, ""
    for place, sign in enumerate(REFERENCE.sub(lambda found: "$" * len(found.group()), text)):
        if quote or (sign in "'\"" and text[:place].rstrip().endswith("=")):
            quote = "" if sign == quote else quote or sign
            continue
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def unquoted(text: str) -> str:
    """Return a text without the quotes around it."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def short_object(value: list[Any], where: str) -> dict[str, Any]:
    """Return ``[value]`` or ``[value, type]`` in the long form."""
    text, tail = (*value, None)[:2] if 1 <= len(value) <= 2 else (None, None)
    if text is None or not isinstance(tail, str | None):
        raise MappingError(f"{where}: {value} is not [value] or [value, type].")
    if tail is None:
        return {"value": text}
    return {"value": text, "language" if tail.endswith("~lang") else "datatype": tail}


def parameter_of(entry: object, where: str) -> tuple[object, object]:
    """Return the name and the value of one entry of ``parameters``."""
    if isinstance(entry, list) and len(entry) in (2, 3):
        return entry[0], entry[1]
    if isinstance(entry, dict):
        part = keys_of(entry, {"parameter", "value"}, where)
        if len(part) == 2:
            return part["parameter"], part["value"]
    raise MappingError(f"{where}: {entry!r} is not [parameter, value].")


def text_of(value: object, where: str) -> str:
    """Return a YAML scalar as it was written, as far as YAML tells."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str | int | float):
        return str(value)
    raise MappingError(f"{where}: {value!r} is not a text.")


def keys_of(value: object, known: set[str], where: str) -> dict[str, Any]:
    """Return a mapping with its keys in the long form; a key that is not ``known`` is refused by name."""
    part = {ALIASES.get(key, key): content for key, content in mapping_of(value, where).items()}
    unknown = sorted(set(part) - known)
    if unknown:
        why = "; ".join(_WHY_NOT[key] for key in unknown if key in _WHY_NOT)
        raise MappingError(
            f"{where}: {', '.join(unknown)} is not supported{': ' + why if why else ''}.",
            f"Supported: {', '.join(sorted(known))}.",
        )
    return part


def mapping_of(value: object, where: str) -> dict[str, Any]:
    """Return what YAML read as a mapping."""
    if not isinstance(value, dict):
        raise MappingError(f"{where}: {value!r} is not a mapping of keys to values.")
    return {str(key): content for key, content in value.items()}


def list_of(value: object) -> list[Any]:
    """Return a list: one of none for nothing, of one for what is no list."""
    return value if isinstance(value, list) else [] if value is None else [value]
