"""Whatever elements of IATI stand wherever in a record, it is read, and nothing of a contact comes out."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asmgraph import descriptions, resources
from asmgraph.descriptions import Source
from asmgraph.mapping import compiler, runner, yarrrml
from asmgraph.sources import formats
from asmgraph.validation import promises

TAGS = (
    *("title", "description", "narrative", "reporting-org", "participating-org", "activity-date", "location"),
    *("coordinates", "gazetteer-entry", "location-id", "administrative", "point", "pos", "name", "exactness"),
    *(
        "sector",
        "policy-marker",
        "tag",
        "budget",
        "planned-disbursement",
        "value",
        "period-start",
        "transaction",
    ),
    *("transaction-type", "transaction-date", "provider-org", "receiver-org", "document-link", "category"),
    *("related-activity", "result", "indicator", "baseline", "period", "target", "actual", "dimension"),
    *("comment", "conditions", "condition", "legacy-data", "crs-add", "aid-type-flag", "activity-website"),
    *(
        "other-identifier",
        "iati-identifier",
        "organisation-identifier",
        "total-budget",
        "recipient-org-budget",
    ),
    *("recipient-org", "total-expenditure", "budget-line", "recipient-country", "recipient-region"),
)
ATTRIBUTES = (
    *("code", "type", "vocabulary", "iso-date", "ref", "role", "currency", "value-date", "url", "value"),
    *("language", "xml:lang", "latitude", "longitude", "precision", "gazetteer-ref", "country", "name"),
    *("significance", "percentage", "year", "measure"),
)
WORDS = (
    *(
        "",
        "1",
        "2",
        "D",
        "IF",
        "Funding",
        "start-actual",
        "DAC",
        "2019-01-01",
        "2019-13-45",
        "GEO",
        "fr",
        "EUR",
    ),
    *("http://e/x y", "'\"<&>", "-1.5 28", "XM-A-1", "a\nb", ";", "\u202e", "Ω" * 40, "orpaillage", "1,000"),
)
TEXTS = st.sampled_from(WORDS)
RECORDS = {
    "iati": ("iati-activities", "iati-activity", "iati-identifier"),
    "iati-organisations": ("iati-organisations", "iati-organisation", "organisation-identifier"),
}
CONTACT = "<contact-info><person-name>Nobody<narrative>Nobody</narrative></person-name></contact-info>"


def element(tag: str, attributes: dict[str, str], text: str, children: list[str]) -> str:
    stated = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<{tag}{stated}>{escape(text)}{''.join(children)}</{tag}>"


ELEMENTS = st.recursive(
    st.builds(
        element,
        st.sampled_from(TAGS),
        st.dictionaries(st.sampled_from(ATTRIBUTES), TEXTS, max_size=4),
        TEXTS,
        st.just([]),
    ),
    lambda inner: st.builds(
        element,
        st.sampled_from(TAGS),
        st.dictionaries(st.sampled_from(ATTRIBUTES), TEXTS, max_size=4),
        TEXTS,
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


@functools.cache
def described(name: str) -> tuple[Source, tuple[compiler.Rule, ...]]:
    folder = resources.catalogue() / name
    source = descriptions.load(folder)
    return source, compiler.compile_rules(yarrrml.load(folder / "mapping.yml"), source)


@pytest.mark.parametrize("version", ["1.05", "2.03"])
@pytest.mark.parametrize("name", ["iati", "iati-organisations"])
@given(content=st.lists(ELEMENTS, max_size=12))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_record_is_read_checked_and_mapped(name: str, version: str, content: list[str]) -> None:
    source, rules = described(name)
    many, one, identifier = RECORDS[name]
    record = f"<{one}><{identifier}>XM-A-1</{identifier}>{''.join(content)}{CONTACT}</{one}>"
    with tempfile.TemporaryDirectory() as home:
        file = Path(home) / "records.xml"
        file.write_text(f'<{many} version="{version}">{record}</{many}>', encoding="utf-8")
        batches = list(formats.READERS[name].read(file, source, everything=True))
    for batch in batches:
        assert batch.frame["_row"].n_unique() == batch.frame.height
        assert "Nobody" not in str(batch.frame.rows())
    checked = promises.Checker(source).check(batches)
    for part in runner.run(rules, checked):
        assert all(line.endswith(" .") and line.count("\n") == 0 for line in part.lines)
