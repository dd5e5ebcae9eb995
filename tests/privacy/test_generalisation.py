"""Sites of a restricted source: at least five alike in everything that is published of them, or absent."""

from __future__ import annotations

import stat
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, QuerySolutions

from asmgraph import pipeline
from asmgraph.errors import StoreError
from asmgraph.privacy import generalisation, pseudonyms
from asmgraph.privacy.generalisation import ALIKE, ANSWERS
from asmgraph.records import ASM, ID, VOCAB
from asmgraph.store import snapshots
from tests.privacy.closed import Visit, ingest, turtle

COLUMNS = ("area_2", "area_1", "area_0", "year", "minerals", *ANSWERS)
rows = st.lists(
    st.tuples(
        st.sampled_from(["t1", "t2", None]), st.sampled_from(["p1", "p2"]), st.just("c"),
        st.sampled_from(["2015", "2016"]), st.sampled_from(["gold", "tin", "gold tin"]),
        *(st.sampled_from(["yes", "no", None]) for _ in ANSWERS),
    ),
    max_size=80,
)  # fmt: skip


def frame(given_rows: list[tuple[str | None, ...]]) -> pl.DataFrame:
    content = [dict(zip(COLUMNS, row, strict=True)) | {"site": f"s{n}"} for n, row in enumerate(given_rows)]
    return pl.DataFrame(content, schema={"site": pl.String, **dict.fromkeys(COLUMNS, pl.String)})


@given(rows)
def test_five_share_all_that_is_told_of_them(content: list[tuple[str | None, ...]]) -> None:
    told = generalisation.thin(generalisation.place(frame(content)))
    alike = told.group_by("area", "level", "year", "minerals", *ANSWERS).len()
    assert (alike["len"] >= ALIKE).all()
    assert told.select("site", "year").is_unique().all()


@given(rows)
def test_an_answer_is_left_out_of_all_that_are_else_alike(content: list[tuple[str | None, ...]]) -> None:
    told = generalisation.thin(generalisation.place(frame(content)))
    kept: list[str] = ["area", "level", "year", "minerals"]
    for answer in ANSWERS:
        assert (told.group_by(kept).agg(pl.col(answer).is_null().n_unique())[answer] == 1).all()
        kept.append(answer)


@given(rows)
def test_a_site_stands_in_the_smallest_area_that_hides_it(content: list[tuple[str | None, ...]]) -> None:
    before = frame(content)
    told = generalisation.place(before)
    closer = before.drop_nulls("area_2").group_by("area_2", "year", "minerals").len()
    enough = closer.filter(pl.col("len") >= ALIKE)["len"].sum()
    assert told.filter(pl.col("level") == 2).height == enough


def sites(count: int, name: str = "s", **given: str) -> list[Visit]:
    return [Visit(f"{name}{number}", **given) for number in range(count)]


def published(home: Path, visits: list[Visit]) -> snapshots.Snapshot:
    pipeline.publish(ingest(home, "closed", turtle(visits), "restricted"))
    return snapshots.current(home)


def ask(snapshot: snapshots.Snapshot, query: str) -> list[tuple[str, ...]]:
    found = snapshot.reading.store.query(f"PREFIX asm: <{ASM}> PREFIX vocab: <{VOCAB}> {query}")
    assert isinstance(found, QuerySolutions)
    return sorted(tuple("" if cell is None else cell.value for cell in row) for row in found)


def areas(snapshot: snapshots.Snapshot) -> list[tuple[str, ...]]:
    return ask(
        snapshot,
        "SELECT ?place (COUNT(?site) AS ?n) { ?site a asm:MineSite ; asm:within ?place ; "
        f"asm:generalisation <{VOCAB}generalisation/identity-removed> }} GROUP BY ?place",
    )


def test_five_in_a_province_are_told_as_of_it_and_four_not(own_home: Path) -> None:
    snapshot = published(own_home, [*sites(5), *sites(4, "t", place="CD-NK"), *sites(4, "u", place="CD-MA")])
    assert areas(snapshot) == [(f"{ID}place/CD-SK", "5"), (f"{ID}place/COD", "8")]


def test_a_site_alone_in_its_country_is_left_out(own_home: Path) -> None:
    snapshot = published(own_home, [*sites(5), *sites(4, "t", mineral="tourmaline")])
    assert areas(snapshot) == [(f"{ID}place/CD-SK", "5")]


def test_smaller_units_come_first(own_home: Path) -> None:
    snapshot = published(own_home, [*sites(5, place="cod-mambasa"), *sites(5, "t", place="CD-IT")])
    assert areas(snapshot) == [(f"{ID}place/CD-IT", "5"), (f"{ID}place/cod-mambasa", "5")]


