"""The brief of a place, and what becomes of a gap without a source, from a real server over the starter data."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from api.routes.brief import TEXT_BYTES
from tests.api.reading import page, text

BRIEF = "/brief/COD"


@pytest.fixture(scope="module")
def client(live_server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=live_server, timeout=60, headers={"Accept": "text/html"}) as opened:
        yield opened


def test_each_line_of_a_brief_leads_to_its_statements_in_two_clicks(client: httpx.Client) -> None:
    document = page(client, BRIEF)
    lines = document.findall(".//ol[@class='brief']/li")
    assert len(lines) > 5
    for line in lines[:: len(lines) // 5]:
        (address,) = (link.get("href") or "" for link in line.iter("a"))
        gap = page(client, address)
        evidence = gap.findall(".//ul[@class='evidence']/li")
        assert evidence
        things = [link.get("href") or "" for link in evidence[0].iter("a")]
        statements = page(client, next(one for one in things if one.startswith("/doc/")))
        assert "source" in text(statements).lower()


def test_the_permanent_address_of_each_line_leads_to_its_gap(client: httpx.Client) -> None:
    lines = page(client, BRIEF).findall(".//ol[@class='brief']/li/a")
    kinds = {one.get("data-name", "").rpartition("-")[0]: one.get("data-name") for one in lines}
    assert kinds.keys() >= {"broker", "introduction", "unwritten"}
    for name in kinds.values():
        found = client.get(f"/id/gap/{name}", follow_redirects=True)
        assert found.status_code == 200
        assert "Why we say so" in found.text


def test_a_brief_says_as_of_when_and_by_which_sources(client: httpx.Client) -> None:
    words = text(page(client, BRIEF))
    assert "As of" in words
    assert "Starter facts" in words
    assert "actors in" in words


def test_a_brief_counts_all_and_lists_the_first(client: httpx.Client) -> None:
    document = page(client, BRIEF)
    for section in document.findall(".//section"):
        listed = section.findall(".//ol[@class='brief']/li")
        assert len(listed) <= 5


@pytest.mark.parametrize("language", ["en", "fr", "es", "pt"])
def test_a_brief_fits_into_a_message(client: httpx.Client, language: str) -> None:
    found = client.get(f"{BRIEF}.txt", params={"lang": language})
    assert found.headers["content-type"].startswith("text/plain")
    assert len(found.content) <= TEXT_BYTES
    assert re.search(r"https://w3id\.org/asmgraph/id/gap/[a-z-]+-[0-9a-f]{16}", found.text)


def test_a_place_that_is_not_known_has_no_brief(client: httpx.Client) -> None:
    found = client.get("/brief/Atlantis")
    assert found.status_code == 404
    assert "No place is recorded as" in found.text


def test_a_parameter_that_a_brief_has_not_is_refused(client: httpx.Client) -> None:
    assert client.get(f"{BRIEF}?min_overlap=1").status_code == 422


def test_a_gap_is_shown_without_each_of_its_sources(client: httpx.Client) -> None:
    found = client.get("/gaps.json", params={"place": "COD", "kind": "co-presence"}).json()
    address = found["gaps"][0]["address"]
    words = text(page(client, f"{address}/sources"))
    assert "What if one of the sources is left out?" in words
    assert "Starter facts" in words
    assert "not found" in words


def test_a_source_is_left_out_of_a_list(client: httpx.Client) -> None:
    everything = client.get("/gaps.json", params={"place": "COD", "kind": "co-presence"}).json()
    nothing = client.get("/gaps.json", params={"place": "COD", "kind": "co-presence", "without": "starter"})
    assert everything["total"] > 0
    assert nothing.json()["total"] == 0
    unknown = client.get("/gaps", params={"without": "elsewhere"})
    assert unknown.status_code == 404
    assert "There is no source" in unknown.text


def test_a_window_and_a_level_are_kept_in_links(client: httpx.Client) -> None:
    document = page(client, "/gaps?place=COD&window=240&place_level=1&without=places")
    links = [link.get("href") or "" for link in document.iter("a")]
    csv = next(link for link in links if link.startswith("/gaps.csv"))
    assert "window=240" in csv
    assert "place_level=1" in csv
    assert "without=places" in csv


def test_a_brief_does_not_name_one_actor_in_each_pair(client: httpx.Client) -> None:
    document = page(client, BRIEF)
    (section,) = document.findall(".//section[@aria-labelledby='kind-co-presence']")
    addresses = [link.get("href") or "" for link in section.findall(".//ol[@class='brief']/li/a")]
    slugs = [address.split("?")[0].rsplit("/", 1)[-1] for address in addresses]
    listed = client.get(
        "/gaps.json", params={"place": "COD", "kind": "co-presence", "as_of": "latest-covered"}
    )
    parties = {gap["address"].rsplit("/", 1)[-1]: gap["actors"] for gap in listed.json()["gaps"]}
    named = [str(actor) for slug in slugs for actor in parties[slug]]
    assert len(named) == 10
    assert len(set(named)) == len(named)


def test_a_brief_names_whom_else_to_ask(client: httpx.Client) -> None:
    document = page(client, BRIEF)
    (working,) = document.findall(".//section[@aria-labelledby='working']")
    (others,) = document.findall(".//section[@aria-labelledby='heard-of']")
    there, elsewhere = ([text(row.find("th")) for row in part.iter("tr")][1:] for part in (working, others))
    assert there
    assert elsewhere
    assert not set(there) & set(elsewhere)
