"""What follows stands in a graph of its own, in each store from what that store holds, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import QueryResultsFormat, QuerySolutions
from rdflib import URIRef
from rdflib.plugins.sparql.algebra import translateUpdate
from rdflib.plugins.sparql.parser import parseUpdate

from asmgraph import resources
from asmgraph.ontology import rules
from asmgraph.store import building, inference, snapshots
from asmgraph.store.guard import INFERRED
from asmgraph.store.inference import PLACES, drawn_by_place, follow, speaks
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


def test_a_list_of_many_ties_nobody(tmp_path: Path) -> None:
    """What follows from one record is bounded: two thousand participants would make four million statements."""
    crowd = [f"a{number}" for number in range(101)]
    taking_part = "".join(
        f"<{ID}participation/{who}> <{ASM}participatesIn> <{ID}intervention/fair> .\n"
        f"<{ID}participation/{who}> <{ASM}participant> <{ID}actor/{who}> .\n"
        for who in crowd
    )
    snapshot = published(
        tmp_path, {GRAPH + "crowd": tie("all", *crowd) + taking_part + tie("few", "a0", "a1")}
    )
    assert held(snapshot, "tiedTo") == {("a0", "a1"), ("a1", "a0")}
    assert held(snapshot, "derivedTieTo") == set()
    assert len(held(snapshot, "hasParticipation")) == 101


def test_what_a_source_states_itself_is_followed_and_not_repeated(tmp_path: Path) -> None:
    stated = f"<{ID}place/country> <{ASM}contains> <{ID}place/village> .\n" + within("pit", "village")
    snapshot = published(tmp_path, {GRAPH + "places": stated})
    assert held(snapshot, "within") == {("village", "country"), ("pit", "country")}
    assert held(snapshot, "contains") == {("village", "pit"), ("country", "pit")}


def test_nothing_stays_outside_the_store(tmp_path: Path) -> None:
    snapshot = published(tmp_path, {GRAPH + "places": within("a", "b")})
    assert sorted(path.name for path in snapshot.path.iterdir()) == ["manifest.json", "store"]


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
    assert "http://purl.org/dc/terms/title" in about


def test_what_follows_is_under_the_licences_of_its_sources_and_names_no_other_source(tmp_path: Path) -> None:
    def licensed(name: str, licence: str, more: str) -> str:
        return f'<{GRAPH}{name}> <http://purl.org/dc/terms/license> "{licence}" .\n{more}'

    open_ones = {
        GRAPH + "a": licensed("a", "ODC-By-1.0", within("pit", "village")),
        GRAPH + "b": licensed("b", "not stated", within("village", "province")),
    }
    hidden = {GRAPH + "c": licensed("c", "all rights reserved", within("province", "country"))}
    public = published(tmp_path, open_ones, hidden)
    about = said(public, f"<{INFERRED}> ?a ?b")
    assert {b for a, b in about if a.endswith("license")} == {"ODC-By-1.0", "not stated"}
    assert {b for a, b in about if a.endswith("wasDerivedFrom")} == set(open_ones)
    assert ("pit", "country") not in held(public, "within")
    full = said(snapshots.current(tmp_path, full=True), f"<{INFERRED}> ?a ?b")
    assert {b for a, b in full if a.endswith("wasDerivedFrom")} == {*open_ones, *hidden}


def test_checks_and_store_mean_one_graph() -> None:
    assert str(rules.INFERRED) == INFERRED


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


PLACE = st.sampled_from("abcdefgh")


@given(st.sets(st.tuples(PLACE, st.sampled_from(sorted(PLACES)), PLACE)), st.integers(1, 4))
def test_places_worked_out_some_at_a_time_give_what_all_at_once_give(
    stated: set[tuple[str, str, str]], at_a_time: int
) -> None:
    rules = [resources.rules()["containment"]]
    text = "".join(f"<{ID}place/{a}> <{ASM}{name}> <{ID}place/{b}> .\n" for a, name, b in sorted(stated))
    parts = [part.splitlines() for part in drawn_by_place(rules, text.encode(), at_a_time)]
    found = [line for part in parts for line in part]
    assert len(found) == len(set(found))
    assert set(found) == set(follow(rules, text.encode()).splitlines())


def test_what_is_worked_out_by_place_is_of_no_other_rules() -> None:
    named = {name: inference._named(rule) for name, rule in resources.rules().items()}
    assert [name for name, terms in named.items() if terms & PLACES] == ["containment"]
    assert named["containment"] == PLACES


@pytest.mark.parametrize("closed", [True, False], ids=["in a closed graph", "in an open graph alone"])
def test_what_follows_in_both_datasets_is_drawn_once_only_where_it_is_the_same(
    tmp_path: Path, closed: bool
) -> None:
    """A closed graph that speaks of no place leaves both with the same, one that does does not."""
    stated = within("pit", "village") + within("village", "province")
    more = within("province", "country") if closed else f"<{ID}place/pit> <{ASM}workers> <{ID}place/few> .\n"
    (tmp_path / "open.nt").write_text(stated)
    (tmp_path / "closed.nt").write_text(more)
    assert speaks(tmp_path / "closed.nt") == closed
    graphs = [
        building.GraphFile(GRAPH + name, tmp_path / f"{name}.nt", lines, name, name == "open", name, "1")
        for name, lines in (("open", 2), ("closed", 1))
    ]
    public = building.publish(tmp_path / "home", graphs, keep=2)
    full = snapshots.current(tmp_path / "home", full=True)
    both = {("pit", "province")}
    assert held(public, "within") == both
    assert held(full, "within") == both | ({("pit", "country"), ("village", "country")} if closed else set())
    assert said(full, f"<{INFERRED}> <{ASM}sensitivity> ?level")[0][0].endswith("confidential")
    assert said(public, f"<{INFERRED}> <{ASM}sensitivity> ?level")[0][0].endswith("public")
