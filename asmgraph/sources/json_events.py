"""Stream JSON that nobody need trust: the elements at a path, one after the other, each bounded.

Read event by event, so that neither the size of the file nor its nesting costs memory or the stack.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, TypeAlias

import ijson

from asmgraph.errors import SourceError

DEPTH = 100
VALUES = 1_000_000
"""So many values one element may have; more means that the path leads to the wrong place."""
LINES = (".jsonl", ".ndjson")
"""Endings of files with one JSON value a line."""

Value: TypeAlias = "bool | int | Decimal | str | list[Value] | dict[str, Value] | None"


def elements(
    file: Path, path: Sequence[str], watch: Callable[[Sequence[str], Value], None] = lambda *_: None
) -> Iterator[Value]:
    """Yield what stands at ``path``: keys from the top; arrays on the way, and the one at its end, are walked through.

    Parameters
    ----------
    watch
        Called with every scalar that is not within an element, and the keys that lead to it.

    Raises
    ------
    SourceError
        If the file is not JSON, is nested deeper than ``DEPTH``, has an element of more than ``VALUES`` values or a
        key twice in one object, or nothing stands at ``path``, not even an empty array.
    """
    wanted = list(path)
    top: dict[str, None] = {}
    met = False
    with file.open("rb") as content:
        _skip_mark(file, content)
        events = _events(file, content)
        keys: list[str | None] = []
        """The key at each level, ``None`` for an array's."""
        for event, value in events:
            here = [key for key in keys if key is not None]
            if event == "map_key":
                keys[-1] = value
                if len(keys) == 1:
                    top[value] = None
            elif event in ("end_map", "end_array"):
                keys.pop()
            elif event == "start_array" and (here != wanted or not keys or keys[-1] is not None):
                met = met or here == wanted
                keys.append(None)
            elif here == wanted:
                met = True
                yield _built(file, event, value, events)
            elif event == "start_map":
                keys.append("")
            else:
                watch(here, value)
    if not met:
        raise SourceError(
            f"{file.name} has nothing at {'/'.join(wanted)!r}; at its top is {', '.join(map(repr, top)) or 'no key'}.",
            "Say in source.yml, as 'records', which path leads to what repeats.",
        )


def _events(file: Path, content: IO[bytes]) -> Iterator[tuple[str, Any]]:
    lines = file.suffix.lower() in LINES
    depth = 0
    try:
        for event, value in ijson.basic_parse(content, use_float=False, multiple_values=lines):
            if event.startswith("start_"):
                depth += 1
                if depth > DEPTH:
                    raise SourceError(
                        f"{file.name} is nested deeper than {DEPTH} levels.", "Flatten the JSON."
                    )
            elif event.startswith("end_"):
                depth -= 1
            yield event, value
    except (
        ijson.JSONError,
        ValueError,
        ArithmeticError,
        SystemError,
    ) as error:  # of endless numbers, the last
        reason = " ".join(str(error).split())[:200]
        raise SourceError(
            f"{file.name} is not JSON: {reason}.",
            "The file is cut off or damaged; download it again, or mend it.",
        ) from None


def _built(file: Path, event: str, value: Any, events: Iterator[tuple[str, Any]]) -> Value:
    """Build one value, given its first event."""
    left = VALUES
    stack: list[tuple[list[Value] | dict[str, Value], str]] = []
    while True:
        if event == "map_key":
            holder, key = stack[-1][0], str(value)
            if key in holder:
                raise SourceError(
                    f"{file.name} has the key {key!r} twice in one object.", "Rename one of the two."
                )
            stack[-1] = (holder, key)
        else:
            closed = event.startswith("end_")
            built: Value = stack.pop()[0] if closed else _new(event, value)
            if not closed and event.startswith("start_"):
                stack.append((built, ""))  # type: ignore[arg-type]
            elif not stack:
                return built
            else:
                holder, key = stack[-1]
                if isinstance(holder, dict):
                    holder[key] = built
                else:
                    holder.append(built)
        left -= 1
        if left < 0:
            raise SourceError(
                f"{file.name} has one record of more than {VALUES:,} values.",
                "Does 'records' in source.yml lead to what repeats?",
            )
        event, value = next(events)


def _new(event: str, value: Any) -> Value:
    match event:
        case "start_map":
            return {}
        case "start_array":
            return []
    plain: Value = value
    return plain


def _skip_mark(file: Path, content: IO[bytes]) -> None:
    head = content.read(4)
    if b"\0" in head or head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise SourceError(f"{file.name} is not in UTF-8.", "Save it as JSON with the encoding UTF-8.")
    content.seek(3 if head.startswith(codecs.BOM_UTF8) else 0)
