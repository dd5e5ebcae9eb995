"""Diagrams are whole and readable: every class a box, no box upon another, every line from and to a box."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from asmgraph.messages import LANGUAGES
from asmgraph.ontology import diagrams, layout, model, words
from asmgraph.ontology.layout import Box, Row

SVG = "{http://www.w3.org/2000/svg}"


def read(name: str, language: str, page: str = "") -> etree._Element:
    return etree.fromstring(diagrams.draw(name, language, page).svg.encode())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_diagram_of_a_module_names_each_of_its_classes_in_the_language(language: str) -> None:
    for module in model.modules():
        drawn = read(module.name, language)
        shown = {text.text for text in drawn.iter(f"{SVG}text")}
        assert {words.best(term.labels, language)[0] for term in module.classes} <= shown
        assert drawn.get("lang") == language


def test_the_overview_names_every_class() -> None:
    shown = {text.text for text in read(diagrams.OVERVIEW, "en").iter(f"{SVG}text")}
    assert {term.labels["en"][0] for module in model.modules() for term in module.classes} <= shown


@pytest.mark.parametrize("name", diagrams.names())
def test_a_diagram_has_a_title_and_a_description_and_no_script_or_style(name: str) -> None:
    drawn = read(name, "en")
    assert drawn.findtext(f"{SVG}title") and drawn.findtext(f"{SVG}desc")
    names = {etree.QName(one).localname for one in drawn.iter() if isinstance(one.tag, str)}
    assert names <= {"svg", "title", "desc", "rect", "g", "path", "text", "a"}
    assert not any(
        "style" in one.attrib or any(str(key).startswith("on") for key in one.attrib) for one in drawn.iter()
    )


def test_the_description_tells_hierarchy_and_arrows() -> None:
    said = read("core", "en").findtext(f"{SVG}desc") or ""
    assert "miners' group is a kind of organisation." in said
    assert "participation leads to actor, intervention." in said


def test_boxes_of_a_linked_diagram_lead_to_their_terms() -> None:
    leads = [one.get("href") for one in read("core", "en", "/ns").iter(f"{SVG}a")]
    (core,) = (module for module in model.modules() if module.name == "core")
    assert sorted(filter(None, leads)) == sorted(f"/ns#{term.name}" for term in core.classes)


def test_texts_are_escaped() -> None:
    made = diagrams._write("<a>", "&", [Box("k", "<b>", "&", (Row("<c>"),))], "en", "").svg
    assert [text.text for text in etree.fromstring(made.encode()).iter(f"{SVG}text")] == ["<b>", "&", "<c>"]


@st.composite
def drawings(draw: st.DrawFn) -> list[Box]:
    """Boxes with a tree of parents and any lines, cycles and lines to oneself among them."""
    number = draw(st.integers(1, 14))
    keys = [f"k{one:02}" for one in range(number)]
    boxes = []
    for position, key in enumerate(keys):
        parent = draw(st.sampled_from(["", "", *keys[:position]]))
        targets = draw(st.lists(st.sampled_from(["", *keys]), max_size=4))
        rows = tuple(Row(f"row {one}", target) for one, target in enumerate(targets))
        boxes.append(Box(key, draw(st.sampled_from(["a", "a longer title"])), "", rows, parent))
    return boxes


@given(drawings())
def test_boxes_do_not_overlap_and_lines_end_at_them(boxes: list[Box]) -> None:
    drawing = layout.place(boxes)
    placed = {one.box.key: one for one in drawing.boxes}
    assert set(placed) == {box.key for box in boxes}
    for one in drawing.boxes:
        assert one.width >= one.box.width - 1e-6
        assert one.x >= 0 and one.x + one.width <= drawing.width
        assert one.y >= 0 and one.y + one.box.height <= drawing.height
        for other in drawing.boxes:
            if one.box.key < other.box.key:
                beside = one.x + one.width <= other.x or other.x + other.width <= one.x
                above = one.y + one.box.height <= other.y or other.y + other.box.height <= one.y
                assert beside or above
    for link in drawing.links:
        target = placed[link.target]
        x, y = link.path[-1]
        assert target.y <= y <= target.y + target.box.height
        assert x in (pytest.approx(target.x), pytest.approx(target.x + target.width))
        assert any(
            one.y <= link.path[0][1] <= one.y + one.box.height
            and link.path[0][0] in (pytest.approx(one.x), pytest.approx(one.x + one.width))
            for one in drawing.boxes
        )
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in zip(link.path, link.path[1:], strict=False))


@given(drawings())
def test_no_line_runs_through_a_box(boxes: list[Box]) -> None:
    drawing = layout.place(boxes)
    for link in drawing.links:
        for (x1, y1), (x2, y2) in zip(link.path, link.path[1:], strict=False):
            for one in drawing.boxes:
                inside_x = min(x1, x2) < one.x + one.width - 1e-6 and max(x1, x2) > one.x + 1e-6
                inside_y = min(y1, y2) < one.y + one.box.height - 1e-6 and max(y1, y2) > one.y + 1e-6
                assert not (inside_x and inside_y), (one.box.key, link)


@given(drawings())
def test_the_same_boxes_are_placed_the_same(boxes: list[Box]) -> None:
    assert layout.place(boxes) == layout.place(boxes)
