"""The competency questions are whole, and every store gives the answer that their tables hold."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import networkx as nx
import pytest
from pyoxigraph import RdfFormat, Store
from rdflib import RDF, SH, Dataset, URIRef
from rdflib.plugins.sparql import prepareQuery

from asmgraph.analysis import Parameters, find_gaps
from asmgraph.ontology import examples, files, questions
from asmgraph.ontology.questions import Question
from asmgraph.ontology.validator import Data
from asmgraph.records import ASM, ID
from asmgraph.store.snapshots import current

QUESTIONS = questions.questions()
CODES = [f"R{n}" for n in range(1, 13)] + [f"K{n}" for n in range(13, 21)] + [f"S{n}" for n in range(21, 26)]
CARELESS = "careless.trig"


def slug(question: Question) -> str:
    return question.slug


@pytest.fixture(scope="module")
def store() -> Store:
    return questions.example()


@pytest.fixture(scope="module")
def dataset(store: Store) -> Dataset:
    """The same data in rdflib's own memory, its default graph the union of all."""
    held = Dataset(default_union=True)
    held.parse(data=(store.dump(format=RdfFormat.N_QUADS) or b"").decode(), format="nquads")
    return held


def merged(*names: str) -> Data:
    """Return example data as one graph, without those that describe it as the shapes would see them."""
    held = Store()
    for name in names:
        held.load(path=str(questions.folder() / "data" / name), format=RdfFormat.TRIG)
    lines = {" ".join(map(str, (quad.subject, quad.predicate, quad.object, "."))) for quad in held}
    graph = Data()
    graph.parse(data="\n".join(sorted(lines)), format="nt")
    for triple in files.hierarchy():
        graph.add(triple)
    for concept in files.concepts():
        graph.add((concept, RDF.type, URIRef("http://www.w3.org/2004/02/skos/core#Concept")))
    return graph


def objections(data: Data) -> set[tuple[str, str]]:
    """Return what the shapes refuse: local names of the thing and of the path. Warnings do not count."""
    found = examples.results(data, files.shapes())
    return {(files.local(node), path) for node, (severity, path) in found if severity == "Violation"}


def test_all_questions_of_the_mission_are_there_in_order() -> None:
    assert [question.code for question in QUESTIONS] == CODES
    assert [int(question.slug[:2]) for question in QUESTIONS] == list(range(1, 26))
    users = {"R": "researcher", "K": "coordinator", "S": "steward"}
    assert all(question.user == users[question.code[0]] for question in QUESTIONS)


def test_nothing_is_missing_and_the_check_agrees() -> None:
    assert list(questions.unanswered()) == []
    assert files.inventory().questions == len(QUESTIONS)
    held = {file.name for file in questions.folder().glob("[0-9]*")}
    assert held == {f"{one.slug}.{end}" for one in QUESTIONS for end in ("rq", "md", "expected.csv")}


@pytest.mark.parametrize("question", QUESTIONS, ids=slug)
def test_oxigraph_gives_the_expected_answer(question: Question, store: Store) -> None:
    answer = questions.answer(store, question.query)
    assert len(answer) > 1
    assert answer == questions.expected(question.slug)


@pytest.mark.filterwarnings("ignore:Dataset.contexts is deprecated:DeprecationWarning")  # rdflib itself
@pytest.mark.parametrize("question", QUESTIONS, ids=slug)
def test_rdflib_gives_the_expected_answer(question: Question, dataset: Dataset) -> None:
    found = dataset.query(question.query).serialize(format="json")
    assert found is not None
    assert questions.rows(found) == questions.expected(question.slug)


def test_numbers_alone_are_compared_as_numbers(store: Store) -> None:
    """Each pair is a value as a query writes it and as an expected answer must."""
    pairs = {
        '"007"': "007",
        '"1.50"': "1.50",
        '"NaN"': "NaN",
        '"1e3"@en': "1e3",
        "<https://example.org/7>": "https://example.org/7",
        "007": "7",
        "1.50": "1.5",
        "2.0e5": "200000",
        '"+40"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>': "40",
        '"NaN"^^<http://www.w3.org/2001/XMLSchema#double>': "NaN",
        '"INF"^^<http://www.w3.org/2001/XMLSchema#double>': "INF",
        '"many"^^<http://www.w3.org/2001/XMLSchema#integer>': "many",
        "UNDEF": "",
    }
    for written, text in pairs.items():
        answer = questions.answer(store, f"SELECT ?a {{ VALUES ?a {{ {written} }} }}")
        assert answer == [["a"], [text]], written


