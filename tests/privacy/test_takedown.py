"""What is taken down is gone everywhere, stays gone, and can be put back."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from typer.testing import CliRunner

from asmgraph import audit, pipeline, settings, versions
from asmgraph.cli import app
from asmgraph.errors import ConfigurationError, NotFoundError, StoreError
from asmgraph.privacy import takedown
from asmgraph.records import ASM, ID, VOCAB
from asmgraph.settings import Settings
from asmgraph.store import snapshots, tombstones
from asmgraph.takedown import take_down
from tests.conftest import Server
from tests.privacy.closed import PREFIXES, Visit, ingest, turtle

GONE = f"{ID}site/gone-one"
VISIT = f"{ID}visit/gone-one-2015-03-02"
SITES = [Visit("gone-one"), Visit("open-one")]


def actors(*names: str) -> str:
    source = f"dcterms:source <{ID}source/closed> . "
    return "".join(f'<{ID}actor/{n}> a asm:Organisation ; rdfs:label "{n}" ; {source}' for n in names)


def tie(name: str, *parties: str) -> str:
    listed = ", ".join(f"<{ID}actor/{party}>" for party in parties)
    return (
        f'<{ID}tie/{name}> a asm:Agreement ; rdfs:label "{name}" ; asm:party {listed} ; '
        f"dcterms:source <{ID}source/closed> . "
    )


def published(home: Path, text: str = "", sensitivity: str = "public") -> Settings:
    chosen = ingest(home, "sites", text or turtle(SITES), sensitivity)
    pipeline.publish(chosen)
    return chosen


def holds(home: Path, iri: str, *, full: bool = False) -> bool:
    return snapshots.states(snapshots.current(home, full=full), iri)


def test_a_visit_goes_with_its_site_and_another_site_stays(own_home: Path) -> None:
    chosen = published(own_home)
    done = take_down(chosen, GONE, "safety")
    assert set(done.things) == {GONE, VISIT}
    for full in (True, False):
        assert not holds(own_home, GONE, full=full)
        assert not holds(own_home, VISIT, full=full)
        assert holds(own_home, f"{ID}site/open-one", full=full)


def test_an_agreement_of_two_goes_with_one_and_that_of_three_stays(own_home: Path) -> None:
    text = PREFIXES + actors("a", "b", "c") + tie("two", "a", "b") + tie("three", "a", "b", "c")
    chosen = published(own_home, text)
    done = take_down(chosen, f"{ID}actor/a", "request")
    assert set(done.things) == {f"{ID}actor/a", f"{ID}tie/two"}
    store = snapshots.current(own_home).reading.store
    assert not list(store.query(f"SELECT * {{ ?s ?p <{ID}actor/a> }}"))  # type: ignore[arg-type]
    assert holds(own_home, f"{ID}tie/three")


def test_no_older_snapshot_holds_it_and_those_that_never_did_stay(own_home: Path) -> None:
    chosen = settings.load(home=own_home)
    pipeline.publish(chosen)  # 1: before the sites
    published(own_home)  # 2
    ingest(own_home, "more", turtle([Visit("third")]), "public")
    pipeline.publish(chosen)  # 3
    done = take_down(chosen, GONE, "safety")
    assert (done.removed, done.still_read) == ((2, 3), ())
    assert {folder.name for folder in (own_home / "snapshots").iterdir()} == {
        "1",
        "1-public",
        "4",
        "4-public",
    }
    for file in (own_home / "snapshots").rglob("*"):
        assert not file.is_file() or b"gone-one" not in file.read_bytes()


def test_a_later_import_does_not_bring_it_back(own_home: Path) -> None:
    chosen = published(own_home)
    take_down(chosen, GONE, "safety")
    published(own_home, turtle([*SITES, Visit("gone-one", date="2019-01-01"), Visit("new-one")]))
    assert not holds(own_home, GONE)
    assert not holds(own_home, f"{ID}visit/gone-one-2019-01-01", full=True)
    assert holds(own_home, f"{ID}site/new-one")


def test_what_is_only_staged_is_not_published_on_the_way(own_home: Path) -> None:
    chosen = published(own_home)
    ingest(own_home, "waiting", turtle([Visit("waiting")]), "public")
    take_down(chosen, GONE, "safety")
    assert "waiting" not in snapshots.current(own_home).sources


def test_it_comes_back_when_it_is_withdrawn(own_home: Path) -> None:
    chosen = published(own_home)
    before = snapshots.current(own_home, full=True).counts
    take_down(chosen, GONE, "error")
    take_down(chosen, GONE, withdraw=True)
    assert snapshots.current(own_home, full=True).counts == before
    assert snapshots.current(own_home).tombstones == {}
    with pytest.raises(NotFoundError, match="was not taken down"):
        take_down(chosen, GONE, withdraw=True)


def test_a_dry_run_changes_nothing(own_home: Path) -> None:
    chosen = published(own_home)
    assert len(take_down(chosen, GONE, "safety", dry_run=True).things) == 2
    assert holds(own_home, GONE)
    assert tombstones.read(own_home) == {}


@pytest.mark.parametrize(
    ("iri", "reason", "error"),
    [
        (GONE, "whim", ConfigurationError),
        (f"{ID}site/never-was", "safety", NotFoundError),
        (f"{ID}place/COD", "safety", ConfigurationError),
        (f"{VOCAB}mineral/gold", "safety", ConfigurationError),
        (f"{ASM}MineSite", "safety", ConfigurationError),
    ],
)
def test_what_cannot_be_taken_down_is_refused(
    own_home: Path, iri: str, reason: str, error: type[Exception]
) -> None:
    chosen = published(own_home)
    with pytest.raises(error):
        take_down(chosen, iri, reason)
    assert tombstones.read(own_home) == {}


def test_nothing_is_published_while_the_list_cannot_be_read(own_home: Path) -> None:
    chosen = published(own_home)
    (own_home / tombstones.FILE).write_text("[{")
    with pytest.raises(StoreError, match="taken down"):
        pipeline.publish(chosen)


def test_a_public_address_of_a_restricted_site_can_be_taken_down(own_home: Path) -> None:
    chosen = published(own_home, turtle([Visit(f"s{n}") for n in range(6)]), "restricted")
    store = snapshots.current(own_home).reading.store
    quads = store.quads_for_pattern(None, None, None, None)
    site = min({q.subject.value for q in quads if "site/general-" in str(q.subject)})  # type: ignore[union-attr]
    take_down(chosen, site, "safety")
    assert not holds(own_home, site)
    assert not holds(own_home, site.replace("/site/", "/visit/"))
    assert holds(own_home, f"{ID}site/s0", full=True)


def test_a_restricted_site_that_is_taken_down_is_not_generalised_either(own_home: Path) -> None:
    chosen = published(own_home, turtle([Visit(f"s{n}") for n in range(5)]), "restricted")
    assert [iri for iri in snapshots.current(own_home).graphs if iri.endswith("/generalised")]
    take_down(chosen, f"{ID}site/s0", "safety")  # four are left: too few
    assert not [iri for iri in snapshots.current(own_home).graphs if iri.endswith("/generalised")]


def test_the_public_dataset_never_tells_that_something_confidential_was_taken_down(own_home: Path) -> None:
    chosen = published(own_home, turtle(SITES), "confidential")
    assert set(take_down(chosen, GONE, "safety").things) == {GONE, VISIT}
    assert not holds(own_home, GONE, full=True)
    assert snapshots.current(own_home).tombstones == {}


def test_what_falls_with_a_public_thing_and_was_not_public_has_no_tombstone(own_home: Path) -> None:
    ingest(own_home, "closed", turtle([Visit("gone-one", date="2019-01-01")]), "confidential")
    chosen = published(own_home)
    assert len(take_down(chosen, GONE, "safety").things) == 3
    told = snapshots.current(own_home).tombstones
    assert set(told) == {tombstones.digest(GONE), tombstones.digest(VISIT)}


def test_a_page_goes_on_saying_that_it_is_gone_when_its_source_drops_it(own_home: Path) -> None:
    chosen = published(own_home)
    take_down(chosen, GONE, "safety")
    published(own_home, turtle([Visit("open-one")]))
    assert set(snapshots.current(own_home).tombstones) == {tombstones.digest(GONE)}


@pytest.mark.parametrize(
    "planted", [{"reason": "CANARY-77aa"}, {"date": "CANARY-77aa"}], ids=["reason", "day"]
)
def test_words_of_ones_own_in_the_list_are_never_published(own_home: Path, planted: dict[str, str]) -> None:
    chosen = published(own_home)
    take_down(chosen, GONE, "safety")
    file = own_home / tombstones.FILE
    (stone,) = json.loads(file.read_text())
    file.write_text(json.dumps([stone | planted]))
    before = snapshots.current(own_home)
    ingest(own_home, "sites", turtle([*SITES, Visit("third-one")]), "public")
    with pytest.raises(StoreError, match="not as 'asmgraph takedown' writes them") as caught:
        pipeline.publish(chosen)
    assert "CANARY" not in f"{caught.value}"
    assert snapshots.current(own_home) is before
    assert not any(b"CANARY" in part.read_bytes() for part in before.path.parent.rglob("*") if part.is_file())


def test_the_status_counts_what_is_published_apart_from_what_is_staged(own_home: Path) -> None:
    chosen = published(own_home)

    def counts() -> tuple[int, int]:
        (found,) = (one for one in versions.status(chosen) if one.source == "sites")
        return found.triples, found.published_triples

    before = counts()
    assert before[0] == before[1] > 0
    take_down(chosen, GONE, "safety")
    held = sum(count for iri, count in snapshots.published_counts(own_home).items() if "/graph/sites/" in iri)
    assert counts() == (before[0], held)
    assert held < before[0]


def test_every_step_is_in_the_audit_log(own_home: Path) -> None:
    chosen = published(own_home)
    take_down(chosen, GONE, "safety")
    take_down(chosen, GONE, withdraw=True)
    done = [(entry["action"], entry["about"]) for entry in audit.entries(own_home)]
    assert done == [
        ("ingest", "sites"), ("publish", "1"), ("publish", "2"), ("takedown", GONE), ("publish", "3"),
        ("put back", GONE),
    ]  # fmt: skip
    entry = list(audit.entries(own_home))[3]
    assert entry["reason"] == "safety"
    assert any(after < before for before, after in entry["graphs"].values())


def test_a_takedown_that_cannot_be_published_is_in_force_and_in_the_log(own_home: Path) -> None:
    chosen = published(own_home)
    (own_home / "staging" / "sites").rename(own_home / "staging" / "elsewhere")
    with pytest.raises(StoreError):
        take_down(chosen, GONE, "safety")
    (own_home / "staging" / "elsewhere").rename(own_home / "staging" / "sites")
    assert tombstones.read(own_home) == {}  # found out before anything was written


def test_pages_say_that_it_is_gone_and_no_query_finds_it(own_home: Path) -> None:
    chosen = published(own_home)
    server = Server(own_home)
    try:
        with httpx.Client(base_url=server.url, timeout=60) as client:
            assert client.get("/doc/site/gone-one.html").status_code == 200
            done = take_down(chosen, GONE, "safety")
            for path in ("/id/site/gone-one", "/doc/site/gone-one", "/doc/visit/gone-one-2015-03-02.ttl"):
                answer = client.get(path, headers={"Accept": "application/json"})
                assert answer.status_code == 410, path
                assert tombstones.read(own_home)[GONE].date in answer.text
                assert tombstones.REASONS["safety"] in answer.text
                assert "gone-one" not in answer.text
            page = client.get("/doc/site/gone-one", headers={"Accept": "text/html"})
            assert (page.status_code, "at risk" in page.text) == (410, True)
            assert client.get("/doc/site/never-was").status_code == 404
            assert client.get("/doc/site/open-one").status_code == 200
            asked = quote(f"ASK {{ {{ <{GONE}> ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?q <{GONE}> }} }} }}")
            answer = client.get(
                f"/sparql?query={asked}", headers={"Accept": "application/sparql-results+json"}
            )
            assert answer.json()["boolean"] is False
        assert done.published is not None
    finally:
        server.close()


def test_what_a_thing_requires_is_read_from_the_shapes() -> None:
    needs = takedown.requirements()
    assert takedown.Requirement(frozenset({f"{ASM}site"}), 1) in needs[f"{ASM}SiteVisit"]
    assert takedown.Requirement(frozenset({f"{ASM}participant"}), 1) in needs[f"{ASM}Participation"]
    assert takedown.Requirement(frozenset({f"{ASM}party"}), 2) in needs[f"{ASM}Agreement"]
    choice = {rule.paths for rule in needs[f"{ASM}MineSite"] if len(rule.paths) > 1}
    assert {f"{ASM}within", "http://www.w3.org/2003/01/geo/wgs84_pos#lat"} in choice


def test_the_command_asks_and_tells(own_home: Path) -> None:
    published(own_home)
    arguments = ["takedown", GONE, "--reason", "safety", "--home", str(own_home)]
    asked = CliRunner().invoke(app, arguments, input="n\n")
    assert asked.exit_code == 1
    assert "1 MineSite, 1 SiteVisit" in asked.output
    assert holds(own_home, GONE)
    done = CliRunner().invoke(app, [*arguments, "--yes", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["snapshot"] == 2
    listed = CliRunner().invoke(app, ["takedown", "--list", "--home", str(own_home)])
    assert GONE in listed.output
    log = CliRunner().invoke(app, ["audit", "--home", str(own_home)])
    assert "takedown" in log.output
    back = CliRunner().invoke(app, ["takedown", GONE, "--withdraw", "--home", str(own_home)])
    assert "Put back." in back.output
