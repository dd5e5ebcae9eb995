"""The rules on naming and evidence on the real data: starter facts, mine sites, and projects in two countries."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from asmgraph import pipeline, settings
from asmgraph.analysis import KINDS, Gap, Parameters, find_gaps
from asmgraph.analysis.brief import brief
from asmgraph.analysis.gaps import scope_of
from asmgraph.analysis.naming import is_local
from asmgraph.store import snapshots
from asmgraph.store.snapshots import Snapshot

pytestmark = pytest.mark.external

_FILES = {
    "ipis": "ipis-drc-mines/ipis_cod_mines.csv",
    "iati": "aiddata-drc-aims/iati_2.03_DRC-AIMS.xml",
    "aiddata-sierra-leone-aims": "aiddata-sierra-leone-aims",
}
_COUNTED = ("voice", "stuck-knowledge", "broker")
"""Kinds that name no local group in public."""
_PLACES = (None, "COD", "SLE", "GHA")


@pytest.fixture(scope="module")
def home(starter_home: Path, external_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("real") / "home"
    shutil.copytree(starter_home, made, symlinks=True)
    chosen = settings.load(home=made)
    for source, file in _FILES.items():
        pipeline.ingest(chosen, source, external_data / file)
    pipeline.publish(chosen)
    return made


@pytest.fixture(scope="module")
def public(home: Path) -> Snapshot:
    return snapshots.current(home)


@pytest.fixture(scope="module")
def gaps(public: Snapshot) -> list[Gap]:
    asked = [Parameters(place, as_of="latest-covered", min_overlap=1) for place in _PLACES]
    found = [gap for one in asked for gap in find_gaps(public, one).gaps]
    assert {gap.kind for gap in found} >= {
        "co-presence",
        "crowded",
        "unserved-need",
        "broker",
        "introduction",
    }
    return found


def test_no_gap_has_an_armed_actor_or_people_as_a_party(home: Path, gaps: list[Gap]) -> None:
    full = snapshots.current(home, full=True)
    projection = scope_of(full, Parameters()).projection
    asked = [Parameters(place, as_of="latest-covered") for place in _PLACES[:2]]
    everything = [*gaps, *(gap for one in asked for gap in find_gaps(full, one).gaps)]
    parties = {actor for gap in everything for actor in gap.actors}
    assert len(parties) > 100
    assert all(map(projection.may_be_party, parties))


def test_in_public_local_groups_are_counted_where_it_says_who_depends_on_whom(
    public: Snapshot, gaps: list[Gap]
) -> None:
    projection = scope_of(public, Parameters()).projection
    local = {actor for actor in projection.actors if is_local(projection, actor)}
    assert len(local) > 20
    named = {label for actor in local for label in projection.labels[actor].values() if len(label) > 5}
    for gap in gaps:
        if gap.kind in _COUNTED:
            assert not local & set(gap.actors)
            assert not [name for name in named if name in gap.explanation]


def test_each_gap_rests_on_statements_of_the_dataset_it_was_found_in(
    public: Snapshot, gaps: list[Gap]
) -> None:
    for gap in gaps:
        assert gap.evidence, gap.explanation
        assert all(snapshots.states(public, entry.iri) for entry in gap.evidence), gap.gap_iri


def test_no_sentence_is_left_with_a_hole(gaps: list[Gap]) -> None:
    for gap in gaps:
        texts = [gap.explanation, gap.action, gap.completeness, *(entry.detail for entry in gap.evidence)]
        assert not [text for text in texts if "{" in text or "None" in text.split()]
        assert gap.action.startswith("Check")


def test_a_brief_of_the_congo_has_something_to_say_and_to_show(public: Snapshot) -> None:
    made = brief(public, Parameters("COD"))
    assert {kind for kind, _ in made.gaps()} <= set(KINDS)
    assert len(list(made.gaps())) >= 4
    assert all(gap.evidence for _, gaps in made.gaps() for gap in gaps)
    assert {source.title.split(":")[0] for source in made.found.coverage if source.until} >= {"Starter facts"}
    assert made.working
