"""Entity tags: what a client has is not sent again (RFC 9110, sections 8.8.3 and 13.1.2)."""

from __future__ import annotations

import hashlib
import re

_OPAQUE = re.compile(r'"[^"]*"')


def tag(*parts: object) -> str:
    """Return the weak entity tag of an answer that is a function of these parts.

    >>> tag("a", 1) == tag("a", 1) != tag("a", 2)
    True
    """
    written = repr(parts).encode("utf-8", "surrogatepass")
    return f'W/"{hashlib.sha256(written).hexdigest()[:32]}"'


def names(if_none_match: str, known: str) -> bool:
    """Return whether the client names this tag, weakly compared.

    >>> names('"x", W/"y"', 'W/"y"'), names('"y"', 'W/"y"'), names("*", 'W/"y"')
    (True, True, False)
    """
    return known.removeprefix("W/") in _OPAQUE.findall(if_none_match)


def names_any(if_none_match: str) -> bool:
    """Return whether the client wants an answer only where there is none yet: ``If-None-Match: *``."""
    return if_none_match.strip() == "*"
