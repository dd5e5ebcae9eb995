"""The pages in a real browser: accessible, narrow, by keyboard, without scripts, talking to nobody else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from playwright.sync_api import Browser, Page, Request

from asmgraph import pipeline, resources, settings
from tests.conftest import ROOT, Server

pytestmark = pytest.mark.browser

AXE = ROOT / "api" / "static" / "vendor" / "axe.min.js"
COVERED = "/gaps?place=COD&as_of=latest-covered"
QUERY = "/sparql?query=SELECT%20%2A%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%205&format=html"
PAGES = (
    "/",
    COVERED,
    "/gaps?place=COD",
    "/gaps?lang=fr",
    "/gaps?place=Atlantis",
    "/interventions?place=COD",
    "/doc/intervention/fca",
    "/doc/place/COD?lang=es",
    "/vocab/challenge/C1",
    "/ns",
    "/ns?lang=pt",
    "/ns/core",
    "/ns/geography?lang=fr",
    "/vocab?lang=fr",
    "/vocab/mineral",
    "/catalog",
    "/catalog?lang=fr",
    "/catalog/starter",
    "/catalog/places?lang=pt",
    "/sparql",
    QUERY,
    "/sparql/examples",
    "/sparql/examples/16-brokers?lang=pt",
)
WIDTHS = (1280, 320)
ATTACK = '"><img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>'


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over starter data in which every organisation is named by an attack."""
    folder = tmp_path_factory.mktemp("hostile")
    data = shutil.copytree(resources.catalogue() / "starter", folder / "starter")
    organisations = pl.read_csv(data / "organisations.csv", infer_schema=False)
    organisations.with_columns(pl.lit(ATTACK).alias("name")).write_csv(data / "organisations.csv")
    chosen = settings.load(home=folder / "home")
    pipeline.ingest(chosen, "starter", data)
    pipeline.publish(chosen)
    server = Server(folder / "home")
    yield server.url
    server.close()


def violations(page: Page) -> list[str]:
    # Evaluated by the test, not added to the page, as the pages' policy allows no foreign script.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("axe.run()")
    return [
        f"{one['id']}: {one['help']} {json.dumps([node['target'] for node in one['nodes']][:3])}"
        for one in found["violations"]
    ]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("address", PAGES)
