"""asmgraph: the open knowledge graph of artisanal and small-scale mining, and the coordination gaps in it."""
