"""What counts as artisanal and small-scale mining, what looks like it, and what does not."""

from __future__ import annotations

import csv
import doctest
from pathlib import Path

import pytest
from lxml import etree

from asmgraph import relevance
from asmgraph.relevance import judge, themes

LABELS = Path(__file__).parent / "relevance_labels.csv"
MINERALS = [("2", "322")]


def labels() -> dict[str, dict[str, str]]:
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["activity_id"]: row for row in rows}


@pytest.mark.parametrize(
    "text",
    [
        "Artisanal and small-scale gold mining",
        "ARTISANAL & SMALL SCALE MINING",
        "Artisanal, small-scale and medium mining",
        "artisanal/small-scale miners",
        "Women in small-scale\nmining",
        "Artisanal cobalt supply chains",
        "Galamsey in Ghana",
        "ASM formalisation support",
        "ASGM national action plan",
        "Orpaillage au Burkina Faso",
        "Femmes orpailleuses",
        "Creuseurs artisanaux de Kolwezi",
        "Exploitants miniers artisanaux",
        "Exploitation artisanale de l’or",
        "Exploitation artisanale et à petite échelle des diamants",
        "EXPLOITATION MINIÈRE ARTISANALE",
        "L'exploitation minière à petite échelle",
        "Mines artisanales de cobalt",
        "Petite mine et carrières",
        "Or artisanal responsable",
        "Construction des bureaux du SAESSCAM",
        "Exploitants artisanaux des zones minières",
        "Formalización de la minería artesanal y de pequeña escala en el Perú",
        "Minería de oro a pequeña escala",
        "Pequeña minería aurífera sin mercurio",
        "Mineros artesanales de Madre de Dios",
        "Apoyo a las barequeras del Chocó",
        "Apoio aos garimpeiros do Tapajós",
        "Regularização do garimpo",
        "Mineração artesanal de ouro em Moçambique",
        "Mineração em pequena escala",
        "Extração artesanal de diamantes",
        "Mineradores artesanais de Nampula",
    ],
)
def test_a_text_that_says_it_is_certain(text: str) -> None:
    assert judge([text]).level == "certain"


@pytest.mark.parametrize(
    "text",
    [
        "Traçabilité des minerais",
        "Conflict minerals in the Great Lakes region",
        "Certification des minerais",
        "Mining communities in Lualaba",
        "Lutte contre le travail des enfants dans les mines",
        "Kimberley Process and alluvial diamonds",
        "Illegal mining in Madre de Dios",
        "Trazabilidad del oro",
        "Comunidades mineras",
        "Cadeia do ouro: rastreabilidade",
        "Appui à l'exploitation artisanale",
    ],
)
def test_mining_that_commonly_concerns_it_is_probable(text: str) -> None:
    assert judge([text]).level == "probable"


@pytest.mark.parametrize(
    "text",
    [
        "Artisanat et petites entreprises",
        "Appui au développement artisanal de Butembo",
        "Secteurs minier, artisanal et agricole",
        "Pêche artisanale",
        "Pêche artisanale et mines",
        "Industrial or artisanal fishing",
        "Artisanal fisheries and mining concessions",
        "Pesca artesanal",
        "Queijo Minas Artesanal de Minas Gerais",
        "Queijos mineiros artesanais certificados",
        "Exploitation artisanale du bois d'œuvre",
        "Small scale irrigation",
        "Creuseurs de puits",
        "Terminer le cycle de violence",
        "To determine vitamine needs and their certification",
        "Vitamins and minerals with certification",
        "Certification of mineral water",
        "Gold Standard certified cookstoves",
        "Unité MAPE du Ministère de l'Agriculture, Pêche et Élevage",
        "Traceability of coffee",
        "Administration minière",
        "Vulgarisation du code minier",
        "Appui aux petits mineurs non accompagnés",
    ],
)
def test_a_false_friend_is_unrelated(text: str) -> None:
    assert judge([text]).level == "unrelated"


