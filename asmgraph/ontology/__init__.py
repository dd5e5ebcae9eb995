"""The ontology itself: what it holds, and whether it is in order."""
