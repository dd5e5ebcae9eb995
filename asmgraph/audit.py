"""The audit log of a home: who did what to which graphs, appended only, each line chained to the one before.

``audit.log`` holds a JSON object a line. ``hash`` is the SHA-256 of the line's other members, among which is
``previous``, the hash of the line before: a line that is changed, removed or put in between breaks the chain.
Only an attacker who rewrites every later line as well leaves it whole; whoever must exclude that keeps the last
hash elsewhere. The file names what was taken down and is not public.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import os
import pwd
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from asmgraph.errors import StoreError

FILE = "audit.log"
TORN = "torn"
"""The action of an entry that stands for a line whose write was cut off."""
_TAIL = 65_536


def record(
    home: Path,
    action: str,
    about: str,
    before: Mapping[str, int] | None = None,
    after: Mapping[str, int] | None = None,
    **more: str | int,
) -> str:
    """Append one line; return its hash.

    Parameters
    ----------
    action
        What was done, as a word: ``ingest``, ``publish``, ``withdraw``, ``takedown``, ``put back``.
    about
        To what: the name of a source, the number of a snapshot, the IRI of a thing.
    before, after
        Statements of each graph; only graphs whose count changed are written, as ``[before, after]``.
    more
        Anything else worth knowing.
    """
    held, held_after = dict(before or {}), dict(after or {})
    changed = {
        graph: [held.get(graph, 0), held_after.get(graph, 0)]
        for graph in sorted({*held, *held_after})
        if held.get(graph, 0) != held_after.get(graph, 0)
    }
    descriptor = os.open(home / FILE, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "rb+", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        previous, torn = _last(file.fileno())
        entry: dict[str, Any] = {
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "who": _user(),
            "action": action,
            "about": about,
            "graphs": changed,
            **more,
            "previous": previous,
        }
        entry["hash"] = _hash(entry)
        line = json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n"
        os.write(file.fileno(), (("\n" if torn else "") + line).encode())
        os.fsync(file.fileno())
    return str(entry["hash"])


def entries(home: Path) -> Iterator[dict[str, Any]]:
    """Yield the entries, the first first, and check the chain on the way.

    A line that is torn, because its write was cut off, is yielded as an entry of the action ``torn`` whose ``about`` is
    its number. It never was a part of the chain, which goes on with the next line; a whole line that somebody
    made unreadable was, and the next line shows it.

    Raises
    ------
    StoreError
        At the first line that is not what was written, or not in its place.
    """
    if not (home / FILE).is_file():
        return
    previous = ""
    with (home / FILE).open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                entry: dict[str, Any] = json.loads(line)
            except ValueError:
                yield {"at": "", "who": "", "action": TORN, "about": f"line {number}", "graphs": {}}
                continue
            try:
                sound = entry["previous"] == previous and entry["hash"] == _hash(entry)
            except (KeyError, TypeError):
                sound = False
            if not sound:
                raise StoreError(
                    f"Line {number} of {home / FILE} was changed, or a line before it is gone.",
                    "Compare it with a back-up; what follows can no longer be trusted.",
                )
            previous = entry["hash"]
            yield entry


def _hash(entry: Mapping[str, Any]) -> str:
    content = {key: value for key, value in entry.items() if key != "hash"}
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _last(descriptor: int) -> tuple[str, bool]:
    """Return the hash of the last whole line, and whether the file ends within one (a write that was cut off)."""
    size = os.fstat(descriptor).st_size
    reach = _TAIL
    while True:
        tail = os.pread(descriptor, reach, max(0, size - reach))
        for line in reversed(tail.split(b"\n")[0 if reach >= size else 1 :]):
            try:
                return str(json.loads(line)["hash"]), bool(tail) and not tail.endswith(b"\n")
            except (ValueError, KeyError, TypeError):
                continue
        if reach >= size:
            return "", bool(tail) and not tail.endswith(b"\n")
        reach *= 8


def _user() -> str:
    """Return the name of the user of the operating system, or its number."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
