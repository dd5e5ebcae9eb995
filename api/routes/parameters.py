"""Parameters that several questions share."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request

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
