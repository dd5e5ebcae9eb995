"""RDF files become N-Triples lines, the same each time; hostile and damaged ones are refused."""

from __future__ import annotations

import gzip
import io
import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, RdfFormat, parse
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic

from asmgraph.errors import SourceError
from asmgraph.sources import rdf

RDF_XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    '<rdf:Description rdf:about="http://e/a"><e:b xml:lang="fr">é</e:b></rdf:Description></rdf:RDF>'
)
STATEMENT = '<http://e/a> <http://e/b> "é"@fr .'
TRIX = (
    '<TriX xmlns="http://www.w3.org/2004/03/trix/trix-1/"><graph><uri>http://e/g</uri><triple><uri>http://e/a</uri>'
    '<uri>http://e/b</uri><plainLiteral xml:lang="fr">é</plainLiteral></triple></graph></TriX>'
)
HEXTUPLE = (
    '["http://e/a", "http://e/b", "é", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "fr", ""]'
)
SYNTAXES = {
    "a.ttl": '@prefix e: <http://e/> . e:a e:b "é"@fr .',
    "a.nt": STATEMENT,
    "a.nq": '<http://e/a> <http://e/b> "é"@fr <http://e/graph> .',
    "a.trig": '@prefix e: <http://e/> . e:graph { e:a e:b "é"@fr }',
    "a.rdf": RDF_XML,
    "a.owl": RDF_XML,
    "a.xml": RDF_XML,
    "a.jsonld": '{"@context": {"e": "http://e/"}, "@id": "e:a", "e:b": {"@value": "é", "@language": "fr"}}',
    "a.n3": '@prefix e: <http://e/> . e:a e:b "é"@fr .',
    "a.trix": TRIX,
    "a.hext": HEXTUPLE,
    "A.TTL": '<http://e/a> <http://e/b> "é"@fr .',
}
BLANKS = {
    "a.ttl": "@prefix e: <http://e/> . e:a e:b [ e:c _:x, [ e:d 1 ] ] . _:x e:e ( 1 2 ) .",
    "a.nt": "_:x <http://e/b> _:y .\n_:y <http://e/b> _:x .",
    "a.trig": "@prefix e: <http://e/> . e:g { e:a e:b [ e:c [] ] } e:h { [] e:d 1 }",
    "a.rdf": RDF_XML.replace(
        '<e:b xml:lang="fr">é</e:b>', '<e:b rdf:parseType="Resource"><e:c>1</e:c></e:b>'
    ),
    "a.jsonld": '{"@id": "http://e/a", "http://e/b": [{"http://e/c": 1}, {"http://e/d": {"@list": [1, 2]}}]}',
}


def statements(file: Path) -> Iterator[str]:
    return rdf.read(file, f"source/{file.name}")


