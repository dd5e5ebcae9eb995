"""AidData's tables: counts in and out, what is taken and why, and whether they say what the IATI file says."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from asmgraph import pipeline, settings
from asmgraph.records import ASM, ID, VOCAB, Sensitivity
from asmgraph.store import staging
from asmgraph.store.ntriples import split_line
from asmgraph.validation.report import Report

pytestmark = pytest.mark.external
DRC, GEF, SIERRA_LEONE = "aiddata-drc-aims", "aiddata-gef", "aiddata-sierra-leone-aims"
IATI = Path(DRC) / "iati_2.03_DRC-AIMS.xml"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
DCTERMS = "http://purl.org/dc/terms/"
Statement = tuple[str, str, str]
Ingested = Callable[..., tuple[Report, set[Statement]]]


@pytest.fixture(scope="module")
def ingested(external_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Ingested:
    """Ingest a source, or all of its records, once, in a home of its own; give its report and statements."""
    found: dict[tuple[str, bool], tuple[Report, set[Statement]]] = {}

    def ingest(name: str, *, everything: bool = False) -> tuple[Report, set[Statement]]:
        if (name, everything) not in found:
            home = tmp_path_factory.mktemp(name)
            path = external_data / (IATI if name == "iati" else Path(name))
            report = pipeline.ingest(settings.load(home=home), name, path, everything=everything)
            staged = staging.current(home, name)
            assert staged is not None
            lines = staged.file(Sensitivity.PUBLIC).read_text(encoding="utf-8").splitlines()
            found[name, everything] = report, {split_line(line) for line in lines}
        return found[name, everything]

    return ingest


def rows(external_data: Path, name: str, table: str) -> list[dict[str, str]]:
    with (external_data / name / f"{table}.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("name", [DRC, GEF, SIERRA_LEONE])
def test_every_column_is_listed_and_there(name: str, everything: bool, ingested: Ingested) -> None:
    report, _ = ingested(name, everything=everything)
    assert (report.unlisted_columns, report.absent_columns, report.traces) == ({}, {}, {})
    assert set(report.triples) == {Sensitivity.PUBLIC}


@pytest.mark.parametrize(
    ("name", "everything", "taken", "things"),
    [
        (
            DRC,
            False,
            {"locations": 13, "projects": 14},
            {"Intervention": 14, "Organisation": 10, "Participation": 14, "Place": 7},
        ),
        (
            DRC,
            True,
            {"locations": 1750, "projects": 6842},
            {"Intervention": 6842, "Organisation": 117, "Participation": 7052, "Place": 451},
        ),
        (
            GEF,
            False,
            {"ancillary": 1, "locations": 14, "projects": 1},
            {"Intervention": 1, "Organisation": 2, "Participation": 2, "Place": 14},
        ),
        (
            GEF,
            True,
            {"ancillary": 724, "locations": 4978, "projects": 724},
            {"Intervention": 723, "Organisation": 16, "Participation": 1480, "Place": 2678},
        ),
        (
            SIERRA_LEONE,
            False,
            {"ancillary": 2, "locations": 5, "projects": 2},
            {"Intervention": 2, "Organisation": 4, "Participation": 4, "Place": 4},
        ),
        (
            SIERRA_LEONE,
            True,
            {"ancillary": 880, "locations": 2314, "projects": 880},
            {"Intervention": 880, "Organisation": 188, "Participation": 1861, "Place": 278},
        ),
    ],
)
def test_rows_in_and_things_out(
    name: str, everything: bool, taken: dict[str, int], things: dict[str, int], ingested: Ingested
) -> None:
    report, _ = ingested(name, everything=everything)
    assert report.rows == taken
    assert report.things == {**things, "SourceDocument": 1}


@pytest.mark.parametrize(
    ("name", "counts", "certain"),
    [
        (
            DRC,
            {"certain": 6, "probable": 8, "unrelated": 6828},
            {
                *("112009892813", "112009897812", "11200912519019"),
                *("1120091044026", "1120091257089", "1120091257093"),
            },
        ),
        (GEF, {"certain": 1, "unrelated": 723}, {"906001192089"}),
        (SIERRA_LEONE, {"certain": 1, "probable": 1, "unrelated": 878}, {"SL/001613"}),
    ],
)
def test_what_bears_on_small_scale_mining_is_taken_and_the_report_says_why(
    name: str, counts: dict[str, int], certain: set[str], ingested: Ingested
) -> None:
    report, _ = ingested(name)
    assert report.finding_counts == counts
    assert {one.identifier for one in report.findings if one.level == "certain"} == certain
    assert all(one.reasons and one.title for one in report.findings)


def test_false_friends_of_small_scale_mining_are_left_out(external_data: Path, ingested: Ingested) -> None:
    taken = {one.identifier for one in ingested(DRC)[0].findings}
    friends = {
        row["project_id"]
        for row in rows(external_data, DRC, "projects")
        if any(
            word in row["project_title"].casefold() for word in ("terminer", "pêche artisanale", "déminage")
        )
    }
    assert friends
    assert not friends & taken


def test_refusals_and_what_is_kept_as_text(ingested: Ingested) -> None:
    refused = {name: ingested(name, everything=True)[0].refused for name in (DRC, GEF, SIERRA_LEONE)}
    assert (refused[DRC], refused[SIERRA_LEONE]) == ([], [])
    # A project that ends before it begins takes what the fund says of it along.
    assert [(one.table, one.row, one.value) for one in refused[GEF]] == [
        ("ancillary", 538, "906001152885"),
        ("projects", 18, "2005-07-02"),
    ]
    kept = {
        name: {(one.column, one.value): one.count for one in ingested(name, everything=True)[0].kept}
        for name in refused
    }
    assert kept[DRC] == {
        ("ad_sector_codes", "110"): 409,
        ("ad_sector_codes", "120"): 674,
        ("ad_sector_codes", "150"): 1933,
    }
    codes = {"PU": 12, "3A": 4, "YF": 4, "4A": 2, "6L": 2, "7E": 1, "00": 91, "0": 2}  # a region, or none
    assert kept[GEF] == {("countries", code): count for code, count in codes.items()}
    assert kept[SIERRA_LEONE] == {
        ("ad_sector_codes", "120"): 62,
        ("ad_sector_codes", "150"): 40,
        ("ad_sector_codes", "700"): 3,
    }


def test_warnings_are_those_of_money_without_a_date(ingested: Ingested) -> None:
    warned = {
        name: Counter(one.path for one in ingested(name, everything=True)[0].violations if not one.refuses)
        for name in (DRC, GEF, SIERRA_LEONE)
    }
    assert (sum(warned[DRC].values()), sum(warned[SIERRA_LEONE].values())) == (0, 0)
    assert sum(warned[GEF].values()) == 680


# The IATI file of the release against its tables, over all records of both.


def about(statements: set[Statement], kind: str) -> set[Statement]:
    return {one for one in statements if one[0].startswith(f"<{ID}{kind}/")}


def subjects(statements: set[Statement]) -> set[str]:
    return {subject for subject, _, _ in statements}


def predicates(statements: set[Statement]) -> Counter[str]:
    return Counter(predicate.replace("#", "/").rsplit("/", 1)[-1] for _, predicate, _ in statements)


def shared(ingested: Ingested, kind: str) -> tuple[set[Statement], set[Statement]]:
    """Return what the tables and what the IATI file say of the things that both know."""
    tables, iati = (about(ingested(name, everything=True)[1], kind) for name in (DRC, "iati"))
    both = subjects(tables) & subjects(iati)
    return {one for one in tables if one[0] in both}, {one for one in iati if one[0] in both}


@pytest.mark.parametrize(
    ("kind", "in_tables", "in_iati", "in_both"),
    [
        ("intervention", 6842, 2289, 2289),
        ("participation", 7052, 2406, 2406),
        ("actor", 117, 98, 97),  # AidData, who reports, is no donor
        ("place", 451, 281, 281),
    ],
)
def test_both_files_give_a_thing_the_same_address(
    kind: str, in_tables: int, in_iati: int, in_both: int, ingested: Ingested
) -> None:
    tables, iati = (subjects(about(ingested(name, everything=True)[1], kind)) for name in (DRC, "iati"))
    assert (len(tables), len(iati), len(tables & iati)) == (in_tables, in_iati, in_both)


def test_both_files_agree_on_projects(ingested: Ingested) -> None:
    tables, iati = shared(ingested, "intervention")
    assert predicates(tables & iati) == {
        **{"type": 2289, "label": 2283, "status": 2289, "startDate": 1782, "endDate": 1086},
        **{"place": 2875, "sector": 1374, "relevance": 2289, "relevanceReason": 37, "theme": 3},
    }
    # Each has its own source and number, and its own words for what no term holds.
    assert predicates(tables - iati) == {"source": 2289, "identifier": 2289, "unmappedText": 3328, "label": 6}
    assert predicates(iati - tables) == {
        **{"source": 2289, "identifier": 2289, "unmappedText": 1050, "label": 6},
        "reportedBy": 2289,
    }


def test_the_titles_that_differ_do_so_in_white_space_alone(ingested: Ingested) -> None:
    tables, iati = shared(ingested, "intervention")
    titles = [
        {subject: value for subject, predicate, value in one if predicate == RDFS_LABEL}
        for one in (tables - iati, iati - tables)
    ]
    assert len(titles[0]) == 6

    def plain(title: str) -> list[str]:
        return title.replace("\\n", " ").replace("\\r", " ").replace("\\t", " ").split()

    assert {key: plain(title) for key, title in titles[0].items()} == {
        key: plain(title) for key, title in titles[1].items()
    }


def test_both_files_agree_on_donors_and_on_what_they_take_part_in(ingested: Ingested) -> None:
    for kind, alike, apart in (
        ("actor", {"type": 97, "label": 97}, {"source": 97}),
        (
            "participation",
            {"type": 2406, "role": 2406, "participant": 2406, "participatesIn": 2406, "label": 2400},
            {"source": 2406, "label": 6},  # with the six titles
        ),
    ):
        tables, iati = shared(ingested, kind)
        assert predicates(tables & iati) == alike
        assert predicates(tables - iati) == predicates(iati - tables) == apart


def test_both_files_agree_on_places(ingested: Ingested) -> None:
    tables, iati = shared(ingested, "place")
    assert predicates(iati - tables) == {"source": 281}
    # Three places are exact for one project and approximate for another, which only the tables have.
    assert predicates(tables - iati) == {"source": 281, "exactness": 3}
    assert predicates(tables & iati) >= Counter({"lat": 281, "long": 281, "identifier": 281})


def test_commitments_of_both_files_add_up_to_the_same(ingested: Ingested) -> None:
    said = "commitments in all: "
    tables = {
        subject: float(value.split(said)[1].split()[0])
        for subject, predicate, value in ingested(DRC, everything=True)[1]
        if predicate == ASM + "unmappedText" and said in value and "disbursements" not in value
    }
    _, iati = ingested("iati", everything=True)
    amounts = {s: float(o.split('"')[1]) for s, p, o in iati if p == ASM + "amount"}
    kinds = {o for _, p, o in iati if p == ASM + "transactionType"}
    assert kinds == {f"<{VOCAB}transaction-type/2>"}
    sums: dict[str, float] = defaultdict(float)
    for subject, predicate, project in iati:
        if predicate == ASM + "transactionOf":
            sums[project] += amounts[subject]
    assert (len(tables), len(sums)) == (6808, 2278)
    assert all(tables[project] == pytest.approx(total, abs=0.01) for project, total in sums.items())
    known = subjects(about(iati, "intervention"))
    assert len(known - set(tables) - set(sums)) == 11  # neither file has money


# What is peculiar to each register.


def test_the_mercury_project_has_its_fund_agency_countries_and_numbers(ingested: Ingested) -> None:
    _, statements = ingested(GEF)
    project = f"<{ID}intervention/aiddata-gef-906001192089>"
    said = {(predicate, value) for subject, predicate, value in statements if subject == project}
    assert (ASM + "relevance", f"<{VOCAB}relevance/certain>") in said
    assert (ASM + "theme", f"<{VOCAB}intervention-type/mercury>") in said
    assert (DCTERMS + "identifier", '"gef:4799"') in said
    places = {value for predicate, value in said if predicate == ASM + "place"}
    assert {f"<{ID}place/{code}>" for code in ("ECU", "PER")} <= places
    assert f"<{ID}place/world>" not in places
    roles = {
        statement[0].rsplit("-", 2)[-2]: statement[2]
        for statement in statements
        if statement[1] == ASM + "participant"
    }
    assert set(roles.values()) == {
        f"<{ID}actor/aiddata-gef-global-environment-facility-gef>",
        f"<{ID}actor/aiddata-gef-unido>",
    }
    assert {(s, o) for s, p, o in statements if p == ASM + "amount"}


def test_no_manager_of_the_fund_is_named(external_data: Path, ingested: Ingested) -> None:
    _, statements = ingested(GEF, everything=True)
    values = "\n".join(value for _, _, value in statements)
    people = {
        row["Primary GEFSEC Program Manager"] for row in rows(external_data, GEF, "projects_ancillary")
    } - {""}
    assert len(people) > 20
    assert [name for name in people if f'"{name}"' in values] == []


def test_clean_up_mends_the_words_of_the_register(ingested: Ingested) -> None:
    report, statements = ingested(SIERRA_LEONE, everything=True)
    labels = {
        value for subject, predicate, value in statements if predicate == RDFS_LABEL and "/actor/" in subject
    }
    assert {'"Ministry of Health and Sanitation (MoHS)"', '"Concern Worldwide"'} <= labels
    assert not {label for label in labels if "  " in label or "specified" in label.casefold()}
    said = {value for _, predicate, value in statements if predicate == DCTERMS + "subject"}
    assert {'"Mineral Resources and Mining"@en', '"Health"@en'} <= said
    assert not {value for value in said if value[1].isdigit() or "Unspecified" in value}
    texts = [value for _, predicate, value in statements if predicate == ASM + "unmappedText"]
    districts = Counter(value for value in texts if value.startswith('"district: '))
    assert districts['"district: Koinadugu"'] == 35
    places = Counter(value for _, predicate, value in statements if predicate == ASM + "place")
    assert (places[f"<{ID}place/sle-kono>"], places[f"<{ID}place/sle-kenema>"]) == (36, 40)
    assert not {
        value for value in districts if "wide" in value or "Unspecified" in value or "NATION" in value
    }
    assert all(one.cells for one in report.replayed)
