"""A statement is as sensitive as the strictest column behind it; no mapping can make it less so."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.records import KEPT, Sensitivity
from tests.mapping.tables import Row, described, document, levels, rules

ROWS: list[Row] = [{"id": "1", "open": "a", "closed": "b", "secret": "c", "answer": "1"}]
COLUMNS: dict[str, dict[str, Any]] = {
    "id": {},
    "open": {},
    "closed": {"sensitivity": "restricted"},
    "secret": {"sensitivity": "confidential"},
    "answer": {"sensitivity": "confidential"},
}
LEVELS = st.sampled_from(list(Sensitivity))


def _level(entry: object, *, sensitivity: str = "public", **more: Any) -> Sensitivity:
    (found,) = levels(document(entry, **more), ROWS, described(COLUMNS, sensitivity=sensitivity))
    return found


@pytest.mark.parametrize(
    ("entry", "more", "expected"),
    [
        (["ex:p", "$(open)"], {}, "public"),
        (["ex:p", "$(closed)"], {}, "restricted"),
        (["ex:p", "$(secret)"], {}, "confidential"),
        (["ex:p", "$(open) $(closed) $(secret)"], {}, "confidential"),
        (["ex:p", "$(open)"], {"subject": "ex:$(secret)"}, "confidential"),
        (["ex:p", "$(open)"], {"condition": "asmfn:present(asmfn:value=$(secret))"}, "confidential"),
        ({"p": "ex:p", "o": "$(open)", "condition": "asmfn:absent(asmfn:value=$(no))"}, {}, "restricted"),
        (["ex:p", "asmfn:observation(asmfn:value=$(answer))"], {}, "confidential"),
        (["ex:p", "constant"], {}, "public"),
    ],
)
def test_the_strictest_column_counts(entry: object, more: dict[str, Any], expected: str) -> None:
    columns = COLUMNS | {"no": {"sensitivity": "restricted"}}
    (found,) = levels(document(entry, **more), ROWS, described(columns))
    assert found == expected


@pytest.mark.parametrize("graph", ["public", "restricted", "confidential"])
def test_a_graph_never_makes_a_confidential_column_less_so(graph: str) -> None:
    assert _level({"p": "ex:p", "o": "$(secret)", "graphs": graph}) is Sensitivity.CONFIDENTIAL


def test_a_graph_makes_a_public_column_stricter() -> None:
    assert _level({"p": "ex:p", "o": "$(open)", "graphs": "restricted"}) is Sensitivity.RESTRICTED


def test_the_graph_of_a_mapping_holds_for_its_entries() -> None:
    assert _level(["ex:p", "$(open)"], graphs="confidential") is Sensitivity.CONFIDENTIAL


def test_the_graph_of_an_entry_does_not_undo_that_of_its_mapping() -> None:
    entry = {"p": "ex:p", "o": "$(open)", "graphs": "public"}
    assert _level(entry, graphs="confidential") is Sensitivity.CONFIDENTIAL


def test_a_public_column_of_a_restricted_source_is_restricted() -> None:
    columns = {"id": {}, "open": {"sensitivity": "public"}}
    (found,) = levels(document(["ex:p", "$(open)"]), ROWS, described(columns, sensitivity="restricted"))
    assert found is Sensitivity.RESTRICTED


def test_texts_kept_aside_are_as_sensitive_as_the_strictest_column_of_their_table() -> None:
    (rule,) = rules(document(["ex:p", f"$({KEPT})"]), described(COLUMNS))
    assert rule.sensitivity is Sensitivity.CONFIDENTIAL


def test_a_source_that_says_nothing_is_confidential() -> None:
    given_source = described(["id"]).model_dump()
    del given_source["sensitivity"]
    assert type(described(["id"])).model_validate(given_source).sensitivity is Sensitivity.CONFIDENTIAL


@given(source=LEVELS, subject=LEVELS, value=LEVELS, condition=LEVELS, entry=LEVELS, mapping=LEVELS)
def test_the_level_is_the_greatest_of_all_that_has_a_say(
    source: Sensitivity,
    subject: Sensitivity,
    value: Sensitivity,
    condition: Sensitivity,
    entry: Sensitivity,
    mapping: Sensitivity,
) -> None:
    columns = {
        name: {"sensitivity": str(level)} for name, level in (("s", subject), ("v", value), ("c", condition))
    }
    content = document(
        {"p": "ex:p", "o": "$(v)", "graphs": str(entry), "condition": "asmfn:present(asmfn:value=$(c))"},
        subject="ex:$(s)",
        graphs=str(mapping),
    )
    (rule,) = rules(content, described(columns, sensitivity=str(source)))
    says = (source, subject, value, condition, entry, mapping)
    assert rule.sensitivity.rank == max(level.rank for level in says)
