"""Header fields that every answer carries, whoever made it."""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "default-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
SECURITY_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_OPEN = re.compile(r"^/(?:ns|vocab|catalog|downloads)(?:[./]|$)")
"""What pages of other sites may fetch. The endpoint, which more methods reach, says so itself."""


class Headers:
    """Completes the header of every answer; stands outside of what compresses."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                complete(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self.app(scope, receive, sending)


def complete(headers: MutableHeaders, path: str) -> None:
    """Add what is missing in the answer of a path; a header that is complete stays as it is.

    Every answer may be encoded otherwise, 304 and small ones too, and its tag holds for all encodings: a strong
    one would have to differ between them (RFC 9110, section 8.8.3.3).
    """
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    if _OPEN.match(path):
        headers.setdefault("Access-Control-Allow-Origin", "*")
        headers.setdefault("Access-Control-Expose-Headers", "ETag, Link, Retry-After")
    if "accept-encoding" not in headers.get("Vary", "").lower():
        headers.add_vary_header("Accept-Encoding")
    if headers.get("ETag", "").startswith('"'):
        headers["ETag"] = f"W/{headers['ETag']}"
