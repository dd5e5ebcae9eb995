"""Nothing that was released goes without a word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import DCTERMS, OWL, RDF, SKOS, Graph, Literal, URIRef

from asmgraph.errors import ConfigurationError
from asmgraph.ontology import files, released
from asmgraph.records import ASM, VOCAB

NEED, ACTOR = URIRef(ASM + "Need"), URIRef(ASM + "Actor")
GOLD, TIN = URIRef(VOCAB + "mineral/gold"), URIRef(VOCAB + "mineral/tin")


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Graph]]:
    graphs = {name: Graph() + getattr(files, name)() for name in ("modules", "vocabularies")}
    for name, graph in graphs.items():
        monkeypatch.setattr(files, name, lambda graph=graph: graph)
    yield graphs


def test_nothing_that_was_released_is_gone() -> None:
    assert list(released.removed()) == []
    assert len((released.folder() / "0.1.0.txt").read_text(encoding="utf-8").splitlines()) == 585


def test_a_term_and_a_concept_that_are_gone_are_named(changed: dict[str, Graph]) -> None:
    changed["modules"].remove((NEED, None, None))
    changed["vocabularies"].remove((GOLD, None, None))
    said = list(released.removed())
    assert [one.partition(" ")[0] for one in said] == [str(NEED), str(GOLD)]
    assert "released as a class in 0.1.0" in said[0]


def test_a_class_that_became_a_property_is_named(changed: dict[str, Graph]) -> None:
    changed["modules"].remove((NEED, RDF.type, OWL.Class))
    changed["modules"].add((NEED, RDF.type, OWL.ObjectProperty))
    assert [one.partition(" ")[0] for one in released.removed()] == [str(NEED)]


def test_what_says_by_what_it_is_replaced_may_go(changed: dict[str, Graph]) -> None:
    for graph, gone, heir in ((changed["modules"], NEED, ACTOR), (changed["vocabularies"], GOLD, TIN)):
        graph.remove((gone, None, None))
        graph.add((gone, OWL.deprecated, Literal(True)))
        graph.add((gone, DCTERMS.isReplacedBy, heir))
    assert list(released.removed()) == []


@pytest.mark.parametrize("heir", [None, URIRef(ASM + "Nothing")])
def test_what_is_replaced_by_nothing_may_not_go(changed: dict[str, Graph], heir: URIRef | None) -> None:
    changed["modules"].remove((NEED, None, None))
    changed["modules"].add((NEED, OWL.deprecated, Literal(True)))
    if heir is not None:
        changed["modules"].add((NEED, DCTERMS.isReplacedBy, heir))
    assert len(list(released.removed())) == 1


def test_a_deprecated_term_that_stays_is_no_loss(changed: dict[str, Graph]) -> None:
    changed["modules"].add((NEED, OWL.deprecated, Literal(True)))
    assert list(released.removed()) == []


def test_the_list_names_each_kind(changed: dict[str, Graph]) -> None:
    lines = released.text().splitlines()
    assert lines == sorted(lines)
    assert f"class {NEED}" in lines and f"concept {GOLD}" in lines and f"scheme {VOCAB}mineral" in lines
    assert f"annotation-property {ASM}translationStatus" in lines
    assert sum(line.startswith("concept ") for line in lines) == len(
        set(changed["vocabularies"].subjects(RDF.type, SKOS.Concept))
    )


def test_modules_and_schemes_have_one_version(changed: dict[str, Graph]) -> None:
    released.version()
    changed["modules"].add((URIRef(ASM.rstrip("#") + "/core"), OWL.versionInfo, Literal("9.9.9")))
    with pytest.raises(ConfigurationError, match=r"9\.9\.9"):
        released.version()


def test_a_list_without_a_file_is_no_promise(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(released, "folder", lambda: tmp_path)
    assert list(released.removed()) == []
    (tmp_path / "0.0.1.txt").write_text("class https://w3id.org/asmgraph/ontology#Once\n")
    assert len(list(released.removed())) == 1
