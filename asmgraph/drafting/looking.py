"""Look at a file of unknown form: find its format and where its rows are, and read the first of them."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import polars as pl

from asmgraph.descriptions import Encoding, Source, Table
from asmgraph.drafting import headers
from asmgraph.errors import SourceError
from asmgraph.records import ROW
from asmgraph.sources import encodings, formats, hxl, markup

ROWS = 20_000
"""So many rows are looked at."""
_BYTES = 50_000_000
_ELEMENTS = 400_000
_SIGNS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_FORMATS = {
    ".csv": "csv", ".txt": "csv", ".tsv": "tsv", ".tab": "tsv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".ods": "ods",
    ".json": "json", ".jsonl": "json", ".ndjson": "json", ".geojson": "geojson", ".xml": "xml",
}  # fmt: skip
LIST = ";"
_BETWEEN = "\x1f"
_FREE = (";", "|", "/", "~")
"""Signs to put between the values of a list."""
_NESTED = ("json", "geojson", "xml")
_SHEETS = ("xlsx", "ods")
_LINES = 10
_RDF = (".ttl", ".nt", ".nq", ".trig", ".rdf", ".owl", ".jsonld")


@dataclass(frozen=True)
class Looked:
    """What a look at a file found.

    ``options`` are the keys of its table in ``source.yml``; ``tags`` the HXL tags by column, ``headed`` the columns
    that are found by their heading all the same, as others have their tag; ``joined`` has the sign between the values
    of columns that hold lists by their form (lists of JSON, elements that repeat, columns of one tag and heading);
    ``whole`` says whether every row was seen.
    """

    format: str
    options: Mapping[str, object]
    frame: pl.DataFrame
    tags: Mapping[str, str]
    whole: bool
    notes: tuple[str, ...] = field(default=())
    joined: Mapping[str, str] = field(default_factory=dict)
    headed: frozenset[str] = frozenset()


def look(file: Path, *, header: int | None = None, sheet: str | None = None) -> Looked:
    """Read the first rows of ``file``, whatever tabular format it has.

    Parameters
    ----------
    header
        The number of the row with the names of the columns; by default it is found.
    sheet
        The name of the sheet; needed where several show.

    Raises
    ------
    SourceError
        If it is not there, in no known format, needs no mapping, or cannot be read; if a header or a sheet is named and
        the format has none.
    """
    format_ = _format(file)
    options: dict[str, object] = {"sheet": sheet} if sheet is not None else {}
    notes: list[str] = []
    if format_ not in _SHEETS and sheet is not None:
        raise SourceError(f"{file.name} has no sheets.", "Leave --sheet out.")
    if format_ not in (*_SHEETS, "csv", "tsv") and header is not None:
        raise SourceError(f"{file.name} has no rows of column names.", "Leave --header out.")
    if format_ in ("csv", "tsv"):
        if (encoding := encodings.proposed(file)) is not None:
            options["encoding"] = encoding
            notes.append(f"the text is not UTF-8: read as {encoding}")
        separator = _separator(file, "\t" if format_ == "tsv" else ",", encoding)
        if separator != ("\t" if format_ == "tsv" else ","):
            options["separator"] = separator
            notes += [f"columns are separated by {_SIGNS[separator]}"]
    elif format_ == "json":
        format_, options = _json(file)
    elif format_ == "xml":
        options = _xml(file)
    tags: Mapping[str, str] = {}
    if file.suffix.lower() in hxl.ENDINGS and header is None and "records" not in options:
        try:
            tags, format_ = hxl.tags(file, Table.model_validate(options)), "hxl"
            notes.append("a row of HXL tags")
        except SourceError:
            pass  # most files have none
    if format_ in (*_SHEETS, "csv", "tsv"):
        found = header or headers.find(file, format_, Table.model_validate(options))
        if found is not None:
            options["header"] = found
            notes.append(f"the names of the columns stand in row {found}")
    one_list, headed = _repeated(tags)
    columns: dict[str, object] = {name: {"at": f"{tag}!", "split": LIST} for name, tag in one_list.items()}
    notes += [f"the columns {tag} are read as one list" for tag in one_list.values()]
    frame, whole = _read(file, format_, options, columns)
    joined = dict.fromkeys(one_list, LIST)
    if format_ in _NESTED:
        lists: dict[str, object] = {
            name: {"split": _BETWEEN} for name in frame.columns if name != "_geometry"
        }
        if format_ == "geojson":
            lists |= {
                "_longitude": {},
                "_latitude": {},
            }  # where a geometry lies is read only where it is asked for
        frame, joined = _told_apart(_read(file, format_, options, lists)[0])
    return Looked(format_, options, frame, tags, whole, tuple(notes), joined, headed)


def _repeated(tags: Mapping[str, str]) -> tuple[dict[str, str], frozenset[str]]:
    """Return the columns that stand for all of their tag and heading, and those that only their headings tell apart."""
    several = {tag for tag, count in Counter(tags.values()).items() if count > 1}
    one_list: dict[str, str] = {}
    headed: set[str] = set()
    for tag in sorted(several):
        names = [name for name, other in tags.items() if other == tag]
        if any(name.startswith("#") or (name.endswith(")") and "(column " in name) for name in names):
            one_list[names[0]] = tag
        else:
            headed |= set(names)
    return one_list, frozenset(headed)


def _told_apart(frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, str]]:
    """Put between the values of each list a sign that none of them holds."""
    joined: dict[str, str] = {}
    for name in frame.columns:
        if frame[name].str.contains(_BETWEEN, literal=True).any():
            free = (sign for sign in _FREE if not frame[name].str.contains(sign, literal=True).any())
            joined[name] = next(free, _BETWEEN)
    signs = [pl.col(name).str.replace_all(_BETWEEN, sign, literal=True) for name, sign in joined.items()]
    return frame.with_columns(signs), joined


def _format(file: Path) -> str:
    if not file.exists():
        raise SourceError(f"{file} does not exist.", "Give the path of a file.")
    if not file.is_file():
        raise SourceError(
            f"{file} is not a file.", "Give one file; a source of several is described by hand."
        )
    ending = file.suffix.lower()
    if ending in _RDF:
        raise SourceError(
            f"{file.name} is RDF, which needs no mapping.", "Describe it with 'format: rdf' in a source.yml."
        )
    if ending not in _FORMATS:
        raise SourceError(
            f"{file.name}: the ending {ending or '(none)'} is not known.",
            f"Known: {', '.join(sorted(_FORMATS))}.",
        )
    return _FORMATS[ending]


def _read(
    file: Path, format_: str, options: Mapping[str, object], columns: Mapping[str, object]
) -> tuple[pl.DataFrame, bool]:
    source = Source.model_validate(
        {
            "name": "draft", "title": "draft", "publisher": "draft", "licence": "draft",
            "url": "https://w3id.org/asmgraph", "format": format_, "tables": {"rows": {**options, "columns": columns}},
        }
    )  # fmt: skip
    parts: list[pl.DataFrame] = []
    count = 0
    for batch in formats.READERS[format_].read(file, source):
        parts.append(batch.frame)
        count += batch.frame.height
        if count > ROWS:
            break
    if not count:
        raise SourceError(f"{file.name} has no row.", "A draft needs some rows to look at.")
    frame = pl.concat(parts, how="diagonal").drop(ROW)
    return frame.head(ROWS), count <= ROWS


def _separator(file: Path, usual: str, encoding: Encoding | None) -> str:
    """Return the sign that the first lines have most, for the very first may be a title."""
    try:
        with encodings.opened(file, encoding) as lines:
            first = "".join(islice(iter(lambda: lines.readline(1_000_000), ""), _LINES))
    except UnicodeError:
        raise encodings.undecodable(file, encoding) from None
    return max(_SIGNS, key=lambda sign: (first.count(sign), sign == usual))


def _json(file: Path) -> tuple[str, dict[str, object]]:
    """Find the longest array of objects nearest to the top."""
    if file.suffix.lower() != ".json" or file.stat().st_size > _BYTES:
        return "json", {}
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        return "json", {}  # the reader says what is wrong, and where
    if isinstance(content, dict) and content.get("type") in ("FeatureCollection", "Feature"):
        return "geojson", {}
    waiting: deque[tuple[tuple[str, ...], object]] = deque([((), content)])
    while waiting:
        path, value = waiting.popleft()
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return "json", {"records": "/".join(path)} if path else {}
        if isinstance(value, dict):
            waiting.extend(((*path, str(key)), inner) for key, inner in value.items())
    return "json", {}


def _xml(file: Path) -> dict[str, object]:
    """Find the element that repeats most, nearest to the root."""
    counts: Counter[tuple[str, ...]] = Counter()
    path: list[str] = []
    with file.open("rb") as content:
        for event, element in islice(markup.events(file.name, content), _ELEMENTS):
            if event == "start":
                path.append(markup.local(str(element.tag)))
                counts[tuple(path[1:])] += 1
            else:
                path.pop()
                markup.free(element)
    repeated = [(way, count) for way, count in counts.items() if way and count > 1]
    if not repeated:
        return {}
    depth = min(len(way) for way, _ in repeated)
    way, _ = max((one for one in repeated if len(one[0]) == depth), key=lambda one: one[1])
    return {"records": "/".join(way)}
