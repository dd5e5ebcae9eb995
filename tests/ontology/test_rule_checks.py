"""Rules that the store would not run as they are meant are named; those there are none of them."""

from __future__ import annotations

import pytest

from asmgraph import resources
from asmgraph.ontology import checks, rules
from asmgraph.ontology.rule_checks import overstepping
from asmgraph.records import ASM, VOCAB

HEAD = f"PREFIX asm: <{ASM}> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
INTO = f"INSERT {{ GRAPH <{rules.INFERRED}> {{ ?a asm:within ?b }} }} WHERE "
INSIDE = "{ ?a asm:within ?b FILTER NOT EXISTS { ?a asm:within ?c . %s } }"
BROADER = "speaks of http://www.w3.org/2004/02/skos/core#broader, which is no term or concept of ours."
SOMETHING_ELSE = "does something else than INSERT and WHERE."
READS = {
    "a property of another": (INTO + "{ ?a asm:within ?x . ?x skos:broader ?b }", BROADER),
    "a path": (INTO + "{ ?a asm:within/^skos:broader* ?b }", BROADER),
    "a path that must not be": (INTO + INSIDE % "?a asm:within/^skos:broader ?b", BROADER),
    "a subquery": (INTO + "{ { SELECT ?a ?b { ?a asm:within|skos:broader ?b } } }", BROADER),
    "a value": (INTO + "{ ?a asm:within ?b VALUES ?b { skos:broader } }", BROADER),
    "a class of another": (
        INTO + "{ ?a asm:within ?b ; a skos:Concept }",
        "speaks of http://www.w3.org/2004/02/skos/core#Concept, which is no term or concept of ours.",
    ),
    "a term that is none": (
        INTO + "{ ?a asm:withn ?b }",
        f"speaks of {ASM}withn, which is no term or concept of ours.",
    ),
    "a concept that is none": (
        INTO + f"{{ ?a asm:within ?b ; asm:mineral <{VOCAB}mineral/golt> }}",
        f"speaks of {VOCAB}mineral/golt, which is no term or concept of ours.",
    ),
    "a term in full": (
        INTO + f"{{ ?a <{ASM}contains> ?b }}",
        f"does not write {ASM}contains as asm:contains.",
    ),
    "any property": (INTO + "{ ?a ?p ?b }", "asks for any property: ?p."),
    "any property that must not be": (INTO + INSIDE % "?a ?p ?b", "asks for any property: ?p."),
    "any other property": (INTO + "{ ?a !asm:within ?b }", "asks for all properties but some."),
    "any class": (INTO + "{ ?a a ?t ; asm:within ?b }", "asks for any class: ?t."),
    "any graph": (INTO + "{ GRAPH ?g { ?a asm:within ?b } }", "reads ?g."),
    "a graph that must not be": (INTO + INSIDE % "GRAPH ?g { ?a asm:within ?b }", "reads ?g."),
}
WRITES = {
    "the default graph": (
        "INSERT { ?a asm:within ?b } WHERE { ?b asm:contains ?a }",
        "writes into no named graph.",
    ),
    "any graph": (
        "INSERT { GRAPH ?a { ?a asm:within ?b } } WHERE { ?b asm:contains ?a }",
        "writes into ?a.",
    ),
    "both": (
        INTO.replace("} }", "} GRAPH ?b { ?b asm:within ?a } }") + "{ ?b asm:contains ?a }",
        "writes into ?b.",
    ),
    "another default graph": (f"WITH <{rules.INFERRED}> " + INTO + "{ ?b asm:contains ?a }", SOMETHING_ELSE),
    "what it deletes": (
        "DELETE { ?a asm:within ?b } " + INTO + "{ ?b asm:contains ?a }",
        SOMETHING_ELSE,
    ),
    "nothing": (f"CLEAR GRAPH <{rules.INFERRED}>", SOMETHING_ELSE),
    "no SPARQL": ("INSERT {", "is no SPARQL update: "),
    "no prefix": (INTO + "{ ?a ex:within ?b }", "is no SPARQL update: "),
}


def test_the_rules_there_are_are_in_bounds() -> None:
    assert resources.rules()
    assert list(overstepping()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [*READS.values(), *WRITES.values()],
    ids=[*(f"reads {name}" for name in READS), *(f"writes {name}" for name in WRITES)],
)
def test_a_rule_that_oversteps_is_named_and_not_tried(
    text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "rules", lambda: {"new": HEAD + text})
    problems = list(checks.disagreeing_rules())
    assert len(problems) == 1
    assert problems[0].startswith(f"The rule new {said}")


def test_concepts_of_ours_casts_and_what_was_inferred_may_be_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = INTO + (
        f"{{ ?a a asm:Place ; asm:mineral <{VOCAB}mineral/gold> "
        f"GRAPH <{rules.INFERRED}> {{ ?b asm:contains ?a }} "
        "FILTER(<http://www.w3.org/2001/XMLSchema#string>(?a) != 'x') }"
    )
    monkeypatch.setattr(resources, "rules", lambda: {"new": HEAD + text})
    assert list(overstepping()) == []