def test_pages_fit_and_break_no_accessibility_rule(
    live_server: str, page: Page, address: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server + address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


@pytest.mark.parametrize("address", ["/", COVERED, "/interventions?place=COD", "/ns"])
def test_no_accessibility_rule_is_broken_in_the_dark(live_server: str, page: Page, address: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(live_server + address)
    assert violations(page) == []


@pytest.mark.parametrize("address", [*PAGES, "/docs"])
def test_no_other_host_is_asked_and_nothing_fails(live_server: str, page: Page, address: str) -> None:
    asked: list[Request] = []
    troubles: list[str] = []
    page.on("request", lambda request: asked.append(request))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.goto(live_server + address)
    page.wait_for_load_state("networkidle")
    assert all(request.url.startswith((live_server, "data:")) for request in asked)
    assert [one for one in troubles if "404" not in one or address != "/gaps?place=Atlantis"] == []
    assert len(asked) <= 10


def test_a_coordinator_comes_from_home_to_evidence_without_scripts(
    live_server: str, browser: Browser
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(live_server)
        page.get_by_label("Place", exact=True).fill("Democratic Republic of the Congo")
        page.get_by_role("button", name="Show the gaps").click()
        assert page.get_by_role("heading", level=1).inner_text() == (
            "Coordination gaps: Democratic Republic of the Congo"
        )
        page.get_by_text("Evidence:").first.click()
        assert page.locator(".evidence").first.is_visible()
        page.locator("article h3 a").first.click()
        assert page.get_by_role("heading", name="Why we say so").is_visible()
        page.get_by_role("link", name="Open as SPARQL").click()
        assert page.locator("tbody tr").count() > 5
        page.go_back()
        page.get_by_role("link", name="Back to the list").click()
        assert "as_of=latest-covered" in page.url


def test_a_researcher_runs_an_example_without_scripts(live_server: str, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(live_server + "/sparql")
        page.get_by_text("Questions of a coordinator").click()
        page.get_by_role("link", name="Who does what").click()
        shown = page.locator("tbody tr").count()
        assert shown > 500
        page.get_by_role("button", name="Run").click()
        assert page.locator("tbody tr").count() == shown


def test_with_scripts_a_filter_applies_at_once_and_keeps_the_address(live_server: str, page: Page) -> None:
    page.goto(live_server + COVERED)
    page.get_by_label("Kind of gap").focus()
    page.get_by_label("Kind of gap").select_option("unserved-need")
    page.wait_for_url("**kind=unserved-need**")
    page.wait_for_selector("#kind-co-presence", state="detached")
    assert page.locator("#kind-unserved-need").is_visible()
    assert page.evaluate("document.activeElement.id") == "kind"
    page.go_back()
    page.wait_for_selector("#kind-co-presence")


def test_with_scripts_an_unknown_place_is_still_said(live_server: str, page: Page) -> None:
    page.goto(live_server + COVERED)
    page.get_by_label("Place", exact=True).fill("Atlantis")
    page.get_by_label("Place", exact=True).press("Tab")
    page.get_by_role("heading", name="Not recorded").wait_for()


def test_the_keyboard_alone_skips_to_the_content_and_shows_where_it_is(live_server: str, page: Page) -> None:
    page.goto(live_server + "/interventions?place=COD")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("element => element === document.activeElement")
    assert skip.evaluate("element => element.getBoundingClientRect().left") == 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "place"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_print_shows_the_evidence_and_hides_what_is_for_the_screen(
    live_server: str, page: Page, tmp_path: Path
) -> None:
    page.goto(live_server + COVERED)
    page.emulate_media(media="print")
    assert page.locator(".evidence").first.bounding_box()
    assert not page.locator("form").is_visible()
    assert not page.locator(".top nav").is_visible()
    assert len(page.pdf(path=tmp_path / "gaps.pdf", format="A4")) > 10_000


def test_a_fact_leads_to_its_source_in_two_clicks_by_keyboard_without_scripts(
    live_server: str, browser: Browser
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(live_server + "/interventions?place=GHA")
        for target in ("tbody th a", "#main a[href='/catalog/starter']"):
            link = page.locator(target).first
            link.focus()
            with page.expect_navigation():
                page.keyboard.press("Enter")
        assert page.url.endswith("/catalog/starter")
        assert page.get_by_role("heading", name="How to cite").is_visible()
        page.get_by_text("Filled cells of").click()
        assert page.get_by_text("organisations.website").is_visible()


def test_the_address_of_a_term_leads_to_it_without_scripts(live_server: str, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(live_server + "/ns?lang=fr#MinerGroup")
        heading = page.get_by_role("heading", name="groupement de mineurs artisanaux")
        box = heading.bounding_box()
        assert box and 0 <= box["y"] < 200
        heading.get_by_role("link").click()
        assert page.url.endswith("/ns/core?lang=fr#MinerGroup")
        page.locator("#MinerGroup").get_by_role("link", name="organisation", exact=True).click()
        assert page.url.endswith("/ns/core?lang=fr#Organisation")


def test_boxes_of_a_diagram_lead_to_the_terms(live_server: str, page: Page) -> None:
    page.goto(live_server + "/ns/diagrams/results.svg?lang=es")
    page.get_by_text("teoría del cambio", exact=True).click()
    page.wait_for_url("**/ns/results?lang=es#TheoryOfChange")


def test_the_contents_of_the_ontology_are_whole_in_print(live_server: str, page: Page) -> None:
    page.goto(live_server + "/ns")
    page.emulate_media(media="print")
    assert page.locator("details a").first.bounding_box()
    assert page.evaluate("document.querySelector('.picture img').getBoundingClientRect().width") <= 1280


def test_the_description_of_the_api_is_shown(live_server: str, page: Page) -> None:
    page.goto(live_server + "/docs")
    page.get_by_text("/gaps.json").first.wait_for()


@pytest.mark.parametrize("address", ["/gaps?as_of=latest-covered", "/interventions", "/doc/actor/fairphone"])
def test_an_attack_as_a_name_does_nothing(hostile: str, page: Page, address: str) -> None:
    page.goto(hostile + address)
    page.wait_for_load_state("networkidle")
    assert "owned" not in page.title() or "onerror" in page.title()
    assert page.locator("img[src='x'], main script").count() == 0
    assert page.get_by_text("<script>").count() > 0
