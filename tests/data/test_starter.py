"""The starter facts and the places: enough rows, nothing dangling, nobody exposed, every row sourced."""

from __future__ import annotations

import csv
import re
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from babel import Locale

from asmgraph import descriptions
from asmgraph.mapping import compiler, yarrrml
from asmgraph.mapping.runner import run
from asmgraph.records import Sensitivity
from asmgraph.sources import csv as reader

DATA = Path(__file__).parents[2] / "data"
MINIMA = {
    "organisations": 370,
    "interventions": 240,
    "participations": 700,
    "ties": 110,
    "estimates": 260,
    "needs": 130,
    "documents": 195,
    "policies": 100,
    "results": 110,
    "knowledge_flows": 70,
    "agreements": 12,
    "studies": 30,
    "sources": 750,
}
TABLES = [("starter", table) for table in MINIMA] + [("places", "places"), ("places", "sources")]
CLOSED = {
    "activity-status": "pipeline implementation finalisation closed cancelled suspended",
    "actor-type": "company ngo donor government network research international-organisation"
    " miners-association consultancy cooperative standard-body community",
    "challenge": "C1 C2 C3 C4 C5 C6 C7 C8 C6-finance C6-market C6-technology C6-geodata KS KF",
    "document-kind": "report article policy-brief",
    "evidence-type": "systematic-review impact-evaluation evidence-map case-study monitoring practice-account",
    "intervention-form": "project programme standard event fund network",
    "intervention-type": "formalisation conflict-minerals mercury certification policy knowledge-sharing"
    " health-safety gender environment finance traceability geodata child-labour lsm-asm-relations"
    " migration-management",
    "label-origin": "as-stated translated given",
    "mineral": "gold diamonds cobalt 3t tin tantalum tungsten copper gemstones mica coal fluorspar silver",
    "participation-role": "funding accountable extending implementing partner",
    "policy-level": "local national international",
    "population-group": "miners women children migrants communities dependants",
    "relevance": "certain probable unrelated",
    "reliability": "primary secondary weak",
    "study-design": "before-after cross-sectional remote-sensing systematic-review evidence-map not-stated",
    "tie-kind": "partnership co-funding subgrant co-implementation network-membership shared-event"
    " data-sharing memorandum referral",
    "uptake-stage": "received used-in-practice cited-in-policy enacted implemented",
    "value-kind": "baseline target actual estimate",
}
REFERENCES = {
    ("organisations", "country"): ("places", "places"),
    ("interventions", "places"): ("places", "places"),
    ("interventions", "programme"): ("starter", "interventions"),
    ("participations", "intervention"): ("starter", "interventions"),
    ("participations", "organisation"): ("starter", "organisations"),
    ("ties", "party_a"): ("starter", "organisations"),
    ("ties", "party_b"): ("starter", "organisations"),
    ("ties", "from_party"): ("starter", "organisations"),
    ("ties", "to_party"): ("starter", "organisations"),
    ("ties", "rests_on"): ("starter", "agreements"),
    ("agreements", "parties"): ("starter", "organisations"),
    ("agreements", "places"): ("places", "places"),
    ("studies", "places"): ("places", "places"),
    ("studies", "reported_in"): ("starter", "documents"),
    ("estimates", "place"): ("places", "places"),
    ("needs", "place"): ("places", "places"),
    ("documents", "places"): ("places", "places"),
    ("policies", "places"): ("places", "places"),
    ("policies", "issued_by"): ("starter", "organisations"),
    ("policies", "cites"): ("starter", "documents"),
    ("results", "intervention"): ("starter", "interventions"),
    ("results", "place"): ("places", "places"),
    ("knowledge_flows", "knowledge_item"): ("starter", "documents"),
    ("knowledge_flows", "from_actor"): ("starter", "organisations"),
    ("knowledge_flows", "to_actor"): ("starter", "organisations"),
    ("knowledge_flows", "to_policy"): ("starter", "policies"),
}
# What is planned may lie ahead; nothing else may.
AHEAD = ("planned_start", "planned_end")
YEAR_COLUMNS = ("year", "date", "start", "end", "planned_start", "planned_end", "accessed")


