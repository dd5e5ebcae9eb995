"""Which language a page is in: what ``?lang=`` says, else what the browser prefers, else English."""

from __future__ import annotations

from starlette.requests import Request

from asmgraph.messages import LANGUAGES

NAMES = {"en": "English", "fr": "Français", "es": "Español", "pt": "Português"}
DEFAULT = LANGUAGES[0]


def asked(request: Request) -> str:
    """Return the language that the address itself names, ``''`` where it names none we have."""
    wanted = request.query_params.get("lang", "")
    return wanted if wanted in LANGUAGES else ""


def chosen(request: Request) -> str:
    """Return the language to answer in."""
    return asked(request) or preferred(request.headers.get("accept-language", ""))


def preferred(header: str) -> str:
    """Return the best of :data:`LANGUAGES` for an Accept-Language header (RFC 9110, section 12.5.4).

    >>> preferred("de, fr-CD;q=0.8, en;q=0.5")
    'fr'
    """
    ranked = []
    for position, item in enumerate(header.lower().split(",")[:50]):
        tag, _, parameter = item.partition(";")
        language = tag.strip().partition("-")[0]
        if language in LANGUAGES:
            ranked.append((-_quality(parameter), position, language))
    best = min(ranked, default=(0.0, 0, DEFAULT))
    return best[2] if best[0] < 0 else DEFAULT


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
