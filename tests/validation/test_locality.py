"""Shapes that look further than a thing and the classes of what it points at are told from those that do not."""

from __future__ import annotations

import doctest

import pytest
from rdflib import SH, Graph, URIRef

from asmgraph.ontology import files
from asmgraph.validation import locality

OURS = sorted({str(query) for query in files.shapes().objects(None, SH.select)})


def _shapes(shape: str) -> Graph:
    return Graph().parse(data=f"@prefix sh: <{SH}> . <urn:s> a sh:NodeShape ; {shape} .", format="turtle")


def _constraint(query: str) -> Graph:
    return _shapes(f'sh:sparql [ sh:select """{query}""" ]')


def test_the_shapes_of_the_ontology_judge_a_thing_by_itself_and_the_classes_of_its_neighbours() -> None:
    assert locality.is_local(files.shapes())


def test_every_sparql_constraint_of_the_ontology_is_read() -> None:
    rules = set(files.shapes().objects(None, SH.sparql))
    assert OURS
    assert all((rule, SH.select, None) in files.shapes() for rule in rules)


@pytest.mark.parametrize("query", OURS)
def test_a_sparql_constraint_of_the_ontology_asks_of_the_thing_alone(query: str) -> None:
    assert locality.asks_of_this(query)
    assert locality.is_local(_constraint(query))


@pytest.mark.parametrize("query", OURS)
@pytest.mark.parametrize(
    "further",
    [
        "$this ^<urn:p> ?other .",
        "$this <urn:p>/<urn:q> ?other .",
        "$this <urn:p>+ ?other .",
        "?other <urn:p> $this .",
        "FILTER NOT EXISTS { ?value <urn:p> ?other }",
    ],
)
def test_a_sparql_constraint_of_the_ontology_that_also_looks_further_is_told(
    query: str, further: str
) -> None:
    changed = query.replace("WHERE {", f"WHERE {{ {further}", 1)
    assert changed != query
    assert not locality.asks_of_this(changed)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE { $this <urn:p> ?a . FILTER (?a > 1) }",
        "SELECT DISTINCT $this ?value WHERE { $this $PATH ?value ; <urn:q> ?b . FILTER (?value IN (1, 2) && ?b != 3) }",
        "SELECT $this WHERE { $this ?p ?a . FILTER (isIRI(?a) && REGEX(STR(?p), '}')) }",
        "PREFIX ex: <urn:ex:> SELECT $this WHERE { $this ex:p ?a ; ex:q ?b . FILTER (!(?a < ?b)) }",
    ],
)
def test_a_query_of_the_thing_alone_is_local(query: str) -> None:
    assert locality.is_local(_constraint(query))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this WHERE { $this ^<urn:p> ?a . FILTER (1 > 0) }",
        "SELECT $this WHERE { $this <urn:p>/<urn:q> ?a . FILTER (1 > 0) }",
        "SELECT $this WHERE { $this <urn:p>/^<urn:p> ?a . FILTER (1 > 0) }",
        "SELECT $this WHERE { $this <urn:p>* ?a . FILTER (1 > 0) }",
        "SELECT $this WHERE { $this <urn:p>? ?a . FILTER (1 > 0) }",
        "SELECT $this WHERE { $this <urn:p>|^<urn:q> ?a . FILTER (1 > 0) }",
        "SELECT $this WHERE { $this !(^<urn:p>) ?a . FILTER (1 > 0) }",
        "SELECT $this WHERE { $this <urn:p> [ <urn:q> ?a ] . FILTER (1 > 0) }",
        "SELECT $this WHERE { $this <urn:p> ( 1 2 ) . FILTER (1 > 0) }",
        "SELECT $this WHERE { $this <urn:p> ?b . ?b <urn:q> ?d . FILTER (?d > 1) }",
        "SELECT $this WHERE { $this <urn:p> ?b , ?c ; <urn:q> ?d . ?c <urn:p> ?e . FILTER (?d > 1) }",
        "SELECT $this WHERE { ?b <urn:p> $this . FILTER (1 > 0) }",
        "SELECT $this WHERE { $this <urn:p> ?b . FILTER NOT EXISTS { ?b <urn:q> ?d } }",
        "SELECT $this WHERE { $this <urn:p> ?b . FILTER (?b > 1 && EXISTS { ?b <urn:q> ?d }) }",
        "SELECT $this WHERE { $this <urn:p> ?b . OPTIONAL { ?b <urn:q> ?d } FILTER (?d > 1) }",
        "SELECT $this WHERE { $this <urn:p> ?b . MINUS { ?x <urn:q> ?b } }",
        "SELECT $this WHERE { { $this <urn:p> ?b } UNION { ?c <urn:p> ?b } }",
        "SELECT $this WHERE { { SELECT $this WHERE { ?x <urn:p> $this } } FILTER (1 > 0) }",
        "SELECT $this WHERE { GRAPH ?g { $this <urn:p> ?b } FILTER (1 > 0) }",
        "SELECT $this FROM <urn:g> WHERE { $this <urn:p> ?b . FILTER (1 > 0) }",
        "SELECT $this WHERE { $this <urn:p> ?until . FILTER (?until < NOW()) }",
        "SELECT $this WHERE { $this <urn:p> ?b . FILTER (<urn:function>(?b)) }",
        "SELECT $this (COUNT(?b) AS ?value) WHERE { ?b <urn:p> ?c } GROUP BY $this",
        "SELECT $this WHERE { $this unknown:prefix ?b }",
        "no query at all {",
    ],
)
def test_a_query_that_looks_further_or_is_not_understood_is_told(query: str) -> None:
    assert not locality.is_local(_constraint(query))


