"""What the heading or the HXL tag of a column says it is, in English, French, Spanish or Portuguese.

The words are data: ``headings.yml`` beside this module.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path

import yaml

PEOPLE = "people"
SENSITIVE = "sensitive"


def _compiled(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_KNOWN = yaml.safe_load(Path(__file__).with_name("headings.yml").read_text(encoding="utf-8"))
_WORDS: Mapping[str, re.Pattern[str]] = {
    role: _compiled(chain.from_iterable(languages.values())) for role, languages in _KNOWN["words"].items()
}
_TAGS: Mapping[str, re.Pattern[str]] = {role: _compiled(tags) for role, tags in _KNOWN["tags"].items()}
_SHOWN = 60


def folded(text: str) -> str:
    """Return a text in small letters without accents and signs, words apart by one space.

    Examples
    --------
    >>> folded("Date_de DÉBUT ")
    'date de debut'
    """
    plain = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare.casefold()).split())


def cut(text: str) -> str:
    """Return a text short enough to be shown; what was left out is marked.

    Examples
    --------
    >>> cut("Donor"), len(cut("x" * 20_000))
    ('Donor', 61)
    """
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()}…"


def role(heading: str, tag: str | None = None) -> tuple[str | None, str]:
    """Return what a column is, if its tag or heading says so, and the reason in words.

    Examples
    --------
    >>> role("Bailleur de fonds")
    ('funder', "the heading 'Bailleur de fonds'")
    """
    if tag is not None:
        for found, pattern in _TAGS.items():
            if pattern.fullmatch(tag):
                return found, f"the HXL tag {tag}"
    words = folded(heading)
    for found, pattern in _WORDS.items():
        if pattern.fullmatch(words):
            return found, f"the heading {cut(heading)!r}"
    return None, "the heading says nothing that is known"
