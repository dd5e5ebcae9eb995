"""The examples in the docstrings of the analyses on arrays say what is so."""

from __future__ import annotations

import doctest
from types import ModuleType

import numpy as np
import pytest

from asmgraph.analysis.overlaps import null_models, poisson_binomial, presences, resampling, strangers


@pytest.mark.parametrize("module", [null_models, poisson_binomial, presences, resampling, strangers])
def test_examples_say_what_is_so(module: ModuleType) -> None:
    tried = doctest.testmod(module, extraglobs={"np": np})
    assert tried.attempted
    assert tried.failed == 0
