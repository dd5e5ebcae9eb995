"""The alignments hold what our terms, their targets and SSSOM hold, and the check finds each way of breaking them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import etree
from rdflib import FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, Graph, URIRef
from rdflib.namespace import DefinedNamespace
from typer.testing import CliRunner

from asmgraph import resources
from asmgraph.cli import app
from asmgraph.errors import ConfigurationError
from asmgraph.ontology import alignments, files, generated, reasoners
from asmgraph.ontology.alignment_checks import misaligned
from asmgraph.records import VOCAB

NAMES = alignments.names()
CODES = "https://iatistandard.org/en/iati-standard/203/codelists/"
CIDS = "https://ontology.commonapproach.org/cids#"
SDG = "http://metadata.un.org/sdg/"
Change = Callable[[str, str, str], None]


@pytest.fixture
def change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Change]:
    """Replace a text that stands once in a file of a copy of the alignments, read instead of them."""
    copy = tmp_path / "alignments"
    shutil.copytree(alignments.folder(), copy)
    monkeypatch.setattr(alignments, "folder", lambda: copy)

    def replace(name: str, old: str, new: str) -> None:
        file = copy / name
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        file.write_text(text.replace(old, new), encoding="utf-8")

    yield replace


def row(name: str, subject: str, target: str) -> str:
    """Return a row of a mapping set as it stands in the file."""
    text = (alignments.folder() / f"{name}.sssom.tsv").read_text(encoding="utf-8")
    found = [line for line in text.splitlines() if re.match(f"{subject}\t.*\t{re.escape(target)}\t", line)]
    assert len(found) == 1
    return found[0]


def write_bridge() -> None:
    alignments.bridge_file().write_text(alignments.turtle(), encoding="utf-8")


def test_the_alignments_are_in_order() -> None:
    assert list(misaligned()) == []


def test_every_set_has_its_targets_and_no_list_is_left_over() -> None:
    assert NAMES == [
        "cgi",
        "cids",
        "dac-sector",
        "foaf",
        "hxl",
        "iati-codelists",
        "org",
        "prov",
        "schema",
        "sdg",
    ]
    assert sorted(file.stem for file in (alignments.folder() / "targets").glob("*")) == NAMES


IATI = "iati-codelists"
COMPANY = ("vocab:actor-type/company", "iati-organisationtype:70")
BREAKS = {
    "unknown subject": (IATI, COMPANY, "company\tcompany", "companz\tcompany", "companz is no term or concept of ours"),
    "changed label": (IATI, COMPANY, "\tcompany\t", "\tfirm\t", "is called 'company' by us, not 'firm'"),
    "unknown predicate": (IATI, COMPANY, "broadMatch", "matches", "matches is no predicate known here"),
    "unknown justification": (IATI, COMPANY, "semapv:Manual", "semapv:Blind", "is no justification known here"),
    "unknown object": (IATI, COMPANY, "type:70", "type:74", "#74 is not in targets/iati-codelists.tsv"),
    "changed object label": (IATI, COMPANY, "Private Sector", "Business", "is called 'Private Sector', not 'Business'"),
    "axiom of our own": (
        "org", ("asm:actorType", "org:classification"), "skos:closeMatch", "rdfs:subPropertyOf",
        "subPropertyOf must restate an axiom of the modules",
    ),
    "exact and broader": (
        "cgi", ("vocab:mineral/cassiterite", "cgi-commodity:tin"), "\tcgi-commodity:tin",
        "\tcgi-commodity:tin\ttin\tsemapv:ManualMappingCuration\t0.5\t\n"
        "vocab:mineral/cassiterite\tcassiterite\tskos:exactMatch\tcgi-commodity:tin",
        "cassiterite is exactly one thing of cgi-commodity, and broader or narrower than another",
    ),
    "duplicate": (
        "cgi", ("vocab:mineral/cassiterite", "cgi-commodity:tin"), "\tcgi-commodity:tin",
        "\tcgi-commodity:tin\ttin\tsemapv:ManualMappingCuration\t0.5\t\n"
        "vocab:mineral/cassiterite\tcassiterite\tskos:broadMatch\tcgi-commodity:tin",
        "cassiterite has 2 rows for http://resource.geosciml.org/classifier/cgi/commodity-code/tin; keep one",
    ),
    "exactly two things": (
        "cgi", ("vocab:mineral/amethyst", "cgi-commodity:amethyst"), "\tcgi-commodity:amethyst\tamethyst",
        "\tcgi-commodity:amethyst\tamethyst\tsemapv:ManualMappingCuration\t0.5\t\n"
        "vocab:mineral/amethyst\tamethyst\tskos:exactMatch\tcgi-commodity:bauxite\tbauxite",
        "amethyst is exactly two things of cgi-commodity",
    ),
    "exactly one thing twice": (
        "cgi", ("vocab:mineral/sapphire", "cgi-commodity:sapphire"), "cgi-commodity:sapphire\tsapphire",
        "cgi-commodity:bauxite\tbauxite", "bauxite is exactly 2 things of ours",
    ),
    "nothing found and a match": (
        IATI, ("vocab:actor-type/trader", "iati-organisationtype:70"), "Private Sector",
        "Private Sector\tsemapv:ManualMappingCuration\t0.5\t\n"
        "vocab:actor-type/trader\ttrader\tskos:broadMatch\tsssom:NoTermFound\t",
        "has a match and sssom:NoTermFound",
    ),
    "nothing found and no reason": (
        IATI, ("vocab:actor-type/network", "sssom:NoTermFound"), "Networks are reported under the type of their "
        "secretariat or as 90, Other.", "", "needs a comment that says why",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "which", "old", "new", "said"), BREAKS.values(), ids=BREAKS)
def test_the_check_says_what_is_wrong(
    change: Change, name: str, which: tuple[str, str], old: str, new: str, said: str
) -> None:
    before = row(name, *which)
    assert before.count(old) == 1
    change(f"{name}.sssom.tsv", before, before.replace(old, new))
    write_bridge()
    assert any(said in problem for problem in misaligned()), list(misaligned())


def test_a_type_of_actor_without_a_row_is_found(change: Change) -> None:
    change("iati-codelists.sssom.tsv", row(IATI, *COMPANY) + "\n", "")
    write_bridge()
    assert [problem for problem in misaligned() if "actor-type/company has no row" in problem]


@pytest.mark.parametrize(
    ("name", "scheme"), [("cgi", "mineral"), ("cgi", "extraction-method"), ("dac-sector", "mineral")]
)
def test_every_concept_of_a_scheme_that_is_aligned_whole_has_a_row(name: str, scheme: str) -> None:
    ours = {one for one in files.concepts() if str(one).startswith(f"{VOCAB}{scheme}/")}
    assert ours
    assert ours - {mapping.subject for mapping in alignments.read(name).mappings} == set()


def test_a_bridge_that_is_missing_or_not_of_the_alignments_is_found(change: Change) -> None:
    change("cgi.sssom.tsv", "skos:closeMatch\tcgi-commodity:gold", "skos:exactMatch\tcgi-commodity:gold")
    stale = ["alignments/bridge.ttl is not what the alignments give; run asmgraph ontology generate."]
    assert list(misaligned()) == stale
    write_bridge()
    assert list(misaligned()) == []
    alignments.bridge_file().unlink()
    assert list(misaligned()) == stale


ORGANISATION = "asm:Organisation\torganisation\tskos:closeMatch\tcids:Organization\tOrganization\tsemapv:"
CURATED = ORGANISATION + "ManualMappingCuration\t"
UNREADABLE = {
    "column": ("\tcomment\n", "\tremark\n", "the columns are"),
    "cell": (ORGANISATION, ORGANISATION.replace("\tOrganization", ""), "7 cells"),
    "prefix": (ORGANISATION, ORGANISATION.replace("skos:close", "owl:close"), "'owl:closeMatch' is refused"),
    "confidence": (CURATED + "0.", CURATED, "confidence: '7'"),
    "order": (ORGANISATION, ORGANISATION.replace("asm:Organisation", "asm:Actor"), "Sort rows"),
    "licence": ("licenses/by/4.0/", "licenses/by-nc/4.0/", "It must be https://creativecommons.org"),
    "metadata": ("#object_source_version: 3.1.0\n", "", "does not say object_source_version"),
    "YAML": ("#curie_map:", "#curie_map: [", "are not YAML"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_is_not_in_form_is_refused_with_place_and_remedy(
    change: Change, old: str, new: str, said: str
) -> None:
    change("cids.sssom.tsv", old, new)
    with pytest.raises(ConfigurationError) as caught:
        alignments.read("cids")
    assert caught.value.message.startswith("cids.sssom.tsv")
    assert said in str(caught.value)
    assert [problem for problem in misaligned() if said in problem]


def test_the_bridge_is_written_by_one_command_and_from_a_checkout_alone(
    change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = CliRunner().invoke
    assert run(app, ["ontology", "bridge"]).exit_code == 2
    change("cgi.sssom.tsv", "skos:closeMatch\tcgi-commodity:gold", "skos:exactMatch\tcgi-commodity:gold")
    before = alignments.bridge_file().read_text(encoding="utf-8")
    assert f"Generated by `{generated.COMMAND}`" in before
    told = run(app, ["ontology", "generate", "--check"])
    assert "write ontology/alignments/bridge.ttl" in told.output
    monkeypatch.setattr(resources, "ontology", lambda: alignments.folder().parent)
    refused = run(app, ["ontology", "generate"])
    assert refused.exit_code == 1 and "checkout" in refused.output
    assert alignments.bridge_file().read_text(encoding="utf-8") == before


def test_the_bridge_holds_each_mapping_once_and_is_valid_turtle() -> None:
    found = [
        one for name in NAMES for one in alignments.read(name).mappings if one.object != alignments.NOT_FOUND
    ]
    held = Graph().parse(alignments.bridge_file())
    statements = {(one.subject, one.predicate, one.object) for one in found}
    assert len(statements) == len(found)
    header = set(held.triples((next(held.subjects(RDF.type, OWL.Ontology)), None, None)))
    assert set(held) - header == statements
    assert len(header) == 4


def test_the_bridge_adds_no_axiom_and_keeps_cids_out_of_reasoning() -> None:
    held = alignments.bridge()
    for axiom in (RDFS.subClassOf, RDFS.subPropertyOf):
        added = {(s, o) for s, o in held.subject_objects(axiom)} - {
            (s, o) for s, o in files.modules().subject_objects(axiom)
        }
        assert not added
    of_cids = {predicate for _, predicate, value in held if str(value).startswith(CIDS)}
    assert of_cids
    assert of_cids <= alignments.RELATIONS


def test_modules_standards_and_bridge_are_consistent() -> None:
    standards = Graph().parse(files.reasoning() / "org-prov-foaf.ttl")
    judged = reasoners.judge(files.modules(), standards, alignments.bridge())
    assert judged == reasoners.Judgement(True)


@pytest.mark.parametrize(
    ("name", "namespace"), [("org", ORG), ("prov", PROV), ("foaf", FOAF), ("schema", SDO)]
)
def test_restated_terms_are_in_the_namespaces_of_rdflib(name: str, namespace: type[DefinedNamespace]) -> None:
    listed = alignments.read(name).targets
    assert listed
    assert [term for term in listed if term not in namespace] == []


def codes(folder: Path, name: str) -> dict[URIRef, str]:
    """Return names by identifier of a code list of IATI."""
    (file,) = folder.glob(f"iati-codelists-*/{name}.xml")
    items = etree.parse(file).iter("codelist-item")
    return {
        URIRef(f"{CODES}{name.lower()}/#{item.findtext('code')}"): " ".join(
            (item.findtext("name/narrative") or "").split()
        )
        for item in items
    }


@pytest.mark.external
@pytest.mark.parametrize("name", ["iati-codelists", "dac-sector"])
def test_restated_codes_and_their_names_are_those_of_iati(name: str, external_data: Path) -> None:
    embedded = ["OrganisationRole", "ActivityStatus", "ActivityDateType", "TransactionType", "BudgetType"]
    lists = [*embedded, "ResultType", "IndicatorMeasure", "OrganisationType", "Sector", "SectorCategory"]
    real = {code: label for one in lists for code, label in codes(external_data, one).items()}
    listed = alignments.read(name).targets
    assert {code: real.get(code) for code in listed} == listed


@pytest.mark.external
def test_restated_targets_are_sustainable_development_targets(external_data: Path) -> None:
    real = {code.rpartition("#")[2] for code in codes(external_data, "UNSDG-Targets")}
    listed = alignments.read("sdg").targets
    assert {code.removeprefix(SDG) for code in listed} <= real
    assert all(label == f"Target {code.removeprefix(SDG)}" for code, label in listed.items())


@pytest.mark.external
def test_every_code_that_a_scheme_of_ours_shares_with_iati_is_aligned(external_data: Path) -> None:
    aligned = {one.object for one in alignments.read("iati-codelists").mappings}
    for name in ("ActivityStatus", "TransactionType", "OrganisationRole", "ActivityDateType", "BudgetType"):
        assert set(codes(external_data, name)) <= aligned


def test_the_numbers_of_the_page_are_those_of_the_alignments() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "reference" / "alignments.md"
    text = page.read_text(encoding="utf-8")
    said = dict(re.findall(r"^\| `([\w-]+)` \|.*\| ([0-9]+) \|$", text, re.MULTILINE))
    assert {name: int(number) for name, number in said.items()} == alignments.counts()
    assert f"{sum(alignments.counts().values())} rows" in text
