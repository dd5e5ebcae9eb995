"""RDF terms as polars expressions: text columns in, N-Triples terms out; null stays null.

The syntax is that of N-Triples 1.1 (https://www.w3.org/TR/n-triples/); values in IRI templates are
percent-encoded as R2RML says (https://www.w3.org/TR/r2rml/#dfn-iri-safe).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import quote

import polars as pl

from asmgraph import dates

XSD = "http://www.w3.org/2001/XMLSchema#"
DECIMAL = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$"
LANGUAGE_TAG = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\x08": "\\b", "\x0c": "\\f"}
_MARKED = r'[\\"\n\r\t\x08\x0c]'
# RFC 3987: ucschar are the letters beyond ASCII that an IRI may hold as they stand.
_UCSCHAR = "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef" + "".join(
    f"{chr(0x10000 * plane)}-{chr(0x10000 * plane + 0xFFFD)}" for plane in range(1, 14)
)
_UNSAFE = re.compile(f"[^A-Za-z0-9._~{_UCSCHAR}-]+")
_UNSAFE_ASCII = [sign for sign in map(chr, range(128)) if not (sign.isalnum() or sign in "-._~")]
_RARE = f"[^\\x00-\\x7f{_UCSCHAR}]"
_REG = f"(?:[A-Za-z0-9._~{_UCSCHAR}!$&'()*+,;=-]|%[0-9A-Fa-f]{{2}})"
_PATH = f"(?:{_REG}|[:@/])"
_TAIL = f"(?:{_REG}|[:@/?])*"
_AUTHORITY = f"(?:(?:{_REG}|:)*@)?{_REG}*(?::[0-9]*)?"
# An absolute IRI whose host is a name or an IPv4 address.
ABSOLUTE_IRI = f"^[A-Za-z][A-Za-z0-9+.-]*:(?://{_AUTHORITY}(?:/{_PATH}*)?|/?(?:{_REG}|[:@]){_PATH}*)(?:\\?{_TAIL})?(?:#{_TAIL})?$"
# Where a value can no longer become part of the scheme or the host.
_BEYOND_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://[^/?#]+[/?#]|[^/])")


def escaped(text: str) -> str:
    """Return ``text`` as it stands between the quotes of an N-Triples literal."""
    return "".join(_ESCAPES.get(sign, sign) for sign in text)


def literal(value: pl.Expr, datatype: str | None = None, language: str | None = None) -> pl.Expr:
    """Return quoted literals, typed or tagged."""
    # Plain and xsd:string are one and the same type in RDF 1.1; written one way, equal statements are equal lines.
    typed = datatype if datatype != XSD + "string" else None
    tail = f'"@{language}' if language else f'"^^<{typed}>' if typed else '"'
    return pl.concat_str(pl.lit('"'), _quoted(value), pl.lit(tail))


def tagged(value: pl.Expr, tag: pl.Expr) -> pl.Expr:
    """Return literals in the language of each row's tag; plain ones where the tag is none."""
    sure = pl.when(tag.str.contains(LANGUAGE_TAG)).then(pl.concat_str(pl.lit("@"), tag))
    return pl.concat_str(pl.lit('"'), _quoted(value), pl.lit('"'), sure.fill_null(""))


def typed(value: pl.Expr, datatype: pl.Expr) -> pl.Expr:
    """Return literals of each row's datatype, an IRI; plain ones where it is none."""
    sure = pl.when(datatype.str.contains(ABSOLUTE_IRI) & (datatype != XSD + "string"))
    tail = sure.then(pl.concat_str(pl.lit("^^<"), datatype, pl.lit(">")))
    return pl.concat_str(pl.lit('"'), _quoted(value), pl.lit('"'), tail.fill_null(""))


def iri(value: pl.Expr, *, sound: bool = False) -> pl.Expr:
    """Return IRIs in angle brackets; what is no absolute IRI becomes null, unless all are known to be ``sound``."""
    whole = value if sound else pl.when(value.str.contains(ABSOLUTE_IRI)).then(value)
    return pl.concat_str(pl.lit("<"), whole, pl.lit(">"))


def is_sound(texts: Sequence[str]) -> bool:
    """Return whether a template with these constant texts is an absolute IRI whatever encoded values fill it."""
    return (
        len(texts) > 1
        and _BEYOND_HOST.match(texts[0]) is not None
        and re.fullmatch(ABSOLUTE_IRI, "x".join(texts)) is not None
    )


def is_iri(text: str) -> bool:
    """Return whether a text is an absolute IRI."""
    return re.fullmatch(ABSOLUTE_IRI, text) is not None


def iri_safe(value: pl.Expr) -> pl.Expr:
    """Return the values percent-encoded for use inside an IRI."""
    return mapped(value, _encode)


def dated(value: pl.Expr, forms: Sequence[str] = ()) -> pl.Expr:
    """Return literals typed ``xsd:date``, ``xsd:gYearMonth`` or ``xsd:gYear`` by their precision, others null.

    Read are the ISO forms and ``forms``, as :func:`asmgraph.dates.iso` reads them.
    """
    date = dates.iso(value, forms)
    length = date.str.len_chars()
    tail = (
        pl.when(length == 10)
        .then(pl.lit(f'"^^<{XSD}date>'))
        .when(length == 7)
        .then(pl.lit(f'"^^<{XSD}gYearMonth>'))
        .otherwise(pl.lit(f'"^^<{XSD}gYear>'))
    )
    return pl.concat_str(pl.lit('"'), date, tail)


def number(value: pl.Expr) -> pl.Expr:
    """Return ``xsd:decimal`` literals; what is no decimal number becomes null."""
    plain = pl.when(value.str.contains(DECIMAL)).then(value)
    return pl.concat_str(pl.lit('"'), plain, pl.lit(f'"^^<{XSD}decimal>'))


def mapped(value: pl.Expr, change: Callable[[pl.Series], pl.Series]) -> pl.Expr:
    """Return what a function of whole columns makes of the values; a constant is changed at once."""
    changed = value.map_batches(change, return_dtype=pl.String)
    return changed if value.meta.root_names() else pl.lit(pl.select(changed).item(), dtype=pl.String)


def _quoted(value: pl.Expr) -> pl.Expr:
    return mapped(value, _escape)


def _escape(values: pl.Series) -> pl.Series:
    # Most columns hold no sign to escape, and looking is much cheaper than replacing.
    if not values.str.contains(_MARKED).any():
        return values
    return values.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))


def _encode(values: pl.Series) -> pl.Series:
    if not values.str.contains(_UNSAFE.pattern).any():
        return values
    if values.str.contains(_RARE).any():
        distinct = values.unique().drop_nulls()
        encoded = [_UNSAFE.sub(lambda found: quote(found.group(), safe=""), text) for text in distinct]
        return values.replace_strict(distinct, pl.Series(encoded, dtype=pl.String), default=None)
    return values.str.replace_many(_UNSAFE_ASCII, [f"%{ord(sign):02X}" for sign in _UNSAFE_ASCII])
