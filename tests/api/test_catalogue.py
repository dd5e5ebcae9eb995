"""Where the data come from, as people and programs meet it: catalogue, sources, citations, files, ways back."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
import yaml
from pyoxigraph import RdfFormat, parse
from rdflib import DCTERMS, PROV, RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from asmgraph.export import downloads, release
from asmgraph.messages import LANGUAGES
from asmgraph.store import snapshots
from tests.api.reading import document_of, page, rows, text
from tests.api.serving import serving
from tests.export.conftest import survey_home as survey_home

DCAT = Namespace("http://www.w3.org/ns/dcat#")
DQV = Namespace("http://www.w3.org/ns/dqv#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
RDF_FORMATS = {
    "ttl": ("text/turtle", "turtle"),
    "jsonld": ("application/ld+json", "json-ld"),
    "nt": ("application/n-triples", "nt"),
    "rdf": ("application/rdf+xml", "xml"),
}
PUBLISHER = "The invented observatory"
ADDRESSES = ("/catalog", "/catalog/survey")


@pytest.fixture(scope="module")
def client(survey_home: Path) -> Iterator[httpx.Client]:
    downloads.make(snapshots.current(survey_home), PUBLISHER)
    with serving(survey_home, publisher=PUBLISHER) as opened:
        opened.headers["Accept"] = "text/html"
        yield opened


@pytest.fixture(scope="module")
def catalogue(client: httpx.Client) -> Graph:
    return Graph().parse(data=client.get("/catalog.ttl").text, format="turtle")


def survey(graph: Graph) -> URIRef:
    found = graph.value(None, DCTERMS.identifier, Literal("survey"))
    assert isinstance(found, URIRef)
    return found


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own JSON-LD reader
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("ending", RDF_FORMATS)
def test_the_catalogue_comes_in_each_format_by_accept_and_by_ending(
    client: httpx.Client, address: str, ending: str
) -> None:
    media_type, form = RDF_FORMATS[ending]
    by_ending = client.get(f"{address}.{ending}")
    by_accept = client.get(address, headers={"Accept": media_type})
    for answer in (by_ending, by_accept):
        assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "Accept" in answer.headers["vary"]
    assert by_accept.content == by_ending.content
    turtle = Graph().parse(data=client.get(f"{address}.ttl").text, format="turtle")
    assert isomorphic(Graph().parse(data=by_ending.text, format=form), turtle)
    held = client.get(f"{address}.{ending}", headers={"If-None-Match": by_ending.headers["etag"]})
    assert held.status_code == 304


def test_every_dataset_says_what_dcat_asks_of_it(catalogue: Graph, client: httpx.Client) -> None:
    whole = URIRef(f"{client.base_url}/catalog".replace("//catalog", "/catalog"))
    assert (whole, RDF.type, DCAT.Catalog) in catalogue
    datasets = set(catalogue.objects(whole, DCAT.dataset))
    assert datasets == set(catalogue.subjects(RDF.type, DCAT.Dataset))
    assert len(datasets) == 5
    for one in datasets:
        for property_ in (
            DCTERMS.title, DCTERMS.identifier, DCTERMS.license, DCTERMS.publisher, DCAT.landingPage, DCAT.version,
            DCTERMS.bibliographicCitation, PROV.wasGeneratedBy, DCAT.distribution,
        ):  # fmt: skip
            assert catalogue.value(one, property_) is not None or (one, property_) in _several(catalogue), (
                one,
                property_,
            )
        for agent in catalogue.objects(one, DCTERMS.publisher):
            assert list(catalogue.objects(agent, URIRef("http://xmlns.com/foaf/0.1/name")))
    names = {str(one) for one in catalogue.objects(None, URIRef("http://xmlns.com/foaf/0.1/name"))}
    assert names == {PUBLISHER, "The asmgraph developers", "The invented institute"}


def _several(graph: Graph) -> set[tuple[Any, Any]]:
    return {(subject, predicate) for subject, predicate, _ in graph}


def test_place_and_time_are_those_of_the_coverage_statements(catalogue: Graph) -> None:
    node = survey(catalogue)
    assert [str(one) for one in catalogue.objects(node, DCTERMS.spatial)] == [
        "https://w3id.org/asmgraph/id/place/COD"
    ]
    period = catalogue.value(node, DCTERMS.temporal)
    assert str(catalogue.value(period, DCAT.startDate)) == "2019"
    assert str(catalogue.value(period, DCAT.endDate)) == "2021-06"


def test_a_licence_that_is_not_stated_is_none(catalogue: Graph) -> None:
    node = survey(catalogue)
    assert list(catalogue.objects(node, DCTERMS.license)) == [Literal("not stated")]
    starter = catalogue.value(None, DCTERMS.identifier, Literal("starter"))
    assert list(catalogue.objects(starter, DCTERMS.license)) == [
        URIRef("https://creativecommons.org/licenses/by/4.0/")
    ]


def test_every_distribution_answers_with_the_size_and_checksum_that_are_stated(
    catalogue: Graph, client: httpx.Client
) -> None:
    distributions = set(catalogue.subjects(RDF.type, DCAT.Distribution))
    assert len(distributions) == 6 + 4
    for one in distributions:
        address = str(catalogue.value(one, DCAT.downloadURL))
        answer = client.get(address)
        assert answer.status_code == 200
        assert "content-encoding" not in answer.headers
        assert str(catalogue.value(one, DCAT.byteSize)) == str(len(answer.content))
        checksum = catalogue.value(one, SPDX.checksum)
        assert (
            str(catalogue.value(checksum, SPDX.checksumValue)) == hashlib.sha256(answer.content).hexdigest()
        )
        media_type = str(catalogue.value(one, DCAT.mediaType)).removeprefix(
            "https://www.iana.org/assignments/media-types/"
        )
        compressed = catalogue.value(one, DCAT.compressFormat) is not None
        assert answer.headers["content-type"].startswith("application/gzip" if compressed else media_type)


def test_files_are_made_when_they_are_first_asked_for(starter_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(starter_home, home, symlinks=True)
    folder = snapshots.current(home).path / downloads.FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    with serving(home, query_workers=1) as fresh:
        assert fresh.get("/catalog.ttl").status_code == 200
        while (answer := fresh.get("/downloads/asmgraph.geojson")).status_code == 503:
            assert int(answer.headers["retry-after"]) > 0
        assert answer.json()["type"] == "FeatureCollection"
        assert "checksumValue" in fresh.get("/catalog.ttl").text
    assert (folder / "asmgraph.crate.zip").is_file()


def test_a_file_can_be_fetched_in_parts_and_is_not_sent_again(client: httpx.Client) -> None:
    whole = client.get("/downloads/asmgraph.nq.gz")
    part = client.get("/downloads/asmgraph.nq.gz", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    again = client.get("/downloads/asmgraph.nq.gz", headers={"If-None-Match": whole.headers["etag"]})
    assert again.status_code == 304
    assert client.head("/downloads/asmgraph.nq.gz").status_code == 200
    assert client.get("/downloads/manifest.json").status_code == 404
    assert client.get("/downloads/index.json").status_code == 404


def test_the_file_of_a_source_holds_its_graph(client: httpx.Client, survey_home: Path) -> None:
    snapshot = snapshots.current(survey_home)
    graph = release.describe(snapshot).source("survey").graphs[0]
    content = gzip.decompress(client.get("/downloads/survey.nq.gz").content)
    quads = list(parse(content, format=RdfFormat.N_QUADS))
    assert len(quads) == snapshot.counts[graph]
    assert {str(quad.graph_name) for quad in quads} == {f"<{graph}>"}


def test_quality_is_stated_in_dqv_and_is_right(
    catalogue: Graph, client: httpx.Client, survey_home: Path
) -> None:
    node = survey(catalogue)
    whole = {
        str(catalogue.value(one, DQV.isMeasurementOf)).rsplit("/", 1)[-1]: catalogue.value(one, DQV.value)
        for one in catalogue.objects(node, DQV.hasQualityMeasurement)
    }
    assert whole.keys() == {
        "days-since-retrieval", "days-since-last-dated-statement", "refused-rows", "unmapped-values",
    }  # fmt: skip
    assert float(str(whole["refused-rows"])) == float(str(whole["unmapped-values"])) == 0
    published = snapshots.current(survey_home).published.date()
    assert float(str(whole["days-since-retrieval"])) == (published - dt.date(2026, 1, 14)).days
    # 2021 counts by its last day
    assert float(str(whole["days-since-last-dated-statement"])) == (published - dt.date(2021, 12, 31)).days
    one = Graph().parse(data=client.get("/catalog/survey.ttl").text, format="turtle")
    label = URIRef("http://www.w3.org/2000/01/rdf-schema#label")
    filled = {
        str(one.value(on, label)): float(str(one.value(measured, DQV.value)))
        for measured, on in one.subject_objects(DQV.computedOn)
        if on != node
    }
    assert filled == {"sites.code": 1, "sites.name": 1, "sites.lat": 1, "sites.long": 1, "sites.visited": 1}


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_whole_light_and_in_every_language(
    client: httpx.Client, address: str, language: str
) -> None:
    answer = client.get(f"{address}?lang={language}")
    document = document_of(answer)
    assert document.get("lang") == language
    assert len(document.xpath("//h1")) == 1
    assert len(document.xpath("//link[@rel='alternate' and @type='text/turtle']")) == 1
    assert not document.xpath("//style | //@style | //script")
    files = {str(one) for one in document.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //@src")}
    weight = sum(len(gzip.compress(client.get(one).content)) for one in (address, *files))
    assert weight <= 60_000
    title = {
        "en": "Sources and how to cite", "fr": "Sources et façon de citer", "es": "Fuentes y cómo citar",
        "pt": "Fontes e como citar",
    }[language]  # fmt: skip
    assert title in text(document)


def test_the_page_of_a_source_says_all_that_is_asked_of_it(client: httpx.Client, survey_home: Path) -> None:
    said = text(page(client, "/catalog/survey"))
    source = release.describe(snapshots.current(survey_home)).source("survey")
    for part in (
        "An invented survey of mine sites", "The invented institute", "not stated", "14 January 2026",
        source.version, source.checksum, source.graphs[0], "https://example.org/survey",
        "Democratic Republic of the Congo", "2019 – 2021-06",
    ):  # fmt: skip
        assert part in said, part


def test_the_page_of_no_source_is_a_404(client: httpx.Client) -> None:
    assert client.get("/catalog/atlantis").status_code == 404
    assert client.get("/catalog/atlantis.ttl").headers["content-type"] == "application/problem+json"
    assert client.get("/catalog/atlantis.bib").status_code == 404


def test_citations_come_in_the_forms_of_reference_managers(client: httpx.Client) -> None:
    assert client.get("/catalog/survey.txt").text.startswith(
        "The invented institute (2026). An invented survey"
    )
    assert "@misc{asmgraph-survey-" in client.get("/catalog/survey.bib").text
    item = json.loads(client.get("/catalog/survey.csl").text)[0]
    assert (item["type"], item["author"]) == ("dataset", [{"literal": "The invented institute"}])
    whole = yaml.safe_load(client.get("/catalog.cff").text)
    assert whole["authors"] == [{"name": PUBLISHER}]
    assert whole["url"].endswith("/catalog")
    assert (
        client.get("/catalog.csl")
        .headers["content-type"]
        .startswith("application/vnd.citationstyles.csl+json")
    )


# From every page a fact leads to its source in at most two clicks.


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/gaps?place=COD&as_of=latest-covered",
        "/interventions?place=COD",
        "/doc/site/survey-s3",
        "/vocab/challenge/C1",
        "/vocab/mineral",
        "/ns",
        "/sparql",
        "/sparql/examples",
    ],
)
def test_every_page_leads_to_the_catalogue(client: httpx.Client, address: str) -> None:
    assert page(client, address).xpath("//a[@href='/catalog']")


def test_a_thing_leads_to_the_source_that_holds_it(client: httpx.Client) -> None:
    document = page(client, "/doc/site/survey-s3")
    assert document.xpath("//section[h2[@id='facts']]//a/@href[.='/catalog/survey']")


def test_a_gap_leads_to_things_that_lead_to_their_source(client: httpx.Client) -> None:
    document = page(client, "/gaps?place=COD&as_of=latest-covered")
    things = document.xpath("//ul[@class='evidence']/li/a/@href[starts-with(., '/doc/')]")
    assert len(things) >= len(document.xpath("//ul[@class='evidence']"))
    assert page(client, things[0]).xpath("//a/@href[.='/catalog/starter']")
    assert document.xpath("//ul[@class='coverage']//a/@href[.='/catalog/starter']")


def test_an_intervention_leads_to_its_source_by_its_page(client: httpx.Client) -> None:
    document = page(client, "/interventions?place=GHA")
    thing = document.xpath("//tbody//th//a/@href")[0]
    assert page(client, thing).xpath("//a/@href[.='/catalog/starter']")


def test_a_graph_in_an_answer_of_sparql_leads_to_its_source(client: httpx.Client) -> None:
    query = "SELECT DISTINCT ?source { GRAPH ?source { ?a ?b ?c } }"
    document = page(client, str(httpx.URL("/sparql", params={"query": query, "format": "html"})))
    found = set(document.xpath("//tbody//a/@href"))
    assert found == {
        "/catalog",
        *(f"/catalog/{name}" for name in ("ontology", "places", "starter", "survey")),
    }
    for address in found:
        assert client.get(address).status_code == 200


def test_a_document_of_rdf_names_the_graphs_that_hold_it(client: httpx.Client) -> None:
    found = Graph().parse(data=client.get("/doc/site/survey-s3.ttl").text, format="turtle")
    sources = set(found.subjects(DCTERMS.identifier, Literal("survey")))
    assert len(sources) == 1
    for property_ in (DCTERMS.title, DCTERMS.publisher, DCTERMS.license):
        assert found.value(next(iter(sources)), property_)
    about = URIRef("https://w3id.org/asmgraph/id/site/survey-s3")
    document = found.value(None, URIRef("http://xmlns.com/foaf/0.1/primaryTopic"), about)
    assert set(found.objects(document, PROV.wasDerivedFrom)) == sources


# Views in further forms.


@pytest.mark.parametrize("view", ["interventions", "gaps"])
def test_the_workbook_of_a_view_holds_the_rows_of_its_csv_and_the_sources(
    client: httpx.Client, view: str
) -> None:
    question = "?place=COD&as_of=latest-covered&lang=fr"
    table = rows(client.get(f"/{view}.csv{question}"))
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/{view}.xlsx{question}").content))
    assert book.sheetnames == [view, "sources"]
    found = [["" if cell is None else str(cell) for cell in row] for row in book[view].values]
    assert found == table
    assert len(table) > 5


def test_the_map_of_a_view_holds_each_intervention(client: httpx.Client) -> None:
    answer = client.get("/interventions.geojson?place=COD")
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json()["features"]
    listed = client.get("/interventions.json?place=COD").json()["interventions"]
    assert {one["properties"]["iri"] for one in features} == {one["iri"] for one in listed}
    assert all(one["properties"]["licence"] and one["properties"]["graph"] for one in features)


def test_the_turtle_of_a_view_holds_its_interventions_with_sources(client: httpx.Client) -> None:
    found = Graph().parse(data=client.get("/interventions.ttl?place=GHA").text, format="turtle")
    listed = client.get("/interventions.json?place=GHA").json()["interventions"]
    for one in listed:
        documents = list(found.objects(URIRef(one["iri"]), DCTERMS.source))
        assert documents and all((document, RDF.type, None) in found for document in documents)
    asm = Namespace("https://w3id.org/asmgraph/ontology#")
    assert len(set(found.subjects(RDF.type, asm.Participation))) >= len(listed)
    assert list(found.subjects(RDF.type, asm.SourceGraph))


def test_the_csv_of_a_view_is_as_before(client: httpx.Client) -> None:
    header = next(csv.reader(io.StringIO(client.get("/interventions.csv").content.decode("utf-8-sig"))))
    assert header == ["Intervention", "Who", "Where", "Theme", "Minerals", "Dates", "State", "Source"]
    assert re.search(r"<https?://", client.get("/interventions.csv").text)
