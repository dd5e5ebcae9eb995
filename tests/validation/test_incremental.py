"""What is checked again after a change is enough: with what is carried over it gives what a full check gives."""

from __future__ import annotations

import subprocess
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF

from asmgraph.records import ASM, ID, VOCAB, Sensitivity
from asmgraph.store import staging
from asmgraph.store.runs import Runs
from asmgraph.validation import conflicts, incremental, structure

KIND = f"<{RDF.type}>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
SITES = [f"<{ID}site/{name}>" for name in "abc"]
VISITS = [f"<{ID}visit/{name}>" for name in "xyz"]
GOLD = f"<{VOCAB}mineral/gold>"
SITE = st.tuples(
    st.sampled_from(SITES),
    st.sampled_from([(KIND, f"<{ASM}MineSite>"), (LABEL, '"A"'), (f"<{ASM}within>", f"<{ID}place/COD>")]),
)
VISIT = st.tuples(
    st.sampled_from(VISITS),
    st.one_of(
        st.sampled_from([(KIND, f"<{ASM}SiteVisit>"), (LABEL, '"V"'), (f"<{ASM}mineral>", GOLD)]),
        st.sampled_from(SITES).map(lambda site: (f"<{ASM}site>", site)),
        st.sampled_from(["2019", "20190"]).map(
            lambda year: (f"<{ASM}date>", f'"{year}"^^<http://www.w3.org/2001/XMLSchema#gYear>')
        ),
    ),
)
STATE = st.sets(st.one_of(SITE, VISIT), max_size=14)
ELSEWHERE = st.sets(
    st.sampled_from(
        [
            (f"{ID}place/COD", f"{ASM}Place"),
            (GOLD[1:-1], "http://www.w3.org/2004/02/skos/core#Concept"),
            (SITES[0][1:-1], f"{ASM}MineSite"),
        ]
    )
)
State = set[tuple[str, tuple[str, str]]]
Pairs = set[tuple[str, str]]


def _staged(folder: Path, state: State) -> staging.Writer:
    writer = staging.Writer(folder)
    writer._runs = Runs(folder, part_lines=4)
    lines = [f"{thing} {predicate} {value} ." for thing, (predicate, value) in state]
    writer.write(Sensitivity.PUBLIC, lines[::2])
    writer.write(Sensitivity.CONFIDENTIAL, lines[1::2])
    writer.sort()
    return writer


def _known(writer: staging.Writer, elsewhere: Pairs) -> pl.DataFrame:
    others = pl.DataFrame(sorted(elsewhere), schema={"thing": pl.String, "kind": pl.String}, orient="row")
    return pl.concat([writer.types, others]).unique()


@settings(max_examples=60)
@given(STATE, STATE, ELSEWHERE, ELSEWHERE)
def test_what_is_checked_again_and_what_is_carried_over_give_a_full_check(
    before: State, after: State, known_before: Pairs, known_after: Pairs
) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        old, new = _staged(Path(one), before), _staged(Path(two), after)
        former, known = _known(old, known_before), _known(new, known_after)
        report = structure.validate(old.folder, old.parts, former, processes=1)
        moved = incremental.regrouped(known, former)
        changed = incremental.changed(new.folder, new.parts, old.folder, old.parts)
        assert changed is not None
        again = pl.concat([changed, incremental.pointing(new.files, moved)])
        again = again.unique().sort()
        fresh = structure.validate(new.folder, new.parts, known, only=again, processes=1)
        assert sorted([*fresh, *incremental.carried(report, again)]) == structure.validate(
            new.folder, new.parts, known, processes=1
        )


@given(STATE, STATE)
def test_the_changed_things_are_those_whose_statements_differ(before: State, after: State) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        old, new = _staged(Path(one), before), _staged(Path(two), after)
        found = incremental.changed(new.folder, new.parts, old.folder, old.parts)
    assert found is not None
    assert found.to_list() == sorted({thing for thing, _ in before ^ after})


@given(STATE, STATE)
def test_where_the_classes_themselves_change_nothing_is_told_apart(before: State, after: State) -> None:
    below = (f"<{ASM}SiteVisit>", ("<http://www.w3.org/2000/01/rdf-schema#subClassOf>", f"<{ASM}MineSite>"))
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        old, new = _staged(Path(one), {*before, below}), _staged(Path(two), after)
        assert incremental.changed(new.folder, new.parts, old.folder, old.parts) is None
        assert incremental.changed(old.folder, old.parts, new.folder, new.parts) is None


@given(STATE, st.sets(st.sampled_from([*SITES, *VISITS, "<urn:nobody>"])))
def test_the_lines_that_are_sought_are_those_that_reading_all_finds(state: State, things: set[str]) -> None:
    only = pl.Series(sorted(things), dtype=pl.String)
    with tempfile.TemporaryDirectory() as name:
        written = _staged(Path(name), state)
        found = [line for piece in structure.sought(written.folder, only) for line in piece]
        lines = [line for part in written.parts for line in part.lines_of(written.folder, only)]
    assert found == lines


