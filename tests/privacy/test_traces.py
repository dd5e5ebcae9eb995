"""Texts that may lead to a person or a spot are pointed at, and what they say is not repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from asmgraph.privacy import traces
from asmgraph.records import ASM, ID, Sensitivity
from asmgraph.store import staging
from asmgraph.validation import report
from tests.privacy.closed import Visit, ingest, turtle

X = "http://www.w3.org/2001/XMLSchema#"


def found(tmp_path: Path, value: str, predicate: str = f"{ASM}statement") -> set[str]:
    file = tmp_path / "public.nt"
    file.write_text(f"<{ID}need/n> <{predicate}> {value} .\n", encoding="utf-8")
    return set(traces.find(file))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Write to office@example.org for more", "e-mail address"),
        ("Call +243 99 123 45 67 by day", "telephone number"),
        ("(00243991234567)", "telephone number"),
        ("Tél : 0991 234 567", "telephone number"),
        ("WhatsApp 099-123-4567", "telephone number"),
        ("0991234567 / 0811234567", "telephone number"),
        ("Office; 0991 234 567", "telephone number"),
        ("Ask A. Nom 0991234567, by day", "telephone number"),
        ("The pit lies at -2.5123, 28.8456 behind the hill", "coordinates"),
        ("2° 30' S, 28° 50' E", "coordinates"),
    ],
)
def test_a_trace_is_found(tmp_path: Path, text: str, kind: str) -> None:
    assert found(tmp_path, f'"{text}"@en') == {kind}
    assert found(tmp_path, f'"{text}"') == {kind}


@pytest.mark.parametrize(
    "text",
    ["120 diggers in 2015", "From 2013 to 2015", "Project CD-1-2010-0042", "3.5 kg, 4.2 kg", "2009-2020",
     "about 1 234 567 people", "20 000 000 to 30 000 000 USD", "1120091052416", "10.1787/9789264252479-en",
     "01/02/2020-31/12/2021", "lots 0012345678 and CD-0123456789", "12, 01234567, 14",
     "https://example.org/012345678; https://example.org/0123456789"],
)  # fmt: skip
def test_a_figure_is_no_trace(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, f'"{text}"@en') == set()


def test_only_texts_count(tmp_path: Path) -> None:
    assert found(tmp_path, f'"28.84561"^^<{X}decimal>') == set()
    assert found(tmp_path, "<mailto:office@example.org>") == set()


@pytest.mark.parametrize(
    "predicate", ["http://purl.org/dc/terms/identifier", "http://www.w3.org/2004/02/skos/core#notation"]
)
@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ('"+243991234567"', {"telephone number"}),
        ('"0991 234 567"', {"telephone number"}),
        (f'"+243991234567"^^<{X}token>', {"telephone number"}),
        ('"someone@example.org"', {"e-mail address"}),
        ('"41122-P-2010-0042"', set()),
        ('"01234567"', set()),
        ('"iso3166-2:CD-IT"', set()),
        ('"IT-CF-00677540288"', set()),
    ],
)
def test_identifiers_count_too_with_or_without_a_datatype(
    tmp_path: Path, code: str, kinds: set[str], predicate: str
) -> None:
    assert found(tmp_path, code, predicate) == kinds


def test_the_report_names_the_place_and_not_the_text(own_home: Path) -> None:
    text = turtle([Visit("one", more='asm:visitedBy "someone@example.org" ;')])
    ingest(own_home, "open", text, "public")
    staged = staging.current(own_home, "open")
    assert staged is not None
    written = (staged.folder / "report.json").read_text(encoding="utf-8")
    told = report.from_json(written)
    assert told.traces == {"e-mail address": [f"visitedBy of <{ID}visit/one-2015-03-02>"]}
    assert "someone@example.org" not in written
    assert "someone" in staged.file(Sensitivity.PUBLIC).read_text(
        encoding="utf-8"
    )  # a warning, not a refusal


def test_what_is_not_public_is_no_matter_of_traces(own_home: Path) -> None:
    ingest(
        own_home, "closed", turtle([Visit("one", more='asm:visitedBy "someone@example.org" ;')]), "restricted"
    )
    staged = staging.current(own_home, "closed")
    assert staged is not None
    assert report.from_json((staged.folder / "report.json").read_text(encoding="utf-8")).traces == {}
