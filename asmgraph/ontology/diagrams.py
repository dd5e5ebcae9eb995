"""Class diagrams as SVG: one a module, and ``overview`` of all. Dark on light, without script or style sheet.

A box is a class; below it, on a branch with a hollow head, stand its subclasses. In the diagram of a module each row
is a property, with what its values are; an arrow leads to the class of the same module whose members they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from asmgraph.messages import translations
from asmgraph.ontology import constraints, layout, model, words
from asmgraph.ontology.context import compact
from asmgraph.ontology.layout import Box, Path, Placed, Row
from asmgraph.records import ASM

OVERVIEW = "overview"
_TINTS = ("#e3eff8", "#e2f3ec", "#fbefd5", "#f9e5da", "#f3e6f0", "#eceff2", "#fbf8d8")
"""Light grounds after Okabe-Ito; what they tell, the module, is written in the box as well."""
_INK, _LINE, _QUIET = "#1b2530", "#4a6172", "#51606e"
_STROKES = ("#4a6172", "#00588a", "#8a4b00", "#00664b", "#86316a")
"""Colours of lines, by the box to which they lead: they help to follow one, and tell nothing else."""
_ATTRIBUTES = f'font-family="system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, sans-serif" fill="{_INK}"'


_LONG = 40
"""Of the name of a list, in letters: a longer one would make the box too wide; the page names the list."""


def names() -> tuple[str, ...]:
    """Return the names of the diagrams."""
    return (OVERVIEW, *(module.name for module in model.modules()))


def english() -> dict[str, str]:
    """Return every diagram in English by the name of its file."""
    return {f"{name}.svg": draw(name, "en").svg for name in names()}


@dataclass(frozen=True)
class Diagram:
    """A picture: its title, its size in pixels, and the text of its SVG file."""

    title: str
    width: int
    height: int
    svg: str


@lru_cache(maxsize=128)
def draw(name: str, language: str, page: str = "") -> Diagram:
    """Draw a diagram.

    Parameters
    ----------
    name
        One of :func:`names`.
    page
        The address of a page to whose anchors the boxes lead; without one they lead nowhere.
    """
    return _write(
        _title(name, language), _description(name, language), _boxes(name, language), language, page
    )


def links(term: model.Term) -> tuple[tuple[model.Term, str], ...]:
    """Return the properties that lead from members of a class to those of another of ours, and the other."""
    known = model.terms()
    found = {
        (path, target)
        for constraint in constraints.by_class().get(term.iri, ())
        for path in constraint.paths
        for target in constraint.classes
        if path in known and target in known
    }
    ruled = {path for path, _ in found}
    for other in known.values():
        if term.iri in other.domains and other.iri not in ruled:
            found |= {(other.iri, target) for target in other.ranges if target in known}
    return tuple((known[path], target) for path, target in sorted(found))


def _boxes(name: str, language: str) -> list[Box]:
    if name == OVERVIEW:
        return [
            _box(term, tuple(_short(term, language)), language, module.name, tint)
            for tint, module in enumerate(model.modules())
            for term in _sorted(module.classes, language)
        ]
    (module,) = (one for one in model.modules() if one.name == name)
    return [
        _box(term, tuple(_rows(term, language)), language, _foreign(term), model.modules().index(module))
        for term in _sorted(module.classes, language)
    ]


def _sorted(classes: tuple[model.Term, ...], language: str) -> list[model.Term]:
    return sorted(classes, key=lambda term: (words.rank(words.best(term.labels, language)[0]), term.iri))


def _box(term: model.Term, rows: tuple[Row, ...], language: str, subtitle: str, tint: int) -> Box:
    parents = [parent for parent in term.parents if parent.startswith(ASM)]
    title = words.best(term.labels, language)[0]
    return Box(term.iri, title, subtitle, rows, parents[0] if parents else "", tint % len(_TINTS))


def _foreign(term: model.Term) -> str:
    """Return the classes of others, and of ours beyond the first, of which it is a subclass."""
    own = [parent for parent in term.parents if parent.startswith(ASM)]
    rest = [parent for parent in term.parents if parent not in own[:1]]
    return ", ".join(compact(parent) for parent in rest)


def _short(term: model.Term, language: str) -> Iterator[Row]:
    """Yield one row for each class to which properties lead."""
    targets: dict[str, list[str]] = {}
    for property_, target in links(term):
        targets.setdefault(target, []).append(words.best(property_.labels, language)[0])
    for target, labels in targets.items():
        if target != term.iri:
            yield Row(", ".join(labels), target)


def _rows(term: model.Term, language: str) -> Iterator[Row]:
    """Yield a row for each property of ours that a member of the class has."""
    known = model.terms()
    led = links(term)
    for property_, target in led:
        label = words.best(known[target].labels, language)[0]
        yield Row(f"{words.best(property_.labels, language)[0]} → {label}", target)
    for iri, value in _values(term, language).items():
        if iri not in {property_.iri for property_, _ in led}:
            label = words.best(known[iri].labels, language)[0]
            yield Row(_said(label, value, language))


def _said(label: str, value: str, language: str) -> str:
    """Join a property and what its values are; a list that has the property's name is called a list."""
    texts = translations(language)
    if not value:
        return label
    named = texts.gettext("list") if value == label or len(value) > _LONG else value
    return texts.gettext("{label}: {value}").format(label=label, value=named)


