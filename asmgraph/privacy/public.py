"""Decide which graphs are part of the public dataset.

A version's statements lie in one graph a sensitivity (a field stricter than its source, or a row's part of
it, is a graph of its own), so the public dataset is a choice of graphs: what is not public is absent from
it, not filtered. Restricted sources are left out whole until their generalisation exists.
"""

from __future__ import annotations

from asmgraph.records import Sensitivity


def is_public(level: Sensitivity) -> bool:
    """Return whether a graph of this sensitivity enters the public dataset."""
    return level is Sensitivity.PUBLIC
