"""What is not public never leaves: every route is walked, every file of the public snapshot read.

Canaries stand in two closed sources, in confidential fields, as text and as address, at both ends of what is
said of public things; in the names, villages and addresses of restricted sites that are published generalised, and the
texts of a public source that are confidential by their term; in a source that was published and then closed; and in a
public thing that was taken down.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pytest
from fastapi.routing import APIRoute
from pyoxigraph import NamedNode
from starlette.routing import Route
from typer.testing import CliRunner

import asmgraph
from api.app import create_app
from api.routes import routers
from asmgraph import pipeline, runs, settings
from asmgraph.analysis import Parameters
from asmgraph.cli import app
from asmgraph.export import release
from asmgraph.export.formats import FORMS
from asmgraph.records import VOCAB
from asmgraph.store import gap_runs, snapshots
from asmgraph.takedown import take_down
from tests.conftest import Server
from tests.privacy.closed import Visit, ingest, turtle

TOKEN = "CANARY-5e1f"
SLUG = "kanari-9b2e"
"""In the addresses of restricted sites, which must not be public either."""
ID = "https://w3id.org/asmgraph/id/"
PREFIXES = (
    "@prefix asm: <https://w3id.org/asmgraph/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "
    "@prefix dcterms: <http://purl.org/dc/terms/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
    f'<{ID}source/canary> a asm:SourceDocument ; rdfs:label "A page {TOKEN}" ; asm:accessed "2026-01-01"^^xsd:date . '
)
CLOSED = PREFIXES + (
    f'<{ID}actor/canary-NAME> a asm:Organisation ; rdfs:label "{TOKEN} NAME" ; dcterms:source <{ID}source/canary> . '
    f'<{ID}intervention/canary-NAME> a asm:Intervention ; rdfs:label "{TOKEN} NAME" ; '
    f"asm:place <{ID}place/COD> ; asm:theme <https://w3id.org/asmgraph/vocab/intervention-type/mercury> ; "
    f'asm:startDate "2015"^^xsd:gYear ; asm:endDate "2024"^^xsd:gYear ; dcterms:source <{ID}source/canary> . '
    f'<{ID}participation/canary-NAME> a asm:Participation ; rdfs:label "{TOKEN} NAME" ; '
    f"asm:participant <{ID}actor/canary-NAME> ; asm:participatesIn <{ID}intervention/canary-NAME> ; "
    "asm:role <https://w3id.org/asmgraph/vocab/participation-role/implementing> ; "
    f"dcterms:source <{ID}source/canary> . "
    # Public things as objects: their pages, and what is inferred of them, must not tell of it.
    f'<{ID}participation/canary-guest-NAME> a asm:Participation ; rdfs:label "{TOKEN} NAME" ; '
    f"asm:participant <{ID}actor/open-guest> ; asm:participatesIn <{ID}intervention/canary-NAME> ; "
    "asm:role <https://w3id.org/asmgraph/vocab/participation-role/funding> ; "
    f"dcterms:source <{ID}source/canary> . "
    f'<{ID}tie/canary-NAME> a asm:CoordinationTie ; rdfs:label "{TOKEN} NAME" ; '
    f"asm:party <{ID}actor/open-guest>, <{ID}actor/canary-NAME> ; "
    f"asm:tieKind <{VOCAB}tie-kind/partnership> ; dcterms:source <{ID}source/canary> . "
)
OPEN = PREFIXES.replace(TOKEN, "in the open").replace("source/canary", "source/guests") + "".join(
    f'<{ID}actor/{slug}> a asm:Organisation ; rdfs:label "{name}" ; dcterms:source <{ID}source/guests> . '
    for slug, name in (("open-guest", "Open guest"), ("open-gone", f"{TOKEN} gone"))
)
TURNED = PREFIXES.replace("source/canary", "source/turned") + (
    f'<{ID}actor/{SLUG}-turned> a asm:Organisation ; rdfs:label "{TOKEN}" ; dcterms:source <{ID}source/turned> . '
)
"""Public first, and then nobody's to read."""
GONE = f"{ID}actor/open-gone"


