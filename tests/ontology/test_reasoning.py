"""The modules are consistent with ORG and PROV-O, say no to what they must, and stay in OWL 2 RL."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef
from rdflib.namespace import DCAT, FOAF, ORG, PROV

from asmgraph.ontology import files
from asmgraph.ontology.checks import ANNOTATIONS, AXIOMS, DECLARATIONS
from asmgraph.ontology.reasoners import Judgement, assumed, judge

HERE = files.reasoning()
CONSISTENT = sorted((HERE / "consistent").glob("*.ttl"))
INCONSISTENT = sorted((HERE / "inconsistent").glob("*.ttl"))
ASM = "https://w3id.org/asmgraph/ontology#"
ROOT = Path(__file__).resolve().parents[2]
DATES = {XSD.date, XSD.gYear, XSD.gYearMonth, XSD.gMonthDay, XSD.gDay, XSD.gMonth, XSD.time, XSD.duration}


@pytest.fixture(scope="module")
def foreign() -> Graph:
    return Graph().parse(HERE / "org-prov-foaf.ttl")


def test_modules_alone_are_consistent_and_every_class_is_satisfiable(modules: Graph) -> None:
    assert judge(modules) == Judgement(True)


def test_modules_with_org_and_prov_are_consistent_and_every_class_is_satisfiable(
    modules: Graph, foreign: Graph
) -> None:
    assert judge(modules, foreign) == Judgement(True)


@pytest.mark.parametrize("fixture", CONSISTENT, ids=lambda p: p.stem)
def test_what_must_be_consistent_is(modules: Graph, foreign: Graph, fixture: Path) -> None:
    assert judge(modules, foreign, Graph().parse(fixture)) == Judgement(True)


@pytest.mark.parametrize("fixture", INCONSISTENT, ids=lambda p: p.stem)
def test_what_must_be_inconsistent_is_so_by_the_modules_alone(modules: Graph, fixture: Path) -> None:
    assert not judge(modules, assumed(), Graph().parse(fixture)).consistent


def test_every_disjointness_has_a_fixture_that_breaks_it(modules: Graph) -> None:
    pairs = {
        tuple(sorted(str(c).rsplit("#", 1)[1].lower() for c in pair))
        for pair in modules.subject_objects(OWL.disjointWith)
    }
    assert pairs == {("activity", "actor"), ("activity", "entity")}
    for first, second in pairs:
        assert {f"{first}-{second}", f"{second}-{first}"} & {f.stem for f in INCONSISTENT}


def test_classes_stand_below_the_classes_of_the_standards(modules: Graph, foreign: Graph) -> None:
    both = modules + foreign
    expected = {
        "Network": {PROV.Agent, ORG.OrganizationalCollaboration, FOAF.Agent},
        "Community": {PROV.Agent, FOAF.Group},
        "Programme": {PROV.Activity},
        "Participation": {PROV.AgentInfluence},
        "IndicatorValue": {PROV.Entity},
        "MineSite": {PROV.Location},
        "SourceGraph": {PROV.Entity, DCAT.Dataset},
        "KnowledgeFlow": {PROV.Activity},
        "Study": {PROV.Entity},
        "TheoryOfChange": {PROV.Entity},
        "Claim": {PROV.Entity},
        "ArmedPresenceObservation": {PROV.Entity},
        "SiteRole": {PROV.Entity},
        "MiningTitle": {PROV.Entity},
        "TradeLink": {PROV.Entity},
    }
    for name, parents in expected.items():
        assert parents <= set(both.transitive_objects(URIRef(ASM + name), RDFS.subClassOf)), name


def test_no_axiom_or_header_holds_a_date(modules: Graph) -> None:
    assert not DATES & set(modules.objects())
    assert not DATES & {o.datatype for o in modules.objects() if isinstance(o, Literal)}


def test_only_constructs_of_owl_2_rl_are_used(modules: Graph) -> None:
    owl_or_rdfs = {p for p in modules.predicates() if str(p).startswith((str(OWL), str(RDFS), str(RDF)))}
    assert owl_or_rdfs <= AXIOMS | ANNOTATIONS | {RDF.type}
    assert set(modules.objects(None, RDF.type)) <= DECLARATIONS


def test_axioms_join_named_and_declared_terms(modules: Graph) -> None:
    declared = set(modules.subjects(RDF.type))
    for axiom in AXIOMS:
        for subject, object_ in modules.subject_objects(axiom):
            assert isinstance(subject, URIRef) and isinstance(object_, URIRef)
            assert {subject, object_} <= declared, (subject, object_)
    # owl:Thing on either side of an axiom, and top properties, are outside the profile
    assert not {OWL.Thing, OWL.Nothing, OWL.topObjectProperty, OWL.topDataProperty} & set(modules.all_nodes())


def test_every_property_used_in_a_module_is_declared(modules: Graph) -> None:
    built_in = AXIOMS | ANNOTATIONS | {RDF.type}
    declared = {s for k in DECLARATIONS for s in modules.subjects(RDF.type, k)}
    assert set(modules.predicates()) - built_in - declared == set()


def test_a_subproperty_is_of_the_same_kind_as_its_parent(modules: Graph) -> None:
    for child, parent in modules.subject_objects(RDFS.subPropertyOf):
        kinds = {OWL.ObjectProperty, OWL.DatatypeProperty}
        assert kinds & set(modules.objects(child, RDF.type)) == kinds & set(modules.objects(parent, RDF.type))


def test_what_is_imported_is_declared_and_comes_with_an_installation() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["accelerator"], *extras["reasoning"]]
    declared = {found[0] for one in wanted if (found := re.match(r"[\w-]+", one))}
    imported = {
        name.partition(".")[0]
        for file in (ROOT / "asmgraph" / "ontology").glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert {"owlrl", "rdflib"} <= imported
    given = packages_distributions()
    for name in imported - sys.stdlib_module_names - {"asmgraph"}:
        assert declared & {one.lower() for one in given[name]}, f"{name} is imported and not declared"
