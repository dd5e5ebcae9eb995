"""Drafting: a file that nobody has described in, a first ``source.yml`` and ``mapping.yml`` out, with every guess said.

Reads headings (in four languages), HXL tags and values. Guesses nothing of who publishes, under which licence, what was
searched for, or who may see it: those a steward decides.
"""
