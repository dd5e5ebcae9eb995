"""Fetch and read the answers of a SPARQL endpoint: a SELECT gives a table, a CONSTRUCT gives RDF.

The one reader that opens a connection: to an address on the list of the settings and to no other host, whatever it
answers. An answer is written to a file, bounded in bytes and seconds; then it is read as any file is.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from asmgraph.descriptions import Source
from asmgraph.errors import ConfigurationError, SourceError
from asmgraph.records import Batch
from asmgraph.sources import csv

_RDF = {
    "application/n-triples": ".nt",
    "text/turtle": ".ttl",
    "application/n-quads": ".nq",
    "application/rdf+xml": ".rdf",
}
_TABLE = {"text/csv": ".csv"}
_REDIRECTS = 5
_SAID_BYTES = 2_000
_SAID_CHARACTERS = 300


@dataclass(frozen=True)
class Limits:
    """What an endpoint may be asked for: which ones, and how much of their answers, all together."""

    endpoints: Sequence[str]
    max_bytes: int
    timeout_s: float


def fetch(source: Source, folder: Path, into: Path, limits: Limits) -> None:
    """Ask the endpoint of ``source`` what the query files in ``folder`` say; write an answer a file into ``into``.

    Raises
    ------
    SourceError
        If the endpoint is not on the list, cannot be reached, leads to another host, refuses the query, or its answers
        are too large, too slow or of another kind.
    ConfigurationError
        If a query file is not there.
    """
    endpoint = source.endpoint or ""
    if endpoint not in limits.endpoints:
        raise SourceError(
            f"{endpoint} is not on the list of SPARQL endpoints.",
            "If you trust it, add it to ASMGRAPH_SPARQL_ENDPOINTS; or ask it yourself and give the file of its answer.",
        )
    asked = {name: table.file or f"{name}.rq" for name, table in source.tables.items()}
    kinds = _TABLE if asked else _RDF
    left = limits.max_bytes
    # Nothing of the environment: no proxy, no password of this host's files.
    with httpx.Client(timeout=limits.timeout_s, follow_redirects=False, trust_env=False) as client:
        for name, file in (asked or {source.name: source.query or "query.rq"}).items():
            query = _query(folder / file)
            left -= _answer(client, endpoint, query, kinds, into / name, left, limits.timeout_s)


def files(path: Path, source: Source) -> list[Path]:
    """Return the files with the tables at ``path``, sorted; none where the folder holds none."""
    return csv.files(path, _as_csv(source))


def read(path: Path, source: Source, *, everything: bool = False) -> Iterator[Batch]:
    """Yield the rows of every table of ``source``, from the answers at ``path``; raises as the reader of CSV does."""
    return csv.read(path, _as_csv(source))


def _as_csv(source: Source) -> Source:
    """Return the description with the answers as its tables' files, where it has the queries."""
    tables = {name: table.model_copy(update={"file": None}) for name, table in source.tables.items()}
    return source.model_copy(update={"format": "csv", "tables": tables})


def _query(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(
            f"{file} cannot be read.",
            "A source of the format sparql has its query in a file beside source.yml.",
        ) from None


def _answer(
    client: httpx.Client,
    endpoint: str,
    query: str,
    kinds: dict[str, str],
    to: Path,
    most: int,
    seconds: float,
) -> int:
    """Write the answer to ``to``, with the ending of its kind; return its size."""
    deadline = time.monotonic() + seconds
    headers = {"Accept": ", ".join(kinds), "Accept-Encoding": "identity"}
    try:
        url = httpx.URL(endpoint)
        host = (url.scheme, url.host, url.port)
        for _ in range(_REDIRECTS):
            with client.stream("POST", url, data={"query": query}, headers=headers) as response:
                if response.has_redirect_location:
                    url = url.join(response.headers["Location"])
                    if (url.scheme, url.host, url.port) != host:
                        raise SourceError(
                            f"{host[1]} sends on to another place, {url}.",
                            "If you trust that one, name it instead.",
                        )
                    continue
                return _written(response, kinds, to, most, deadline, seconds)
    except httpx.TimeoutException:
        raise _late(endpoint, seconds) from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SourceError(
            f"{endpoint} gives no answer: {error or type(error).__name__}.", "Is it running? Try again later."
        ) from None
    raise SourceError(f"{endpoint} sends in a circle.", "Name the address that answers.")


def _written(
    response: httpx.Response, kinds: dict[str, str], to: Path, most: int, deadline: float, seconds: float
) -> int:
    if response.status_code != httpx.codes.OK:
        said = b""
        for chunk in response.iter_raw(_SAID_BYTES):
            said += chunk
            if len(said) >= _SAID_BYTES:
                break
        words = " ".join(said.decode("utf-8", "replace").split())[:_SAID_CHARACTERS]
        raise SourceError(
            f"{response.url} answers {response.status_code} {response.reason_phrase}: {words}",
            "Mend the query.",
        )
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in kinds:
        raise SourceError(
            f"{response.url} answers with {kind or 'nothing known'}, not {' or '.join(kinds)}.",
            "A query for tables is a SELECT; one without tables is a CONSTRUCT.",
        )
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise SourceError(
            f"{response.url} packs its answer, unasked.", "Fetch it yourself and give the file."
        )
    size = 0
    with to.with_name(to.name + kinds[kind]).open("wb") as out:
        for chunk in response.iter_raw():
            size += len(chunk)
            if size > most:
                raise SourceError(
                    f"The answer of {response.url} has more than {most:,} bytes.",
                    "Ask for less, or set ASMGRAPH_SOURCE_MAX_BYTES.",
                )
            if time.monotonic() > deadline:
                raise _late(str(response.url), seconds)
            out.write(chunk)
    return size


def _late(url: str, seconds: float) -> SourceError:
    return SourceError(
        f"{url} has not answered within {seconds:g} seconds.",
        "Ask for less, or set ASMGRAPH_SPARQL_TIMEOUT_S.",
    )
