"""Plain words for what axioms and shapes say, in the reader's language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from gettext import NullTranslations

from rdflib import RDF, XSD

from asmgraph.messages import translations
from asmgraph.ontology.context import compact
from asmgraph.ontology.model import Texts

_DATE = {str(XSD.date), str(XSD.gYearMonth), str(XSD.gYear)}


def best(texts: Texts, language: str) -> tuple[str, str]:
    """Return a text and its language: in the reader's, in English, in any; both empty where there is none."""
    for tag in (language, "en", *texts):
        if texts.get(tag):
            return texts[tag][0], tag
    return "", ""


def rank(text: str) -> str:
    """Return by what names are sorted: without case and accents, as readers of all four languages look them up.

    >>> sorted(["zone", "état", "Acteur"], key=rank)
    ['Acteur', 'état', 'zone']
    """
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in parted if not unicodedata.combining(one))


def datatypes(iris: Iterable[str], language: str) -> str:
    """Say what values of these datatypes are; empty where there are none.

    >>> datatypes([str(XSD.integer)], "en")
    'whole number'
    """
    texts = translations(language)
    wanted = set(iris)
    words = [texts.gettext("day, month or year")] if wanted >= _DATE else []
    rest = wanted - _DATE if words else wanted
    joint = f" {texts.gettext('or')} "
    return joint.join([*words, *(_datatype(iri, texts) for iri in sorted(rest))])


def count(least: int, most: int | None, language: str) -> str:
    """Say how many values there may be.

    >>> count(1, 1, "en"), count(0, None, "en"), count(0, 0, "en")
    ('exactly one', 'any number', 'never')
    """
    texts = translations(language)
    match least, most:
        case _, 0:
            return texts.gettext("never")
        case 0, None:
            return texts.gettext("any number")
        case 0, 1:
            return texts.gettext("at most one")
        case 1, 1:
            return texts.gettext("exactly one")
        case 1, None:
            return texts.gettext("at least one")
        case _, None:
            return texts.gettext("at least {least}").format(least=least)
        case 0, _:
            return texts.gettext("at most {most}").format(most=most)
        case _ if least == most:
            return texts.gettext("exactly {most}").format(most=most)
    return texts.gettext("from {least} to {most}").format(least=least, most=most)


def bound(constraint: str, number: str, language: str) -> str:
    """Say a bound of SHACL.

    >>> bound("minInclusive", "0", "en")
    'from 0'
    """
    texts = translations(language)
    said = {
        "minInclusive": texts.gettext("from {number}"),
        "maxInclusive": texts.gettext("up to {number}"),
        "minExclusive": texts.gettext("more than {number}"),
        "maxExclusive": texts.gettext("less than {number}"),
    }
    return said[constraint].format(number=number)


def comparison(constraint: str, other: str, language: str) -> str:
    """Say how values relate to those of another property, which is given by its label."""
    texts = translations(language)
    said = {
        "lessThanOrEquals": texts.gettext("no larger than “{other}”"),
        "lessThan": texts.gettext("smaller than “{other}”"),
        "equals": texts.gettext("the same as “{other}”"),
        "disjoint": texts.gettext("other than “{other}”"),
    }
    return said[constraint].format(other=other)


def _datatype(iri: str, texts: NullTranslations) -> str:
    said = {
        str(XSD.string): texts.gettext("text"),
        str(RDF.langString): texts.gettext("text with its language"),
        str(XSD.boolean): texts.gettext("true or false"),
        str(XSD.decimal): texts.gettext("decimal number"),
        str(XSD.integer): texts.gettext("whole number"),
        str(XSD.date): texts.gettext("day"),
        str(XSD.gYearMonth): texts.gettext("month"),
        str(XSD.gYear): texts.gettext("year"),
        str(XSD.dateTime): texts.gettext("day and time"),
        str(XSD.anyURI): texts.gettext("web address"),
        "http://www.opengis.net/ont/geosparql#wktLiteral": texts.gettext("shape as well-known text (WKT)"),
    }
    return said.get(iri) or compact(iri)
