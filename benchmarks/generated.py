"""Made-up input in the form of the real files, the same for the same seed: visits to mine sites, IATI activities.

The columns, how often each is filled, how many distinct texts it has and how many visits a site gets are those of the
IPIS release of 2021; the texts are invented.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

import yaml

from asmgraph import resources

VISITS_A_SITE = 1.72
_SOURCES = ("IPIS - Ministère des Mines", "IPIS", "BGR", "Third-party")
_MINERALS = (
    ("Or",) * 43 + ("Cassitérite",) * 38 + ("Coltan",) * 11 + ("Cuivre",) * 3 + ("Wolframite", "Diamant")
)
_ORIGINS = (
    ("GPS",) * 93 + ("Approximation",) * 4 + ("GPS (Approximation)", "GPS (village)", "GPS (village Kati)")
)
_ARMED = (
    *("FARDC - Éléments indisciplinés",) * 42,
    *("Groupe armé local",) * 25,
    *("FARDC - Pas d’ingérence constatée",) * 18,
    *("FARDC - Pas de données sur les ingérences",) * 7,
    *("Groupe armé étranger",) * 5,
)
_SERVICES = (
    *("SAESSCAM", "Division des mines", "iTSCi (via SAESSCAM)") * 8,
    *("Police des Mines", "Chefferie", "Anti-fraude", "DGRMA", "Service inconnu"),
)
_FREQUENCIES = ("Permanente", "Une fois par mois", "Une fois par semaine", "Quotidien", "Occasionnelle")
_WORK = ("Transporter, laver, vendre", "Vendre", "Concasser, laver", "Tâches ménagères, vendre")
_SIGNS = ("taxation", "commerce_taxation", "entrance_taxation", "monopoly", "buying_minerals", "digging",
          "forced_labour", "pillaging")  # fmt: skip
_SIGNS_FILLED = (
    (0.309, 0.105, 0.105, 0.322, 0.322, 0.322, 0.304, 0.181),
    (0.061, 0.03, 0.03, 0.061, 0.061, 0.061, 0.061, 0.039),
)


def write_visits(file: Path, rows: int, seed: int = 1) -> None:
    """Write ``rows`` visits as the source ``ipis`` is released."""
    described = yaml.safe_load((resources.catalogue() / "ipis" / "source.yml").read_text(encoding="utf-8"))
    columns = list(described["tables"]["visits"]["columns"])
    provinces = [name for name in described["lookups"]["province"] if name != "Katanga"]
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, columns, restval="")
        writer.writeheader()
        writer.writerows(_visits(rows, provinces, random.Random(seed)))


def _visits(rows: int, provinces: list[str], chance: random.Random) -> Iterator[dict[str, object]]:
    sites = [_site(number, provinces, chance) for number in range(1, max(2, round(rows / VISITS_A_SITE)))]
    for number in range(1, rows + 1):
        site = sites[number - 1] if number <= len(sites) else chance.choice(sites)
        yield _visit(number, site, chance)


def _site(number: int, provinces: list[str], chance: random.Random) -> dict[str, object]:
    longitude, latitude = f"{chance.uniform(25, 31):.6f}", f"{chance.uniform(-9, 4):.6f}"
    territory = chance.randrange(40)
    return {
        "pcode": f"codmine{number:05}",
        "name": f"Carrière {number} (Kasika {number % 997})",
        "geom": f"POINT ({longitude} {latitude})",
        "longitude": longitude,
        "latitude": latitude,
        "location_origin": chance.choice(_ORIGINS),
        "province": provinces[territory % len(provinces)],
        "province_old": provinces[territory % len(provinces)],
        "territoire": f"Territoire {territory}",
        **_filled(chance, "collectivite", 0.947, f"Collectivité {chance.randrange(110)}"),
        **_filled(chance, "groupement", 0.841, f"Groupement {chance.randrange(330)}"),
        **_filled(chance, "village", 0.851, f"Village {chance.randrange(1072)}"),
    }


def _visit(number: int, site: dict[str, object], chance: random.Random) -> dict[str, object]:
    on_site = chance.random() < 0.84
    armed = chance.random()
    row = {
        "FID": f"release.fid-{number:x}",
        "vid": number,
        "cid": number,
        "id": number % 905,
        "source": chance.choice(_SOURCES),
        "project": f"Projet {chance.randrange(14)}",
        **site,
        "visit_date": f"20{chance.randrange(9, 21):02}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
        "visit_onsite": int(on_site),
        "is_3t_mine": chance.randrange(2),
        "is_gold_mine": chance.randrange(2),
        **_filled(chance, "workers_numb", 0.757, chance.randrange(343)),
        **_filled(chance, "mineral1", 0.998, chance.choice(_MINERALS)),
        **_filled(chance, "mineral2", 0.144, chance.choice(_MINERALS)),
        **_filled(chance, "mineral3", 0.009, chance.choice(_MINERALS)),
        **_filled(chance, "selling_points_mineral1", 0.571, f"Centre {chance.randrange(588)}"),
        **_filled(chance, "final_destination_mineral1", 0.597, f"Ville {chance.randrange(115)}"),
        **_filled(chance, "mercury", 0.202, int(chance.random() < 0.2)),
        **_filled(chance, "interference", 0.755, int(chance.random() < 0.34)),
        **_filled(chance, "itsci", 0.221, "Actif"),
        **_filled(chance, "traceability", 0.224, "iTSCI"),
        **_filled(chance, "qualification", 0.155, chance.choice(("Vert",) * 9 + ("Jaune",))),
        **_filled(chance, "childunder15", 0.3, int(chance.random() < 0.14)),
        **_filled(chance, "childunder15work", 0.031, chance.choice(_WORK)),
        **_filled(chance, "women", 0.295, int(chance.random() < 0.38)),
        **_filled(chance, "womenwork", 0.11, chance.choice(_WORK)),
    }
    if not on_site:
        row["visit_onsite_novisitreason"] = "Insécurité"
    if armed < 0.849:
        row |= {"presence": int(armed < 0.342), "type_armed_group1": "0", "type_armed_group2": "0"}
    for group, least in ((1, 0.342), (2, 0.067)):
        if armed < least:
            row |= _armed(group, chance)
    for place, share in enumerate((0.474, 0.331, 0.165, 0.064), start=1):
        row |= _filled(chance, f"state_service{place}", share, chance.choice(_SERVICES))
    return row


def _armed(group: int, chance: random.Random) -> dict[str, object]:
    found: dict[str, object] = {
        f"armed_group{group}": f"Groupe {chance.randrange(35)}",
        f"type_armed_group{group}": chance.choice(_ARMED),
        **_filled(chance, f"frequency_armed_group{group}", 0.85, chance.choice(_FREQUENCIES)),
    }
    for sign, share in zip(_SIGNS, _SIGNS_FILLED[group - 1], strict=True):
        whole = 0.342 if group == 1 else 0.067
        found |= _filled(chance, f"{sign}_armed_group{group}", share / whole, int(chance.random() < 0.2))
    return found


def _filled(chance: random.Random, name: str, share: float, value: object) -> dict[str, object]:
    return {name: value} if chance.random() < share else {}


def write_activities(file: Path, activities: int, seed: int = 1) -> None:
    """Write ``activities`` in the form of a country's register of aid in IATI 2.03: two or three locations each."""
    chance = random.Random(seed)
    with file.open("w", encoding="utf-8") as target:
        target.write('<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">\n')
        for number in range(1, activities + 1):
            target.write(_activity(number, chance))
        target.write("</iati-activities>\n")


