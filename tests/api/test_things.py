"""Documents about single things, as pages and as RDF, and how what fails is answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from rdflib import RDFS, Graph, Literal, URIRef

from asmgraph.store import select
from asmgraph.store.snapshots import Snapshot
from tests.api.reading import page, text
from tests.api.serving import serving
from tests.store.homes import published


@pytest.fixture(scope="module")
def client(live_server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=live_server, timeout=60, headers={"Accept": "text/html"}) as opened:
        yield opened


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        ("text/html", "html"),
        ("*/*", "html"),
        ("text/turtle", "ttl"),
        ("application/ld+json;q=0.9, text/html;q=0.1", "jsonld"),
        ("application/n-triples", "nt"),
        ("text/csv", "csv"),
    ],
)
def test_an_identity_leads_by_accept_to_a_document_of_that_type(
    client: httpx.Client, accept: str, ending: str
) -> None:
    answer = client.get("/id/intervention/fca", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/doc/intervention/fca.{ending}")
    assert "Accept" in answer.headers["vary"]
    document = client.get(answer.headers["location"])
    negotiated = client.get("/doc/intervention/fca", headers={"Accept": accept})
    assert document.status_code == negotiated.status_code == 200
    assert document.headers["content-type"] == negotiated.headers["content-type"]
    assert "https://w3id.org/asmgraph/id/intervention/fca" in document.text or ending == "ttl"


def test_no_format_that_suits_is_406(client: httpx.Client) -> None:
    assert client.get("/doc/intervention/fca", headers={"Accept": "image/png"}).status_code == 406


def test_a_thing_shows_facts_sources_and_what_points_at_it(client: httpx.Client) -> None:
    document = page(client, "/doc/intervention/fca")
    shown = text(document.xpath("//main")[0])
    for expected in (
        "Fair Cobalt Alliance",
        "programme",
        "cobalt",
        "Glencore",
        "Starter facts",
        "How to cite",
    ):
        assert expected in shown
    assert document.xpath("//a[@href='/doc/place/COD']")
    assert document.xpath("//a[starts-with(@href, 'https://www.faircobaltalliance.org/')]/@rel") == [
        "noopener noreferrer"
    ]


@pytest.mark.parametrize(
    "address", ["/doc/actor/nobody", "/id/actor/nobody", "/id/armed-group/x", "/vocab/x/y"]
)
def test_what_is_not_recorded_is_404(client: httpx.Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404 and "not recorded" in answer.text


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server over a concept at which 450 things point, the last of them by two properties."""
    home = tmp_path_factory.mktemp("busy")
    hub, base = "https://w3id.org/asmgraph/vocab/observation/x", "https://w3id.org/asmgraph/"
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    lines = [f'<{hub}> {label} "hub"@en .', f'<{base}id/actor/a> {label} "the party"@en .']
    for number in range(450):
        tie = f"<{base}id/tie/{number:03}>"
        lines += [f"{tie} <{base}ontology#subject> <{hub}> .", f'{tie} {label} "tie {number:03}"@en .']
        lines += [f"{tie} <{base}ontology#party> <{base}id/actor/a> ."]
    lines.append(f"{tie} <{base}ontology#other> <{hub}> .")
    published(home, {f"{base}graph/a": "\n".join(lines) + "\n"})
    with serving(home, query_workers=1) as opened:
        opened.headers["Accept"] = "text/html"
        yield opened


HUB = "/vocab/observation/x"


def test_what_points_at_a_thing_is_shown_page_by_page_with_what_it_joins(busy: httpx.Client) -> None:
    seen: list[str] = []
    address = HUB
    while address:
        document = page(busy, address)
        entries = document.xpath("//ul[@class='refer']/li")
        seen += [str(one) for entry in entries for one in entry.xpath("a[1]/text()")]
        assert all(entry.xpath("a[@href='/doc/actor/a']/text()") == ["the party"] for entry in entries)
        assert "(450)" in text(document.xpath("//h2[@id='incoming']")[0])
        address = "".join(document.xpath("//a[@rel='next']/@href"))
    assert sorted(seen) == [f"tie {number:03}" for number in range(450)]
    assert len(entries) == 50 and text(entries[0]).startswith("other, subject tie 449")
    assert "shown: 401 to 450" in text(document)
    assert busy.get(f"{HUB}?page=4").status_code == 404


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own JSON-LD reader
@pytest.mark.parametrize("ending", ["ttl", "nt", "jsonld"])
def test_each_page_of_rdf_holds_the_whole_thing_and_leads_to_the_next(
    busy: httpx.Client, ending: str
) -> None:
    whole, pages = Graph(), 0
    address = f"{HUB}.{ending}"
    hub = URIRef(f"https://w3id.org/asmgraph{HUB}")
    while address:
        answer = busy.get(address)
        one = Graph().parse(data=answer.text, format={"jsonld": "json-ld"}.get(ending, ending))
        assert (hub, RDFS.label, Literal("hub", "en")) in one
        whole += one
        pages += 1
        address = answer.links.get("next", {}).get("url", "")
    assert pages == 3 and answer.links["prev"]["url"] == f"{HUB}.{ending}?page=2"
    assert len(set(whole.subjects(None, hub))) == 450 and len(whole) == 452
    assert busy.get(f"{HUB}.{ending}?page=4").status_code == 404


def test_rdf_that_is_whole_names_no_other_page(client: httpx.Client) -> None:
    assert "link" not in client.get("/doc/intervention/fca.ttl").headers


@pytest.mark.parametrize("address", [HUB, f"{HUB}?page=2"])
def test_the_page_of_a_hub_asks_few_questions(
    busy: httpx.Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    terms = select.terms

    def counting(snapshot: Snapshot, query: str, *given: Any, **named: Any) -> Any:
        asked.append(query)
        return terms(snapshot, query, *given, **named)

    page(busy, address)
    monkeypatch.setattr(select, "terms", counting)
    page(busy, address)
    assert len(asked) <= 5, asked


@pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml,*/*;q=0.8", "*/*", "text/html"])
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/gaps.json?place=Atlantis", 404),
        ("/interventions.csv?place=Atlantis", 404),
        ("/gaps.csv?min_overlap=x", 422),
        ("/doc/actor/nobody.ttl", 404),
        ("/doc/actor/nobody.jsonld", 404),
        ("/doc/actor/nobody.nt", 404),
        ("/doc/actor/a%00.csv", 400),
        ("/vocab/x/y.ttl", 404),
        ("/none.json", 404),
    ],
)
def test_what_a_program_fetches_fails_as_a_problem_whatever_it_accepts(
    client: httpx.Client, address: str, status: int, accept: str
) -> None:
    answer = client.get(address, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status


@pytest.mark.parametrize("address", ["/gaps?place=Atlantis", "/doc/actor/nobody.html", "/doc/actor/nobody"])
def test_what_a_person_opens_fails_as_a_page(client: httpx.Client, address: str) -> None:
    answer = client.get(address, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.status_code == 404 and answer.headers["content-type"].startswith("text/html")


def test_each_format_of_a_thing_is_offered_by_name_and_type(client: httpx.Client) -> None:
    document = page(client, "/doc/intervention/fca")
    named = {link.get("href"): text(link) for link in document.xpath("//p[@class='formats']/a")}
    typed = {link.get("href"): link.get("type") for link in document.xpath("//link[@rel='alternate'][@type]")}
    assert set(named) == set(typed) and len(named) == 5 and all(named.values())
    for address, media_type in typed.items():
        assert client.get(address).headers["content-type"].partition(";")[0] == media_type