def written(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def refused(folder: Path, name: str, content: str | bytes) -> str:
    with pytest.raises(SourceError) as caught:
        list(statements(written(folder, name, content)))
    assert name in caught.value.message
    return str(caught.value)


@pytest.mark.parametrize(("name", "content"), SYNTAXES.items())
def test_every_syntax_gives_the_same_statement(name: str, content: str, tmp_path: Path) -> None:
    assert list(statements(written(tmp_path, name, content))) == [STATEMENT]
    assert list(statements(written(tmp_path, f"{name}.gz", gzip.compress(content.encode())))) == [STATEMENT]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.trix", TRIX.replace("<uri>http://e/a</uri>", "<id>x</id>")),
        (
            "a.trix",
            TRIX.replace('<plainLiteral xml:lang="fr">é</plainLiteral>', "<plainLiteral>1</plainLiteral>"),
        ),
        (
            "a.trix",
            TRIX.replace(
                '<plainLiteral xml:lang="fr">é</plainLiteral>',
                '<typedLiteral datatype="http://e/d">1</typedLiteral>',
            ),
        ),
        ("a.hext", '["_:x", "http://e/b", "_:x", "localId", "", "http://e/g"]'),
        ("a.hext", '["http://e/a", "http://e/b", "http://e/c", "globalId", "", ""]'),
        (
            "a.hext",
            '["http://e/a", "http://e/b", "1", "http://www.w3.org/2001/XMLSchema#integer", "", ""]\n\n',
        ),
    ],
)
def test_what_rdflib_reads_of_a_rare_syntax_is_read(name: str, content: str, tmp_path: Path) -> None:
    file = written(tmp_path, name, content)
    genid = re.compile(r"<https://w3id\.org/asmgraph/\.well-known/genid/\S+-([0-9]+)>")
    lines = [genid.sub(r"_:b\1", line) for line in statements(file)]
    expected = Dataset(default_union=True)
    expected.parse(data=content, format=name.removeprefix("a."))
    wanted = Graph()
    for triple in expected.triples((None, None, None)):
        wanted.add(triple)
    assert isomorphic(Graph().parse(data="\n".join(lines), format="nt"), wanted)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "a.trix",
            TRIX.replace("<uri>http://e/b</uri>", ""),
            "a triple is a subject, a predicate and an object",
        ),
        ("a.trix", TRIX.replace("<uri>http://e/b</uri>", "<uri>no iri</uri>"), "mend it there"),
        ("a.trix", TRIX.replace("plainLiteral", "script"), "script is no term of TriX"),
        ("a.trix", f'<!DOCTYPE r [<!ENTITY a "b">]>{TRIX}', "DOCTYPE"),
        ("a.trix", TRIX[:-10], "not well-formed"),
        ("a.hext", f"{HEXTUPLE}\n[1]\n", "line 2: not an array of six texts"),
        ("a.hext", f"{HEXTUPLE}\nnonsense\n", "line 2: "),
        ("a.hext", "[" * 100_000, "line 1: "),
        ("a.hext", HEXTUPLE.replace("http://e/a", "no iri"), "line 1: "),
        ("a.n3", "@prefix e: <http://e/> . e:a e:b { e:c e:d 1 } .", "a formula"),
        ("a.n3", "@prefix e: <http://e/> . { e:a e:b 1 } => { e:a e:c 1 } .", "a formula"),
        ("a.n3", "@prefix e: <http://e/> . ?x e:b 1 .", "variables"),
        ("a.nt.gz", STATEMENT, "no gzip file"),
        ("a.nt.gz", gzip.compress(f"{STATEMENT}\n".encode() * 100)[:-20], "no gzip file"),
    ],
)
def test_a_rare_or_packed_file_that_is_none_is_refused(
    name: str, content: str | bytes, said: str, tmp_path: Path
) -> None:
    assert said in refused(tmp_path, name, content)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_the_depth_is_the_same_in_pieces_of_any_size(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdf, "_CHUNK_BYTES", size)
    text = r'"[[[\\" , "\"[[" , "\\\"{{{", "é["'
    for depth in (1, 3, 5):
        content = io.BytesIO(("[" * depth + text + "]" * depth).encode())
        assert rdf._depth(content) == depth


@pytest.mark.parametrize(
    ("name", "before", "line", "after"),
    [
        ("a.nt", "", '<http://e/{}> <http://e/b> "x" .\n', ""),
        ("a.ttl", "@prefix e: <http://e/> .\n", 'e:a{} e:b "x" .\n', ""),
        (
            "a.rdf",
            RDF_XML[: RDF_XML.index("<rdf:Desc")],
            '<rdf:Description rdf:about="http://e/{}"><e:b>x</e:b></rdf:Description>',
            "</rdf:RDF>",
        ),
        ("a.hext", "", HEXTUPLE.replace("http://e/a", "http://e/a{}") + "\n", ""),
        (
            "a.trix",
            "<TriX><graph>",
            "<triple><uri>http://e/{}</uri><uri>http://e/b</uri><id>x</id></triple>",
            "</graph></TriX>",
        ),
        ("a.nt.gz", "", '<http://e/{}> <http://e/b> "x" .\n', ""),
    ],
)
def test_memory_does_not_grow_with_the_file(
    name: str, before: str, line: str, after: str, tmp_path: Path
) -> None:
    def peak(count: int) -> int:
        content = (before + "".join(line.replace("{}", str(n)) for n in range(count)) + after).encode()
        file = written(tmp_path, name, gzip.compress(content) if name.endswith(".gz") else content)
        del content
        tracemalloc.start()
        assert sum(1 for _ in statements(file)) == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(100)
    assert peak(20_000) < peak(5_000) + 500_000  # the lines alone would be some 2 MB


@pytest.mark.parametrize(("name", "content"), BLANKS.items())
def test_blank_nodes_get_the_same_iris_each_time(name: str, content: str, tmp_path: Path) -> None:
    file = written(tmp_path, name, content)
    first = list(statements(file))
    assert first == list(statements(file))
    assert not any("_:" in line for line in first)


