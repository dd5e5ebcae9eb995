"""Our own Markdown becomes HTML that fits the page, and nothing in it is obeyed as HTML."""

from __future__ import annotations

from api.markdown import rendered


def test_headings_tables_and_links_fit_the_page() -> None:
    html = rendered(
        "## What\n\n[there](README.md) [else](#x)\n\n| a |\n|---|\n| b |", 3, {"README.md": "/there"}
    )
    assert "<h3>What</h3>" in html
    assert '<a href="/there">there</a> <a href="#x">else</a>' in html
    assert "<td>b</td>" in html


def test_html_and_dangerous_addresses_are_shown_as_text() -> None:
    html = rendered("<script>alert(1)</script>\n\n[x](javascript:alert(1))", 3, {})
    assert "<script" not in html and "&lt;script&gt;" in html
    assert "href" not in html
