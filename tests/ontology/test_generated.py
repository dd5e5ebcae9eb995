"""What is made from the Turtle is in step with it, and can be relied on: terms, context, lists of releases."""

from __future__ import annotations

import doctest
import io
import json
import os
from importlib import import_module
from pathlib import Path

import pytest
from pyoxigraph import Dataset as Quads
from pyoxigraph import RdfFormat
from pyoxigraph import parse as parse_strictly
from rdflib import RDFS, XSD, Graph, Literal, URIRef
from rdflib.compare import to_isomorphic
from typer.testing import CliRunner

from asmgraph import resources, terms
from asmgraph.cli import app
from asmgraph.errors import ConfigurationError
from asmgraph.ontology import context, files, generated, layout, model, words
from asmgraph.records import ASM, VOCAB

EXAMPLES = [*files.examples("valid"), resources.ontology() / "examples" / "neighbours.ttl"]


def test_generated_files_are_in_step_with_the_ontology() -> None:
    stale = [change.path for change in generated.changes()]
    assert stale == [], f"run {generated.COMMAND}"


def test_the_command_says_what_is_stale_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(generated, "checkout", lambda: tmp_path)
    said = CliRunner().invoke(app, ["ontology", "generate", "--check"])
    assert said.exit_code == 1
    assert "write asmgraph/terms.py" in said.output and "Run asmgraph ontology generate." in said.output
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_what_is_missing_and_removes_what_is_stray(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(generated, "checkout", lambda: tmp_path)
    stray = tmp_path / "ontology" / "diagrams" / "gone.svg"
    stray.parent.mkdir(parents=True)
    stray.write_text("<svg/>")
    (tmp_path / "asmgraph").mkdir()
    assert CliRunner().invoke(app, ["ontology", "generate", "--release"]).exit_code == 0
    assert not stray.exists()
    for path, text in generated.FILES:
        assert (tmp_path / path).read_text(encoding="utf-8") == text()
    assert list((tmp_path / "ontology" / "released").glob("*.txt"))
    assert CliRunner().invoke(app, ["ontology", "generate", "--check"]).exit_code == 0


def test_what_is_written_ends_its_lines_alike_everywhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(generated, "checkout", lambda: tmp_path)
    monkeypatch.setattr(io, "open", import_module("_pyio").open)  # asks the system for line ends
    monkeypatch.setattr(os, "linesep", "\r\n")
    generated.apply(generated.Change("a/b.ttl", "write", "one\ntwo\n"))
    assert (tmp_path / "a" / "b.ttl").read_bytes() == b"one\ntwo\n"


def test_a_folder_among_the_generated_files_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(generated, "checkout", lambda: tmp_path)
    (tmp_path / "ontology" / "diagrams" / "drafts").mkdir(parents=True)
    assert [change.path for change in generated.changes() if change.action == "remove"] == []


def test_a_release_never_takes_back_what_it_promised(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(generated, "checkout", lambda: tmp_path)
    run = CliRunner().invoke
    assert run(app, ["ontology", "generate", "--release"]).exit_code == 0
    (file,) = (tmp_path / "ontology" / "released").glob("*.txt")
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.partition("\n")[2], encoding="utf-8")
    assert run(app, ["ontology", "generate", "--release"]).exit_code == 0
    assert file.read_text(encoding="utf-8") == whole, "what is new is added"
    promised = whole + f"class {ASM}Once\n"
    file.write_text(promised, encoding="utf-8")
    (tmp_path / "asmgraph" / "terms.py").unlink()
    refused = run(app, ["ontology", "generate", "--release"])
    assert refused.exit_code == 1
    assert f"class {ASM}Once" in refused.output and "another owl:versionInfo" in refused.output
    assert file.read_text(encoding="utf-8") == promised
    assert not (tmp_path / "asmgraph" / "terms.py").exists(), "nothing is written"


def test_to_check_and_to_release_at_once_is_wrong_usage() -> None:
    assert CliRunner().invoke(app, ["ontology", "generate", "--check", "--release"]).exit_code == 2


def test_an_installed_package_generates_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(resources, "ontology", lambda: tmp_path / "ontology")
    with pytest.raises(ConfigurationError, match="checkout"):
        generated.checkout()


@pytest.mark.parametrize("module", [terms, context, words, layout])
def test_examples_in_docstrings_are_true(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_every_term_and_concept_has_its_python_name() -> None:
    for term in model.terms().values():
        assert getattr(terms.ASM, term.name) == URIRef(term.iri)
    for scheme in model.schemes().values():
        constant = getattr(terms, scheme.name.upper().replace("-", "_"))
        assert {constant[concept.name] for concept in scheme.concepts} == {
            URIRef(concept.iri) for concept in scheme.concepts
        }
        assert terms.SCHEMES[scheme.name] == URIRef(scheme.iri)


def test_a_name_that_is_no_term_is_an_error() -> None:
    with pytest.raises(AttributeError):
        _ = terms.ASM.Acteur
    with pytest.raises(KeyError):
        _ = terms.ACTOR_TYPE["nobody"]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own JSON-LD reader
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_context_writes_things_that_read_as_the_same_statements(example: Path) -> None:
    graph = Graph().parse(example)
    written = graph.serialize(format="json-ld", context=context.document()["@context"])
    whole = to_isomorphic(graph)
    assert to_isomorphic(Graph().parse(data=written, format="json-ld")) == whole
    quads = Quads(parse_strictly(written, format=RdfFormat.JSON_LD))
    lines = "".join(f"{quad.triple} .\n" for quad in quads)
    assert to_isomorphic(Graph().parse(data=lines, format="nt")) == whole


def test_every_key_of_a_written_thing_is_a_word_of_the_context() -> None:
    graph = Graph().parse(resources.ontology() / "examples" / "valid" / "SiteVisit.ttl")
    written = json.loads(graph.serialize(format="json-ld", context=context.document()["@context"]))
    assert [
        key for thing in written.get("@graph", [written]) for key in thing if key.startswith("http")
    ] == []


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
def test_a_document_written_by_hand_reads_as_meant() -> None:
    document = {
        **context.document(),
        "id": "https://example.org/visit",
        "type": "SiteVisit",
        "rdfs:label": [{"@value": "Visite", "@language": "fr"}, "visit"],
        "mineral": ["vocab:mineral/gold", "https://w3id.org/asmgraph/vocab/mineral/tin"],
        "workers": 12,
        "date": {"@value": "2024-05", "@type": "xsd:gYearMonth"},
    }
    read = Graph().parse(data=json.dumps(document), format="json-ld")
    visit = URIRef("https://example.org/visit")
    assert set(read) == {
        (visit, URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), terms.ASM.SiteVisit),
        (visit, RDFS.label, Literal("Visite", "fr")),
        (visit, RDFS.label, Literal("visit")),
        (visit, terms.ASM.mineral, terms.MINERAL["gold"]),
        (visit, terms.ASM.mineral, terms.MINERAL["tin"]),
        (visit, terms.ASM.workers, Literal("12", datatype=XSD.integer)),
        (visit, terms.ASM.date, Literal("2024-05", datatype=XSD.gYearMonth)),
    }


def test_the_context_holds_every_term_of_ours_once() -> None:
    document = context.document()["@context"]
    assert isinstance(document, dict)
    named = [one["@id"] if isinstance(one, dict) else one for one in document.values()]
    own = sorted(one for one in named if str(one).startswith("asm:"))
    assert own == sorted(f"asm:{str(term).removeprefix(ASM)}" for term in files.terms())
    assert document["vocab"] == VOCAB
