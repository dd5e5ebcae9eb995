"""The IPIS visits, from the real file: every row is taken, and nothing that could hurt people is public."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from asmgraph import descriptions, pipeline, resources, settings
from asmgraph.records import ASM, ID, VOCAB, Sensitivity
from asmgraph.store import staging
from asmgraph.store.ntriples import split_line
from asmgraph.validation.report import Report

pytestmark = pytest.mark.external
FILE = Path("ipis-drc-mines") / "ipis_cod_mines.csv"
SECRET = [
    "armedPresence",
    "interference",
    "securityService",
    "childrenPresent",
    "childrenWork",
    "womenWork",
    "qualification",
    "noVisitReason",
    "ofVisit",
    "armedActor",
    "armedActorType",
    "presenceFrequency",
    "taxation",
    "commerceTaxation",
    "entranceTaxation",
    "monopoly",
    "buyingMinerals",
    "digging",
    "forcedLabour",
    "pillage",
    "unmappedText",
]
WORDS = re.compile(
    r"FARDC|Ma[iï][ -]?Ma[iï]|FDLR|\bPNC\b|\bPMH\b|\bANR\b|\bNDC\b|\bFRF\b|UPLC|Ra[iï]a|Nyatura|Police|Polimine"
    r"|Prostitu|Groupe arm|ngérence|Pillage|Travail forcé|Enfant",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Staged:
    report: Report
    public: list[str]
    confidential: list[str]
    rows: pl.DataFrame


@pytest.fixture(scope="module")
def visits(external_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Staged:
    home = tmp_path_factory.mktemp("ipis")
    report = pipeline.ingest(settings.load(home=home), "ipis", external_data / FILE)
    staged = staging.current(home, "ipis")
    assert staged is not None
    parts = [staged.file(level).read_text(encoding="utf-8").splitlines() for level in Sensitivity]
    rows = pl.read_csv(external_data / FILE, infer_schema=False).with_columns(
        pl.all().str.strip_chars().replace("", None)
    )
    return Staged(report, parts[0], parts[2], rows)


def _counts(lines: list[str], name: str) -> Counter[str]:
    return Counter(value for _, predicate, value in map(split_line, lines) if predicate == ASM + name)


def test_every_row_is_a_visit_at_a_site(visits: Staged) -> None:
    assert visits.report.rows == {"visits": 4230}
    assert visits.report.things["SiteVisit"] == 4230
    assert visits.report.things["MineSite"] == 2455


def test_no_row_is_refused(visits: Staged) -> None:
    assert visits.report.refused == []


def test_shapes_object_to_nothing_but_positions_of_unknown_exactness(visits: Staged) -> None:
    def having(name: str) -> set[str]:
        parts = map(split_line, visits.public)
        return {subject for subject, predicate, _ in parts if predicate.endswith(name)}

    said = {(v.severity, v.path, v.focus) for v in visits.report.violations}
    assert said == {
        ("Warning", ASM + "exactness", site) for site in having("#lat") - having("ontology#exactness")
    }
    assert len(said) == 104


def test_every_column_is_listed_and_there(visits: Staged) -> None:
    assert (visits.report.unlisted_columns, visits.report.absent_columns) == ({}, {})


@pytest.mark.parametrize("name", SECRET)
def test_a_confidential_property_is_in_no_public_line(name: str, visits: Staged) -> None:
    assert not any(f"<{ASM}{name}>" in line for line in visits.public)


@pytest.mark.parametrize("name", SECRET)
def test_a_confidential_property_is_stated_where_it_is_allowed(name: str, visits: Staged) -> None:
    assert any(f"<{ASM}{name}>" in line for line in visits.confidential)


@pytest.mark.parametrize(
    "scheme",
    [
        "armed-actor-type",
        "qualification",
        "state-service/mines-police",
        "state-service/national-police",
        "state-service/intelligence-agency",
    ],
)
def test_a_confidential_concept_is_in_no_public_line(scheme: str, visits: Staged) -> None:
    assert not any(f"<{VOCAB}{scheme}" in line for line in visits.public)


def test_no_public_text_names_armed_men_police_or_prostitution(visits: Staged) -> None:
    assert [line for line in visits.public if WORDS.search(line)] == []


def test_the_words_are_found_where_they_are_allowed(visits: Staged) -> None:
    found = {match.group().lower() for line in visits.confidential for match in WORDS.finditer(line)}
    assert found >= {"fardc", "maï-maï", "fdlr", "police", "prostitu", "raïa"}


def test_no_public_line_names_an_armed_group_of_the_file(visits: Staged) -> None:
    names = pl.concat([visits.rows["armed_group1"], visits.rows["armed_group2"]]).drop_nulls().unique()
    literals = {
        value[1 : value.rindex('"')] for _, _, value in map(split_line, visits.public) if value[0] == '"'
    }
    assert literals.isdisjoint(names)


def test_every_armed_actor_with_a_name_or_a_type_is_an_observation(visits: Staged) -> None:
    armed = sum(
        visits.rows.filter(
            pl.col(f"armed_group{n}").is_not_null() | (pl.col(f"type_armed_group{n}") != "0")
        ).height
        for n in (1, 2)
    )
    assert visits.report.things["ArmedPresenceObservation"] == armed
    unnamed = f"<{ID}visit/ipis-3683-armed-2>"
    assert (
        f"{unnamed} <{ASM}armedActorType> <{VOCAB}armed-actor-type/local-armed-group> ."
        in visits.confidential
    )


def test_no_public_line_points_at_an_armed_presence(visits: Staged) -> None:
    assert not any("-armed-" in line for line in visits.public)


@pytest.mark.parametrize(
    ("column", "name", "level"),
    [
        ("mercury", "mercuryObserved", "public"),
        ("women", "womenPresent", "public"),
        ("presence", "armedPresence", "confidential"),
        ("interference", "interference", "confidential"),
        ("childunder15", "childrenPresent", "confidential"),
    ],
)
def test_a_blank_is_not_asked_and_never_no(column: str, name: str, level: str, visits: Staged) -> None:
    answers = {"1": "yes", "0": "no", None: "not-asked"}
    expected = {
        f"<{VOCAB}observation/{answers[value]}>": count
        for value, count in visits.rows[column].value_counts().iter_rows()
    }
    assert _counts(getattr(visits, level), name) == expected


def test_every_visit_says_where_and_when(visits: Staged) -> None:
    parts = [split_line(line) for line in visits.public]
    for name in ("site", "date"):
        assert len({s for s, p, _ in parts if p == ASM + name}) == 4230


def test_every_value_is_mapped_or_counted_as_unmapped(visits: Staged) -> None:
    source = descriptions.load(resources.catalogue() / "ipis")
    expected = Counter[tuple[str, str]]()
    for name, column in source.tables["visits"].columns.items():
        known = {value for lookup in column.lookup for value in source.lookups[lookup]}
        if column.lookup:
            texts = visits.rows[name].drop_nulls()
            expected.update((name, text) for text in texts if text not in known)
    assert {(kept.column, kept.value): kept.count for kept in visits.report.kept} == expected


def test_of_minerals_and_provinces_only_the_unknown_are_unmapped(visits: Staged) -> None:
    columns = {"province", "province_old", "mineral1", "mineral2", "mineral3"}
    kept = {kept.value: kept.count for kept in visits.report.kept if kept.column in columns}
    assert kept == {"inconnu": 10, "Manvenve": 1}


@pytest.mark.parametrize(("name", "slug"), [("Katanga", "CD-KATANGA-OLD"), ("orientale", "CD-ORIENTALE-OLD")])
def test_a_former_province_is_the_place_of_its_sites_whichever_column_has_it(
    name: str, slug: str, visits: Staged
) -> None:
    either = (pl.col("province") == name) | (pl.col("province_old") == name)
    sites = visits.rows.filter(either)["pcode"].n_unique()
    assert sites > 0
    assert _counts(visits.public, "within")[f"<{ID}place/{slug}>"] == sites


def test_a_site_lies_in_the_province_of_now_and_in_the_one_before_2015(visits: Staged) -> None:
    rows = visits.rows.unique("pcode").select("province", "province_old").drop_nulls()
    divided = rows.filter(pl.col("province") != pl.col("province_old")).height
    within = [(s, o) for s, p, o in map(split_line, visits.public) if p == ASM + "within"]
    assert Counter(Counter(site for site, _ in within).values()) == {1: 2455 - divided, 2: divided}
    assert divided == 542


def test_an_unmapped_text_is_kept_word_for_word(visits: Staged) -> None:
    kept = {f"{kept.column}: {kept.value}" for kept in visits.report.kept}
    assert {value[1:-1] for value in _counts(visits.confidential, "unmappedText")} == kept


def test_every_lookup_points_at_a_concept_or_place_that_exists(visits: Staged) -> None:
    """The shapes check what the file uses; a lookup may hold values that this file does not."""
    source = descriptions.load(resources.catalogue() / "ipis")
    concepts = "\n".join(
        file.read_text(encoding="utf-8") for file in (resources.ontology() / "vocab").glob("*.ttl")
    )
    places = (resources.catalogue() / "places" / "places.csv").read_text(encoding="utf-8")
    for lookup in source.lookups.values():
        for target in lookup.values():
            scheme, slug = target.split("/")
            known = places if scheme == "place" else concepts
            assert re.search(rf"^(c:)?{slug}[ ,]", known, re.MULTILINE), target
