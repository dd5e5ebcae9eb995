"""What the functions of a mapping do to texts: slugs, digests, decimal commas, patterns; null stays null."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import polars as pl

from asmgraph.errors import MappingError
from asmgraph.mapping.terms import mapped

SLUG_SIGNS = 80
_LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "þ": "th",
    "ŋ": "ng",
}  # fmt: skip
_MARKS = r"[\p{M}'’ʼ`´]"
_GROUPS = " .'’\u00a0\u2009\u202f"


def trimmed(text: pl.Expr) -> pl.Expr:
    """Return the texts without white space around them; what was nothing else is null."""
    bare = text.str.strip_chars()
    return pl.when(bare != "").then(bare)


def slug(text: pl.Expr) -> pl.Expr:
    """Return short ASCII names for IRIs: small letters, digits and hyphens, at most 80 signs.

    Accents go (``Société`` is ``societe``). Where a letter or digit has no ASCII form, or the name is too long, eight
    signs of the text's SHA-256 tell it from others. Deterministic; a text without letters and digits is null.
    """
    return mapped(text, _slugs)


def sha256(text: pl.Expr, signs: int) -> pl.Expr:
    """Return the first hexadecimal ``signs`` of each text's SHA-256. It hides nothing: names can be tried out."""

    def digests(values: pl.Series) -> pl.Series:
        return _each(values, lambda one: _digest(one)[:signs])

    return mapped(text, digests)


def decimal(text: pl.Expr, sign: str) -> pl.Expr:
    """Return numbers with the decimal ``sign`` given as numbers with a point; others are null.

    Thousands may be set off by spaces, apostrophes or the other of point and comma, in whole groups of three.
    """
    spaces = _GROUPS.replace(".", "," if sign == "." else ".")
    pattern = rf"^[+-]?([0-9]+|[0-9]{{1,3}}([{re.escape(spaces)}][0-9]{{3}})+)({re.escape(sign)}[0-9]+)?$"
    bare = text.str.replace_all(f"[{re.escape(spaces)}]", "")
    return pl.when(text.str.contains(pattern)).then(bare.str.replace(sign, ".", literal=True))


def pattern(text: str, where: str) -> str:
    """Return a regular expression that polars can read.

    Raises
    ------
    MappingError
        If it is none; ``where`` says who asked.
    """
    try:
        pl.Series([""]).str.contains(text)
    except pl.exceptions.ComputeError as error:
        reason = " ".join(str(error).split())
        raise MappingError(f"{where}: {text!r} is not a regular expression: {reason}.") from None
    return text


def groups(text: str) -> bool:
    """Return whether a pattern marks a part of what it finds with brackets."""
    return re.search(r"(?<!\\)(?:\\\\)*\((?!\?(?!P?<))", text) is not None


def _slugs(values: pl.Series) -> pl.Series:
    folded = values.str.normalize("NFKD").str.to_lowercase().str.replace_many(_LETTERS)
    bare = folded.str.replace_all(_MARKS, "")
    name = bare.str.replace_all("[^a-z0-9]+", "-").str.strip_chars("-")
    frame = pl.DataFrame({"text": values, "name": name})
    lost = bare.str.contains(r"[^\x00-\x7f]") & bare.str.replace_all("[a-z0-9]", "").str.contains(
        r"[\p{L}\p{N}]"
    )
    marked = lost | (name.str.len_chars() > SLUG_SIGNS)
    short = pl.concat_str(
        pl.col("name").str.slice(0, SLUG_SIGNS - 9).str.strip_chars("-"), "digest", separator="-"
    )
    digests = _each(values.set(~marked.fill_null(False), None), lambda one: _digest(one)[:8])
    named = frame.with_columns(marked=marked, digest=digests).select(
        pl.when("marked").then(short.str.strip_chars("-")).otherwise("name").alias("name")
    )["name"]
    return named.set((named == "").fill_null(False), None)


def _each(values: pl.Series, change: Callable[[str], str]) -> pl.Series:
    distinct = values.unique().drop_nulls()
    changed = pl.Series([change(one) for one in distinct], dtype=pl.String)
    return values.replace_strict(distinct, changed, default=None, return_dtype=pl.String)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
