"""The other side of ``workers``: a small process that has everything loaded and forks workers on demand.

It is told what to do by a socket: start a worker on the file descriptor that comes along, or kill one. It is
the parent of its workers, so a process id is never another's when it kills, and none stays a zombie; when its
socket closes, because the service has ended or was itself killed, it kills them all and ends.

``multiprocessing``'s fork server would run the main program again in each worker: slow to come back, and an
error where the main program is not prepared for it.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import signal
import socket
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType

from asmgraph.errors import AsmgraphError, QueryFailedError
from asmgraph.store.embedded import Answer, Dataset, EmbeddedStore, Limits, open_read_only

COMMAND = struct.Struct("!ci")
START, KILL = b"S", b"K"

_log = logging.getLogger(__name__)

_STACK_BYTES = (
    256 * 2**20
)  # everything that fits into 64 KiB of query text parses in it; 8 MiB do not suffice
_GRACE_S = 2.0


@dataclass(frozen=True)
class Request:
    """One query.

    Parameters
    ----------
    store
        Folder of the snapshot's store.
    accept
        Value of an HTTP Accept header.
    max_rows
        Fewer rows than the settings allow; ``None`` for as many.
    """

    store: Path
    text: str
    accept: str
    dataset: Dataset
    max_rows: int | None = None


@dataclass(frozen=True)
class Bounds:
    """What a worker may take: the limits of a query, its seconds, the memory of its process in MiB."""

    limits: Limits
    timeout_s: float
    memory_mb: int


def nurse() -> None:
    """Run the process: arguments are the number of the socket, and the bounds as JSON."""
    given = json.loads(sys.argv[2])
    bounds = Bounds(Limits(**given["limits"]), given["timeout_s"], given["memory_mb"])
    children: set[int] = set()

    def reap(_signal: int, _frame: FrameType | None) -> None:
        with suppress(ChildProcessError):
            while (pid := os.waitpid(-1, os.WNOHANG)[0]) > 0:
                children.discard(pid)

    for ended_by_the_socket in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ended_by_the_socket, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, reap)
    with socket.socket(fileno=int(sys.argv[1])) as control:
        while True:
            message, descriptors, _, _ = socket.recv_fds(control, COMMAND.size, 1)
            if len(message) < COMMAND.size:
                break
            command, pid = COMMAND.unpack(message)
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
            if command == START:
                children.add(_forked(control, descriptors[0], bounds))
            elif pid in children:
                os.kill(pid, signal.SIGKILL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for pid in children:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _forked(control: socket.socket, line: int, bounds: Bounds) -> int:
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            control.close()
            serve(line, bounds)
            status = 0
        finally:
            os._exit(status)
    os.close(line)
    with suppress(OSError):
        control.sendall(COMMAND.pack(START, pid))
    return pid


def serve(line: int, bounds: Bounds) -> None:
    """Answer requests until the line closes: the whole life of a worker."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _limit(resource.RLIMIT_STACK, _STACK_BYTES)
    _limit(resource.RLIMIT_CORE, 0)
    stores: dict[Path, EmbeddedStore] = {}
    with Connection(line) as connection:
        while True:
            try:
                request = connection.recv()
                # The nursery kills at the limit; should it be gone itself, the clock does.
                signal.setitimer(signal.ITIMER_REAL, bounds.timeout_s + _GRACE_S)
                reply = _reply(request, stores, bounds)
                signal.setitimer(signal.ITIMER_REAL, 0)
                connection.send(reply)
            except (EOFError, OSError):
                return


def _reply(request: Request, stores: dict[Path, EmbeddedStore], bounds: Bounds) -> Answer | AsmgraphError:
    """Evaluate, with the store of the last request open still if it is the same."""
    try:
        store = stores.get(request.store)
        if store is None or not store.is_current():
            stores.clear()
            _limit(resource.RLIMIT_DATA, resource.RLIM_INFINITY)
            store = stores[request.store] = open_read_only(request.store)
            # What an open store reserves, some 8 MiB of stack a thread, is not the query's.
            _limit(resource.RLIMIT_DATA, _reserved_bytes() + bounds.memory_mb * 2**20)
        limits = bounds.limits.at_most(request.max_rows)
        return store.query(request.text, request.accept, request.dataset, limits)
    except AsmgraphError as error:
        return error
    except MemoryError:
        os._exit(1)
    except Exception:
        _log.exception("a query failed in an unforeseen way")
        return QueryFailedError(
            "The query could not be evaluated.", "Please report it with the query's text."
        )


def _reserved_bytes() -> int:
    """Return what this process has reserved as private data; 0 where the system does not say."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmData:"):
                return int(line.split()[1]) * 1024
    return 0


def _limit(kind: int, value: int) -> None:
    """Set a soft limit, no higher than the hard one allows."""
    hard = resource.getrlimit(kind)[1]
    if value == resource.RLIM_INFINITY or hard != resource.RLIM_INFINITY:
        value = hard if value == resource.RLIM_INFINITY else min(value, hard)
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (value, hard))
