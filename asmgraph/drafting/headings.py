"""What the heading or the HXL tag of a column says it is, in English, French, Spanish or Portuguese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

PEOPLE = "people"
SENSITIVE = "sensitive"

_WORDS: Mapping[str, str] = {
    PEOPLE: (
        r".*\b(contacts?|focal points?|points? focal|punto focal|ponto focal|first names?|last names?|surname|"
        r"family name|prenoms?|apellidos?|sobrenome|enqueteur|interviewer|enumerator|encuestador|phones?|telephones?|"
        r"telefonos?|telefones?|e ?mails?|courriels?|correos?|whatsapp|passports?|passeports?|cedula|"
        r"carte d identite|date of birth|date de naissance|(owner|chief|leader|miner|person|worker) names?|"
        r"nom du (chef|proprietaire|creuseur|declarant|responsable))\b.*|responsable|responsavel|tel|mobile"
    ),
    "latitude": r"lat|latitude|latitud|gps lat\w*|coord\w* y",
    "longitude": r"lon|lng|long|longitude|longitud|gps lon\w*|coord\w* x",
    "url": r"url|web ?sites?|sites? web|sitios? web|home ?page|links?|liens?|enlaces?|pagina web",
    "start": (
        r"start|starts|started|start(ing)? date|begin\w*|date (de )?debut|debut|(fecha|data) (de )?inicio|"
        r"inicio"
    ),
    "end": (
        r"end|ends|ended|end(ing)? date|closing date|date (de )?fin|fin|"
        r"(fecha|data) (de )?(fin|fim|termino)|fim|termino"
    ),
    "status": r"status|statut|etat d avancement|avancement|estado (actual|del proyecto)|situacao|situacion",
    "role": r"role|roles|rol|papel|type of involvement",
    "funder": (
        r"donors?|funders?|funding (agency|organi[sz]ation)|funded by|bailleurs?( de fonds)?|"
        r"financ(eur|ement)|donantes?|financiador\w*|doador\w*"
    ),
    "implementer": (
        r"implement\w*( \w+)?|execut(ing|ant|or|ora)( \w+)?|(agence|organisation) d execution|"
        r"mise en oeuvre|ejecutor\w*( \w+)?|organismo ejecutor"
    ),
    "partner": r"partners?|partenaires?|socios?|parceiros?|contraparte",
    "org": (
        r"organi[sz]ations?( name)?|nom de l organisation|organisme|organizacion(es)?|organizaca?o|"
        r"organizacoes|agency|agence|agencia|ngos?|ongs?|who|org|actors?|acteurs?|actores|institutions?|"
        r"institucion|instituicao"
    ),
    "title": (
        r"(project|activity|intervention|programme|program)( name| title)?|title|"
        r"(titre|nom|intitule) du projet|projet|titre|activite|proyecto|titulo( del proyecto| do projeto)?|"
        r"nombre del proyecto|actividad|projeto|atividade|nome do projeto|what"
    ),
    "description": (
        r"descriptions?|descripcion|descricao|details|objectives?|objectifs?|objetivos?|summary|resume|"
        r"resumen"
    ),
    "theme": (
        r"sectors?|secteurs?|setor(es)?|sectore?s?|themes?|thematiques?|temas?|areas? of work|domaines?|"
        r"clusters?"
    ),
    "country": r"country|countries|pays|pais|paises|country (name|code)",
    "adm1": (
        r"provinces?|provincias?|regions?|regiones|regiao|departe?ments?|departamentos?|states?|"
        r"adm(in)? ?1( name)?"
    ),
    "mineral": (
        r"minerals?|minerais?|minerales|minerios?|commodit(y|ies)|substances?|minerai exploite|mineral \d|"
        r"produit"
    ),
    "site": (
        r"(mine|mining)( site)?( name)?|site( name)?|nom du site|nom de la mine|site minier|mina|"
        r"sitio( minero)?|nombre de la mina|garimpo|carre minier"
    ),
    "id": (
        r"id|code|ref|reference|identifi\w+|codigo|uid|number|numero|no|"
        r"(project|activity|intervention|site|mine|record|org\w*) (id|code|ref|number|no)|"
        r"(code|id|identifiant|codigo|numero|ref|no?) (du |de |del |do |da |de la )?"
        r"(projet|activite|proyecto|projeto|site|mine|mina|ordre)"
    ),
    "name": r"name|names|nom|nombre|nome",
    SENSITIVE: (
        r".*\b(armed|armees?|armes?|military|militaires?|police|securite|security|seguridad|seguranca|"
        r"tax\w*|impuestos?|violence|violencia|viol\w*|prostitution|child\w*|enfants?|ninos?|criancas?|"
        r"minors?|mineurs? d age)\b.*"
    ),
}
_TAGS: Mapping[str, str] = {
    PEOPLE: r"#contact.*",
    "latitude": r"#geo.*\+lat.*",
    "longitude": r"#geo.*\+lon.*",
    "url": r"#\w+.*\+url.*",
    "start": r"#date.*\+start.*",
    "end": r"#date.*\+end.*",
    "status": r"#status.*",
    "funder": r"#org.*\+(funding|donor).*",
    "implementer": r"#org.*\+(impl|implementing).*",
    "partner": r"#org.*\+partner.*",
    "org": r"#org.*",
    "id": r"#(activity|meta).*\+(code|id).*",
    "description": r"#(activity\+description|description).*",
    "title": r"#activity.*",
    "theme": r"#(sector|subsector).*",
    "country": r"#country.*",
    "adm1": r"#adm1.*",
    "site": r"#loc.*\+(site|mine).*",
}
_COMPILED = {role: re.compile(words) for role, words in _WORDS.items()}


def folded(text: str) -> str:
    """Return a text in small letters without accents and signs, words apart by one space.

    Examples
    --------
    >>> folded("Date_de DÉBUT ")
    'date de debut'
    """
    plain = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare.casefold()).split())


def role(heading: str, tag: str | None = None) -> tuple[str | None, str]:
    """Return what a column is, if its tag or heading says so, and the reason in words.

    Examples
    --------
    >>> role("Bailleur de fonds")
    ('funder', "the heading 'Bailleur de fonds'")
    """
    if tag is not None:
        for found, pattern in _TAGS.items():
            if re.fullmatch(pattern, tag):
                return found, f"the HXL tag {tag}"
    words = folded(heading)
    for found, compiled in _COMPILED.items():
        if compiled.fullmatch(words):
            return found, f"the heading {heading!r}"
    return None, "the heading says nothing that is known"
