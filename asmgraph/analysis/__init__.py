"""Analyses: the coordination gaps, each with its evidence, out of one projection of a snapshot."""

from asmgraph.analysis.gaps import KINDS, Parameters, find_gaps
from asmgraph.analysis.records import Evidence, Gap, GapSet

__all__ = ["KINDS", "Evidence", "Gap", "GapSet", "Parameters", "find_gaps"]
