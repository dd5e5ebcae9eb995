"""Make the graphs of a publication out of staged versions: what goes into the full dataset, and into the public one.

A version's statements lie in one graph a sensitivity. The public dataset holds public graphs as they are, and bounds of
the small counts that are hidden in them; of a restricted source a generalised graph in its place; of what is
confidential at sites of both, yearly totals of provinces. Nothing of a confidential source is in it. What was taken
down is in neither dataset. What is not public is absent, not filtered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from asmgraph.errors import StoreError
from asmgraph.privacy import (
    areas,
    breakdowns,
    confinement,
    derivation,
    generalisation,
    pseudonyms,
    statements,
    takedown,
    totals,
    visits,
)
from asmgraph.records import ASM, GRAPH, Sensitivity
from asmgraph.store import staging, tombstones
from asmgraph.store.building import GraphFile
from asmgraph.terms import SENSITIVITY

_SENSITIVITY = f"{ASM}sensitivity"


@dataclass(frozen=True)
class Publication:
    """What is to be published: the graphs, and the tombstones of what was public and is not, by their digest."""

    graphs: tuple[GraphFile, ...]
    tombstones: Mapping[str, tuple[str, str]]


def compose(home: Path, staged: Iterable[staging.Staged], folder: Path) -> Publication:
    """Return the graphs of a publication; what is derived on the way is written into ``folder``.

    Parameters
    ----------
    folder
        Empty; must stay until the graphs are loaded.

    Raises
    ------
    StoreError
        If a version was staged before what it says of single sites was confidential.
    """
    chosen = list(staged)
    stones = tombstones.read(home)
    graphs = _confined(chosen, [graph for one in chosen for graph in _as_staged(one)], folder)
    gone = takedown.falling([graph.file for graph in graphs], stones) if stones else {}
    public = {iri for iri, stone in stones.items() if stone.public} | _publicly_stated(graphs, gone)
    graphs = [_without(graph, gone, folder) for graph in graphs]
    graphs += list(_drawn(home, graphs, folder))
    if stones:  # an address of the public dataset alone, which no source states
        drawn = [graph.file for graph in graphs if not graph.full]
        gone |= takedown.falling(drawn, stones)
        public |= _publicly_stated(graphs, gone)
        graphs = [_without(graph, gone, folder) for graph in graphs]
    written = {
        tombstones.digest(iri): (stones[root].date, stones[root].reason)
        for iri, root in gone.items()
        if iri in public
    }
    return Publication(tuple(graph for graph in graphs if graph.triples), written)


def _publicly_stated(graphs: Iterable[GraphFile], things: Mapping[str, str]) -> set[str]:
    """Return those things that a public graph states."""
    return set(statements.about([graph.file for graph in graphs if graph.public], things)["subject"])


def _as_staged(one: staging.Staged) -> Iterator[GraphFile]:
    for level, part in one.manifest["graphs"].items():
        sensitivity = Sensitivity(level)
        public = sensitivity is Sensitivity.PUBLIC
        yield GraphFile(
            part["iri"],
            one.file(sensitivity),
            part["triples"],
            part["checksum"],
            public,
            one.source,
            one.version,
        )


def _confined(chosen: Iterable[staging.Staged], graphs: list[GraphFile], folder: Path) -> list[GraphFile]:
    """Make confidential what only all versions together show to be said of a single site.

    A place may become a site, or a thing be confined, in another source after the one that speaks of it was staged.
    """

    def single() -> set[str]:
        kinds = pl.concat(one.types() for one in chosen)
        return set(kinds.filter(pl.col("kind").is_in(confinement.SINGLE))["thing"])

    judged = confinement.judge([graph.file for graph in graphs], single)
    found: list[GraphFile] = []
    for parts in _versions(graphs).values():
        moved: set[str] = set()
        held = parts.pop(Sensitivity.CONFIDENTIAL, None)
        for level, graph in parts.items():
            if terms := judged.always(graph.file):
                raise StoreError(
                    f"{graph.source} states <{terms[0]}> in its {level} part: it was staged by an earlier asmgraph.",
                    f"Run 'asmgraph ingest {graph.source}' again: at a single site this is confidential.",
                )
            lines = set(judged.lines(graph.file)["line"])
            found.append(_rewritten(graph, folder, pl.col("line").is_in(list(lines))) if lines else graph)
            moved |= lines
        if moved:
            held = _with(held or _confidential(next(iter(parts.values())), folder), moved, folder)
        found += [held] if held is not None else []
    return found


def _confidential(of: GraphFile, folder: Path) -> GraphFile:
    """Return the confidential part of a version that had none: what its other part says of itself, and no more."""
    iri = f"{GRAPH}{of.source}/{of.version}/{Sensitivity.CONFIDENTIAL}"
    file = folder / f"{_name(iri)}.nt"
    stated = statements.about([of.file], [of.iri]).filter(pl.col("predicate") != _SENSITIVITY)
    described = [line.replace(f"<{of.iri}>", f"<{iri}>", 1) for line in stated["line"]]
    described.append(f"<{iri}> <{_SENSITIVITY}> <{SENSITIVITY[Sensitivity.CONFIDENTIAL]}> .")
    file.write_text("".join(f"{line}\n" for line in sorted(described)), encoding="utf-8")
    return GraphFile(iri, file, len(described), _digest(file), False, of.source, of.version)


def _with(graph: GraphFile, lines: set[str], folder: Path) -> GraphFile:
    """Return the graph with further lines."""
    extra, file = folder / f"{_name(graph.iri)}.moved", folder / f"{_name(graph.iri)}.with.nt"
    extra.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")
    triples, last = 0, ""
    with file.open("w", encoding="utf-8", newline="\n") as written:
        for line in staging.merged([graph.file, extra]):
            if line != last:
                written.write(f"{line}\n")
                triples += 1
            last = line
    return replace(graph, file=file, triples=triples, checksum=_digest(file))


def _drawn(home: Path, graphs: list[GraphFile], folder: Path) -> Iterator[GraphFile]:
    """Yield what is drawn from graphs that are not public."""
    open_files = [graph.file for graph in graphs if graph.public]
    for (source, version), parts in _versions(graphs).items():
        whole = parts.get(Sensitivity.PUBLIC) or parts.get(Sensitivity.RESTRICTED)
        if whole is None or (len(parts) == 1 and whole.public):
            continue  # a confidential source, or one that holds nothing back
        places = areas.read(open_files, [part.file for part in parts.values()])
        of = derivation.origin(whole.iri, source, whole.file)
        base = f"{GRAPH}{source}/{version}"
        if whole.public:
            yield from _written(
                whole, folder, f"{base}/bounds", "bounds of small counts", breakdowns.METHOD,
                of, breakdowns.bounds(whole.file),
            )  # fmt: skip
        restricted = whole if not whole.public else None
        if restricted is not None:
            seen = visits.read([restricted.file], places)
            found = generalisation.generalise([restricted.file], seen)
            lines = (
                generalisation.lines(source, of.document, pseudonyms.key(home), found) if len(seen) else ()
            )
            yield from _written(
                restricted,
                folder,
                f"{base}/generalised",
                "sites generalised",
                generalisation.METHOD,
                of,
                lines,
            )
        if Sensitivity.CONFIDENTIAL in parts:
            files = [part.file for part in parts.values()]
            table = totals.protected(totals.counted(files, visits.read(files, places)))
            yield from _written(
                whole, folder, f"{base}/totals", "yearly totals of provinces", totals.METHOD, of,
                totals.lines(source, of.document, table),
            )  # fmt: skip


def _versions(graphs: Iterable[GraphFile]) -> dict[tuple[str, str], dict[Sensitivity, GraphFile]]:
    found: dict[tuple[str, str], dict[Sensitivity, GraphFile]] = {}
    for graph in graphs:
        part = graph.iri.removeprefix(f"{GRAPH}{graph.source}/{graph.version}").strip("/")
        found.setdefault((graph.source, graph.version), {})[Sensitivity(part or Sensitivity.PUBLIC)] = graph
    return found


def _written(
    whole: GraphFile,
    folder: Path,
    iri: str,
    named: str,
    method: str,
    of: derivation.Origin,
    lines: Iterable[str],
) -> Iterator[GraphFile]:
    file = folder / f"{_name(iri)}.nt"
    if triples := derivation.write(file, lines, iri, named, method, of):
        yield GraphFile(iri, file, triples, _digest(file), True, whole.source, whole.version, full=False)


def _without(graph: GraphFile, gone: Mapping[str, str], folder: Path) -> GraphFile:
    """Return the graph without what is gone; the graph itself where it names nothing of it."""
    naming = takedown.naming(pl.col("line"), gone)
    return _rewritten(graph, folder, naming) if gone and statements.holds(graph.file, naming) else graph


def _rewritten(graph: GraphFile, folder: Path, without: pl.Expr) -> GraphFile:
    """Return the graph without the lines for which an expression over ``line`` holds."""
    file = folder / f"{_name(graph.iri)}.without.nt"
    draft, triples = file.with_suffix(".draft"), 0
    with draft.open("w", encoding="utf-8", newline="\n") as kept:
        for lines in statements.batches(graph.file, without=without):
            kept.writelines(f"{line}\n" for line in lines)
            triples += len(lines)
    draft.replace(file)
    return replace(graph, file=file, triples=triples, checksum=_digest(file))


def _name(iri: str) -> str:
    return iri.removeprefix(GRAPH).replace("/", "_")


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
