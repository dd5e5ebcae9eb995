"""Laws of writing RDF terms: whatever the text, the line is N-Triples and says that text."""

from __future__ import annotations

import datetime as dt
from urllib.parse import unquote

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from rdflib import Graph

from asmgraph.mapping import terms
from asmgraph.mapping.terms import escaped
from asmgraph.store.ntriples import split_line
from tests.mapping.tables import EX, document, lines, objects

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
SIGNS = st.text(
    st.sampled_from("ab:/?#[]@!$&'()*+,;=%20-._~ \\\"<>{}|^`é\ue000\ufffe\U000f0000\n\x7f"), max_size=12
)


def _parsed(line: str) -> tuple[str, str | Literal]:
    (quad,) = parse(line, format=RdfFormat.N_TRIPLES)
    assert isinstance(quad.subject, NamedNode)
    value = quad.object
    assert isinstance(value, NamedNode | Literal)
    return quad.subject.value, value if isinstance(value, Literal) else value.value


@given(TEXTS)
@example('"\\\n\r\t\b\f\x0b\x85\u2028\u2029\x00\x7f\ufffe\U0010ffff')
def test_any_text_comes_back_from_its_line(text: str) -> None:
    (line,) = lines(document(["ex:p", "$(text)"]), [{"id": "1", "text": text}])
    assert _parsed(line) == (f"{EX}1", Literal(text))


@given(TEXTS, st.sampled_from(["en", "fr", "pt-BR"]))
def test_any_text_keeps_its_language(text: str, language: str) -> None:
    (line,) = lines(document(["ex:p", "$(text)", f"{language}~lang"]), [{"id": "1", "text": text}])
    assert _parsed(line)[1] == Literal(text, language=language)


@given(TEXTS)
@example("\x0b\x1c\x85\u2028")
def test_a_line_holds_no_line_end_and_splits_into_its_three_terms(text: str) -> None:
    (line,) = lines(document(["ex:p", "$(text)"]), [{"id": "1", "text": text}])
    assert "\n" not in line
    assert "\r" not in line
    assert split_line(line) == (f"<{EX}1>", f"{EX}p", f'"{escaped(text)}"')


@given(TEXTS)
@example("\x0b\x1c\x85\u2028")
def test_rdflib_reads_the_same_text(text: str) -> None:
    (line,) = lines(document(["ex:p", "$(text)"]), [{"id": "1", "text": text}])
    assert [str(value) for value in Graph().parse(data=line, format="nt").objects()] == [text]


@given(TEXTS)
@example("a b/c?d#e%41[é]\ue000\ufffe\x9f\U000f0000")
def test_any_value_in_a_template_makes_a_valid_iri_that_says_the_value(text: str) -> None:
    (line,) = lines(document(["ex:p", "x"], subject="ex:$(text)/end"), [{"text": text}])
    subject, _ = _parsed(line)
    value = subject.removeprefix(EX).removesuffix("/end")
    assert unquote(value, errors="strict") == text
    assert not set(value) & set("/?#[]@:")


@given(SIGNS | TEXTS.map("http:".__add__) | SIGNS.map("http://".__add__))
@example("http://a/%zz")
@example("http://a:b/")
@example("urn:x:y")
@example("http://é/ü?x=/?#y")
@example("a:\n")
def test_a_reference_as_iri_is_valid_or_makes_no_statement(text: str) -> None:
    for line in lines(document(["ex:p", "x"], subject="$(text)"), [{"text": text}]):
        assert _parsed(line)[0] == text


@pytest.mark.parametrize(
    "iri",
    [
        "http://a.org",
        "https://a.org:8080/b/c.html?d=e&f=%20#g",
        "urn:isbn:1",
        "mailto:a@b.org",
        "http://é.org/ü",
        "doi:10.1/(a)",
    ],
)
def test_a_valid_iri_is_stated(iri: str) -> None:
    assert objects(["ex:p", "$(x)~iri"], rows=[{"id": "1", "x": iri}]) == [f"<{iri}>"]


@pytest.mark.parametrize(
    "text",
    [
        "a.org",
        "/a",
        "http://a b.org",
        "http://a.org/<b>",
        "http://a.org/%2",
        "http://a.org#b#c",
        "http://a.org/\ue000",
        "1a:b",
        ":",
    ],
)
def test_what_is_no_absolute_iri_is_not_stated(text: str) -> None:
    assert objects(["ex:p", "$(x)~iri"], rows=[{"id": "1", "x": text}]) == []


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("a b", "a%20b"),
        ("a/b", "a%2Fb"),
        ("50%", "50%25"),
        ("a-b._~", "a-b._~"),
        ("é", "é"),
        ("Bolivia, Plurinational State of", "Bolivia%2C%20Plurinational%20State%20of"),
        ("\ue000", "%EE%80%80"),
    ],
)
def test_a_value_is_encoded_as_r2rml_says(text: str, encoded: str) -> None:
    assert pl.DataFrame({"x": [text]}).select(terms.iri_safe(pl.col("x"))).item() == encoded


@given(st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)).map(str))
def test_every_day_of_these_centuries_is_a_date(day: str) -> None:
    (line,) = lines(document(["ex:p", "asmfn:date(asmfn:value=$(x))"]), [{"id": "1", "x": day}])
    assert _parsed(line)[1] == Literal(day, datatype=NamedNode(terms.XSD + "date"))


@pytest.mark.parametrize(
    ("text", "kind"), [("1000", "gYear"), ("2999-12", "gYearMonth"), ("2999-12-31", "date")]
)
def test_a_date_is_as_exact_as_its_text(text: str, kind: str) -> None:
    (line,) = lines(document(["ex:p", "asmfn:date(asmfn:value=$(x))"]), [{"id": "1", "x": text}])
    assert _parsed(line)[1] == Literal(text, datatype=NamedNode(terms.XSD + kind))


@pytest.mark.parametrize(
    "text", ["0000", "0999", "3000", "9999", "0000-01", "9999-12", "0999-12-31", "9999-12-31"]
)
def test_a_year_that_none_can_mean_is_not_stated(text: str) -> None:
    assert lines(document(["ex:p", "asmfn:date(asmfn:value=$(x))"]), [{"id": "1", "x": text}]) == []


@given(st.lists(TEXTS, min_size=1))
def test_encoding_many_values_is_encoding_each(texts: list[str]) -> None:
    def encode(values: list[str]) -> list[str]:
        return pl.DataFrame({"x": values}).select(y=terms.iri_safe(pl.col("x")))["y"].to_list()

    assert encode(texts) == [encode([text])[0] for text in texts]
