"""The ontology as who adopts it meets it: pages, formats, anchors, vocabularies, context, diagrams."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.term import Node

from api.routes import ontology_views
from api.routes.names import Name
from asmgraph import resources
from asmgraph.messages import LANGUAGES
from asmgraph.ontology import alignments, context, diagrams, files, model, words
from asmgraph.records import ASM, VOCAB
from tests.api.reading import document_of, page, text
from tests.api.serving import serving

RDF_FORMATS = {
    "ttl": ("text/turtle", "turtle"),
    "jsonld": ("application/ld+json", "json-ld"),
    "nt": ("application/n-triples", "nt"),
    "rdf": ("application/rdf+xml", "xml"),
}
MODULES = [module.name for module in model.modules()]
SVG = "{http://www.w3.org/2000/svg}"
PAGES = ("/ns", *(f"/ns/{name}" for name in MODULES), "/vocab", "/vocab/mineral")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server over a home in which nothing was published: the ontology is there all the same."""
    with serving(tmp_path_factory.mktemp("empty"), query_workers=1) as opened:
        opened.headers["Accept"] = "text/html"
        yield opened


def entries(client: httpx.Client, language: str = "en") -> dict[str, Any]:
    """The entry of each term by its name, from the pages of the modules."""
    found: dict[str, Any] = {}
    for name in MODULES:
        document = page(client, f"/ns/{name}?lang={language}")
        found |= {str(one.get("id")): one for one in document.xpath("//section[@class='term']")}
    return found


def iri(link: object) -> str:
    """The IRI of the term to which a link of such an entry leads; of others the address itself."""
    place, hash_sign, name = str(link).partition("#")
    ours = hash_sign and (not place or place.startswith("/ns/"))
    return ASM + name if ours else str(link)


def read(answer: httpx.Response, form: str) -> Graph:
    assert answer.status_code == 200, answer.text
    return Graph().parse(data=answer.text, format=form)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own JSON-LD reader
@pytest.mark.parametrize("ending", RDF_FORMATS)
def test_the_modules_come_whole_in_each_format_by_accept_and_by_ending(
    client: httpx.Client, ending: str
) -> None:
    media_type, form = RDF_FORMATS[ending]
    by_ending = client.get(f"/ns.{ending}")
    by_accept = client.get("/ns", headers={"Accept": f"text/html;q=0.1, {media_type};q=0.9"})
    for answer in (by_ending, by_accept):
        assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
        assert answer.headers["access-control-allow-origin"] == "*"
    assert by_accept.content == by_ending.content
    assert isomorphic(read(by_ending, form), files.modules())


def test_vary_names_accept_and_html_is_what_a_client_without_a_wish_gets(client: httpx.Client) -> None:
    answer = client.get("/ns", headers={"Accept": "*/*"})
    assert answer.headers["content-type"].startswith("text/html")
    assert {"Accept", "Accept-Language"} <= {part.strip() for part in answer.headers["vary"].split(",")}


def test_tools_for_ontologies_get_rdf_xml(client: httpx.Client) -> None:
    asked = "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09"
    assert (
        client.get("/ns", headers={"Accept": asked}).headers["content-type"].startswith("application/rdf+xml")
    )


@pytest.mark.parametrize(
    "address, status",
    [
        ("/ns", 200),
        ("/ns.ttl", 200),
        ("/ns/diagrams/core.svg", 200),
        ("/vocab/mineral.csv", 200),
        ("/ns/nothing.ttl", 404),
        ("/vocab/mineral/nothing.ttl", 503),
    ],
)
def test_pages_of_other_sites_may_fetch_whatever_is_there_and_read_why_nothing_is(
    client: httpx.Client, address: str, status: int
) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, "*")
    refused = client.get("/ns", headers={"Accept": "image/png"})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (406, "*")
    assert "access-control-allow-origin" not in client.get("/docs").headers


