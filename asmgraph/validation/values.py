"""Which values certainly keep a constraint of SHACL and which certainly break it; the rest is for the validator.

Enters: a column of N-Triples terms. Leaves: two columns of booleans, never both true for a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import polars as pl
from rdflib import SH, XSD, URIRef
from rdflib.term import Node

Members = Callable[[frozenset[str]], pl.Series]
"""Gives the things, as terms, that have one of the classes."""
Verdict = tuple[pl.Series, pl.Series]
Test = Callable[[pl.Series, Members], Verdict]

# Compares two dates as far as both are given; what else the rule asks for makes it only more lenient.
DATE_ORDER = re.compile(
    r"SELECT \$this \?value WHERE \{ \$this <([^>]+)> \?start ; \$PATH \?value \. FILTER \( "
    r"SUBSTR\(STR\(\?value\), 1, STRLEN\(STR\(\?start\)\)\) < SUBSTR\(STR\(\?start\), 1, STRLEN\(STR\(\?value\)\)\)"
    r"(?: && REGEX\(STR\(\?start\), \"[^\"]*\"\))? \) \}$"
)
_LITERAL = r'^"([^"\\]*)"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?$'
_NORMAL = {
    XSD.decimal: r"^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$",
    XSD.integer: r"^(0|-?[1-9][0-9]*)$",
    XSD.boolean: r"^(true|false)$",
    XSD.gYear: r"^[12][0-9]{3}$",
    XSD.gYearMonth: r"^[12][0-9]{3}-(0[1-9]|1[0-2])$",
    XSD.date: r"^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
}
"""Forms of a datatype that are certainly valid, and that no software writes in another way."""
_DECIMAL = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$"
_INTEGER = r"^[+-]?[0-9]+$"
_VALID = {**_NORMAL, XSD.decimal: _DECIMAL, XSD.integer: _INTEGER}
_DIGITS = 15
"""Decimal numbers of so many digits are told apart by binary ones."""


def lexical(terms: pl.Series) -> pl.Series:
    """Return the text of literals that hold no escape and no quote, null for other terms."""
    return terms.str.extract(_LITERAL, 1)


def unknown(terms: pl.Series, _: Members) -> Verdict:
    """Judge nothing."""
    nothing = pl.repeat(False, len(terms), eager=True)
    return nothing, nothing


def every(tests: Sequence[Test]) -> Test:
    """Return the test that holds where all hold."""

    def test(terms: pl.Series, members: Members) -> Verdict:
        verdicts = [one(terms, members) for one in tests]
        sure = pl.repeat(True, len(terms), eager=True)
        never = pl.repeat(False, len(terms), eager=True)
        for holds, fails in verdicts:
            sure, never = sure & holds, never | fails
        return sure, never

    return test


def either(tests: Sequence[Test]) -> Test:
    """Return the test that holds where one holds."""
    return inverse([every([inverse([one]) for one in tests])])


def inverse(tests: Sequence[Test]) -> Test:
    """Return the test that holds where the one given does not."""
    (one,) = tests

    def test(terms: pl.Series, members: Members) -> Verdict:
        sure, never = one(terms, members)
        return never, sure

    return test


def of_class(kinds: frozenset[str]) -> Test:
    """Return the test of ``sh:class``, given the class and all below it."""

    def test(terms: pl.Series, members: Members) -> Verdict:
        sure = terms.is_in(members(kinds).implode())
        return sure, ~sure

    return test


def one_of(nodes: Sequence[Node]) -> Test:
    """Return the test of ``sh:in``; lists that hold literals are not judged."""
    if not all(isinstance(node, URIRef) for node in nodes):
        return unknown
    listed = [f"<{node}>" for node in nodes]

    def test(terms: pl.Series, _: Members) -> Verdict:
        sure = terms.is_in(listed)
        return sure, ~sure

    return test


def _node_kind(kind: Node) -> Test:
    starts = {SH.IRI: ("<",), SH.Literal: ('"',), SH.BlankNodeOrIRI: ("<",), SH.IRIOrLiteral: ("<", '"')}
    if not isinstance(kind, URIRef) or kind not in starts:
        return unknown

    def test(terms: pl.Series, _: Members) -> Verdict:
        sure = terms.str.slice(0, 1).is_in(list(starts[kind]))
        return sure, ~sure

    return test


def _datatype(kind: Node) -> Test:
    if not isinstance(kind, URIRef):
        return unknown
    if kind == XSD.string:
        return _only(lambda terms: terms.str.contains(r'^"(?:[^"\\]|\\.)*"$'))
    if kind not in _VALID:
        return unknown

    def sure(terms: pl.Series) -> pl.Series:
        text = lexical(terms)
        found = terms.str.ends_with(f'"^^<{kind}>') & text.str.contains(_VALID[kind])
        return found & text.str.to_date("%Y-%m-%d", strict=False).is_not_null() if kind == XSD.date else found

    return _only(sure)


def _pattern(pattern: Node) -> Test:
    try:
        pl.Series([""]).str.contains(str(pattern))
    except pl.exceptions.ComputeError:
        return unknown

    def sure(terms: pl.Series) -> pl.Series:
        text = _text(terms)
        return text.str.contains(str(pattern))

    return _only(sure)


def _least_length(least: Node) -> Test:
    return _only(lambda terms: _text(terms).str.len_chars() >= int(str(least)))


def _most_length(most: Node) -> Test:
    return _only(lambda terms: _text(terms).str.len_chars() <= int(str(most)))


def _least(bound: Node) -> Test:
    least = _bound(bound)
    return unknown if least is None else _only(lambda terms: _number(terms) >= least)


def _most(bound: Node) -> Test:
    most = _bound(bound)
    return unknown if most is None else _only(lambda terms: _number(terms) <= most)


def _only(sure: Callable[[pl.Series], pl.Series]) -> Test:
    """Return a test that knows what certainly holds, and never that something fails."""

    def test(terms: pl.Series, _: Members) -> Verdict:
        return sure(terms).fill_null(False), pl.repeat(False, len(terms), eager=True)

    return test


def _text(terms: pl.Series) -> pl.Series:
    """Return the text that a validator sees, null where software may write it in another way."""
    frame = terms.to_frame("term")
    term, text = pl.col("term"), pl.col("text")
    normal = pl.any_horizontal(
        ~term.str.contains("^^<", literal=True),
        *(
            term.str.ends_with(f'"^^<{kind}>') & text.str.contains(form)
            for kind, form in _NORMAL.items()
            if kind in (XSD.gYear, XSD.gYearMonth, XSD.date, XSD.integer, XSD.boolean)
        ),
    )
    iri = term.str.extract(r"^<([^>\\]*)>$")
    return frame.with_columns(text=lexical(terms)).select(pl.coalesce(iri, pl.when(normal).then(text)))[
        "term"
    ]


def _number(terms: pl.Series) -> pl.Series:
    text = lexical(terms)
    typed = terms.str.ends_with(f'"^^<{XSD.decimal}>') | terms.str.ends_with(f'"^^<{XSD.integer}>')
    known = typed & text.str.contains(_DECIMAL) & (text.str.len_chars() <= _DIGITS)
    return text.zip_with(known.fill_null(False), pl.Series([None], dtype=pl.String)).cast(
        pl.Float64, strict=False
    )


def _bound(bound: Node) -> float | None:
    text = str(bound)
    return float(text) if re.match(_DECIMAL, text) and len(text) <= _DIGITS else None


SIMPLE: Mapping[Node, Callable[[Node], Test]] = {
    SH.nodeKind: _node_kind,
    SH.datatype: _datatype,
    SH.pattern: _pattern,
    SH.minLength: _least_length,
    SH.maxLength: _most_length,
    SH.minInclusive: _least,
    SH.maxInclusive: _most,
}
"""The constraints on a single value that are told by their parameter alone."""
