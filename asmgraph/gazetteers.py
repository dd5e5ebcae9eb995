"""The gazetteer of one ingestion: what is staged of places, and the boundaries that are at hand."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from asmgraph import resources
from asmgraph.catalogue import REFERENCE
from asmgraph.mapping.placement import Gazetteer, Question
from asmgraph.mapping.places import PROPERTIES, known_places
from asmgraph.sources import boundaries
from asmgraph.store import known_places as staged_places
from asmgraph.store.staging import Staged

_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")


def gazetteer(staged: Iterable[Staged], files: Iterable[Path]) -> Gazetteer:
    """Return the places that other sources state, with the boundaries of those of them that a file has.

    A boundary whose code and name are those of no one place is left out. A year in a file's name
    (``provinces-2010.json``) says of when its boundaries are; otherwise they are those of now.

    Raises
    ------
    SourceError
        If a file of boundaries cannot be read.
    """
    places = known_places(staged_places.statements(staged, PROPERTIES), REFERENCE)
    names = Gazetteer(places)
    shapes: dict[str, list[BaseGeometry]] = defaultdict(list)
    for file in files:
        year = _YEAR.search(file.name)
        for one in boundaries.read(file):
            question = Question(one.country, None, one.code, one.name, date=year and year.group(1))
            found = names.find(question)
            if found.place is not None and found.exact:
                shapes[found.place].append(one.shape)
    return Gazetteer(places, {place: shapely.union_all(parts) for place, parts in shapes.items()})


def boundary_files(home: Path) -> tuple[Path, ...]:
    """Return the files of boundaries: those that come with asmgraph where they were built, and the home's own."""
    shipped = boundaries.files(resources.catalogue() / "boundaries")
    return (*shipped, *boundaries.files(home / "boundaries"))


def digest(files: Iterable[Path]) -> str:
    """Return the SHA-256 of the names and contents of files of boundaries."""
    whole = hashlib.sha256()
    for file in files:
        whole.update(f"{file.name}\n".encode())
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()
