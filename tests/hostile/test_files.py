"""A damaged or hostile file is refused with its name and line, and leaves the home as it was."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from asmgraph import pipeline, settings
from asmgraph.errors import AsmgraphError, MappingError, SourceError
from asmgraph.settings import Settings

IATI = """<?xml version="1.0" encoding="UTF-8"?>
<iati-activities version="2.03">
<iati-activity><iati-identifier>X-1</iati-identifier><title><narrative>Orpaillage</narrative></title>
"""
BOMB = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
TURTLE = "<http://e/a> <http://e/b> <http://e/c> .\n"
CLUB = """
name: club
title: A club
publisher: The tests
licence: CC0-1.0
url: https://example.org/
format: csv
sensitivity: public
tables:
  members: { file: members.csv, key: [slug], columns: { slug: { type: identifier, required: true }, name: {} } }
"""
MAPPING = """
prefixes:
  asm: https://w3id.org/asmgraph/ontology#
  id: https://w3id.org/asmgraph/id/
  rdfs: http://www.w3.org/2000/01/rdf-schema#
  dcterms: http://purl.org/dc/terms/
sources: { members: { access: members, referenceFormulation: csv } }
mappings:
  page:
    sources: members
    subjects: id:source/club
    predicateobjects:
      - [a, asm:SourceDocument]
      - [rdfs:label, "The club's list"]
      - [asm:accessed, '2026-01-01', xsd:date]
  member:
    sources: members
    subjects: id:actor/$(slug)
    predicateobjects: [[a, asm:Organisation], [rdfs:label, $(name)], [dcterms:source, id:source/club~iri]]
"""


@pytest.fixture
def home(starter_home: Path, tmp_path: Path) -> Settings:
    """A published home of one's own, with a steward's source ``club`` that was not ingested yet."""
    copy = tmp_path / "home"
    shutil.copytree(starter_home, copy, symlinks=True)
    club = copy / "sources" / "club"
    club.mkdir(parents=True)
    (club / "source.yml").write_text(CLUB, encoding="utf-8")
    (club / "mapping.yml").write_text(MAPPING, encoding="utf-8")
    return settings.load(home=copy)


def _fingerprint(home: Path) -> dict[str, str]:
    """Give the hash of each file of the home, and where each link points, but for the writer's lock."""
    files = (file for file in sorted(home.rglob("*")) if "lock" not in file.name.lower())
    return {
        str(file.relative_to(home)): str(file.readlink())
        if file.is_symlink()
        else hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if file.is_symlink() or file.is_file()
    }


def _refused(home: Settings, source: str, name: str, content: str | bytes, folder: Path) -> str:
    """Ingest a file that must be refused; prove that nothing changed and return what was said."""
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = _fingerprint(home.home)
    with pytest.raises(SourceError) as caught:
        pipeline.ingest(home, source, file)
    assert _fingerprint(home.home) == before
    return str(caught.value)


