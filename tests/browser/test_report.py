"""The report of an ingestion as a file in a real browser: narrow and wide, by keyboard, printed, accessible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from asmgraph import reporting
from asmgraph.records import ID, Refusal
from asmgraph.validation.report import Finding, Kept
from tests.browser.test_browser import violations
from tests.reporting.test_forms import REPORT

pytestmark = pytest.mark.browser

LONG = f"{ID}intervention/{'a-very-long-name-' * 12}"
FULL = replace(
    REPORT,
    refused=[*REPORT.refused, Refusal("t" * 70, 9, "y" * 70, LONG, "is no name", "Correct it.")],
    kept=[*REPORT.kept, Kept("t", "z", LONG, 2, (1, 2), "is in no lookup", "Add it.")],
    findings=[Finding(LONG, "A mine", "certain", ("gold mining", "panning"))],
    traces={"telephone number": [f"label of <{LONG}>"]},
    confined={"armedPresence": 3},
    placements={"code": 2},
    unplaced={LONG: "no place has this name"},
)


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    file = tmp_path / "report.html"
    file.write_bytes(reporting.as_html(FULL))
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(file.as_uri())
        yield page


@pytest.mark.parametrize("width", [1280, 360])
def test_the_report_fits_and_breaks_no_accessibility_rule(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


def test_no_word_of_a_finding_is_squeezed_into_a_column_of_letters(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 900})
    line = page.get_by_text("refused, 7 times").first.bounding_box()
    assert line is not None
    assert line["height"] < 40


def test_what_is_wider_than_the_screen_is_scrolled_by_keyboard(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 900})
    for _ in range(page.locator(".scroll").count()):
        page.keyboard.press("Tab")
    region = page.get_by_role("region", name="Records taken, and why")
    assert region.evaluate("one => one === document.activeElement")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")


def test_nothing_is_cut_off_on_paper(page: Page) -> None:
    page.set_viewport_size({"width": 720, "height": 1000})  # A4 at 96 dots an inch, less the margins
    page.emulate_media(media="print")
    cut = "[...document.querySelectorAll('.scroll')].filter(one => one.scrollWidth > one.clientWidth).length"
    assert page.evaluate(cut) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