def _activity(number: int, chance: random.Random) -> str:
    year, donor = chance.randrange(1999, 2014), chance.randrange(180)
    locations = "".join(
        f'<location><location-id vocabulary="G1" code="{200000 + chance.randrange(3000)}"/>'
        f"<name><narrative>Localité {chance.randrange(3000)}</narrative></name>"
        f"<point><pos>{chance.uniform(-9, 4):.5f} {chance.uniform(16, 31):.5f}</pos></point>"
        f'<exactness code="{chance.choice("12")}"/></location>'
        for _ in range(chance.choice((0, 1, 2, 3, 6)))
    )
    transactions = "".join(
        f'<transaction><transaction-type code="2"/><transaction-date iso-date="{year + part}-01-01"/>'
        f'<value currency="USD" value-date="{year + part}-01-01">{chance.randrange(1000, 10**7)}</value></transaction>'
        for part in range(chance.choice((1, 1, 1, 2)))
    )
    subject = chance.choice(("minière artisanale", "agricole", "de santé", "routière"))
    return (
        f'<iati-activity default-currency="USD" xml:lang="en"><iati-identifier>XX-REG-{number}</iati-identifier>'
        '<reporting-org ref="XX-REG-0" type="80"><narrative>Register of aid</narrative></reporting-org>'
        f"<title><narrative>Appui à la filière {subject} n° {number}</narrative></title>"
        f"<description><narrative>Projet d'appui à la filière {subject}, phase {number % 7}</narrative></description>"
        f'<participating-org role="1" type="10"><narrative>Bailleur {donor}</narrative></participating-org>'
        f'<participating-org role="4" type="22"><narrative>Agence {number % 900}</narrative></participating-org>'
        f'<activity-status code="{chance.choice("234")}"/>'
        f'<activity-date type="2" iso-date="{year}-0{chance.randrange(1, 10)}-01"/>'
        f'<activity-date type="4" iso-date="{year + 3}-12-31"/>'
        f'<recipient-country code="CD"/><sector vocabulary="1" code="{chance.choice((32220, 31120, 12220, 21020))}"/>'
        f"{locations}{transactions}</iati-activity>\n"
    )
