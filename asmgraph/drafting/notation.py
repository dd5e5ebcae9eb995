"""How a draft writes down values, remarks and references to columns, in YAML and YARRRML."""

from __future__ import annotations

import re

import yaml

from asmgraph.drafting.guessing import Guess

TABLE = "rows"
"""What the table of a draft is called, in both its files."""


def reference(guess: Guess) -> str:
    """Return how a mapping names a column."""
    return "$(" + re.sub(r"([()\\])", r"\\\1", guess.column) + ")"


def flow(value: object) -> str:
    """Return a value as YAML on one line."""
    text: str = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=1_000_000_000, sort_keys=False
    )
    return text.removesuffix("...\n").strip()


def comment(text: str) -> str:
    """Return a text that stays within its comment."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
