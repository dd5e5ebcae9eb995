"""The page about IATI names every table and column of the readers, and every element that has a code list."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph
import pytest
from lxml import etree

from asmgraph import descriptions, resources
from asmgraph.mapping import compiler, runner, yarrrml
from asmgraph.sources import iati, iati_1, iati_organisations
from asmgraph.validation import promises

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "iati.md"
LANGUAGE = re.compile(r"(.+)_(?:en|fr|es|pt|plain)")


def section(title: str) -> str:
    return PAGE.read_text(encoding="utf-8").partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize(
    ("title", "tables"),
    [("Activities", iati.TABLES), ("Organisations", iati_organisations.TABLES)],
    ids=["activities", "organisations"],
)
def test_every_table_and_column_is_on_the_page(title: str, tables: dict[str, tuple[str, ...]]) -> None:
    named = set(re.findall(r"`([a-z_]+)`", section(title)))
    texts = {
        found.group(1) for names in tables.values() for name in names if (found := LANGUAGE.fullmatch(name))
    }
    columns = {name for names in tables.values() for name in names if not LANGUAGE.fullmatch(name)}
    assert set(tables) | columns | texts <= named


def test_every_word_of_1_0x_that_is_read_is_on_the_page() -> None:
    told = section("Versions 1.0x").casefold()
    words = {word for codes in iati_1.CODES.values() for word in codes}
    assert {word for word in words if f"`{word}`" not in told} == set()


@pytest.mark.external
def test_every_element_with_a_code_list_is_on_the_page(external_data: Path) -> None:
    mapping = etree.parse(external_data / "iati-codelists-embedded" / "mapping.xml")
    paths = [path.text or "" for path in mapping.iter("path")]
    elements = {
        found.group(1) for path in paths if (found := re.match(r"//iati-activity/([a-z-]+)/", f"{path}/"))
    }
    assert len(elements) > 20
    assert {element for element in elements if f"`{element}" not in section("Activities")} == set()


def payment(kind: int, amount: int, provider: str, receiver: str) -> str:
    return f"""
    <transaction>
      <transaction-type code="{kind}"/><transaction-date iso-date="2019-03-01"/>
      <value value-date="2019-03-01">{amount}</value>
      <provider-org ref="{provider}"/><receiver-org ref="{receiver}"/>
    </transaction>"""


def test_the_query_of_the_page_counts_no_money_twice_that_is_passed_on(tmp_path: Path) -> None:
    paid = {
        "XM-FUND-1": payment(2, 500, "XM-FUND", "XM-NGO") + payment(3, 100, "XM-FUND", "XM-NGO"),
        "XM-NGO-1": payment(1, 100, "XM-FUND", "XM-NGO") + payment(3, 60, "XM-NGO", "XM-COOP"),
        "XM-OTHER-1": payment(3, 7, "XM-OTHER", "XM-COOP"),
    }
    activities = "".join(
        f"""<iati-activity default-currency="EUR"><iati-identifier>{name}</iati-identifier>
        <title><narrative>Orpaillage</narrative></title>{payments}</iati-activity>"""
        for name, payments in paid.items()
    )
    file = tmp_path / "activities.xml"
    file.write_text(f'<iati-activities version="2.03">{activities}</iati-activities>', encoding="utf-8")
    folder = resources.catalogue() / "iati"
    source = descriptions.load(folder)
    rules = compiler.compile_rules(yarrrml.load(folder / "mapping.yml"), source)
    rows = promises.Checker(source).check(iati.read(file, source))
    store = pyoxigraph.Store()
    for part in runner.run(rules, rows):
        store.load("\n".join(part.lines).encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    (query,) = re.findall(r"```sparql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    totals = store.query(query)
    assert isinstance(totals, pyoxigraph.QuerySolutions)
    assert [(str(row["currency"].value), str(row["total"].value)) for row in totals] == [("EUR", "107")]
