"""What follows stands in a graph of its own, in each store from what that store holds, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions
from rdflib import URIRef
from rdflib.plugins.sparql.algebra import translateUpdate
from rdflib.plugins.sparql.parser import parseUpdate

from asmgraph import resources
from asmgraph.ontology import rules
from asmgraph.store import snapshots
from asmgraph.store.inference import INFERRED
from tests.store.homes import GRAPH, ID, published

ASM = "https://w3id.org/asmgraph/ontology#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def within(part: str, whole: str) -> str:
    return f"<{ID}place/{part}> <{ASM}within> <{ID}place/{whole}> .\n"


def tie(slug: str, *parties: str) -> str:
    named = "".join(f"<{ID}tie/{slug}> <{ASM}party> <{ID}actor/{party}> .\n" for party in parties)
    return f"<{ID}tie/{slug}> {TYPE} <{ASM}CoordinationTie> .\n{named}"


def said(snapshot: snapshots.Snapshot, pattern: str) -> list[tuple[str, ...]]:
    """Return the values of the pattern's variables in the graph of what follows, in order."""
    found = snapshot.reading.store.query(f"SELECT * {{ GRAPH <{INFERRED}> {{ {pattern} }} }}")
    assert isinstance(found, QuerySolutions)
    rows = json.loads(found.serialize(format=QueryResultsFormat.JSON) or b"")
    names = rows["head"]["vars"]
    return sorted(tuple(row[name]["value"] for name in names) for row in rows["results"]["bindings"])


def held(snapshot: snapshots.Snapshot, name: str) -> set[tuple[str, str]]:
    """Return the pairs of a property in the graph of what follows, by their slugs."""
    return {(a.split("/")[-1], b.split("/")[-1]) for a, b in said(snapshot, f"?a <{ASM}{name}> ?b")}


def templates() -> set[str]:
    """Return the names of the properties that the rules say they infer."""
    return {
        str(predicate).removeprefix(ASM)
        for rule in resources.rules().values()
        for operation in translateUpdate(parseUpdate(rule)).algebra
        for triples in operation.insert.quads.values()
        for _, predicate, _ in triples
    }


def test_containment_is_followed_to_the_top_and_only_what_nobody_states_is_added(tmp_path: Path) -> None:
    stated = within("pit", "village") + within("village", "province") + within("province", "country")
    snapshot = published(tmp_path, {GRAPH + "places": stated})
    assert held(snapshot, "within") == {("pit", "province"), ("pit", "country"), ("village", "country")}
    assert ("country", "pit") in held(snapshot, "contains") and len(held(snapshot, "contains")) == 6


def test_places_that_lie_in_each_other_end_the_search(tmp_path: Path) -> None:
    snapshot = published(tmp_path, {GRAPH + "places": within("a", "b") + within("b", "a")})
    assert held(snapshot, "within") == {("a", "a"), ("b", "b")}


def test_ties_hold_in_both_directions_between_all_parties_and_with_nobody_else(tmp_path: Path) -> None:
    snapshot = published(tmp_path, {GRAPH + "ties": tie("three", "a", "b", "c") + tie("two", "c", "d")})
    pairs = {("a", "b"), ("a", "c"), ("b", "c"), ("c", "d")}
    assert held(snapshot, "tiedTo") == pairs | {(b, a) for a, b in pairs}
    assert held(snapshot, "derivedTieTo") == set()


def test_what_is_not_public_lets_nothing_follow_for_the_public(tmp_path: Path) -> None:
    public = published(
        tmp_path, {GRAPH + "a": within("pit", "village")}, {GRAPH + "b": within("village", "province")}
    )
    full = snapshots.current(tmp_path, full=True)
    assert held(public, "within") == set()
    assert held(full, "within") == {("pit", "province")}
    for snapshot, level in ((public, "public"), (full, "confidential")):
        assert held(snapshot, "sensitivity") == {("inferred", level)}


def test_a_query_that_names_no_graph_does_not_see_what_follows(tmp_path: Path) -> None:
    snapshot = published(tmp_path, {GRAPH + "places": within("a", "b") + within("b", "c")})
    assert snapshot.triples == 2
    ask = f"ASK {{ ?s <{ASM}contains> ?o }}"
    assert not bool(snapshot.reading.store.query(ask))
    assert bool(snapshot.reading.store.query(f"ASK {{ GRAPH <{INFERRED}> {{ ?s <{ASM}contains> ?o }} }}"))


def test_the_graph_names_what_it_follows_from_and_when(tmp_path: Path) -> None:
    snapshot = published(tmp_path, {GRAPH + "places": within("a", "b")})
    about = dict(pair for pair in said(snapshot, f"<{INFERRED}> ?a ?b") if len(pair) == 2)
    assert about["http://www.w3.org/ns/prov#wasDerivedFrom"] == GRAPH + "places"
    assert about["http://www.w3.org/ns/prov#generatedAtTime"][:19] == snapshot.published.isoformat()[:19]
    assert {"http://purl.org/dc/terms/title", "http://purl.org/dc/terms/license"} <= about.keys()


def test_where_nothing_follows_there_is_no_graph(tmp_path: Path) -> None:
    snapshot = published(tmp_path, {GRAPH + "ties": tie("one", "a")})
    assert list(snapshot.graphs) == [GRAPH + "ties"]


def test_a_changed_rule_is_a_change_of_what_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graphs = {GRAPH + "places": within("a", "b")}
    first = published(tmp_path, graphs)
    assert published(tmp_path, graphs).number == first.number
    monkeypatch.setattr(resources, "rules", lambda: {})
    assert published(tmp_path, graphs).number == first.number + 1


def test_the_store_infers_what_rdflib_infers_from_the_same_rules(tmp_path: Path) -> None:
    data = rules.trial()
    text = data.serialize(format="nt")
    snapshot = published(tmp_path, {GRAPH + "trial": text})
    drawn = rules.inferred(data)
    names = {str(predicate).removeprefix(ASM) for predicate in drawn.predicates()}
    assert names == templates()
    for name in names:
        pairs = drawn.subject_objects(URIRef(ASM + name))
        assert held(snapshot, name) == {(str(s).split("/")[-1], str(o).split("/")[-1]) for s, o in pairs}, (
            name
        )
