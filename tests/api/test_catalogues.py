"""The catalogues of texts are in step with the code, whole, and say that they were made by a machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from asmgraph.messages import LANGUAGES
from tests.conftest import ROOT

LOCALES = ROOT / "asmgraph" / "locales"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "N_": None,
    "translate": None,
    "say": None,
    "count": (1, 2),
}
PLACEHOLDER = re.compile(r"\{\w+\}|%\(\w+\)s")


def catalogue(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def identities(messages: Catalog) -> set[object]:
    return {message.id for message in messages if message.id}


def translations() -> list[tuple[str, Message]]:
    found = []
    for language in LANGUAGES[1:]:
        read = catalogue(LOCALES / language / "LC_MESSAGES" / "messages.po", language)
        found += [(language, message) for message in read if message.id]
    return found


def test_the_template_holds_the_texts_of_the_code() -> None:
    with (LOCALES / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS, directory_filter=lambda _: True)
    texts = {message for _, _, message, _, _ in found}
    assert identities(catalogue(LOCALES / "messages.pot")) == texts


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_each_catalogue_holds_the_texts_of_the_template(language: str) -> None:
    path = LOCALES / language / "LC_MESSAGES" / "messages.po"
    assert identities(catalogue(path, language)) == identities(catalogue(LOCALES / "messages.pot"))
    assert "machine-made, not reviewed" in path.read_text(encoding="utf-8")[:200]


def test_each_text_is_translated_with_its_placeholders() -> None:
    for language, message in translations():
        originals = message.id if isinstance(message.id, tuple | list) else [message.id]
        texts = message.string if isinstance(message.string, tuple | list) else [message.string]
        wanted = set(PLACEHOLDER.findall(str(originals[-1])))
        for text in texts:
            assert text, (language, message.id)
            assert set(PLACEHOLDER.findall(text)) == wanted, (language, text)
