"""Every parameter of the analyses, asked by address: from a real server over the starter data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import httpx
import pytest

from asmgraph.analysis import Parameters
from tests.api.reading import page, text

COSTLY = {"k", "samples", "seed"}
"""Parameters that an address does not take."""
CALLED = {"tie_kinds": "tie_kind", "leaves": "if_leaves", "meets": "if_meets", "language": "lang"}
PLACE = {"place": "COD", "as_of": "latest-covered"}


@pytest.fixture(scope="module")
def client(live_server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=live_server, timeout=60) as opened:
        yield opened


def _gaps(client: httpx.Client, **asked: str | float) -> list[dict[str, object]]:
    found = client.get("/gaps.json", params={**PLACE, **asked})
    assert found.status_code == 200, found.text
    gaps: list[dict[str, object]] = found.json()["gaps"]
    return gaps


def test_every_parameter_but_the_costly_ones_is_known_and_said(client: httpx.Client) -> None:
    refused = client.get("/gaps", params={"nonsense": "1"})
    assert refused.status_code == 422
    described = client.get("/api/openapi.json").json()["paths"]["/gaps.json"]["get"]["parameters"]
    known = {one["name"] for one in described if one["in"] == "query"} | {"lang"}
    wanted = {CALLED.get(one.name, one.name) for one in fields(Parameters) if one.name not in COSTLY}
    assert known == wanted
    assert all(name in refused.text for name in wanted)


@pytest.mark.parametrize(
    ("kind", "name", "value", "more"),
    [
        ("crowded", "min_actors", 2, True),
        ("crowded", "min_actors", 15, False),
        ("co-presence", "tie_kind", "co-implementation", True),
        ("co-presence", "max_cell", 5, False),
        ("unwritten", "min_interventions", 10, False),
        ("dropped", "tau_months", 1, True),
    ],
)
def test_a_parameter_changes_what_is_found(
    client: httpx.Client, kind: str, name: str, value: int | str, more: bool
) -> None:
    plain = _gaps(client, kind=kind, min_overlap=1)
    asked = _gaps(client, kind=kind, min_overlap=1, **{name: value})
    assert len(asked) > len(plain) if more else len(asked) < len(plain)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("alpha", "2"),
        ("max_path", "0"),
        ("theta", "-1"),
        ("tau_months", "x"),
        ("if_meets", "basf"),
        ("k", "3"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_its_name(
    client: httpx.Client, name: str, value: str
) -> None:
    found = client.get("/gaps.json", params={name: value})
    assert found.status_code == 422
    assert name in found.text


def test_nobody_of_a_name_is_said_so(client: httpx.Client) -> None:
    found = client.get("/gaps.json", params={"if_leaves": "Atlantis Mining"})
    assert found.status_code == 404
    assert "No actor is recorded as 'Atlantis Mining'" in found.text


def test_a_tie_that_is_supposed_ends_the_gap_of_the_pair_alone(client: httpx.Client) -> None:
    before = {gap["gap_iri"]: gap for gap in _gaps(client, kind="co-presence")}
    first = next(iter(before.values()))
    actors = [str(one) for one in first["actors"]]  # type: ignore[attr-defined]
    after = {gap["gap_iri"] for gap in _gaps(client, kind="co-presence", if_meets=", ".join(actors))}
    assert before.keys() - after == {first["gap_iri"]}


def test_from_a_gap_on_what_would_be_without_it_is_two_clicks_away(client: httpx.Client) -> None:
    (gap, *_) = _gaps(client, kind="broker")
    document = page(client, f"{gap['address']}?place=COD&as_of=latest-covered")
    links = [link.get("href") or "" for link in document.iter("a")]
    words = text(page(client, next(link for link in links if "if_leaves=" in link)))
    assert "Supposed, not recorded: these actors have left" in words


def test_what_is_asked_beside_the_form_is_said_and_kept_by_it(client: httpx.Client) -> None:
    document = page(client, "/gaps?place=COD&min_actors=3&if_leaves=fairphone&if_leaves=basf")
    hidden = {
        (one.get("name"), one.get("value")) for one in document.iter("input") if one.get("type") == "hidden"
    }
    assert hidden == {("min_actors", "3"), ("if_leaves", "fairphone"), ("if_leaves", "basf")}
    assert "Also asked for: min_actors=3" in text(document)
    assert "Also asked for" not in text(page(client, "/gaps?place=COD"))
