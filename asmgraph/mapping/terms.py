"""RDF terms as polars expressions: text columns in, N-Triples terms out; null stays null.

The syntax is that of N-Triples 1.1 (https://www.w3.org/TR/n-triples/); values in IRI templates are
percent-encoded as R2RML says (https://www.w3.org/TR/r2rml/#dfn-iri-safe).
"""

from __future__ import annotations

import re
from urllib.parse import quote

import polars as pl

from asmgraph.records import DATE

XSD = "http://www.w3.org/2001/XMLSchema#"
DECIMAL = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$"
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\x08": "\\b", "\x0c": "\\f"}
# RFC 3987: ucschar are the letters beyond ASCII that an IRI may hold as they stand.
_UCSCHAR = "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef" + "".join(
    f"{chr(0x10000 * plane)}-{chr(0x10000 * plane + 0xFFFD)}" for plane in range(1, 14)
)
_UNSAFE = re.compile(f"[^A-Za-z0-9._~{_UCSCHAR}-]+")
_REG = f"(?:[A-Za-z0-9._~{_UCSCHAR}!$&'()*+,;=-]|%[0-9A-Fa-f]{{2}})"
_PATH = f"(?:{_REG}|[:@/])"
_TAIL = f"(?:{_REG}|[:@/?])*"
_AUTHORITY = f"(?:(?:{_REG}|:)*@)?{_REG}*(?::[0-9]*)?"
# An absolute IRI whose host is a name or an IPv4 address.
ABSOLUTE_IRI = f"^[A-Za-z][A-Za-z0-9+.-]*:(?://{_AUTHORITY}(?:/{_PATH}*)?|/?(?:{_REG}|[:@]){_PATH}*)(?:\\?{_TAIL})?(?:#{_TAIL})?$"


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
    """Return literals typed ``xsd:date``, ``xsd:gYearMonth`` or ``xsd:gYear`` by their form, others null.

    A day that is in no calendar is null too, and so is a year before 1000 or after 2999.
    """
    date = pl.when(value.str.contains(DATE)).then(value)
    length = date.str.len_chars()
    return (
        pl.when((length == 10) & date.str.to_date("%Y-%m-%d", strict=False).is_not_null())
        .then(literal(date, XSD + "date"))
        .when(length == 7)
        .then(literal(date, XSD + "gYearMonth"))
        .when(length == 4)
        .then(literal(date, XSD + "gYear"))
    )


def number(value: pl.Expr) -> pl.Expr:
    """Return ``xsd:decimal`` literals; what is no decimal number becomes null."""
    plain = pl.when(value.str.contains(DECIMAL)).then(value)
    return literal(plain, XSD + "decimal")


def _encode(values: pl.Series) -> pl.Series:
    if not values.str.contains(_UNSAFE.pattern).any():
        return values
    distinct = values.unique().drop_nulls()
    encoded = [_UNSAFE.sub(lambda found: quote(found.group(), safe=""), text) for text in distinct]
    return values.replace_strict(distinct, pl.Series(encoded, dtype=pl.String), default=None)
