from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from asmgraph.errors import NotAcceptableError, QueryRefusedError, QuerySyntaxError, SnapshotDamagedError
from asmgraph.store.embedded import (
    GRAPH_FORMATS,
    SOLUTION_FORMATS,
    Answer,
    Dataset,
    EmbeddedStore,
    Limits,
    negotiate,
    open_read_only,
)
from tests.store.homes import GRAPH, ID, LABEL, labels, published

A, B, SECRET = f"{GRAPH}a", f"{GRAPH}b", f"{GRAPH}secret"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    home = tmp_path_factory.mktemp("home")
    snapshot = published(home, {A: labels("a", 30), B: labels("b", 5), SECRET: labels("s", 100)})
    return open_read_only(snapshot.store)


def asked(store: EmbeddedStore, text: str, accept: str = "", **limits: int) -> Answer:
    return store.query(text, accept, Dataset((A, B)), Limits(**limits))


def number(answer: Answer) -> int:
    return int(json.loads(answer.body)["results"]["bindings"][0]["n"]["value"])


def test_without_a_dataset_clause_the_union_of_the_given_graphs_is_asked(store: EmbeddedStore) -> None:
    assert number(asked(store, COUNT)) == 35
    assert number(asked(store, COUNT_NAMED)) == 35


def test_the_union_of_everything_there_is_takes_the_short_way_to_the_same_answer(
    store: EmbeddedStore,
) -> None:
    assert number(store.query(COUNT, "", Dataset((A, B, SECRET)), Limits())) == 135


def test_a_triple_that_stands_in_two_graphs_counts_once(tmp_path: Path) -> None:
    twice = open_read_only(published(tmp_path, {A: labels("a", 1), B: labels("a", 1)}).store)
    assert number(asked(twice, COUNT)) == 1


@pytest.mark.parametrize(
    "clause, default, named",
    [
        (f"FROM <{A}>", 30, 0),
        (f"FROM <{A}> FROM <{B}>", 35, 0),
        (f"FROM NAMED <{B}>", 0, 5),
        (f"FROM <{A}> FROM NAMED <{B}>", 30, 5),
        (f"FROM <{SECRET}> FROM NAMED <{SECRET}>", 0, 0),
        ("FROM <http://example.org/none>", 0, 0),
    ],
)
def test_from_narrows_to_graphs_that_exist_for_whoever_asks(
    store: EmbeddedStore, clause: str, default: int, named: int
) -> None:
    assert number(asked(store, COUNT.replace("{", clause + " {", 1))) == default
    assert number(asked(store, COUNT_NAMED.replace("{", clause + " {", 1))) == named


def test_the_dataset_of_the_protocol_wins_over_that_of_the_query(store: EmbeddedStore) -> None:
    def count(text: str, **dataset: tuple[str, ...]) -> int:
        return number(store.query(text, "", Dataset((A, B), **dataset), Limits()))

    text = COUNT.replace("{", f"FROM <{A}> {{", 1)
    assert count(text, default_graphs=(B,)) == 5
    assert count(text, named_graphs=(B,)) == 0
    assert count(COUNT_NAMED, default_graphs=(B,)) == 0
    assert count(COUNT_NAMED, named_graphs=(A, SECRET)) == 30


def test_a_protocol_dataset_of_files_is_refused(store: EmbeddedStore) -> None:
    with pytest.raises(QueryRefusedError, match="file:"):
        store.query(COUNT, "", Dataset((A,), default_graphs=("file:///etc/passwd",)), Limits())


SELECT = "SELECT ?s ?label ?n { ?s ?p ?label BIND(STRLEN(?label) AS ?n) } ORDER BY ?s"


def rows(answer: Answer) -> list[tuple[str, ...]]:
    """Read SELECT answers of every format with readers that are not ours."""
    kind = answer.media_type.rpartition("/")[2].removeprefix("sparql-results+")
    if kind == "json":
        content = json.loads(answer.body)
        return [
            tuple(row[v]["value"] for v in content["head"]["vars"]) for row in content["results"]["bindings"]
        ]
    if kind == "xml":
        space = "{http://www.w3.org/2005/sparql-results#}"
        found = fromstring(answer.body).iter(f"{space}result")
        return [tuple(binding[0].text or "" for binding in row) for row in found]
    if kind == "csv":
        return [tuple(row) for row in csv.reader(io.StringIO(answer.body.decode(), newline=""))][1:]
    lines = answer.body.decode().rstrip("\n").split("\n")[1:]
    return [tuple(c.strip("<>").removesuffix("@en").strip('"') for c in line.split("\t")) for line in lines]


@pytest.mark.parametrize("media_type", SOLUTION_FORMATS)
def test_every_format_of_a_select_says_the_same(store: EmbeddedStore, media_type: str) -> None:
    answer = asked(store, SELECT, media_type)
    assert answer.media_type == media_type
    assert not answer.truncated
    assert len(rows(answer)) == 35
    assert rows(answer)[0] == (f"{ID}actor/a-0", "a 0", "3")


@pytest.mark.parametrize("media_type", SOLUTION_FORMATS)
def test_a_select_is_cut_after_whole_rows_and_says_so(store: EmbeddedStore, media_type: str) -> None:
    answer = asked(store, SELECT, media_type, rows=10)
    assert (len(rows(answer)), answer.truncated) == (10, "rows")
    assert rows(answer) == rows(asked(store, SELECT, media_type))[:10]
    assert asked(store, SELECT, media_type, rows=35).truncated == ""


