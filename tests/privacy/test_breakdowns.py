"""Breakdowns by sex or age below ten are hidden in public sources too."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import polars as pl
import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from asmgraph import pipeline, review
from asmgraph.privacy import breakdowns
from asmgraph.records import ASM, ID, VOCAB, Sensitivity
from asmgraph.store import snapshots, staging
from asmgraph.validation import structure
from tests.privacy.closed import PREFIXES, ingest

X = "http://www.w3.org/2001/XMLSchema#"


def figure(name: str, value: str, group: str = "", unit: str = "people", label: str = "Trained") -> list[str]:
    thing = f"<{ID}indicator-value/{name}>"
    lines = [
        f'{thing} <http://www.w3.org/2000/01/rdf-schema#label> "{label}" .',
        f"{thing} <{ASM}indicator> <{ID}indicator/trained> .",
        f'{thing} <{ASM}date> "2016"^^<{X}gYear> .',
        f'{thing} <{ASM}value> "{value}"^^<{X}decimal> .',
        f'{thing} <{ASM}unit> "{unit}" .',
    ]
    return lines + ([f"{thing} <{ASM}populationGroup> <{VOCAB}population-group/{group}> ."] if group else [])


def found(tmp_path: Path, *figures: list[str]) -> tuple[set[str], list[str]]:
    """Return the names of the figures whose value is hidden, and what is said instead."""
    file = tmp_path / "public.nt"
    file.write_text("".join(f"{line}\n" for line in sorted(chain(*figures))))
    hidden = breakdowns.small(file)
    (tmp_path / "left.nt").write_text(
        "".join(f"{line}\n" for line in sorted({*chain(*figures), *hidden.instead} - set(hidden.hidden)))
    )
    instead = [*hidden.instead, *breakdowns.bounds(tmp_path / "left.nt")]
    values = {line.split(">")[0].rsplit("/", 1)[1] for line in hidden.hidden if f"<{ASM}value>" in line}
    return values, [line for line in instead if "generalisation/" in line or "upper" in line]


def test_three_women_are_fewer_than_ten(tmp_path: Path) -> None:
    values, instead = found(tmp_path, figure("women", "3", "women"))
    assert values == {"women"}
    assert any(f'<{ASM}upper> "9"^^<{X}decimal>' in line for line in instead)
    assert any("generalisation/small-count" in line for line in instead)


def test_with_a_total_the_other_sex_is_hidden_too(tmp_path: Path) -> None:
    shown = [figure("women", "3", "women"), figure("men", "20", "men"), figure("all", "23")]
    assert found(tmp_path, *shown)[0] == {"women", "men"}


def test_the_total_goes_where_nothing_else_protects(tmp_path: Path) -> None:
    assert found(tmp_path, figure("women", "3", "women"), figure("all", "23"))[0] == {"women", "all"}


def test_without_a_total_the_other_sex_stays(tmp_path: Path) -> None:
    assert found(tmp_path, figure("women", "3", "women"), figure("men", "20", "men"))[0] == {"women"}


@pytest.mark.parametrize(("value", "unit"), [("30", "people"), ("0", "people"), ("5", "per cent of miners"),
                                             ("5", "goods"), ("4.5", "people")])  # fmt: skip
def test_what_is_no_small_count_of_people_stays(tmp_path: Path, value: str, unit: str) -> None:
    assert found(tmp_path, figure("women", value, "women", unit))[0] == set()


@pytest.mark.parametrize("unit", ["women trained", "enfants", "mujeres", "garimpeiros", "gold miners"])
def test_people_are_people_in_four_languages(tmp_path: Path, unit: str) -> None:
    assert found(tmp_path, figure("women", "3", "women", unit))[0] == {"women"}


def test_units_do_not_tell_tables_apart(tmp_path: Path) -> None:
    shown = [figure("women", "3", "women", "women"), figure("men", "20", "men", "men"), figure("all", "23")]
    assert found(tmp_path, *shown)[0] == {"women", "men"}


def test_a_group_by_neither_sex_nor_age_may_be_the_total(tmp_path: Path) -> None:
    shown = [figure("women", "3", "women"), figure("men", "20", "men"), figure("all", "23", "miners")]
    assert found(tmp_path, *shown)[0] == {"women", "men"}


def test_a_second_figure_of_the_same_group_protects_nothing(tmp_path: Path) -> None:
    shown = [figure("w1", "3", "women"), figure("w2", "20", "women"), figure("men", "40", "men")]
    values, instead = found(tmp_path, *shown, figure("all", "43"))
    assert values == {"w1", "w2", "men"}
    assert not any("/w2>" in line and "upper" in line for line in instead)  # twenty is not below ten


def test_other_groups_are_no_breakdown_by_sex_or_age(tmp_path: Path) -> None:
    assert found(tmp_path, figure("migrants", "3", "migrants"))[0] == set()


def value(name: str, number: int, group: str, told: str, more: str = "") -> str:
    named = f"asm:populationGroup <{VOCAB}population-group/{group}> ; " if group else ""
    return (
        f'<{ID}indicator-value/{name}> a asm:IndicatorValue ; rdfs:label "{told}"@en ; {named}{more}'
        f"asm:indicator <{ID}indicator/trained> ; asm:valueKind <{VOCAB}value-kind/actual> ; "
        f'asm:place <{ID}place/COD> ; asm:date "2016"^^xsd:gYear ; asm:value {number}.0 ; asm:unit "people" ; '
        f'rdfs:comment "Of all, {told}." ; dcterms:source <{ID}source/closed> . '
    )


FIGURES = PREFIXES + (
    f'<{ID}indicator/trained> a asm:Indicator ; rdfs:label "People trained"@en ; '
    f"dcterms:source <{ID}source/closed> . "
)


@pytest.mark.parametrize(
    "label", ["Trained 1,234 men", "1 234 hommes formés", "1.234 hombres", "A thousand men"]
)
def test_no_name_of_a_hidden_figure_stays(own_home: Path, label: str) -> None:
    text = FIGURES + value("w", 3, "women", "Trained 3 women") + value("m", 1234, "men", label)
    chosen = ingest(own_home, "figures", text + value("all", 1237, "", "Trained 1,237 people"), "public")
    (report,) = pipeline.validate(chosen, "figures")
    assert report.confined, report.refused
    pipeline.publish(chosen)
    store = snapshots.current(own_home).reading.store
    men = NamedNode(f"{ID}indicator-value/m")
    said = {str(quad.object) for quad in store.quads_for_pattern(men, None, None, None)}
    assert not any(label in text for text in said) or not any(sign.isdigit() for sign in label)
    labels = store.quads_for_pattern(men, NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), None, None)
    names = {str(quad.object) for quad in labels}
    assert '"Figure not published"@en' in names
    assert not any(label in name for name in names)


def test_a_name_that_tells_the_figure_goes_with_it(tmp_path: Path) -> None:
    file = tmp_path / "public.nt"
    file.write_text(
        "".join(f"{line}\n" for line in sorted(figure("w", "3", "women", label="Trained 3 women in 2016")))
    )
    hidden = breakdowns.small(file)
    assert any("Trained 3 women" in line for line in hidden.hidden)
    file.write_text("".join(f"{line}\n" for line in hidden.instead))
    assert sum("Figure below ten" in line for line in breakdowns.bounds(file)) == 1


def test_both_datasets_keep_the_shapes_where_figures_are_hidden(own_home: Path, tmp_path: Path) -> None:
    within = "asm:lower 2.0 ; asm:upper 4.0 ; "
    text = FIGURES + value("w", 3, "women", "Trained 3 women", within) + value("m", 40, "men", "40 men")
    chosen = ingest(own_home, "figures", text + value("all", 43, "", "43 people"), "public")
    pipeline.publish(chosen)
    found, _ = review.everything(own_home)
    assert found["figures"] == []
    public, full = snapshots.current(own_home), snapshots.current(own_home, full=True)
    women = NamedNode(f"{ID}indicator-value/w")
    said = {quad.predicate.value.removeprefix(ASM): number(quad) for quad in told(public, women)}
    assert (said["lower"], said["upper"], "value" in said) == ("1", "9", False)
    lower = [number(quad) for quad in told(full, women) if quad.predicate.value == f"{ASM}lower"]
    assert lower == ["2"]
    assert not [iri for iri in full.graphs if iri.endswith("/bounds")]
    store = public.reading.store
    lines = [
        f"{quad.subject} {quad.predicate} {quad.object} ."
        for graph in public.graphs
        if "/figures/" in graph
        for quad in store.quads_for_pattern(None, None, None, NamedNode(graph))
    ]
    with staging.writing(tmp_path, "public") as writer:
        writer.write(Sensitivity.PUBLIC, lines)
        writer.sort()
        known = pl.concat([writer.types, *(one.types() for one in staging.all_current(own_home).values())])
        assert structure.validate(writer.folder, writer.parts, known.unique()) == []


def told(snapshot: snapshots.Snapshot, thing: NamedNode) -> list[Quad]:
    return list(snapshot.reading.store.quads_for_pattern(thing, None, None, DefaultGraph()))


def number(quad: Quad) -> str:
    return quad.object.value if isinstance(quad.object, Literal) else ""
