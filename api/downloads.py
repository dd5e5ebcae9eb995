"""The files of the published release, made in the background when they are first asked for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from threading import Event, Lock, Thread

from asmgraph.export import downloads
from asmgraph.export.downloads import Download
from asmgraph.store.snapshots import Snapshot

_log = logging.getLogger(__name__)

_PATIENCE_S = 5.0
"""How long a request waits for files that are being made."""


class _Making:
    """The files of one snapshot, from when they are asked for; ``files`` is ``None`` until they are there."""

    def __init__(self, snapshot: Snapshot, publisher: str) -> None:
        # The snapshot itself is not kept: one that must go is not to be held open by this.
        self.state = _state(snapshot)
        self.files: Mapping[str, Download] | None = downloads.made(snapshot, publisher)
        self.done = Event()
        if self.files is not None:
            self.done.set()
            return
        Thread(target=self._make, args=(snapshot, publisher), name="downloads", daemon=True).start()

    def _make(self, snapshot: Snapshot, publisher: str) -> None:
        try:
            self.files = downloads.make(snapshot, publisher)
        except Exception:
            _log.exception("the files to download cannot be made")
        finally:
            self.done.set()


class Downloads:
    """Called with a snapshot, gives its files by name; ``None`` while they are being made, or cannot be."""

    def __init__(self, publisher: str) -> None:
        self._publisher = publisher
        self._lock = Lock()
        self._making: _Making | None = None

    def __call__(self, snapshot: Snapshot) -> Mapping[str, Download] | None:
        """Return the files of a snapshot; where they are not there, begin to make them and wait a little."""
        with self._lock:
            making = self._making
            if (
                making is None
                or making.state != _state(snapshot)
                or (making.done.is_set() and not making.files)
            ):
                making = self._making = _Making(snapshot, self._publisher)
        making.done.wait(_PATIENCE_S)
        return making.files


def _state(snapshot: Snapshot) -> tuple[object, ...]:
    return snapshot.path, snapshot.hash, snapshot.published