@pytest.mark.parametrize(("name", "content"), BLANKS.items())
def test_blank_nodes_stay_apart_and_connected(name: str, content: str, tmp_path: Path) -> None:
    """Turned back into blank nodes, the statements are those of the file, whatever the labels."""
    file = written(tmp_path, name, content)
    genid = re.compile(r"<https://w3id\.org/asmgraph/\.well-known/genid/\S+-([0-9]+)>")
    lines = [genid.sub(r"_:b\1", line) for line in statements(file)]
    format_ = RdfFormat.from_extension(file.suffix.removeprefix("."))
    expected = [
        f"{quad.subject} {quad.predicate} {quad.object} ." for quad in parse(path=file, format=format_)
    ]
    found, wanted = (Graph().parse(data="\n".join(part), format="nt") for part in (lines, expected))
    assert isomorphic(found, wanted)


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    written(tmp_path, "a.ttl", "[] <http://e/b> 1 .")
    written(tmp_path, "a.nt", "_:x <http://e/b> <http://e/c> .")
    written(tmp_path, "a b.nt", "_:x <http://e/b> <http://e/c> .")
    lines = [line for file in rdf.files(tmp_path) for line in statements(file)]
    assert len({line.split(" ")[0] for line in lines}) == 3


@pytest.mark.parametrize("name", ["a b.nt", "ä<.nt", 'x"y.nt', "100%.nt"])
def test_any_file_name_makes_a_valid_iri(name: str, tmp_path: Path) -> None:
    (line,) = statements(written(tmp_path, name, "_:x <http://e/b> <http://e/c> ."))
    (quad,) = parse(line, format=RdfFormat.N_TRIPLES)
    assert not isinstance(quad.subject, BlankNode)


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("a.ttl", "@prefix e: <http://e/> .\ne:a e:b\n\n e:c e:d e:f .", 4),
        ("a.ttl", "<http://e/a> <http://e/b> 1 .\n<a> <b> <c> .", 2),
        ("a.ttl", b"<http://e/a>\n<http://e/b> '\xff' .", 2),
        ("a.nt", "<http://e/a> <http://e/b> <http://e/c> .\nnonsense\n", 2),
        ("a.nq", "\n\n<http://e/a> <http://e/b> .", 3),
        ("a.trig", "<http://e/g> {\n<http://e/a> <http://e/b> }\n}", 2),
        ("a.jsonld", '{"@id":\n}', 2),
    ],
)
def test_a_malformed_file_is_refused_with_its_line(
    name: str, content: str | bytes, line: int, tmp_path: Path
) -> None:
    assert f"{name}, line {line}: " in refused(tmp_path, name, content)


@pytest.mark.parametrize("content", ["<rdf:RDF", "<a/>", RDF_XML.replace("</e:b>", "</e:c>"), "not XML"])
def test_malformed_xml_is_refused(content: str, tmp_path: Path) -> None:
    assert "XML" in refused(tmp_path, "a.rdf", content)


def test_statements_before_a_fault_are_given(tmp_path: Path) -> None:
    lines = statements(written(tmp_path, "a.nt", f"{STATEMENT}\nnonsense\n"))
    assert next(lines) == STATEMENT
    with pytest.raises(SourceError):
        next(lines)


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))


@pytest.mark.parametrize(
    "declaration",
    [
        "<!DOCTYPE rdf:RDF>",
        f'<!DOCTYPE rdf:RDF [<!ENTITY a0 "ha">{BOMB}]>',
        '<!DOCTYPE rdf:RDF [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rdf:RDF SYSTEM "http://127.0.0.1:9/a.dtd">',
        "<!doctype rdf:RDF>",
        "<?xml version='1.0'?>\n<!-- x -->\n<!DOCTYPE rdf:RDF>",
    ],
    ids=["bare", "bomb", "file", "remote", "lower case", "later"],
)
def test_a_document_type_is_refused(declaration: str, tmp_path: Path) -> None:
    assert "DOCTYPE" in refused(tmp_path, "a.rdf", declaration + RDF_XML)


def test_a_document_type_does_not_hide_in_another_encoding(tmp_path: Path) -> None:
    content = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE rdf:RDF [<!ENTITY a0 "ha">{BOMB}]>{RDF_XML}'
    assert refused(tmp_path, "a.rdf", content.encode("utf-16"))


