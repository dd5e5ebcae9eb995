"""Every term and concept can be read by people: names in four languages, a definition, a home, an origin."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

ASM = Namespace("https://w3id.org/asmgraph/ontology#")
VOCAB = "https://w3id.org/asmgraph/vocab/"
LANGUAGES = {"en", "fr", "es", "pt"}
MODULES = ["core", "results", "knowledge", "geography", "stewardship"]
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


def _terms(modules: Graph) -> list[Node]:
    terms = {t for k in KINDS for t in modules.subjects(RDF.type, k) if str(t).startswith(str(ASM))}
    return sorted(terms, key=str)


def _languages(graph: Graph, subject: Node, predicate: URIRef) -> Counter[str | None]:
    return Counter(text.language for text in _texts(graph, subject, predicate))


def _texts(graph: Graph, subject: Node, predicate: URIRef) -> list[Literal]:
    return [o for o in graph.objects(subject, predicate) if isinstance(o, Literal)]


def _concepts(vocabulary: Graph) -> list[Node]:
    return sorted(vocabulary.subjects(RDF.type, SKOS.Concept), key=str)


def test_every_term_has_one_label_in_each_language(modules: Graph) -> None:
    wrong = [t for t in _terms(modules) if _languages(modules, t, RDFS.label) != dict.fromkeys(LANGUAGES, 1)]
    assert wrong == []


def test_every_term_has_one_english_definition(modules: Graph) -> None:
    assert [t for t in _terms(modules) if _languages(modules, t, SKOS.definition)["en"] != 1] == []


def test_no_two_terms_share_a_definition(modules: Graph) -> None:
    count = Counter(str(d) for d in modules.objects(None, SKOS.definition))
    assert [d for d, number in count.items() if number > 1] == []


def test_every_term_has_an_example(modules: Graph) -> None:
    assert [t for t in _terms(modules) if not list(modules.objects(t, SKOS.example))] == []


def test_an_example_is_in_english_or_as_data_hold_it(modules: Graph) -> None:
    examples = [(t, e) for t in _terms(modules) for e in modules.objects(t, SKOS.example)]
    wrong = [(t, e) for t, e in examples if not isinstance(e, Literal) or e.language not in (None, "en")]
    assert wrong == []


def test_no_term_has_its_name_as_other_name_too(modules: Graph) -> None:
    for term in _terms(modules):
        names = {(str(n).casefold(), n.language) for n in _texts(modules, term, RDFS.label)}
        others = {(str(n).casefold(), n.language) for n in _texts(modules, term, SKOS.altLabel)}
        assert names & others == set(), term


def test_other_names_are_in_the_four_languages(modules: Graph) -> None:
    for term in _terms(modules):
        assert set(_languages(modules, term, SKOS.altLabel)) <= LANGUAGES, term


def test_sources_of_terms_are_addresses(modules: Graph) -> None:
    sources = [(t, s) for t in _terms(modules) for s in modules.objects(t, DCTERMS.source)]
    assert sources
    wrong = [(t, s) for t, s in sources if not isinstance(s, URIRef) or not re.match("https?://", s)]
    assert wrong == []


def test_every_term_has_one_kind(modules: Graph) -> None:
    kinds = {t: [k for k in KINDS if (t, RDF.type, k) in modules] for t in _terms(modules)}
    stewardship = URIRef("https://w3id.org/asmgraph/ontology/stewardship")
    assert (ASM.translationStatus, RDFS.isDefinedBy, stewardship) in modules
    assert [t for t, found in kinds.items() if len(found) != 1] == []


@pytest.mark.parametrize("name", MODULES)
def test_module_has_a_complete_header(ontology: Path, name: str) -> None:
    graph = Graph().parse(ontology / f"{name}.ttl")
    module = URIRef(f"https://w3id.org/asmgraph/ontology/{name}")
    header = set(graph.predicates(module))
    assert header >= {
        DCTERMS.title,
        DCTERMS.description,
        DCTERMS.creator,
        DCTERMS.license,
        OWL.versionIRI,
        OWL.versionInfo,
        OWL.priorVersion,
        VANN.preferredNamespacePrefix,
        VANN.preferredNamespaceUri,
        ASM.translationStatus,
    }
    assert OWL.imports not in header
    assert str(graph.value(module, OWL.versionIRI)) == f"{module}/{graph.value(module, OWL.versionInfo)}"
    assert graph.value(module, OWL.priorVersion) != graph.value(module, OWL.versionIRI)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_defines_the_terms_it_describes(ontology: Path, name: str) -> None:
    graph = Graph().parse(ontology / f"{name}.ttl")
    module = URIRef(f"https://w3id.org/asmgraph/ontology/{name}")
    described = {s for s in graph.subjects(RDFS.label) if str(s).startswith(str(ASM))}
    assert described == set(graph.subjects(RDFS.isDefinedBy, module))


def test_every_concept_has_one_label_in_each_language(vocabulary: Graph) -> None:
    expected = dict.fromkeys(LANGUAGES, 1)
    wrong = [c for c in _concepts(vocabulary) if _languages(vocabulary, c, SKOS.prefLabel) != expected]
    assert wrong == []


def test_every_concept_has_one_english_definition(vocabulary: Graph) -> None:
    wrong = [c for c in _concepts(vocabulary) if _languages(vocabulary, c, SKOS.definition)["en"] != 1]
    assert wrong == []


def test_every_concept_has_one_notation_and_a_source(vocabulary: Graph) -> None:
    for concept in _concepts(vocabulary):
        assert len(list(vocabulary.objects(concept, SKOS.notation))) == 1, concept
        assert list(vocabulary.objects(concept, DCTERMS.source)), concept


def test_every_concept_is_in_the_scheme_of_its_address_and_only_there(vocabulary: Graph) -> None:
    for concept in _concepts(vocabulary):
        scheme = URIRef(str(concept).rsplit("/", 1)[0])
        assert list(vocabulary.objects(concept, SKOS.inScheme)) == [scheme]
        assert (scheme, RDF.type, SKOS.ConceptScheme) in vocabulary


def test_every_concept_is_at_the_top_or_below_one_of_its_scheme(vocabulary: Graph) -> None:
    for concept in _concepts(vocabulary):
        scheme = vocabulary.value(concept, SKOS.inScheme)
        broader = list(vocabulary.objects(concept, SKOS.broader))
        top = (concept, SKOS.topConceptOf, scheme) in vocabulary
        assert top != bool(broader), concept
        assert top == ((scheme, SKOS.hasTopConcept, concept) in vocabulary), concept
        assert all((b, SKOS.inScheme, scheme) in vocabulary for b in broader), concept


def test_no_two_concepts_of_a_scheme_share_a_label_or_a_notation(vocabulary: Graph) -> None:
    for scheme in vocabulary.subjects(RDF.type, SKOS.ConceptScheme):
        for predicate in (SKOS.prefLabel, SKOS.notation):
            words = Counter(
                o
                for c in vocabulary.subjects(SKOS.inScheme, scheme)
                for o in vocabulary.objects(c, predicate)
            )
            assert [w for w, number in words.items() if number > 1] == [], scheme


def test_no_two_themes_share_a_name(vocabulary: Graph) -> None:
    bearers: dict[tuple[str, str | None], set[Node]] = {}
    for name in ("challenge", "impact", "intervention-type"):
        for concept in vocabulary.subjects(SKOS.inScheme, URIRef(VOCAB + name)):
            for predicate in (SKOS.prefLabel, SKOS.altLabel):
                for text in _texts(vocabulary, concept, predicate):
                    bearers.setdefault((text.casefold(), text.language), set()).add(concept)
    assert len(bearers) > 300
    assert {word: sorted(found, key=str) for word, found in bearers.items() if len(found) > 1} == {}


def test_no_concept_has_its_name_as_other_name_too(vocabulary: Graph) -> None:
    assert [
        (c, name)
        for c, name in vocabulary.subject_objects(SKOS.prefLabel)
        if (c, SKOS.altLabel, name) in vocabulary
    ] == []


FIELD = {
    "population-group/miners": "orpailleurs@fr creuseurs@fr garimpeiros@pt barequeros@es galamseyers@en pirquineros@es",
    "population-group/women": "pallaqueras@es jancheras@es garimpeiras@pt",
    "actor-type/trader": "comptoir@fr comercializadora@es",
    "site-role/buyer": "négociant@fr acopiador@es",
    "extraction-method/tailings": "remblais@fr relave@es pallaqueo@es",
    "extraction-method/alluvial": "galamsey@en orpaillage@fr barequeo@es",
}


@pytest.mark.parametrize("name", FIELD)
def test_words_of_the_field_are_other_names(vocabulary: Graph, name: str) -> None:
    names = {
        f"{w}@{w.language}"
        for w in vocabulary.objects(URIRef(VOCAB + name), SKOS.altLabel)
        if isinstance(w, Literal)
    }
    assert set(FIELD[name].split()) - names == set()


def test_every_scheme_is_one_file_with_a_complete_header(ontology: Path) -> None:
    for file in sorted((ontology / "vocab").glob("*.ttl")):
        graph = Graph().parse(file)
        scheme = URIRef(VOCAB + file.stem)
        assert list(graph.subjects(RDF.type, SKOS.ConceptScheme)) == [scheme]
        assert _languages(graph, scheme, SKOS.prefLabel) == dict.fromkeys(LANGUAGES, 1)
        assert set(graph.predicates(scheme)) >= {
            SKOS.definition,
            DCTERMS.source,
            DCTERMS.creator,
            DCTERMS.license,
            OWL.versionInfo,
            ASM.translationStatus,
        }


def test_every_intervention_type_addresses_challenges_and_says_why(vocabulary: Graph) -> None:
    scheme = URIRef(VOCAB + "intervention-type")
    challenge, impact = URIRef(VOCAB + "challenge"), URIRef(VOCAB + "impact")
    for concept in vocabulary.subjects(SKOS.inScheme, scheme):
        addressed = list(vocabulary.objects(concept, ASM.addresses))
        schemes = [vocabulary.value(one, SKOS.inScheme) for one in addressed]
        assert challenge in schemes, concept
        assert set(schemes) <= {challenge, impact}, concept
        notes = [str(n) for n in vocabulary.objects(concept, SKOS.scopeNote)]
        assert len(notes) == 1
        said = re.findall(r"[\w-]+", notes[0])
        assert [one for one in addressed if str(one).rsplit("/", 1)[1] not in said] == [], concept


@pytest.mark.parametrize("name", ["challenge", "impact"])
def test_every_challenge_and_impact_is_addressed_by_a_type(vocabulary: Graph, name: str) -> None:
    concepts = set(vocabulary.subjects(SKOS.inScheme, URIRef(VOCAB + name)))
    addressed = set(vocabulary.objects(None, ASM.addresses))
    addressed |= {broader for one in addressed for broader in vocabulary.objects(one, SKOS.broader)}
    assert concepts - addressed == set()


def test_every_kind_of_theme_points_to_its_scheme(vocabulary: Graph) -> None:
    kinds = set(vocabulary.subjects(SKOS.inScheme, URIRef(VOCAB + "theme")))
    assert {str(kind).rsplit("/", 1)[1] for kind in kinds} == {"challenge", "impact", "intervention-type"}
    for kind in kinds:
        scheme = URIRef(VOCAB + str(kind).rsplit("/", 1)[1])
        assert list(vocabulary.objects(kind, RDFS.seeAlso)) == [scheme]
        assert (scheme, RDF.type, SKOS.ConceptScheme) in vocabulary
