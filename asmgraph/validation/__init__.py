"""Validation: what a source promised of its cells, and what the SHACL shapes ask of its statements."""