@pytest.mark.parametrize("media_type", SOLUTION_FORMATS)
@pytest.mark.parametrize("size", [400, 700, 1_500])
def test_a_select_is_cut_below_the_bytes_and_says_so(
    store: EmbeddedStore, media_type: str, size: int
) -> None:
    answer = asked(store, SELECT, media_type, bytes=size)
    assert len(answer.body) <= size
    assert answer.truncated == "bytes"
    assert rows(answer) == rows(asked(store, SELECT, media_type))[: len(rows(answer))]
    assert size < 700 or rows(answer)


@pytest.mark.parametrize(
    "term",
    ['"tab\\tline\\nreturn\\r\\"\\\\"', '"\\u0001"', '""', '"x"@en-GB', "1", "<http://e/é>"],
)
def test_terms_keep_their_form_in_json(store: EmbeddedStore, term: str) -> None:
    text = f"SELECT ?x {{ VALUES ?x {{ {term} UNDEF }} }}"
    first, second = json.loads(asked(store, text).body)["results"]["bindings"]
    assert second == {}
    expected = {
        '"tab\\tline\\nreturn\\r\\"\\\\"': 'tab\tline\nreturn\r"\\',
        '"\\u0001"': "\x01",
        '""': "",
        '"x"@en-GB': "x",
        "<http://e/é>": "http://e/é",
    }
    assert first["x"]["value"] == expected.get(term, term)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own JSON-LD reader
@pytest.mark.parametrize("media_type", GRAPH_FORMATS)
def test_every_format_of_a_construct_says_the_same_and_is_cut_whole(
    store: EmbeddedStore, media_type: str
) -> None:
    def size(**limits: int) -> tuple[int, str]:
        answer = asked(store, "CONSTRUCT WHERE { ?s ?p ?o }", media_type, **limits)
        return len(Graph().parse(data=answer.body, format=media_type)), answer.truncated

    assert size() == (35, "")
    assert size(rows=10) == (10, "rows")


def test_a_large_construct_is_cut_near_the_bytes(store: EmbeddedStore) -> None:
    text = "CONSTRUCT { ?s ?p ?x } { ?s ?p ?o . ?t ?q ?u BIND(CONCAT(STR(?o), STR(?t)) AS ?x) }"
    answer = asked(store, text, "application/n-triples", bytes=20_000)
    assert answer.truncated == "bytes"
    assert 20_000 < len(answer.body) < 40_000
    assert answer.body.endswith(b" .\n")


def test_relative_iris_are_relative_to_ours(store: EmbeddedStore) -> None:
    assert b"true" in asked(store, "ASK FROM <graph/a> { <id/actor/a-1> ?p ?o }", "text/csv").body


def test_describe_and_ask_are_answered(store: EmbeddedStore) -> None:
    assert LABEL.encode() in asked(store, f"DESCRIBE <{ID}actor/a-1>", "application/n-triples").body
    assert json.loads(asked(store, "ASK {}").body)["boolean"] is True
    assert b"<boolean>false</boolean>" in asked(store, "ASK { ?s ?s ?s }", "application/xml").body


def test_a_result_in_no_accepted_format_is_an_error_that_lists_the_formats(store: EmbeddedStore) -> None:
    with pytest.raises(NotAcceptableError, match="text/csv"):
        asked(store, COUNT, "text/turtle")
    with pytest.raises(NotAcceptableError, match="text/turtle"):
        asked(store, "CONSTRUCT WHERE { ?s ?p ?o }", "text/csv")


def test_a_syntax_error_names_line_and_column(store: EmbeddedStore) -> None:
    with pytest.raises(QuerySyntaxError, match="Line 2, column 7: expected"):
        asked(store, "SELECT *\nWHERE ")


def test_a_folder_that_is_no_store_is_a_damaged_snapshot(tmp_path: Path) -> None:
    with pytest.raises(SnapshotDamagedError):
        open_read_only(tmp_path / "none")


@pytest.mark.parametrize(
    "accept, expected",
    [
        ("", "a/x"),
        ("*/*", "a/x"),
        ("a/y", "a/y"),
        ("a/*;q=0.1, b/z", "b/z"),
        ("a/x;q=0.5, a/y;q=0.9", "a/y"),
        ("a/x;q=0, */*", "a/y"),
        ("A/Y;Q=1", "a/y"),
        ("a/y;charset=utf-8;q=1.0,a/x;q=.3", "a/y"),
        ("c/c", None),
        ("*/*;q=0", None),
        ("a/x;q=nonsense", None),
    ],
)
def test_the_media_type_follows_the_accept_header(accept: str, expected: str | None) -> None:
    assert negotiate(accept, ["a/x", "a/y", "b/z"]) == expected


@given(st.text(max_size=100))
def test_any_accept_header_is_understood_or_fits_nothing(accept: str) -> None:
    assert negotiate(accept, ["a/x"]) in ("a/x", None)


def test_a_prefix_that_is_not_declared_is_told_with_its_declaration(store: EmbeddedStore) -> None:
    with pytest.raises(QuerySyntaxError, match="the prefix of the name there is not declared") as caught:
        asked(store, "SELECT * { ?x a asm:Need }")
    assert "PREFIX asm: <https://w3id.org/asmgraph/ontology#>" in caught.value.hint
