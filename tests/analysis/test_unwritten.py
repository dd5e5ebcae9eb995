"""Unwritten practice: kinds of interventions and outcomes on which nothing, or no recent review, is recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from asmgraph.analysis import Gap, GapSet, Parameters, find_gaps
from asmgraph.records import VOCAB
from asmgraph.store.snapshots import Snapshot, current
from tests.analysis.sector import WRITTEN, Sector, rows


def unwritten(sector: Sector, folder: Path, **given: object) -> GapSet:
    return find_gaps(sector.publish(folder), Parameters(kind="unwritten", **given))  # type: ignore[arg-type]


def only(found: GapSet) -> Gap:
    (gap,) = found.gaps
    return gap


def vocab(*concepts: str) -> str:
    return " ".join(f"<{VOCAB}{concept}>" for concept in concepts)


def practice(sector: Sector, theme: str, area: str = "", number: int = 3, place: str = "GHA") -> None:
    """Add interventions of a type, each by an actor of its own, with outcomes in an area."""
    for one in range(number):
        slug = f"{theme}-{area or 'x'}-{place}-{one}".lower()
        sector.intervention(slug, f"doer{one}", place, theme, start="2015", end="2018")
        if area:
            sector.thing(
                f"id:result\\/{slug}",
                "Result",
                resultOf=f"intervention:{slug}",
                outcomeArea=vocab(f"outcome-area/{area}"),
            )


def study(
    sector: Sector, slug: str, theme: str, area: str, design: str = "qualitative", year: str = "2020"
) -> None:
    sector.thing(f"item:{slug}", "Document", theme=f"theme:{theme}")
    sector.thing(
        f"study:{slug}",
        "Study",
        studyDesign=vocab(f"study-design/{design}"),
        theme=f"theme:{theme}",
        outcomeArea=vocab(f"outcome-area/{area}") if area else "",
        reportedIn=f"item:{slug}",
        endDate=f'"{year}"^^xsd:gYear' if year else "",
    )
    sector.turtle.append(f'study:{slug} dcterms:language "en" .')


@pytest.fixture
def sector() -> Sector:
    made = Sector(coverage=list(WRITTEN))
    practice(made, "finance", "income")
    return made


@pytest.fixture(scope="module")
def starter(starter_home: Path) -> Snapshot:
    return current(starter_home)


class TestAbsolute:
    def test_several_interventions_and_nothing_written_make_a_row(
        self, sector: Sector, tmp_path: Path
    ) -> None:
        practice(sector, "gender", "health", number=2)
        found = unwritten(sector, tmp_path)
        assert rows(found, "unwritten") == [("", "finance")]
        gap = only(found)
        assert gap.explanation.startswith("3 interventions on finance have recorded outcomes in: income")
        assert "Absolute gap: no study, claim or document is recorded." in gap.explanation
        assert {actor.rsplit("/", 1)[-1] for actor in gap.actors} == {"doer0", "doer1", "doer2"}
        assert {entry.kind for entry in gap.evidence} == {
            "intervention", "recorded outcome", "source that searched"
        }  # fmt: skip

    def test_what_ends_it_and_what_does_not(self, tmp_path: Path) -> None:
        """Each case is a type of its own, with three interventions whose outcome is income."""
        sector = Sector(coverage=list(WRITTEN))
        ended = ("finance", "gender", "mercury", "traceability", "labour-rights")
        standing = ("geodata", "policy", "certification")
        for theme in (*ended, *standing):
            practice(sector, theme, "income")
        study(sector, "same", "finance", "income")
        study(sector, "narrower", "womens-work", "income")
        study(sector, "no-area", "mercury", "")
        sector.thing("item:note", "Document", theme="theme:traceability")
        sector.thing(
            "item:claim",
            "Claim",
            cause="theme:labour-rights",
            effect=vocab("outcome-area/income"),
            direction=vocab("claim-direction/increases"),
            quoteLocator='"p.1"',
        )
        study(sector, "other-area", "geodata", "health")
        sector.thing("policy:code", "Policy", issuerName='"A_ministry"', theme="theme:policy")
        sector.thing("item:later", "Document", theme="theme:certification", date='"2124"^^xsd:gYear')
        assert {theme for _, theme in rows(unwritten(sector, tmp_path), "unwritten")} == {*standing}

    def test_one_study_is_few_beside_ten_interventions(self, tmp_path: Path) -> None:
        sector = Sector(coverage=list(WRITTEN))
        practice(sector, "finance", "income", number=10)
        practice(sector, "gender", "income", number=9)
        for theme in ("finance", "gender"):
            study(sector, theme, theme, "income")
        found = unwritten(sector, tmp_path)
        assert rows(found, "unwritten") == [("", "finance")]
        assert only(found).missing == 0.9

    def test_the_narrower_of_two_alike_counts(self, tmp_path: Path) -> None:
        sector = Sector(coverage=list(WRITTEN))
        practice(sector, "savings-credit", "income")
        study(sector, "broader", "finance", "income")
        gap = only(unwritten(sector, tmp_path))
        assert gap.theme.endswith("/savings-credit")
        assert "1 more is on a broader type" in gap.explanation

    def test_the_number_of_interventions_can_be_set(self, sector: Sector, tmp_path: Path) -> None:
        snapshot = sector.publish(tmp_path)
        found = {
            number: len(find_gaps(snapshot, Parameters(kind="unwritten", min_interventions=number)).gaps)
            for number in (3, 4)
        }
        assert found == {3: 1, 4: 0}


class TestOutcomeNotRecorded:
    def test_interventions_meet_a_challenge_of_their_type(self, tmp_path: Path) -> None:
        sector = Sector(coverage=list(WRITTEN))
        practice(sector, "migration-management")
        practice(sector, "migration-management", "income", number=2)
        sector.thing("item:migration", "Document", theme="challenge:C3")
        gap = only(unwritten(sector, tmp_path))
        assert gap.explanation.startswith("3 interventions on migration management have no recorded outcome")
        assert "1 more is on such an outcome and names no type of intervention." in gap.explanation

    def test_challenges_on_which_the_same_is_written_are_one_row(self, tmp_path: Path) -> None:
        sector = Sector(coverage=list(WRITTEN))
        practice(sector, "geodata")
        assert "; " in only(unwritten(sector, tmp_path / "a")).explanation.partition("address: ")[2]
        sector.thing("item:both", "Document", theme="challenge:C8 theme:geodata")
        gap = only(unwritten(sector, tmp_path / "b"))
        assert "address: poor access to geological data." in gap.explanation

    def test_a_study_of_both_ends_it(self, tmp_path: Path) -> None:
        sector = Sector(coverage=list(WRITTEN))
        practice(sector, "migration-management")
        sector.thing("item:both", "Document", theme="challenge:C3 theme:migration-management")
        assert not unwritten(sector, tmp_path).gaps


class TestSynthesis:
    def test_many_studies_without_a_recent_review_make_a_row(self, tmp_path: Path) -> None:
        """Each type has three studies; what differs is the review."""
        sector = Sector(coverage=list(WRITTEN))
        reviews = {"finance": "", "gender": "2015", "mercury": "2023", "policy": "2020-06", "geodata": "2019"}
        for theme, year in reviews.items():
            practice(sector, theme, "income")
            for number in range(3 if theme != "geodata" else 1):
                design = "randomised-trial" if number == 0 else "qualitative"
                study(sector, f"{theme}{number}", theme, "income", design)
            if year:
                study(sector, f"{theme}-review", theme, "income", "systematic-review", year[:4])
        found = unwritten(sector, tmp_path, as_of="2025-06-30")
        assert {theme for _, theme in rows(found, "unwritten")} == {"finance", "gender"}
        said = {gap.theme.rsplit("/", 1)[-1]: gap.explanation for gap in found.gaps}
        assert "3 studies and no systematic review." in said["finance"]
        assert "no systematic review since 2020-06-30; the newest is of 2015-12-31" in said["gender"]
        assert "All evidence: 4, of it stating such an outcome: 4. Impact evaluations: 1." in said["gender"]
        assert found.gaps[0].action.startswith("Check the record for a review")

    def test_an_evidence_map_is_no_review(self, sector: Sector, tmp_path: Path) -> None:
        for number in range(2):
            study(sector, f"study{number}", "finance", "income")
        study(sector, "map", "finance", "income", "evidence-map", "2025")
        assert len(unwritten(sector, tmp_path, as_of="2026-01-01").gaps) == 1


class TestCoverage:
    def test_where_nobody_searched_nothing_is_claimed(self, sector: Sector, tmp_path: Path) -> None:
        sector.coverage = [{"covers": "needs", "found": "all"}]
        found = unwritten(sector, tmp_path)
        assert not found.gaps
        assert [(one.theme.rsplit("/", 1)[-1], one.reason) for one in found.silences] == [
            ("finance", "No search for studies is documented.")
        ]

    def test_interventions_count_where_a_source_searched(self, tmp_path: Path) -> None:
        sector = Sector(
            coverage=[
                {"covers": "studies", "found": "some", "place": "GHA", "theme": "intervention-type/finance"}
            ]
        )
        for theme in ("finance", "gender"):
            for place in ("GHA", "COD"):
                practice(sector, theme, "income", place=place)
        found = unwritten(sector, tmp_path)
        gap = only(found)
        assert (gap.theme.rsplit("/", 1)[-1], gap.confidence) == ("finance", "low")
        assert sum(entry.kind == "intervention" for entry in gap.evidence) == 3
        assert [one.theme.rsplit("/", 1)[-1] for one in found.silences] == ["gender"]

    def test_a_place_asked_counts_what_is_written_on_it_or_on_more(self, tmp_path: Path) -> None:
        sector = Sector(coverage=list(WRITTEN))
        practice(sector, "finance", "income")
        practice(sector, "gender", "income")
        practice(sector, "gender", "health", place="COD")
        sector.thing("item:there", "Document", theme="theme:finance", place="place:COD")
        sector.thing("item:anywhere", "Document", theme="theme:gender")
        assert rows(unwritten(sector, tmp_path, place="GHA"), "unwritten") == [("GHA", "finance")]


class TestLaws:
    def test_duplicates_order_other_names_and_the_rest_of_the_world_change_nothing(
        self, sector: Sector, tmp_path: Path
    ) -> None:
        practice(sector, "gender", "health", number=4)
        first = unwritten(sector, tmp_path / "a")
        again = Sector(turtle=[*reversed(sector.turtle), *sector.turtle], coverage=sector.coverage)
        again.turtle = [text.replace("doer", "aa").replace("finance-", "zz-") for text in again.turtle]
        again.thing("item:far", "Document", theme="theme:geodata", place="place:PER")
        again.tie("x", "y")
        again.actor("x")
        again.actor("y")
        second = unwritten(again, tmp_path / "b")
        changed = {"evidence_iris", "actors"}
        assert [{k: v for k, v in gap.row().items() if k not in changed} for gap in first.gaps] == [
            {k: v for k, v in gap.row().items() if k not in changed} for gap in second.gaps
        ]


def test_the_starter_data_have_practice_on_which_no_document_is_recorded(starter: Snapshot) -> None:
    found = find_gaps(starter, Parameters(kind="unwritten"))
    themes = {theme for _, theme in rows(found, "unwritten")}
    assert "migration-management" in themes
    assert "mercury" not in {
        gap.theme.rsplit("/", 1)[-1] for gap in found.gaps if "Absolute" in gap.explanation
    }
