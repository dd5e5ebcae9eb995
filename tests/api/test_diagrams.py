"""Class diagrams of ontologies that are odd: nothing to draw, and classes that stand above themselves."""

from __future__ import annotations

import pytest

from asmgraph.ontology import layout
from asmgraph.ontology.layout import Box


def test_nothing_to_draw_is_an_empty_drawing() -> None:
    drawing = layout.place([])
    assert (drawing.boxes, drawing.links, drawing.branches) == ((), (), ())


@pytest.mark.parametrize("parents", [{"a": "a"}, {"a": "b", "b": "a"}, {"c": "a", "a": "b", "b": "a"}])
def test_classes_that_stand_above_themselves_are_drawn_once_each(parents: dict[str, str]) -> None:
    drawing = layout.place([Box(key, key, parent=parent) for key, parent in parents.items()])
    assert sorted(placed.box.key for placed in drawing.boxes) == sorted(parents)
    assert len(drawing.branches) == len(parents) - 1