@pytest.mark.parametrize(
    "shape",
    [
        "sh:property [ sh:path [ sh:inversePath <urn:p> ] ; sh:minCount 1 ]",
        "sh:property [ sh:path [ sh:alternativePath ( <urn:p> [ sh:inversePath <urn:p> ] ) ] ; sh:minCount 1 ]",
        "sh:property [ sh:path [ sh:zeroOrMorePath <urn:p> ] ; sh:minCount 1 ]",
        "sh:property [ sh:path ( <urn:p> <urn:q> ) ; sh:minCount 1 ]",
        "sh:property [ sh:path <urn:p> ; sh:node [ sh:property [ sh:path <urn:q> ; sh:minCount 1 ] ] ]",
        "sh:property [ sh:path <urn:p> ; sh:not [ sh:path <urn:q> ; sh:minCount 1 ] ]",
        "sh:property [ sh:path <urn:p> ; sh:or ( [ sh:nodeKind sh:IRI ] [ sh:path <urn:q> ; sh:minCount 1 ] ) ]",
        "sh:property [ sh:path <urn:p> ; sh:or ( [ sh:property [ sh:path <urn:q> ; sh:minCount 1 ] ] ) ]",
        "sh:property [ sh:path <urn:p> ; sh:and ( [ sh:not [ sh:disjoint <urn:q> ] ] ) ]",
        "sh:property [ sh:path <urn:p> ; sh:not [ sh:closed true ] ]",
        "sh:targetObjectsOf <urn:p>",
        "sh:targetWhere [ sh:property [ sh:path <urn:q> ; sh:minCount 1 ] ]",
        "sh:js [ ]",
        "<urn:custom> 3",
        "sh:property [ sh:path <urn:p> ; <urn:custom> 3 ]",
        "sh:property [ sh:path <urn:p> ; sh:closed true ]",
        "sh:property [ sh:path <urn:p> ; sh:property [ sh:path <urn:q> ; sh:minCount 1 ] ]",
        "sh:property [ sh:path <urn:p> ; sh:memberShape [ sh:class <urn:C> ] ]",
        "sh:property [ sh:path <urn:p> ; sh:reifierShape [ sh:property [ sh:path <urn:q> ; sh:minCount 1 ] ] ]",
        "sh:property [ sh:path <urn:p> ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:class <urn:C> ] ]",
    ],
)
def test_a_shape_that_looks_further_is_told(shape: str) -> None:
    assert not locality.is_local(_shapes(shape))


@pytest.mark.parametrize(
    "shape",
    [
        "sh:property [ sh:path <urn:p> ; sh:class <urn:C> ; sh:lessThan <urn:q> ]",
        "sh:closed true ; sh:ignoredProperties ( <urn:p> )",
        "sh:property [ sh:path <urn:p> ; sh:or ( [ sh:class <urn:C> ] [ sh:not [ sh:datatype <urn:D> ] ] ) ]",
        "sh:or ( [ sh:property [ sh:path <urn:p> ; sh:minCount 1 ] ] [ sh:path <urn:q> ; sh:minCount 1 ] )",
        "sh:property [ sh:path [ sh:alternativePath ( <urn:p> <urn:q> ) ] ; sh:minCount 1 ]",
    ],
)
def test_a_shape_of_the_thing_and_the_classes_of_its_neighbours_is_local(shape: str) -> None:
    assert (URIRef("urn:s"), None, None) in _shapes(shape)
    assert locality.is_local(_shapes(shape))


def test_the_examples_hold() -> None:
    assert doctest.testmod(locality).failed == 0
