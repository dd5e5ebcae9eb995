"""Files that are there whole or not at all: written aside, then renamed."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

Progress = Callable[[str, int, int], None]
"""Called with (step, done, total); total 0 where it is not known."""


def silent(_step: str, _done: int, _total: int) -> None:
    """Show no progress."""


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to; it takes its name when the block ends, and vanishes where the block fails.

    Raises
    ------
    OSError
        If the folder is not there, or the disk does not take it; what was at ``path`` before stays.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        if error.filename == str(draft):  # nobody but us knows of the draft
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise
    finally:
        with suppress(NotADirectoryError):
            draft.unlink(missing_ok=True)
