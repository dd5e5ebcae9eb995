"""Addresses that tell nothing: a keyed hash in place of a name or a source's code.

The key is made once a home, readable by its owner alone, and stays out of staging, snapshots and exports.
Whoever has it and a list of sites can work out which is which; whoever loses it gets other addresses at the
next publication.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from asmgraph.errors import StoreError

KEY = "pseudonyms.key"
_BYTES = 32
_SHOWN = 20


def key(home: Path) -> bytes:
    """Return the home's key; make it where there is none.

    Raises
    ------
    StoreError
        If the file is no key, or others may read it.
    """
    path = home / KEY
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        draft = home / f".{KEY}"
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    if path.stat().st_mode & 0o077:
        raise StoreError(f"{path} can be read by others than its owner.", f"Run 'chmod 600 {path}'.")
    held = path.read_bytes()
    if len(held) != _BYTES:
        raise StoreError(
            f"{path} is not a key of {_BYTES} bytes.", "Put back the one from your back-up, or remove it."
        )
    return held


def slug(secret: bytes, *parts: str) -> str:
    """Return 20 hexadecimal digits (80 bits of HMAC-SHA-256, RFC 2104) that stand for ``parts``."""
    message = "\n".join(part.replace("\n", " ") for part in parts).encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()[:_SHOWN]
