"""Which file each table of a source is read from, and which of its columns the description means.

Enters: a path and a source's description. Leaves: a file a table, and the columns of a header by the names that the
description gives them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from asmgraph.descriptions import Source, Table
from asmgraph.errors import ConfigurationError, SourceError
from asmgraph.records import KEPT, ROW

_SPREADSHEETS = {".xlsx": "xlsx", ".xlsm": "xlsx", ".ods": "ods"}
_FORMATS = {
    **_SPREADSHEETS,
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".geojson": "geojson",
    ".xml": "xml",
}


def located(path: Path, source: Source, *endings: str, shared: bool = False) -> dict[str, Path]:
    """Return the file of each table at ``path``.

    Parameters
    ----------
    path
        One file; or a folder that holds each table's ``file``, by default ``<table>`` with the first of ``endings``.
    endings
        Of the format's files, with the point.
    shared
        Whether one file may hold several tables, as a spreadsheet does. Then the only file of a folder that has one of
        the endings is every table's, where they name none.

    Raises
    ------
    SourceError
        If one of them is not there.
    ConfigurationError
        If the source has no table at all.
    """
    if not source.tables:
        raise ConfigurationError(f"{source.name}/source.yml lists no table.", "Say which tables are read.")
    if path.is_file():
        _refuse_other_format(path, source, endings)
        if len(source.tables) > 1 and not shared:
            names = ", ".join(table.file or name for name, table in source.tables.items())
            raise SourceError(
                f"{path.name} is one file; {source.name} has several tables.",
                f"Give the folder with {names}.",
            )
        return dict.fromkeys(source.tables, path)
    only = _ending(path, endings) if shared else []
    default = only[0] if len(only) == 1 else None
    found = {
        name: path / table.file if table.file else default or path / f"{name}{endings[0]}"
        for name, table in source.tables.items()
    }
    absent = sorted({file.name for file in found.values() if not file.is_file()})
    if absent:
        raise SourceError(
            f"{path} does not hold {', '.join(absent)}.",
            f"The source {source.name} is read from these files.",
        )
    return found


def _refuse_other_format(path: Path, source: Source, endings: Sequence[str]) -> None:
    """Refuse a spreadsheet where text is meant, and the other way round, before it is read as what it is not."""
    ending = path.suffix.lower()
    if ending not in endings and ending in _FORMATS and {ending, *endings} & {*_SPREADSHEETS}:
        raise SourceError(
            f"{path.name} is {_FORMATS[ending].upper()}; source.yml of {source.name} says 'format: {source.format}'.",
            f"If the source comes as {_FORMATS[ending].upper()} from now on, write 'format: {_FORMATS[ending]}' in "
            "source.yml, and 'sheet' or 'header' of its table where they are needed; or save the file as "
            f"{source.format.upper()}.",
        )


def files(path: Path, source: Source, *endings: str, shared: bool = False) -> list[Path]:
    """Return the files of all tables at ``path``, each once, sorted; none where the folder holds no such file."""
    named = any(table.file and (path / table.file).is_file() for table in source.tables.values())
    if path.is_dir() and not named and not _ending(path, endings):
        return []
    return sorted(set(located(path, source, *endings, shared=shared).values()))


def named(header: Sequence[str], table: Table, where: str) -> list[str]:
    """Return the columns of a header by the description's names: that of the column whose ``at`` it is, or its own.

    Raises
    ------
    SourceError
        If a name stands twice, or is one that asmgraph keeps for itself; ``where`` says where that is.
    """
    meant = {column.at: name for name, column in table.columns.items() if column.at is not None}
    columns = [meant.get(name, name) for name in header]
    repeated = [name for name, count in Counter(header).items() if count > 1]
    if repeated:
        raise SourceError(f"{where} has the column {repeated[0]!r} twice.", "Rename one of the two.")
    for name in header:
        if name not in meant and columns.count(name) > 1:
            raise SourceError(
                f"{where} has a column {name!r}, a name that source.yml gives to another: {table.columns[name].at!r}.",
                f"List it under another name, with 'at: {name}'.",
            )
    taken = sorted({ROW, KEPT} & set(columns))
    if taken:
        raise SourceError(f"{where} has a column {taken[0]!r}, a name kept for asmgraph.", "Rename it.")
    return columns


def require_key(columns: Sequence[str], table: Table, where: str, source: Source) -> None:
    """Refuse what has not all columns of the table's key: it is not the file that the description means."""
    missing = [key for key in table.key if key not in columns]
    if missing:
        raise SourceError(
            f"{where} has no column {', '.join(missing)}; it has {', '.join(columns[:12])}"
            f"{' ...' if len(columns) > 12 else ''}.",
            f"A file for the source {source.name} needs it as its key. Is this the right file?",
        )


def _ending(folder: Path, endings: Sequence[str]) -> list[Path]:
    return sorted(f for f in folder.glob("*") if f.is_file() and f.suffix.lower() in endings)
