"""Sentences in no language yet: what an analysis says, put into words when a reader's language is known.

An analysis runs once and is read in four languages; so it leaves the English text, which the catalogues translate,
and what stands in it: names of things as IRIs, numbers, days.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from babel.numbers import format_decimal, format_scientific

from asmgraph.analysis.facts import Projection
from asmgraph.messages import translations


@dataclass(frozen=True)
class Name:
    """The name of a thing, by its IRI."""

    iri: str


@dataclass(frozen=True)
class Sentence:
    """A text in English with what stands in it; with another text for more than one of ``number``."""

    text: str
    values: Mapping[str, Text] = field(default_factory=dict)
    plural: str = ""
    number: int = 1


@dataclass(frozen=True)
class Listed:
    """Several texts, in their order, or in that of the reader's language."""

    parts: tuple[Text, ...]
    separator: str = ", "
    ordered: bool = False


Text: TypeAlias = str | int | float | dt.date | Name | Sentence | Listed
"""What can be put into words."""


def N_(text: str) -> str:  # noqa: N802 - gettext's customary name
    """Mark a text for the catalogues that is put into a sentence elsewhere."""
    return text


def say(text: str, **values: Text) -> Sentence:
    """Return a sentence; ``{name}`` in the text stands for the value of that name."""
    return Sentence(text, values)


def count(text: str, plural: str, number: int, **values: Text) -> Sentence:
    """Return a sentence on a number of things, which stands in it as ``{number}``."""
    return Sentence(text, {"number": number, **values}, plural, number)


@dataclass(frozen=True)
class Speaker:
    """Puts texts into the words of one language."""

    projection: Projection
    language: str

    def __call__(self, text: Text) -> str:
        """Return a text in words.

        Numbers are written as the language has it, those that are not whole with two digits that count; days are
        written ``YYYY-MM-DD``.
        """
        match text:
            case str():
                return text
            case Name(iri):
                return self.projection.name(iri, self.language)
            case Sentence():
                return self._sentence(text)
            case Listed(parts, separator, ordered):
                words = [word for part in parts if (word := self(part))]
                return separator.join(words if ordered else sorted(words))
            case dt.date():
                return text.isoformat()
            case int():
                return format_decimal(text, locale=self.language)
            case _:
                return _number(text, self.language)

    def _sentence(self, sentence: Sentence) -> str:
        catalogue = translations(self.language)
        if sentence.plural:
            text = catalogue.ngettext(sentence.text, sentence.plural, sentence.number)
        else:
            text = catalogue.gettext(sentence.text)
        return text.format(**{name: self(value) for name, value in sentence.values.items()})


def _number(number: float, language: str) -> str:
    if number != 0 and abs(number) < 0.001:
        return format_scientific(number, "0.#E0", locale=language)
    digits = 2 if abs(number) >= 1 else 1 - math.floor(math.log10(abs(number))) if number else 0
    return format_decimal(round(number, digits), "#,##0.####", locale=language)
