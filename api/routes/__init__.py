"""The pages and their CSV and JSON, one router a module; ``api.app`` includes those listed in ``routers``."""

from __future__ import annotations

from fastapi import APIRouter

from api.routes import (
    brief,
    catalogue,
    examples,
    gap_history,
    gaps,
    home,
    interventions,
    network,
    ontology,
    things,
)
from api.routes.rendering import render

__all__ = ["render", "routers"]

routers: list[APIRouter] = [
    home.router,
    gap_history.router,
    gaps.router,
    brief.router,
    network.router,
    interventions.router,
    examples.router,
    ontology.router,
    catalogue.router,
    things.router,
]
