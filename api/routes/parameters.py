"""Parameters that several questions share."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

Place = Annotated[
    str, Query(max_length=200, description="Country (COD), place code or name; empty: everywhere.")
]
Theme = Annotated[str, Query(max_length=200, description="Intervention type or challenge; empty: all.")]
AsOf = Annotated[
    str, Query(max_length=50, description="YYYY-MM-DD or latest-covered; empty: day of publication.")
]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=1_000_000)]
