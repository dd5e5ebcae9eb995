"""XML becomes rows by the paths that the description gives; nothing it holds goes unnamed."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from asmgraph.errors import AsmgraphError
from asmgraph.sources import formats, xml
from tests.sources.described import described, rows

GOODS = """<?xml version="1.0" encoding="UTF-8"?>
<Goods as-of="2016">
  <Title>List</Title>
  <Good><Sector>Mining</Sector><Countries>
      <Country code="x1"><Name>A</Name><Child>Yes</Child></Country>
      <Country code="x2"><Name>B</Name><Child/></Country>
    </Countries><Name>Gold &amp; more</Name></Good>
  <Good><Name>Mica</Name><Countries/></Good>
</Goods>
"""


def written(folder: Path, content: str | bytes) -> Path:
    file = folder / "t.xml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def refused(file: Path, columns: dict[str, Any] | None = None, **table: Any) -> str:
    with pytest.raises(AsmgraphError) as caught:
        rows(file, described("xml", columns, **table))
    return str(caught.value)


def test_records_reach_their_cells_attributes_and_what_they_lie_in(tmp_path: Path) -> None:
    columns = {
        "country": {"at": "Name"},
        "code": {"at": "@code"},
        "child": {"at": "Child"},
        "good": {"at": "../../Name"},
    }
    source = described("xml", columns, records="Good/Countries/Country")
    rest = {"../../Sector": "Mining", "/Title": None}
    assert rows(written(tmp_path, GOODS), source) == [
        {"_row": 1, "country": "A", "code": "x1", "child": "Yes", "good": "Gold & more", **rest},
        {"_row": 2, "country": "B", "code": "x2", "child": None, "good": "Gold & more", **rest},
    ]


def test_the_root_is_reached(tmp_path: Path) -> None:
    source = described("xml", {"year": {"at": "../@as-of"}, "name": {"at": "Name"}}, records="Good")
    assert [(row["year"], row["name"]) for row in rows(written(tmp_path, GOODS), source)] == [
        ("2016", "Gold & more"),
        ("2016", "Mica"),
    ]


def test_elements_that_repeat_are_a_list(tmp_path: Path) -> None:
    file = written(tmp_path, "<r><a><b>1</b><b>2</b></a><a><b>3</b></a></r>")
    assert "t.xml, record 1: b holds 2 values: '1', '2'" in refused(file, {"b": {}}, records="a")
    source = described("xml", {"b": {"split": ";"}}, records="a")
    assert [row["b"] for row in rows(file, source)] == ["1;2", "3"]


def test_prefixes_are_not_part_of_names(tmp_path: Path) -> None:
    file = written(
        tmp_path, '<p:r xmlns:p="urn:p" xmlns="urn:q"><p:a xml:lang="fr" p:id="1"><b>é</b></p:a></p:r>'
    )
    assert rows(file, described("xml", records="a")) == [{"_row": 1, "@xml:lang": "fr", "@id": "1", "b": "é"}]


def test_text_between_elements_is_kept(tmp_path: Path) -> None:
    file = written(tmp_path, "<r><a>one <b>two</b> three<!-- not this --></a></r>")
    assert rows(file, described("xml", {"a": {"at": "."}}, records="a")) == [
        {"_row": 1, "a": "one two three", "b": "two"}
    ]


def test_a_path_that_leads_nowhere_is_refused_with_what_is_there(tmp_path: Path) -> None:
    file = written(tmp_path, GOODS)
    assert "has no element at 'Goods/Good'; below its root it has Title, Good." in refused(
        file, records="Goods/Good"
    )
    assert "has no 'records'" in refused(file)
    assert "leads above the top" in refused(file, {"a": {"at": "../../a"}}, records="Good")


def test_a_record_that_is_the_whole_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "VALUES", 50)
    file = written(tmp_path, f"<r><n>1</n>{'<a><b/></a>' * 30}</r>")
    assert len(rows(file, described("xml", records="a"))) == 30
    assert "more than 50 elements" in refused(file, {"n": {"at": "../n"}}, records="a")


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "not XML"),
        ("a,b\n", "not XML"),
        ("<r><a></r>", "t.xml, line 1, column 11: not well-formed"),
        ("<r>\n<a/>\n", "t.xml, line 3, column 1: not well-formed"),
        (b"<r><a>\xff</a></r>", "not well-formed"),
        ("<r><a>&b;</a></r>", "not well-formed"),
        (f'<!DOCTYPE r [<!ENTITY a0 "ha">{BOMB}]><r><a>&a8;</a></r>', "DOCTYPE"),
        ('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><a>&x;</a></r>', "DOCTYPE"),
        (
            '<!-- x -->\n<!DOCTYPE r SYSTEM "http://127.0.0.1:9/a.dtd"><r><a/></r>',
            "t.xml, line 2: has a DOCTYPE",
        ),
        ("<r><a/></r>".encode("utf-16"), "not in UTF-8"),
        ('<?xml version="1.0" encoding="UTF-7"?><r><a/></r>', "not in UTF-8"),
        ("<r>" + "<a>" * 100_000, "nested deeper than 100"),
        (f"{' ' * 70_000}<r><a/></r>", "not XML"),
    ],
)
def test_a_damaged_or_hostile_file_is_refused(content: str | bytes, said: str, tmp_path: Path) -> None:
    assert said in refused(written(tmp_path, content), records="a")


@pytest.mark.parametrize("up", ["", "../../"])
def test_memory_does_not_grow_with_the_file(up: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asmgraph.sources.gathering.BATCH_ROWS", 100)

    def peak(count: int) -> int:
        body = "".join(
            f"<g><n>{n}</n><cs><c><m>x</m></c><c><m>y</m></c></cs><rest>z</rest></g>" for n in range(count)
        )
        file = written(tmp_path, f"<r><much>{'<e>1</e>' * count}</much>{body}</r>")
        source = described("xml", {"n": {"at": f"{up}n"}}, records="g/cs/c")
        tracemalloc.start()
        found = sum(batch.frame.height for batch in formats.READERS["xml"].read(file, source))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert found == 2 * count
        return most

    peak(100)
    assert peak(4_000) < peak(500) + 500_000  # the rows alone would be some 3 MB


@pytest.mark.external
@pytest.mark.parametrize(
    ("name", "count", "first"),
    [("Country", 251, ("AF", "Afghanistan")), ("OrganisationType", 16, ("10", "Government"))],
)
def test_codelists_are_read(name: str, count: int, first: tuple[str, str], external_data: Path) -> None:
    columns = {"code": {}, "name": {"at": "name/narrative", "split": "|"}}
    source = described("xml", columns, records="codelist-items/codelist-item")
    found = rows(external_data / "iati-codelists-nonembedded" / f"{name}.xml", source)
    assert len(found) == count
    assert (found[0]["code"], found[0]["name"].split("|")[0]) == first
