"""Find spellings of one value: texts that fall together once capitals, accents, signs and order are set aside.

The key-collision methods of OpenRefine, https://openrefine.org/docs/technical-reference/clustering-in-depth:
*fingerprint* finds other capitals, accents, punctuation and order of words; *n-gram fingerprint* also finds other word
breaks and some slips. Both only propose; a person decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_SIGNS = re.compile(r"[^\w\s]|_")
_N = 2


@dataclass(frozen=True)
class Proposal:
    """Values that fall together, the most frequent first, each with the number of its cells."""

    key: str
    values: tuple[tuple[str, int], ...]

    @property
    def chosen(self) -> str:
        """Return the value that the others would become: the most frequent one."""
        return self.values[0][0]


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
        Proposal(key, tuple(sorted(values, key=lambda one: (-one[1], one[0]))))
        for key, values in groups.items()
        if len(values) > 1
    ]
    return sorted(found, key=lambda proposal: (-sum(count for _, count in proposal.values), proposal.key))


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.strip().casefold())
    return _SIGNS.sub("", "".join(sign for sign in apart if not unicodedata.combining(sign)))
