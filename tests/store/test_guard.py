from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.errors import AsmgraphError, QueryRefusedError, QuerySyntaxError
from asmgraph.store.guard import Inspection, decode, inspect

NESTING = 64


def inspected(text: str) -> Inspection:
    return inspect(text, 65_536, NESTING)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { SERVICE <http://example.org/> { ?s ?p ?o } }",
        "ASK { service silent ?x { ?s ?p ?o } }",
        "PREFIX : <http://example.org/> ASK { SERVICE:x { ?s ?p ?o } }",
        "PREFIX : <http://example.org/> ASK { SERVICE:x\u0301 # comment\n { ?s ?p ?o } }",
        "ASK { SERVICESILENT<http://example.org/>{ ?s ?p ?o } }",
        "ASK { ?s ?p trueSERVICE<http://example.org/>{ ?s ?p ?o } }",
        "ASK { ?s ?p 1SERVICE<http://example.org/>{ ?s ?p ?o } }",
        "ASK { FILTER(?a<'>' ) SERVICE <http://example.org/> { ?s ?p '' } }",
        "ASK { FILTER(?a<1#>'''\n) SERVICE <http://example.org/> { ?s ?p ''' } }",
        "ASK { FILTER(?a<<http://x'>) SERVICE <http://example.org/> { ?s ?p '' } }",
        "ASK { ?s <http://x/\\U0001F600'> ?o . SERVICE <http://example.org/> { ?s ?p '' } }",
    ],
)
def test_a_call_of_another_service_is_refused_however_it_is_written(text: str) -> None:
    with pytest.raises((QueryRefusedError, QuerySyntaxError)):
        inspected(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service { ?service ?p 'SERVICE <http://example.org/> {}' }",
        'SELECT * { ?s ?p """load\nSERVICE""" } # SERVICE <x> {}',
        "PREFIX service: <http://example.org/> ASK { service:x ?p service:y }",
        "PREFIX service: <http://example.org/> ASK { GRAPH service:x { ?s ?p ?o } }",
        "ASK { ?s <http://example.org/SERVICE#load> 'clear'@en, 'DROP' }",
        "PREFIX a: <http://example.org/> ASK { ?s a:service ?insert }",
        "ASK { FILTER(?a<3&&?b>4) }",
        "ASK { ?s ?p '((((' , '{{{{' } # [[[[",
    ],
)
def test_words_inside_strings_names_iris_and_comments_do_no_harm(text: str) -> None:
    inspected(text)


@pytest.mark.parametrize(
    "word", ["INSERT", "delete", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"]
)
def test_an_update_is_refused_by_its_name(word: str) -> None:
    with pytest.raises(QueryRefusedError, match=word.upper()):
        inspected(f"{word} <http://example.org/>")


@pytest.mark.parametrize("open_, close", ["()", "{}", "[]", ("<< ", ">> ")])
def test_nesting_is_allowed_up_to_the_cap_and_refused_beyond(open_: str, close: str) -> None:
    inspected("ASK " + open_ * NESTING + close * NESTING)
    with pytest.raises(QueryRefusedError, match="64 levels"):
        inspected("ASK " + open_ * (NESTING + 1) + close * (NESTING + 1))


@pytest.mark.parametrize("operator", ["!", "+", "-", "^"])
def test_a_run_of_prefix_operators_counts_as_nesting(operator: str) -> None:
    inspected("ASK { FILTER(" + operator * NESTING + "?x) }")
    with pytest.raises(QueryRefusedError):
        inspected("ASK { FILTER(" + operator * (NESTING + 1) + "?x) }")


def test_brackets_in_a_row_are_not_nested() -> None:
    inspected("ASK {" + "{}" * 1_000 + "}")


def test_brackets_cannot_hide_in_what_looks_like_an_iri() -> None:
    with pytest.raises(QueryRefusedError):
        inspected("ASK { FILTER(?a<" + "(" * 65 + "1" + ")" * 65 + "&&1>0) }")


@pytest.mark.parametrize(
    "text, expected",
    [
        ("ASK FROM <file:///etc/passwd> {}", "file:///etc/passwd"),
        ("ASK FROM NAMED <FTP://example.org/> {}", "FTP://example.org/"),
        ("PREFIX f: <file:///etc/> ASK FROM f:passwd {}", "file:///etc/passwd"),
        ("BASE <file:///etc/> ASK FROM <passwd> {}", "file:///etc/passwd"),
        ("ASK FROM <\\u0066ile:///etc/passwd> {}", "file:///etc/passwd"),
    ],
)
def test_a_dataset_of_files_is_refused(text: str, expected: str) -> None:
    with pytest.raises(QueryRefusedError, match=expected):
        inspected(text)


def test_the_dataset_clause_is_read_with_its_prefixes_and_base() -> None:
    text = """
        BASE <http://example.org/base/> PREFIX g: <http://example.org/graph/>
        SELECT ?from
        FROM g:a\\-b from <c> FROM NAMED <http://example.org/\\u0064> WHERE { ?from ?p "FROM <x>" }
    """
    assert inspected(text) == Inspection(
        ("http://example.org/graph/a-b", "http://example.org/base/c"), ("http://example.org/d",), False
    )


def test_a_prefix_named_from_is_no_dataset_clause() -> None:
    assert inspected("PREFIX from: <http://e/> ASK { from:a from:b ?c }").default_graphs is None


def test_what_changes_from_run_to_run_is_noticed() -> None:
    assert inspected("SELECT (NOW() AS ?now) {}").volatile
    assert not inspected("SELECT ?now { ?now ?rand 'UUID()' }").volatile


def test_size_is_counted_in_bytes() -> None:
    inspect("ASK{}#é", 8, NESTING)
    with pytest.raises(QueryRefusedError, match="8 bytes"):
        inspect("ASK{}#é", 7, NESTING)


def test_nul_and_half_a_surrogate_pair_and_an_overlong_iri_are_refused() -> None:
    for text, expected in (
        ("ASK { ?s ?p '\0' }", "NUL"),
        ("ASK { ?s ?p '\ud800' }", "surrogate"),
        (f"ASK {{ <http://example.org/{'x' * 10_240}> ?p ?o }}", "2,048"),
    ):
        with pytest.raises(QueryRefusedError, match=expected):
            inspected(text)


def test_bytes_that_are_not_utf8_are_refused_with_their_place() -> None:
    assert decode("é".encode()) == "é"
    with pytest.raises(QueryRefusedError, match="byte 3 is 0xff"):
        decode(b"AS\xffK")


def test_a_string_that_never_closes_is_named_with_its_place() -> None:
    with pytest.raises(QuerySyntaxError, match="line 2, column 3"):
        inspected('ASK {\n  "open }')


@given(st.text(max_size=300))
def test_any_text_is_inspected_or_refused_in_words(text: str) -> None:
    try:
        inspected(text)
    except AsmgraphError as error:
        assert error.message.endswith(".")
