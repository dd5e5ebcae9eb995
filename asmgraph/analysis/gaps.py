"""Find coordination gaps in a snapshot: the one door to every kind, for Python, CLI, API and pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from gettext import NullTranslations

from asmgraph.analysis import coverage
from asmgraph.analysis.co_presence import KIND as CO_PRESENCE
from asmgraph.analysis.co_presence import co_presences
from asmgraph.analysis.facts import COUNTRY, Projection
from asmgraph.analysis.projection import project
from asmgraph.analysis.records import Gap, GapSet, Silence
from asmgraph.analysis.scope import find_day, find_theme
from asmgraph.analysis.unserved_need import KIND as UNSERVED_NEED
from asmgraph.analysis.unserved_need import unserved_needs
from asmgraph.errors import NotFoundError
from asmgraph.messages import LANGUAGES, translations
from asmgraph.store.snapshots import Snapshot

KINDS = (CO_PRESENCE, UNSERVED_NEED)


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
        Slug or IRI of an intervention type, challenge or impact; ``None`` for all.
    as_of
        ``YYYY-MM-DD``, ``latest-covered``, or ``None`` for the day the snapshot was published.
    place_level
        Administrative level at which co-presence compares places: 0 country, 1 province; ``None`` for that of
        ``place`` where it lies below a country, else 0.
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
    place_level: int | None = None
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
    theme = find_theme(projection, parameters.theme) if parameters.theme else None
    covered = coverage.sources(projection, place)
    latest = coverage.latest(covered)
    as_of = find_day(projection, parameters.as_of, place)
    gaps: list[Gap] = []
    silences: list[Silence] = []
    notes: list[str] = []
    if parameters.kind in (None, CO_PRESENCE):
        level = _level(projection, place, parameters.place_level)
        found, silent, notes = co_presences(
            projection,
            as_of,
            place,
            theme,
            level,
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
        if not coverage.can_be_judged(covered, as_of):
            notes.append(_unjudged(latest, as_of, catalogue))
    notes += _unsearched(projection, parameters.kind, catalogue)
    if projection.notes:
        notes.append(
            catalogue.ngettext(
                "{number} date could not be read and is left out: {first}",
                "{number} dates could not be read and are left out: {first} ...",
                len(projection.notes),
            ).format(number=len(projection.notes), first=projection.notes[0])
        )
    return GapSet(as_of, place, tuple(gaps), tuple(silences), covered, latest, tuple(notes))


def _level(projection: Projection, place: str | None, level: int | None) -> int:
    """Return the level asked for, else that of the place or of what it lies in, below countries."""
    if level is not None:
        return level
    levels = [
        projection.levels[area] for area in projection.places_above(place or "") if area in projection.levels
    ]
    return max(levels, default=COUNTRY)


def _unjudged(latest: dt.date | None, as_of: dt.date, catalogue: NullTranslations) -> str:
    """Say why needs cannot be judged on a day."""
    _ = catalogue.gettext
    if latest is None:
        return _("No dated presence is recorded there: unserved needs cannot be judged.")
    if as_of > latest:
        sentence = _("No presence data after {date}: unserved needs cannot be judged on {day}.")
    else:
        sentence = _("No source covers {day}: unserved needs cannot be judged on it. The newest is {date}.")
    return sentence.format(date=latest.isoformat(), day=as_of.isoformat())


def _unsearched(projection: Projection, kind: str | None, catalogue: NullTranslations) -> list[str]:
    """Say which searches no source made, so that a list without gaps is not read as good news."""
    _ = catalogue.gettext
    wanted = {CO_PRESENCE: ("ties",), UNSERVED_NEED: ("needs", "participations")}
    said = {
        "ties": _("No source says that it looked for ties: no pair can be named."),
        "needs": _("No source says that it looked for needs: few or none may be recorded."),
        "participations": _(
            "No source says that it looked for participations: no need can be called unserved."
        ),
    }
    made = {entry.covers for entry in projection.coverage if entry.found != "not-searched"}
    kinds = KINDS if kind is None else (kind,)
    return [said[subject] for name in kinds for subject in wanted[name] if subject not in made]