@cache
def rows(source: str, table: str) -> tuple[dict[str, str], ...]:
    with (DATA / source / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def slugs(source: str, table: str) -> frozenset[str]:
    return frozenset(row["slug"] for row in rows(source, table))


def cells(row: dict[str, str], column: str) -> list[str]:
    return [part for part in row.get(column, "").split(";") if part]


@pytest.mark.parametrize(("table", "least"), MINIMA.items())
def test_a_table_holds_at_least_its_minimum(table: str, least: int) -> None:
    assert len(rows("starter", table)) >= least


def test_policies_name_the_evidence_they_cite() -> None:
    """Without some that do, the question which policies cite none has no contrast."""
    assert len([row for row in rows("starter", "policies") if row["cites"]]) >= 18


@pytest.mark.parametrize(("source", "table"), TABLES)
def test_slugs_are_unique_and_sorted(source: str, table: str) -> None:
    found = [row["slug"] for row in rows(source, table)]
    assert found == sorted(set(found))


@pytest.mark.parametrize(("table", "column"), REFERENCES)
def test_references_lead_to_rows(table: str, column: str) -> None:
    target = slugs(*REFERENCES[table, column])
    assert {part for row in rows("starter", table) for part in cells(row, column)} <= target


@pytest.mark.parametrize(("source", "table"), [pair for pair in TABLES if pair[1] != "sources"])
def test_every_row_names_a_page_that_is_listed(source: str, table: str) -> None:
    unsourced = [row["slug"] for row in rows(source, table) if not cells(row, "source")]
    assert unsourced == []
    assert {part for row in rows(source, table) for part in cells(row, "source")} <= slugs(source, "sources")


@pytest.mark.parametrize("source", ["starter", "places"])
def test_every_page_has_a_web_address(source: str) -> None:
    addresses = [row["url"] for row in rows(source, "sources")]
    assert [url for url in addresses if not re.fullmatch(r"https?://[^\s<>\"]+", url)] == []
    assert len(addresses) == len(set(addresses))


def test_links_of_organisations_and_documents_are_web_addresses() -> None:
    links = [row["website"] for row in rows("starter", "organisations") if row["website"]]
    links += [row["page"] for row in rows("starter", "documents")]
    assert [link for link in links if not re.fullmatch(r"https?://[^\s<>\"]+", link)] == []


def test_no_page_of_the_starter_is_listed_without_a_row_that_cites_it() -> None:
    tables = [rows("starter", table) for table in MINIMA if table != "sources"]
    cited = {part for row in chain.from_iterable(tables) for part in cells(row, "source")}
    assert slugs("starter", "sources") == cited


@pytest.mark.parametrize("table", MINIMA)
def test_years_are_sane(table: str) -> None:
    for row in rows("starter", table):
        target = table == "results" and row["kind"] == "target"
        for column in YEAR_COLUMNS:
            last = 2035 if column in AHEAD or target or table == "agreements" else 2026
            for text in cells(row, column):
                assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text), (row["slug"], text)
                assert 1900 <= int(text[:4]) <= last, (row["slug"], text)


@pytest.mark.parametrize(("first", "last"), [("start", "end"), ("planned_start", "planned_end")])
def test_nothing_ends_before_it_starts(first: str, last: str) -> None:
    dated = [
        *chain.from_iterable(
            rows("starter", table) for table in ("interventions", "results", "agreements", "studies")
        )
    ]
    spans = [(cells(row, first), cells(row, last), row["slug"]) for row in dated]
    assert [slug for starts, ends, slug in spans if starts and ends and max(ends)[:4] < min(starts)[:4]] == []


def test_an_amount_has_a_currency() -> None:
    assert [
        row["slug"] for row in rows("starter", "participations") if row["amount"] and not row["currency"]
    ] == []


