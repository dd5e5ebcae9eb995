"""Name what nested records hold by its path, and find the cells that the description means.

Enters: the leaves of a record, path and texts. Leaves: cells by column; a leaf that nobody means keeps its path as its
name, so that the check reports it.

A path is names with ``/`` between them; ``@name`` is an attribute of XML, ``.`` the record itself, and each ``../``
before it leads to what the record lies in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from asmgraph.descriptions import Table
from asmgraph.errors import ConfigurationError, SourceError

UP = "../"
Leaves: TypeAlias = dict[str, list[str]]
"""Texts by path; none where there is only a place for them."""


def steps(path: str | None) -> list[str]:
    """Return the names of a path from the top; none for the top itself."""
    return [step for step in (path or "").strip("/").split("/") if step]


def levels(table: Table, name: str, allowed: int) -> int:
    """Return how far above its records the columns of a table reach.

    Raises
    ------
    ConfigurationError
        If one reaches higher than the top.
    """
    highest = 0
    for column, described in table.columns.items():
        up = (described.at or column).count(UP)
        if up > allowed:
            raise ConfigurationError(
                f"source.yml: {name}, {column}: {described.at or column!r} leads above the top of the file.",
                f"'records' of the table leads down {allowed} levels.",
            )
        highest = max(highest, up)
    return highest


def joined(*steps: str) -> str:
    """Return the path of names; a slash within one is written ``~1``, a tilde ``~0``, as in JSON Pointer."""
    return "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)


def cells(leaves: Mapping[str, list[str]], table: Table, where: str, number: int) -> dict[str, str | None]:
    """Return the cells of a record by column.

    Raises
    ------
    SourceError
        If a column has several texts and its description gives no sign to put between them.
    """
    row: dict[str, str | None] = {}
    meant = set()
    for name, column in table.columns.items():
        path = column.at or name
        if path not in leaves:
            continue
        meant.add(path)
        found = leaves[path]
        if len(found) > 1 and not column.ignore:
            row[name] = _list(name, path, found, column.split, f"{where}, record {number}")
        else:
            row[name] = found[0] if found else None
    for path, found in leaves.items():
        if path not in meant:
            row[path if path not in table.columns else f"{path} (another)"] = found[0] if found else None
    return row


def outside(names: Iterable[str]) -> Leaves:
    """Return places for what stands beside the records, so that it is named though it is not read."""
    return {f"/{name}": [] for name in names}


def _list(name: str, path: str, found: list[str], sign: str | None, where: str) -> str:
    if sign is None:
        raise SourceError(
            f"{where}: {path} holds {len(found)} values: {', '.join(map(repr, found[:3]))}"
            f"{' ...' if len(found) > 3 else ''}.",
            f"Give {name} a 'split' in source.yml, the sign to be put between them.",
        )
    if any(sign in text for text in found):
        raise SourceError(
            f"{where}: a value of {path} holds {sign!r}, the sign that separates values.",
            f"Give {name} another 'split' in source.yml.",
        )
    return sign.join(found)
