"""The W3C's tests of the SPARQL 1.1 Protocol, as far as they are about queries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from rdflib import Graph, Namespace
from rdflib.collection import Collection

from tests.api.serving import serving
from tests.store.homes import published

HT = Namespace("http://www.w3.org/2011/http#")
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
CNT = Namespace("http://www.w3.org/2011/content#")
DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"


@pytest.mark.external
def test_the_w3c_protocol_tests_of_queries_pass(tmp_path: Path, conformance: Path) -> None:
    folder = conformance / "sparql11" / "protocol"
    published(tmp_path, {DATA.format(n): (folder / f"data{n}.nt").read_text() for n in (1, 2, 3)})
    manifest = Graph().parse(folder / "manifest.ttl")
    failed: list[str] = []
    ran = 0
    with serving(tmp_path) as client:
        for test in Collection(manifest, next(manifest.objects(predicate=MF.entries))):
            name = str(test).partition("#")[2]
            if name.startswith("update_"):
                continue
            ran += 1
            action = manifest.value(test, MF.action)
            requests = manifest.value(action, HT.requests)
            assert requests is not None
            failed += [
                name for request in Collection(manifest, requests) if not _passes(manifest, request, client)
            ]
    assert failed == []
    assert ran == 27


def _passes(manifest: Graph, request: Any, client: httpx.Client) -> bool:
    body = manifest.value(request, HT.body)
    text = str(manifest.value(body, CNT.chars) or "")
    encoding = str(manifest.value(body, CNT.characterEncoding) or "UTF-8")
    fields = manifest.value(request, HT.headers)
    headers = {
        str(manifest.value(field, HT.fieldName)): str(manifest.value(field, HT.fieldValue))
        for field in (Collection(manifest, fields) if fields else ())
    }
    response = client.request(
        str(manifest.value(request, HT.methodName)),
        str(manifest.value(request, HT.absolutePath)),
        content=text.encode(encoding) if body else None,
        headers=headers,
    )
    expected = manifest.value(request, HT.resp)
    statuses = [
        str(status).rpartition("StatusCode")[2][:1]
        for status in manifest.objects(expected, MF.expectedStatus)
    ]
    if str(response.status_code)[0] not in statuses:
        return False
    boolean = manifest.value(expected, MF.expectedBoolean)
    if boolean is not None and response.json()["boolean"] is not boolean.toPython():
        return False
    kind = str(manifest.value(expected, MF.expectedFormat) or "")
    media_type = response.headers["content-type"]
    return {"": True, "RDF": "turtle" in media_type}.get(kind, "sparql-results" in media_type)
