"""The coordination brief of a place: ``/brief/{place}`` to read and to print, ``.txt`` for a message."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.routes import gap_views, language
from api.routes.answers import Published, answer, page
from api.routes.names import Name, projected
from api.routes.parameters import AsOf, Theme, refuse_others
from api.routes.rendering import render
from api.routes.words import KINDS as KIND_TITLES
from asmgraph.analysis import Parameters
from asmgraph.analysis.brief import Brief, Contact, Working, brief
from asmgraph.analysis.projection import project
from asmgraph.messages import translations
from asmgraph.records import BASE
from asmgraph.store.snapshots import Snapshot, kept_with_snapshot

router = APIRouter(tags=["gaps"])

LISTED = 15
"""Actors that are listed; the rest is counted."""
TEXT_BYTES = 5_000
"""Of the text for a message, at most."""
_WIDTH = 100
_NAMED = 5
"""Actors that the text names under each heading."""


@dataclass(frozen=True)
class Line:
    """An actor that takes part there."""

    name: Name
    kinds: tuple[Name, ...]
    themes: tuple[Name, ...]
    interventions: tuple[Name, ...]
    newest: dt.date | None
    contact: Contact
    confirmed: bool


@dataclass(frozen=True)
class View:
    """A brief with names and links."""

    brief: Brief
    place: Name
    lines: tuple[Line, ...]
    heard_of: tuple[Line, ...]
    groups: tuple[tuple[str, tuple[gap_views.GapView, ...]], ...]
    found: gap_views.Found


@kept_with_snapshot(16)
def view(snapshot: Snapshot, asked: Parameters) -> View:
    """Return the brief that is asked for, with names and links."""
    made = brief(snapshot, asked)
    projection, spoken = project(snapshot), asked.language

    def names(iris: object) -> tuple[Name, ...]:
        assert isinstance(iris, frozenset | tuple)
        found = (projected(projection, iri, spoken) for iri in iris)
        return tuple(sorted(found, key=lambda name: name.text.casefold()))

    def line(one: Working) -> Line:
        return Line(
            projected(projection, one.actor, spoken),
            names(frozenset(kind for kind in one.kinds if "/vocab/actor-type/" in kind)),
            names(frozenset(theme for theme in one.themes if not projection.has_narrower(theme, one.themes))),
            names(one.interventions),
            one.newest,
            one.contact,
            one.contact.is_confirmed(made.found.as_of),
        )

    found = gap_views.shown(snapshot, made.found, spoken)
    by_kind: dict[str, list[gap_views.GapView]] = {}
    for gap in found.gaps:
        by_kind.setdefault(gap.gap.kind, []).append(gap)
    groups = tuple((kind, tuple(gaps)) for kind, gaps in by_kind.items())
    lines, heard_of = (tuple(map(line, part)) for part in (made.working, made.heard_of))
    return View(made, projected(projection, made.place, spoken), lines, heard_of, groups, found)


def _asked(request: Request, place: str, theme: str, as_of: str) -> Parameters:
    refuse_others(request, "theme", "as_of")
    return Parameters(
        place=place, theme=theme or None, as_of=as_of or None, language=language.chosen(request)
    )


@page(router, "/brief/{place}.txt")
def brief_text(
    request: Request, snapshot: Published, place: str, theme: Theme = "", as_of: AsOf = ""
) -> Response:
    """Return the brief as a text of at most 5 kB, for a message."""
    asked = _asked(request, place, theme, as_of)
    return answer(request, snapshot, lambda: PlainTextResponse(text(view(snapshot, asked), asked.language)))


@page(router, "/brief/{place}")
def brief_page(
    request: Request, snapshot: Published, place: str, theme: Theme = "", as_of: AsOf = ""
) -> Response:
    """Show the brief, to print on a page or two."""
    asked = _asked(request, place, theme, as_of)

    def build() -> Response:
        shown = view(snapshot, asked)
        state = {"theme": asked.theme, "as_of": asked.as_of, "lang": language.asked(request)}
        context = {"view": shown, "listed": LISTED, "state": state, "code": place, "snapshot": snapshot}
        return render(request, "brief.html", context)

    return answer(request, snapshot, build)


def text(shown: View, spoken: str) -> str:
    """Return a brief as plain text of at most :data:`TEXT_BYTES` bytes; what is left out is said."""
    lines, last = list(_lines(shown, spoken)), _source_line(shown, spoken)
    more = translations(spoken).gettext("... more on the page.")
    room = TEXT_BYTES - len(f"{more}\n{last}\n".encode())
    kept: list[str] = []
    for line in lines:
        room -= len(f"{line}\n".encode())
        if room < 0:
            kept.append(more)
            break
        kept.append(line)
    return "\n".join([*kept, last, ""])


def _lines(shown: View, spoken: str) -> Iterator[str]:
    _ = translations(spoken).gettext
    found = shown.brief.found
    yield _("Coordination brief: {place}, as of {day}").format(place=shown.place.text, day=found.as_of)
    yield _counted(shown, spoken)
    for source in found.coverage:
        until = source.until.isoformat() if source.until else _("not recorded")
        yield "- " + _("{source}: records up to {day}").format(source=source.title, day=until)
    yield from _people(_("WHO WORKS THERE"), shown.lines)
    if shown.heard_of:
        yield from _people(_("WHOM ELSE TO ASK"), shown.heard_of)
    for kind, gaps in shown.groups:
        yield ""
        yield f"{_(KIND_TITLES[kind]).upper()} ({found.totals.get(kind, len(gaps))})"
        for gap in gaps[:3]:
            yield textwrap.shorten(f"- {gap.gap.lead}", 3 * _WIDTH, placeholder=" ...")
            yield f"  {BASE}id/gap/{gap.gap.slug}"


def _people(title: str, lines: tuple[Line, ...]) -> Iterator[str]:
    yield ""
    yield f"{title} ({len(lines)})"
    yield from map(_named, lines[:_NAMED])


def _named(line: Line) -> str:
    about = ", ".join(theme.text for theme in line.themes)
    return textwrap.shorten(f"- {line.name.text}: {about}", _WIDTH, placeholder=" ...")


def _counted(shown: View, spoken: str) -> str:
    return (
        translations(spoken)
        .gettext(
            "{actors} actors in {active} interventions known to be active; of {unknown} more it is not known."
        )
        .format(actors=len(shown.lines), active=shown.brief.active, unknown=shown.brief.unknown)
    )


def _source_line(shown: View, spoken: str) -> str:
    _ = translations(spoken).gettext
    return _("Check before you act: what is absent is not recorded. Source: asmgraph, {address}").format(
        address=f"{BASE}brief/{shown.brief.place.rsplit('/', 1)[-1]}"
    )
