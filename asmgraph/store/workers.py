"""Run queries in processes of their own, so that none can stop the service: a pool of workers and its queue.

A request enters, an answer or one of the errors under ``QueryError`` leaves. A worker that passes the time
limit is killed and replaced; one that dies of memory or of a fault in the query engine is replaced. The store
has no time limit and no cancel of its own, and a fault in it ends the process it happens in.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import pickle
import socket
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from asmgraph.errors import AsmgraphError, QueryBusyError, QueryFailedError, QueryTimeoutError
from asmgraph.settings import Settings
from asmgraph.store.embedded import Answer, Limits
from asmgraph.store.nursery import COMMAND, KILL, START, Bounds, Request

__all__ = ["QueryPool", "Request"]

_log = logging.getLogger(__name__)

_RETRY_S = 1.0
_HEADER = struct.Struct("!i")  # as multiprocessing.connection writes it


class QueryPool:
    """Workers that evaluate queries; an asynchronous context manager.

    Examples
    --------
    ::

        async with QueryPool(settings) as pool:
            answer = await pool.run(Request(snapshot.store, text, "text/csv", Dataset(snapshot.graphs)))
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        limits = Limits.of(settings)
        self._nursery = _Nursery(Bounds(limits, settings.query_timeout_s, settings.worker_memory_mb))
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        self._workers: set[_Worker] = set()
        self._replacing: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._store: Path | None = None

    async def __aenter__(self) -> Self:
        try:
            for _ in range(self._settings.query_workers):
                await self._start()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    @property
    def pids(self) -> tuple[int, ...]:
        """Return the process ids of the living workers, sorted."""
        return tuple(sorted(worker.pid for worker in self._workers))

    async def run(self, request: Request) -> Answer:
        """Evaluate a query in a worker.

        Raises
        ------
        QueryBusyError
            If as many queries as may wait are waiting, or no worker came free within the time limit.
        QueryTimeoutError
            If it was stopped at the time limit.
        QueryFailedError
            If its worker died: too little memory, or a fault of the query engine.
        AsmgraphError
            Whatever :meth:`~asmgraph.store.embedded.EmbeddedStore.query` raises.
        """
        worker = await self._take()
        timeout_s = self._settings.query_timeout_s
        try:
            async with asyncio.timeout(timeout_s):
                reply = await worker.ask(request)
        except TimeoutError:
            self._replace(worker)
            raise QueryTimeoutError(
                f"The query was stopped after {timeout_s:g} seconds, the longest a query may take.",
                "Ask for less at once: fewer patterns without a shared variable, a narrower filter, a LIMIT.",
            ) from None
        except (EOFError, OSError):
            self._replace(worker)
            raise QueryFailedError(
                "The query was stopped: it needed more memory than the "
                f"{self._settings.worker_memory_mb:,} MiB a query may take, or was too complex to evaluate.",
                "Ask for less at once, or write it flatter.",
            ) from None
        except BaseException:  # cancelled, as the client has gone: the worker is still at it
            self._replace(worker)
            raise
        if self._store in (None, request.store):
            self._idle.put_nowait(worker)
        else:
            self._replace(worker)
        if isinstance(reply, AsmgraphError):
            raise reply
        return reply

    def renew(self, store: Path) -> None:
        """Say which store is the current one; a worker that holds another open is replaced.

        An idle one at once, a busy one after its answer, also to a query of the former that is asked later.
        """
        self._store = store
        while not self._idle.empty():
            self._replace(self._idle.get_nowait())

    async def _take(self) -> _Worker:
        """Return an idle, living worker; wait in the bounded queue where there is none."""
        while True:
            if self._idle.empty() and self._waiting >= self._settings.query_queue:
                raise QueryBusyError(
                    f"All workers are busy and {self._waiting} queries wait already.",
                    "Try again in a moment.",
                )
            self._waiting += 1
            try:
                async with asyncio.timeout(self._settings.query_timeout_s):
                    worker = await self._idle.get()
            except TimeoutError:
                raise QueryBusyError(
                    f"No worker came free within {self._settings.query_timeout_s:g} seconds.",
                    "Try again in a moment.",
                ) from None
            finally:
                self._waiting -= 1
            if worker.alive:
                return worker
            self._replace(worker)

    async def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                pid = await asyncio.to_thread(self._nursery.start, theirs)
                reader, writer = await asyncio.open_connection(sock=ours, limit=2**20)
            except BaseException:
                ours.close()
                raise
        worker = _Worker(pid, reader, writer)
        self._workers.add(worker)
        self._idle.put_nowait(worker)

    def _replace(self, worker: _Worker) -> None:
        """Kill at once, start another in the background."""
        self._nursery.kill(worker.pid)
        self._workers.discard(worker)
        task = asyncio.get_running_loop().create_task(self._restart(worker))
        self._replacing.add(task)
        task.add_done_callback(self._replacing.discard)

    async def _restart(self, dead: _Worker) -> None:
        await dead.close()
        while True:
            try:
                await self._start()
                return
            except OSError:
                _log.exception("a query worker does not start; trying again in %s s", _RETRY_S)
                await asyncio.sleep(_RETRY_S)

    async def _close(self) -> None:
        for task in self._replacing:
            task.cancel()
        await asyncio.gather(*self._replacing, return_exceptions=True)
        workers, self._workers = self._workers, set()
        await asyncio.gather(*(worker.close() for worker in workers))
        await asyncio.to_thread(self._nursery.close)


