"""Clusters: which spellings fall together, and that a person chooses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asmgraph.cleaning.clusters import METHODS, choose, fingerprint, ngram_fingerprint, propose
from asmgraph.errors import SourceError


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ministère des Mines", "MINISTERE  DES MINES"), ("Bank, World", "World Bank"), ("U.N.D.P.", "UNDP")],
)
def test_a_fingerprint_sets_capitals_accents_signs_and_order_aside(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other)


def test_pairs_of_letters_also_set_word_breaks_aside() -> None:
    assert fingerprint("Uni ted Nations") != fingerprint("United Nations")
    assert ngram_fingerprint("Uni ted Nations") == ngram_fingerprint("United Nations")


def test_the_most_frequent_spelling_is_proposed_for_the_others() -> None:
    (found,) = propose({"World Bank": 9, "WORLD BANK": 2, "Bank World": 2, "AfDB": 4})
    assert found.chosen == "World Bank"
    assert found.values == (("World Bank", 9), ("Bank World", 2), ("WORLD BANK", 2))


def test_a_chosen_value_stands_for_its_group_alone() -> None:
    found = propose({"World Bank": 9, "WORLD BANK": 2, "UNDP": 3, "U.N.D.P.": 1})
    assert [one.chosen for one in choose(found, ["WORLD BANK"])] == ["WORLD BANK", "UNDP"]
    assert choose(found, []) == found


@pytest.mark.parametrize(
    ("values", "said"),
    [(["GIZ"], "'GIZ' is in no group"), (["UNDP", "U.N.D.P."], "'UNDP' and 'U.N.D.P.' are in one group")],
)
def test_a_value_that_cannot_be_chosen_is_named(values: list[str], said: str) -> None:
    with pytest.raises(SourceError, match=said):
        choose(propose({"UNDP": 3, "U.N.D.P.": 1}), values)


def test_what_has_no_letters_is_no_cluster() -> None:
    assert propose({"-": 1, "--": 2, "?": 3}) == []


@given(st.dictionaries(st.text(max_size=12), st.integers(1, 9), max_size=12), st.sampled_from(list(METHODS)))
def test_each_value_is_in_at_most_one_cluster_and_its_order_of_arrival_does_not_matter(
    counts: dict[str, int], method: str
) -> None:
    found = propose(counts, method)
    values = [value for proposal in found for value, _ in proposal.values]
    assert len(values) == len(set(values))
    assert found == propose(dict(reversed(list(counts.items()))), method)
