"""Stuck knowledge: of which items a use in policy is recorded, and of which none."""

from __future__ import annotations

from pathlib import Path

import pytest

from asmgraph.analysis import Gap, GapSet, Parameters, find_gaps
from asmgraph.store.snapshots import Snapshot, current
from tests.analysis.sector import WRITTEN, Sector, rows

ACCESS = "<https://w3id.org/asmgraph/vocab/access/public>"


def stuck(sector: Sector, folder: Path, **given: object) -> GapSet:
    return find_gaps(sector.publish(folder), Parameters(kind="stuck-knowledge", **given))  # type: ignore[arg-type]


def only(found: GapSet) -> Gap:
    (gap,) = found.gaps
    return gap


def item(
    sector: Sector, slug: str, place: str = "place:GHA", theme: str = "theme:mercury", **said: str
) -> None:
    sector.thing(f"item:{slug}", "Document", place=place, theme=theme, **{"access": ACCESS, **said})


@pytest.fixture(scope="module")
def starter(starter_home: Path) -> Snapshot:
    return current(starter_home)


@pytest.fixture
def sector() -> Sector:
    """A report on mercury in Ghana that nobody used, and a ministry that issued a policy on mercury there."""
    made = Sector(coverage=list(WRITTEN))
    made.body("ministry", "GHA")
    made.thing("policy:code", "Policy", issuedBy="actor:ministry", place="place:GHA", theme="theme:mercury")
    item(made, "report")
    return made


class TestUse:
    def test_an_item_without_a_use_makes_a_row_that_names_the_office_to_brief(
        self, sector: Sector, tmp_path: Path
    ) -> None:
        found = stuck(sector, tmp_path)
        assert rows(found, "stuck-knowledge") == [("GHA", "mercury")]
        gap = only(found)
        assert (
            gap.action
            == "Check the record with those who hold the knowledge; then brief an office: MINISTRY."
        )
        assert [actor.rsplit("/", 1)[-1] for actor in gap.actors] == ["ministry"]
        assert gap.evidence[0].iri.endswith("/knowledge/report")
        assert "received by nobody on record" in gap.evidence[0].detail

    def test_what_ends_it_and_what_does_not(self, tmp_path: Path) -> None:
        """Each case is a report of its own country."""
        sector = Sector(coverage=list(WRITTEN))
        sector.body("ministry", "GHA")
        sector.thing("policy:code", "Policy", issuedBy="actor:ministry")
        sector.thing("policy:later", "Policy", issuedBy="actor:ministry", date='"2124"^^xsd:gYear')
        cases = {
            "GHA": ("used-in-practice", {"toActor": "actor:ministry"}, False),
            "COD": ("cited-in-policy", {"toName": '"a_plan"'}, False),
            "PER": ("enacted", {"toPolicy": "policy:code"}, False),
            "COL": ("implemented", {"toPolicy": "policy:code"}, False),
            "BOL": ("received", {"toActor": "actor:ministry"}, True),
            "UGA": ("received", {"toPolicy": "policy:code"}, True),
            "TZA": ("enacted", {"toPolicy": "policy:code", "date": '"2124"^^xsd:gYear'}, True),
        }
        for country, (stage, said, _) in cases.items():
            item(sector, country, f"place:{country}")
            sector.flow(country, stage, knowledgeItem=f"item:{country}", **said)
        for country in ("KEN", "MLI"):
            item(sector, country, f"place:{country}")
        sector.turtle += [
            "policy:code cito:citesAsEvidence item:KEN .",
            "policy:later cito:citesAsEvidence item:MLI .",
        ]
        found = {place for place, _ in rows(stuck(sector, tmp_path), "stuck-knowledge")}
        assert found == {*(country for country, case in cases.items() if case[2]), "MLI"}

    def test_what_a_used_item_derives_from_and_its_study_are_used(self, tmp_path: Path) -> None:
        sector = Sector(coverage=list(WRITTEN))
        sector.thing("policy:code", "Policy", issuerName='"A_ministry"')
        for slug, country in (("paper", "GHA"), ("second", "COD"), ("notes", "PER"), ("other", "COL")):
            item(sector, slug, f"place:{country}")
        design = "<https://w3id.org/asmgraph/vocab/study-design/qualitative>"
        sector.thing(
            "study:survey",
            "Study",
            studyDesign=design,
            reportedIn="item:paper item:second",
            theme="theme:mercury",
        )
        sector.turtle += [
            'study:survey dcterms:language "en" .',
            "policy:code cito:citesAsEvidence item:paper .",
            "item:paper prov:wasDerivedFrom item:notes .",
        ]
        assert rows(stuck(sector, tmp_path), "stuck-knowledge") == [("COL", "mercury")]

    def test_the_last_hop_is_told(self, sector: Sector, tmp_path: Path) -> None:
        sector.flow("hop", knowledgeItem="item:report", toActor="actor:ministry")
        gap = only(stuck(sector, tmp_path))
        assert "1 is recorded as received" in gap.explanation
        assert "received by MINISTRY" in gap.evidence[0].detail
        assert gap.evidence[1].iri.endswith("knowledge-flow/hop")

    def test_adding_the_missing_citation_removes_the_row(self, sector: Sector, tmp_path: Path) -> None:
        sector.turtle.append("policy:code cito:citesAsEvidence item:report .")
        assert not stuck(sector, tmp_path).gaps


