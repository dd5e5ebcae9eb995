"""Open a snapshot's store for reading, and keep its folder in place for as long as it is open.

RocksDB reads files when it needs them: one removed under an open store ends in allocations without end. So
whoever reads holds a shared lock on the snapshot's folder, and whoever clears away needs it alone.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from pyoxigraph import Store

from asmgraph.errors import SnapshotDamagedError


class Reading:
    """A store, open read-only, that nobody clears away while this object lives.

    Parameters
    ----------
    path
        Folder of the store, in the folder of its snapshot.

    Raises
    ------
    SnapshotDamagedError
        If it is not there, is being cleared away, or does not open.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        name = path.parent.name
        try:
            self._folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise SnapshotDamagedError(f"The store of {name} does not open: {error}.") from None
        try:
            fcntl.flock(self._folder, fcntl.LOCK_SH | fcntl.LOCK_NB)
            if not self.is_current():
                raise FileNotFoundError(f"{name} was cleared away")
            self.store = Store.read_only(str(path))
        except OSError as error:
            raise SnapshotDamagedError(f"The store of {name} does not open: {error}.") from None

    def is_current(self) -> bool:
        """Say whether the path still leads to what is open: a home may have been built anew."""
        try:
            return os.path.samestat(self.path.parent.stat(), os.fstat(self._folder))
        except OSError:
            return False

    def __del__(self) -> None:
        with suppress(OSError, AttributeError):
            os.close(self._folder)


def remove_unread(folder: Path, aside: Path) -> bool:
    """Move a snapshot's folder aside unless somebody reads it; return whether it was moved."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        folder.replace(aside)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True
