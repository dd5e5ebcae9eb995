"""What is not public never leaves: one confidential field and two closed sources, and every route is walked."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.routing import Route

from api.app import create_app
from api.routes import routers
from asmgraph import pipeline, settings
from asmgraph.export import release
from asmgraph.store import snapshots
from tests.conftest import Server

TOKEN = "CANARY-5e1f"
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
)


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
    import shutil

    home = tmp_path_factory.mktemp("canary") / "home"
    shutil.copytree(starter_home, home, symlinks=True)
    chosen = settings.load(home=home)
    for name, sensitivity in (("restricted", "sensitivity: restricted\n"), ("unmarked", "")):
        source = describe(home, name, "rdf", sensitivity)
        (source / "data.ttl").write_text(CLOSED.replace("NAME", name))
        pipeline.ingest(chosen, name, source / "data.ttl")
    field = describe(
        home,
        "field",
        "csv",
        "sensitivity: public\ntables:\n  rows:\n    file: rows.csv\n    key: [slug]\n    columns:\n"
        "      slug: { type: identifier }\n      name: {}\n      secret: { sensitivity: confidential }\n",
    )
    (field / "rows.csv").write_text(f"slug,name,secret\nopen-actor,Open actor,{TOKEN}\n")
    (field / "mapping.yml").write_text(
        "prefixes: { asm: 'https://w3id.org/asmgraph/ontology#', id: 'https://w3id.org/asmgraph/id/', "
        "rdfs: 'http://www.w3.org/2000/01/rdf-schema#', dcterms: 'http://purl.org/dc/terms/' }\n"
        "sources: { rows: { access: rows, referenceFormulation: csv } }\n"
        "mappings:\n  actor:\n    sources: rows\n    subjects: id:actor/$(slug)\n    predicateobjects:\n"
        "      - [a, asm:Organisation]\n      - [rdfs:label, $(name)]\n"
        "      - [dcterms:source, id:source/iso-3166-1~iri]\n      - [asm:acronym, $(secret)]\n"
    )
    pipeline.ingest(chosen, "field")
    pipeline.publish(chosen)
    return home


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    server = Server(home)
    yield server
    server.close()


def paths() -> list[str]:
    """Return every route of the application, its parameters filled with what there is and what must not be."""
    things = [
        ("actor", "open-actor"), ("actor", "canary-restricted"), ("intervention", "canary-unmarked"),
        ("participation", "canary-restricted"), ("source", "canary"), ("place", "COD"),
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
        for name in ("field", "restricted", "unmarked", "starter")
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
    assert held_back == {"restricted", "unmarked", "field"}


def test_no_route_shows_a_canary(server: Server) -> None:
    walked = paths()
    assert {"/", "/gaps", "/gaps.csv", "/interventions", "/doc/actor/canary-restricted"} <= set(walked)
    with httpx.Client(base_url=server.url, timeout=60, follow_redirects=True) as client:
        for path in walked:
            for accept in ("text/html", "application/json", "text/turtle", "text/csv"):
                response = client.get(path, headers={"Accept": accept})
                assert response.status_code < 500, path
                assert TOKEN not in texts(response), path


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), "CAN.RY")) }',
        'SELECT * { GRAPH ?g { ?s ?p ?o FILTER(REGEX(STR(?o), "CAN.RY")) } }',
        "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o FILTER(REGEX(STR(?o), 'CAN.RY')) } }",
        f"DESCRIBE <{ID}actor/canary-restricted>",
        f"SELECT * {{ <{ID}actor/open-actor> ?p ?o }}",
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
            assert not set(closed) & set(re.findall(r"https://[^\"<>\s]+", response.text))
            assert "true" not in response.text.lower() or not query.startswith("ASK")


def test_no_file_to_download_holds_a_canary_or_names_a_closed_source(server: Server) -> None:
    with httpx.Client(base_url=server.url, timeout=60) as client:
        listed = re.findall(r'/downloads/([^"<>\s#]+)', client.get("/catalog.nt").text)
        assert {"asmgraph.nq.gz", "asmgraph.crate.zip", "field.nq.gz"} <= set(listed)
        for name in sorted(set(listed)):
            content = unpacked(name, client.get(f"/downloads/{name}").content)
            assert TOKEN.encode() not in content, name
            assert b"/graph/restricted/" not in content and b"/graph/unmarked/" not in content, name


def unpacked(name: str, content: bytes) -> bytes:
    if name.endswith(".gz"):
        return gzip.decompress(content)
    if name.endswith(".zip"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        return b"".join(archive.read(one) for one in archive.namelist())
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
    assert not any(TOKEN.encode() in file.read_bytes() for file in public.rglob("*") if file.is_file())
