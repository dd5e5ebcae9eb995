"""Draft a source: look at its file, guess, write the two files of its folder. Never overwrites."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from asmgraph import catalogue, descriptions
from asmgraph.drafting import decisions, doubts, guessing, looking, statements, writing
from asmgraph.drafting.headings import folded
from asmgraph.errors import ConfigurationError
from asmgraph.mapping import compiler, yarrrml
from asmgraph.settings import Settings


@dataclass(frozen=True)
class Draft:
    """A draft that was written: where, and what was guessed."""

    name: str
    folder: Path
    looked: looking.Looked
    guesses: guessing.Guesses
    decisions: tuple[str, ...]


def draft(
    settings: Settings,
    file: Path,
    name: str | None = None,
    *,
    header: int | None = None,
    sheet: str | None = None,
    key: Sequence[str] = (),
) -> Draft:
    """Write ``sources/<name>/source.yml`` and ``mapping.yml`` below the home for a file that nobody has described.

    Parameters
    ----------
    name
        Of the source; by default made of the file's.
    header, sheet
        The number of the row with the names of the columns, and the name of the sheet; by default they are found.
    key
        The columns that together tell one row from another; by default they are found.

    Raises
    ------
    SourceError
        If the file cannot be read, or a column of the key is not there or never read.
    ConfigurationError
        If there is a source of that name, or it is no name.
    """
    chosen = name or folded(file.stem).replace(" ", "-")[:60].strip("-")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", chosen):
        raise ConfigurationError(
            f"{chosen!r} is no name of a source.", "Give --name: small letters, digits and hyphens."
        )
    folder = settings.home / "sources" / chosen
    known = catalogue.catalogue(settings)
    if folder.exists() or chosen in known.sources or chosen in known.problems:
        raise ConfigurationError(f"There is a source {chosen!r} already.", "Give the draft another --name.")
    found = looking.look(file, header=header, sheet=sheet)
    guesses = guessing.guess(found, key)
    left_open = (*decisions.decisions(guesses, found), *doubts.doubts(guesses, found.frame))
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    try:
        today = dt.datetime.now(dt.UTC).date()
        (made / "source.yml").write_text(
            writing.source_yml(chosen, _title(file), file.name, found, guesses, left_open), encoding="utf-8"
        )
        (made / "mapping.yml").write_text(statements.mapping_yml(chosen, guesses, today), encoding="utf-8")
        compiler.compile_rules(yarrrml.load(made / "mapping.yml"), descriptions.load(made))
        made.chmod(0o755)
        made.rename(folder)  # refuses a folder that holds something by now
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return Draft(chosen, folder, found, guesses, left_open)


def _title(file: Path) -> str:
    """Return the file's name as a title: as it is written, but for its hyphens and underscores."""
    words = " ".join(re.sub(r"[_-]+", " ", unicodedata.normalize("NFC", file.stem)).split())
    return words[:1].upper() + words[1:] or file.name
