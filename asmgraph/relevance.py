"""Judge from its words whether an activity bears on artisanal and small-scale mining (ASM).

Enters: the texts of an activity (title and description, in English, French, Spanish or Portuguese) and its
sectors. Leaves: a level with the words that led to it, quoted as they stand in the text.

The rule, in this order:

1. *certain*: the text itself says artisanal or small-scale mining, or one of its own words (orpaillage,
   creuseurs, galamsey, barequeros, garimpo ...). "Artisanal" or "small-scale" must belong to the mining word,
   so that crafts, artisanal fishing, pit-sawing and small-scale irrigation stay out.
2. *unrelated*: the text speaks of mine action (demining, landmines, explosive remnants), whatever its sector.
   "Artisanal mines" beside such words are home-made bombs.
3. *probable*: the text says mining or minerals and, beside it, what in mining commonly concerns ASM:
   traceability, certification, conflict minerals, mining communities, child labour ... (``_BEARING``). Mining
   policy, law, geology and companies alone are not enough. Of these words only traceability, and "artisanal
   exploitation" without its object, are narrow enough for a mineral sector to stand in for the mining word.
4. *unrelated*: everything else. A sector alone never suffices: no code says ASM, and in real data farmers'
   unions and mine clearance are coded as mining.

Case, accents, hyphens and line breaks do not matter; words are whole words; a sentence's end parts words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Level = Literal["certain", "probable", "unrelated"]

_METAL_EN = (
    r"gold|diamonds?|gem ?stones?|sapphires?|cobalt|coltan|cassiterite|tantalum|tungsten|copper|3ts?"
    r"|minerals?|ores?"
)
_METAL_FR = (
    r"(?:l|d|en) or|diamants?|gemmes|pierres precieuses|cobalt|coltan|cassiterite|etain|tantale|tungstene"
    r"|cuivre|3t|minerais?|mineraux|substances minerales"
)
_METAL_ES = (
    r"oro|ouro|diamantes?|esmeraldas?|coltan|cobre|estanho|cassiterita|minerales?|minerios?|pedras preciosas"
)
_MINERS_EN = r"(?:mining|miners?|mineworkers?|mined)"
_MINERS_FR = r"mini(?:er|ere)s?"
_MINERS_ES = (
    r"(?:(?<!queijo )(?<!queijos )"
    r"(?:mineri[ao]s?|miner[ao]s?|mineir[ao]s?|mineracao|mineracoes|minerador(?:as?|es)?))"
)
_CRAFT_FR = r"artisana(?:le?s?|ux)"
_CRAFT_ES = r"artesana(?:l|les|is)"
_SMALL_FR = r"(?:a|de) petite echelle"
_SMALL_ES = r"(?:a|de|en|em) (?:pequena|menor) escala"

_OWN_WORDS = (
    # English
    r"(?:artisanal(?:ly)?|small scale)"
    r"(?:[,/]? ?\b(?:and|or|small|scale|medium|artisanal|semi|mechani[sz]ed|informal|illegal|women"
    rf"|{_METAL_EN})){{0,8}}? {_MINERS_EN}",
    rf"{_MINERS_EN} (?:on a|at) small scale",
    rf"artisanal(?:ly)?(?: (?:and|or|small|scale|mined))*? (?:{_METAL_EN})"
    r"(?! (?:jewel|smith|craft|ware|water))",
    r"(?:gold|diamond) (?:pann(?:ing|ers?)|diggers?)|artisanal diggers?",
    r"galamsey(?:ers?)?|zama zamas?|planetgold",
    # French
    r"orpail(?:lages?|leu(?:r|se)s?)",
    r"creuseu(?:r|se)s?(?! (?:de|des|d) (?:puits|forages?|latrines?|tombes?|canaux|fosses?))",
    rf"{_MINERS_FR}(?: (?:(?:non |semi )?industriel(?:le)?s?(?: et)?|informel(?:le)?s?|de type))*"
    rf" (?:{_CRAFT_FR}|{_SMALL_FR})",
    rf"(?:{_METAL_FR})(?: (?:de production|d origine|de type))? {_CRAFT_FR}",
    r"or (?:de production|d origine) artisanale",
    r"or artisanal(?= (?:de|du|des|au|en|et|dans|responsable)\b)",
    rf"{_CRAFT_FR}(?: et (?:{_SMALL_FR}|semi industriel(?:le)?s?))?(?: (?:de|du|des|d|en|la|le|les|l))+"
    rf" (?:mines|sites miniers|or|{_METAL_FR})",
    rf"artisans? (?:miniers?|mineurs?|creuseurs?)|mineurs? {_CRAFT_FR}",
    rf"petite?s? (?:exploitations?|exploitants?) {_MINERS_FR}",
    r"sa(?:esscam|emape)",
    # Spanish and Portuguese
    rf"{_MINERS_ES}(?: (?:aurifer[ao]s?|de (?:oro|ouro|diamantes)|informal(?:es)?|tradicional(?:es)?|ilegal"
    r"|y|e|o|ou|peruan[ao]s?|colombian[ao]s?))*?"
    rf" (?:{_CRAFT_ES}|{_SMALL_ES}|ancestra(?:l|les|is)|de subsistencia)",
    rf"pequen[ao]s? (?:y median[ao]s? |e medi[ao]s? )?{_MINERS_ES}",
    rf"(?:explotacion|extraccion|produccion|extracao|exploracao|producao) {_CRAFT_ES}"
    rf" (?:de|del|do|da|dos)(?: la| los)? (?:{_METAL_ES})",
    rf"(?:{_METAL_ES}) {_CRAFT_ES}",
    r"bareque(?:ros?|ras?|o)|pallaquer[ao]s?",
    r"garimp(?:os?|agem|agens|eir[ao]s?|ar)",
)
"""Say ASM whatever else the text says."""

_OWN_WORDS_OR_BOMBS = (
    r"(?:artisanal|small scale) mines?|small mines",
    rf"mines? (?:{_CRAFT_FR}|{_SMALL_FR})|petites? mines?",
    rf"mina artesanal|minas artesana(?:les|is)|minas? {_SMALL_ES}|pequenas minas",
)
"""Say ASM unless the text is about explosive mines."""

_ACRONYMS = re.compile(r"\b(?:ASGM|EMAPE)\b")
"""In capitals only: artisanal and small-scale (gold) mining and its French form."""

_LOOSE_ACRONYMS = re.compile(r"\b(?:ASM|MAPE)\b")
"""Stand for other things too (a ministry of agriculture and fisheries is MAPE): not without a mining word,
one of ``_BEARING`` or a mineral sector."""

_BARE_ARTISANAL = (
    rf"(?:exploitations?|exploitants?|extractions?) {_CRAFT_FR}"
    r"(?! (?:\w+ ){0,4}?"
    r"(?:bois|forets?|forestier\w*|grumes?|peches?|halieutique\w*|sel|sable|poissons?|miel)\b)",
)

_MINE_ACTION = (
    r"demin(?:ing|ers?|age|eurs?|er)|land ?mines?",
    r"mines? (?:action|clearance|risks?|awareness|victims?|survivors?|advisory|contamination|detection|ban)",
    r"anti ?(?:personnels?|personas?|personal|pessoa(?:l|is)|tank)",
    r"unexploded|uxos?|cluster munitions?|explosive (?:remnants|ordnance|hazards?|devices?)",
    r"(?:action|lutte|education|sensibilisation)"
    r" (?:anti|anti |contre (?:les )?|des |aux (?:dangers? |risques? )?(?:des )?)mines",
    r"risques? (?:de|des|lies aux|dus aux) mines",
    r"(?:destruction|victimes|enlevement|neutralisation) (?:de|des) mines",
    r"engins? explosifs?|restes explosifs|munitions non explosees",
    r"desminado|desminagem|minas (?:terrestres|explosivas)",
    r"ac(?:cion|cao|ao) (?:integral |humanitaria )?contra (?:las |as )?minas|victimas de minas",
    r"artefactos explosivos|engenhos explosivos|municiones sin explotar|vitimas de minas",
)

_MINING = (
    r"mining|miners?|mines?|3ts?|gold(?! standard)|diamonds?|coltan|cassiterite|cobalt|tantalum|tungsten",
    r"minerals?(?<!vitamins and minerals)(?! (?:water|fertili|oil|supplement|nutri|feed))",
    r"mini(?:er|ere)s?|(?<!vitamines et )(?<!engrais )(?<!sels )mineraux|minerais?|diamants?|(?:d|l) or",
    r"mineri[ao]s?|miner[ao]s?|(?<!fertilizantes )minerales|minas?(?! gerais)|oro|diamantes",
    r"mineracao|mineradores|minerios?|ouro",
)
"""The text is about mining or minerals; counts only beside one of ``_BEARING``."""

_BEARING: dict[str, tuple[str, ...]] = {
    "traceability": (r"tracabilite|traceability|traceable|trazabilidad|rastreabilidade",),
    "due diligence": (
        r"due diligence|devoir de diligence|diligence raisonnable|(?:debida|devida) diligencia",
    ),
    "certification": (r"certifi(?:cations?|ed|es?|er|cacion|cacao|cad[ao])",),
    "conflict minerals": (
        r"(?:conflict|blood) (?:minerals?|diamonds?|gold)",
        r"(?:minerais?|mineraux|diamants?|or) (?:de|du|des) (?:conflits?|sang)",
        r"minerales (?:de|en|del) conflictos?|(?:minerais|minerios) de conflitos?|diamantes de sangr?e",
    ),
    "Kimberley Process": (r"kimberley",),
    "mercury": (r"mercure|mercury|mercurio|minamata",),
    "child labour": (
        r"child(?:ren s)? labou?r|child miners?|children in (?:the )?mines",
        r"(?:travail|travaux) (?:des |d |de )?enfants?|enfants? dans les (?:mines|sites miniers)",
        r"trabajo infantil|trabalho infantil",
    ),
    "decent work": (
        r"decent work|labou?r rights|(?:working|labou?r) conditions|travail decent|conditions? de travail",
        r"trabajo decente|trabalho decente|condiciones de trabajo|condicoes de trabalho",
    ),
    "formalisation": (r"formali[sz](?:ation|ing|e|er|acion|acao)",),
    "informal or illegal mining": (
        r"(?:informal|illegal|illicit)(?: gold| diamond)? (?:mining|miners|trade|exploitation)",
        r"illegale?s?|illicites?|informel(?:le)?s?",
        r"(?:mineri[ao]|miner[ao]s|mineracao) (?:informa(?:l|les|is)|ilega(?:l|les|is))",
    ),
    "mineral trading centres": (
        r"mineral trading (?:cent(?:re|er)s?|counters?)|(?:centres?|comptoirs?) de negoce",
    ),
    "mining communities": (r"mining communit(?:y|ies)|communautes minieres|comunidades min(?:er|eir)as",),
    "miners' cooperatives": (
        r"(?:mining|miners) co ?operatives?|cooperatives? (?:minieres?|de mineurs|d exploitants)",
        r"cooperativas? (?:miner|mineir)as?|cooperativas? de (?:mineros|mineiros)",
    ),
    "women in mining": (
        r"women (?:in mining|miners)|femmes (?:dans les mines|dans le secteur minier|minieres)",
        r"mujeres (?:mineras|en la mineria)|mulheres (?:na mineracao|mineradoras)",
    ),
    "observatory of mining": (r"observatoires?|observator(?:y|ies|ios?)",),
    "responsible mining": (
        r"responsible (?:sourcing|mining|gold|minerals?)|fairmined|oro (?:responsable|justo)",
        r"(?:approvisionnement|exploitation|extraction) responsable",
        r"mineria responsable|mineracao responsavel",
    ),
    "peace in mining areas": (
        r"peace ?building|armed groups|demilitari[sz]ation|consolidation de la paix|groupes armes",
        r"consolidacion de la paz|grupos armados",
    ),
    "alluvial mining": (r"alluvial (?:gold|diamonds?|mining)|mineria aluvial",),
}
"""What in mining commonly concerns ASM."""

_NARROW = "traceability"
_THEMES = {
    "certification": "certification",
    "child-labour": "child labour",
    "conflict-minerals": "conflict minerals",
    "formalisation": "formalisation",
    "mercury": "mercury",
    "traceability": "traceability",
}
"""Slugs of the scheme ``intervention-type`` whose words in ``_BEARING`` name them outright."""

_MINERAL_SECTORS = {"1": re.compile(r"322(?!6[23])\d\d"), "2": re.compile("322")}
"""DAC codes of mineral resources and mining, by IATI vocabulary; 32262 and 32263 are oil and gas."""


@dataclass(frozen=True)
class Relevance:
    """How surely an activity bears on ASM, and the words that say so."""

    level: Level
    reasons: tuple[str, ...]


def judge(texts: Sequence[str], sectors: Sequence[tuple[str, str]] = ()) -> Relevance:
    """Judge an activity by its ``texts`` and its ``sectors``, pairs of IATI vocabulary and code.

    Examples
    --------
    >>> judge(["Appui aux creuseurs de Kolwezi"])
    Relevance(level='certain', reasons=("artisanal or small-scale mining: 'creuseurs'",))
    >>> judge(["Mine clearance in Katanga"], [("2", "322")]).level
    'unrelated'
    """
    folded = [_Folded(text) for text in texts]
    action, mining, exploited = (_quotes(folded, pattern) for pattern in (_ACTION, _CONTEXT, _EXPLOITED))
    bearing = {name: quotes for name, pattern in _BEARINGS.items() if (quotes := _quotes(folded, pattern))}
    mineral = sorted({code for vocabulary, code in sectors if _is_mineral(vocabulary, code)})
    coded = [f"sector: {code} (mineral resources and mining)" for code in mineral]
    own = [*_quotes(folded, _OWN), *(found for text in texts for found in _ACRONYMS.findall(text))]
    if mining or bearing or mineral:
        own += [found for text in texts for found in _LOOSE_ACRONYMS.findall(text)]
    if not action:
        own += _quotes(folded, _AMBIGUOUS)
    if own:
        return Relevance("certain", (_said("artisanal or small-scale mining", dict.fromkeys(own)), *coded))
    if action:
        return Relevance("unrelated", (_said("mine action", action),))
    if exploited:
        level: Level = "certain" if mining else "probable"
        return Relevance(level, (_said("artisanal exploitation", exploited), *coded))
    if bearing and (mining or (mineral and _NARROW in bearing)):
        said = [_said(name, quotes) for name, quotes in bearing.items()]
        said += [_said("mining", mining)] if mining else []
        return Relevance("probable", (*said, *coded))
    return Relevance("unrelated", (_said("mining alone", mining),) if mining else ())


def themes(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the intervention types that the texts name outright, as sorted slugs."""
    folded = [_Folded(text) for text in texts]
    return tuple(slug for slug, name in _THEMES.items() if _quotes(folded, _BEARINGS[name]))


