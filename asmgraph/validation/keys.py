"""Where a key was first seen, in sixteen bytes a key whatever its text.

A key is kept as a hash of eight bytes, sorted, beside the number of its row. Of a million different keys two have the
same hash in less than one file in ten million.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]


class Keys:
    """The keys seen so far, and the first row of each."""

    def __init__(self) -> None:
        self._hashes: Hashes = np.empty(0, dtype=np.uint64)
        self._rows: Rows = np.empty(0, dtype=np.int64)

    def firsts(self, hashes: Hashes, rows: Rows) -> Rows:
        """Take the keys of some more rows, in order; return for each the row in which its key was seen first."""
        keys, index, inverse = np.unique(hashes, return_index=True, return_inverse=True)
        first = rows[index]
        at = np.searchsorted(self._hashes, keys)
        known = np.zeros(len(keys), dtype=np.bool_)
        inside = at < len(self._hashes)
        known[inside] = self._hashes[at[inside]] == keys[inside]
        first[known] = self._rows[at[known]]
        self._hashes = np.insert(self._hashes, at[~known], keys[~known])
        self._rows = np.insert(self._rows, at[~known], first[~known])
        return first[inverse]