@pytest.mark.parametrize("address", ["/ns.html", "/vocab.html", "/vocab/mineral.html"])
def test_pages_have_an_ending_too(client: httpx.Client, address: str) -> None:
    answer = client.get(address, headers={"Accept": "text/turtle"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize(
    "address", ["/ns/{}", "/vocab/{}", "/vocab/mineral/{}", "/sparql/examples/{}", "/x/{}"]
)
def test_an_address_too_long_is_not_repeated(client: httpx.Client, address: str) -> None:
    answer = client.get(address.format("x" * 50_000))
    assert answer.status_code == (404 if address.startswith("/x") else 414)
    assert len(answer.content) < 20_000


def test_what_was_built_is_kept_and_neither_head_nor_304_builds(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    built = ontology_views.ontology

    def counted(chosen: str) -> ontology_views.Ontology:
        asked.append(chosen)
        return built(chosen)

    monkeypatch.setattr(ontology_views, "ontology", counted)
    fresh = "/ns?kept=1"  # parameters are part of the tag, so that nothing of other tests is kept under it
    head = client.head(fresh)
    assert (head.status_code, asked) == (200, [])
    assert client.get(fresh, headers={"If-None-Match": "*"}).status_code == 304
    assert client.get(fresh, headers={"If-None-Match": head.headers["etag"]}).status_code == 304
    assert asked == []
    one, two = client.get(fresh), client.get(fresh)
    assert (one.content, asked) == (two.content, ["en"])
    named = ("content-type", "content-language", "etag", "vary", "cache-control")
    assert [head.headers[name] for name in named] == [one.headers[name] for name in named]


def test_the_tag_of_the_context_follows_its_bytes(
    client: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = client.get("/ns/context.jsonld").headers["etag"]
    (tmp_path / "context.jsonld").write_text("{}")
    monkeypatch.setattr(resources, "ontology", lambda: tmp_path)
    after = client.get("/ns/context.jsonld", headers={"If-None-Match": before})
    assert (after.status_code, after.content) == (200, b"{}")


@pytest.mark.parametrize("address", ["/ns", "/ns/core", "/vocab", "/vocab/mineral"])
def test_no_format_that_suits_is_406(client: httpx.Client, address: str) -> None:
    assert client.get(address, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    "address",
    ["/ns", "/ns.ttl", "/ns/shapes.ttl", "/ns/context.jsonld", "/vocab/mineral", "/ns/diagrams/core.svg"],
)
def test_what_a_client_has_is_not_sent_again_and_head_has_no_body(client: httpx.Client, address: str) -> None:
    answer = client.get(address)
    again = client.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(address)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", answer.headers["etag"])


def test_formats_and_languages_have_tags_of_their_own(client: httpx.Client) -> None:
    tags = [
        client.get("/ns", headers={"Accept": accept, "Accept-Language": tag}).headers["etag"]
        for accept, tag in (("text/html", "en"), ("text/html", "fr"), ("text/turtle", "en"))
    ]
    assert len(set(tags)) == 3


@pytest.mark.parametrize("name", MODULES)
def test_a_module_alone_is_what_its_file_holds(client: httpx.Client, name: str) -> None:
    assert isomorphic(read(client.get(f"/ns/{name}.ttl"), "turtle"), files.module(name))
    assert client.get(f"/ns/{name}").headers["content-type"] == "text/html; charset=utf-8"
    asked = client.get(f"/ns/{name}", headers={"Accept": "text/turtle"})
    assert asked.headers["content-type"].startswith("text/turtle")


def test_the_shapes_are_served(client: httpx.Client) -> None:
    assert isomorphic(read(client.get("/ns/shapes.ttl"), "turtle"), files.shapes())
    seen = client.get("/ns/shapes?lang=fr", follow_redirects=False)
    assert (seen.status_code, seen.headers["location"]) == (303, "/ns?lang=fr#module-shapes")


def test_the_alignments_are_served_and_shown_where_they_apply(client: httpx.Client) -> None:
    assert isomorphic(read(client.get("/ns/alignments.ttl"), "turtle"), alignments.bridge())
    shown = entries(client)
    for term in model.terms().values():
        for match in term.matches:
            assert shown[term.name].xpath(f".//dd/a[@href='{match.iri}']"), match
    matched = [one for scheme in model.schemes().values() for one in scheme.concepts if one.matches]
    assert matched
    for concept in matched[:20]:
        scheme = text(page(client, concept.iri.replace("https://w3id.org/asmgraph", "").rpartition("/")[0]))
        assert concept.matches[0].label in scheme


def test_the_context_is_that_of_the_ontology(client: httpx.Client) -> None:
    answer = client.get("/ns/context.jsonld", headers={"Accept": "application/ld+json"})
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json() == json.loads(context.text())


@pytest.mark.parametrize(
    "address",
    ["/ns/nothing", "/ns/nothing.ttl", "/vocab/nothing", "/vocab/nothing.ttl", "/ns/diagrams/x.svg"],
)
def test_what_there_is_not_is_404(client: httpx.Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_holds_every_term_at_its_anchor_with_label_definition_and_address(
    client: httpx.Client, language: str
) -> None:
    document = page(client, f"/ns?lang={language}")
    assert document.get("lang") == language
    for term in model.terms().values():
        (section,) = document.xpath(f"//section[@id='{term.name}']")
        shown = text(section)
        assert words.best(term.labels, language)[0] in text(section.xpath("h3")[0])
        assert " ".join(words.best(term.definitions, language)[0].split()) in shown
        assert term.iri in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_term_of_the_page_leads_to_its_whole_entry(client: httpx.Client, language: str) -> None:
    document, whole = page(client, f"/ns?lang={language}"), entries(client, language)
    assert set(whole) == {term.name for term in model.terms().values()}
    for term in model.terms().values():
        (leads,) = document.xpath(f"//section[@id='{term.name}']/h3/a/@href")
        assert leads == f"/ns/{term.module}?lang={language}#{term.name}"
        assert term.iri in text(whole[term.name])
        for example in term.examples.get(language, ()):
            assert " ".join(example.split()) in text(whole[term.name])


def test_anchors_are_there_once_and_every_link_leads_to_one(client: httpx.Client) -> None:
    pages = {address: page(client, address) for address in PAGES if address.startswith("/ns")}
    anchors = {address: Counter(document.xpath("//@id")) for address, document in pages.items()}
    for address, document in pages.items():
        assert [one for one, number in anchors[address].items() if number > 1] == []
        for leads in document.xpath("//main//a/@href"):
            place, _, anchor = str(leads).partition("#")
            if anchor and (place or address) in anchors:
                assert anchor in anchors[place or address], (address, leads)
            assert place in anchors or not place.startswith("/ns") or "." in place, leads


def test_text_in_another_language_is_marked(client: httpx.Client) -> None:
    shown = entries(client, "pt")
    for term in model.terms().values():
        found, language = words.best(term.definitions, "pt")
        (paragraph,) = [one for one in shown[term.name].xpath("p") if text(one) == " ".join(found.split())]
        assert (paragraph.get("lang") or "pt") == language


def test_the_metadata_of_each_module_are_said(client: httpx.Client) -> None:
    whole = text(page(client, "/ns").xpath("//main")[0])
    for module in model.modules():
        shown = text(page(client, f"/ns/{module.name}").xpath("//main")[0])
        for said in (module.iri, module.version_iri, module.prior):
            assert said and said in shown
        assert "machine-made, not reviewed" in shown
        for said in (module.namespace, *module.licences):
            assert said and said in whole


def test_a_class_shows_its_place_in_the_hierarchy_and_what_shapes_ask(client: httpx.Client) -> None:
    shown = entries(client)
    section = shown["SiteVisit"]
    asked = {
        text(row.xpath("th")[0]): [text(cell) for cell in row.xpath("td")]
        for row in section.xpath(".//tbody/tr")
    }
    assert asked["workers"] == ["whole number, from 0", "at most one"]
    assert asked["site"] == ["mine site", "required: exactly one"]
    assert asked["date"] == ["day, month or year", "required: exactly one"]
    assert asked["mineral"] == ["from the list mineral", "any number"]
    assert asked["source (dcterms:source)"] == ["source document", "required: at least one"]
    leads = {iri(one) for one in section.xpath(".//a/@href")}
    assert {"/vocab/mineral?lang=en", ASM + "MineSite"} <= leads
    assert asked["name (rdfs:label)"] == ["text, at most one in each language", "required: at least one"]
    section = shown["Organisation"]
    assert {"#Actor", "http://www.w3.org/ns/org#Organization", "#MinerGroup"} <= set(
        section.xpath(".//dd/a/@href")
    )


def domains() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for property_, domain in files.modules().subject_objects(RDFS.domain):
        found[str(domain)].add(str(property_))
    return found


def paths(shape: Node) -> set[str]:
    """The properties that the property shapes of a shape name."""
    graph, found = files.shapes(), set()
    for part in graph.objects(shape, SH.property):
        path = graph.value(part, SH.path)
        assert path is not None
        several = graph.value(path, SH.alternativePath)
        found |= {str(one) for one in ([path] if several is None else Collection(graph, several))}
    return found


def targeting(iri: str) -> list[Node]:
    """The shapes that ask something of members of a class: of the class itself, or of whatever has a property."""
    graph = files.shapes()
    own = list(graph.subjects(SH.targetClass, URIRef(iri)))
    had = domains()[iri].union(*(paths(shape) for shape in own))
    more = {shape for shape, path in graph.subject_objects(SH.targetSubjectsOf) if str(path) in had}
    return [*own, *more]


def test_every_rule_of_a_class_and_every_property_of_its_domain_is_in_its_table(client: httpx.Client) -> None:
    shown = entries(client)
    for term in model.terms().values():
        if term.kind != "class":
            continue
        own = domains()[term.iri].union(
            *map(paths, files.shapes().subjects(SH.targetClass, URIRef(term.iri)))
        )
        # Of a shape for whatever has a property, that property is asked of those alone that have it.
        aimed = {
            shape: set(map(str, files.shapes().objects(shape, SH.targetSubjectsOf)))
            for shape in targeting(term.iri)
        }
        wanted = own.union(*(paths(shape) - (targets - own) for shape, targets in aimed.items()))
        named = {iri(one) for one in shown[term.name].xpath(".//tbody//th/a/@href")}
        assert named == wanted, term.iri


def test_a_rule_in_sparql_shows_its_message_in_each_class_and_property_it_binds(client: httpx.Client) -> None:
    shown, graph = entries(client), files.shapes()
    bound: set[tuple[str, Node]] = {
        (files.local(path), shape)
        for shape, path in graph.subject_objects(SH.targetSubjectsOf)
        if str(path) in model.terms()
    }
    for term in model.terms().values():
        bound |= {(term.name, shape) for shape in targeting(term.iri)} if term.kind == "class" else set()
    seen = 0
    for name, shape in bound:
        for part in (shape, *graph.objects(shape, SH.property)):
            if (part, SH.sparql, None) in graph:
                (message,) = [str(one) for one in graph.objects(part, SH.message) if one.language == "en"]  # type: ignore[attr-defined]
                assert message in text(shown[name]), (name, message)
                seen += 1
    assert seen > 10


def test_what_is_asked_where_there_is_another_property_says_so(client: httpx.Client) -> None:
    shown = entries(client)
    (row,) = [one for one in shown["Need"].xpath(".//tbody/tr") if text(one.xpath("th")[0]) == "unit"]
    assert (
        text(row.xpath("td")[1])
        == "where there is lower bound or upper bound or value, required: exactly one"
    )
    assert any("The end lies before the start" in text(row) for row in shown["endDate"].xpath(".//tbody/tr"))
    rows = {text(row) for row in shown["MinerGroup"].xpath(".//tbody/tr")}
    assert "controlled by text advised: at most one" not in rows and not any(
        "policy level" in row for row in rows
    )


def test_a_rule_without_words_shows_its_message(client: httpx.Client) -> None:
    assert "Give the currency of the amount" in text(entries(client)["Participation"])


def test_a_property_shows_domain_values_and_characteristics(client: httpx.Client) -> None:
    shown = entries(client)
    section = shown["within"]
    assert "transitive" in text(section) and section.xpath(".//dd/a[@href='#Place']")
    assert shown["actorType"].xpath(".//dd/a[@href='/vocab/actor-type?lang=en']")


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_first_load_is_light(client: httpx.Client, address: str, language: str) -> None:
    answer = client.get(f"{address}?lang={language}")
    found = document_of(answer).xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //@src")
    files_asked = {str(one) for one in found}
    weight = len(gzip.compress(answer.content)) + sum(
        len(gzip.compress(client.get(one).content)) for one in files_asked
    )
    assert len(files_asked) + 1 <= 10
    assert weight <= 45_000, weight  # of 60 kB: what is left is room for new terms


@pytest.mark.parametrize("address", PAGES)
def test_pages_name_their_formats_and_languages(client: httpx.Client, address: str) -> None:
    document = page(client, address)
    assert len(document.xpath("//h1")) == 1
    for ending, (media_type, _) in RDF_FORMATS.items():
        assert document.xpath(f"//link[@rel='alternate'][@type='{media_type}'][@href='{address}.{ending}']")
    assert set(document.xpath("//link[@rel='alternate']/@hreflang")) == {"fr", "es", "pt"}
    assert not document.xpath("//style | //@style | //script")


@pytest.mark.parametrize("name", sorted(model.schemes()))
def test_a_scheme_shows_every_concept_at_its_anchor(client: httpx.Client, name: str) -> None:
    document = page(client, f"/vocab/{name}?lang=fr")
    for concept in model.schemes()[name].concepts:
        (section,) = document.xpath(f"//section[@id='{concept.name}']")
        shown = text(section)
        for said in (concept.iri, concept.notation, words.best(concept.labels, "fr")[0]):
            assert said in shown
        for one in (*concept.broader, *concept.narrower):
            assert section.xpath(f".//dd/a[@href='#{one.rpartition('/')[2]}']")


def test_what_is_no_concept_is_not_given_the_name_of_its_scheme() -> None:
    for iri in (f"{VOCAB}mineral/unobtainium", f"{VOCAB}unheard", f"{ASM}Unheard"):
        assert ontology_views.named(iri, "en") == Name(context.compact(iri))
    assert ontology_views.named(f"{VOCAB}mineral/gold", "fr") == Name("or", "", "/vocab/mineral/gold")
    assert ontology_views.named(f"{VOCAB}mineral", "en") == Name("mineral", "", "/vocab/mineral")


def test_other_languages_repeat_no_word(client: httpx.Client) -> None:
    for section in page(client, "/vocab/mineral").xpath("//section[@class and @id]"):
        for row in section.xpath(".//div[dt='In other languages']"):
            said = [one.strip() for one in text(row.xpath("dd")[0]).split(", ")]
            assert len(said) == len(set(said)), said


def test_a_scheme_in_turtle_is_the_scheme_with_its_concepts(client: httpx.Client) -> None:
    graph = read(client.get("/vocab/mineral", headers={"Accept": "text/turtle"}), "turtle")
    assert (URIRef(VOCAB + "mineral"), RDF.type, SKOS.ConceptScheme) in graph
    assert isomorphic(graph, files.vocabulary("mineral"))
    assert set(read(client.get("/vocab.ttl"), "turtle").subjects(RDF.type, SKOS.Concept)) == set(
        files.concepts()
    )


def test_a_scheme_is_a_table_with_its_labels(client: httpx.Client) -> None:
    answer = client.get("/vocab/mineral", headers={"Accept": "text/csv"})
    assert answer.content == client.get("/vocab/mineral.csv").content
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    (gold,) = [row for row in rows if row["notation"] == "gold"]
    assert (gold["concept"], gold["label_fr"], gold["label_es"]) == (VOCAB + "mineral/gold", "or", "oro")
    assert len(rows) == len(model.schemes()["mineral"].concepts)


def test_the_list_of_vocabularies_leads_to_each(client: httpx.Client) -> None:
    for address in ("/vocab", "/ns"):
        leads = set(page(client, address).xpath("//main//a/@href"))
        assert {f"/vocab/{name}" for name in model.schemes()} <= leads


@pytest.mark.parametrize("name", diagrams.names())
def test_a_diagram_speaks_the_reader_s_language_and_leads_to_the_terms(
    client: httpx.Client, name: str
) -> None:
    answer = client.get(f"/ns/diagrams/{name}.svg", headers={"Accept-Language": "fr"})
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["content-language"] == "fr"
    drawn = etree.fromstring(answer.content)
    page_of = "/ns" if name == diagrams.OVERVIEW else f"/ns/{name}"
    classes = [
        one
        for module in model.modules()
        if name in (diagrams.OVERVIEW, module.name)
        for one in module.classes
    ]
    boxes = {str(box.get("href")): box.findtext(f"{SVG}text") for box in drawn.iter(f"{SVG}a")}
    assert boxes == {f"{page_of}?lang=fr#{term.name}": term.labels["fr"][0] for term in classes}
    assert f'src="/ns/diagrams/{name}.svg?lang=en"' in client.get(page_of).text


def test_the_description_of_the_api_names_the_ontology(client: httpx.Client) -> None:
    described = client.get("/api/openapi.json").json()["paths"]
    endings = [
        f"{stem}.{ending}"
        for stem in ("/ns", "/ns/{part}", "/vocab", "/vocab/{scheme}")
        for ending in RDF_FORMATS
    ]
    for address in (*endings, "/ns/context.jsonld", "/vocab/{scheme}.csv", "/ns/diagrams/{name}.svg"):
        assert described[address]["get"]["tags"] == ["ontology"]
        offered = set(described[address]["get"]["responses"]["200"]["content"])
        answer = client.get(address.format(part="core", scheme="mineral", name="core"))
        assert offered == {answer.headers["content-type"].partition(";")[0]}


def test_a_thing_leads_from_its_class_to_the_ontology(live_server: str) -> None:
    with httpx.Client(base_url=live_server, headers={"Accept": "text/html"}) as opened:
        document = page(opened, "/doc/intervention/fca?lang=fr")
        assert document.xpath("//p[@class='kicker']/a/@href") == [
            "/ns?lang=fr#Programme",
            "/ns?lang=fr#Intervention",
        ]
        assert document.xpath("//footer//a[@href='/ns?lang=fr']")
        concept = opened.get("/vocab/mineral/gold", headers={"Accept": "text/turtle"})
        assert (URIRef(VOCAB + "mineral/gold"), SKOS.inScheme, URIRef(VOCAB + "mineral")) in read(
            concept, "turtle"
        )


def test_the_modules_served_declare_their_versions(client: httpx.Client) -> None:
    graph = read(client.get("/ns.ttl"), "turtle")
    headers = set(graph.subjects(RDF.type, OWL.Ontology))
    assert len(headers) == len(model.modules())
    assert all(graph.value(one, OWL.versionIRI) and graph.value(one, OWL.priorVersion) for one in headers)


def test_the_name_of_a_term_leads_to_the_term(client: httpx.Client) -> None:
    answer = client.get("/ns/Need?lang=fr", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/ns?lang=fr#Need")
    assert client.get("/ns/Nede", follow_redirects=False).status_code == 404