@dataclass(eq=False)
class _Worker:
    """The pool's end of the line to one worker process."""

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @property
    def alive(self) -> bool:
        """Say whether the process still holds its end of the line."""
        return not self.reader.at_eof() and not self.writer.is_closing()

    async def ask(self, request: Request) -> Answer | AsmgraphError:
        """Send a request, return what comes back; raises EOFError or OSError if the process dies."""
        message = pickle.dumps(request)
        self.writer.write(_HEADER.pack(len(message)) + message)
        await self.writer.drain()
        (size,) = _HEADER.unpack(await self.reader.readexactly(_HEADER.size))
        reply = pickle.loads(await self.reader.readexactly(size))  # noqa: S301 - our own process wrote it
        assert isinstance(reply, Answer | AsmgraphError)
        return reply

    async def close(self) -> None:
        self.writer.close()
        with suppress(OSError):
            await self.writer.wait_closed()


class _Nursery:
    """Starts and kills workers through :func:`~asmgraph.store.nursery.nurse`, which it starts when needed."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def start(self, line: socket.socket) -> int:
        """Start a worker on the other end of a line; return its process id. Blocks for some milliseconds.

        Raises
        ------
        OSError
            If no process can be started.
        """
        with self._lock:
            for _ in range(2):  # a nursery that has died meanwhile is noticed here, and started again
                control = self._control or self._open()
                with suppress(OSError):
                    socket.send_fds(control, [COMMAND.pack(START, 0)], [line.fileno()])
                    reply = control.recv(COMMAND.size)
                    if len(reply) == COMMAND.size:
                        pid: int = COMMAND.unpack(reply)[1]
                        return pid
                self._end()
        raise ConnectionError("the process that starts query workers dies")

    def kill(self, pid: int) -> None:
        """Kill a worker, if it lives; a worker whose nursery has died ends by its own clock."""
        control = self._control
        if control is not None:
            with suppress(OSError):
                control.sendall(COMMAND.pack(KILL, pid))

    def close(self) -> None:
        """End the nursery, and with it every worker; wait until they are gone."""
        with self._lock:
            self._end()

    def _open(self) -> socket.socket:
        self._control, theirs = socket.socketpair()
        bounds = {
            "limits": asdict(self._bounds.limits),
            "timeout_s": self._bounds.timeout_s,
            "memory_mb": self._bounds.memory_mb,
        }
        code = "from asmgraph.store.nursery import nurse; nurse()"
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                [sys.executable, "-c", code, str(theirs.fileno()), json.dumps(bounds)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        return self._control

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.wait()
            self._process = None
