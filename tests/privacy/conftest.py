"""A home of one's own, with the vocabulary and the places staged and published."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def own_home(starter_home: Path, tmp_path: Path) -> Path:
    home = tmp_path / "home"
    shutil.copytree(starter_home, home, symlinks=True)
    return home
