"""Published homes for tests, made by the publisher itself."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from asmgraph.store.building import GraphFile, publish
from asmgraph.store.snapshots import Snapshot, locked

GRAPH = "https://w3id.org/asmgraph/graph/"
ID = "https://w3id.org/asmgraph/id/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


def labels(prefix: str, count: int) -> str:
    """Return N-Triples that label ``count`` actors."""
    return "".join(f'<{ID}actor/{prefix}-{n}> <{LABEL}> "{prefix} {n}"@en .\n' for n in range(count))


def published(home: Path, graphs: Mapping[str, str], restricted: Mapping[str, str] | None = None) -> Snapshot:
    """Publish graphs, given as N-Triples by IRI, and return the public snapshot."""
    home.mkdir(exist_ok=True)
    files = [
        *(_file(home, iri, text, public=True) for iri, text in graphs.items()),
        *(_file(home, iri, text, public=False) for iri, text in (restricted or {}).items()),
    ]
    with locked(home):
        return publish(home, files, keep=3)


def _file(home: Path, iri: str, text: str, *, public: bool) -> GraphFile:
    checksum = sha256(text.encode()).hexdigest()
    path = home / f"{checksum}.nt"
    path.write_text(text, encoding="utf-8")
    return GraphFile(iri, path, text.count("\n"), checksum, public, "test", "1")
