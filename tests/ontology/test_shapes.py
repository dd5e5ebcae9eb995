"""Every shape accepts its valid example and refuses the invalid ones for the reason they name alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from asmgraph.ontology import checks
from asmgraph.ontology.checks import reasons
from asmgraph.records import DATE

EXAMPLES = Path(__file__).resolve().parents[2] / "ontology" / "examples"
VALID = sorted((EXAMPLES / "valid").glob("*.ttl"))
INVALID = sorted((EXAMPLES / "invalid").glob("*.ttl"))
SHAPE = "https://w3id.org/asmgraph/shape#"
VOCAB = "https://w3id.org/asmgraph/vocab/"
ASM = "https://w3id.org/asmgraph/ontology#"


@pytest.fixture(scope="session")
def surroundings() -> Graph:
    return checks.surroundings()


def _local(term: Node) -> str:
    return re.split(r"[#/]", str(term))[-1]


def _node_shapes(shapes: Graph) -> set[str]:
    return {_local(s) for s in shapes.subjects(RDF.type, SH.NodeShape)}


def test_neighbours_conform(surroundings: Graph) -> None:
    assert reasons(EXAMPLES / "neighbours.ttl", surroundings) == set()


@pytest.mark.parametrize("example", VALID, ids=lambda p: p.stem)
def test_valid_example_conforms(example: Path, surroundings: Graph) -> None:
    assert reasons(example, surroundings) == set()


@pytest.mark.parametrize("example", INVALID, ids=lambda p: p.stem)
def test_invalid_example_fails_for_the_named_reason_alone(
    example: Path, surroundings: Graph, shapes: Graph
) -> None:
    named = re.match(r"# fails: (\S+)\n", example.read_text(encoding="utf-8"))
    assert named is not None
    assert reasons(example, surroundings) == {named.group(1)}


def test_every_shape_has_a_valid_and_an_invalid_example(shapes: Graph) -> None:
    names = _node_shapes(shapes)
    assert {p.stem for p in VALID} == names
    assert {p.stem.split("-")[0] for p in INVALID} == names


def test_an_example_is_of_the_class_that_its_shape_is_for(shapes: Graph, modules: Graph) -> None:
    for example in VALID:
        target = shapes.value(URIRef(SHAPE + example.stem), SH.targetClass)
        parents = {
            parent
            for kind in Graph().parse(example).objects(None, RDF.type)
            for parent in modules.transitive_objects(kind, RDFS.subClassOf)
        }
        assert target in parents, example.stem


def test_every_rule_has_one_english_message(shapes: Graph) -> None:
    pairs = {URIRef(SHAPE + name) for name in ("AmountHasCurrency", "AppraisalHasTool")}
    rules = set(shapes.subjects(RDF.type, SH.PropertyShape)) | pairs
    for rule in rules:
        messages = list(shapes.objects(rule, SH.message))
        assert len(messages) == 1, rule
        assert isinstance(messages[0], Literal) and messages[0].language == "en"


def test_every_date_is_of_the_years_that_the_readers_take(shapes: Graph) -> None:
    dates = {rule for rule, choice in shapes.subject_objects(SH["or"]) if _first_datatype(shapes, choice)}
    assert {str(shapes.value(rule, SH.path)) for rule in dates} == {
        ASM + name
        for name in (
            "date",
            "startDate",
            "endDate",
            "plannedStartDate",
            "plannedEndDate",
            "valueDate",
            "peakDate",
        )
    }
    for rule in dates:
        pattern = str(shapes.value(rule, SH.pattern))
        for text in ("1000", "2016-05", "2999-12-31", "0000", "0999-01", "3000", "9999-12-31", "12016"):
            assert bool(re.search(pattern, text)) == bool(re.search(DATE, text)), (rule, text)


def _first_datatype(shapes: Graph, choice: Node) -> Node | None:
    first = shapes.value(choice, RDF.first)
    return shapes.value(first, SH.datatype) if first is not None else None


def test_every_rule_belongs_to_a_shape(shapes: Graph) -> None:
    assert set(shapes.subjects(RDF.type, SH.PropertyShape)) == set(shapes.objects(None, SH.property))


def test_shapes_name_only_terms_and_schemes_that_exist(
    shapes: Graph, modules: Graph, vocabulary: Graph
) -> None:
    ours = {o for o in shapes.objects() if str(o).startswith(ASM)}
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    assert [t for t in ours if not any((t, RDF.type, k) in modules for k in kinds)] == []
    schemes = set(vocabulary.subjects(RDF.type, SKOS.ConceptScheme))
    for pattern in shapes.objects(None, SH.pattern):
        found = re.match(rf"\^{VOCAB}\(?([a-z|-]+)\)?/", str(pattern))
        for scheme in found.group(1).split("|") if found else []:
            assert URIRef(VOCAB + scheme) in schemes


def test_shapes_use_core_constraints_alone(shapes: Graph) -> None:
    assert list(shapes.subject_objects(SH.sparql)) == []
