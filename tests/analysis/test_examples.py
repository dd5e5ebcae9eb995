"""The examples in the docstrings of the analyses on arrays say what is so."""

from __future__ import annotations

import doctest
from types import ModuleType

import numpy as np
import pytest

from asmgraph.analysis import null_models, overlap_stability, overlaps, poisson_binomial, presences


@pytest.mark.parametrize("module", [null_models, overlap_stability, overlaps, poisson_binomial, presences])
def test_examples_say_what_is_so(module: ModuleType) -> None:
    tried = doctest.testmod(module, extraglobs={"np": np})
    assert tried.attempted
    assert tried.failed == 0
