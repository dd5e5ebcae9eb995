"""What an address asks of the gaps: every parameter of the analyses but the costly ones, and what links carry on."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated

from fastapi import Depends, Query
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request

from api.routes import language
from api.routes.parameters import AsOf, Place, Theme, refuse_others
from asmgraph.analysis import KINDS, Parameters
from asmgraph.analysis.scope import read_pair

_MOST = 20
"""Values of a parameter that may be repeated."""

Kind = Annotated[str, Query(max_length=50, description=f"One of {', '.join(KINDS)}; empty: all.")]
MinOverlap = Annotated[int, Query(ge=1, le=100, description="Places and themes that two actors must share.")]
MinActors = Annotated[
    int, Query(ge=2, le=1000, description="Actors from which on a place and theme is crowded.")
]
MaxCell = Annotated[
    int, Query(ge=2, le=1000, description="Most actors of one place and theme that are paired one by one.")
]
Alpha = Annotated[
    float, Query(ge=0, le=1, description="Share of false discoveries that is put up with (G1, G7).")
]
MinInterventions = Annotated[
    int, Query(ge=1, le=1000, description="Interventions from which on practice without a study is told.")
]
MaxPath = Annotated[
    int, Query(ge=1, le=20, description="Longest path, in steps, on which knowledge reaches somebody.")
]
TauMonths = Annotated[
    int, Query(ge=0, le=1200, description="Months after an end in which a successor may begin.")
]
Theta = Annotated[
    float, Query(ge=0, le=1000, description="How many times its share of the need a place's presence may be.")
]
PlaceLevel = Annotated[
    int | None, Query(ge=0, le=5, description="Level at which places are compared: 0 country, 1 province.")
]
ThemeDepth = Annotated[
    int | None, Query(ge=0, le=9, description="Only themes with at most so many broader ones.")
]
Window = Annotated[
    int | None, Query(ge=1, le=1200, description="Only what was active in so many months before the day.")
]
TieKind = Annotated[
    list[str] | None,
    Query(max_length=_MOST, description="Kind of tie that counts; may be repeated; none: all."),
]
Without = Annotated[
    list[str] | None,
    Query(max_length=_MOST, description="Name of a source that is left out; may be repeated."),
]
IfLeaves = Annotated[
    list[str] | None,
    Query(max_length=_MOST, description="What if this actor left? Slug, IRI or name; may be repeated."),
]
IfMeets = Annotated[
    list[str] | None,
    Query(max_length=_MOST, description="What if these two were tied? 'ONE, OTHER'; may be repeated."),
]


async def asked_parameters(
    request: Request,
    place: Place = "",
    kind: Kind = "",
    theme: Theme = "",
    as_of: AsOf = "",
    min_overlap: MinOverlap = Parameters.min_overlap,
    min_actors: MinActors = Parameters.min_actors,
    max_cell: MaxCell = Parameters.max_cell,
    alpha: Alpha = Parameters.alpha,
    min_interventions: MinInterventions = Parameters.min_interventions,
    max_path: MaxPath = Parameters.max_path,
    tau_months: TauMonths = Parameters.tau_months,
    theta: Theta = Parameters.theta,
    place_level: PlaceLevel = None,
    theme_depth: ThemeDepth = None,
    window: Window = None,
    tie_kind: TieKind = None,
    without: Without = None,
    if_leaves: IfLeaves = None,
    if_meets: IfMeets = None,
) -> Parameters:
    """Return what an address asks for, in the reader's language."""
    refuse_others(
        request, *(_NAMES.get(one.name, one.name) for one in fields(Parameters) if one.name in _ASKED)
    )
    return Parameters(
        place=place.strip() or None,
        kind=kind or None,
        theme=theme or None,
        as_of=as_of or None,
        min_overlap=min_overlap,
        min_actors=min_actors,
        max_cell=max_cell,
        alpha=alpha,
        min_interventions=min_interventions,
        max_path=max_path,
        tau_months=tau_months,
        theta=theta,
        place_level=place_level,
        theme_depth=theme_depth,
        window=window,
        tie_kinds=_set(tie_kind),
        without=_set(without),
        leaves=_set(if_leaves),
        meets=tuple(map(_pair, _set(if_meets))),
        language=language.chosen(request),
    )


Asked = Annotated[Parameters, Depends(asked_parameters)]

_NAMES = {"tie_kinds": "tie_kind", "leaves": "if_leaves", "meets": "if_meets"}
"""What an address calls a parameter of another name."""
_ASKED = frozenset(one.name for one in fields(Parameters)) - {"k", "samples", "seed", "language"}
"""Resampling takes minutes: it is for Python and the command line."""


def state(request: Request, asked: Parameters) -> dict[str, object]:
    """Return what links to the same question carry: whatever differs from what is asked where nothing is named."""
    told: dict[str, object] = {
        "place": asked.place,
        "kind": asked.kind,
        "theme": asked.theme,
        "as_of": asked.as_of,
    }
    for one in fields(Parameters):
        value = getattr(asked, one.name)
        if one.name in _ASKED and one.name not in told:
            told[_NAMES.get(one.name, one.name)] = value if value != one.default else None
    told["if_meets"] = tuple(f"{one}, {other}" for one, other in asked.meets) or None
    return {**told, "lang": language.asked(request)}


def pairs(name: str, value: object) -> list[tuple[str, object]]:
    """Return a parameter as an address writes it: none, once, or as often as it has values."""
    if value is None:
        return []
    return [(name, one) for one in value] if isinstance(value, tuple) else [(name, value)]


def _set(values: list[str] | None) -> tuple[str, ...]:
    return tuple(sorted({stripped for value in values or () if (stripped := value.strip())}))


def _pair(text: str) -> tuple[str, str]:
    try:
        return read_pair(text)
    except ValueError as error:
        raise RequestValidationError(
            [{"loc": ("query", "if_meets"), "msg": str(error), "type": "pair", "input": text}]
        ) from None
