"""A running server takes up what is published, and shows what the command line shows."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from api import app as service
from asmgraph import pipeline, settings, versions
from asmgraph.analysis import KINDS
from asmgraph.cli import app
from asmgraph.store import snapshots
from tests.conftest import Server

ASM = "https://w3id.org/asmgraph/ontology#"


@pytest.fixture
def served(starter_home: Path, tmp_path: Path) -> Iterator[tuple[Path, httpx.Client]]:
    home = tmp_path / "home"
    shutil.copytree(starter_home, home, symlinks=True)
    server = Server(home)
    with httpx.Client(base_url=server.url, timeout=60) as client:
        yield home, client
    server.close()


def count(client: httpx.Client, pattern: str) -> int:
    answer = client.get(
        "/sparql",
        params={"query": f"PREFIX asm: <{ASM}> SELECT (COUNT(*) AS ?n) {{ {pattern} }}"},
        headers={"Accept": "application/sparql-results+json"},
    )
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


@pytest.mark.external
def test_published_visits_are_counted_over_http_without_a_restart(
    served: tuple[Path, httpx.Client], external_data: Path
) -> None:
    home, client = served
    chosen = settings.load(home=home)
    assert count(client, "?v a asm:SiteVisit") == 0
    pipeline.ingest(chosen, "ipis", external_data / "ipis-drc-mines" / "ipis_cod_mines.csv")
    assert count(client, "?v a asm:SiteVisit") == 0
    pipeline.publish(chosen)
    assert count(client, "?v a asm:SiteVisit") == 4230
    assert count(client, "?s a asm:MineSite") == 2455
    assert count(client, "?o a asm:ArmedPresenceObservation") == 0
    assert count(client, "?v asm:armedPresence ?o") == 0


@pytest.mark.parametrize("as_of", ["latest-covered", "2015-06-30"])
def test_the_page_and_the_command_list_the_same_gaps(
    live_server: str, starter_home: Path, as_of: str
) -> None:
    shown = httpx.get(f"{live_server}/gaps.json?place=COD&as_of={as_of}", timeout=60).json()
    chosen = ["gaps", "list", "--place", "COD", "--as-of", as_of, "--json", "--home", str(starter_home)]
    said = json.loads(CliRunner().invoke(app, chosen).output)
    assert {gap["gap_iri"] for gap in shown["gaps"]} == {gap["gap_iri"] for gap in said["gaps"]}
    kinds = {gap["kind"] for gap in said["gaps"]}
    assert len(kinds) > 2 and kinds <= set(KINDS)


@pytest.mark.parametrize("path", ["/", "/gaps", "/interventions", "/sparql", "/docs"])
def test_the_doors_answer(live_server: str, path: str) -> None:
    answer = httpx.get(live_server + path, headers={"Accept": "text/html"}, timeout=60)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


def test_what_a_server_could_not_open_once_is_looked_at_again(
    starter_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where it had too many files open: else a thing that was taken down would stay served."""
    home = tmp_path / "home"
    shutil.copytree(starter_home, home, symlinks=True)
    former = snapshots.current(home)
    lacks, taken = [OSError(24, "Too many open files")], list[snapshots.Snapshot]()

    def lacking(home: Path) -> snapshots.Snapshot:
        if lacks:
            raise lacks.pop()
        return snapshots.current(home)

    async def watch() -> None:
        published = service.Published(home, taken.append)
        assert (await published()).number == former.number
        monkeypatch.setattr(service, "current", lacking)
        watching = asyncio.create_task(published.watch())
        await asyncio.to_thread(publish_demo, home)
        assert (await published()).number == former.number
        async with asyncio.timeout(30):
            while (await published()).number == former.number:
                await asyncio.sleep(0.05)
        watching.cancel()

    monkeypatch.setattr(service, "_LOOK_S", 0.1)
    asyncio.run(watch())
    assert [one.number for one in taken] == [former.number, snapshots.published_number(home)]


def publish_demo(home: Path) -> None:
    """Publish one more source, of one statement."""
    folder = home / "sources" / "demo"
    folder.mkdir(parents=True)
    (folder / "source.yml").write_text(
        "name: demo\ntitle: Demo\npublisher: Nobody\nlicence: CC0-1.0\nurl: https://example.org/\n"
        "format: rdf\nsensitivity: public\n"
    )
    (folder / "demo.ttl").write_text("<http://e.org/s> <http://e.org/p> <http://e.org/o> .\n")
    pipeline.ingest(settings.load(home=home), "demo", folder / "demo.ttl")
    pipeline.publish(settings.load(home=home))


def test_a_server_leaves_former_snapshots_by_itself(served: tuple[Path, httpx.Client]) -> None:
    """Pages, gaps, names and workers keep much by snapshot; none of it holds a former one open."""
    home, client = served
    chosen = settings.load(home=home)
    for path in ("/", "/gaps", "/interventions", "/catalog", "/places", "/organisations"):
        client.get(path, headers={"Accept": "text/html"})
    assert count(client, "?v a asm:Organisation") > 0
    former = snapshots.published_number(home)
    publish_demo(home)
    done = versions.withdraw(chosen, "demo", forget=True)
    assert done.still_read == ()
    assert {former, former + 1} <= {*done.removed}
    assert count(client, "?v a asm:Organisation") > 0