def test_what_is_sought_is_judged_about_a_part_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(structure, "PART_LINES", 3)
    long = (VISITS[2], (LABEL, f'"{"long " * 40_000}"'))  # so that seeking is worth more than reading whole
    state = {(site, pair) for site in SITES for pair in [(KIND, f"<{ASM}MineSite>"), (LABEL, '"A"')]}
    writer = _staged(tmp_path, {*state, long})
    only = pl.Series(SITES)
    pieces = list(structure.sought(tmp_path, only))
    told: list[int] = []
    found = structure.validate(tmp_path, writer.parts, _known(writer, set()), told.append, only=only)
    assert [len(piece) for piece in pieces] == told == [4, 2]
    assert {violation.focus for violation in found} == set(SITES)


@pytest.mark.parametrize("kept", [range(1), range(4_999, 5_000), range(0)])
def test_however_two_versions_differ_no_more_is_held_than_a_few_parts(tmp_path: Path, kept: range) -> None:
    versions = []
    for name, numbers in (("before", range(5_000)), ("after", kept)):
        (tmp_path / name).mkdir()
        writer = staging.Writer(tmp_path / name)
        writer._runs = Runs(writer.folder, part_lines=1_000)
        lines = [f'<{ID}visit/{i:05}> <{ASM}p{j}> "{name} {i}" .' for i in numbers for j in range(20)]
        writer.write(Sensitivity.PUBLIC, lines)
        writer.sort()
        versions.append(writer)
    before, after = versions
    for new, old in ((after, before), (before, after)):
        tracemalloc.start()
        found = incremental.changed(new.folder, new.parts, old.folder, old.parts)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert found is not None
        assert len(found) == 5_000
        assert most < before.files[0].stat().st_size / 8


def test_processes_side_by_side_find_what_one_finds(tmp_path: Path) -> None:
    state = {(site, pair) for site in SITES for pair in [(KIND, f"<{ASM}MineSite>"), (LABEL, '"A"')]}
    state |= {(visit, pair) for visit in VISITS for pair in [(KIND, f"<{ASM}SiteVisit>"), (LABEL, '"V"')]}
    # A class is found by a hash: it has to be the same in every process.
    state |= {(visit, (f"<{ASM}site>", site)) for visit, site in zip(VISITS, SITES, strict=True)}
    writer = _staged(tmp_path, state)
    known = _known(writer, set())
    told: list[int] = []
    assert len(writer.parts) > 1
    many = structure.validate(tmp_path, writer.parts, known, told.append, processes=2)
    assert many == structure.validate(tmp_path, writer.parts, known, processes=1)
    assert many
    assert not [one for one in many if one.path == f"{ASM}site"]
    assert sum(told) == len(state)


def test_where_one_process_does_not_start_none_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = _staged(tmp_path, {(site, pair) for site in SITES for pair in [(KIND, GOLD), (LABEL, '"V"')]})
    files_before = sorted(tmp_path.iterdir())
    started: list[subprocess.Popen[str]] = []

    class Once(subprocess.Popen[str]):
        """Starts the first process, and no other: what a system does that has no more to give."""

        def __init__(self, *arguments: Any, **named: Any) -> None:
            if started:
                raise BlockingIOError("Resource temporarily unavailable")
            super().__init__(*arguments, **named)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Once)
    with pytest.raises(BlockingIOError):
        structure.validate(tmp_path, writer.parts, _known(writer, set()), processes=2)
    (first,) = started
    assert first.returncode is not None
    assert first.stdout is not None
    assert first.stdout.closed
    assert sorted(tmp_path.iterdir()) == sorted({*files_before, tmp_path / "parts.parquet"})


def test_two_sources_that_give_one_thing_two_dates_conflict(tmp_path: Path) -> None:
    versions = {}
    for source, year in (("one", "2019"), ("two", "2020"), ("three", "2020")):
        (tmp_path / source).mkdir()
        date = (f"<{ASM}date>", f'"{year}"^^<http://www.w3.org/2001/XMLSchema#gYear>')
        own = (
            (VISITS[1], (LABEL, f'"only {source}"'))
            if source == "one"
            else (VISITS[0], (LABEL, f'"{source}"'))
        )
        writer = _staged(
            tmp_path / source, {(VISITS[0], (KIND, f"<{ASM}SiteVisit>")), (VISITS[0], date), own}
        )
        versions[source] = (writer.folder, writer.parts)
    (found,) = conflicts.find(versions)
    assert (found.focus, found.path) == (VISITS[0], ASM + "date")
    assert [source for source, _ in found.said] == ["one", "three", "two"]
    assert "date: one says" in found.describe()


def test_sources_that_agree_or_speak_of_other_things_do_not_conflict(tmp_path: Path) -> None:
    date = (f"<{ASM}date>", '"2019"^^<http://www.w3.org/2001/XMLSchema#gYear>')
    versions = {}
    for source, thing in (("one", VISITS[0]), ("two", VISITS[0]), ("three", VISITS[1])):
        (tmp_path / source).mkdir()
        writer = _staged(
            tmp_path / source,
            {(thing, (KIND, f"<{ASM}SiteVisit>")), (thing, date), (thing, (LABEL, f'"{source}"'))},
        )
        versions[source] = (writer.folder, writer.parts)
    assert conflicts.find(versions) == []
