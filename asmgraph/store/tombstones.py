"""The list of what was taken down: it outlives snapshots and imports, and lies in the home alone.

Public snapshots carry only the SHA-256 of the addresses that were public, so that a page can say that something was
here and is gone, while no list of it can be read. Of what never was public they carry nothing: a digest tells whoever
guesses the address that it is right.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from asmgraph.errors import StoreError

FILE = "tombstones.json"
REASONS: Mapping[str, str] = {
    "safety": "it could put people at risk",
    "privacy": "it could identify a person",
    "legal": "the law asks for it",
    "request": "those concerned or its source asked for it",
    "error": "it was wrong",
}
"""Categories of reasons, and how a public page puts them."""


@dataclass(frozen=True, order=True)
class Tombstone:
    """A thing that was taken down: its IRI, the day, and the category of the reason.

    ``public`` says that the public dataset stated it then, so that its page may go on saying that it is gone.
    """

    iri: str
    date: str
    reason: str
    public: bool = False


def read(home: Path) -> dict[str, Tombstone]:
    """Return what was taken down, by IRI.

    Raises
    ------
    StoreError
        If the list cannot be read, or gives a reason that is none of :data:`REASONS`, which pages would show:
        nothing may be published without knowing it.
    """
    try:
        entries = json.loads((home / FILE).read_text(encoding="utf-8"))
        stones = {entry["iri"]: Tombstone(**entry) for entry in entries}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError):
        raise StoreError(
            f"The list of what was taken down, {home / FILE}, cannot be read.", "Put it back from a back-up."
        ) from None
    for stone in stones.values():
        if str(stone.reason) not in REASONS or not _is_day(stone.date):
            raise StoreError(
                f"{home / FILE}: day and reason of {stone.iri} are not as 'asmgraph takedown' writes them.",
                f"The reason is one of {', '.join(REASONS)}, the day is YYYY-MM-DD. Pages show both.",
            )
    return stones


def write(home: Path, stones: Iterable[Tombstone]) -> None:
    """Replace the list, in one step."""
    draft = home / f".{FILE}"
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump([asdict(stone) for stone in sorted(stones)], file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(home / FILE)


def made(iri: str, reason: str, *, public: bool) -> Tombstone:
    """Return a tombstone of today."""
    return Tombstone(iri, dt.datetime.now(dt.UTC).date().isoformat(), reason, public)


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except (ValueError, TypeError):
        return False


def digest(iri: str) -> str:
    """Return what stands for an address in a public snapshot."""
    return hashlib.sha256(iri.encode()).hexdigest()
