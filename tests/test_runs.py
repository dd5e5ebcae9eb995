"""Gaps written back: the same question, its history, what people say, what is taken down, what a kill leaves."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, QuerySolutions
from rdflib import RDF

from asmgraph import audit, pipeline, runs, settings
from asmgraph.analysis import Parameters, find_gaps, history
from asmgraph.analysis import runs as written
from asmgraph.errors import ConfigurationError, HomeNotFoundError, NotFoundError, ValidationError
from asmgraph.records import ASM, ID
from asmgraph.settings import Settings
from asmgraph.store import gap_reviews, gap_runs, snapshots
from asmgraph.store.guard import GAP_STATUS, GAPS
from asmgraph.takedown import take_down
from asmgraph.versions import withdraw
from tests.analysis.sector import Sector
from tests.conftest import ROOT

PAIRS = Parameters(kind="co-presence", min_overlap=1)


def work(sector: Sector, place: str, *actors: str) -> None:
    """Let actors work in one place on one theme, each in an intervention of its own."""
    for actor in actors:
        sector.intervention(f"of-{actor}", actor, place, "mercury", "2015", "2024")


@pytest.fixture(scope="module")
def side_by_side(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which two pairs of strangers are published: a and b, c and d; read only."""
    folder, sector = tmp_path_factory.mktemp("strangers"), Sector()
    work(sector, "COD", "a", "b")
    work(sector, "GHA", "c", "d")
    sector.publish(folder)
    return folder / "home"


def introduce(folder: Path, a: str = "a", b: str = "b") -> None:
    """Publish another source that records a tie."""
    sector = Sector()
    sector.tie(a, b)
    sector.publish(folder, "ties")


@pytest.fixture
def chosen(side_by_side: Path, tmp_path: Path) -> Settings:
    shutil.copytree(side_by_side, tmp_path / "home", symlinks=True)
    return settings.load(home=tmp_path / "home")


def of_pair(chosen: Settings, a: str = "a", b: str = "b") -> str:
    found = find_gaps(snapshots.current(chosen.home), PAIRS).gaps
    actors = {f"{ID}actor/{a}", f"{ID}actor/{b}"}
    return next(gap.gap_iri for gap in found if set(gap.actors) == actors)


def asked(snapshot: snapshots.Snapshot, query: str) -> list[list[str]]:
    solutions = snapshot.reading.store.query(query)
    assert isinstance(solutions, QuerySolutions)
    return [[getattr(term, "value", "") for term in row] for row in solutions]