@pytest.mark.parametrize("question", QUESTIONS, ids=slug)
def test_each_explanation_names_near_misses_and_what_cannot_be_said(question: Question) -> None:
    text = question.explanation
    assert text.startswith(f"# {question.code}. {question.names['en']}\n")
    misses = text.partition("## Near misses in the example data\n")[2].partition("\n## ")[0]
    assert "\n- " in misses
    assert "## What it cannot say\n" in text


@pytest.mark.parametrize("question", QUESTIONS, ids=slug)
def test_names_come_in_the_language_asked_for(question: Question, store: Store) -> None:
    changed = question.asked("fr", dt.date(2026, 6, 30))
    assert 'VALUES ?lang { "fr" }' in changed and '"en" }  # language' not in changed
    answer = questions.answer(store, changed)
    expected = questions.expected(question.slug)
    assert len(answer) == len(expected)
    places = [row for row in answer if "Aria inventée" in row]
    assert len(places) == len([row for row in expected if "Invented Aria" in row])


def test_the_day_changes_what_is_active_and_what_ends(store: Store) -> None:
    (ending,) = (one for one in QUESTIONS if one.code == "K20")
    earlier = questions.answer(store, ending.asked("en", dt.date(2026, 6, 29)))
    assert ["Invented access agreement", "2026-06-29"] in [row[1:3] for row in earlier]
    (informal,) = (one for one in QUESTIONS if one.code == "R5")
    in_time = questions.answer(store, informal.asked("en", dt.date(2023, 5, 1)))
    assert "Invented Pond" not in [row[1] for row in in_time]


def table(code: str) -> list[dict[str, str]]:
    (question,) = (one for one in QUESTIONS if one.code == code)
    columns, *held = questions.expected(question.slug)
    return [dict(zip(columns, row, strict=True)) for row in held]


@pytest.mark.parametrize("code, column", [("R1", "searched"), ("R8", "searched"), ("K14", "tiesSearched")])
def test_a_search_for_dust_in_1990_makes_nothing_else_searched(code: str, column: str) -> None:
    assert not [row for row in table(code) if "1990" in row[column]]


def test_titles_are_shown_and_only_the_newest_statement_on_formality_counts() -> None:
    states = {row["siteName"]: (row["titleKindName"], row["titleState"]) for row in table("R5")}
    assert states == {
        "Invented Bend": ("", "none recorded"),
        "Invented Creek": ("artisanal zone", "end not stated"),
        "Invented Pond": ("exploration title", "ended"),
    }


def test_a_review_of_the_region_is_counted_apart() -> None:
    (mercury,) = (row for row in table("R1") if row["gap"] == "no review")
    assert (mercury["reviews"], mercury["widerReviews"]) == ("0", "1")


def test_a_revised_figure_is_outside_the_spread() -> None:
    (revised,) = (row for row in table("R9") if row["revised"] == "true")
    assert float(revised["value"]) < float(revised["smallest"])


def test_the_classes_of_interventions_exclude_each_other() -> None:
    shares = [row for row in table("K19") if row["table"] == "3 share" and row["kindName"] == "donor"]
    assert {row["onWhat"] for row in shares} == {"impacts alone", "challenges alone", "both"}
    assert sum(int(float(row["interventions"])) for row in shares) == 6
    assert {row["currency"] for row in table("K19") if row["table"].startswith("4")} == {"EUR", "USD"}


def test_trade_in_a_restricted_graph_and_intelligence_under_a_civil_term_are_misplaced() -> None:
    found = [(row["sensitivityName"], row["className"], row["records"]) for row in table("S24")]
    assert ("restricted", "trade link", "1") in found
    assert ("public", "site visit", "2") in found


@pytest.mark.parametrize("day", ["2010-12-31", "2016-12-31", "2024-12-31"])
def test_needs_without_intervention_are_those_of_the_analysis(starter_home: Path, day: str) -> None:
    snapshot = current(starter_home)
    (question,) = (one for one in QUESTIONS if one.code == "K15")
    found = Store.read_only(str(snapshot.store)).query(question.asked("en", dt.date.fromisoformat(day)))
    pairs = {(row["place"].value, row["wanted"].value) for row in found}  # type: ignore[union-attr]
    gaps = find_gaps(snapshot, Parameters(kind="unserved-need", as_of=day)).gaps
    assert pairs == {(gap.place, gap.theme) for gap in gaps} != set()


def test_the_example_data_conform_to_the_shapes() -> None:
    names = sorted(file.name for file in (questions.folder() / "data").glob("*.trig"))
    assert CARELESS in names
    assert objections(merged(*(name for name in names if name != CARELESS))) == set()