class _Folded:
    """A text without case, accents and hyphens that still knows where each sign stood."""

    def __init__(self, text: str) -> None:
        self.original = text
        signs: list[str] = []
        self.places: list[int] = []
        for place, sign in enumerate(text):
            for part in unicodedata.normalize("NFKD", sign).casefold():
                if unicodedata.combining(part):
                    continue
                plain = part if part.isalnum() else part if part in ".;:!?|/," else " "
                if plain == " " and signs and signs[-1] == " ":
                    continue
                signs.append(plain)
                self.places.append(place)
        self.text = "".join(signs)

    def quotes(self, pattern: re.Pattern[str]) -> Iterable[str]:
        for found in pattern.finditer(self.text):
            start, end = self.places[found.start()], self.places[found.end() - 1] + 1
            yield " ".join(self.original[start:end].split())


def _quotes(texts: Iterable[_Folded], pattern: re.Pattern[str]) -> list[str]:
    """Return the distinct words found, in the order of the texts."""
    return list(dict.fromkeys(quote for text in texts for quote in text.quotes(pattern)))


def _said(what: str, quotes: Iterable[str]) -> str:
    return f"{what}: " + ", ".join(f"'{quote}'" for quote in quotes)


def _is_mineral(vocabulary: str, code: str) -> bool:
    pattern = _MINERAL_SECTORS.get(vocabulary)
    return pattern is not None and pattern.fullmatch(code) is not None


def _compiled(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(f'(?:{pattern})' for pattern in patterns)})\b")


_OWN = _compiled(_OWN_WORDS)
_AMBIGUOUS = _compiled(_OWN_WORDS_OR_BOMBS)
_EXPLOITED = _compiled(_BARE_ARTISANAL)
_ACTION = _compiled(_MINE_ACTION)
_CONTEXT = _compiled(_MINING)
_BEARINGS = {name: _compiled(patterns) for name, patterns in _BEARING.items()}
