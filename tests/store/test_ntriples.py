"""Lines are cut where a parser of N-Triples cuts them, whatever a literal holds."""

from __future__ import annotations

import doctest

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from asmgraph.mapping.terms import escaped
from asmgraph.store import ntriples

HOSTILE = (
    "> .",
    " .",
    '"',
    "\\",
    "\n",
    "\r",
    "\t",
    " ",
    "<",
    ">",
    "@en",
    "^^<urn:t>",
    "_:b",
    "\u2028",
    "\x85",
    "\x0b",
)
TEXT = st.lists(
    st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=3))
).map("".join)
IRI = st.text("abé/:?&=-._~\U0001f600", max_size=6).map(lambda end: NamedNode(f"urn:x:{end}"))
BLANK = st.text("ab01", min_size=1, max_size=4).map(lambda name: BlankNode(f"b{name}"))
LITERAL = st.one_of(
    TEXT.map(Literal),
    st.builds(
        lambda text, tag: Literal(text, language=tag), TEXT, st.sampled_from(["en", "pt-br", "zh-hans-cn"])
    ),
    st.builds(lambda text, kind: Literal(text, datatype=kind), TEXT, IRI),
)
TRIPLE = st.builds(Triple, st.one_of(IRI, BLANK), IRI, st.one_of(IRI, BLANK, LITERAL))
Terms = tuple[str, str, str]


def _as_parsed(line: str) -> Terms:
    (found,) = parse(line, RdfFormat.N_TRIPLES)
    return str(found.subject), str(found.predicate), str(found.object)


def _cut(line: str) -> list[Terms]:
    """Return the terms as each of the ways to cut a line gives them."""
    lines = pl.Series([line])
    thing, predicate, value = ntriples.split_line(line)
    (row,) = ntriples.terms(lines).rows()
    (lazy,) = ntriples.split(pl.LazyFrame({"line": lines})).select(ntriples.TERMS).collect().rows()
    singly = (ntriples.subjects(lines)[0], ntriples.predicates(lines)[0], value)
    return [(thing, f"<{predicate}>", value), row, lazy, singly, (ntriples.subject(line), *row[1:])]


@given(TRIPLE)
@example(Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal('a\\" . <urn:s> <urn:p> "b')))
def test_a_line_is_cut_as_a_parser_cuts_it(triple: Triple) -> None:
    line = serialize([triple], format=RdfFormat.N_TRIPLES).decode().removesuffix("\n")  # type: ignore[union-attr]
    assert _cut(line) == [_as_parsed(line)] * len(_cut(line))
    assert _as_parsed(line) == (str(triple.subject), str(triple.predicate), str(triple.object))


@given(TEXT, st.sampled_from(["", "@en", "@pt-br", "^^<urn:x:t>"]))
def test_a_line_as_the_mapping_writes_it_is_cut_as_a_parser_cuts_it(text: str, end: str) -> None:
    line = f'<urn:s> <urn:p> "{escaped(text)}"{end} .'
    (found,) = parse(line, RdfFormat.N_TRIPLES)
    assert isinstance(found.object, Literal)
    assert found.object.value == text
    value = f'"{escaped(text)}"{end}'
    assert _cut(line) == [("<urn:s>", "<urn:p>", value)] * len(_cut(line))


@pytest.mark.parametrize(
    "line", ["@prefix a: <b> .", "<urn:s> <urn:p> <urn:o>", "<urn:s> .", "# none at all .", ""]
)
def test_what_is_no_line_is_not_split(line: str) -> None:
    with pytest.raises(ValueError, match="not an N-Triples line"):
        ntriples.split_line(line)


def test_the_example_holds() -> None:
    assert doctest.testmod(ntriples).failed == 0
