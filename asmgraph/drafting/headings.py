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
_GUARDED = (PEOPLE, SENSITIVE)
"""What a heading or a tag says of these outranks whatever else either says."""


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

    People and what can put them at risk come first, in the tag or in the heading; then all else that the tag says, and
    then all else that the heading says.

    Examples
    --------
    >>> role("Bailleur de fonds")
    ('funder', "the heading 'Bailleur de fonds'")
    >>> role("Armed groups present", "#activity")
    ('sensitive', "the heading 'Armed groups present'")
    """
    by_tag = _said(_TAGS, tag) if tag is not None else ()
    by_heading = _said(_WORDS, folded(heading))
    told = [
        *((found, f"the HXL tag {tag}") for found in by_tag),
        *((found, f"the heading {cut(heading)!r}") for found in by_heading),
    ]
    guarded = [one for kind in _GUARDED for one in told if one[0] == kind]
    return next(iter([*guarded, *told]), (None, "the heading says nothing that is known"))


def is_blank(heading: str) -> bool:
    """Say whether a column has no words above it; one without a heading is called by its letter.

    Examples
    --------
    >>> [is_blank(heading) for heading in ("(column A)", "#", "det")]
    [True, True, False]
    """
    return not any(sign.isalpha() for sign in re.sub(r"\(column [A-Z]+\)$", "", heading))


def _said(known: Mapping[str, re.Pattern[str]], text: str) -> list[str]:
    return [found for found, pattern in known.items() if pattern.fullmatch(text)]
