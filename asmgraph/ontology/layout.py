"""Where boxes and lines of a class diagram go: a small layered layout, the same for the same boxes.

After Sugiyama et al. 1981 (doi:10.1109/TSMC.1981.4308636): cycles are cut, families of classes (a class with its
subclasses below it) are put into columns so that lines run from left to right, the order within a column is
improved by barycentres, and lines take orthogonal paths in the channels between columns. Lines to one box share
their path. Networkx has no layout that knows the sizes of boxes; grandalf 0.8 has, and calls itself under
development.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx

FONT, ROW, HEAD, SUBTITLE, GAP, INDENT, TRACK, LANE = 13.0, 18.0, 26.0, 15.0, 14.0, 22.0, 9.0, 10.0
_NARROW, _WIDE = frozenset("fijlrt.,:;'|()[] "), frozenset("mwMW@—")
_SWEEPS = 12
Path = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Row:
    """A line of text in a box; ``target`` is the key of the box to which a line leads, empty where none does."""

    text: str
    target: str = ""


@dataclass(frozen=True)
class Box:
    """A class. ``parent`` is the key of the box below which it stands; ``tint`` tells its kind apart."""

    key: str
    title: str
    subtitle: str = ""
    rows: tuple[Row, ...] = ()
    parent: str = ""
    tint: int = 0

    @property
    def head(self) -> float:
        """Return the height of the part above the rows."""
        return HEAD + (SUBTITLE if self.subtitle else 0)

    @property
    def height(self) -> float:
        """Return the height in pixels."""
        return self.head + (ROW * len(self.rows) + 6 if self.rows else 0)

    @property
    def width(self) -> float:
        """Return the width that its texts need, in pixels."""
        texts = [(self.title, 1.1), (self.subtitle, 0.85), *((row.text, 0.95) for row in self.rows)]
        return max(measure(text) * size for text, size in texts) + 22


@dataclass(frozen=True)
class Placed:
    """A box and where it is, in pixels from the upper left."""

    box: Box
    x: float
    y: float
    width: float

    def row(self, number: int) -> float:
        """Return the height at which the middle of a row is."""
        return self.y + self.box.head + ROW * (number + 0.5)


@dataclass(frozen=True)
class Link:
    """The path of a line that ends at an arrow, and the key of the box to which it leads."""

    target: str
    path: Path


@dataclass(frozen=True)
class Drawing:
    """Placed boxes, the lines between them, and ``branches`` from a parent to a child."""

    width: float
    height: float
    boxes: tuple[Placed, ...]
    links: tuple[Link, ...]
    branches: tuple[Path, ...]


@dataclass(frozen=True)
class _Item:
    """What is stacked in a column: a family by the key of its root, or a lane for lines to a box."""

    key: str
    lane: bool = False


_Joint = tuple[_Item, float]
"""An item, and the height within it at which a line leaves or arrives."""


def measure(text: str) -> float:
    """Return the width of a text in pixels at :data:`FONT`, generously, as the reader's font is unknown.

    >>> measure("will") < measure("WILL")
    True
    """
    widths = (
        0.36 if one in _NARROW else 0.92 if one in _WIDE else 0.7 if one.isupper() else 0.59 for one in text
    )
    return FONT * sum(widths)


def place(boxes: Sequence[Box]) -> Drawing:
    """Lay out boxes; lines lead to boxes of other families only, as rows name every target in words."""
    if not boxes:
        return Drawing(0, 0, (), (), ())
    families = _families(boxes)
    root = {box.key: key for key, members in families.items() for box, _ in members}
    edges = sorted(
        {
            (box.key, number, row.target)
            for box in boxes
            for number, row in enumerate(box.rows)
            if root.get(row.target, root[box.key]) != root[box.key]
        }
    )
    columns = _columns(families, {(root[source], root[target]) for source, _, target in edges})
    chains = {edge: _chain(edge, root, columns) for edge in edges}
    lanes = {(item, column) for chain in chains.values() for item, column in chain if item.lane}
    stacked: dict[int, list[_Item]] = defaultdict(list)
    for key in families:
        stacked[columns[key]].append(_Item(key))
    for item, column in sorted(lanes, key=lambda one: (one[1], one[0].key)):
        stacked[column].append(item)
    height = {_Item(key): _height(members) for key, members in families.items()}
    tops = _stack(stacked, height, [[item for item, _ in chain] for chain in chains.values()])
    return _draw(families, stacked, tops, chains, root)


def _families(boxes: Sequence[Box]) -> dict[str, list[tuple[Box, int]]]:
    """Return each root's boxes with their depth, children after parents."""
    parents = _parents(boxes)
    children: dict[str, list[Box]] = defaultdict(list)
    for box in boxes:
        children[parents.get(box.key, "")].append(box)

    def below(box: Box, depth: int) -> Iterator[tuple[Box, int]]:
        yield box, depth
        for child in children[box.key]:
            yield from below(child, depth + 1)

    return {box.key: list(below(box, 0)) for box in children[""]}


