"""A release as an RO-Crate 1.1 (https://w3id.org/ro/crate/1.1): one archive to deposit, with everything that cites it.

The archive holds the statements, tables of them, a map, the 3W sheet, the licences, how to cite, and
``ro-crate-metadata.json``, which describes each file with its size and checksum. The same snapshot gives the same
bytes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from asmgraph.export import citation, csv, geojson, hxl, rdf, tables
from asmgraph.export.release import NOT_STATED, Release, Source
from asmgraph.export.things import Reader
from asmgraph.export.whole import Progress, silent
from asmgraph.store.snapshots import Snapshot

DESCRIPTOR = "ro-crate-metadata.json"
_SPECIFICATION = "https://w3id.org/ro/crate/1.1"
_BLOCK = 1 << 20


@dataclass(frozen=True)
class _File:
    """A file of the archive: how it is called, what it is, and what writes it."""

    name: str
    title: str
    media_type: str
    write: Callable[[BinaryIO], object]


def write(snapshot: Snapshot, target: BinaryIO, publisher: str = "", progress: Progress = silent) -> None:
    """Write the archive.

    Parameters
    ----------
    publisher
        Who publishes the release; '' or 'not stated' where nobody says.
    """
    reader = Reader(snapshot)
    with tempfile.TemporaryDirectory(prefix="asmgraph-crate-") as name:
        folder = Path(name)
        described = []
        for file in _files(reader, publisher, progress):
            path = folder / file.name
            path.parent.mkdir(exist_ok=True)
            with path.open("wb") as content:
                file.write(content)
            described.append(_entity(file, path))
        metadata = _metadata(reader.release, publisher, described)
        text = json.dumps(metadata, ensure_ascii=False, indent=2) + "\n"
        (folder / DESCRIPTOR).write_text(text, encoding="utf-8", newline="\n")
        _pack(folder, [DESCRIPTOR, *(entity["@id"] for entity in described)], target, snapshot)


def _files(reader: Reader, publisher: str, progress: Progress) -> list[_File]:
    release = reader.release
    cited = citation.of_release(release, publisher)

    def text(content: str) -> Callable[[BinaryIO], object]:
        return lambda file: file.write(content.encode())

    def table(name: str) -> Callable[[BinaryIO], object]:
        def fill(file: BinaryIO) -> None:
            made = tables.make(reader, name, progress)
            csv.stream(made.columns, made.rows, file)

        return fill

    def sheet(file: BinaryIO) -> None:
        made = hxl.table(reader, progress)
        csv.stream(made.columns, made.rows, file)

    named = [name for name in tables.NAMES if name != tables.STATEMENTS]
    return [
        _File("CITATION.cff", "How to cite the release", "text/yaml", text(citation.as_cff(cited))),
        _File(
            "citation.txt",
            "How to cite the release and each source",
            "text/plain",
            text(_citations(release, cited)),
        ),
        _File("citations.bib", "The same for BibTeX", "application/x-bibtex", text(_bibtex(release, cited))),
        _File("LICENCES.txt", "The licence of each source", "text/plain", text(_licences(release))),
        _File(
            "data/statements.nq",
            "All statements, each in the graph of its source, as N-Quads",
            "application/n-quads",
            lambda file: rdf.n_quads(reader, file, progress),
        ),
        *(_File(f"data/{name}.csv", f"Table: {name}", "text/csv", table(name)) for name in named),
        _File("data/3w.hxl.csv", "Who does what where, with HXL 1.1 tags", "text/csv", sheet),
        _File(
            "data/places.geojson",
            "What has coordinates, as GeoJSON",
            "application/geo+json",
            lambda file: geojson.write(reader, file, progress=progress),
        ),
    ]


def _citations(release: Release, cited: citation.Citation) -> str:
    sources = (citation.as_text(citation.of_source(release, one)) for one in release.sources.values())
    return "\n\n".join([citation.as_text(cited), *sources]) + "\n"


def _bibtex(release: Release, cited: citation.Citation) -> str:
    sources = (citation.as_bibtex(citation.of_source(release, one)) for one in release.sources.values())
    return "\n".join([citation.as_bibtex(cited), *sources])


def _licences(release: Release) -> str:
    lines = [
        "Each source is under its own licence. 'not stated' means that none is known, which is no permission.\n"
    ]
    for source in release.sources.values():
        address = f" ({source.licence_address})" if source.licence_address not in ("", source.licence) else ""
        lines.append(f"{source.title}\n  {source.publisher}\n  {source.licence}{address}\n")
        if source.attribution:
            lines.append(f"  {source.attribution}\n")
    return "\n".join(lines)


def _entity(file: _File, path: Path) -> dict[str, Any]:
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return {
        "@id": file.name,
        "@type": "File",
        "name": file.title,
        "encodingFormat": file.media_type,
        "contentSize": str(path.stat().st_size),
        "sha256": digest,
    }


def _metadata(release: Release, publisher: str, files: list[dict[str, Any]]) -> dict[str, Any]:
    cited = citation.of_release(release, publisher)
    sources = [_source(source) for source in release.sources.values()]
    licences = {
        source.licence_address or f"#licence-{source.name}": _licence(source)
        for source in release.sources.values()
    }
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": cited.title,
        "description": f"{cited.note} What is not here is not recorded, which does not mean that there is none.",
        "datePublished": cited.issued,
        "version": cited.version,
        "identifier": cited.key,
        "creditText": citation.as_text(cited),
        "license": [{"@id": iri} for iri in licences],
        "isBasedOn": [{"@id": source["@id"]} for source in sources],
        "hasPart": [{"@id": file["@id"]} for file in files],
    }
    if cited.author:
        root["publisher"] = {"@id": "#publisher"}
    agents = {
        f"#publisher-{source.name}": citation.stated(source.publisher) for source in release.sources.values()
    }
    if cited.author:
        agents["#publisher"] = cited.author
    return {
        "@context": [
            f"{_SPECIFICATION}/context",
            {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"},
        ],
        "@graph": [
            {
                "@id": DESCRIPTOR,
                "@type": "CreativeWork",
                "conformsTo": {"@id": _SPECIFICATION},
                "about": {"@id": "./"},
            },
            root,
            *files,
            *sources,
            *licences.values(),
            *(
                {"@id": iri, "@type": "Organization", "name": name}
                for iri, name in sorted(agents.items())
                if name
            ),
        ],
    }


def _source(source: Source) -> dict[str, Any]:
    entity: dict[str, Any] = {
        "@id": source.graphs[0],
        "@type": "Dataset",
        "name": source.title,
        "version": source.version,
        "license": {"@id": source.licence_address or f"#licence-{source.name}"},
    }
    if citation.stated(source.publisher):
        entity["publisher"] = {"@id": f"#publisher-{source.name}"}
    for key, value in (
        ("description", source.description),
        ("url", source.page),
        ("dateModified", source.retrieved),
        ("creditText", source.attribution),
        ("identifier", source.checksum),
    ):
        if value:
            entity[key] = value
    return entity


def _licence(source: Source) -> dict[str, Any]:
    if source.licence == NOT_STATED:
        told = "The publisher states no licence. That is no permission to use the data."
    else:
        told = f"The licence of {source.title}, as its publisher names it."
    return {
        "@id": source.licence_address or f"#licence-{source.name}",
        "@type": "CreativeWork",
        "name": source.licence,
        "description": told,
    }


def _pack(folder: Path, names: list[str], target: BinaryIO, snapshot: Snapshot) -> None:
    moment = max(snapshot.published.timetuple()[:6], (1980, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in names:
            entry = zipfile.ZipInfo(name, (moment[0], moment[1], moment[2], moment[3], moment[4], moment[5]))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            entry.file_size = (folder / name).stat().st_size
            with (folder / name).open("rb") as content, archive.open(entry, "w") as packed:
                shutil.copyfileobj(content, packed, _BLOCK)
