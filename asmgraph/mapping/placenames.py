"""Names of places made comparable: accents, case, hyphens and words such as 'Province of' aside."""

from __future__ import annotations

import re
import unicodedata

_SIGNS = re.compile(r"[\W_]+")
_KINDS = "|".join(
    (
        *("arrondissement", "cercle", "chefferie", "chiefdom", "city", "commune", "county", "departamento"),
        *("departement", "department", "distrito", "district", "estado", "etat", "local government area"),
        *("municipality", "municipalite", "municipio", "prefecture", "provincial", "provincia", "province"),
        *("regional", "regiao", "region", "secteur", "sector", "state", "territoire", "territory"),
        *("ville", "zone"),
    )
)
_OF = r"(?:of|the|de|du|des|da|do|dos|das|del|la|le|les|el|d|l)"
_AROUND = re.compile(rf"^(?:(?:{_KINDS}) )*(?:{_OF} )*|(?: (?:{_KINDS}))+$")


def plain(name: str) -> str:
    """Return a name without accents, case, hyphens and signs.

    >>> plain("Sud-Kivu"), plain("  SUD  KIVU "), plain("Kéniéba"), plain("Côte d’Ivoire")
    ('sud kivu', 'sud kivu', 'kenieba', 'cote d ivoire')
    """
    folded = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return _SIGNS.sub(" ", letters).strip()


def bare(name: str) -> str:
    """Return a plain name also without the kind of unit around it and an article; all of it where nothing is left.

    >>> bare("Province du Nord Kivu"), bare("Eastern Region"), bare("Estado de Amazonas"), bare("Central Province")
    ('nord kivu', 'eastern', 'amazonas', 'central')
    >>> bare("Departamento de La Paz"), bare("La Paz"), bare("Province Orientale"), bare("Region")
    ('paz', 'paz', 'orientale', 'region')
    """
    whole = plain(name)
    return _AROUND.sub("", whole).strip() or whole