def describe(folder: Path, name: str, form: str, extra: str) -> Path:
    """Write a source description into a home's ``sources`` folder."""
    target = folder / "sources" / name
    target.mkdir(parents=True)
    (target / "source.yml").write_text(
        f"name: {name}\ntitle: A source called {name}\npublisher: The tests\nlicence: CC0-1.0\n"
        f"url: https://example.org/\nformat: {form}\n{extra}"
    )
    return target


@pytest.fixture(scope="module")
def home(starter_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("canary") / "home"
    shutil.copytree(starter_home, home, symlinks=True)
    chosen = settings.load(home=home)
    ingest(home, "guests", OPEN, "public")
    ingest(home, "turned", TURNED, "public")
    pipeline.publish(chosen)
    assert TOKEN.encode() in public_bytes(home)
    ingest(home, "turned", TURNED, "")
    for name, sensitivity in (("restricted", "sensitivity: restricted\n"), ("unmarked", "")):
        source = describe(home, name, "rdf", sensitivity)
        (source / "data.ttl").write_text(CLOSED.replace("NAME", name))
        pipeline.ingest(chosen, name, source / "data.ttl")
    field = describe(
        home,
        "field",
        "csv",
        "sensitivity: public\ntables:\n  rows:\n    file: rows.csv\n    key: [slug]\n    columns:\n"
        "      slug: { type: identifier }\n      name: {}\n      secret: { sensitivity: confidential }\n"
        "      word: { sensitivity: confidential, lookup: [words] }\nlookups: { words: { one: mineral/gold } }\n",
    )
    (field / "rows.csv").write_text(f"slug,name,secret,word\nopen-actor,Open actor,{TOKEN},{TOKEN}\n")
    (field / "mapping.yml").write_text(
        "prefixes: { asm: 'https://w3id.org/asmgraph/ontology#', id: 'https://w3id.org/asmgraph/id/', "
        "rdfs: 'http://www.w3.org/2000/01/rdf-schema#', dcterms: 'http://purl.org/dc/terms/' }\n"
        "sources: { rows: { access: rows, referenceFormulation: csv } }\n"
        "mappings:\n  actor:\n    sources: rows\n    subjects: id:actor/$(slug)\n    predicateobjects:\n"
        "      - [a, asm:Organisation]\n      - [rdfs:label, $(name)]\n"
        "      - [dcterms:source, id:source/iso-3166-1~iri]\n      - [asm:acronym, $(secret)]\n"
        "      - [foaf:page, https://example.org/$(secret)~iri]\n"
        "      - [dcterms:relation, id:actor/$(secret)~iri]\n"
        "      - [asm:unmappedText, $(_kept)]\n"
    )
    pipeline.ingest(chosen, "field")
    ingest(home, "sites", closed_sites("CD-SK"), "restricted")
    ingest(home, "claims", open_claims("CD-NK"), "public")
    pipeline.publish(chosen, ["field", "sites"])
    pipeline.publish(chosen)
    asked = Parameters(place="COD", as_of="latest-covered", min_overlap=1)
    runs.run(chosen, asked)
    done = runs.run(chosen, asked, full=True)
    lines = "".join(gap_runs.lines(home, done.run))
    assert TOKEN in lines  # the findings of the full dataset name what is closed
    runs.review(chosen, done.run.gaps[0], "disputed", TOKEN)
    take_down(chosen, GONE, "safety")
    return home


def public_bytes(home: Path) -> bytes:
    """Return every byte of the public snapshot."""
    path = snapshots.current(home).path
    return b"".join(file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file())


def armed(visit: str) -> str:
    return (
        f'<{visit}-armed> a asm:ArmedPresenceObservation ; rdfs:label "{TOKEN}" ; asm:ofVisit <{visit}> ; '
        f'asm:armedActor "{TOKEN}" ; asm:taxation <{VOCAB}observation/yes> ; '
        f"dcterms:source <{ID}source/closed> . "
    )


def answer(number: int) -> str:
    said = "yes" if number % 2 else "no"
    return f'asm:armedPresence <{VOCAB}observation/{said}> ; asm:childrenWork "{TOKEN}" ; asm:womenWork "{TOKEN}" ;'


def closed_sites(place: str) -> str:
    """Return twenty-four restricted sites, enough to be generalised and summed."""
    visits = [Visit(f"{SLUG}-{n}", place, more=f'asm:visitedBy "{TOKEN}" ; {answer(n)}') for n in range(24)]
    text = turtle(visits).replace('"Village of', f'"{TOKEN} of').replace('"Site ', f'"{TOKEN} ')
    return text + "".join(armed(f"{ID}visit/{SLUG}-{n}-2015-03-02") for n in range(24))


def open_claims(place: str) -> str:
    """Return twenty-four public sites of which confidential things are said in a public graph."""
    visits = [Visit(f"open-claim-{n}", place, more=answer(n)) for n in range(24)]
    return turtle(visits) + "".join(armed(f"{ID}visit/open-claim-{n}-2015-03-02") for n in range(24))


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    server = Server(home)
    yield server
    server.close()


def paths() -> list[str]:
    """Return every route of the application, its parameters filled with what there is and what must not be."""
    things = [
        ("actor", "open-actor"), ("actor", "canary-restricted"), ("intervention", "canary-unmarked"),
        ("participation", "canary-restricted"), ("source", "canary"), ("place", "COD"), ("actor", "open-guest"),
        ("actor", "open-gone"), ("tie", "canary-unmarked"),
    ]  # fmt: skip
    filled = {"/sparql", "/docs", "/health", "/ready", "/api/openapi.json"}
    listed = [*create_app().routes, *(route for router in routers for route in router.routes)]
    filled |= {route.path for route in listed if isinstance(route, Route | APIRoute)}
    walked: set[str] = set()
    for path in filled:
        if "{" not in path:
            walked.add(path)
        for kind, slug in things:
            walked.add(_filled(path, kind, slug))
            walked |= {
                f"/doc/{kind}/{slug}{ending}" for ending in (".html", ".ttl", ".jsonld", ".nt", ".csv")
            }
    walked |= {
        f"/catalog/{name}{ending}"
        for name in ("field", "restricted", "unmarked", "turned", "guests", "starter")
        for ending in ("", ".ttl", ".jsonld", ".nt", ".rdf", ".txt", ".bib", ".csl", ".cff")
    }
    walked |= {
        f"/downloads/{name}" for name in ("restricted.nq.gz", "asmgraph.geojson", "asmgraph-3w.hxl.csv")
    }
    queries = [
        {}, {"place": "COD", "as_of": "latest-covered", "min_overlap": "1"}, {"place": "COD", "theme": "mercury"},
        {"text": "CAN"}, {"q": "CAN"},
    ]  # fmt: skip
    for path in [path for path in walked if path.startswith(("/gaps", "/interventions"))]:
        walked |= {f"{path}?{urlencode(query)}" for query in queries}
    return sorted(walked)


def _filled(path: str, kind: str, slug: str) -> str:
    for name in re.findall(r"{[^}]+}", path):
        path = path.replace(name, kind if "type" in name or "kind" in name else slug)
    return path


def texts(response: httpx.Response) -> str:
    return response.text + json.dumps(dict(response.headers))


def test_the_canaries_are_in_the_full_dataset(home: Path) -> None:
    full = snapshots.current(home, full=True)
    public = snapshots.current(home)
    held_back = {iri.split("/graph/")[1].split("/")[0] for iri in set(full.graphs) - set(public.graphs)}
    assert held_back == {"restricted", "unmarked", "field", "sites", "claims", "turned", "gaps", "gap-status"}
    stated = [
        f"{ID}actor/canary-restricted", f"{ID}participation/canary-guest-unmarked", f"{ID}tie/canary-unmarked",
        f"{ID}actor/{SLUG}-turned",
    ]  # fmt: skip
    assert all(snapshots.states(full, iri) and not snapshots.states(public, iri) for iri in stated)
    objects = [f"{ID}actor/{TOKEN}", f"https://example.org/{TOKEN}"]
    for iri in map(NamedNode, objects):
        assert list(full.reading.store.quads_for_pattern(None, None, iri, None))
    drawn = {iri.rsplit("/", 1)[1] for iri in set(public.graphs) - set(full.graphs)}
    assert drawn == {"generalised", "totals"}  # the ways out of what is closed are walked, too


def drawn(home: Path) -> list[str]:
    """Return the address of everything that is drawn from what is closed, in every format."""
    snapshot = snapshots.current(home)
    graphs = [NamedNode(iri) for iri in snapshot.graphs if iri.endswith(("/generalised", "/totals"))]
    quads = (
        quad for graph in graphs for quad in snapshot.reading.store.quads_for_pattern(None, None, None, graph)
    )
    things = sorted({str(quad.subject)[1:-1].removeprefix(ID) for quad in quads if ID in str(quad.subject)})
    assert any(thing.startswith("site/general-") for thing in things)
    assert any(thing.startswith("indicator-value/sites-") for thing in things)
    return [f"/doc/{thing}.{ending}" for thing in things for ending in ("html", "ttl", "jsonld", "nt", "csv")]


def test_no_route_shows_a_canary(server: Server, home: Path) -> None:
    walked = paths()
    formats = ("text/html", "application/json", "text/turtle", "text/csv")
    assert {"/", "/gaps", "/gaps.csv", "/interventions", "/doc/actor/canary-restricted"} <= set(walked)
    with httpx.Client(base_url=server.url, timeout=60, follow_redirects=True) as client:
        for path in walked:
            for accept in formats:
                response = client.get(path, headers={"Accept": accept})
                assert response.status_code < 500, path
                assert TOKEN not in texts(response), path
                assert SLUG not in texts(response), path
        for path in drawn(home):
            response = client.get(path)
            assert response.status_code == 200, path
            assert TOKEN not in texts(response), path
            assert SLUG not in texts(response), path
    server.log.seek(0)
    assert TOKEN.encode() not in server.log.read()


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), "CAN.RY")) }',
        'SELECT * { GRAPH ?g { ?s ?p ?o FILTER(REGEX(STR(?o), "CAN.RY")) } }',
        "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o FILTER(REGEX(STR(?o), 'CAN.RY')) } }",
        f"DESCRIBE <{ID}actor/canary-restricted>",
        f"SELECT * {{ <{ID}actor/open-actor> ?p ?o }}",
        f"SELECT * {{ ?s ?p <{ID}actor/open-guest> }}",
        f"SELECT * {{ <{GONE}> ?p ?o }}",
        f"DESCRIBE <{GONE}>",
        f"SELECT * {{ <{ID}visit/open-claim-1-2015-03-02> ?p ?o }}",
        'SELECT * { ?s ?p ?o FILTER(REGEX(CONCAT(STR(?s), STR(?o)), "kan[a]ri-")) }',
        "SELECT ?o { ?s <https://w3id.org/asmgraph/ontology#armedActor> ?o }",
        "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }",
        "ASK { ?s ?p ?o FILTER(REGEX(STR(?o), 'CAN.RY')) }",
        "SELECT (GROUP_CONCAT(STR(?o)) AS ?all) { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o }",
    ],
)
def test_no_query_finds_a_canary(server: Server, home: Path, query: str) -> None:
    closed = [
        iri for iri in snapshots.current(home, full=True).graphs if "/restricted" in iri or "/unmarked" in iri
    ]
    datasets = ["", *(f"&default-graph-uri={quote(iri)}&named-graph-uri={quote(iri)}" for iri in closed)]
    with httpx.Client(base_url=server.url, timeout=60) as client:
        for dataset in datasets:
            response = client.get(f"/sparql?query={quote(query)}{dataset}")
            assert response.status_code == 200, response.text
            assert TOKEN not in texts(response)
            assert SLUG not in texts(response)
            assert not set(closed) & set(re.findall(r"https://[^\"<>\s]+", response.text))
            assert "true" not in response.text.lower() or not query.startswith("ASK")


