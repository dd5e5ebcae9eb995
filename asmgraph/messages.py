"""Sentences in the reader's language, from the gettext catalogues in ``asmgraph/locales``.

English is the text in the code; a sentence without translation falls back to it.
"""

from __future__ import annotations

import io
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("en", "fr", "es", "pt")
_FOLDER = Path(__file__).resolve().parent / "locales"


@lru_cache
def translations(language: str) -> NullTranslations:
    """Return the catalogue of one of :data:`LANGUAGES`; any other language gets English."""
    file = _FOLDER / language / "LC_MESSAGES" / "messages.po"
    if language not in LANGUAGES or not file.is_file():
        return NullTranslations()
    with file.open("rb") as text:
        catalogue = read_po(text, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
