"""Find coordination gaps in a snapshot: the one door to every kind, for Python, CLI, API and pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from asmgraph.analysis import coverage
from asmgraph.analysis.co_presence import KIND as CO_PRESENCE
from asmgraph.analysis.co_presence import co_presences
from asmgraph.analysis.projection import Projection, project
from asmgraph.analysis.records import Gap, GapSet, Silence
from asmgraph.analysis.unserved_need import KIND as UNSERVED_NEED
from asmgraph.analysis.unserved_need import unserved_needs
from asmgraph.errors import NotFoundError
from asmgraph.messages import LANGUAGES, translations
from asmgraph.records import VOCAB
from asmgraph.store.snapshots import Snapshot

KINDS = (CO_PRESENCE, UNSERVED_NEED)
LATEST_COVERED = "latest-covered"
_THEME_SCHEMES = ("intervention-type", "challenge", "impact")


@dataclass(frozen=True)
class Parameters:
    """What to look for, where and when.

    Attributes
    ----------
    place
        Code, slug, IRI or name of a place; ``None`` for everywhere.
    kind
        One of :data:`KINDS`; ``None`` for all.
    theme
        Slug or IRI of an intervention type or challenge; ``None`` for all.
    as_of
        ``YYYY-MM-DD``, ``latest-covered``, or ``None`` for the day the snapshot was published.
    place_level
        Administrative level at which co-presence compares places: 0 country, 1 province.
    min_overlap
        Places-and-themes that two actors must share.
    max_cell
        Largest number of actors in one place and theme that are paired.
    language
        Of labels and sentences: en, fr, es or pt.
    """

    place: str | None = None
    kind: str | None = None
    theme: str | None = None
    as_of: str | None = None
    place_level: int = 0
    min_overlap: int = 2
    max_cell: int = 200
    language: str = "en"


def find_gaps(snapshot: Snapshot, parameters: Parameters = Parameters()) -> GapSet:
    """Return the gaps of a snapshot, most evidence first, both kinds in :data:`KINDS` order.

    Raises
    ------
    NotFoundError
        For a place, kind, theme or date that is not known.
    """
    if parameters.language not in LANGUAGES:
        raise NotFoundError(
            f"There is no language {parameters.language!r}.", f"Known: {', '.join(LANGUAGES)}."
        )
    projection = project(snapshot)
    catalogue = translations(parameters.language)
    if parameters.kind is not None and parameters.kind not in KINDS:
        raise NotFoundError(f"There is no kind of gap {parameters.kind!r}.", f"Kinds: {', '.join(KINDS)}.")
    place = projection.find_place(parameters.place) if parameters.place else None
    theme = _theme(projection, parameters.theme) if parameters.theme else None
    latest = coverage.latest_covered(projection, place)
    as_of = _day(parameters.as_of, projection.published, latest)
    gaps: list[Gap] = []
    silences: list[Silence] = []
    notes: list[str] = []
    if parameters.kind in (None, CO_PRESENCE):
        found, silent, notes = co_presences(
            projection,
            as_of,
            place,
            theme,
            parameters.place_level,
            parameters.min_overlap,
            parameters.max_cell,
            catalogue,
            parameters.language,
        )
        gaps += found
        silences += silent
    if parameters.kind in (None, UNSERVED_NEED):
        found, silent = unserved_needs(projection, as_of, place, theme, catalogue, parameters.language)
        gaps += found
        silences += silent
        if not coverage.is_current(latest, as_of):
            notes.append(
                catalogue.gettext(
                    "No presence data after {date}: unserved needs cannot be judged on {day}."
                ).format(date=latest.isoformat() if latest else "?", day=as_of.isoformat())
            )
    return GapSet(
        as_of, place, tuple(gaps), tuple(silences), coverage.sources(projection, place), latest, tuple(notes)
    )


def _theme(projection: Projection, text: str) -> str:
    candidates = [text, *(f"{VOCAB}{scheme}/{text}" for scheme in _THEME_SCHEMES)]
    for candidate in candidates:
        if candidate in projection.addresses:
            return candidate
    known = sorted(
        iri.rsplit("/", 1)[-1] for iri in projection.addresses if iri.split("/")[-2] in _THEME_SCHEMES
    )
    raise NotFoundError(f"There is no theme {text!r}.", f"Themes: {', '.join(known)}.")


def _day(text: str | None, published: dt.date, latest: dt.date | None) -> dt.date:
    if text is None or text == "":
        return published
    if text == LATEST_COVERED:
        if latest is None:
            raise NotFoundError(
                "No source records a dated presence there.", "Ask for a date, or for another place."
            )
        return latest
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise NotFoundError(f"{text!r} is not a date.", "Give YYYY-MM-DD or latest-covered.") from None