def test_an_agreement_has_two_parties_and_a_tie_goes_between_its_own() -> None:
    assert [row["slug"] for row in rows("starter", "agreements") if len(set(cells(row, "parties"))) < 2] == []
    parties = {row["slug"]: set(cells(row, "parties")) for row in rows("starter", "agreements")}
    for row in rows("starter", "ties"):
        own = {row["party_a"], row["party_b"]}
        assert {row["from_party"], row["to_party"]} - {""} <= own, row["slug"]
        assert not row["rests_on"] or own <= parties[row["rests_on"]], row["slug"]


def test_membership_is_that_of_a_network() -> None:
    """A membership counts as one only when what is joined is a network or a body that has members."""
    kinds = {row["slug"]: row["kind"] for row in rows("starter", "organisations")}
    joined = [row["party_b"] for row in rows("starter", "ties") if row["kind"] == "membership"]
    assert {kinds[slug] for slug in joined} <= {"network"}


def test_a_programme_is_one_and_holds_no_circle() -> None:
    found = {row["slug"]: row for row in rows("starter", "interventions")}
    for slug, row in found.items():
        above, seen = row["programme"], {slug}
        while above:
            assert found[above]["kind"] == "programme", slug
            assert above not in seen, slug
            seen.add(above)
            above = found[above]["programme"]


def test_no_organisation_is_tied_to_itself() -> None:
    assert [row["slug"] for row in rows("starter", "ties") if row["party_a"] == row["party_b"]] == []


def test_participations_and_ties_have_stable_slugs() -> None:
    lookup = descriptions.load(DATA / "starter").lookups["participation-role"]
    for row in rows("starter", "participations"):
        role = lookup[row["role"]].split("/")[1]
        stem = re.escape(f"{row['intervention']}--{row['organisation']}--{role}")
        assert re.fullmatch(rf"{stem}(-\d+)?", row["slug"])
    for row in rows("starter", "ties"):
        stem = re.escape(f"{row['party_a']}--{row['party_b']}--{row['kind']}")
        assert re.fullmatch(rf"{stem}(-\d+)?", row["slug"])


def test_no_actor_is_a_person() -> None:
    kinds = {row["kind"] for row in rows("starter", "organisations")}
    assert kinds <= set(CLOSED["actor-type"].split())
    titled = re.compile(r"\b(Mr|Mrs|Ms|Miss|Hon|Chief|Sheikh|Alhaji|Madam)\b\.?")
    assert [row["name"] for row in rows("starter", "organisations") if titled.search(row["name"])] == []


def test_no_name_stands_under_two_organisations() -> None:
    names: dict[str, set[str]] = {}
    for row in rows("starter", "organisations"):
        for name in (row["name"], row["acronym"], *cells(row, "alt_names")):
            if name:
                names.setdefault(name.casefold(), set()).add(row["slug"])
    assert {name: found for name, found in names.items() if len(found) > 1} == {}


@pytest.mark.parametrize("source", ["starter", "places"])
def test_every_lookup_leads_into_a_closed_list(source: str) -> None:
    targets = {
        target for lookup in descriptions.load(DATA / source).lookups.values() for target in lookup.values()
    }
    assert {t for t in targets if t.split("/")[1] not in CLOSED.get(t.split("/")[0], "").split()} == set()


@pytest.mark.parametrize(
    ("table", "column", "lookups"),
    [
        ("organisations", "kind", ["actor-type"]),
        ("interventions", "kind", ["intervention-form"]),
        ("interventions", "status", ["activity-status"]),
        ("interventions", "themes", ["theme"]),
        ("interventions", "label_origin", ["label-origin"]),
        ("documents", "label_origin", ["label-origin"]),
        ("policies", "label_origin", ["label-origin"]),
        ("studies", "design", ["study-design"]),
        ("studies", "population_group", ["population-group"]),
        ("studies", "themes", ["document-theme"]),
        ("sources", "reliability", ["reliability"]),
        ("interventions", "minerals", ["mineral"]),
        ("participations", "role", ["participation-role"]),
        ("ties", "kind", ["tie-kind"]),
        ("estimates", "population_group", ["population-group"]),
        ("needs", "challenge", ["challenge"]),
        ("needs", "population_group", ["population-group"]),
        ("documents", "kind", ["evidence-type", "document-kind"]),
        ("policies", "level", ["policy-level"]),
        ("results", "kind", ["value-kind"]),
        ("knowledge_flows", "stage", ["uptake-stage"]),
    ],
)
def test_every_word_of_a_closed_column_is_looked_up(table: str, column: str, lookups: list[str]) -> None:
    source = descriptions.load(DATA / "starter")
    known = {word for name in lookups for word in source.lookups[name]}
    assert {part for row in rows("starter", table) for part in cells(row, column)} <= known


