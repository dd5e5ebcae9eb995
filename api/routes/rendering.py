"""HTML out of templates: one Jinja environment a language, everything escaped, no script or style inline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, MutableMapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api import static_files
from api.routes import language, names, words
from asmgraph.messages import LANGUAGES, translations

VARY = "Accept, Accept-Language"
_MAX_PATH = 2_000
_TEMPLATES = Path(__file__).resolve().parents[1] / "templates"


def render(request: Request, template: str, context: MutableMapping[str, Any], status: int = 200) -> Response:
    """Return a page in the reader's language.

    Parameters
    ----------
    context
        What the template shows, beside ``request``, ``lang`` and the functions of :func:`_environment`.
    """
    chosen = language.chosen(request)
    page = _environment(chosen).get_template(template).render(request=request, **_frame(request), **context)
    return HTMLResponse(page, status, {"Vary": VARY, "Content-Language": chosen})


def link(path: str, parameters: Mapping[str, object]) -> str:
    """Return an address with those parameters that say something, several values of one; an anchor stays at its end.

    >>> link("/gaps", {"place": "COD", "kind": None, "page": 2}), link("/ns#Actor", {"lang": "fr"})
    ('/gaps?place=COD&page=2', '/ns?lang=fr#Actor')
    """
    said = {name: value for name, value in parameters.items() if value not in (None, "", ())}
    page, hash_sign, anchor = path.partition("#")
    return f"{page}?{urlencode(said, doseq=True)}{hash_sign}{anchor}" if said else path


@cache
def _environment(chosen: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(translations(chosen), newstyle=True)  # type: ignore[attr-defined]
    gettext = translations(chosen).gettext
    environment.filters["number"] = lambda value: format_decimal(value, locale=chosen)
    environment.filters["day"] = lambda day: _day(day, chosen)
    environment.filters["period"] = lambda text: _period(text, gettext("not recorded"))
    environment.filters["word"] = lambda value, kind: gettext(getattr(words, kind).get(value, value))
    environment.filters["leads"] = names.address
    environment.globals.update(lang=chosen, languages=language.NAMES, link=link, static=static_files.address)
    return environment


def _frame(request: Request) -> dict[str, Any]:
    """Return what the frame of every page needs: links that keep the language, and the page in the others."""
    asked = language.asked(request)

    def href(path: str, **parameters: object) -> str:
        return link(path, {**parameters, "lang": asked})

    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    path = request.scope.get("raw_path", b"").partition(b"?")[0].decode("latin-1") or request.url.path
    # What is too long for an address of ours would be repeated for each language.
    path = "/" + path.lstrip("/\\") if len(path) <= _MAX_PATH else "/"
    here = {
        code: f"{path}?{urlencode([*kept, ('lang', code)], errors='replace')}"
        if request.method != "POST"
        else "/"
        for code in LANGUAGES
    }
    return {"href": href, "asked_language": asked, "here_in": here, "path": request.url.path}


def _day(day: dt.date | dt.datetime | str | None, chosen: str) -> str:
    """Return a date in words; a text is a date of whatever precision its source gives and stays."""
    if isinstance(day, str) and len(day) >= len("2024-01-01"):
        day = dt.date.fromisoformat(day[:10])
    if isinstance(day, dt.date):
        return format_date(day, "d MMMM y" if chosen == "en" else "long", locale=chosen)
    return day or ""


def _period(text: str, missing: str) -> str:
    """Write out what is missing of ``2019–?``."""
    return text.replace("–", " – ").replace("?", missing) if text else missing