def test_no_file_to_download_holds_a_canary_or_names_a_closed_source(server: Server) -> None:
    with httpx.Client(base_url=server.url, timeout=60) as client:
        listed = re.findall(r'/downloads/([^"<>\s#]+)', client.get("/catalog.nt").text)
        assert {"asmgraph.nq.gz", "asmgraph.crate.zip", "field.nq.gz"} <= set(listed)
        for name in sorted(set(listed)):
            content = unpacked(client.get(f"/downloads/{name}").content)
            assert TOKEN.encode() not in content, name
            assert SLUG.encode() not in content, name
            assert b"/graph/restricted/" not in content and b"/graph/unmarked/" not in content, name


def unpacked(content: bytes) -> bytes:
    """Return what a file holds, compressed or not."""
    if content[:2] == b"\x1f\x8b":
        return gzip.decompress(content)
    if content[:2] == b"PK":
        archive = zipfile.ZipFile(io.BytesIO(content))
        return b"".join(unpacked(archive.read(one)) for one in archive.namelist())
    return content


def test_what_is_measured_of_a_confidential_column_stays_confidential(home: Path, server: Server) -> None:
    assert "secret" not in httpx.get(f"{server.url}/catalog/field.ttl", timeout=60).text
    held = {
        full: {
            one.column
            for one in release.describe(snapshots.current(home, full=full)).source("field").measures
        }
        for full in (False, True)
    }
    assert "rows.secret" not in held[False] and "rows.name" in held[False]
    assert "rows.secret" in held[True]