class TestCoverage:
    def test_only_what_a_source_searched_is_judged(self, sector: Sector, tmp_path: Path) -> None:
        sector.coverage = [
            {"covers": "policy-citations", "found": "some", "place": "COD", "from": "2010"},
            {"covers": "studies", "found": "all"},
        ]
        item(sector, "old", "place:COD", "theme:gender", date='"2009"^^xsd:gYear')
        item(sector, "new", "place:COD", "theme:finance", date='"2010"^^xsd:gYear')
        item(sector, "undated", "place:COD", "theme:policy")
        item(sector, "anywhere", "")
        found = stuck(sector, tmp_path)
        assert rows(found, "stuck-knowledge") == [("COD", "finance")]
        assert only(found).confidence == "low"
        said = {(one.place[-3:], one.theme.rsplit("/", 1)[-1]): one.reason for one in found.silences}
        assert set(said) == {("GHA", "mercury"), ("", "mercury"), ("", "")}
        assert said["", ""].startswith("1 knowledge item has no date")

    def test_where_nobody_searched_nothing_is_claimed(self, sector: Sector, tmp_path: Path) -> None:
        sector.coverage = [{"covers": "studies", "found": "all"}]
        found = stuck(sector, tmp_path)
        assert not found.gaps
        assert "no knowledge can be called stuck" in " ".join(found.notes)


class TestRows:
    def test_authors_and_access_are_counted(self, sector: Sector, tmp_path: Path) -> None:
        sector.group("diggers", "GHA")
        item(sector, "told", heldBy="actor:diggers", access="")
        gap = only(stuck(sector, tmp_path))
        assert "By kind of author: not recorded 1, miners' association 1." in gap.explanation
        assert "1 is held by miners' groups or communities" in gap.explanation
        assert not any("diggers" in str(part).casefold() for part in (gap.row(), gap.evidence))

    def test_what_miners_know_comes_first(self, sector: Sector, tmp_path: Path) -> None:
        sector.group("diggers", "PER")
        item(sector, "second")
        item(sector, "theirs", "place:PER", heldBy="actor:diggers")
        assert [place for place, _ in rows(stuck(sector, tmp_path), "stuck-knowledge")] == ["PER", "GHA"]

    def test_an_office_of_another_country_or_theme_is_not_named(self, sector: Sector, tmp_path: Path) -> None:
        item(sector, "there", "place:PER")
        item(sector, "else", theme="theme:gender")
        found = stuck(sector, tmp_path)
        assert {(gap.place[-3:], gap.theme.rsplit("/", 1)[-1]): len(gap.actors) for gap in found.gaps} == {
            ("GHA", "mercury"): 1,
            ("GHA", "gender"): 0,
            ("PER", "mercury"): 0,
        }

    def test_an_issuer_known_by_name_alone_is_named(self, tmp_path: Path) -> None:
        sector = Sector(coverage=list(WRITTEN))
        item(sector, "report")
        sector.thing(
            "policy:code", "Policy", issuerName='"Inspectorate"', place="place:GHA", theme="theme:mercury"
        )
        assert "Inspectorate" in only(stuck(sector, tmp_path)).action

    def test_items_of_no_place_and_policies_that_are_items(self, tmp_path: Path) -> None:
        sector = Sector(coverage=list(WRITTEN))
        item(sector, "anywhere", "")
        sector.thing("policy:code", "Policy", issuerName='"Inspectorate"', place="place:GHA")
        snapshot = sector.publish(tmp_path)
        found = find_gaps(snapshot, Parameters(kind="stuck-knowledge"))
        assert rows(found, "stuck-knowledge") == [("", "mercury")]
        assert "no recorded place" in only(found).explanation
        assert not find_gaps(snapshot, Parameters(kind="stuck-knowledge", place="GHA")).gaps

    def test_a_place_above_the_level_asked_keeps_its_row(self, sector: Sector, tmp_path: Path) -> None:
        snapshot = sector.publish(tmp_path)
        found = find_gaps(snapshot, Parameters(kind="stuck-knowledge", place_level=1))
        assert rows(found, "stuck-knowledge") == [("GHA", "mercury")]


class TestLaws:
    def test_duplicates_order_other_names_and_the_rest_of_the_world_change_nothing(
        self, sector: Sector, tmp_path: Path
    ) -> None:
        item(sector, "second", heldBy="actor:ministry")
        first = only(stuck(sector, tmp_path / "a"))
        again = Sector(turtle=[*reversed(sector.turtle), *sector.turtle], coverage=sector.coverage)
        again.turtle = [
            text.replace("report", "zz").replace("policy:code", "policy:aa") for text in again.turtle
        ]
        again.body("far", "PER")
        again.flow("far", fromActor="actor:far", toName='"nobody"')
        second = only(stuck(again, tmp_path / "b"))
        changed = {"evidence_iris", "explanation"}
        assert {name: value for name, value in first.row().items() if name not in changed} == {
            name: value for name, value in second.row().items() if name not in changed
        }


class TestStarter:
    def test_rows_stand_on_items_that_no_policy_cites(self, starter: Snapshot) -> None:
        found = find_gaps(starter, Parameters(kind="stuck-knowledge"))
        assert found.totals["stuck-knowledge"] > 50
        assert {gap.confidence for gap in found.gaps} == {"low"}
        items = {iri.rsplit("/", 1)[-1] for gap in found.gaps for iri in gap.evidence_iris}
        assert "oecd-2011-ddg" not in items
        assert "ilo-2020-baseline-phl" in items
        assert any("no date" in silence.reason for silence in found.silences)
