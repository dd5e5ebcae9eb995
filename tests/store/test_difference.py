"""The difference of two versions: exact, streamed, and silent on what a version says of itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from asmgraph.records import GRAPH
from asmgraph.store.difference import Change, State, changes, count

TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"


def _thing(name: str, label: str) -> list[str]:
    return [f"<urn:{name}> {TYPE} <urn:x#Actor> .", f'<urn:{name}> {LABEL} "{label}"@en .']


def test_things_are_added_changed_and_not_repeated() -> None:
    before = sorted([*_thing("a", "A"), *_thing("b", "B"), *_thing("c", "C")])
    after = sorted([*_thing("a", "A"), *_thing("b", "Bee"), *_thing("d", "D")])
    found = list(changes(before, after))
    assert [(one.thing, one.state, one.kind, one.label) for one in found] == [
        ("urn:b", State.CHANGED, "Actor", "Bee"),
        ("urn:c", State.NOT_REPEATED, "Actor", "C"),
        ("urn:d", State.ADDED, "Actor", "D"),
    ]
    assert found[0].gained == (f'<urn:b> {LABEL} "Bee"@en .',)
    assert found[0].lost == (f'<urn:b> {LABEL} "B"@en .',)
    assert count(found) == {"Actor": {"added": 1, "changed": 1, "not repeated": 1}}


def test_what_a_version_says_of_itself_is_no_change() -> None:
    assert list(changes([f'<{GRAPH}x/1> {LABEL} "x" .'], [f'<{GRAPH}x/2> {LABEL} "x" .'])) == []


_LINES = st.sets(
    st.builds(lambda s, o: f"<urn:{s}> <urn:p> <urn:{o}> .", st.integers(0, 5), st.integers(0, 5))
)


@given(_LINES, _LINES)
def test_the_lines_gained_and_lost_lead_from_one_version_to_the_other(one: set[str], other: set[str]) -> None:
    found: list[Change] = list(changes(sorted(one), sorted(other)))
    gained = {line for change in found for line in change.gained}
    lost = {line for change in found for line in change.lost}
    assert (one - lost) | gained == other
    assert gained == other - one
    assert lost == one - other
