"""Which counts of a table stay hidden: the small ones, and those from which a small one could be worked out.

After the usual rules of statistical offices: primary suppression below a threshold, then secondary suppression
until no small count can be had by subtraction (Hundepool et al., Handbook on Statistical Disclosure Control,
2nd edition, 2024, chapter 4). Never noise: what is published is true.
"""

from __future__ import annotations

from collections.abc import Mapping

THRESHOLD = 10
"""The smallest count that is published as it is; zero is, too."""


def small(count: float) -> bool:
    """Say whether a count is one to nine."""
    return 0 < count < THRESHOLD


def hidden(cells: Mapping[str, int]) -> tuple[frozenset[str], frozenset[str]]:
    """Say which parts of a known total stay hidden.

    Parameters
    ----------
    cells
        Counts of people or sites by name, which add up to a total that a reader has or can have.

    Returns
    -------
    tuple of frozenset
        The small cells, and those hidden to protect them. Where both together hide fewer than two cells, or
        add up to a small count, no cell is left that could protect them: the total must then stay hidden too.

    Notes
    -----
    A cell is chosen to protect others by size, the smallest first, then by name: the same table always gives
    the same answer, so a second publication tells nothing new.

    Examples
    --------
    >>> hidden({"yes": 3, "no": 40, "not asked": 0})
    (frozenset({'yes'}), frozenset({'no'}))
    >>> hidden({"yes": 12, "no": 40})
    (frozenset(), frozenset())
    """
    first = frozenset(name for name, count in cells.items() if small(count))
    if not first:
        return first, frozenset()
    second: set[str] = set()
    rest = sorted((count, name) for name, count in cells.items() if count and name not in first)
    for _, name in rest:
        if _protected(cells, first | second):
            break
        second.add(name)
    return first, frozenset(second)


def total_hidden(cells: Mapping[str, int]) -> bool:
    """Say whether the total of the cells would reveal a small one although all that can be hidden is."""
    first, second = hidden(cells)
    return bool(first) and not _protected(cells, first | second)


def _protected(cells: Mapping[str, int], out: frozenset[str] | set[str]) -> bool:
    return len(out) > 1 and sum(cells[name] for name in out) >= THRESHOLD