def _values(term: model.Term, language: str) -> Mapping[str, str]:
    """Return what the values of each property are, in words; empty where nothing says.

    What is asked only where there is another property is left to the pages: a box has no room for conditions.
    """
    schemes = model.schemes()
    found = {iri: "" for iri, other in model.terms().items() if term.iri in other.domains}
    for constraint in constraints.by_class().get(term.iri, ()):
        if constraint.where:
            continue
        named = [
            words.best(schemes[one].labels, language)[0] if one in schemes else one
            for one in constraint.schemes
        ]
        said = ", ".join(named) or words.datatypes(constraint.datatypes, language)
        for path in constraint.paths:
            if path.startswith(ASM) and path in model.terms() and constraint.most != 0:
                found[path] = said or found.get(path, "")
    for iri in found:
        if not found[iri]:
            found[iri] = words.datatypes(
                [one for one in model.terms()[iri].ranges if "XMLSchema" in one], language
            )
    return dict(sorted(found.items()))


def _title(name: str, language: str) -> str:
    texts = translations(language)
    if name == OVERVIEW:
        return texts.gettext("The classes of the ontology")
    return texts.gettext("The classes of the module {name}").format(name=name)


def _description(name: str, language: str) -> str:
    """Say in words what the picture shows: each class with those above it, and where arrows lead."""
    texts = translations(language)
    known = model.terms()

    def label(iri: str) -> str:
        return words.best(known[iri].labels, language)[0]

    sentences = []
    for box in _boxes(name, language):
        if box.parent:
            sentences.append(
                texts.gettext("{name} is a kind of {parent}.").format(
                    name=box.title, parent=label(box.parent)
                )
            )
        targets = sorted({label(row.target) for row in box.rows if row.target})
        if targets:
            sentences.append(
                texts.gettext("{name} leads to {others}.").format(name=box.title, others=", ".join(targets))
            )
    return " ".join(sentences)


def _write(title: str, description: str, boxes: list[Box], language: str, page: str) -> Diagram:
    drawing = layout.place(boxes)
    width, height = round(drawing.width), round(drawing.height)
    targets = sorted({link.target for link in drawing.links})
    strokes = {target: _STROKES[number % len(_STROKES)] for number, target in enumerate(targets)}
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" xml:lang="{language}" lang="{language}" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" aria-labelledby="title" aria-describedby="description" '
        f'role="graphics-document" {_ATTRIBUTES}>',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(description)}</desc>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<g fill="none" stroke="{_LINE}" stroke-width="1.3" stroke-linejoin="round">',
        *(f'<path d="{_path(points)}"/>' for points in drawing.branches),
        *dict.fromkeys(
            f'<path stroke="{strokes[one.target]}" d="{_path(one.path)}"/>' for one in drawing.links
        ),
        "</g>",
        *dict.fromkeys(_arrow(one.path, strokes[one.target]) for one in drawing.links),
        *dict.fromkeys(_hollow(points[0]) for points in drawing.branches),
        *(part for placed in drawing.boxes for part in _drawn(placed, page)),
        "</svg>",
    ]
    return Diagram(title, width, height, "\n".join(lines) + "\n")


def _path(points: Path) -> str:
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points)


def _arrow(points: Path, colour: str) -> str:
    (before, _), (x, y) = points[-2:]
    back = -7 if before < x else 7
    return f'<path d="M{x:.0f} {y:.0f}l{back} -4v8z" fill="{colour}"/>'


def _hollow(point: tuple[float, float]) -> str:
    x, y = point
    return f'<path d="M{x:.0f} {y:.0f}l-5 8h10z" fill="#ffffff" stroke="{_LINE}" stroke-width="1.3"/>'


def _drawn(placed: Placed, page: str) -> Iterator[str]:
    box, x, y = placed.box, placed.x, placed.y
    if page:
        yield f"<a href={quoteattr(f'{page}#{box.key.removeprefix(ASM)}')}>"
    yield (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{placed.width:.0f}" height="{box.height:.0f}" rx="4" '
        f'fill="{_TINTS[box.tint]}" stroke="{_LINE}"/>'
    )
    yield _text(x + 10, y + 18, layout.FONT * 1.05, box.title, 'font-weight="700"')
    if box.subtitle:
        yield _text(x + 10, y + 33, layout.FONT * 0.82, box.subtitle, f'font-style="italic" fill="{_QUIET}"')
    if box.rows:
        top = y + box.head
        yield f'<path d="M{x:.0f} {top:.0f}h{placed.width:.0f}" stroke="{_LINE}" stroke-width=".7"/>'
    for number, row in enumerate(box.rows):
        yield _text(x + 10, placed.row(number) + 5, layout.FONT * 0.92, row.text)
    if page:
        yield "</a>"


def _text(x: float, y: float, size: float, text: str, more: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size:.4g}" {more}>{escape(text)}</text>'.replace(
        " >", ">"
    )
