"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from asmgraph.errors import NotFoundError

SIZE = 50

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Part(Generic[Entry]):
    """One page of a list.

    Attributes
    ----------
    number, pages
        Which page this is, from 1, and how many there are; an empty list has one.
    first
        Position of the first entry in the whole list, from 1.
    total
        Length of the whole list.
    """

    entries: Sequence[Entry]
    number: int
    pages: int
    first: int
    total: int

    @property
    def last(self) -> int:
        """Return the position of the last entry in the whole list."""
        return self.first + len(self.entries) - 1


def part(entries: Sequence[Entry], number: int, size: int = SIZE) -> Part[Entry]:
    """Return one page of a list.

    Raises
    ------
    NotFoundError
        If the list ends before it.

    Examples
    --------
    >>> part("abcde", 2, size=3)
    Part(entries='de', number=2, pages=2, first=4, total=5)
    """
    pages = max(1, -(-len(entries) // size))
    if number > pages:
        raise NotFoundError(f"There is no page {number}; the list has {pages}.", "Go to the first page.")
    first = (number - 1) * size
    return Part(entries[first : first + size], number, pages, first + 1, len(entries))
