"""A citation says what the source says, in forms that the tools for references read."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from asmgraph.cli import app
from asmgraph.export import citation, release
from asmgraph.export.citation import Citation
from asmgraph.store import snapshots

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


def cited(title: str = "A list", author: str = "A ministry", licence: str = "CC-BY-4.0") -> Citation:
    return Citation(
        "key-1", author, title, "2026-01-14", "0123456789ab", licence, "https://example.org/", "Note."
    )


@given(TEXTS, TEXTS)
def test_bibtex_is_balanced_and_escapes_what_tex_would_run(title: str, author: str) -> None:
    entry = citation.as_bibtex(cited(title, author))
    assert entry.startswith("@misc{key-1,\n") and entry.endswith("}\n")
    bare = re.sub(r"\\[{}]", "", entry)
    depth = 0
    for character in bare:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    for line in entry.splitlines()[1:-1]:
        assert not re.search(r"(?<!\\)[&%$#_]", line.partition(" = ")[2])


@given(TEXTS, TEXTS)
def test_csl_and_cff_keep_every_text(title: str, author: str) -> None:
    item = json.loads(citation.as_csl(cited(title, author)))[0]
    assert (item["title"], item["author"][0]["literal"]) == (title, author)
    assert item["issued"] == {"date-parts": [[2026, 1, 14]]}
    content = yaml.safe_load(citation.as_cff(cited(title, author)))
    assert (content["title"], content["authors"]) == (title, [{"name": author}])
    assert (content["cff-version"], content["type"], content["license"]) == ("1.2.0", "dataset", "CC-BY-4.0")


def test_a_licence_that_is_not_stated_is_cited_as_that_and_is_no_licence() -> None:
    given = cited(licence="not stated")
    assert "Licence: not stated." in citation.as_text(given)
    assert "license" not in yaml.safe_load(citation.as_cff(given))


def test_a_release_names_its_publisher_only_where_somebody_says_who_it_is(starter_home: Path) -> None:
    described = release.describe(snapshots.current(starter_home))
    for publisher in ("", "not stated"):
        assert citation.as_text(citation.of_release(described, publisher)).startswith("asmgraph: an open")
    assert citation.as_text(citation.of_release(described, "An office")).startswith("An office (")


@pytest.mark.parametrize("form", citation.FORMATS)
def test_a_source_without_a_stated_publisher_has_no_author_of_that_name(
    starter_home: Path, form: str
) -> None:
    described = release.describe(snapshots.current(starter_home))
    source = replace(described.source("starter"), publisher="not stated", licence="CC0-1.0", description="")
    cited = citation.of_source(described, source)
    assert cited.author == ""
    told = citation.FORMATS[form](cited)
    assert told.count("not stated") == (1 if form == "cff" else 0), told  # the form wants somebody
    whole = citation.of_release(replace(described, sources={"starter": source}))
    assert "not stated" not in whole.note


@pytest.mark.parametrize("form", citation.FORMATS)
def test_the_command_cites_the_release_and_each_source(starter_home: Path, form: str) -> None:
    described = release.describe(snapshots.current(starter_home))
    for arguments, key in (([], described.hash[:12]), (["starter"], described.source("starter").version)):
        done = CliRunner().invoke(app, ["cite", *arguments, "--format", form, "--home", str(starter_home)])
        assert done.exit_code == 0, done.output
        assert key in done.stdout
    unknown = CliRunner().invoke(app, ["cite", "atlantis", "--home", str(starter_home)])
    assert unknown.exit_code == 1 and "ontology, places, starter" in unknown.output
    assert CliRunner().invoke(app, ["cite", "--format", "ris"]).exit_code == 2
