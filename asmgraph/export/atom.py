"""A feed of news as Atom (RFC 4287): entries enter, the document leaves as bytes. Pure; knows neither gaps nor a store.

>>> from datetime import datetime, timezone
>>> day = datetime(2026, 1, 15, tzinfo=timezone.utc)
>>> entry = Entry("https://example.org/1", "A & B", day, day, "https://example.org/1", "They may not have met.")
>>> feed = Feed("https://example.org/", "News", "en", "Us", "/feed.atom", "/", day, (entry,))
>>> b"<title>A &amp; B</title>" in write(feed)
True
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from lxml import etree

MEDIA_TYPE = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_XML = "http://www.w3.org/XML/1998/namespace"
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """One piece of news.

    Attributes
    ----------
    id
        An IRI that stays the same for as long as the entry is about the same.
    updated, published
        When it changed last, and when it was first told, with zone.
    link
        Where it is told at length.
    categories
        Words by which a reader sorts entries.
    """

    id: str
    title: str
    updated: dt.datetime
    published: dt.datetime
    link: str
    summary: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Feed:
    """A feed: ``address`` is where it is found, ``page`` the page that it belongs to; ``updated`` has a zone."""

    id: str
    title: str
    language: str
    author: str
    address: str
    page: str
    updated: dt.datetime
    entries: tuple[Entry, ...] = ()


def write(feed: Feed) -> bytes:
    """Return a feed as an XML document in UTF-8; characters that XML does not have are left out."""
    root = etree.Element(f"{{{_NAMESPACE}}}feed", nsmap={None: _NAMESPACE})  # type: ignore[dict-item] # lxml's own key
    root.set(f"{{{_XML}}}lang", feed.language)
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "updated", _time(feed.updated))
    _text(etree.SubElement(root, f"{{{_NAMESPACE}}}author"), "name", feed.author)
    _link(root, "self", feed.address, MEDIA_TYPE)
    _link(root, "alternate", feed.page, "text/html")
    for entry in feed.entries:
        element = etree.SubElement(root, f"{{{_NAMESPACE}}}entry")
        _text(element, "id", entry.id)
        _text(element, "title", entry.title)
        _text(element, "published", _time(entry.published))
        _text(element, "updated", _time(entry.updated))
        _link(element, "alternate", entry.link, "text/html")
        _text(element, "summary", entry.summary)
        for category in entry.categories:
            etree.SubElement(element, f"{{{_NAMESPACE}}}category").set("term", _NO_XML.sub("", category))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}").text = _NO_XML.sub("", text)


def _link(parent: etree._Element, relation: str, address: str, media_type: str) -> None:
    element = etree.SubElement(parent, f"{{{_NAMESPACE}}}link")
    for name, value in (("rel", relation), ("type", media_type), ("href", address)):
        element.set(name, _NO_XML.sub("", value))


def _time(time: dt.datetime) -> str:
    """Return a time as RFC 3339 has it."""
    return time.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