@pytest.mark.parametrize(("source", "table"), TABLES)
def test_every_column_is_described(source: str, table: str) -> None:
    described = descriptions.load(DATA / source).tables[table]
    assert list(rows(source, table)[0]) == list(described.columns)
    required = [name for name, column in described.columns.items() if column.required]
    assert [row["slug"] for row in rows(source, table) if not all(row[name] for name in required)] == []


@pytest.mark.parametrize("table", ["estimates", "needs", "results"])
def test_figures_lie_within_their_bounds(table: str) -> None:
    for row in rows("starter", table):
        low, value, high = (float(row[c]) if row[c] else None for c in ("lower", "value", "upper"))
        present = [figure for figure in (low, value, high) if figure is not None]
        assert present == sorted(present), row["slug"]
        assert not present or row["unit"], row["slug"]


def test_an_estimate_states_a_figure() -> None:
    assert [
        r["slug"] for r in rows("starter", "estimates") if not (r["value"] or r["lower"] or r["upper"])
    ] == []


def test_estimates_that_disagree_stand_side_by_side() -> None:
    world = [r for r in rows("starter", "estimates") if (r["place"], r["population_group"], r["unit"]) == (
        "world", "miners", "people")]  # fmt: skip
    assert len({row["value"] for row in world if row["value"]}) >= 10


def test_countries_are_all_there_with_four_names() -> None:
    countries = [row for row in rows("places", "places") if row["level"] == "0"]
    assert len(countries) == 249
    assert [
        row["slug"] for row in countries if not all(row[f"name_{tag}"] for tag in ("en", "fr", "es", "pt"))
    ] == []


@pytest.mark.parametrize(
    ("iso3", "iso2"), [("GHA", "GH"), ("PER", "PE"), ("MNG", "MN"), ("CIV", "CI"), ("TZA", "TZ")]
)
def test_names_of_countries_are_those_of_cldr(iso3: str, iso2: str) -> None:
    [row] = [row for row in rows("places", "places") if row["slug"] == iso3]
    for tag in ("en", "fr", "es", "pt"):
        assert row[f"name_{tag}"] == Locale.parse(tag).territories[iso2]


def test_the_provinces_of_the_drc_are_those_of_iso_3166_2() -> None:
    provinces = {row["slug"] for row in rows("places", "places") if row["kind"] == "province"}
    codes = "BC BU EQ HK HL HU IT KC KE KG KL KN KS LO LU MA MN MO NK NU SA SK SU TA TO TU"
    assert provinces == {f"CD-{code}" for code in codes.split()}


def test_places_lie_within_places_and_in_no_circle() -> None:
    within = {row["slug"]: list(filter(None, row["within"].split(";"))) for row in rows("places", "places")}

    def above(place: str, path: tuple[str, ...] = ()) -> set[str]:
        assert place not in path
        return {place}.union(*(above(parent, (*path, place)) for parent in within[place]))

    for place in within:
        areas = above(place)
        if re.match(r"[a-z]{3}-", place) and place[:3].upper() in within:
            assert place[:3].upper() in areas


@pytest.mark.parametrize("source", ["starter", "places"])
def test_the_mapping_makes_public_statements_only(source: str) -> None:
    described = descriptions.load(DATA / source)
    rules = compiler.compile_rules(yarrrml.load(DATA / source / "mapping.yml"), described)
    made = list(run(rules, reader.read(DATA / source, described)))
    assert {lines.sensitivity for lines in made} == {Sensitivity.PUBLIC}
    assert sum(len(lines.lines) for lines in made) > 3000
