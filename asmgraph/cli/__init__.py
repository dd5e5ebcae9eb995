"""The command line: thin, one module a group of commands; the work is done in the library."""

from asmgraph.cli.app import app

__all__ = ["app"]