@pytest.mark.parametrize(
    "text",
    [
        "Katanga province mine clearance project",
        "Mine Action 2008-2009",
        "Humanitarian demining of mining communities",
        "Landmine victims in mining areas and armed groups",
        "Déminage des mines artisanales posées le long des routes",
        "Projet de réponse aux risques de mines",
        "Surveillance générale de l’action des mines",
        "Lutte anti-mines et traçabilité",
        "Desminado de minas antipersona artesanales",
        "Programa de acción humanitaria contra las minas",
        "Desminagem",
    ],
)
def test_mine_action_is_unrelated_whatever_its_sector(text: str) -> None:
    found = judge([text], MINERALS)
    assert found.level == "unrelated"
    assert found.reasons[0].startswith("mine action: ")


def test_artisanal_mining_beside_mine_action_stays_certain() -> None:
    assert judge(["Demining, then support to artisanal miners"]).level == "certain"


def test_a_sector_alone_is_not_enough() -> None:
    assert judge(["Renforcement des organisations paysannes"], MINERALS).level == "unrelated"
    assert judge(["Decent work"], [("1", "32210")]).level == "unrelated"


def test_a_sector_stands_in_for_the_mining_word_of_traceability() -> None:
    assert judge(["Renforcer le système de traçabilité"]).level == "unrelated"
    assert judge(["Renforcer le système de traçabilité"], [("2", "313")]).level == "unrelated"
    assert judge(["Renforcer le système de traçabilité"], MINERALS).level == "probable"


@pytest.mark.parametrize(
    "sector", [("1", "32262"), ("1", "32263"), ("99", "322"), ("2", "32210"), ("1", "3221"), ("1", "322x0")]
)
def test_a_sector_that_is_not_mineral_adds_no_reason(sector: tuple[str, str]) -> None:
    assert len(judge(["Creuseurs"], [sector]).reasons) == 1


def test_reasons_quote_the_words_as_written() -> None:
    found = judge(["Les mines\n  ARTISANALES et la petite mine"], [("1", "32210")])
    assert found.reasons == (
        "artisanal or small-scale mining: 'mines ARTISANALES', 'petite mine'",
        "sector: 32210 (mineral resources and mining)",
    )


def test_accents_written_apart_are_the_same_word() -> None:
    assert judge(["exploitation minie\u0300re artisanale"]).level == "certain"


def test_words_in_two_texts_or_sentences_do_not_join() -> None:
    assert judge(["Appui artisanal.", "Mines de cuivre"]).level == "unrelated"
    assert judge(["Secteur des mines. Artisanales aussi les pêches"]).level == "unrelated"


def test_a_long_hostile_text_is_judged() -> None:
    assert judge(["small scale " * 50_000]).level == "unrelated"


def test_themes_are_what_the_words_name_outright() -> None:
    assert themes(["Traçabilité, certification et mercure"]) == ("certification", "mercury", "traceability")
    assert themes(["Travail des enfants dans les mines"]) == ("child-labour",)
    assert themes(["Minerais de conflit: formalisation"]) == ("conflict-minerals", "formalisation")
    assert themes(["Mines artisanales"]) == ()


def test_the_examples_in_the_documentation_hold() -> None:
    assert doctest.testmod(relevance).failed == 0


@pytest.mark.external
def test_the_judgement_is_that_of_a_reader(external_data: Path) -> None:
    file = external_data / "aiddata-drc-aims" / "iati_2.03_DRC-AIMS.xml"
    wrong, seen = {}, set()
    for activity in etree.parse(str(file)).getroot():
        number = (activity.findtext("iati-identifier") or "").split("-")[-1]
        title = activity.findtext("title/narrative") or ""
        row = labels().get(number) if number not in seen else None
        if row is None:
            continue
        seen.add(number)
        assert row["title"] == title
        sectors = [(s.get("vocabulary") or "1", s.get("code") or "") for s in activity.iterfind("sector")]
        found = judge([title], sectors)
        if found.level != row["label"]:
            wrong[title] = found
    assert wrong == {}
    assert seen == set(labels())
