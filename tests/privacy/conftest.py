"""A home of one's own, where the vocabulary and the places are staged and nothing is published."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from asmgraph.catalogue import REFERENCE


@pytest.fixture
def own_home(starter_home: Path, tmp_path: Path) -> Path:
    home = tmp_path / "home"
    for source in REFERENCE:
        shutil.copytree(starter_home / "staging" / source, home / "staging" / source)
    return home