@pytest.mark.parametrize(
    ("source", "name", "content", "said"),
    [
        ("club", "members.csv", "slug,name\na,A\nb\n", "members.csv, line 3: 1 cells"),
        ("club", "members.csv", "slug,name\na,A\nb,B,b\n", "members.csv, line 3: 3 cells"),
        ("club", "members.csv", 'slug,name\na,"A\nb,B\n', "members.csv, lines 2 to 3: unexpected end"),
        ("club", "members.csv", b"slug,name\na,A\nb,\xe9\n", "members.csv, line 3: not UTF-8"),
        ("club", "members.csv", "name\nA\n", "members.csv has no column slug"),
        ("club", "members.csv", "", "members.csv has no header row"),
        ("iati", "aid.xml", IATI + "</iati-activities>", "aid.xml, line 4"),
        ("iati", "aid.xml", IATI, "aid.xml, line 4"),
        ("iati", "aid.xml", IATI.replace("?>\n", f"?>\n{BOMB}\n", 1), "aid.xml"),
        ("iati", "aid.xml", "", "aid.xml"),
        ("iati", "aid.xml", IATI.replace("2.03", "1.05"), "aid.xml, line 4"),
        ("iati", "aid.xml", IATI.replace("?>\n", f"?>\n{BOMB}\n", 1).replace("2.03", "1.05"), "DOCTYPE"),
        ("iati-organisations", "who.xml", IATI + "</iati-activities>", "who.xml, line 2"),
        ("iati-organisations", "who.xml", f"{BOMB}<iati-organisations version='2.03'/>", "DOCTYPE"),
        ("iati-organisations", "who.xml", "<iati-organisations version='2.03'><a>", "who.xml, line 1"),
        ("iati", "aid.xml", b"\x00\xff\xfe", "aid.xml"),
        ("unhcr-3w", "who.csv", "a,b\n1,2\n", "who.csv has no row of HXL tags"),
        ("unhcr-3w", "who.csv", "#country,#adm1,#sector\nChad,x,y\n", "who.csv has no column organisation"),
        (
            "unhcr-3w",
            "who.xlsx",
            b"\xd0\xcf\x11\xe0" + b"\0" * 600,
            "who.xlsx is an old or a password-protected",
        ),
        ("unhcr-3w", "who.xlsx", b"PK\x05\x06", "who.xlsx is no XLSX file"),
        ("unhcr-3w", "who.json", "[" * 100_000, "who.json is nested deeper"),
        ("ebola-3w", "who.json", '[{"Country": "Guinea"}', "who.json is not JSON"),
        ("ilab-goods-2019", "goods.xml", f"{BOMB}<Goods><Good/></Goods>", "goods.xml, line 1: has a DOCTYPE"),
        ("ilab-goods-2019", "goods.xml", "<Goods><Good></Goods>", "goods.xml, line 1, column"),
        ("ilab-goods-2019", "goods.xml", "<Waren/>", "goods.xml has no element at 'Good'"),
        ("ontology", "more.ttl", TURTLE + "nonsense .", "more.ttl, line 2"),
        ("ontology", "more.ttl", TURTLE.encode() + b"<http://e/a> <http://e/b> '\xff' .", "more.ttl, line 2"),
        ("ontology", "more.rdf", f"{BOMB}<a/>", "more.rdf, line 1: has a DOCTYPE"),
        ("ontology", "more.jsonld", "[" * 100_000, "more.jsonld is nested deeper"),
        (
            "ontology",
            "more.jsonld",
            '{"@context": "http://127.0.0.1:9/"}',
            "more.jsonld names a remote @context",
        ),
    ],
)
def test_a_file_is_refused_by_name_and_line_and_changes_nothing(
    source: str, name: str, content: str | bytes, said: str, home: Settings, tmp_path: Path
) -> None:
    assert said in _refused(home, source, name, content, tmp_path)


def test_a_fault_after_a_good_version_leaves_the_good_one_staged(home: Settings, tmp_path: Path) -> None:
    good = tmp_path / "good.csv"
    good.write_text("slug,name\nclub-a,A\n", encoding="utf-8")
    version = pipeline.ingest(home, "club", good).version
    _refused(home, "club", "members.csv", "slug,name\nb\n", tmp_path)
    assert pipeline.validate(home, "club")[0].version == version


def test_a_file_over_the_limit_is_refused_before_it_is_read(home: Settings, tmp_path: Path) -> None:
    small = home.model_copy(update={"source_max_bytes": 10})
    assert "the limit is 10" in _refused(small, "club", "members.csv", "slug,name\nb\n", tmp_path)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("mapping.yml", "$(name)", "$(nmae)", "'nmae'"),
        ("mapping.yml", "id:actor", "idd:actor", "'idd'"),
        ("mapping.yml", "access: members", "access: 'jdbc:mysql://db'", "jdbc:mysql://db"),
        (
            "mapping.yml",
            "[rdfs:label, $(name)]",
            "{p: asm:x, o: {value: $(name), targets: t}}",
            "targets is not supported",
        ),
        ("mapping.yml", "prefixes:", "prefixes: [", "not YAML"),
        ("source.yml", "publisher:", "publishr:", "publishr"),
        ("source.yml", "name: {}", "name: {lookup: [absent]}", "'absent'"),
    ],
)
def test_a_wrong_description_is_refused_by_name_and_changes_nothing(
    name: str, old: str, new: str, said: str, home: Settings, tmp_path: Path
) -> None:
    file = home.home / "sources" / "club" / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    members = tmp_path / "members.csv"
    members.write_text("slug,name\nclub-a,A\n", encoding="utf-8")
    before = _fingerprint(home.home)
    with pytest.raises(AsmgraphError) as caught:
        pipeline.ingest(home, "club", members)
    assert said in str(caught.value)
    assert _fingerprint(home.home) == before


def test_a_mapping_that_python_tags_could_run_is_refused(home: Settings, tmp_path: Path) -> None:
    mapping = home.home / "sources" / "club" / "mapping.yml"
    mapping.write_text(f"!!python/object/apply:os.mkdir ['{tmp_path / 'made'}']", encoding="utf-8")
    members = tmp_path / "members.csv"
    members.write_text("slug,name\nclub-a,A\n", encoding="utf-8")
    with pytest.raises(MappingError, match="not YAML"):
        pipeline.ingest(home, "club", members)
    assert not (tmp_path / "made").exists()