def test_nothing_of_the_source_is_left_but_what_was_chosen(own_home: Path) -> None:
    visits = sites(5, name="hillname", date="2015-03-02", more='asm:visitedBy "A Visitor" ;')
    snapshot = published(own_home, visits)
    graph = next(iri for iri in snapshot.graphs if iri.endswith("/generalised"))
    quads = list(snapshot.reading.store.quads_for_pattern(None, None, None, NamedNode(graph)))
    text = "\n".join(str(quad) for quad in quads)
    for told in ("hillname", "Village of", "2015-03", "A Visitor", "Invented visits"):
        assert told not in text
    assert f"{VOCAB}generalisation/area-first-level" in text


def test_a_site_has_another_address_each_year(own_home: Path) -> None:
    snapshot = published(own_home, [*sites(5), *sites(5, date="2016-05-06")])
    found = ask(snapshot, "SELECT ?site { ?visit asm:site ?site ; asm:date ?d }")
    assert len(set(found)) == 10


def test_workers_stand_in_bands_and_small_ones_below_ten(own_home: Path) -> None:
    bounds = (
        "SELECT DISTINCT ?lower ?upper "
        "{ ?v a asm:SiteVisit ; asm:lower ?lower ; asm:upper ?upper ; asm:unit 'workers' }"
    )
    few = published(own_home, sites(5, more="asm:workers 4 ;"))
    assert ask(few, bounds) == [("1", "9")]
    assert ask(few, "SELECT ?n { ?v asm:workers ?n }") == []
    many = published(own_home, sites(5, more="asm:workers 120 ;"))
    assert ask(many, bounds) == [("100", "499")]


def test_an_answer_that_singles_out_is_left_out_and_this_is_said(own_home: Path) -> None:
    yes = f"asm:mercuryObserved <{VOCAB}observation/yes> ;"
    snapshot = published(own_home, [*sites(5), Visit("odd", more=yes)])
    assert ask(snapshot, "SELECT ?v { ?v asm:mercuryObserved ?a }") == []
    said = f"SELECT ?v {{ ?v asm:generalisation <{VOCAB}generalisation/values-left-out> }}"
    assert len(ask(snapshot, said)) == 6


def test_the_public_graph_says_who_and_how_and_passes_as_a_source(own_home: Path) -> None:
    snapshot = published(own_home, sites(5))
    told = ask(
        snapshot,
        "SELECT ?publisher ?licence ?sensitivity ?method { ?g a asm:SourceGraph ; asm:method ?method ; "
        "<http://purl.org/dc/terms/publisher> ?publisher ; <http://purl.org/dc/terms/license> ?licence ; "
        "asm:sensitivity ?sensitivity }",
    )
    assert told == [("The tests", "CC0-1.0", f"{VOCAB}sensitivity/public", generalisation.METHOD)]


def test_the_same_data_published_again_are_no_change(own_home: Path) -> None:
    chosen = ingest(own_home, "closed", turtle(sites(6)), "restricted")
    first = pipeline.publish(chosen)
    again = pipeline.publish(chosen)
    assert again.unchanged
    assert again.snapshot.number == first.snapshot.number


def test_the_full_dataset_holds_the_sites_and_not_their_shadows(own_home: Path) -> None:
    published(own_home, sites(5))
    full = snapshots.current(own_home, full=True)
    assert not [iri for iri in full.graphs if iri.endswith(("/generalised", "/totals"))]
    assert snapshots.states(full, f"{ID}site/s0")


def test_the_key_is_its_owners_alone_and_in_no_snapshot(own_home: Path) -> None:
    published(own_home, sites(5))
    key = own_home / pseudonyms.KEY
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    secret = key.read_bytes()
    for file in own_home.rglob("*"):
        if file.is_file() and file != key:
            content = file.read_bytes()
            assert secret not in content
            assert secret.hex().encode() not in content


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    first = pseudonyms.key(tmp_path)
    assert pseudonyms.key(tmp_path) == first
    (tmp_path / pseudonyms.KEY).chmod(0o644)
    with pytest.raises(StoreError, match="chmod 600"):
        pseudonyms.key(tmp_path)


def test_a_slug_needs_the_key_and_every_part() -> None:
    one = pseudonyms.slug(b"k" * 32, "source", "site", "2015")
    assert len({one, pseudonyms.slug(b"l" * 32, "source", "site", "2015")}) == 2
    assert len({one, pseudonyms.slug(b"k" * 32, "source", "site", "2016")}) == 2
    assert one == pseudonyms.slug(b"k" * 32, "source", "site", "2015")