def test_the_published_files_of_the_public_snapshot_hold_no_canary(home: Path) -> None:
    public = snapshots.current(home).path
    names = ("canary-restricted", "canary-unmarked", "canary-guest")
    for file in (file for file in public.rglob("*") if file.is_file()):
        content = file.read_bytes()
        for word in (TOKEN, SLUG, *names):
            assert word.encode() not in content, file


def test_what_is_written_can_be_read_in_the_bytes(home: Path) -> None:
    """The test above reads bytes: it would be blind if the store compressed them."""
    for full, words in ((False, ("Open actor",)), (True, (TOKEN, SLUG))):
        store = snapshots.current(home, full=full).store
        content = b"".join(file.read_bytes() for file in store.iterdir() if file.is_file())
        for word in words:
            assert word.encode() in content


def test_the_public_manifest_tells_no_closed_graph(home: Path) -> None:
    manifest = json.loads((snapshots.current(home).path / "manifest.json").read_text(encoding="utf-8"))
    closed = set(snapshots.current(home, full=True).graphs) - set(snapshots.current(home).graphs)
    assert not closed & set(manifest["graphs"])
    assert "unmarked" not in json.dumps(manifest)


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "SELECT * { ?s ?p ?o }"],
        ["query", "SELECT * { GRAPH ?g { ?s ?p ?o } }"],
        ["gaps", "list", "--json"],
        ["gaps", "list", "--place", "COD", "--json"],
        ["sources", "--json"],
        ["audit", "--json"],
    ],
)
def test_no_command_shows_a_canary_without_being_asked_for_all(home: Path, arguments: list[str]) -> None:
    done = CliRunner().invoke(app, [*arguments, "--home", str(home)])
    assert done.exit_code == 0, done.output
    assert TOKEN not in done.output
    assert SLUG not in done.output


def test_the_library_reads_the_public_dataset(home: Path) -> None:
    opened = asmgraph.open(home)
    assert not [row for row in opened.query("SELECT * { ?s ?p ?o }") if TOKEN in str(row) or SLUG in str(row)]
    closed = asmgraph.open(home, full=True)
    assert [row for row in closed.query("SELECT * { ?s ?p ?o }") if TOKEN in str(row)]


@pytest.mark.parametrize("form", sorted(FORMS))
def test_no_export_holds_a_canary(home: Path, form: str, tmp_path: Path) -> None:
    written = 0
    for number, what in enumerate(((), *((one,) for one in FORMS[form].what))):
        file = tmp_path / f"{number}.out"
        chosen = [f"--what={one}" for one in what]
        done = CliRunner().invoke(app, ["export", form, *chosen, "--out", str(file), "--home", str(home)])
        if done.exit_code == 2:  # this form wants to be told what, or not to be
            continue
        assert done.exit_code == 0, done.output
        content = unpacked(file.read_bytes())
        assert TOKEN.encode() not in content, what
        assert SLUG.encode() not in content, what
        written += 1
    assert written
