"""A release as a catalogue in DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/), with its quality in DQV.

A data set is the whole release, and each source is one, under the address of its graph. Every node has an address,
so that the same catalogue is the same file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from urllib.parse import quote

from rdflib import DCTERMS, FOAF, PROV, RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef

from asmgraph.export import citation
from asmgraph.export.downloads import Download
from asmgraph.export.release import METRIC, Measure, Release, Source
from asmgraph.terms import ASM

DCAT = Namespace("http://www.w3.org/ns/dcat#")
DQV = Namespace("http://www.w3.org/ns/dqv#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
PREFIXES: Mapping[str, str] = {
    "asm": str(ASM._NS), "dcat": str(DCAT), "dcterms": str(DCTERMS), "dqv": str(DQV), "foaf": str(FOAF),
    "prov": str(PROV), "rdfs": str(RDFS), "spdx": str(SPDX), "xsd": str(XSD),
}  # fmt: skip
TITLE = "Catalogue of asmgraph"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def catalogue(release: Release, base: str, publisher: str, files: Iterable[Download]) -> Graph:
    """Return the whole catalogue.

    Parameters
    ----------
    base
        Address of the server, without a slash at its end.
    publisher
        Who publishes the release; '' or 'not stated' where nobody says.
    files
        What can be downloaded; a size and a checksum are given where they are known.
    """
    graph, whole = _graph(), URIRef(f"{base}/catalog")
    dataset = URIRef(f"{whole}#release")
    cited = citation.of_release(release, publisher, str(whole))
    graph.add((whole, RDF.type, DCAT.Catalog))
    graph.add((whole, DCTERMS.title, Literal(TITLE, "en")))
    graph.add(
        (
            whole,
            DCTERMS.description,
            Literal("Every source of the published data, and the release that holds them all.", "en"),
        )
    )
    graph.add((whole, DCAT.dataset, dataset))
    graph.add((whole, DCAT.service, URIRef(f"{base}/sparql")))
    graph.add((whole, FOAF.homepage, URIRef(f"{base}/")))
    graph.add((whole, DCTERMS.modified, _moment(release)))
    graph.add((dataset, RDF.type, DCAT.Dataset))
    graph.add((dataset, RDF.type, PROV.Entity))
    graph.add((dataset, DCTERMS.title, Literal(cited.title, "en")))
    graph.add((dataset, DCTERMS.description, Literal(cited.note, "en")))
    graph.add((dataset, DCTERMS.identifier, Literal(cited.key)))
    graph.add((dataset, DCTERMS.issued, _moment(release)))
    graph.add((dataset, DCAT.version, Literal(cited.version)))
    graph.add((dataset, DCAT.landingPage, whole))
    graph.add((dataset, DCTERMS.bibliographicCitation, Literal(citation.as_text(cited))))
    if cited.author:
        for one in (whole, dataset):
            _agent(graph, one, URIRef(f"{whole}#publisher"), cited.author)
    run = URIRef(f"{whole}#publication")
    graph.add((dataset, PROV.wasGeneratedBy, run))
    graph.add((run, RDF.type, PROV.Activity))
    graph.add((run, PROV.endedAtTime, _moment(release)))
    listed = list(files)
    for source in release.sources.values():
        node = _source(graph, release, source, base, columns=False)
        graph.add((whole, DCAT.dataset, node))
        graph.add((dataset, DCTERMS.hasPart, node))
        graph.add((run, PROV.used, node))
        for value in graph.objects(node, DCTERMS.license):
            graph.add((dataset, DCTERMS.license, value))
        for property_ in (DCTERMS.spatial, DCTERMS.temporal):
            for value in graph.objects(node, property_):
                graph.add((dataset, property_, value))
    for file in listed:
        held = _node(release.sources[file.source]) if file.source else dataset
        _distribution(graph, held, base, file)
    _service(graph, base, dataset)
    return graph


def dataset(release: Release, source: Source, base: str, files: Iterable[Download]) -> Graph:
    """Return the description of one source, with what is known of each of its columns."""
    graph = _graph()
    node = _source(graph, release, source, base, columns=True)
    whole = URIRef(f"{base}/catalog")
    graph.add((whole, RDF.type, DCAT.Catalog))
    graph.add((whole, DCTERMS.title, Literal(TITLE, "en")))
    graph.add((whole, DCAT.dataset, node))
    for file in files:
        if file.source == source.name:
            _distribution(graph, node, base, file)
    return graph


def _graph() -> Graph:
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, override=True)
    return graph


def _node(source: Source) -> URIRef:
    return URIRef(source.graphs[0])


def _source(graph: Graph, release: Release, source: Source, base: str, *, columns: bool) -> URIRef:
    node, page = _node(source), URIRef(f"{base}/catalog/{source.name}")
    cited = citation.of_source(release, source)
    graph.add((node, RDF.type, DCAT.Dataset))
    graph.add((node, RDF.type, ASM.SourceGraph))
    graph.add((node, FOAF.isPrimaryTopicOf, page))
    graph.add((node, DCTERMS.title, Literal(source.title, "en")))
    graph.add((node, DCTERMS.identifier, Literal(source.name)))
    graph.add((node, DCTERMS.bibliographicCitation, Literal(citation.as_text(cited))))
    licence = URIRef(source.licence_address) if source.licence_address else Literal(source.licence)
    graph.add((node, DCTERMS.license, licence))
    if source.description:
        graph.add((node, DCTERMS.description, Literal(source.description, "en")))
    if source.publisher:
        _agent(graph, node, URIRef(f"{page}#publisher"), source.publisher)
    if source.page:
        graph.add((node, DCAT.landingPage, URIRef(source.page)))
    if source.version:
        graph.add((node, DCAT.version, Literal(source.version)))
    if source.checksum:
        graph.add((node, ASM.checksum, Literal(source.checksum)))
    if source.retrieved:
        graph.add((node, ASM.retrievedAt, Literal(source.retrieved, datatype=XSD.date)))
    if source.written:
        graph.add((node, DCTERMS.modified, Literal(source.written, datatype=XSD.dateTime)))
    if source.attribution:
        graph.add((node, DCTERMS.provenance, URIRef(f"{page}#attribution")))
        graph.add((URIRef(f"{page}#attribution"), RDF.type, DCTERMS.ProvenanceStatement))
        graph.add((URIRef(f"{page}#attribution"), RDFS.label, Literal(source.attribution, "en")))
    if source.run:
        run = URIRef(source.run)
        graph.add((node, PROV.wasGeneratedBy, run))
        graph.add((run, RDF.type, ASM.PipelineRun))
        if source.written:
            graph.add((run, PROV.endedAtTime, Literal(source.written, datatype=XSD.dateTime)))
        if source.software:
            graph.add((run, ASM.softwareVersion, Literal(source.software)))
    _coverage(graph, node, source, page)
    for measure in source.measures:
        if columns or not measure.column:
            _measurement(graph, node, measure, page)
    return node


def _coverage(graph: Graph, node: URIRef, source: Source, page: URIRef) -> None:
    """State the places and periods of what the source says it covers, those that it names."""
    for one in source.coverage:
        if one.place:
            graph.add((node, DCTERMS.spatial, URIRef(one.place)))
            graph.add((URIRef(one.place), RDF.type, DCTERMS.Location))
        if one.start or one.end:
            period = URIRef(f"{page}#period-{one.start or 'open'}-{one.end or 'open'}")
            graph.add((node, DCTERMS.temporal, period))
            graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
            for property_, date in ((DCAT.startDate, one.start), (DCAT.endDate, one.end)):
                if date:
                    graph.add((period, property_, _date(date)))


def _measurement(graph: Graph, node: URIRef, measure: Measure, page: URIRef) -> None:
    name = f"quality-{measure.metric}" + (f"-{quote(measure.column, safe='')}" if measure.column else "")
    measurement = URIRef(f"{page}#{name}")
    on = node
    if measure.column:
        table, _, column = measure.column.partition(".")
        on = URIRef(f"{node}/column/{quote(table, safe='')}/{quote(column, safe='')}")
        graph.add((on, RDFS.label, Literal(measure.column)))
        graph.add((on, DCTERMS.isPartOf, node))
    else:
        graph.add((node, DQV.hasQualityMeasurement, measurement))
    graph.add((measurement, RDF.type, DQV.QualityMeasurement))
    graph.add((measurement, DQV.isMeasurementOf, URIRef(METRIC + measure.metric)))
    graph.add((measurement, DQV.computedOn, on))
    graph.add((measurement, DQV.value, Literal(_plain(measure.value), datatype=XSD.decimal)))


def _distribution(graph: Graph, dataset: URIRef, base: str, file: Download) -> None:
    address = URIRef(f"{base}/downloads/{file.name}")
    node = URIRef(f"{address}#distribution")
    graph.add((dataset, DCAT.distribution, node))
    graph.add((node, RDF.type, DCAT.Distribution))
    graph.add((node, DCTERMS.title, Literal(file.name)))
    graph.add((node, DCAT.downloadURL, address))
    graph.add((node, DCAT.accessURL, address))
    graph.add((node, DCAT.mediaType, URIRef(_MEDIA_TYPES + file.media_type)))
    for licence in graph.objects(dataset, DCTERMS.license):
        graph.add((node, DCTERMS.license, licence))
    if file.compressed:
        graph.add((node, DCAT.compressFormat, URIRef(_MEDIA_TYPES + "application/gzip")))
    if file.sha256:
        checksum = URIRef(f"{address}#checksum")
        graph.add((node, DCAT.byteSize, Literal(str(file.size_bytes), datatype=XSD.nonNegativeInteger)))
        graph.add((node, SPDX.checksum, checksum))
        graph.add((checksum, RDF.type, SPDX.Checksum))
        graph.add((checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
        graph.add((checksum, SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)))


def _service(graph: Graph, base: str, dataset: URIRef) -> None:
    node = URIRef(f"{base}/sparql")
    graph.add((node, RDF.type, DCAT.DataService))
    graph.add((node, DCTERMS.title, Literal("SPARQL endpoint", "en")))
    graph.add((node, DCAT.endpointURL, node))
    graph.add((node, DCAT.endpointDescription, node))
    graph.add((node, DCTERMS.conformsTo, URIRef("https://www.w3.org/TR/sparql11-protocol/")))
    graph.add((node, DCAT.servesDataset, dataset))


def _agent(graph: Graph, subject: URIRef, node: URIRef, name: str) -> None:
    graph.add((subject, DCTERMS.publisher, node))
    graph.add((node, RDF.type, FOAF.Agent))
    graph.add((node, FOAF.name, Literal(name)))


def _moment(release: Release) -> Literal:
    return Literal(release.published.isoformat(), datatype=XSD.dateTime)


def _date(text: str) -> Literal:
    kinds = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
    return Literal(text, datatype=kinds.get(len(text), XSD.date))


def _plain(value: Decimal) -> str:
    """Return a decimal as every syntax writes it: with a point."""
    text = f"{value:f}"
    return text if "." in text else f"{text}.0"
