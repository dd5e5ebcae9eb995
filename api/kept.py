"""Bodies of answers that are the same for everybody, kept while they are asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock


class Kept:
    """The bodies last asked for, up to so many bytes in all.

    >>> kept = Kept(limit_bytes=5)
    >>> kept("a", lambda: b"one"), kept("a", lambda: b"another"), kept("b", lambda: b"two"), len(kept)
    (b'one', b'one', b'two', 1)
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._size_bytes = 0
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def __call__(self, key: str, build: Callable[[], bytes]) -> bytes:
        """Return the body kept under a key, else build it; two that ask at once may both build."""
        with self._lock:
            if key in self._bodies:
                self._bodies.move_to_end(key)
                return self._bodies[key]
        body = build()
        with self._lock:
            self._size_bytes += len(body) - len(self._bodies.pop(key, b""))
            self._bodies[key] = body
            while self._size_bytes > self._limit_bytes:
                self._size_bytes -= len(self._bodies.popitem(last=False)[1])
        return body

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._bodies)
