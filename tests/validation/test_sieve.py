"""The sieve clears nothing that the validator objects to, and the accelerator finds what the reference finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, SH, SKOS, XSD, Graph, URIRef

from asmgraph.ontology import accelerator, examples, files
from asmgraph.ontology.examples import Example
from asmgraph.records import ASM, ID
from asmgraph.store import ntriples
from asmgraph.validation import shapes
from asmgraph.validation.shapes import Engine, Violation
from asmgraph.validation.sieve import Sieve

TYPE = str(RDF.type)
needs_accelerator = pytest.mark.skipif(
    not accelerator.available(), reason="pyshacl-turbo is not there in the tested version"
)


def _lines(statements: Graph) -> list[str]:
    """Return the statements about things that have an address, sorted."""
    found = (f"{s.n3()} {p.n3()} {o.n3()} ." for s, p, o in statements if isinstance(s, URIRef))
    return sorted({line.replace("\n", "\\n") for line in found if " _:" not in line}, key=str.encode)


@cache
def _around() -> Graph:
    around = Graph().parse(files.examples("valid")[0].parents[1] / examples.AROUND)
    for concept in files.vocabularies().subjects(RDF.type, SKOS.Concept):
        around.add((concept, RDF.type, SKOS.Concept))
    return around


class _Case:
    """Statements of a source, and what others say."""

    def __init__(self, statements: Graph) -> None:
        self.lines = _lines(statements)
        self.kinds = {
            (str(s), str(o)) for s, _, o in (statements + _around()).triples((None, RDF.type, None))
        }

    def types(self, things: Iterable[str]) -> list[tuple[str, str]]:
        wanted = set(things)
        return sorted((thing, kind) for thing, kind in self.kinds if thing in wanted)

    def table(self, things: pl.Series) -> pl.DataFrame:
        return pl.DataFrame(self.types(things), schema={"thing": pl.String, "kind": pl.String}, orient="row")


def _found(case: _Case, engine: Engine, graph: Graph, hierarchy: Graph) -> list[Violation]:
    return sorted(shapes.validate(case.lines, graph, hierarchy, case.types, engine=engine))


def _suspects(case: _Case, sieve: Sieve) -> set[str]:
    lines = pl.Series(case.lines, dtype=pl.String)
    return {ntriples.subject(line) for line in lines.filter(sieve.suspects(lines, case.table))}


@cache
def _sieve() -> Sieve:
    return Sieve(files.shapes(), files.hierarchy())


@cache
def _reference() -> Engine:
    return shapes.reference(files.shapes())


@cache
def _examples() -> list[Example]:
    return examples.all_of_them()


@cache
def _sample() -> list[tuple[str, _Case, list[Violation]]]:
    """Every example that fails or is warned of and every file that holds, with what the reference finds in it."""
    chosen = [one for one in _examples() if one.expected or one.name.startswith("valid/")]
    cases = [(one.name, _Case(one.statements)) for one in chosen]
    return [
        (name, case, _found(case, _reference(), files.shapes(), files.hierarchy())) for name, case in cases
    ]


def test_no_example_that_fails_is_cleared() -> None:
    for name, case, wanted in _sample():
        assert {found.focus for found in wanted} <= _suspects(case, _sieve()), name


def test_most_things_that_hold_are_cleared() -> None:
    holding = [_Case(one.statements) for one in _examples() if one.name.startswith("valid/")]
    things = [{ntriples.subject(line) for line in case.lines} for case in holding]
    suspects = [_suspects(case, _sieve()) for case in holding]
    assert sum(map(len, suspects)) < 0.25 * sum(map(len, things))


@needs_accelerator
def test_the_accelerator_finds_in_the_examples_what_the_reference_finds() -> None:
    fast = accelerator.Accelerator(files.shapes()).report
    for name, case, wanted in _sample():
        assert _found(case, fast, files.shapes(), files.hierarchy()) == wanted, name


@cache
def _small() -> Graph:
    """Shapes that use every constraint that the sieve knows, and some that it does not."""
    return Graph().parse(
        data=f"""
        @prefix sh: <{SH}> . @prefix a: <{ASM}> . @prefix x: <{XSD}> . @prefix s: <urn:shape:> .
        s:Mine a sh:NodeShape ; sh:targetClass a:Mine ; sh:property s:p, s:q, s:r, s:pq, s:lang, s:same, s:order ;
            sh:or ( [ sh:path a:q ; sh:maxCount 0 ] [ sh:path a:r ; sh:minCount 1 ] ) .
        s:p sh:path a:p ; sh:or ( [ sh:datatype x:date ] [ sh:datatype x:gYear ] [ sh:datatype x:integer ] ) ;
            sh:pattern "^[0-9-]+$" ; sh:maxCount 2 .
        s:q sh:path a:q ; sh:class a:Mine ; sh:not [ sh:class a:Gold ] ; sh:nodeKind sh:IRI ; sh:minCount 1 .
        s:r sh:path a:r ; sh:datatype x:decimal ; sh:minInclusive 0 ; sh:maxInclusive 9.5 ; sh:severity sh:Warning .
        s:pq sh:path [ sh:alternativePath ( a:p a:q ) ] ; sh:minCount 2 .
        s:lang sh:path a:l ; sh:uniqueLang true ; sh:minLength 1 ; sh:maxLength 3 .
        s:same sh:path a:q ; sh:disjoint a:t .
        s:order sh:path a:t ; sh:sparql [ sh:select \"\"\"SELECT $this ?value WHERE {{
            $this <{ASM}p> ?start ; $PATH ?value . FILTER (
            SUBSTR(STR(?value), 1, STRLEN(STR(?start))) < SUBSTR(STR(?start), 1, STRLEN(STR(?value)))
            && REGEX(STR(?start), "^[12]") ) }}\"\"\" ] .
        s:Place a sh:NodeShape ; sh:targetSubjectsOf a:t ; sh:property [ sh:path a:t ; sh:hasValue <{ID}a> ] ;
            sh:not [ sh:path [ sh:zeroOrOnePath a:t ] ; sh:equals a:t ] .
        """,
        format="turtle",
    )


_HIERARCHY = Graph().add(
    (URIRef(ASM + "Gold"), URIRef("http://www.w3.org/2000/01/rdf-schema#subClassOf"), URIRef(ASM + "Mine"))
)
_THINGS = [f"<{ID}{name}>" for name in "abcd"]
_LITERALS = [
    *(f'"{text}"^^<{XSD.integer}>' for text in ("7", "007", "-1", "x")),
    *(f'"{text}"^^<{XSD.decimal}>' for text in ("0", "0.0", "9.5", "9.50", "9.51", "-0.1", "1e1", "3")),
    *(f'"{text}"^^<{XSD.date}>' for text in ("2019-02-28", "2019-02-30", "2020-01-01")),
    *(f'"{text}"^^<{XSD.gYear}>' for text in ("2019", "0019")),
    *('"a"', '""', '"abcd"', '"a"@en', '"b"@en', '"b"@EN', '"a\\nb"', '"2020-01-01"'),
]
_VALUES = st.sampled_from([*_LITERALS, *_THINGS])
_STATED = st.tuples(st.sampled_from(_THINGS), st.sampled_from(["p", "q", "r", "l", "t"]), _VALUES)
_TYPED = st.tuples(
    st.sampled_from(_THINGS), st.sampled_from([f"<{ASM}Mine>", f"<{ASM}Gold>", f"<{OWL.Thing}>"])
)
_DATA = st.tuples(st.sets(_STATED, max_size=14), st.sets(_TYPED, min_size=1, max_size=5))


class _Made(_Case):
    def __init__(self, stated: set[tuple[str, str, str]], typed: set[tuple[str, str]]) -> None:
        lines = {f"{s} <{ASM}{p}> {o} ." for s, p, o in stated} | {
            f"{s} <{TYPE}> {kind} ." for s, kind in typed
        }
        self.lines = sorted(lines, key=str.encode)
        self.kinds = {(thing[1:-1], kind[1:-1]) for thing, kind in typed}


@settings(max_examples=60)
@given(_DATA)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_nothing_that_the_reference_objects_to_is_cleared(
    data: tuple[set[tuple[str, str, str]], set[tuple[str, str]]],
) -> None:
    case = _Made(*data)
    faulty = {found.focus for found in _found(case, shapes.reference(_small()), _small(), _HIERARCHY)}
    assert faulty <= _suspects(case, Sieve(_small(), _HIERARCHY))


@needs_accelerator
@settings(max_examples=60)
@given(_DATA)
def test_the_accelerator_finds_what_the_reference_finds(
    data: tuple[set[tuple[str, str, str]], set[tuple[str, str]]],
) -> None:
    # Of a date held against a number pySHACL says once, and the accelerator twice, that it is out of bounds.
    stated = {one for one in data[0] if one[1] != "r" or "#date>" not in one[2]}
    case = _Made(stated, data[1])
    fast = accelerator.Accelerator(_small()).report
    found, wanted = (
        [replace(one, message="", messages=()) for one in _found(case, engine, _small(), _HIERARCHY)]
        for engine in (fast, shapes.reference(_small()))
    )
    assert sorted(found) == sorted(wanted)


def test_a_target_that_is_not_known_clears_nothing() -> None:
    graph = Graph().parse(
        data=f"@prefix sh: <{SH}> . <urn:s> a sh:NodeShape ; sh:targetObjectsOf <{ASM}p> ; sh:nodeKind sh:Literal .",
        format="turtle",
    )
    case = _Made({(_THINGS[0], "p", _THINGS[1])}, {(_THINGS[1], f"<{ASM}Mine>")})
    assert _suspects(case, Sieve(graph, Graph())) == set(_THINGS[:2])


def test_a_source_that_makes_classes_of_its_own_is_not_cleared() -> None:
    line = f"<{ASM}Gold> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <{ASM}Place> ."
    lines = pl.Series([line])
    found = _sieve().suspects(lines, _Made(set(), set()).table)
    assert np.array_equal(found.to_numpy(), [True])


@pytest.mark.external
def test_the_visits_have_the_same_results_with_and_without_the_sieve(
    external_data: Path, tmp_path: Path
) -> None:
    from asmgraph.descriptions import load
    from asmgraph.mapping import compiler, runner, yarrrml
    from asmgraph.resources import catalogue
    from asmgraph.sources import csv
    from asmgraph.validation.promises import Checker

    source = load(catalogue() / "ipis")
    batches = [
        batch.__class__(batch.table, batch.frame.head(150))
        for batch in csv.read(external_data / "ipis-drc-mines", source)
    ]
    rules = compiler.compile_rules(yarrrml.load(catalogue() / "ipis" / "mapping.yml"), source)
    case = _Case(Graph())
    lines = {line for part in runner.run(rules, Checker(source).check(batches)) for line in part.lines}
    case.lines = sorted(lines, key=str.encode)
    parts = map(ntriples.split_line, case.lines)
    case.kinds |= {(s[1:-1], o[1:-1]) for s, p, o in parts if p == TYPE}
    whole = _found(case, _reference(), files.shapes(), files.hierarchy())
    suspects = _suspects(case, _sieve())
    assert whole
    assert {found.focus for found in whole} <= suspects
    case.lines = [line for line in case.lines if ntriples.subject(line) in suspects]
    assert _found(case, _reference(), files.shapes(), files.hierarchy()) == whole
    if accelerator.available():
        assert _found(case, shapes.chosen(files.shapes()), files.shapes(), files.hierarchy()) == whole
