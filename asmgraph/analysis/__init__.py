"""Analyses: the coordination gaps, each with its evidence, out of one projection of a snapshot."""

from asmgraph.analysis.gaps import find_gaps
from asmgraph.analysis.kinds import KINDS
from asmgraph.analysis.records import Evidence, Gap, GapSet
from asmgraph.analysis.scope import Asked, Parameters

__all__ = ["KINDS", "Asked", "Evidence", "Gap", "GapSet", "Parameters", "find_gaps"]
