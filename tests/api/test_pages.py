"""Pages, tables and JSON over the starter data, from a real server."""

from __future__ import annotations

import csv
import gzip
import io
import re
import shutil
import socket
from collections.abc import Iterator

import httpx
import polars as pl
import pytest

from asmgraph import pipeline, resources, settings
from asmgraph.export.csv import table
from tests.api.reading import document_of, page, rows, text
from tests.conftest import ROOT, Server

PAGES = (
    "/",
    "/gaps?place=COD&as_of=latest-covered",
    "/interventions?place=COD",
    "/doc/intervention/fca",
    "/vocab/challenge/C1",
)
COVERED = "/gaps?place=COD&as_of=latest-covered"


@pytest.fixture(scope="module")
def client(live_server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=live_server, timeout=60, headers={"Accept": "text/html"}) as opened:
        yield opened


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server over starter data in which names are attacks."""
    folder = tmp_path_factory.mktemp("hostile")
    data = shutil.copytree(resources.catalogue() / "starter", folder / "starter")
    for file, column, slug, name in (
        ("organisations.csv", "name", "fairphone", '"><script>document.title="owned"</script>'),
        ("interventions.csv", "title", "fca", '=HYPERLINK("http://evil.example","x")'),
    ):
        frame = pl.read_csv(data / file, infer_schema=False)
        changed = pl.when(pl.col("slug") == slug).then(pl.lit(name)).otherwise(pl.col(column))
        frame.with_columns(changed.alias(column)).write_csv(data / file)
    chosen = settings.load(home=folder / "home")
    pipeline.ingest(chosen, "starter", data)
    pipeline.publish(chosen)
    server = Server(folder / "home")
    with httpx.Client(base_url=server.url, timeout=60, headers={"Accept": "text/html"}) as opened:
        yield opened
    server.close()


def raw_status(url: str, path: bytes) -> int:
    """Send a path as it is, which no client library would."""
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return int(connection.makefile("rb").readline().split()[1])


@pytest.mark.parametrize("address", [*PAGES, "/gaps?place=Atlantis", "/sparql"])
def test_every_page_has_one_heading_landmarks_and_its_language(client: httpx.Client, address: str) -> None:
    document = document_of(client.get(address))
    assert len(document.xpath("//h1")) == 1
    assert document.get("lang") == "en"
    assert document.xpath("//main[@id='main']") and document.xpath("//a[@href='#main']")
    assert document.xpath("//header//nav[@aria-label]") and document.xpath("//footer")


@pytest.mark.parametrize("address", PAGES)
def test_no_page_holds_script_or_style_inline(client: httpx.Client, address: str) -> None:
    document = page(client, address)
    assert not document.xpath("//style | //@style | //script[not(@src)] | //@onclick")
    assert "default-src 'self'" in client.get(address).headers["content-security-policy"]


@pytest.mark.parametrize("address", PAGES)
def test_first_load_is_light(client: httpx.Client, address: str) -> None:
    answer = client.get(address)
    found = document_of(answer).xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //@src")
    files = {str(one) for one in found}
    weight = len(gzip.compress(answer.content)) + sum(
        len(gzip.compress(client.get(one).content)) for one in files
    )
    assert len(files) + 1 <= 10
    assert weight <= 60_000


def test_home_says_what_the_data_are(client: httpx.Client) -> None:
    document = page(client, "/")
    counts = {
        text(one.find("dt")): text(one.find("dd")) for one in document.xpath("//dl[@class='counts']/div")
    }
    assert int(counts["intervention"].replace(",", "")) > 100
    sources = document.xpath("//table//tbody/tr")
    assert len(sources) == 3
    assert all(text(cell) for source in sources for cell in source.xpath("td"))


def test_gaps_are_listed_with_their_evidence_and_its_source(client: httpx.Client) -> None:
    document = page(client, COVERED)
    gaps = document.xpath("//article[@class='gap']")
    assert len(gaps) == min(50, client.get(COVERED.replace("/gaps", "/gaps.json")).json()["total"])
    assert any("BASF SE and Fairphone worked side by side in" in text(gap) for gap in gaps)
    for gap in gaps:
        assert gap.xpath(".//ul[@class='evidence']/li")
    for link in document.xpath("//article//a[starts-with(@href, 'http')]"):
        assert link.get("rel") == "noopener noreferrer"


def test_a_day_that_is_not_covered_is_said_and_one_link_leads_to_the_latest_covered(
    client: httpx.Client,
) -> None:
    document = page(client, "/gaps?place=COD&min_overlap=3&theme=formalisation")
    notice = document.xpath("//div[@class='notice']")[0]
    assert "No presence data after 31 October 2024" in text(notice)
    address = notice.xpath(".//a/@href")[0]
    assert address == "/gaps?place=COD&theme=formalisation&as_of=latest-covered&min_overlap=3"
    assert "No presence data" not in text(page(client, address).xpath("//main")[0])


def test_a_place_without_dated_presence_gets_a_page_and_no_error(client: httpx.Client) -> None:
    document = page(client, "/gaps?place=ISL&as_of=latest-covered")
    assert "No dated presence is recorded there" in text(document)


def test_gaps_can_be_paged_and_the_total_is_printed(client: httpx.Client) -> None:
    total = client.get("/gaps.json").json()["total"]
    assert total > 50
    document = page(client, "/gaps?page=2")
    assert f"{total} gaps" in text(document) and f"shown: 51 to {min(total, 100)}" in text(document)
    assert document.xpath("//a[@rel='prev']/@href") == ["/gaps"]
    assert client.get("/gaps?page=99").status_code == 404


def test_what_is_not_a_gap_stands_apart(client: httpx.Client) -> None:
    silences = page(client, "/gaps").xpath("//section[@class='silences']")
    assert len(silences) == 1 and not silences[0].xpath(".//article")


@pytest.mark.parametrize("fault", ["place=Atlantis", "theme=nothing", "kind=nothing", "as_of=yesterday"])
def test_what_is_not_known_is_answered_by_a_page_with_a_hint(client: httpx.Client, fault: str) -> None:
    answer = client.get(f"/gaps?{fault}")
    assert answer.status_code == 404
    notice = document_of(answer).xpath("//section[@class='notice']/p")
    assert len(notice) == 2
    problem = client.get(f"/gaps.json?{fault}", headers={"Accept": "application/json"})
    assert problem.status_code == 404
    assert problem.json()["code"] == "not-found" and problem.json()["hint"]


def test_the_csv_of_gaps_holds_what_the_page_lists(client: httpx.Client) -> None:
    header, *found = rows(client.get(COVERED.replace("/gaps", "/gaps.csv")))
    assert header[:4] == ["Kind", "Gap", "Who", "Where"]
    sentences = [text(one) for one in page(client, COVERED).xpath("//article/p[not(@class)]")]
    assert [row[1] for row in found][:50] == sentences


def test_each_gap_has_a_page_that_its_permanent_address_leads_to(client: httpx.Client) -> None:
    gaps = client.get(COVERED.replace("/gaps", "/gaps.json")).json()["gaps"]
    for kind in ("co-presence", "unserved-need"):
        gap = next(gap for gap in gaps if gap["kind"] == kind)
        slug = gap["gap_iri"].rsplit("/", 1)[-1]
        answer = client.get(f"/id/gap/{slug}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/gaps/{slug}")
        document = page(client, f"/gaps/{slug}")
        assert gap["gap_iri"] in text(document)
        query = document.xpath("//a[starts-with(@href, '/sparql?query=')]/@href")[0]
        result = client.get(query.replace("format=html", "format=json")).json()["results"]["bindings"]
        assert {row["thing"]["value"] for row in result} == set(gap["evidence_iris"])
    assert client.get("/gaps/co-presence-0000000000000000").status_code == 404
    assert client.get("/gaps/nothing").status_code == 404


def test_the_page_of_a_gap_says_what_the_sources_cover_at_its_own_place(client: httpx.Client) -> None:
    everywhere = client.get("/gaps.json?as_of=latest-covered&kind=unserved-need").json()
    there = client.get("/gaps.json?place=COD&as_of=latest-covered").json()["coverage"][0]["until"]
    assert there != everywhere["coverage"][0]["until"]
    inside = next(gap for gap in everywhere["gaps"] if "/cod-" in gap["place"])
    document = page(client, inside["address"] + "?as_of=latest-covered")
    assert there == "2024-10-31"
    assert "to 31 October 2024" in text(document)


@pytest.mark.parametrize(
    "address", ["/gaps.json?palce=COD", "/gaps?place=COD&level=1", "/interventions.csv?them=x"]
)
def test_a_parameter_that_does_not_exist_is_refused(client: httpx.Client, address: str) -> None:
    refused = client.get(address, headers={"Accept": "application/json"})
    assert refused.status_code == 422
    assert "There is no such parameter" in refused.text


def test_a_gap_that_is_none_on_the_day_asked_says_on_which_it_is(client: httpx.Client) -> None:
    gaps = client.get("/gaps.json?place=COD&kind=unserved-need&as_of=latest-covered").json()["gaps"]
    address = gaps[0]["address"]
    assert "Not found as of" not in text(page(client, address))
    shown = text(page(client, f"{address}?as_of=1995-01-01"))
    assert "Not found as of 1 January 1995; shown as of 31 October 2024." in shown


def test_a_day_before_any_source_is_told_from_one_after(client: httpx.Client) -> None:
    for address in ("/gaps", "/interventions"):
        shown = text(page(client, f"{address}?place=COD&as_of=1980-01-01"))
        assert "No source covers 1 January 1980 here." in shown
        assert "No presence data after" not in shown


def test_the_page_of_a_gap_leads_back_to_the_list_it_came_from(client: httpx.Client) -> None:
    address = page(client, COVERED).xpath("//article//h3/a/@href")[0]
    assert page(client, address).xpath("//p[@class='back']/a/@href") == [COVERED]


def test_the_csv_of_interventions_holds_the_view_on_screen(client: httpx.Client) -> None:
    query = "place=COD&actor_type=ngo&sort=-dates&as_of=latest-covered"
    document = page(client, f"/interventions?{query}")
    titles = [text(one).rstrip(" ▲▼↕") for one in document.xpath("//thead//th")]
    names = [text(one) for one in document.xpath("//tbody//th")]
    header, *found = rows(client.get(f"/interventions.csv?{query}"))
    assert header == titles
    assert [row[0] for row in found][:50] == names


def test_interventions_are_filtered_by_place_theme_actor_type_and_words(client: httpx.Client) -> None:
    def total(query: str) -> int:
        found: int = client.get(f"/interventions.json?{query}").json()["total"]
        return found

    whole = total("")
    for query in ("place=COD", "theme=mercury", "theme=C1", "actor_type=ngo", "text=cobalt"):
        assert 0 < total(query) < whole
    assert total("text=fair+COBALT+alliance") == 1
    assert total("text=%00") == 0
    assert client.get("/interventions?actor_type=nothing").status_code == 404
    assert client.get("/interventions?sort=nothing").status_code == 404


def test_the_state_of_an_intervention_follows_the_day(client: httpx.Client) -> None:
    def state(day: str) -> str:
        answer = client.get(
            "/interventions.json", params={"text": "Artisanal Gold Monitoring Pilot", "as_of": day}
        )
        found: str = answer.json()["interventions"][0]["state"]
        return found

    assert [state(day) for day in ("2015-01-01", "2016-06-01", "2018-01-01")] == [
        "not started",
        "active",
        "ended",
    ]


@pytest.mark.parametrize("order", ["name", "-name", "dates", "-dates"])
def test_sorting_puts_what_lacks_the_value_last(client: httpx.Client, order: str) -> None:
    found = client.get("/interventions.json", params={"sort": order}).json()["interventions"]
    if order.endswith("name"):
        keys = [one["name"].casefold() for one in found]
    else:
        keys = [(one["dates"] or "?").partition("–")[0].partition(" / ")[0] for one in found]
        known = [key != "?" for key in keys]
        assert known == sorted(known, reverse=True)
        keys = [key[:4] for key in keys if key != "?"]
    assert keys == sorted(keys, reverse=order.startswith("-"))


@pytest.mark.parametrize(
    "path",
    [
        b"/doc/actor/..",
        b"/doc/actor/%2e%2e",
        b"/doc/../../etc/passwd",
        b"/doc/actor/a%2f..%2fb",
        b"/doc/actor/a%00",
        b"/doc/actor/%ff%fe",
        b"/doc/actor/%ed%a0%80",
        b"/doc/actor/a%5cb",
        b"/doc/actor/a<b>",
        b"/doc/actor/a%3Cscript%3E",
        b"/doc/actor/%E2%80%AEx",
        b"/doc/actor/" + b"a" * 10_000,
        b"/id/gap/%ff",
        b"/gaps/%00",
        b"/static/%2e%2e/app.py",
        b"/gaps?place=%ff%00%E2%80%AE",
        b"/gaps?page=99999999999999999999999",
        b"/gaps?page=-1",
        b"/gaps?min_overlap=x",
        b"/gaps?as_of=0000-00-00",
        b"/interventions?theme=" + b"a" * 5_000,
    ],
)
def test_hostile_addresses_get_a_clear_refusal(live_server: str, path: bytes) -> None:
    assert 400 <= raw_status(live_server, path) < 500 or path == b"/id/gap/%ff"


@pytest.mark.parametrize("day", ["1000-01-01", "2999-12-31", "latest-covered", ""])
def test_any_day_of_the_calendar_is_answered(client: httpx.Client, day: str) -> None:
    for address in ("/gaps", "/interventions"):
        assert client.get(address, params={"as_of": day}).status_code == 200


@pytest.mark.parametrize(
    "address", [*PAGES, "/gaps.csv", "/gaps.json", "/interventions.csv", "/doc/place/COD.ttl"]
)
def test_what_a_client_has_is_not_sent_again(client: httpx.Client, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "Accept" in first.headers["vary"] and "Accept-Language" in first.headers["vary"]
    french = client.get(address, headers={"If-None-Match": first.headers["etag"], "Accept-Language": "fr"})
    assert french.status_code == 200
    assert client.head(address).status_code == 200


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("fr", "Lacunes de coordination : République démocratique du Congo"),
        ("es", "Brechas de coordinación: República Democrática del Congo"),
        ("pt", "Lacunas de coordenação: República Democrática do Congo"),
    ],
)
def test_the_reader_chooses_the_language(client: httpx.Client, language: str, heading: str) -> None:
    asked = page(client, f"{COVERED}&lang={language}")
    preferred = page(client, COVERED, **{"Accept-Language": f"de, {language}-XX;q=0.9, en;q=0.3"})
    for document in (asked, preferred):
        assert document.get("lang") == language
        assert text(document.xpath("//h1")[0]) == heading
    assert all("lang=" in one for one in asked.xpath("//header//nav//a/@href"))
    assert not any("lang=" in one for one in preferred.xpath("//header//nav//a/@href"))


def test_a_name_in_another_language_than_the_page_says_so(client: httpx.Client) -> None:
    document = page(client, "/interventions?text=Fair+Cobalt+Alliance&lang=fr")
    assert document.xpath("//tbody//th/a[@lang='en']")
    assert document.xpath("//td//a[@href='/doc/place/COD?lang=fr' and not(@lang)]")


def test_absent_is_not_recorded(client: httpx.Client) -> None:
    shown = text(page(client, "/interventions?place=COD"))
    assert "not recorded" in shown
    assert not re.search(r"\bNone\b|\bnull\b|\bnan\b", shown)


def test_hostile_names_stay_text(hostile: httpx.Client) -> None:
    for address in ("/doc/actor/fairphone", "/interventions?text=script", COVERED, "/doc/intervention/fca"):
        document = page(hostile, address)
        assert not document.xpath("//script[not(@src)]")
        assert '"><script>' in text(document)


def test_csv_cells_never_start_a_formula(hostile: httpx.Client) -> None:
    for address in ("/interventions.csv", "/gaps.csv", "/doc/intervention/fca.csv"):
        for row in rows(hostile.get(address)):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    assert any(row[0].startswith("'=HYPERLINK") for row in rows(hostile.get("/interventions.csv")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_is_quoted(start: str) -> None:
    content = table(["a"], [[f"{start}1"]]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content, newline="")))[1] == [f"'{start}1"]


def test_numbers_and_missing_cells_stay_as_they_are() -> None:
    assert table(["a", "b"], [[-5, None]]).decode("utf-8-sig") == "a,b\r\n-5,\r\n"


def test_the_api_describes_the_tables(client: httpx.Client) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    assert {"/gaps.csv", "/gaps.json", "/interventions.csv", "/interventions.json"} <= set(paths)


def test_the_lock_of_the_scripts_names_no_registry() -> None:
    lock = (ROOT / "api" / "frontend" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock and "registry" not in lock
