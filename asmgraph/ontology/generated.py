"""The files that are made from the Turtle, and kept in the repository so that they can be read and used as they are.

A further file is a further pair in :data:`FILES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from asmgraph import resources
from asmgraph.errors import ConfigurationError
from asmgraph.ontology import alignments, context, diagrams, python_terms, released

COMMAND = "asmgraph ontology generate"
FILES: tuple[tuple[str, Callable[[], str]], ...] = (
    ("asmgraph/terms.py", python_terms.text),
    ("ontology/alignments/bridge.ttl", alignments.turtle),
    ("ontology/context.jsonld", context.text),
)
"""Path in the repository, and what returns the text."""
FOLDERS: tuple[tuple[str, Callable[[], Mapping[str, str]]], ...] = (("ontology/diagrams", diagrams.english),)
"""Path of a folder that holds generated files and no others, and what returns their texts by name."""


@dataclass(frozen=True)
class Change:
    """A file that is not as it would be made: ``action`` is ``write`` or ``remove``."""

    path: str
    action: str
    text: str = ""


def changes() -> Iterator[Change]:
    """Yield what would have to be done for the files to be as the Turtle has it."""
    root = checkout()
    wanted = {path: make() for path, make in FILES}
    for folder, make_all in FOLDERS:
        wanted |= {f"{folder}/{name}": text for name, text in make_all().items()}
        held = {f"{folder}/{file.name}" for file in (root / folder).glob("*") if file.is_file()}
        yield from (Change(path, "remove") for path in sorted(held - set(wanted)))
    for path, text in sorted(wanted.items()):
        file = root / path
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            yield Change(path, "write", text)


def apply(change: Change) -> None:
    """Write or remove one file."""
    file = checkout() / change.path
    if change.action == "remove":
        file.unlink()
    else:
        _write(file, change.text)


def release() -> str:
    """Write the list of what the present version holds, and return its path in the repository.

    Raises
    ------
    ConfigurationError
        If modules and schemes do not agree on a version, or its list is there and would lose a line.
    """
    version, text = released.version(), released.text()
    path = f"ontology/released/{version}.txt"
    file = checkout() / path
    promised = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    if lost := sorted(set(promised) - set(text.splitlines())):
        raise ConfigurationError(
            f"{path} promises what is gone: {', '.join(lost)}.",
            "Bring it back, or give modules and schemes another owl:versionInfo.",
        )
    _write(file, text)
    return path


def checkout() -> Path:
    """Return the root of the repository.

    Raises
    ------
    ConfigurationError
        If the package is installed, and its files are not to be changed.
    """
    root = resources.ontology().parent
    if not (root / "pyproject.toml").is_file():
        raise ConfigurationError(
            "Files are generated in a checkout of the repository only.",
            "Run the command there; what is installed is as it was released.",
        )
    return root


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
