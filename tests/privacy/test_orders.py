"""In whatever order sources are published, closed and opened: what is closed now is not in the public snapshot."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from asmgraph import pipeline
from asmgraph.records import ID
from asmgraph.settings import Settings
from asmgraph.store import snapshots
from tests.privacy.closed import PREFIXES, ingest

TOKEN = "CANARY-31d0"
SLUG = "kanari-31d0"
OPEN = PREFIXES + (
    f'<{ID}actor/open-one> a asm:Organisation ; rdfs:label "Open one" ; dcterms:source <{ID}source/closed> . '
)
"""A public source, which others say something of."""
CLOSED = PREFIXES + (
    f'<{ID}actor/{SLUG}> a asm:Organisation ; rdfs:label "{TOKEN}" ; dcterms:source <{ID}source/closed> . '
    f'<{ID}actor/open-one> dcterms:relation <{ID}actor/{SLUG}> ; asm:acronym "{TOKEN}" . '
)
"""What names the closed thing as a subject, as an object and in a text about a public thing."""


def _shown(home: Path) -> bool:
    path = snapshots.current(home).path
    content = b"".join(file.read_bytes() for file in path.rglob("*") if file.is_file())
    return TOKEN.encode() in content or SLUG.encode() in content


@pytest.mark.parametrize("order", list(permutations(("opened", "shut", "unmarked"))), ids="-".join)
def test_the_order_in_which_sources_are_published_opens_nothing(
    own_home: Path, order: tuple[str, ...]
) -> None:
    chosen = ingest(own_home, "opened", OPEN, "public")
    ingest(own_home, "shut", CLOSED, "restricted")
    ingest(own_home, "unmarked", CLOSED, "")
    for name in order:
        pipeline.publish(chosen, [name])
        assert not _shown(own_home)
    full = snapshots.current(own_home, full=True)
    assert snapshots.states(full, f"{ID}actor/{SLUG}")


def _publish(home: Path, sensitivity: str) -> Settings:
    chosen = ingest(home, "moody", CLOSED, sensitivity)
    pipeline.publish(chosen)
    return chosen


def test_what_was_public_and_is_closed_is_gone_with_the_next_publication(own_home: Path) -> None:
    ingest(own_home, "opened", OPEN, "public")
    for sensitivity, shown in (("public", True), ("restricted", False), ("public", True), ("", False)):
        _publish(own_home, sensitivity)
        assert _shown(own_home) is shown, sensitivity


def test_a_closed_source_that_is_only_staged_again_stays_closed(own_home: Path) -> None:
    ingest(own_home, "opened", OPEN, "public")
    chosen = _publish(own_home, "")
    ingest(own_home, "moody", CLOSED, "public")
    pipeline.publish(chosen, ["opened"])
    assert not _shown(own_home)
