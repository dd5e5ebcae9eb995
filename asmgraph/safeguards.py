"""Stop a source that would be staged without a word and be of no use: misspelt terms, unknown coverage, loss."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

import polars as pl

from asmgraph.catalogue import Given
from asmgraph.errors import ConfigurationError, ValidationError
from asmgraph.mapping import provenance
from asmgraph.ontology import files
from asmgraph.records import ASM, Refusal

_LOSS_FLOOR = 10


def refuse_unknown_terms(used: Iterable[str]) -> None:
    """Stop at a term of our namespace that the ontology does not have: misspelt, nothing would ever find it.

    ``used`` are the predicates and classes of a source, as IRIs.
    """
    known = {str(term) for term in files.terms()}
    for term in sorted(used):
        if term.startswith(ASM) and term not in known:
            name = term.removeprefix(ASM)
            near = get_close_matches(name, [one.removeprefix(ASM) for one in known], n=1)
            raise ValidationError(
                f"The ontology has no term asm:{name}.",
                (f"Did you mean asm:{near[0]}? " if near else "")
                + "Correct it in the mapping, or in the file.",
            )


def refuse_unknown_coverage(given: Given, known: pl.Series) -> None:
    """Stop where source.yml says that a place or theme is covered which nobody knows: it would cover nothing.

    ``known`` are the IRIs of all things stated by this source and those it may point into.
    """
    things = set(known)
    for entry in given.source.coverage:
        for thing in filter(None, provenance.pointed_at(entry)):
            if thing not in things:
                raise ConfigurationError(
                    f"{given.folder / 'source.yml'}: the coverage of {entry.covers} names {thing}, which is not known.",
                    "Give the code of a place (COD), or a concept of the vocabularies (challenge/C4).",
                )


def refuse_loss(
    name: str, before: Mapping[str, int], after: Mapping[str, int], refused: Sequence[Refusal]
) -> None:
    """Stop where a class of things shrinks to less than half: more likely a wrong or broken file than news."""
    for kind, count in sorted(before.items()):
        left = after.get(kind, 0)
        if count >= _LOSS_FLOOR and left * 2 < count:
            first = (
                f" The first of {len(refused)} refusals: {sorted(refused)[0].describe()}" if refused else ""
            )
            raise ValidationError(
                f"Of {count:,} {kind} in {name}, {left:,} would be left.{first}",
                "What was staged before stays. If that is right, add --accept-loss.",
            )