class TestRun:
    def test_the_same_again_changes_nothing(self, chosen: Settings) -> None:
        first = runs.run(chosen, PAIRS)
        folder = chosen.home / "gaps" / "runs"
        before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
        entries = len(list(audit.entries(chosen.home)))
        again = runs.run(chosen, PAIRS)
        assert again.unchanged
        assert again.run == first.run
        assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before
        assert len(list(audit.entries(chosen.home))) == entries

    def test_the_same_again_after_its_own_publication_changes_nothing(self, chosen: Settings) -> None:
        before = find_gaps(snapshots.current(chosen.home), PAIRS)
        day = snapshots.current(chosen.home).published
        runs.run(chosen, PAIRS)
        pipeline.publish(chosen)
        after = snapshots.current(chosen.home)
        assert after.published == day
        assert find_gaps(after, PAIRS) == before
        assert runs.run(chosen, PAIRS).unchanged

    def test_what_lost_its_cause_is_closed_and_the_rest_goes_on(
        self, chosen: Settings, tmp_path: Path
    ) -> None:
        gone, stays = of_pair(chosen), of_pair(chosen, "c", "d")
        first = runs.run(chosen, PAIRS)
        introduce(tmp_path)
        second = runs.run(chosen, PAIRS)
        assert (second.new, second.closed) == ((), (gone,))
        known = runs.history(chosen, gone)
        assert (known.first, known.last, known.closed) == (first.run.ended, first.run.ended, second.run.ended)
        other = runs.history(chosen, stays)
        assert (other.first, other.last, other.closed) == (first.run.ended, second.run.ended, "")

    def test_a_gap_that_comes_back_is_the_same_gap(self, chosen: Settings, tmp_path: Path) -> None:
        gap = of_pair(chosen)
        first = runs.run(chosen, PAIRS)
        introduce(tmp_path)
        runs.run(chosen, PAIRS)
        withdraw(chosen, "ties")
        third = runs.run(chosen, PAIRS)
        assert third.run.graph == first.run.graph  # the same question on the same data
        assert third.new == (gap,)
        known = runs.history(chosen, gap)
        assert (known.first, known.closed) == (first.run.ended, "")
        pipeline.publish(chosen)
        told = history.histories(snapshots.current(chosen.home))[gap]
        assert told.closed is None
        assert told.first.isoformat() == first.run.ended

    def test_nothing_published_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(HomeNotFoundError):
            runs.run(settings.load(home=tmp_path / "none"), PAIRS)
        assert not (tmp_path / "none").exists()

    def test_only_the_newest_runs_of_a_question_are_kept(self, chosen: Settings, tmp_path: Path) -> None:
        few = settings.load(home=chosen.home, gap_runs_kept=1)
        first = runs.run(few, PAIRS)
        other = runs.run(few, Parameters(kind="crowded"))
        introduce(tmp_path)
        assert runs.run(few, PAIRS).removed == (first.run.name,)
        assert other.run in gap_runs.listed(chosen.home)

    def test_what_breaks_a_shape_is_not_kept(self, chosen: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        find = written.statements

        def without_evidence(*given: Any) -> list[str]:
            return [line for line in find(*given) if "wasDerivedFrom" not in line]

        monkeypatch.setattr(written, "statements", without_evidence)
        with pytest.raises(ValidationError, match="wasDerivedFrom"):
            runs.run(chosen, PAIRS)
        assert gap_runs.listed(chosen.home) == []


class TestPublication:
    def test_a_query_sees_gaps_only_where_it_names_their_graph(self, chosen: Settings) -> None:
        done = runs.run(chosen, PAIRS)
        pipeline.publish(chosen)
        for full in (False, True):
            snapshot = snapshots.current(chosen.home, full=full)
            assert asked(snapshot, f"SELECT ?g {{ ?g a <{ASM}CoordinationGap> }}") == []
            named = asked(
                snapshot, f"SELECT ?g {{ GRAPH <{done.run.graph}> {{ ?g a <{ASM}CoordinationGap> }} }}"
            )
            assert {row[0] for row in named} == set(done.run.gaps)

    def test_findings_are_no_input_to_analyses(self, chosen: Settings) -> None:
        """A run that states ties, interventions and participations of its own changes no finding."""
        before = find_gaps(snapshots.current(chosen.home), PAIRS)
        done = runs.run(chosen, PAIRS)
        intervention = f"<{ID}intervention/of-a>"
        false = [
            f"<{ID}tie/false> <{RDF.type}> <{ASM}CoordinationTie> .",
            f"<{ID}tie/false> <{ASM}tieKind> <https://w3id.org/asmgraph/vocab/tie-kind/partnership> .",
            f"<{ID}tie/false> <{ASM}party> <{ID}actor/a> .",
            f"<{ID}tie/false> <{ASM}party> <{ID}actor/b> .",
            f"<{ID}participation/false> <{RDF.type}> <{ASM}Participation> .",
            f"<{ID}participation/false> <{ASM}participant> <{ID}actor/c> .",
            f"<{ID}participation/false> <{ASM}participatesIn> {intervention} .",
            f"{intervention} <{ASM}place> <{ID}place/GHA> .",
            f'{intervention} <{ASM}endDate> "2016"^^<http://www.w3.org/2001/XMLSchema#gYear> .',
        ]
        lines = sorted([*gap_runs.lines(chosen.home, done.run), *false])
        gap_runs.prune(chosen.home, 0)
        gap_runs.keep(chosen.home, done.run, lines)
        pipeline.publish(chosen)
        snapshot = snapshots.current(chosen.home)
        assert asked(snapshot, f"SELECT ?t {{ GRAPH <{done.run.graph}> {{ ?t a <{ASM}CoordinationTie> }} }}")
        assert find_gaps(snapshot, PAIRS) == before

    def test_a_run_over_the_full_dataset_is_not_public(self, chosen: Settings) -> None:
        done = runs.run(chosen, PAIRS, full=True)
        pipeline.publish(chosen)
        assert done.run.graph in snapshots.current(chosen.home, full=True).graphs
        assert not [graph for graph in snapshots.current(chosen.home).graphs if graph.startswith(GAPS)]

    def test_a_takedown_takes_the_gaps_that_name_the_thing(self, chosen: Settings) -> None:
        gap, other = of_pair(chosen), of_pair(chosen, "c", "d")
        runs.run(chosen, PAIRS)
        runs.review(chosen, gap, "disputed", "A asks B.", sensitivity="public")
        pipeline.publish(chosen)
        assert snapshots.states(snapshots.current(chosen.home), gap)
        take_down(chosen, f"{ID}actor/a", "request")
        for full in (False, True):
            snapshot = snapshots.current(chosen.home, full=full)
            assert not snapshots.states(snapshot, gap)
            assert snapshots.states(snapshot, other)
            assert GAP_STATUS not in snapshot.graphs
            held = [quad.object for quad in snapshot.reading.store if isinstance(quad.object, Literal)]
            assert not [one for one in held if "A and B" in one.value]

    def test_a_takedown_makes_another_run(self, chosen: Settings) -> None:
        gap = of_pair(chosen)
        first = runs.run(chosen, PAIRS)
        take_down(chosen, f"{ID}actor/a", "request")
        second = runs.run(chosen, PAIRS)
        assert first.run.name != second.run.name
        assert gap in second.closed
        pipeline.publish(chosen)
        assert not snapshots.states(snapshots.current(chosen.home), gap)

    def test_a_withdrawn_source_takes_the_gaps_that_it_alone_shows(
        self, chosen: Settings, tmp_path: Path
    ) -> None:
        gap, other = of_pair(chosen), Sector()
        work(other, "PER", "e", "f")
        other.publish(tmp_path, "other")
        runs.run(chosen, PAIRS)
        pipeline.publish(chosen)
        of_other = of_pair(chosen, "e", "f")
        withdraw(chosen, "other")
        snapshot = snapshots.current(chosen.home)
        assert not snapshots.states(snapshot, of_other)
        assert snapshots.states(snapshot, gap)
        assert of_other in runs.run(chosen, PAIRS).closed

    @pytest.mark.parametrize("damage", ["run.nt", "manifest.json"])
    def test_a_damaged_run_is_left_out_and_said(self, chosen: Settings, damage: str) -> None:
        done = runs.run(chosen, PAIRS)
        (chosen.home / "gaps" / "runs" / done.run.name / damage).write_text("{ <urn:a> ")
        published = pipeline.publish(chosen)
        assert any(done.run.name in told for told in published.cautions["gaps"])
        assert done.run.graph not in snapshots.current(chosen.home).graphs

    def test_a_damaged_run_is_computed_again(self, chosen: Settings) -> None:
        done = runs.run(chosen, PAIRS)
        (chosen.home / "gaps" / "runs" / done.run.name / "run.nt").write_text("")
        again = runs.run(chosen, PAIRS)
        assert not again.unchanged
        assert set(again.run.gaps) == set(done.run.gaps)
        assert gap_runs.damaged(chosen.home) == []


class TestReview:
    def test_it_outlives_runs_and_publications(self, chosen: Settings, tmp_path: Path) -> None:
        gap = of_pair(chosen)
        runs.run(chosen, PAIRS)
        runs.review(chosen, gap, "acknowledged", "We know.", "The office", "public")
        runs.review(chosen, gap, "resolved", "They met.", f"{ID}actor/a", "public")
        pipeline.publish(chosen)
        introduce(tmp_path)
        runs.run(chosen, PAIRS)
        pipeline.publish(chosen)
        known = history.histories(snapshots.current(chosen.home))[gap]
        assert [(one.status, one.office, one.actor) for one in known.reviews] == [
            ("acknowledged", "The office", ""),
            ("resolved", "", f"{ID}actor/a"),
        ]
        assert known.status == "resolved"
        assert known.closed is not None

    def test_without_a_sensitivity_it_is_confidential(self, chosen: Settings) -> None:
        gap = of_pair(chosen)
        runs.run(chosen, PAIRS)
        runs.review(chosen, gap, "disputed", "CANARY-71c0")
        pipeline.publish(chosen)
        public, full = (snapshots.current(chosen.home, full=full) for full in (False, True))
        assert GAP_STATUS not in public.graphs
        assert f"{GAP_STATUS}/confidential" in full.graphs
        files = b"".join(file.read_bytes() for file in public.path.rglob("*") if file.is_file())
        assert b"CANARY-71c0" not in files
        assert runs.history(chosen, gap, full=False).reviews == ()

    def test_what_is_said_of_a_gap_of_the_full_dataset_alone_is_not_public(self, chosen: Settings) -> None:
        gap = of_pair(chosen)
        runs.run(chosen, PAIRS, full=True)
        runs.review(chosen, gap, "disputed", "Said in the open.", sensitivity="public")
        pipeline.publish(chosen)
        assert GAP_STATUS not in snapshots.current(chosen.home).graphs
        assert GAP_STATUS in snapshots.current(chosen.home, full=True).graphs

    @pytest.mark.parametrize(
        ("given", "error", "said"),
        [
            ({"status": "forgotten"}, NotFoundError, "no status"),
            ({"why": " "}, ConfigurationError, "needs a reason"),
            ({"why": "x" * 2_001}, ConfigurationError, "2,000"),
            ({"by": "somebody@example.org"}, ConfigurationError, "no name of an office"),
            ({"by": f"{ID}actor/nobody"}, NotFoundError, "no actor"),
            ({"by": f"{ID}place/COD"}, NotFoundError, "no actor"),
            ({"sensitivity": "secret"}, ConfigurationError, "no sensitivity"),
            ({"gap": "co-presence-0000000000000000"}, NotFoundError, "No run found"),
        ],
    )
    def test_what_cannot_be_kept_is_said(
        self, chosen: Settings, given: dict[str, str], error: type[Exception], said: str
    ) -> None:
        gap = of_pair(chosen)
        runs.run(chosen, PAIRS)
        with pytest.raises(error, match=said):
            runs.review(chosen, **{"gap": gap, "status": "disputed", "why": "Because.", **given})
        assert gap_reviews.read(chosen.home) == []

    def test_a_torn_line_does_not_swallow_the_next(self, chosen: Settings) -> None:
        gap = of_pair(chosen)
        runs.run(chosen, PAIRS)
        runs.review(chosen, gap, "disputed", "One.")
        with (chosen.home / "gaps" / "status.jsonl").open("a") as file:
            file.write('{"gap": "')
        runs.review(chosen, gap, "resolved", "Two.")
        assert [one.why for one in gap_reviews.read(chosen.home)] == ["One.", "Two."]

    def test_markup_and_ends_of_lines_stay_text(self, chosen: Settings) -> None:
        gap = of_pair(chosen)
        runs.run(chosen, PAIRS)
        why = 'They "met".\n<script>x</script> . <urn:a> <urn:b> <urn:c> .'
        runs.review(chosen, gap, "disputed", why, sensitivity="public")
        pipeline.publish(chosen)
        known = history.histories(snapshots.current(chosen.home))[gap]
        assert known.reviews[0].why == why

    @pytest.mark.parametrize("sensitivity", ["public", ""])
    def test_it_can_be_taken_down(self, chosen: Settings, sensitivity: str) -> None:
        gap = of_pair(chosen)
        runs.run(chosen, PAIRS)
        done = runs.review(chosen, gap, "disputed", "Somebody by name.", sensitivity=sensitivity)
        pipeline.publish(chosen)
        assert snapshots.states(snapshots.current(chosen.home, full=True), done.iri)
        take_down(chosen, done.iri, "privacy")
        for full in (False, True):
            snapshot = snapshots.current(chosen.home, full=full)
            assert not snapshots.states(snapshot, done.iri)
            assert snapshots.states(snapshot, gap)

    def test_a_gap_itself_cannot(self, chosen: Settings) -> None:
        runs.run(chosen, PAIRS)
        pipeline.publish(chosen)
        with pytest.raises(ConfigurationError, match="find it again"):
            take_down(chosen, of_pair(chosen), "error")

    def test_it_is_in_the_audit_log(self, chosen: Settings) -> None:
        gap = of_pair(chosen)
        done = runs.run(chosen, PAIRS)
        runs.review(chosen, gap, "disputed", "Because.")
        last, review = list(audit.entries(chosen.home))[-2:]
        assert (last["action"], last["about"]) == ("gaps", done.run.graph)
        assert last["graphs"] == {done.run.graph: [0, done.run.triples]}
        assert (review["action"], review["about"], review["status"]) == ("gap status", gap, "disputed")
        assert "Because." not in json.dumps(review)


class TestFind:
    KNOWN = (f"{ID}gap/broker-00aa", f"{ID}gap/broker-00ab", f"{ID}gap/silo-1111")

    def test_the_beginning_is_enough_where_it_is_of_one(self) -> None:
        assert runs.find("silo", self.KNOWN) == self.KNOWN[2]
        assert runs.find(self.KNOWN[0], self.KNOWN) == self.KNOWN[0]

    @pytest.mark.parametrize(
        ("given", "said"),
        [("broker-00", "More than one"), ("brokr-00aa", "No run found"), ("", "No run found")],
    )
    def test_else_the_nearest_are_named(self, given: str, said: str) -> None:
        with pytest.raises(NotFoundError, match=said) as caught:
            runs.find(given, self.KNOWN)
        assert "asmgraph gaps list" in caught.value.hint
        assert not given or "broker-00aa" in caught.value.hint


KILLED = """
import os, signal, sys
from pathlib import Path
from asmgraph import runs, settings
from asmgraph.analysis import Parameters

replace = Path.replace
def die(self, target):
    if "gaps" in self.parts and WHEN == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    done = replace(self, target)
    if "gaps" in self.parts:
        os.kill(os.getpid(), signal.SIGKILL)
    return done
Path.replace = die
runs.run(settings.load(home=Path(sys.argv[1])), Parameters(kind="co-presence", min_overlap=1))
"""


@pytest.mark.parametrize(("when", "kept"), [("before", 0), ("after", 1)])
def test_a_killed_run_is_there_whole_or_not_at_all(chosen: Settings, when: str, kept: int) -> None:
    program = KILLED.replace("WHEN", repr(when))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program, str(chosen.home)], env=environment, check=False, timeout=120
    )
    assert done.returncode == -signal.SIGKILL
    assert len(gap_runs.listed(chosen.home)) == kept
    assert gap_runs.damaged(chosen.home) == []
    assert pipeline.publish(chosen).cautions == {}
    runs.run(chosen, PAIRS)
    runs.run(chosen, Parameters(kind="crowded"))
    assert not list((chosen.home / "gaps" / "runs").glob(".*"))
    noted = [entry["about"] for entry in audit.entries(chosen.home) if entry["action"] == "gaps"]
    assert sorted(noted) == sorted(one.graph for one in gap_runs.listed(chosen.home))
