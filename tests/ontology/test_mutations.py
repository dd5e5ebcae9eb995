"""Nothing in the shapes is there for nothing: whatever is taken out of them, an example notices."""

from __future__ import annotations

from rdflib import RDF, SH, Graph, URIRef

from asmgraph.ontology import examples, files
from asmgraph.ontology.examples import Example
from tests.ontology import mutation

EQUIVALENT: dict[str, str] = {}
"""Mutants that no data can tell from the shapes, each with its reason. A constraint that another one implies is
better taken out of the shapes."""

REMEDY = (
    "It can be taken out of the shapes and every example is judged as before. Add a line to "
    "ontology/examples/variants/{shape}.tsv, or a file to ontology/examples/invalid, that breaks it and nothing else; "
    "for a member of a list, a line that holds by this member alone."
)


def test_every_statement_of_the_shapes_is_noticed_by_an_example() -> None:
    done = mutation.run(files.shapes(), examples.all_of_them())
    assert done.mutants > 900
    survivors = set(done.survivors)
    assert EQUIVALENT.keys() - survivors == set(), "killed by now, to be struck off EQUIVALENT"
    left = sorted(survivors - EQUIVALENT.keys())
    remedies = [f"{name}: {REMEDY.format(shape=example_of(name.split()[0]))}" for name in left]
    killed = done.mutants - len(survivors)
    assert not left, f"{killed} of {done.mutants} mutants are killed, not these:\n" + "\n".join(remedies)


def example_of(rule: str) -> str:
    """Return the name of a shape that has the rule, and so of its valid example."""
    names = {file.stem for file in files.examples("valid")}
    owner = rule.split("-")[0]
    users = files.shapes().subjects(SH.property, URIRef(f"https://w3id.org/asmgraph/shape#{rule}"))
    return owner if owner in names else min(files.local(user) for user in users)


def test_a_rule_that_shapes_share_is_to_be_shown_in_one_of_them() -> None:
    assert (example_of("Need-place"), example_of("Need")) == ("Need", "Need")
    assert example_of("amount") == "Participation"


def small(rule: str) -> Graph:
    """Return the shape of a mine with one rule."""
    return Graph().parse(
        data=f"""
        @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix a: <http://a.org/a#> . @prefix s: <http://a.org/s#> .
        s:Mine a sh:NodeShape ; sh:targetClass a:Mine ; sh:property s:Mine-size .
        s:Mine-size a sh:PropertyShape ; {rule} ; sh:message "A size."@en .
        """,
        format="turtle",
    )


def shown(**sizes: str) -> list[Example]:
    """Return examples: a mine of these sizes, in Turtle."""
    made = []
    for name, size in sizes.items():
        statements = Graph().parse(
            data=f"@prefix a: <http://a.org/a#> . a:one a a:Mine {size} .", format="turtle"
        )
        assert (URIRef("http://a.org/a#one"), RDF.type, None) in statements
        made.append(Example(name, "Mine", frozenset(), statements))
    return made


def test_a_constraint_that_no_example_breaks_survives() -> None:
    shapes = small("sh:path a:size ; sh:minCount 1 ; sh:maxCount 1")
    done = mutation.run(shapes, shown(right="; a:size 1", none=""))
    assert (done.mutants, done.survivors) == (4, ("Mine-size sh:maxCount 1",))
    assert mutation.run(shapes, shown(right="; a:size 1", none="", two="; a:size 1, 2")).survivors == ()


def test_a_constraint_that_another_implies_survives_whatever_the_examples() -> None:
    shapes = small("sh:path a:size ; sh:nodeKind sh:Literal ; sh:minExclusive 0")
    done = mutation.run(shapes, shown(right="; a:size 1", wrong="; a:size 0", link="; a:size a:one"))
    assert done.survivors == ("Mine-size sh:nodeKind Literal",)


def test_a_member_of_a_list_that_no_valid_example_needs_survives() -> None:
    shapes = small("sh:path a:size ; sh:in ( 1 2 )")
    sizes = {"first": "; a:size 1", "third": "; a:size 3"}
    assert mutation.run(shapes, shown(**sizes)).survivors == ("Mine-size sh:in 2",)
    assert mutation.run(shapes, shown(**sizes, second="; a:size 2")).survivors == ()


def test_a_path_that_no_valid_example_takes_survives() -> None:
    shapes = small("sh:path [ sh:alternativePath ( a:size a:depth ) ] ; sh:minCount 1")
    sizes = {"none": "", "size": "; a:size 1"}
    assert mutation.run(shapes, shown(**sizes)).survivors == ("Mine-size sh:path sh:alternativePath depth",)
    assert mutation.run(shapes, shown(**sizes, depth="; a:depth 1")).survivors == ()


def test_a_severity_that_makes_a_warning_of_a_refusal_is_noticed() -> None:
    shapes = small("sh:path a:size ; sh:minCount 1 ; sh:severity <http://www.w3.org/ns/shacl#Warning>")
    assert mutation.run(shapes, shown(none="")).survivors == ()


def test_what_two_shapes_ask_for_survives_in_each() -> None:
    shapes = small("sh:path a:size ; sh:minCount 1")
    shapes.parse(
        data="""
        @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix a: <http://a.org/a#> . @prefix s: <http://a.org/s#> .
        s:Pit a sh:NodeShape ; sh:targetClass a:Mine ; sh:property s:Pit-size .
        s:Pit-size a sh:PropertyShape ; sh:path a:size ; sh:minCount 1 ; sh:message "A size."@en .
        """,
        format="turtle",
    )
    assert len(mutation.run(shapes, shown(none="")).survivors) == 6