def test_the_careless_source_fails_for_what_it_is_there_for() -> None:
    found = objections(merged("places.trig", "field.trig", CARELESS))
    assert found == {
        ("000000000001", "publisher"),
        ("000000000001", "license"),
        ("000000000001", "retrievedAt"),
        ("000000000001", "checksum"),
        ("000000000001", "landingPage"),
        ("inv-bend", "stateService"),
        ("inv-careless", "accessed|date"),
        ("inv-rumoured", "source"),
    }


def test_no_name_in_the_example_data_is_of_somebody() -> None:
    graph = merged(*(file.name for file in (questions.folder() / "data").glob("*.trig")))
    for thing in set(graph.subjects()):
        if str(thing).startswith(ID) and not str(thing).startswith(f"{ID}indicator/"):
            named = [
                str(label)
                for label in graph.objects(
                    thing, URIRef("http://www.w3.org/2000/01/rdf-schema#label"), unique=True
                )
            ]
            assert all("nvent" in name for name in named), named


def test_brokers_are_the_cut_points_of_the_network(store: Store) -> None:
    network: nx.Graph[str] = nx.Graph()
    ties = store.query(
        f"SELECT ?a ?b {{ ?tie a <{ASM}CoordinationTie> ; <{ASM}party> ?a, ?b . FILTER(?a != ?b) }}",
        use_default_graph_as_union=True,
    )
    network.add_edges_from((str(row["a"].value), str(row["b"].value)) for row in ties)  # type: ignore[union-attr]
    found = {row[0] for row in questions.expected("16-brokers")[1:]}
    assert found == set(nx.articulation_points(network))
    assert f"{ID}actor/inv-donor" not in found and network.degree(f"{ID}actor/inv-donor") > 1


def test_the_questions_are_described_as_shacl_executables() -> None:
    graph = questions.description()
    for question in QUESTIONS:
        iri = URIRef(questions.BASE + question.slug)
        assert (iri, RDF.type, SH.SPARQLSelectExecutable) in graph
        prefixes = graph.value(iri, SH.prefixes)
        declared = {
            str(graph.value(one, SH.prefix)): str(graph.value(one, SH.namespace))
            for one in graph.objects(prefixes, SH.declare)
        }
        assert declared
        text = str(graph.value(iri, SH.select))
        bare = "\n".join(line for line in text.splitlines() if not line.startswith("PREFIX "))
        prepareQuery(bare, initNs=declared)


def test_a_question_that_is_answered_otherwise_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(questions, "expected", lambda slug: [["nothing"]])
    assert len(list(questions.unanswered())) == len(QUESTIONS)


@pytest.mark.parametrize(
    "code, near",
    [
        ("R2", "Invented Mercury Plan"),
        ("R3", "Invented North"),
        ("R4", "Invented collapse at the Hill"),
        ("R5", "Invented Delta"),
        ("R5", "Invented Hill"),
        ("R5", "Invented Terrace"),
        ("R6", "claim/inv-price-mercury"),
        ("R8", "Invented Mining Act"),
        ("R8", "Invented Women's Decree"),
        ("R10", "Invented grey note"),
        ("R12", "claim/inv-permits-up"),
        ("R12", "indicator-value/inv-mercury-earlier"),
        ("K14", "Invented University"),
        ("K14", "Invented Shelter"),
        ("K14", "Invented Boria NGO"),
        ("K15", "Invented lack of credit in the North"),
        ("K15", "Invented lack of figures in Caria"),
        ("K15", "Invented need of next year"),
        ("K16", "Invented Donor"),
        ("K16", "Invented Consultants"),
        ("K17", "Invented pit records"),
        ("K18", "Invented Cooperative"),
        ("K18", "Invented Women Miners"),
        ("K20", "Invented access agreement"),
        ("K20", "Invented loan agreement"),
        ("K19", "Invented Caria"),
        ("R10", "Invented hidden knowledge"),
        ("K18", "Invented Hidden Miners"),
        ("S23", "org/29"),
        ("S25", "Invented count of a long period"),
        ("S22", "Invented University"),
        ("S23", "Invented Relief"),
        ("S23", "Invented Donor"),
        ("S25", "Invented Caria"),
    ],
)
def test_a_near_miss_is_in_the_data_and_not_in_the_answer(code: str, near: str) -> None:
    (question,) = (one for one in QUESTIONS if one.code == code)
    answer = "\n".join(",".join(row) for row in questions.expected(question.slug))
    assert near not in answer
    data = "".join(file.read_text(encoding="utf-8") for file in (questions.folder() / "data").glob("*.trig"))
    assert near.rpartition("/")[2] in data
