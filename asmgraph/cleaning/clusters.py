"""Find spellings of one value: texts that fall together once capitals, accents, signs and order are set aside.

The key-collision methods of OpenRefine, https://openrefine.org/docs/technical-reference/clustering-in-depth:
*fingerprint* finds other capitals, accents, punctuation and order of words; *n-gram fingerprint* also finds other word
breaks and some slips. Both only propose; a person decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from asmgraph.errors import SourceError

_SIGNS = re.compile(r"[^\w\s]|_")
_N = 2


@dataclass(frozen=True)
class Proposal:
    """Values that fall together, the most frequent first, each with the number of its cells.

    ``chosen`` is the value that the others would become.
    """

    key: str
    values: tuple[tuple[str, int], ...]
    chosen: str


def fingerprint(text: str) -> str:
    """Return the words of ``text``, each once and sorted, without capitals, accents and signs.

    Examples
    --------
    >>> fingerprint("Société, Minière  du KIVU")
    'du kivu miniere societe'
    """
    return " ".join(sorted(set(_plain(text).split())))


def ngram_fingerprint(text: str) -> str:
    """Return the pairs of letters of ``text``, each once and sorted, without spaces, capitals, accents and signs.

    Examples
    --------
    >>> ngram_fingerprint("Uni ted") == ngram_fingerprint("United")
    True
    """
    letters = re.sub(r"\s+", "", _plain(text))
    return "".join(sorted({letters[place : place + _N] for place in range(len(letters) - _N + 1)})) or letters


METHODS: Mapping[str, Callable[[str], str]] = {
    "fingerprint": fingerprint,
    "ngram-fingerprint": ngram_fingerprint,
}


def propose(counts: Mapping[str, int], method: str = "fingerprint") -> list[Proposal]:
    """Return the groups of two or more values that share a key, those with the most cells first.

    Of each the most frequent value is chosen.

    Parameters
    ----------
    counts
        How many cells hold each value.
    method
        One of :data:`METHODS`.
    """
    groups: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for value, count in counts.items():
        key = METHODS[method](value)
        if key:
            groups[key].append((value, count))
    found = [
        Proposal(key, tuple(ranked), ranked[0][0])
        for key, values in groups.items()
        if len(ranked := sorted(values, key=lambda one: (-one[1], one[0]))) > 1
    ]
    return sorted(found, key=lambda proposal: (-sum(count for _, count in proposal.values), proposal.key))


def choose(proposals: Sequence[Proposal], values: Iterable[str]) -> list[Proposal]:
    """Return the proposals, each group with the one of ``values`` that it holds as its chosen value.

    Raises
    ------
    SourceError
        If a value is in no group, or a group holds two of them.
    """
    wanted = list(dict.fromkeys(values))
    held = [[value for value in wanted if value in dict(one.values)] for one in proposals]
    if missing := set(wanted).difference(*held):
        raise SourceError(
            f"{min(missing)!r} is in no group of values that look alike.",
            "Choose a value as a group shows it, capitals and accents included. Groups are made after the saved steps;"
            " a word that no cell has is written by 'asmgraph clean edit'.",
        )
    if twice := next((some for some in held if len(some) > 1), None):
        raise SourceError(f"{twice[0]!r} and {twice[1]!r} are in one group.", "Choose one of them.")
    return [replace(one, chosen=some[0]) if some else one for one, some in zip(proposals, held, strict=True)]


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.strip().casefold())
    return _SIGNS.sub("", "".join(sign for sign in apart if not unicodedata.combining(sign)))
