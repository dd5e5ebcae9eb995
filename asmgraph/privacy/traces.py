"""Point at texts and identifiers of a public part that may lead to a person or a spot: telephone, e-mail, coordinates.

A warning for the steward, never a refusal: an office may have its number in its description. Names are not
looked for; nothing tells a person's from a place's with any certainty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from asmgraph.privacy import statements

_DIALLED_AT_HOME = (
    r"^\(?0[1-9](?:[ ()./-]{0,2}[0-9]){7,9}$|"  # the whole text
    r"(?:^|[,;|]|[0-9 ]/)\s*\(?0[1-9](?:[ ().-]{0,2}[0-9]){7,9}\s*(?:[/,;|]|$)|"  # one of several
    r"(?:^|[^\w.+/-])0[1-9][0-9]{8}(?:\W|$)"  # among words
)
"""A telephone number without its country; among words only ten digits in a row, as others may be any number."""
KINDS: Mapping[str, str] = {
    "e-mail address": r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]*[A-Za-z]",
    "telephone number": (
        r"(?:^|[^\w.+-])(?:\+|00)[1-9][0-9 ().-]{7,}[0-9]|"
        r"(?i:\b(?:te?l|tél|tél[ée]phone|telefone?|tel[ée]fono|phone|mobile|whatsapp|celular)\b)"
        r"[^0-9\n]{0,12}[0-9][0-9 ().-]{5,}[0-9]|" + _DIALLED_AT_HOME
    ),
    "coordinates": (
        r"-?[0-9]{1,3}\.[0-9]{3,}\s*[,;/ ]\s*-?[0-9]{1,3}\.[0-9]{3,}|[0-9]{1,3} ?° ?[0-9]{1,2}(?:[.,][0-9]+)? ?['’′]"
    ),
}
"""What is looked for, as regular expressions over texts."""
SHOWN = 200
"""How many places are named of each kind."""
_IDENTIFIERS = (
    "http://purl.org/dc/terms/identifier",
    "http://www.w3.org/2004/02/skos/core#notation",
    "http://www.w3.org/ns/adms#identifier",
    "http://schema.org/identifier",
    "https://schema.org/identifier",
)
"""What says by which code a thing is known; a code may carry a datatype of its own."""


def find(file: Path) -> dict[str, tuple[str, ...]]:
    """Return where the texts of a file hold a trace, by kind: ``property of <thing>``, sorted, the first 200.

    Only texts and identifiers count: no figures, dates or addresses. What the text says is not repeated. A column of
    telephone numbers that was taken for codes is found as identifiers.
    """
    if not file.stat().st_size:
        return {}
    anything = "|".join(f"(?:{pattern})" for pattern in KINDS.values())
    # A text stands between quotes and carries no datatype; what comes before is the thing and the property.
    body = pl.col("line").str.extract(r'> "(.*)"(?:@[A-Za-z0-9-]+)? \.$')
    codes = "|".join(re.escape(f"<{predicate}>") for predicate in _IDENTIFIERS)
    code = pl.col("line").str.extract(rf'^<[^>]*> (?:{codes}) "(.*)"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)? \.$')
    lines = pl.scan_lines(file, name="line").with_columns(text=pl.coalesce(code, body))
    found = (
        statements.split(lines.filter(pl.col("text").str.contains(anything)))
        .select("subject", pl.col("predicate").str.extract(r"([^/#]+)$").alias("property"), "text")
        .collect(engine="streaming")
    )
    places = {
        kind: found.filter(pl.col("text").str.contains(pattern))
        .select(pl.format("{} of <{}>", "property", "subject"))
        .to_series()
        .unique()
        .sort()
        for kind, pattern in KINDS.items()
    }
    return {kind: tuple(where.head(SHOWN)) for kind, where in places.items() if len(where)}
