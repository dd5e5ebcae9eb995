"""Real processes throughout: what is killed here is killed for real."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from asmgraph.errors import (
    AsmgraphError,
    QueryBusyError,
    QueryFailedError,
    QuerySyntaxError,
    QueryTimeoutError,
    SnapshotDamagedError,
)
from asmgraph.settings import Settings
from asmgraph.store.embedded import Dataset
from asmgraph.store.snapshots import Snapshot
from asmgraph.store.workers import QueryPool, Request
from tests.store.homes import GRAPH, labels, published

A = f"{GRAPH}a"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
GREEDY = (
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"  # 200^3 rows must be held to be sorted
)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return published(tmp_path_factory.mktemp("home"), {A: labels("a", 200)})


def in_pool(use: Callable[[QueryPool], Coroutine[Any, Any, None]], **settings: Any) -> None:
    async def run() -> None:
        given = {"query_workers": 2, "query_timeout_s": 20.0, "worker_memory_mb": 256} | settings
        async with QueryPool(Settings(**given)) as pool:
            await use(pool)

    asyncio.run(run())


async def count(pool: QueryPool, snapshot: Snapshot) -> bytes:
    text = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    answer = await pool.run(Request(snapshot.store, text, "text/csv", Dataset(snapshot.graphs)))
    return answer.body


def asking(snapshot: Snapshot, text: str) -> Request:
    return Request(snapshot.store, text, "", Dataset(snapshot.graphs))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


def children(pid: int) -> dict[int, str]:
    """Return the state of each child process by id."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = status.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == pid:
            found[int(status.parent.name)] = state
    return found


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_many_queries_are_answered_at_once(snapshot: Snapshot) -> None:
    async def use(pool: QueryPool) -> None:
        bodies = await asyncio.gather(*(count(pool, snapshot) for _ in range(50)))
        assert set(bodies) == {b"n\r\n200\r\n"}

    in_pool(use)


def test_errors_come_back_as_they_were_raised(snapshot: Snapshot) -> None:
    async def use(pool: QueryPool) -> None:
        with pytest.raises(QuerySyntaxError, match="Line 1, column 6") as found:
            await pool.run(asking(snapshot, "ASK {"))
        assert found.value.hint
        with pytest.raises(SnapshotDamagedError):
            await pool.run(Request(snapshot.path / "none", "ASK {}", "", Dataset(())))

    in_pool(use)


def test_a_large_answer_arrives_whole(snapshot: Snapshot) -> None:
    async def use(pool: QueryPool) -> None:
        text = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
        answer = await pool.run(asking(snapshot, text))
        assert len(answer.body) > 5_000_000
        assert answer.body.count(b'"a"') == 40_000 + 1
        assert not answer.truncated

    in_pool(use)


def test_fewer_rows_can_be_asked_for(snapshot: Snapshot) -> None:
    async def use(pool: QueryPool) -> None:
        dataset = Dataset(snapshot.graphs)
        answer = await pool.run(Request(snapshot.store, "SELECT * { ?s ?p ?o }", "text/csv", dataset, 5))
        assert (answer.body.count(b"\r\n"), answer.truncated) == (6, "rows")

    in_pool(use)


def test_a_query_is_stopped_at_the_time_limit_and_others_go_on(snapshot: Snapshot) -> None:
    async def use(pool: QueryPool) -> None:
        endless = asyncio.create_task(pool.run(asking(snapshot, ENDLESS)))
        while not endless.done():
            assert await count(pool, snapshot) == b"n\r\n200\r\n"
            await asyncio.sleep(0.02)
        with pytest.raises(QueryTimeoutError, match=r"stopped after 0\.5 seconds"):
            await endless
        await until(lambda: len(pool.pids) == 2)
        assert await count(pool, snapshot) == b"n\r\n200\r\n"

    in_pool(use, query_timeout_s=0.5)


def test_a_stopped_worker_is_gone_and_leaves_no_zombie(snapshot: Snapshot) -> None:
    async def use(pool: QueryPool) -> None:
        before = pool.pids
        nursery = parent_of(before[0])
        assert len(list(Path(f"/proc/{nursery}/task").iterdir())) == 1  # forking with threads would be unsafe
        with pytest.raises(QueryTimeoutError):
            await pool.run(asking(snapshot, ENDLESS))
        await until(lambda: len(pool.pids) == 2 and set(children(nursery)) == set(pool.pids))
        assert len(set(before) & set(pool.pids)) == 1
        assert "Z" not in children(nursery).values()

    in_pool(use, query_timeout_s=0.3)