def _parents(boxes: Sequence[Box]) -> dict[str, str]:
    """Return the parent of each box that has one here; where parents form a circle, one of them counts as the top."""
    known = {box.key for box in boxes}
    found = {box.key: box.parent for box in boxes if box.parent in known}
    for key in sorted(found):
        seen, above = {key}, found[key]
        while above in found and above not in seen:
            seen.add(above)
            above = found[above]
        if above == key:
            del found[key]
    return found


def _columns(families: Iterable[str], edges: set[tuple[str, str]]) -> dict[str, int]:
    """Return a column for each family, so that lines lead to the right but for those that close a cycle."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(families)
    for edge in sorted(edges):
        graph.add_edge(*edge)
        if not nx.is_directed_acyclic_graph(graph):
            graph.remove_edge(*edge)
            graph.add_edge(edge[1], edge[0])
    depth = {
        key: number
        for number, generation in enumerate(nx.topological_generations(graph.reverse()))
        for key in generation
    }
    last = max(depth.values(), default=0)
    columns = {key: last - number for key, number in depth.items()}
    alone = [key for key in columns if not graph.degree(key)]
    for number, key in enumerate(sorted(alone)):
        columns[key] = number % (last + 1)
    return columns


def _chain(
    edge: tuple[str, int, str], root: Mapping[str, str], columns: Mapping[str, int]
) -> list[tuple[_Item, int]]:
    """Return what a line passes, from column to column."""
    source, target = root[edge[0]], root[edge[2]]
    first, last = columns[source], columns[target]
    step = 1 if last > first else -1
    lanes = [
        (_Item(f"{edge[2]}|{step}|{column}", True), column) for column in range(first + step, last, step)
    ]
    return [(_Item(source), first), *lanes, (_Item(target), last)]


def _height(members: Sequence[tuple[Box, int]]) -> float:
    return sum(box.height for box, _ in members) + GAP * 0.7 * (len(members) - 1)


def _stack(
    stacked: Mapping[int, list[_Item]], height: Mapping[_Item, float], chains: Iterable[list[_Item]]
) -> dict[_Item, float]:
    """Order each column in place and return where its items begin: near what they are joined to."""
    joined: dict[_Item, list[_Item]] = defaultdict(list)
    for chain in chains:
        for one, other in pairwise(chain):
            joined[one].append(other)
            joined[other].append(one)

    def tops() -> dict[_Item, float]:
        found: dict[_Item, float] = {}
        tall = {column: sum(height.get(i, LANE) + GAP for i in items) for column, items in stacked.items()}
        for column, items in stacked.items():
            y = 2 + (max(tall.values()) - tall[column]) / 2
            for item in items:
                found[item] = y
                y += height.get(item, LANE) + GAP
        return found

    def cost(found: Mapping[_Item, float]) -> float:
        return sum(abs(found[one] - found[other]) for one, others in joined.items() for other in others)

    best, order = tops(), {column: list(items) for column, items in stacked.items()}
    for sweep in range(_SWEEPS):
        for column in sorted(stacked, reverse=sweep % 2 == 0):
            now = tops()
            wanted = {
                item: sum(now[other] for other in joined[item]) / len(joined[item])
                if joined[item]
                else now[item]
                for item in stacked[column]
            }
            stacked[column].sort(key=lambda item: (wanted[item], item.key))
        if cost(tops()) < cost(best):
            best, order = tops(), {column: list(items) for column, items in stacked.items()}
    for column, items in order.items():
        stacked[column][:] = items
    return best


def _draw(
    families: Mapping[str, list[tuple[Box, int]]],
    stacked: Mapping[int, list[_Item]],
    tops: Mapping[_Item, float],
    chains: Mapping[tuple[str, int, str], list[tuple[_Item, int]]],
    root: Mapping[str, str],
) -> Drawing:
    tracks = _tracks(chains, tops)
    left: dict[int, float] = {}
    right: dict[int, float] = {}
    x = 2.0
    for column in sorted(stacked):
        left[column] = x
        x += max(
            (
                box.width + INDENT * depth
                for item in stacked[column]
                if not item.lane
                for box, depth in families[item.key]
            ),
            default=0,
        )
        right[column] = x
        x += 30 + TRACK * len(tracks.get(column, ()))
    placed = {
        one.box.key: one
        for column, items in stacked.items()
        for item in items
        if not item.lane
        for one in _family(families[item.key], left[column], right[column], tops[item])
    }
    links: list[Link] = []
    for (source, number, target), chain in chains.items():
        leaves = placed[source].row(number)
        path: list[tuple[float, float]] = []
        for (before, column), (after, next_column) in pairwise(chain):
            arrives = tops[after] + LANE / 2 if after.lane else placed[target].y + HEAD / 2
            forward = next_column > column
            channel = min(column, next_column)
            track = right[channel] + 16 + TRACK * tracks[channel].index((target, forward))
            begin, end = right[column], right[next_column]
            if forward:
                end = left[next_column] if after.lane else placed[target].x
            else:
                begin = left[column] if before.lane else placed[source].x
            path += [(begin, leaves), (track, leaves), (track, arrives), (end, arrives)]
            leaves = arrives
        links.append(Link(target, tuple(path)))
    branches = tuple(
        _branch(parent, child)
        for child in placed.values()
        if (parent := placed.get(child.box.parent))
        and root[child.box.key] == root[parent.box.key]
        and parent.y < child.y
    )
    lowest = (y for link in links for _, y in link.path)
    bottom = max(max(one.y + one.box.height for one in placed.values()), max(lowest, default=0.0))
    return Drawing(max(right.values()) + 2, bottom + 2, tuple(placed.values()), tuple(links), branches)


def _branch(parent: Placed, child: Placed) -> Path:
    x, y = parent.x + INDENT / 2, child.y + HEAD / 2
    return (x, parent.y + parent.box.height), (x, y), (child.x, y)


def _tracks(
    chains: Mapping[tuple[str, int, str], list[tuple[_Item, int]]], tops: Mapping[_Item, float]
) -> dict[int, list[tuple[str, bool]]]:
    """Return, for the channel right of each column, the targets that have a track in it, from left to right."""
    found: dict[int, dict[tuple[str, bool], float]] = defaultdict(dict)
    for (_, _, target), chain in chains.items():
        for (_, column), (after, next_column) in pairwise(chain):
            found[min(column, next_column)][target, next_column > column] = tops[after]
    return {
        column: sorted(targets, key=lambda one: (-targets[one], one)) for column, targets in found.items()
    }


def _family(members: Sequence[tuple[Box, int]], left: float, right: float, top: float) -> Iterator[Placed]:
    y = top
    for box, depth in members:
        yield Placed(box, left + INDENT * depth, y, right - left - INDENT * depth)
        y += box.height + GAP * 0.7
