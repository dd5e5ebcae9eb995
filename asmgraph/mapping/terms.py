"""RDF terms as polars expressions: text columns in, N-Triples terms out; null stays null.

The syntax is that of N-Triples 1.1 (https://www.w3.org/TR/n-triples/); values in IRI templates are
percent-encoded as R2RML says (https://www.w3.org/TR/r2rml/#dfn-iri-safe).
"""

from __future__ import annotations

import re
from urllib.parse import quote

import polars as pl

XSD = "http://www.w3.org/2001/XMLSchema#"
YEAR, MONTH, DAY = r"^\d{4}$", r"^\d{4}-\d{2}$", r"^\d{4}-\d{2}-\d{2}$"
ABSOLUTE_IRI = r"^[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]+$"
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\x08": "\\b", "\x0c": "\\f"}
_UNSAFE = re.compile(r"[^A-Za-z0-9._~\-\u00A0-\U000EFFFF]+")


def escaped(text: str) -> str:
    """Return ``text`` as it stands between the quotes of an N-Triples literal."""
    return "".join(_ESCAPES.get(sign, sign) for sign in text)


def literal(value: pl.Expr, datatype: str | None = None, language: str | None = None) -> pl.Expr:
    """Return quoted literals, typed or tagged."""
    body = value.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
    tail = f'"@{language}' if language else f'"^^<{datatype}>' if datatype else '"'
    return pl.concat_str(pl.lit('"'), body, pl.lit(tail))


def iri(value: pl.Expr) -> pl.Expr:
    """Return IRIs in angle brackets; what is no absolute IRI becomes null."""
    whole = pl.when(value.str.contains(ABSOLUTE_IRI)).then(value)
    return pl.concat_str(pl.lit("<"), whole, pl.lit(">"))


def iri_safe(value: pl.Expr) -> pl.Expr:
    """Return the values percent-encoded for use inside an IRI."""
    return value.map_batches(_encode, return_dtype=pl.String)


def dated(value: pl.Expr) -> pl.Expr:
    """Return literals typed ``xsd:date``, ``xsd:gYearMonth`` or ``xsd:gYear`` by their form, others null."""
    return (
        pl.when(value.str.contains(DAY))
        .then(literal(value, XSD + "date"))
        .when(value.str.contains(MONTH))
        .then(literal(value, XSD + "gYearMonth"))
        .when(value.str.contains(YEAR))
        .then(literal(value, XSD + "gYear"))
    )


def number(value: pl.Expr) -> pl.Expr:
    """Return ``xsd:decimal`` literals; what is no decimal number becomes null."""
    plain = pl.when(value.str.contains(r"^[+-]?(\d+(\.\d*)?|\.\d+)$")).then(value)
    return literal(plain, XSD + "decimal")


def _encode(values: pl.Series) -> pl.Series:
    if not values.str.contains(r"[\x00-\x2c/:-@\[-^`{-}\x7f-\x9f]").any():
        return values
    distinct = values.unique().drop_nulls()
    encoded = [_UNSAFE.sub(lambda found: quote(found.group(), safe=""), text) for text in distinct]
    return values.replace_strict(distinct, pl.Series(encoded, dtype=pl.String), default=None)
