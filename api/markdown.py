"""Turn our own Markdown into HTML for a page."""

from __future__ import annotations

from collections.abc import Mapping

from markdown_it import MarkdownIt
from markupsafe import Markup

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")


def rendered(text: str, headings: int, links: Mapping[str, str]) -> Markup:
    """Return Markdown as HTML; marks of HTML in it are shown, never obeyed.

    Parameters
    ----------
    headings
        The level of every heading: the page has those above.
    links
        Where an address of the text leads on the site; others stay.
    """
    tokens = _PARSER.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{headings}"
        for part in token.children or ():
            if part.type == "link_open":
                address = str(part.attrs["href"])
                part.attrs["href"] = links.get(address, address)
    return Markup(_PARSER.renderer.render(tokens, _PARSER.options, {}))  # noqa: S704  # of files we ship, without HTML
