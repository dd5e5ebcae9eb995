"""Stop a source that would be staged without a word and be of no use: misspelt terms, unknown coverage, loss.

And say what is staged all the same, but should not be without a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from difflib import get_close_matches
from types import MappingProxyType

import polars as pl

from asmgraph.catalogue import Given
from asmgraph.descriptions import Source
from asmgraph.errors import ConfigurationError, ValidationError
from asmgraph.mapping import provenance
from asmgraph.ontology import files
from asmgraph.records import ASM, GRAPH, ID, Refusal, Sensitivity

_LOSS_FLOOR = 10
_NAMED = 5
_NOT_STATED = ("", "not stated", "unknown")


def cautions(
    source: Source,
    rows: Mapping[str, int],
    things: Mapping[str, int],
    silent: Mapping[str, Sequence[int]] = MappingProxyType({}),
    several: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return what a steward should hear of a source that is staged all the same.

    Parameters
    ----------
    rows, things
        The rows read a table, none for RDF; the things stated a class.
    silent
        The rows of which nothing is stated, a table.
    several
        The things that are stated to be in two spots, as IRIs.
    """
    told = []
    if sum(rows.values()) and set(things) <= {"SourceDocument"}:
        told.append(
            f"nothing is stated of its {sum(rows.values()):,} rows, only that there is such a source. "
            "Say in mapping.yml what a row means"
        )
    else:
        told += [_silent(table, numbers) for table, numbers in silent.items() if numbers]
    if several:
        first = ", ".join(iri.removeprefix(ID) for iri in several[:_NAMED])
        more = ", ..." if len(several) > _NAMED else ""
        named_things = "thing" if len(several) == 1 else "things"
        told.append(
            f"{len(several):,} {named_things} with two latitudes or longitudes ({first}{more}): "
            "nobody can tell which belong together, so no map shows them. Keep one row of each, or tell them apart in "
            "'subjects' of mapping.yml"
        )
    if source.sensitivity is Sensitivity.PUBLIC:
        for name, value, why in (
            ("publisher", source.publisher, "readers cannot tell whom the statements come from"),
            ("licence", source.licence, "nobody knows whether the statements may be passed on"),
        ):
            if value.strip().casefold() in _NOT_STATED:
                told.append(f"it is public and its {name} is not stated: {why}. Write it in source.yml")
    return tuple(told)


def _silent(table: str, rows: Sequence[int]) -> str:
    numbers = ", ".join(map(str, rows[:_NAMED])) + (", ..." if len(rows) > _NAMED else "")
    several = "s" if len(rows) > 1 else ""
    return (
        f"nothing is stated of {len(rows):,} row{several} of the table {table} (row{several} {numbers}): "
        "a cell that names the thing is empty, or a condition of mapping.yml leaves them out"
    )


def refuse_unknown_terms(used: Iterable[str]) -> None:
    """Stop at a term of our namespace that the ontology does not have: misspelt, nothing would ever find it.

    ``used`` are the predicates and classes of a source, as IRIs.
    """
    known = {str(term).removeprefix(ASM) for term in files.terms()}
    unknown = sorted({term.removeprefix(ASM) for term in used if term.startswith(ASM)} - known)
    if unknown:
        raise ValidationError(
            f"The ontology has no term {', '.join(map('asm:{}'.format, unknown))}.",
            f"{' '.join(filter(None, (_meant(name, known) for name in unknown)))} "
            "Correct it in the mapping, or in the file; /ns lists the terms.".strip(),
        )


def _meant(name: str, known: Set[str]) -> str:
    """Ask whether a term that begins alike or is spelt alike was meant; empty where there is none."""
    longer = [one for one in sorted(known) if len(name) > 2 and one.casefold().startswith(name.casefold())]
    near = [*longer[:2], *get_close_matches(name, sorted(known), n=2, cutoff=0.75)]
    return (
        f"For asm:{name}, did you mean {' or '.join(f'asm:{one}' for one in dict.fromkeys(near))}?"
        if near
        else ""
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


def loss(
    name: str, before: pl.DataFrame, after: pl.DataFrame, refused: Sequence[Refusal]
) -> ValidationError | None:
    """Object where less than half of a class's things are left: more likely a wrong or broken file than news.

    ``before`` and ``after`` have the classes of the things of two versions: columns ``thing``, ``kind``, IRIs.
    """
    before = before.filter(~pl.col("thing").str.starts_with(GRAPH))  # what a version says of itself
    left_of = dict(before.join(after, on=["thing", "kind"], how="semi")["kind"].value_counts().iter_rows())
    for iri, count in sorted(before["kind"].value_counts().iter_rows()):
        kind, left = iri.replace("#", "/").rpartition("/")[2], left_of.get(iri, 0)
        if count >= _LOSS_FLOOR and left * 2 < count:
            first = (
                f" The first of {len(refused)} refusals: {sorted(refused)[0].describe()}" if refused else ""
            )
            new = after.filter(pl.col("kind") == iri)["thing"].n_unique() - left
            named = "What was staged before stays. "
            if 2 * new >= count - left:  # things have seldom gone where as many others came
                named += (
                    "So many new addresses mean that things are named in another way than before: look at the key, at "
                    "'subjects' in mapping.yml, and at steps that split or edit what these are made of. "
                )
            return ValidationError(
                f"Of {count:,} {kind} in {name}, {left:,} would be left: {count - left:,} addresses are no longer "
                f"there, {new:,} are new.{first}",
                f"{named}If that is right, add --accept-loss.",
            )
    return None
