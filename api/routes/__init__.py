"""The pages and JSON views, one router a module; ``api.app`` includes those listed in ``routers``."""

from __future__ import annotations

from fastapi import APIRouter

routers: list[APIRouter] = []
