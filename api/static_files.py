"""Style sheets, scripts and icons: kept for a year under an address that names their content, else checked."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).resolve().parent / "static"
_KEPT = "public, max-age=31536000, immutable"


class Files(StaticFiles):
    """Serves :data:`FOLDER`."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return the file, and say how long it may be kept."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("v")
        response.headers["Cache-Control"] = _KEPT if asked == [_fingerprint(Path(full_path))] else "no-cache"
        return response


def address(name: str) -> str:
    """Return where a page finds a file of the folder, as it is now: ``/static/style.css?v=...``.

    What was not installed, as scripts may not be in a checkout, has no version.
    """
    file = FOLDER / name
    return f"/static/{name}?v={_fingerprint(file)}" if file.is_file() else f"/static/{name}"


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
