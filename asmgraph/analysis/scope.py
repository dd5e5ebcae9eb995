"""What may be asked for: a theme and a day, in the words that people and links use."""

from __future__ import annotations

import datetime as dt

from asmgraph.analysis import coverage
from asmgraph.analysis.facts import Projection
from asmgraph.errors import NotFoundError
from asmgraph.records import VOCAB

LATEST_COVERED = "latest-covered"
THEME_SCHEMES = ("intervention-type", "challenge", "impact")


def find_theme(projection: Projection, text: str) -> str:
    """Return the IRI of an intervention type, challenge or impact given by slug, scheme and slug, or IRI.

    A slug of two schemes is of the first: ``mercury`` is the intervention type, ``impact/mercury`` the impact.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    prefixes = tuple(f"{VOCAB}{scheme}/" for scheme in THEME_SCHEMES)
    for candidate in (text, VOCAB + text, *(prefix + text for prefix in prefixes)):
        if candidate.startswith(prefixes) and candidate in projection.addresses:
            return candidate
    known = sorted(map(short, (iri for iri in projection.addresses if iri.startswith(prefixes))))
    raise NotFoundError(f"There is no theme {text!r}.", f"Themes: {', '.join(known)}.")


def short(theme: str) -> str:
    """Return what :func:`find_theme` takes for a theme: its slug, of an impact with its scheme."""
    scheme, _, slug = theme.removeprefix(VOCAB).partition("/")
    return f"{scheme}/{slug}" if scheme == "impact" else slug


def find_day(projection: Projection, text: str | None, place: str | None) -> dt.date:
    """Return the day asked for: that of publication where none is, or where no day is covered.

    Raises
    ------
    NotFoundError
        If the text is no date between the years 1000 and 2999.
    """
    if not text:
        return projection.published
    if text == LATEST_COVERED:
        return coverage.latest_covered(projection, place) or projection.published
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = dt.date.min
    if not 1000 <= day.year < 3000:
        raise NotFoundError(f"{text!r} is not a date.", f"Give YYYY-MM-DD or {LATEST_COVERED}.")
    return day
