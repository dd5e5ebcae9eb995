"""A feed holds what RFC 4287 requires, whatever its texts hold."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from asmgraph.export.atom import Entry, Feed, write

ATOM = "{http://www.w3.org/2005/Atom}"
DAY = dt.datetime(2026, 1, 15, 9, 0, 5, 123_456, tzinfo=dt.timezone(dt.timedelta(hours=2)))
REQUIRED = {"feed": ("id", "title", "updated", "author"), "entry": ("id", "title", "updated")}
"""Elements that must stand exactly once (sections 4.1.1 and 4.1.2); our feeds have one author."""


def feed(*entries: Entry) -> Feed:
    return Feed("https://example.org/feed", "News", "fr", "Us", "/feed.atom", "/news", DAY, entries)


def entry(text: str) -> Entry:
    return Entry(f"https://example.org/{len(text)}", text, DAY, DAY, "https://example.org/", text, (text,))


def check(element: etree._Element) -> None:
    for name in REQUIRED[etree.QName(element).localname]:
        assert len(element.findall(ATOM + name)) == 1, name
    assert [link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
    assert element.findtext(f"{ATOM}updated") == "2026-01-15T07:00:05Z"


@given(st.lists(st.text(), max_size=4))
def test_feed_and_entries_have_what_is_required(texts: list[str]) -> None:
    root = etree.fromstring(write(feed(*map(entry, texts))))
    assert root.tag == f"{ATOM}feed"
    check(root)
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Us"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == len(texts)
    for element in entries:
        check(element)
        assert element.find(f"{ATOM}category") is not None


def test_markup_stays_text() -> None:
    text = '<script>x</script> & "]]>'
    (element,) = etree.fromstring(write(feed(entry(text)))).findall(f"{ATOM}entry")
    assert element.findtext(f"{ATOM}title") == text
    assert element.findtext(f"{ATOM}summary") == text


def test_what_xml_does_not_have_is_left_out() -> None:
    (element,) = etree.fromstring(write(feed(entry("a\x00b\x0bc\ufffed")))).findall(f"{ATOM}entry")
    assert element.findtext(f"{ATOM}title") == "abcd"


def test_the_same_feed_is_the_same_bytes() -> None:
    assert write(feed(entry("a"))) == write(feed(entry("a")))
