"""What is pulled of knowledge: records, steps and origins, whatever the order and repetition of statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.analysis import Parameters, find_gaps
from asmgraph.analysis.knowledge import Knowledge, read_knowledge
from asmgraph.analysis.periods import Span, span
from asmgraph.analysis.projection import project, project_tables
from asmgraph.terms import ASM, TIE_KIND
from tests.analysis.sector import WRITTEN, Sector, rows

ACTORS = ("a", "b", "c", "d")
THINGS = ("item1", "item2", "flow1", "flow2", "policy1", "tie1")
KINDS = {"item": ASM.Document, "flow": ASM.KnowledgeFlow, "policy": ASM.Policy, "tie": ASM.CoordinationTie}
said = st.one_of(
    st.tuples(
        st.sampled_from(THINGS), st.sampled_from(("heldBy", "fromActor", "toActor")), st.sampled_from(ACTORS)
    ),
    st.tuples(
        st.sampled_from(THINGS),
        st.sampled_from(("intermediary", "fromParty", "toParty")),
        st.sampled_from(ACTORS),
    ),
    st.tuples(
        st.sampled_from(THINGS),
        st.sampled_from(("knowledgeItem", "citesAsEvidence", "wasDerivedFrom")),
        st.sampled_from(("item1", "item2")),
    ),
    st.tuples(st.sampled_from(THINGS), st.just("toPolicy"), st.just("policy1")),
    st.tuples(st.sampled_from(THINGS), st.just("date"), st.sampled_from(("2015", "2016-02"))),
)


def spans(thing: str, texts: Iterable[str]) -> list[Span]:
    return sorted(map(span, texts))


def read(statements: Iterable[tuple[str, str, str]]) -> Knowledge:
    stated: dict[str, dict[str, list[str]]] = {}
    for thing, name, value in statements:
        stated.setdefault(thing, {}).setdefault(name, []).append(value)
    for thing, found in stated.items():
        found["type"] = [str(KINDS[thing.rstrip("12")])]
        if thing.startswith("tie"):
            found["tieKind"] = [str(TIE_KIND["data-sharing"])]
    return read_knowledge(stated, spans, {}, frozenset())


@given(st.lists(said, max_size=25), st.randoms())
def test_order_and_repetition_change_nothing(statements: list[tuple[str, str, str]], draw: object) -> None:
    again = [*statements, *statements]
    draw.shuffle(again)  # type: ignore[attr-defined]
    assert read(again) == read(statements)
    assert read(again).channels == read(statements).channels


@given(st.lists(said, max_size=25))
def test_other_names_change_nothing_else(statements: list[tuple[str, str, str]]) -> None:
    other = {"a": "z", "b": "y", "c": "x", "d": "w"}
    renamed = read((thing, name, other.get(value, value)) for thing, name, value in statements)
    steps = {
        (other.get(one.giver, one.giver), other.get(one.receiver, one.receiver))
        for one in read(statements).channels
    }
    assert {(one.giver, one.receiver) for one in renamed.channels} == steps


@given(st.lists(said, max_size=25))
def test_every_step_is_stated(statements: list[tuple[str, str, str]]) -> None:
    known = read(statements)
    for one in known.channels:
        assert one.giver != one.receiver
        givers = [
            value
            for _, name, value in statements
            if name in ("heldBy", "fromActor", "fromParty", "intermediary")
        ]
        assert one.giver in givers
        assert one.statement in THINGS


def test_a_flow_passes_through_its_intermediaries() -> None:
    known = read([("flow1", "fromActor", "a"), ("flow1", "intermediary", "b"), ("flow1", "toActor", "c")])
    assert [(one.giver, one.receiver) for one in known.channels] == [("a", "b"), ("b", "c")]


def test_what_derives_in_a_circle_has_an_origin() -> None:
    known = read(
        [("item1", "wasDerivedFrom", "item2"), ("item2", "wasDerivedFrom", "item1"), ("item2", "heldBy", "a")]
    )
    assert known.origin("item1") == {"a"}


def test_a_step_has_the_date_of_its_statement() -> None:
    known = read([("flow1", "fromActor", "a"), ("flow1", "toActor", "b"), ("flow1", "date", "2016-02")])
    assert [one.since for one in known.channels] == [dt.date(2016, 2, 1)]


def test_what_a_source_states_can_be_left_out_and_steps_are_thinned(tmp_path: Path) -> None:
    sector = Sector(coverage=list(WRITTEN))
    sector.thing(
        "item:report", "Document", place="place:GHA", theme="theme:mercury", date='"2016"^^xsd:gYear'
    )
    sector.publish(tmp_path)
    other = Sector(coverage=list(WRITTEN))
    other.body("ministry", "GHA")
    other.actor("ngo")
    for number in range(20):
        other.actor(f"giver{number}")
        other.flow(f"f{number}", fromActor=f"actor:giver{number}", toActor="actor:ministry")
    other.thing("policy:code", "Policy", issuedBy="actor:ministry")
    other.turtle.append("policy:code cito:citesAsEvidence item:report .")
    snapshot = other.publish(tmp_path, "other")
    with_all = find_gaps(snapshot, Parameters(kind="stuck-knowledge"))
    left = find_gaps(snapshot, Parameters(kind="stuck-knowledge", without=("other",)))
    assert (rows(with_all, "stuck-knowledge"), rows(left, "stuck-knowledge")) == ([], [("GHA", "mercury")])
    assert not project(snapshot, ("sector",)).knowledge.items
    channels = project_tables(snapshot).channels
    thinned = project_tables(snapshot).thinned(np.random.default_rng(0), 0.5).channels
    assert channels.height == 20
    assert 0 < thinned.height < 20
    assert thinned.join(channels, on=channels.columns, how="anti").is_empty()
    assert channels.schema == dict.fromkeys(("giver", "receiver", "tie", "since"), pl.Int32)
