"""The first page: where to go, and the state of the data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from api.routes import filters, language
from api.routes.answers import Published, answer, page
from api.routes.names import Name, address, stored
from api.routes.rendering import render
from asmgraph.records import ASM
from asmgraph.store import select
from asmgraph.store.snapshots import Snapshot, kept_with_snapshot

router = APIRouter()

_ICON = Path(__file__).resolve().parents[1] / "static" / "icon.svg"

CLASSES = (
    "Intervention", "Organisation", "Participation", "CoordinationTie", "Need", "Result", "IndicatorValue",
    "Document", "Policy", "KnowledgeFlow", "MineSite", "SiteVisit", "Place", "SourceDocument",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """One source of the published data."""

    graph: str
    title: str
    publisher: str
    licence: Name
    version: str
    read: str
    page: str
    statements: int


@page(router, "/")
def home_page(request: Request, snapshot: Published) -> Response:
    """Show the three doors and the state of the data."""

    def build() -> Response:
        chosen = language.chosen(request)
        context = {
            "snapshot": snapshot,
            "counts": counts(snapshot, chosen),
            "sources": list(sources(snapshot).values()),
            "places": filters.places(snapshot, chosen),
            "themes": filters.themes(snapshot, chosen),
        }
        return render(request, "home.html", context)

    return answer(request, snapshot, build)


@page(router, "/favicon.ico")
def icon() -> Response:
    """Give the icon to browsers that ask for it unbidden, as on pages that name none."""
    return FileResponse(_ICON, media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


@kept_with_snapshot(8)
def counts(snapshot: Snapshot, chosen: str) -> tuple[tuple[Name, int], ...]:
    """Return how many things of each of the main classes are recorded, those of which there are any."""
    found = {row["class"]: int(row["things"] or 0) for row in select.select(snapshot, "page-counts")}
    return tuple(
        (stored(snapshot, ASM + name, chosen), found[ASM + name]) for name in CLASSES if ASM + name in found
    )


@kept_with_snapshot(8)
def sources(snapshot: Snapshot) -> dict[str, Source]:
    """Return the sources by graph, in the order of their titles."""
    found = {}
    for row in select.select(snapshot, "page-sources"):
        graph, licence = row["graph"] or "", row["licence"] or ""
        found[graph] = Source(
            graph,
            row["title"] or "",
            row["publisher"] or "",
            Name(licence, "", address(licence)),
            row["version"] or "",
            row["read"] or "",
            address(row["page"] or ""),
            snapshot.counts.get(graph, 0),
        )
    return dict(sorted(found.items(), key=lambda item: item[1].title))
