"""Parameters that several questions share."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request

from api.errors import Problem

Place = Annotated[
    str, Query(max_length=200, description="Country (COD), place code or name; empty: everywhere.")
]
Theme = Annotated[
    str, Query(max_length=200, description="Intervention type, challenge or impact; empty: all.")
]
AsOf = Annotated[
    str, Query(max_length=50, description="YYYY-MM-DD or latest-covered; empty: day of publication.")
]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=1_000_000)]

_MAX_PART = 1_000


async def refuse_long(request: Request) -> None:
    """Refuse a path with a part that no address of ours has: a page would repeat it in its links.

    Raises
    ------
    Problem
        414.
    """
    if any(len(part) > _MAX_PART for part in request.scope["raw_path"].partition(b"?")[0].split(b"/")):
        raise too_long()


def too_long() -> Problem:
    """Return what is said of an address that is too long."""
    return Problem(414, "address-too-long", "This address is too long.", "Check the link.")


def refuse_others(request: Request, *known: str) -> None:
    """Refuse a parameter with another name: misspelt, it would be passed over and the answer be a wider one.

    Raises
    ------
    RequestValidationError
        Naming the first.
    """
    names = {*known, "page", "lang"}
    unknown = [name for name in request.query_params if name not in names]
    if unknown:
        said = f"There is no such parameter; known: {', '.join(sorted(names))}"
        raise RequestValidationError(
            [{"loc": ("query", unknown[0]), "msg": said, "type": "unknown", "input": ""}]
        )
