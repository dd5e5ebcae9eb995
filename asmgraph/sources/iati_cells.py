"""Read single cells out of elements of IATI 2.0x: texts with their languages, attributes, dates, slugs.

What a table calls ``title`` is six columns: ``title``, the text that stands for all of them, ``title_en``,
``title_fr``, ``title_es`` and ``title_pt``, those whose language the narrative itself states, and ``title_plain``,
the text of another language or of none that is stated. Publishers leave the file's default language at English
whatever they write, so that default is not believed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from lxml import etree

LANGUAGES = ("en", "fr", "es", "pt")
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

Cells = dict[str, str | None]
Row = tuple[str, Cells]


def columns(name: str) -> str:
    """Return the names of the six columns of a text, separated by blanks."""
    return " ".join((name, *(f"{name}_{language}" for language in LANGUAGES), f"{name}_plain"))


def narratives(elements: Iterable[etree._Element]) -> Iterator[tuple[str, str | None]]:
    """Yield every text of ``elements`` with its language, none where it is not stated with the text."""
    for element in elements:
        for one in element.iterfind("narrative"):
            if text := text_of(one):
                yield text, language(one.get(LANG) or element.get(LANG))


def said(name: str, elements: Sequence[etree._Element], own: str | None) -> Cells:
    """Return the six cells of a text.

    Parameters
    ----------
    name
        The name of the first column; the others are named after it.
    elements
        The elements that hold its narratives. Several texts in one language are paragraphs of one.
    own
        The record's own language, in which the text that stands for all is chosen.
    """
    by_language: dict[str | None, list[str]] = {}
    for text, tag in narratives(elements):
        of_tag = by_language.setdefault(tag, [])
        if text not in of_tag:
            of_tag.append(text)
    whole = {tag: "\n".join(texts) for tag, texts in by_language.items()}
    main = min(whole, key=lambda tag: (tag != own, tag is not None), default=None)
    plain = [text for tag, text in whole.items() if tag not in LANGUAGES]
    named = {f"{name}_{tag}": whole.get(tag) for tag in LANGUAGES}
    return {name: whole.get(main), **named, f"{name}_plain": plain[0] if plain else None}


def said_at(name: str, parent: etree._Element, path: str, own: str | None) -> Cells:
    """Return the six cells of the text at the first ``path`` below ``parent``."""
    return said(name, parent.findall(path)[:1], own)


def main_text(parent: etree._Element, path: str, own: str | None) -> str | None:
    """Return the text at the first ``path`` in the record's own language, else in the first one."""
    return said_at("text", parent, path, own)["text"]


def language(tag: str | None) -> str | None:
    """Return the language of a tag without its region, in small letters."""
    return tag.split("-")[0].strip().lower() or None if tag else None


def text_of(element: etree._Element | None) -> str | None:
    """Return all text of an element with single blanks, or null where there is none."""
    return None if element is None else " ".join("".join(map(str, element.itertext())).split()) or None


def attribute(element: etree._Element | None, name: str) -> str | None:
    """Return an attribute without the blanks around it, or null where it is empty or not there."""
    return None if element is None else (element.get(name) or "").strip() or None


def attribute_at(element: etree._Element, path: str, name: str) -> str | None:
    """Return an attribute of the first element at ``path``."""
    return attribute(element.find(path), name)


def joined(values: Iterable[str | None]) -> str | None:
    """Return the distinct values that there are as a list separated by semicolons."""
    return ";".join(dict.fromkeys(value.replace(";", ",") for value in values if value)) or None


def attributes_at(element: etree._Element, path: str, name: str) -> str | None:
    """Return an attribute of every element at ``path``, as a list."""
    return joined(attribute(one, name) for one in element.iterfind(path))


def date(text: str | None) -> str | None:
    """Drop the time zone that XML dates may have; what else it says is for the check to judge."""
    return re.sub(r"(?<=\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)$", "", text.strip()) or None if text else None


def date_at(element: etree._Element, path: str, name: str = "iso-date") -> str | None:
    """Return the date in an attribute of the first element at ``path``."""
    return date(attribute_at(element, path, name))


def money(element: etree._Element, currency: str | None) -> Cells:
    """Return amount, currency and value date of the ``value`` below ``element``."""
    return {
        "value": text_of(element.find("value")),
        "currency": attribute_at(element, "value", "currency") or currency,
        "value_date": date_at(element, "value", "value-date"),
    }


def period(element: etree._Element) -> Cells:
    """Return the two ends of the period below ``element``."""
    return {f"period_{edge}": date_at(element, f"period-{edge}") for edge in ("start", "end")}


def ascii_slug(text: str) -> str:
    """Return the ASCII letters and digits of a text in small letters, all else as single hyphens."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")


def exact_slug(text: str) -> str:
    """Make an identifier fit for an address; where more than capitals is lost, a hash keeps it apart."""
    return _hashed(text, lost=ascii_slug(text) != text.lower())


def name_slug(name: str) -> str:
    """Make a name fit for an address; a hash stands for letters and signs that have no ASCII."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    lost = any(not c.isascii() and unicodedata.category(c)[0] in "LNS" for c in plain)
    return _hashed(name, lost=lost or not ascii_slug(name))


def _hashed(text: str, *, lost: bool) -> str:
    tail = f"-{hashlib.sha256(text.encode()).hexdigest()[:8]}" if lost else ""
    return (ascii_slug(text) + tail).strip("-")
