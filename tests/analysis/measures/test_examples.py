"""The examples in the docstrings of the measures are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from asmgraph.analysis import measures

MODULES = [f"{measures.__name__}.{module.name}" for module in pkgutil.iter_modules(measures.__path__)]


@pytest.mark.parametrize("name", [*MODULES, "asmgraph.sources.edge_lists"])
def test_examples_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
