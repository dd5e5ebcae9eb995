"""Mapping: rows to statements, by a declarative YARRRML mapping compiled to polars expressions.

Knows no file format. :func:`~asmgraph.mapping.yarrrml.load` reads a mapping,
:func:`~asmgraph.mapping.compiler.compile_rules` turns it into rules, and
:mod:`~asmgraph.mapping.runner` applies them to batches.
"""
