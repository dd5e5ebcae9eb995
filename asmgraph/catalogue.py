"""Which sources there are, and what one ingestion is given: source, files, their checksum and version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from asmgraph import descriptions, resources
from asmgraph.cleaning import steps
from asmgraph.descriptions import Source
from asmgraph.errors import ConfigurationError, SourceError
from asmgraph.settings import Settings
from asmgraph.sources import archives, formats, sparql

REFERENCE = ("ontology", "places")
"""Sources that every home holds: the vocabulary and the places that others point at."""
STARTER = "starter"


@dataclass(frozen=True)
class Catalogue:
    """Every source by name, and why what else lies in the home's ``sources/`` is none."""

    sources: dict[str, Source]
    problems: dict[str, ConfigurationError]


@dataclass(frozen=True)
class Given:
    """The fixed inputs of one ingestion.

    ``source`` is the description as the saved ``steps`` of the clean-up make it. ``files`` are all that is read below
    ``path``; ``checksum`` is theirs, ``version`` also covers the source's description, mapping and steps.
    """

    source: Source
    steps: tuple[steps.Step, ...]
    folder: Path
    path: Path
    files: tuple[Path, ...]
    everything: bool
    checksum: str
    version: str


def catalogue(settings: Settings) -> Catalogue:
    """Return every source: those that asmgraph ships and those in the home's ``sources/``."""
    found = Catalogue({}, {})
    for name, folder in _folders(settings).items():
        try:
            found.sources[name] = _described(settings, name, folder)
        except ConfigurationError as error:
            found.problems[name] = error
    return found


def given(settings: Settings, name: str, path: Path | None = None, *, everything: bool = False) -> Given:
    """Return what an ingestion of a source is given; see :func:`asmgraph.pipeline.ingest`.

    Raises
    ------
    SourceError, ConfigurationError
        If there is no such source, it is not described as it must be, or its files are not there or too large.
    """
    folder, source, replayed = described(settings, name)
    chosen = path or (resources.ontology() if name == "ontology" else folder)
    if not chosen.exists():
        raise SourceError(f"{chosen} does not exist.", "Give the path of the source's file or folder.")
    files = _files(source, chosen)
    size = sum(archives.unpacked_bytes(file, settings.source_max_bytes) for file in files)
    if size > settings.source_max_bytes:
        raise SourceError(
            f"{chosen} has {size:,} bytes, counted unpacked; the limit is {settings.source_max_bytes:,}.",
            "Split it, or set ASMGRAPH_SOURCE_MAX_BYTES.",
        )
    if not files:
        raise SourceError(
            f"There is no file of {name} in {chosen}.", f"Run 'asmgraph ingest {name} PATH' with its file."
        )
    content = hashlib.sha256()
    for file in files:
        content.update(_digest(file))
    whole = hashlib.sha256(b"everything" if everything else b"")
    whole.update(content.digest())
    for part in ("source.yml", "mapping.yml"):
        if (folder / part).is_file():
            whole.update((folder / part).read_bytes())
    for step in replayed:
        whole.update(step.model_dump_json().encode())
    version = whole.hexdigest()[:12]
    return Given(source, tuple(replayed), folder, chosen, files, everything, content.hexdigest(), version)


def described(settings: Settings, name: str) -> tuple[Path, Source, list[steps.Step]]:
    """Return a source's folder, its description as the steps make it, and the steps.

    Raises
    ------
    SourceError, ConfigurationError
        If there is no such source, or it is not described as it must be.
    """
    folders = _folders(settings)
    if name not in folders:
        raise SourceError(
            f"There is no source {name!r}.",
            f"Known sources: {', '.join(folders)}. Your own go into {settings.home / 'sources'}.",
        )
    folder = folders[name]
    replayed = steps.load(folder, own_folder(settings, name))
    return folder, steps.described(_described(settings, name, folder), replayed), replayed


def own_folder(settings: Settings, name: str) -> Path:
    """Return the folder of a source in the home, where a steward's clean-up of it is saved, shipped or not."""
    return settings.home / "sources" / name


@contextmanager
def retrieved(settings: Settings, name: str, path: Path | None = None) -> Iterator[Path | None]:
    """Give the path of a source's files for as long as they are read: ``path``, or what an endpoint answers.

    Raises
    ------
    SourceError, ConfigurationError
        If there is no such source, or its endpoint does not answer as it must.
    """
    folder, source, _ = described(settings, name)
    if path is not None or source.format != "sparql":
        yield path
        return
    limits = sparql.Limits(settings.sparql_endpoints, settings.source_max_bytes, settings.sparql_timeout_s)
    with TemporaryDirectory(prefix="asmgraph-") as answers:
        sparql.fetch(source, folder, Path(answers), limits)
        yield Path(answers)


def _described(settings: Settings, name: str, folder: Path) -> Source:
    """Read a source's description; a shipped source cannot be replaced by one of the home."""
    own = own_folder(settings, name)
    if folder != own and (own / "source.yml").is_file():
        raise ConfigurationError(
            f"{own} has the name of a source that comes with asmgraph.",
            "Give the folder, and the source in its source.yml, another name.",
        )
    source = descriptions.load(folder)
    if source.name != name:
        raise ConfigurationError(f"{folder / 'source.yml'} is named {source.name!r}.", f"Name it {name!r}.")
    return source


def _folders(settings: Settings) -> dict[str, Path]:
    places = (settings.home / "sources", resources.catalogue())
    found = {file.parent.name: file.parent for place in places for file in place.glob("*/source.yml")}
    return dict(sorted(found.items()))


def _files(source: Source, path: Path) -> tuple[Path, ...]:
    found = formats.files(path, source)
    if source.name == "ontology" and path.is_dir():
        return (*found, *sorted((path / "vocab").glob("*.ttl")))
    return found


def _digest(file: Path) -> bytes:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").digest()
