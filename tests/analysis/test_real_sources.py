"""The rules on time and coverage on real files: aid projects in the DRC that were read in 2026 and end in 2014."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from asmgraph import pipeline, settings
from asmgraph.analysis import Parameters, find_gaps
from asmgraph.store.snapshots import Snapshot, current
from tests.analysis.sector import Sector, needs

pytestmark = pytest.mark.external

_FILE = Path("aiddata-drc-aims") / "iati_2.03_DRC-AIMS.xml"
_END = dt.date(2014, 12, 31)
"""The last day of the newest dated payment or end among the projects on artisanal mining."""


@pytest.fixture(scope="module")
def projects(external_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The projects, and beside them three needs of the country, which a source without participations records."""
    folder = tmp_path_factory.mktemp("projects")
    sector = Sector(coverage=[{"covers": "needs", "found": "all"}])
    sector.need("clean-water", "COD", "C4", "2010")
    sector.sized_need("schooling", "COD", "C2", "2010", "50000", "children")
    sector.need("water-in-ghana", "GHA", "C4", "2010")
    sector.publish(folder)
    chosen = settings.load(home=folder / "home")
    report = pipeline.ingest(chosen, "iati", external_data / _FILE)
    assert report.things["Intervention"] >= 8
    return pipeline.publish(chosen).snapshot


@pytest.fixture(scope="module")
def both(starter_home: Path, external_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The projects beside the starter data, which go on to a later day."""
    home = tmp_path_factory.mktemp("both") / "home"
    shutil.copytree(starter_home, home, symlinks=True)
    chosen = settings.load(home=home)
    pipeline.ingest(chosen, "iati", external_data / _FILE)
    pipeline.publish(chosen)
    return current(home)


def test_today_no_source_covers_the_place_so_nothing_is_called_unserved(projects: Snapshot) -> None:
    found = find_gaps(projects, Parameters("COD", "unserved-need"))
    assert found.as_of == projects.published.date()
    assert found.gaps == ()
    assert {one.reason for one in found.silences} == {"No presence data after 2014-12-31."}
    assert found.notes == (
        f"No presence data after 2014-12-31: unserved needs cannot be judged on {found.as_of}.",
    )


def test_the_day_that_is_offered_is_the_last_that_is_covered_and_there_needs_are_judged(
    projects: Snapshot,
) -> None:
    (source,) = find_gaps(projects, Parameters("COD", "unserved-need")).coverage
    assert (source.found, source.until) == ("some", _END)
    found = find_gaps(projects, Parameters("COD", "unserved-need", as_of="latest-covered"))
    assert found.as_of == found.latest_covered == _END
    assert "COD C4" in needs(found)
    assert {gap.confidence for gap in found.gaps} == {"low"}


@pytest.mark.parametrize(("day", "judged"), [("2016-06-30", True), ("2016-07-01", False)])
def test_a_source_carries_eighteen_months_beyond_its_end(
    projects: Snapshot, day: str, *, judged: bool
) -> None:
    found = find_gaps(projects, Parameters("COD", "unserved-need", as_of=day))
    assert ("COD C4" in needs(found)) is judged


def test_a_source_on_one_country_says_nothing_of_another(projects: Snapshot) -> None:
    found = find_gaps(projects, Parameters("GHA", "unserved-need", as_of="2014-12-31"))
    assert found.gaps == ()
    assert [one.reason for one in found.silences] == ["No dated presence is recorded in this country."]


def test_nothing_is_dropped_or_double_where_successors_and_ties_were_not_looked_for(
    projects: Snapshot,
) -> None:
    today = find_gaps(projects, Parameters("COD", "dropped"))
    assert today.gaps == ()
    assert all("no presence data after 2014-12-31" in one.reason for one in today.silences)
    assert find_gaps(projects, Parameters("COD", "duplication", as_of="2012-06-30")).gaps == ()


def test_what_the_register_did_not_look_for_is_said(projects: Snapshot) -> None:
    reasons = {one.reason for one in find_gaps(projects, Parameters("COD", "silence")).silences}
    assert "No source says that it looked for this: coordination ties." in reasons


def test_each_source_is_shown_with_its_own_end(both: Snapshot) -> None:
    found = find_gaps(both, Parameters("COD", "unserved-need"))
    ends = {source.graph.split("/")[-2]: source.until for source in found.coverage}
    assert len(ends) == 2
    assert min(filter(None, ends.values())) == _END < max(filter(None, ends.values()))
    assert found.gaps == ()
    assert found.latest_covered == max(filter(None, ends.values()))
    assert find_gaps(both, Parameters("COD", "unserved-need", as_of="latest-covered")).gaps
