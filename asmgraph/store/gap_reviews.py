"""What people say of gaps: a line of JSON each in ``gaps/status.jsonl`` of the home, appended only.

No run of the analyses and no publication writes here. A line whose write was cut off is passed over and does not
swallow the next.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from asmgraph.records import ID, Sensitivity

_FILE = Path("gaps") / "status.jsonl"


@dataclass(frozen=True)
class Review:
    """What was said of one gap.

    ``status`` is a slug of the scheme gap-status, ``by`` the IRI of an actor, or the name of an office that the data do
    not have; ``at`` is ISO 8601 with zone. Without a known ``sensitivity`` it is confidential.
    """

    gap: str
    status: str
    why: str
    by: str
    at: str
    sensitivity: str = Sensitivity.CONFIDENTIAL

    @property
    def iri(self) -> str:
        """Return its address, which follows from what it says."""
        content = "\n".join([self.gap, self.status, self.why, self.by, self.at])
        return f"{ID}gap-review/{hashlib.sha256(content.encode()).hexdigest()[:16]}"

    @property
    def public(self) -> bool:
        """Return whether everybody may read it."""
        return self.sensitivity == Sensitivity.PUBLIC

    @property
    def by_actor(self) -> bool:
        """Return whether it is a reply of an actor that the data name."""
        return self.by.startswith(ID)


def read(home: Path) -> list[Review]:
    """Return everything that was said, the first first."""
    try:
        content = (home / _FILE).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    return list(_whole(content.split("\n")))


def _whole(lines: Iterable[str]) -> Iterator[Review]:
    for line in lines:
        try:
            yield Review(**json.loads(line))
        except (ValueError, TypeError):
            continue  # empty, or torn: what it would have said is not recorded


def append(home: Path, review: Review) -> None:
    """Add one; the caller holds the lock."""
    path = home / _FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(asdict(review), ensure_ascii=False) + "\n"
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "rb+", buffering=0) as file:
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        file.write((("\n" if torn else "") + line).encode())
        os.fsync(descriptor)
