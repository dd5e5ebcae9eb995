"""What is confidential at each site is public as totals over at least ten sites of a province in a year."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions

from asmgraph import pipeline
from asmgraph.ontology import files
from asmgraph.records import ASM, ID, VOCAB
from asmgraph.store import snapshots
from asmgraph.validation import shapes
from tests.privacy.closed import Visit, ingest, turtle


def visits(
    answers: Iterable[str], *, name: str = "s", prop: str = "armedPresence", **given: str
) -> list[Visit]:
    return [
        Visit(f"{name}{n}", more=f"asm:{prop} <{VOCAB}{answer}> ;" if answer else "", **given)
        for n, answer in enumerate(answers)
    ]


def yes(count: int) -> list[str]:
    return ["observation/yes"] * count


def no(count: int) -> list[str]:
    return ["observation/no"] * count


def totals(home: Path, content: list[Visit], sensitivity: str = "public", extra: str = "") -> dict[str, str]:
    """Publish; return each total by its address, as its value or its bounds."""
    pipeline.publish(ingest(home, "counted", turtle(content) + extra, sensitivity))
    found = snapshots.current(home).reading.store.query(
        f"PREFIX asm: <{ASM}> SELECT ?x ?v ?l ?u {{ ?x asm:generalisation <{VOCAB}generalisation/sites-summed> "
        "OPTIONAL { ?x asm:value ?v } OPTIONAL { ?x asm:lower ?l } OPTIONAL { ?x asm:upper ?u } }"
    )
    assert isinstance(found, QuerySolutions)
    done = {}
    for row in found:
        value, lower, upper = (row[name].value if row[name] is not None else "" for name in ("v", "l", "u"))
        done[row["x"].value.removeprefix(f"{ID}indicator-value/sites-")] = value or f"{lower}-{upper}"
    return done


def test_ten_sites_and_more_are_counted(own_home: Path) -> None:
    assert totals(own_home, visits([*yes(12), *no(15)])) == {
        "armedPresence-yes-counted-CD-SK-2015": "12",
        "armedPresence-no-counted-CD-SK-2015": "15",
    }


def test_nine_sites_are_not(own_home: Path) -> None:
    assert totals(own_home, visits([*yes(5), *no(4)])) == {}


def test_a_small_count_is_bounds_and_the_rest_is_hidden_with_it(own_home: Path) -> None:
    assert totals(own_home, visits([*yes(2), *no(15)])) == {
        "armedPresence-yes-counted-CD-SK-2015": "1-9",
        "armedPresence-no-counted-CD-SK-2015": "1-",
    }


def test_sites_without_an_answer_are_not_a_no_and_protect_too(own_home: Path) -> None:
    assert totals(own_home, visits([*yes(4), *no(30), *[""] * 11])) == {
        "armedPresence-yes-counted-CD-SK-2015": "1-9",
        "armedPresence-no-counted-CD-SK-2015": "30",
    }


def test_what_is_so_at_every_site_is_not_said(own_home: Path) -> None:
    assert totals(own_home, visits(yes(20))) == {}


def test_a_site_counts_once_a_year_with_its_gravest_answer(own_home: Path) -> None:
    often = [*visits([*yes(11), *no(12)]), *visits(no(23), date="2015-09-09")]
    assert totals(own_home, often)["armedPresence-yes-counted-CD-SK-2015"] == "11"


def test_years_and_provinces_are_apart(own_home: Path) -> None:
    content = [
        *visits([*yes(10), *no(10)]),
        *visits([*yes(10), *no(9)], name="t", place="CD-NK", date="2016-01-01"),
    ]
    assert set(totals(own_home, content)) == {
        "armedPresence-yes-counted-CD-SK-2015", "armedPresence-no-counted-CD-SK-2015",
        "armedPresence-yes-counted-CD-NK-2016", "armedPresence-no-counted-CD-NK-2016",
    }  # fmt: skip


def test_red_status_and_taxation_are_counted(own_home: Path) -> None:
    red = visits([*["qualification/red"] * 10, *["qualification/green"] * 11], prop="qualification")
    taxed = "".join(
        f'<{ID}visit/a{n}> a asm:ArmedPresenceObservation ; rdfs:label "Unit" ; '
        f"asm:ofVisit <{ID}visit/s{n}-2015-03-02> ; asm:taxation <{VOCAB}observation/yes> ; "
        f"dcterms:source <{ID}source/closed> . "
        for n in range(10)
    )
    found = totals(own_home, red, extra=taxed)
    assert found["qualification-red-counted-CD-SK-2015"] == "10"
    assert found["taxation-yes-counted-CD-SK-2015"] == "10"


def test_a_restricted_source_has_totals_and_a_confidential_one_none(own_home: Path) -> None:
    content = visits([*yes(12), *no(15)])
    assert totals(own_home, content, "restricted")
    assert totals(own_home, content, "confidential") == {}
    assert totals(own_home, content, "") == {}


@pytest.mark.parametrize("sensitivity", ["public", "restricted"])
def test_what_is_drawn_passes_the_shapes(own_home: Path, sensitivity: str) -> None:
    totals(own_home, visits([*yes(12), *no(15)]), sensitivity)
    snapshot = snapshots.current(own_home)
    store = snapshot.reading.store
    drawn = [iri for iri in snapshot.graphs if iri.endswith(("/totals", "/generalised"))]
    lines = sorted(
        f"{quad.triple} ."
        for iri in drawn
        for quad in store.quads_for_pattern(None, None, None, NamedNode(iri))
    )

    def types(things: set[str]) -> list[tuple[str, str]]:
        kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
        quads = (
            quad for thing in things for quad in store.quads_for_pattern(NamedNode(thing), kind, None, None)
        )
        return [(str(quad.subject)[1:-1], str(quad.object)[1:-1]) for quad in quads]

    assert len(lines) > 50
    assert list(shapes.validate(lines, files.shapes(), files.hierarchy(), types)) == []
