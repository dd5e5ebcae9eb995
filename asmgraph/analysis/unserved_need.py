"""Unserved need: a place and challenge with a recorded need and no intervention active there.

Binary: whether any intervention that addresses the challenge is active on the day asked, in the place or in
a part of it. An activity recorded for the country alone is 'national, place unknown': it serves a need
recorded for the country, never one recorded for a district. An intervention whose state is not known is
neither presence nor absence: it does not serve the need, and it is named beside it, after the rows without.
Where no source that looked at the whole place and challenge covers the day, or did up to 18 months before it,
nothing is claimed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from gettext import NullTranslations

from asmgraph.analysis import coverage
from asmgraph.analysis.facts import Intervention, Need, Projection
from asmgraph.analysis.periods import State
from asmgraph.analysis.records import Evidence, Gap, Silence, cited, gap_iri

KIND = "unserved-need"


def unserved_needs(
    projection: Projection,
    as_of: dt.date,
    place: str | None,
    theme: str | None,
    catalogue: NullTranslations,
    language: str,
) -> tuple[list[Gap], list[Silence]]:
    """Return the gaps in ``place`` on the day ``as_of``, and where nothing can be said.

    Parameters
    ----------
    theme
        Only needs of this challenge, or of challenges that this intervention type addresses; ``None`` for all.
    catalogue, language
        Of the sentences and labels.
    """
    gaps: list[Gap] = []
    silences: list[Silence] = []
    wanted = projection.challenges_of(theme) if theme else None
    for (where, challenge), needs in sorted(_standing(projection, as_of, place).items()):
        if wanted is not None and challenge not in wanted:
            continue
        labels = {where: projection.name(where, language), challenge: projection.name(challenge, language)}
        if challenge not in projection.answerable:
            reason = catalogue.gettext(
                "No intervention type addresses this challenge, so none could be found."
            )
            silences.append(Silence(where, challenge, reason, labels))
            continue
        states = {one.iri: one.state(as_of) for one in _answering(projection, where, challenge)}
        if "active" in states.values():
            continue
        covered = coverage.judges(projection, where, challenge)
        until = coverage.latest(covered)
        if not coverage.can_be_judged(covered, as_of):
            silences.append(Silence(where, challenge, _uncovered(until, as_of, catalogue), labels))
            continue
        gaps.append(
            _gap(projection, as_of, where, challenge, needs, states, until, catalogue, language, labels)
        )
    return sorted(gaps, key=lambda gap: (gap.order, gap.labels[gap.place], gap.theme)), silences


def _standing(projection: Projection, as_of: dt.date, place: str | None) -> dict[tuple[str, str], list[Need]]:
    """Group the needs that stand on the day: from their year on; an undated one always."""
    groups: dict[tuple[str, str], list[Need]] = defaultdict(list)
    for need in projection.needs:
        if projection.lies_in(need.place, place) and (need.date is None or need.date.first <= as_of):
            groups[need.place, need.challenge].append(need)
    return groups


def _answering(projection: Projection, place: str, challenge: str) -> Iterator[Intervention]:
    for intervention in projection.interventions.values():
        if challenge in projection.answers(intervention) and any(
            projection.lies_in(area, place) for area in intervention.places
        ):
            yield intervention


def _national(projection: Projection, place: str, challenge: str, as_of: dt.date) -> list[Intervention]:
    """Return active interventions recorded for a larger area only: their place within it is not known."""
    above = projection.places_above(place) - {place}
    return [
        one
        for one in projection.interventions.values()
        if one.places & above
        and not any(projection.lies_in(area, place) for area in one.places)
        and challenge in projection.answers(one)
        and one.state(as_of) == "active"
    ]


def _gap(
    projection: Projection,
    as_of: dt.date,
    place: str,
    challenge: str,
    needs: list[Need],
    states: dict[str, State],
    until: dt.date | None,
    catalogue: NullTranslations,
    language: str,
    labels: dict[str, str],
) -> Gap:
    _ = catalogue.gettext
    found = coverage.found(projection, "participations", place, challenge, as_of, as_of)
    years = sorted({need.year for need in needs if need.year})
    groups = sorted({group for need in needs for group in need.groups})
    sentence = catalogue.ngettext(
        "{number} source records a need in {place} for '{challenge}', and no intervention there for it is known to "
        "be active on {date}.",
        "{number} sources record needs in {place} for '{challenge}', and no intervention there for them is known "
        "to be active on {date}.",
        len(needs),
    ).format(number=len(needs), place=labels[place], challenge=labels[challenge], date=as_of.isoformat())
    if any(need.date is None for need in needs):
        sentence += " " + _("Year of the need: not stated in at least one source.")
    unknown = [iri for iri, known in states.items() if known == "unknown"]
    if unknown:
        sentence += " " + catalogue.ngettext(
            "{number} intervention is recorded there whose state on that day is not known.",
            "{number} interventions are recorded there whose state on that day is not known.",
            len(unknown),
        ).format(number=len(unknown))
    elsewhere = _national(projection, place, challenge, as_of)
    if elsewhere:
        sentence += " " + catalogue.ngettext(
            "{number} active intervention is recorded for a larger area only; its place within it is unknown.",
            "{number} active interventions are recorded for a larger area only; their place within it is unknown.",
            len(elsewhere),
        ).format(number=len(elsewhere))
    evidence = [_need_evidence(projection, need, catalogue, language) for need in needs]
    said = {"ended": _("ended"), "not started": _("not yet begun"), "unknown": _("state not known")}
    evidence += [
        _intervention_evidence(projection, projection.interventions[iri], said[states[iri]], language)
        for iri in sorted(states, key=lambda iri: (projection.interventions[iri].dates, iri))
    ]
    evidence += [
        _intervention_evidence(projection, one, _("active, for a larger area"), language) for one in elsewhere
    ]
    dated = [need.date.last for need in needs if need.date]
    return Gap(
        gap_iri(KIND, [], [place, challenge]),
        KIND,
        (),
        place,
        challenge,
        groups[0] if len(groups) == 1 else "",
        _("since {year}").format(year=years[0]) if years else _("year not stated"),
        None,
        "medium" if found == "all" and not unknown else "low",
        _("participations recorded up to {date}").format(date=until.isoformat() if until else "?"),
        _("Check the record with people there; if the need stands, consider support."),
        sentence + " " + _("Need recorded, size not recorded in people."),
        tuple(evidence),
        max(dated, default=None),
        order=(float(bool(unknown)), -float(len(needs)), -float(years[-1][:4]) if years else 0.0),
        labels={**labels, **{group: projection.name(group, language) for group in groups}},
    )


def _need_evidence(
    projection: Projection, need: Need, catalogue: NullTranslations, language: str
) -> Evidence:
    whose = sorted(projection.name(group, language) for group in need.groups)
    return cited(
        need.iri,
        catalogue.gettext("need"),
        need.statement or projection.name(need.iri, language),
        "; ".join(part for part in (*whose, need.size) if part),
        need.year or catalogue.gettext("year not stated"),
        projection.citations.get(need.iri),
    )


def _intervention_evidence(projection: Projection, one: Intervention, role: str, language: str) -> Evidence:
    themes = ", ".join(sorted(projection.name(theme, language) for theme in one.themes))
    name, citation = projection.name(one.iri, language), projection.citations.get(one.iri)
    return cited(one.iri, role, name, themes, one.dates, citation)


def _uncovered(until: dt.date | None, as_of: dt.date, catalogue: NullTranslations) -> str:
    if until is None:
        return catalogue.gettext("No dated presence is recorded in this country.")
    if as_of < until:
        return catalogue.gettext("No source covers {date} here.").format(date=as_of.isoformat())
    return catalogue.gettext("No presence data after {date}.").format(date=until.isoformat())
