"""Sorted files of lines, looked into without reading them whole: where a line would stand, what two of them differ in.

Lines are bytes, sorted by their bytes, each with a line feed behind it. A file is mapped into memory, so that what is
read is what is looked at, and the system takes it back when it needs the room.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

Content = mmap.mmap | bytes
Span = tuple[Content, int, int]
"""A file and the bytes in it where some whole lines begin and end."""
_LEAST, _MOST = 2**6, 2**20
"""Bytes that are compared at a time: few at first, more the longer nothing differs."""


@contextmanager
def opened(file: Path) -> Iterator[Content]:
    """Give the content of a file."""
    with file.open("rb") as source:
        if not os.fstat(source.fileno()).st_size:  # nothing can be mapped
            yield b""
            return
        with mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as content:
            yield content


def place(content: Content, wanted: bytes, begin: int = 0) -> int:
    r"""Return where the first line from ``begin`` on begins that does not come before ``wanted``, or where all end.

    Examples
    --------
    >>> place(b"a\nbb\nc\n", b"b")
    2
    """
    low, high = begin, len(content)
    while low < high:
        middle = max(low, content.rfind(b"\n", low, (low + high) // 2) + 1)
        end = _end(content, middle)
        if content[middle:end] < wanted:
            low = min(end + 1, len(content))
        else:
            high = middle
    return low


def beginning_with(content: Content, starts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield for each of some bytes, which are sorted, the lines that begin with them."""
    begin = 0
    for start in starts:
        begin = end = place(content, start, begin)
        while end < len(content) and content[end : end + len(start)] == start:
            end = _end(content, end) + 1
        yield content[begin:end]


def differing(one: Span, other: Span) -> tuple[list[bytes], list[bytes]]:
    """Return the lines, without line ends, that only the one span has, and those that only the other has."""
    (left, i, left_end), (right, j, right_end) = one, other
    left_only: list[bytes] = []
    right_only: list[bytes] = []
    while i < left_end and j < right_end:
        alike = _alike(left, i, right, j, min(left_end - i, right_end - j))
        whole = max(0, left.rfind(b"\n", i, i + alike) + 1 - i)  # lines that are alike to their ends
        i, j = i + whole, j + whole
        while i < left_end and j < right_end:
            mine, theirs = left[i : _end(left, i)], right[j : _end(right, j)]
            if mine == theirs:
                i, j = i + len(mine) + 1, j + len(theirs) + 1
                break
            if mine < theirs:
                left_only.append(mine)
                i += len(mine) + 1
            else:
                right_only.append(theirs)
                j += len(theirs) + 1
    return left_only + _lines(left[i:left_end]), right_only + _lines(right[j:right_end])


def _alike(left: Content, i: int, right: Content, j: int, most: int) -> int:
    """Return for how many bytes, up to ``most``, the contents are alike from two places on."""
    alike, size = 0, _LEAST
    while True:
        end = min(alike + size, most)
        if left[i + alike : i + end] != right[j + alike : j + end]:
            break
        if end == most:
            return most
        alike, size = end, min(2 * size, _MOST)
    while size > 1:
        size //= 2
        end = min(alike + size, most)
        if left[i + alike : i + end] == right[j + alike : j + end]:
            alike = end
    return alike


def _end(content: Content, begin: int) -> int:
    """Return where the line that begins there ends."""
    found = content.find(b"\n", begin)
    return len(content) if found < 0 else found


def _lines(content: bytes) -> list[bytes]:
    return content.removesuffix(b"\n").split(b"\n") if content else []
