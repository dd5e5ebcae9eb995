"""What is said of a single site and could hurt there is confidential, whatever its source says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from asmgraph import pipeline
from asmgraph.errors import StoreError
from asmgraph.privacy import confinement
from asmgraph.records import ASM, ID, VOCAB, Sensitivity
from asmgraph.store import snapshots, staging
from tests.privacy.closed import PREFIXES, Visit, ingest, turtle

YES = f"<{VOCAB}observation/yes>"
SITE = Visit("open-one", more=f"asm:armedPresence {YES} ; asm:mercuryObserved {YES} ; asm:workers 5 ;")


def parts(home: Path, source: str) -> dict[Sensitivity, str]:
    staged = staging.current(home, source)
    assert staged is not None
    return {level: staged.file(level).read_text(encoding="utf-8") for level in Sensitivity}


def need(place: str, impact: str = "sexual-violence") -> str:
    return (
        f'<{ID}need/n-{place.replace("/", "-")}> a asm:Need ; rdfs:label "A need" ; '
        f"asm:impact <{VOCAB}impact/{impact}> ; asm:place <{ID}{place}> ; "
        f'asm:date "2015"^^xsd:gYear ; dcterms:source <{ID}source/closed> . '
    )


def test_every_mark_that_the_design_asks_for_is_there() -> None:
    known = confinement.marks()
    names = {iri.removeprefix(ASM) for iri in known.properties}
    assert {"armedPresence", "securityService", "taxation", "childrenPresent", "childrenWork"} <= names
    assert {"womenWork", "qualification", "interference", "forcedLabour", "pillage"} <= names
    assert known.classes == {f"{ASM}ArmedPresenceObservation"}
    concepts = {iri.removeprefix(VOCAB) for iri in known.concepts}
    assert {"impact/sexual-violence", "impact/child-labour", "recognition/none-recorded"} <= concepts
    assert not known.properties & {f"{ASM}workers", f"{ASM}mineral", f"{ASM}womenPresent"}


def test_a_public_source_cannot_publish_armed_presence(own_home: Path) -> None:
    chosen = ingest(own_home, "open", turtle([SITE]), "public")
    (report,) = pipeline.validate(chosen, "open")
    assert report.confined == {f"{ASM}armedPresence": 1}
    held = parts(own_home, "open")
    assert "armedPresence" not in held[Sensitivity.PUBLIC]
    assert "mercuryObserved" in held[Sensitivity.PUBLIC]
    assert '"5"' in held[Sensitivity.PUBLIC]  # a count that its source published openly stays
    assert "armedPresence" in held[Sensitivity.CONFIDENTIAL]
    pipeline.publish(chosen)
    store = snapshots.current(own_home).reading.store
    assert not list(store.query(f"SELECT * {{ ?s <{ASM}armedPresence> ?o }}"))  # type: ignore[arg-type]


def test_every_statement_of_an_armed_actor_is_confidential(own_home: Path) -> None:
    armed = (
        f'<{ID}visit/armed> a asm:ArmedPresenceObservation ; rdfs:label "Invented unit" ; '
        f'asm:ofVisit <{ID}visit/open-one-2015-03-02> ; asm:armedActor "Invented unit" ; '
        f"dcterms:source <{ID}source/closed> . "
    )
    ingest(own_home, "open", turtle([SITE]) + armed, "public")
    held = parts(own_home, "open")
    assert "Invented unit" not in held[Sensitivity.PUBLIC]
    assert held[Sensitivity.CONFIDENTIAL].count(f"<{ID}visit/armed>") == 5


def test_a_need_of_the_kind_is_confidential_at_a_site_and_public_in_a_province(own_home: Path) -> None:
    text = turtle([SITE]) + need("site/open-one") + need("place/CD-SK") + need("place/COD", "mercury")
    ingest(own_home, "open", text, "public")
    public = parts(own_home, "open")[Sensitivity.PUBLIC]
    assert "need/n-site-open-one" not in public
    assert {"need/n-place-CD-SK", "need/n-place-COD"} <= {
        word.strip("<>").removeprefix(ID) for word in public.split()
    }


def test_a_site_of_another_source_counts_as_a_site(own_home: Path) -> None:
    ingest(own_home, "open", turtle([SITE]), "public")
    ingest(own_home, "second", PREFIXES + need("site/open-one"), "public")
    assert "need/n-site-open-one" not in parts(own_home, "second")[Sensitivity.PUBLIC]


def test_a_missing_title_of_a_site_is_confidential_and_the_site_stays(own_home: Path) -> None:
    told = f"<{ID}site/open-one> asm:recognition <{VOCAB}recognition/none-recorded> . "
    ingest(own_home, "open", turtle([SITE]) + told, "public")
    public = parts(own_home, "open")[Sensitivity.PUBLIC]
    assert "none-recorded" not in public
    assert "Site open-one" in public


def test_what_an_earlier_version_staged_is_not_published(own_home: Path) -> None:
    chosen = ingest(own_home, "open", turtle([SITE]), "public")
    staged = staging.current(own_home, "open")
    assert staged is not None
    line = f"<{ID}visit/open-one-2015-03-02> <{ASM}armedPresence> {YES} .\n"
    with staged.file(Sensitivity.PUBLIC).open("a", encoding="utf-8") as file:
        file.write(line)
    with pytest.raises(StoreError, match=r"open states .*armedPresence.* ingest open"):
        pipeline.publish(chosen)


def test_the_report_survives_being_written(own_home: Path) -> None:
    ingest(own_home, "open", turtle([SITE]), "public")
    staged = staging.current(own_home, "open")
    assert staged is not None
    written = json.loads((staged.folder / "report.json").read_text(encoding="utf-8"))
    assert written["confined"] == {f"{ASM}armedPresence": 1}
    assert written["triples"]["confidential"] == written["triples"]["confidential"] > 0


def public_states(home: Path, iri: str) -> bool:
    return snapshots.states(snapshots.current(home), iri)


def pointing_at(home: Path, iri: str, *, full: bool = False) -> int:
    store = snapshots.current(home, full=full).reading.store
    return len({str(quad.subject) for quad in store.quads_for_pattern(None, None, NamedNode(iri), None)})


def place(kind: str) -> str:
    return (
        f'<{ID}site/late> a asm:{kind} ; rdfs:label "Late" ; asm:within <{ID}place/CD-SK> ; '
        f"dcterms:source <{ID}source/closed> . "
    )


def work(name: str, address: str) -> str:
    return (
        f'<{ID}intervention/{name}> a asm:Intervention ; rdfs:label "{name}" ; asm:place <{ID}place/COD> ; '
        f'asm:theme <{VOCAB}intervention-type/mercury> ; asm:startDate "2015"^^xsd:gYear ; '
        f"asm:addresses <{ID}{address}> ; dcterms:source <{ID}source/closed> . "
    )


def test_a_place_that_later_becomes_a_site_confines_what_was_said_before(own_home: Path) -> None:
    ingest(own_home, "villages", PREFIXES + place("Place"), "public")
    ingest(own_home, "needs", PREFIXES + need("site/late") + need("place/CD-SK"), "public")
    chosen = ingest(own_home, "villages", PREFIXES + place("MineSite"), "public")
    pipeline.publish(chosen)
    told = f"{ID}need/n-site-late"
    assert not public_states(own_home, told)
    assert public_states(own_home, f"{ID}need/n-place-CD-SK")
    full = snapshots.current(own_home, full=True)
    assert snapshots.states(full, told)
    (graph,) = [iri for iri in full.graphs if iri.endswith("/confidential")]
    assert full.counts[graph] > 5
    described = list(full.reading.store.quads_for_pattern(NamedNode(graph), None, None, None))
    assert any("sensitivity/confidential" in str(quad.object) for quad in described)
    assert not any("sensitivity/public" in str(quad.object) for quad in described)


def test_the_order_of_ingestion_does_not_matter(own_home: Path) -> None:
    ingest(own_home, "needs", PREFIXES + place("Place") + need("site/late"), "public")
    chosen = ingest(own_home, "sites", PREFIXES + place("MineSite"), "public")
    pipeline.publish(chosen)
    assert not public_states(own_home, f"{ID}need/n-site-late")
    assert public_states(own_home, f"{ID}site/late")


def test_what_points_at_a_confined_thing_is_confidential_in_the_same_source(own_home: Path) -> None:
    text = PREFIXES + place("MineSite") + need("site/late") + work("same", "need/n-site-late")
    chosen = ingest(own_home, "needs", text, "public")
    pipeline.publish(chosen)
    assert public_states(own_home, f"{ID}intervention/same")
    assert pointing_at(own_home, f"{ID}need/n-site-late") == 0
    assert pointing_at(own_home, f"{ID}need/n-site-late", full=True) == 1


@pytest.mark.parametrize("sensitivity", ["public", "confidential"])
def test_what_points_at_a_confined_thing_of_another_source_is_too(own_home: Path, sensitivity: str) -> None:
    ingest(own_home, "needs", PREFIXES + place("MineSite") + need("site/late"), sensitivity)
    chosen = ingest(own_home, "works", PREFIXES + work("other", "need/n-site-late"), "public")
    pipeline.publish(chosen)
    assert public_states(own_home, f"{ID}intervention/other")
    assert pointing_at(own_home, f"{ID}need/n-site-late") == 0
    assert pointing_at(own_home, f"{ID}need/n-site-late", full=True) == 1