def test_a_query_beyond_the_memory_limit_fails_in_words_and_others_go_on(snapshot: Snapshot) -> None:
    async def use(pool: QueryPool) -> None:
        with pytest.raises(QueryFailedError, match="128 MiB"):
            await pool.run(asking(snapshot, GREEDY))
        assert await count(pool, snapshot) == b"n\r\n200\r\n"

    in_pool(use, worker_memory_mb=128)


def test_workers_that_die_idle_are_replaced_before_anybody_notices(snapshot: Snapshot) -> None:
    async def use(pool: QueryPool) -> None:
        before = pool.pids
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(0.1)
        assert await count(pool, snapshot) == b"n\r\n200\r\n"
        await until(lambda: len(pool.pids) == 2 and not set(before) & set(pool.pids))

    in_pool(use)


def test_the_process_that_starts_workers_is_itself_started_again(snapshot: Snapshot) -> None:
    async def use(pool: QueryPool) -> None:
        nursery = parent_of(pool.pids[0])
        for pid in (nursery, *pool.pids):
            os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(0.1)
        assert await count(pool, snapshot) == b"n\r\n200\r\n"

    in_pool(use)


def test_too_many_waiting_queries_are_turned_away(snapshot: Snapshot) -> None:
    async def use(pool: QueryPool) -> None:
        tasks = [asyncio.create_task(pool.run(asking(snapshot, ENDLESS))) for _ in range(4)]
        found = await asyncio.gather(*tasks, return_exceptions=True)
        busy = [error for error in found if isinstance(error, QueryBusyError)]
        assert any("2 queries wait" in str(error) for error in busy)
        assert all(isinstance(error, AsmgraphError) for error in found)

    in_pool(use, query_workers=1, query_queue=2, query_timeout_s=0.5)


def test_a_client_that_goes_frees_its_worker(snapshot: Snapshot) -> None:
    async def use(pool: QueryPool) -> None:
        endless = asyncio.create_task(pool.run(asking(snapshot, ENDLESS)))
        await asyncio.sleep(0.2)
        endless.cancel()
        with pytest.raises(asyncio.CancelledError):
            await endless
        async with asyncio.timeout(60):
            assert await count(pool, snapshot) == b"n\r\n200\r\n"

    in_pool(use, query_workers=1, query_timeout_s=3_600.0)


def test_a_new_snapshot_is_taken_up_by_running_workers(snapshot: Snapshot, tmp_path: Path) -> None:
    async def use(pool: QueryPool) -> None:
        newer = published(tmp_path / "home", {A: labels("a", 7)})
        for _ in range(4):
            assert await count(pool, snapshot) == b"n\r\n200\r\n"
            assert await count(pool, newer) == b"n\r\n7\r\n"

    in_pool(use)


def test_no_worker_holds_a_former_snapshot_open(snapshot: Snapshot, tmp_path: Path) -> None:
    """Neither one that was idle when the pool was told, nor one that was asked of it afterwards."""

    def held(pool: QueryPool) -> set[str]:
        links = [link for pid in pool.pids for link in Path(f"/proc/{pid}/fd").iterdir()]
        return {str(link.readlink()) for link in links if link.is_symlink()}

    async def use(pool: QueryPool) -> None:
        newer = published(tmp_path / "home", {A: labels("a", 7)})
        await count(pool, snapshot)
        assert str(snapshot.path) in held(pool)
        pool.renew(newer.store)
        assert await count(pool, snapshot) == b"n\r\n200\r\n"
        assert await count(pool, newer) == b"n\r\n7\r\n"
        await until(lambda: len(pool.pids) == 2)
        assert str(snapshot.path) not in held(pool)

    in_pool(use)


def test_a_closed_pool_leaves_neither_processes_nor_descriptors(snapshot: Snapshot) -> None:
    pids: list[int] = []

    async def use(pool: QueryPool) -> None:
        pids.extend((parent_of(pool.pids[0]), *pool.pids))
        await count(pool, snapshot)
        endless = asyncio.create_task(pool.run(asking(snapshot, ENDLESS)))
        await asyncio.sleep(0.1)
        endless.cancel()
        await asyncio.gather(endless, return_exceptions=True)

    in_pool(use)  # the first use opens what the interpreter keeps open
    pids.clear()
    before = len(list(Path("/proc/self/fd").iterdir()))
    in_pool(use)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert len(pids) == 3
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