@pytest.mark.parametrize(
    "content",
    [
        '{"@context": "http://127.0.0.1:9/x", "@id": "http://e/a", "http://e/b": 1}',
        '{"@context": ["http://127.0.0.1:9/x"], "@id": "http://e/a", "http://e/b": 1}',
        '{"@context": [{"e": "http://e/"}, "http://127.0.0.1:9/x"], "@id": "http://e/a", "e:b": 1}',
        '{"@context": {"@version": 1.1, "@import": "http://127.0.0.1:9/x"}, "@id": "http://e/a", "http://e/b": 1}',
        '{"@context": {"t": {"@id": "http://e/t", "@context": "http://127.0.0.1:9/x"}}, "t": {"http://e/b": 1}}',
        '{"\\u0040context": "http://127.0.0.1:9/x", "@id": "http://e/a", "http://e/b": 1}',
        '{"@context" : "relative.jsonld", "@id": "http://e/a", "http://e/b": 1}',
        '[{"@id": "http://e/a"}, {"@context": "file:///etc/passwd", "@id": "http://e/a", "http://e/b": 1}]',
    ],
    ids=["plain", "array", "second in array", "import", "scoped", "escaped", "relative", "file"],
)
def test_a_remote_context_is_refused(content: str, tmp_path: Path) -> None:
    assert "remote @context" in refused(tmp_path, "a.jsonld", content)


def test_a_context_in_the_file_is_read(tmp_path: Path) -> None:
    content = (
        '{"@context": [{"e": "http://e/"}, {"b": "e:b"}], "@id": "e:a", "b": "say \\"@context\\": \\"x\\""}'
    )
    (line,) = statements(written(tmp_path, "a.jsonld", content))
    assert line == r'<http://e/a> <http://e/b> "say \"@context\": \"x\"" .'


def _nested(depth: int) -> str:
    return '{"http://e/b": ' * depth + "1" + "}" * depth


@pytest.mark.parametrize(
    "content", [_nested(101), "[" * 100_000, '{"a":' * 100_000, "[" * 50_000 + "]" * 50_000]
)
def test_json_nested_too_deep_is_refused_before_parsing(content: str, tmp_path: Path) -> None:
    assert "deeper than 100 levels" in refused(tmp_path, "a.jsonld", content)


def test_json_nested_to_the_limit_is_read(tmp_path: Path) -> None:
    assert len(list(statements(written(tmp_path, "a.jsonld", _nested(100))))) == 100


def test_brackets_in_texts_are_not_depth(tmp_path: Path) -> None:
    content = '{"@id": "http://e/a", "http://e/b": "' + "[" * 500 + r"\"{" + '"}'
    assert len(list(statements(written(tmp_path, "a.jsonld", content)))) == 1


@pytest.mark.parametrize("value", ["<<( <http://e/s> <http://e/p> 1 )>>", '"a"@en--ltr'])
def test_what_is_new_in_rdf_12_is_refused(value: str, tmp_path: Path) -> None:
    assert "RDF 1.2" in refused(tmp_path, "a.ttl", f"<http://e/a> <http://e/b> {value} .")


def test_every_line_is_one_statement_whatever_its_text(tmp_path: Path) -> None:
    text = r"a\u000ab\u000dc\u0085d\u2028e\u000bf\\g\"h"
    lines = list(statements(written(tmp_path, "a.ttl", f'<http://e/a> <http://e/b> "{text}" .')))
    (quad,) = parse("\n".join(lines), format=RdfFormat.N_TRIPLES)
    assert quad.object.value == 'a\nb\rc\x85d\u2028e\x0bf\\g"h'


def test_a_folder_gives_its_rdf_files_in_order(tmp_path: Path) -> None:
    for name in ("b.ttl", "a.NT", "c.txt", "d.csv"):
        written(tmp_path, name, STATEMENT)
    assert [file.name for file in rdf.files(tmp_path)] == ["a.NT", "b.ttl"]


@pytest.mark.parametrize("name", ["a.csv", "a", "a.json"])
def test_a_file_with_another_ending_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no RDF file"):
        rdf.files(written(tmp_path, name, STATEMENT))


def test_a_folder_without_rdf_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no RDF file"):
        rdf.files(tmp_path)


def test_an_empty_file_gives_nothing(tmp_path: Path) -> None:
    assert list(statements(written(tmp_path, "a.ttl", ""))) == []
