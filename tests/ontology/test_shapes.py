"""Every shape accepts its valid example and refuses the invalid ones for the reason they name alone."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TypeGuard

import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from asmgraph.errors import ConfigurationError
from asmgraph.ontology import examples, files
from asmgraph.ontology.examples import Example, Objection
from asmgraph.records import DATE

EXAMPLES = Path(__file__).resolve().parents[2] / "ontology" / "examples"
VALID = sorted((EXAMPLES / "valid").glob("*.ttl"))
INVALID = sorted((EXAMPLES / "invalid").glob("*.ttl"))
SHAPE = "https://w3id.org/asmgraph/shape#"
VOCAB = "https://w3id.org/asmgraph/vocab/"
ASM = "https://w3id.org/asmgraph/ontology#"


@pytest.fixture(scope="session")
def shown() -> list[Example]:
    return examples.all_of_them()


@pytest.fixture(scope="session")
def said(shown: list[Example], shapes: Graph) -> dict[str, set[Objection]]:
    return examples.objections(shown, shapes)


def test_reading_the_examples_leaves_the_warnings_of_rdflib_as_they_are(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logger = logging.getLogger("rdflib.term")
    before = logger.level
    assert examples.all_of_them()
    assert not caplog.records, "what is impossible on purpose needs no warning"
    assert logger.level == before
    assert Literal("2023-02-30", datatype=XSD.date).value is None
    assert caplog.records, "but elsewhere it does"


def _local(term: Node | None) -> str:
    return re.split(r"[#/]", str(term))[-1]


def _node_shapes(shapes: Graph) -> set[str]:
    return {_local(s) for s in shapes.subjects(RDF.type, SH.NodeShape)}


def test_neighbours_conform(said: dict[str, set[Objection]]) -> None:
    assert said[examples.AROUND] == set()


def test_every_example_holds_or_fails_for_the_named_reason_alone(
    shown: list[Example], said: dict[str, set[Objection]]
) -> None:
    wrong = {one.name: said[one.name] for one in shown if said[one.name] != one.expected}
    assert wrong == {}


@pytest.mark.parametrize("file", [*VALID, *INVALID], ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_an_example_alone_is_judged_as_among_the_others(
    file: Path, shown: list[Example], said: dict[str, set[Objection]], shapes: Graph
) -> None:
    (example,) = (one for one in shown if one.name == f"{file.parent.name}/{file.name}")
    alone = examples.objections([example], shapes)
    assert alone == {examples.AROUND: set(), example.name: said[example.name]}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("fails\tplace\tasm:nowhere\t\tx", "the valid example has no nowhere"),
        ("fails\tplace\tno:place\t\tx", "'no'"),
        ("breaks\tplace\t\t\tx", "'breaks'"),
        ("fails\tplace\t\tasm:place\tx", "Bad syntax"),
        ("fails\tplace", "shorter"),
    ],
    ids=["absent", "prefix", "verdict", "turtle", "columns"],
)
def test_a_variant_that_cannot_be_read_is_refused_with_its_line(
    line: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "Need.tsv"
    file.write_text("\t".join(examples.COLUMNS) + f"\n{line}\n", encoding="utf-8")
    monkeypatch.setattr(files, "variants", lambda: [file])
    with pytest.raises(ConfigurationError, match=r"variants/Need\.tsv:2 cannot be read") as caught:
        examples.all_of_them()
    assert why in str(caught.value)


def test_an_invalid_example_must_say_for_what_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Need.ttl").write_text("<urn:a> <urn:b> 1 .", encoding="utf-8")
    monkeypatch.setattr(files, "examples", lambda kind: sorted(tmp_path.glob("*.ttl")) * (kind == "invalid"))
    with pytest.raises(ConfigurationError, match="does not say for what it fails"):
        examples.all_of_them()


def test_every_shape_has_a_valid_and_an_invalid_example(shapes: Graph) -> None:
    names = _node_shapes(shapes)
    assert {p.stem for p in VALID} == names
    assert {p.stem.split("-")[0] for p in INVALID} == names


def test_an_example_is_of_the_class_that_its_shape_is_for(shapes: Graph, modules: Graph) -> None:
    for example in VALID:
        shape, graph = URIRef(SHAPE + example.stem), Graph().parse(example)
        parents = {
            parent
            for kind in graph.objects(None, RDF.type)
            for parent in modules.transitive_objects(kind, RDFS.subClassOf)
        }
        classes, predicates = (
            shapes.objects(shape, SH.targetClass),
            shapes.objects(shape, SH.targetSubjectsOf),
        )
        assert parents & set(classes) or set(graph.predicates()) & set(predicates), example.stem


def test_every_constraint_has_one_message_in_each_language_and_none_left_in_english(shapes: Graph) -> None:
    for shape in files.constraining_shapes():
        messages = {text.language: str(text) for text in shapes.objects(shape, SH.message) if _is_text(text)}
        assert len(list(shapes.objects(shape, SH.message))) == 4, shape
        assert set(messages) == {"en", "fr", "es", "pt"}, shape
        assert all(messages[language] != messages["en"] for language in ("fr", "es", "pt")), shape


def _is_text(node: Node) -> TypeGuard[Literal]:
    return isinstance(node, Literal)


def test_a_translation_keeps_the_names_codes_and_forms_of_the_english_message(shapes: Graph) -> None:
    for shape in files.constraining_shapes():
        by_language = {m.language: str(m) for m in shapes.objects(shape, SH.message) if _is_text(m)}
        for language in ("fr", "es", "pt"):
            assert _kept(by_language[language]) == _kept(by_language["en"]), (shape, language)


def _kept(message: str) -> set[str]:
    """Return the terms, addresses and file names of a message."""
    return {found.rstrip(".,:") for found in re.findall(r"\b(?:[a-z]+:[A-Za-z/]+|source\.yml)", message)}


def test_each_file_says_that_its_translations_are_machine_made() -> None:
    for file in files.shape_files():
        graph = Graph().parse(file)
        (home,) = graph.subjects(RDF.type, OWL.Ontology)
        assert str(home) == f"https://w3id.org/asmgraph/shape/{file.stem}"
        (status,) = graph.objects(home, URIRef(ASM + "translationStatus"))
        assert str(status) == "machine-made, not reviewed"


def test_every_date_is_of_the_years_that_the_readers_take(shapes: Graph) -> None:
    dates = {
        rule
        for rule, choice in shapes.subject_objects(SH["or"])
        if XSD.gYear in {shapes.value(one, SH.datatype) for one in Collection(shapes, choice)}
    }
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


def test_every_property_shape_belongs_to_a_node_shape(shapes: Graph) -> None:
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


def test_security_services_are_those_that_the_list_puts_below_one(shapes: Graph, vocabulary: Graph) -> None:
    """One that is missing in the shapes would pass as a civil service, which is public."""
    top = URIRef(VOCAB + "state-service/security-service")
    expected = {top, *vocabulary.subjects(SKOS.broader, top)}
    rules = {name: URIRef(f"{SHAPE}SiteVisit-{name}") for name in ("stateService", "securityService")}
    barred = shapes.value(shapes.value(rules["stateService"], SH["not"]), SH["in"])
    allowed = shapes.value(rules["securityService"], SH["in"])
    assert barred is not None and allowed is not None
    assert set(Collection(shapes, barred)) == set(Collection(shapes, allowed)) == expected


def test_shapes_use_core_constraints_but_for_the_order_of_dates(shapes: Graph) -> None:
    """Core has no order for dates of different exactness: docs/decisions/0008-date-order.md."""
    assert {(_local(rule), _local(shapes.value(rule, SH.path))) for rule in shapes.subjects(SH.sparql)} == {
        ("Period-endDate", "endDate"),
        ("PlannedPeriod-plannedEndDate", "plannedEndDate"),
        ("Event-peakOrder", "peakDate"),
    }
    beyond = {SH.js, SH.rule, SH.target, SH.validator, SH.expression}
    assert beyond & set(shapes.predicates()) == set()


def test_the_queries_in_the_shapes_name_only_terms_that_exist(shapes: Graph, modules: Graph) -> None:
    for query in shapes.objects(None, SH.select):
        for name in re.findall(rf"<({ASM}\w+)>", str(query)):
            assert (URIRef(name), RDF.type, OWL.DatatypeProperty) in modules


def test_every_shape_with_a_start_and_an_end_has_them_compared(shapes: Graph) -> None:
    compared = {
        (str(shapes.value(shapes.value(shape, SH.property), SH.path)))
        for shape in shapes.subjects(SH.targetSubjectsOf)
        if any((rule, SH.sparql, None) in shapes for rule in shapes.objects(shape, SH.property))
    }
    ends = {str(path) for path in shapes.objects(None, SH.path) if str(path).lower().endswith("enddate")}
    assert ends == compared
