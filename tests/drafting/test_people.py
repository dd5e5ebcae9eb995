"""Persons and what can put them at risk do not get out of a draft, even where it is ingested as public at once."""

from __future__ import annotations

import pytest

from tests.drafting.conftest import Steward, read_as

MINERS = (
    "Nom,Sexe,Date de naissance,Province,Minerai,Téléphone\n"
    "Nom Un,M,1980-01-02,Sud-Kivu,or,0991234567\nNom Deux,F,1985-05-06,Sud-Kivu,or,0991234568\n"
)
KEPT_BACK = {
    "a focal point under the tag of an organisation": (
        "Project,Focal point\n#activity,#org+focal\nProject One,Nom Un\nProject Two,Nom Deux\n",
        "nom-un",
    ),
    "armed groups under the tag of an activity": (
        "Donor,Armed groups present\n#org+funding,#activity\nFund A,Group One\nFund B,Group Two\n",
        "group-one",
    ),
    "armed groups described": (
        "Project,Donor,Description of armed groups\nProject One,Fund,Group One\nProject Two,Fund,none\n",
        "group one",
    ),
    "a card of identity": (
        "National ID,Organisation,Province\n1-99-123,Aid A,Ituri\n1-99-124,Aid B,Ituri\n",
        "1-99-123",
    ),
    "miners": (MINERS, "nom-un"),
    "miners by their number": (MINERS.replace("Nom,", "Code,").replace("Nom ", "M-"), "m-un"),
    "owners": (
        "Owner,Kind,lat,lon,Mineral\nNomUn,Mine,1.5,30.25,gold\nNomDeux,Mine,2.5,30.5,gold\n",
        "nomun",
    ),
    "numbers to dial": ("Mobile No,Project,Donor\n71234,Project One,F\n71235,Project Two,F\n", "71234"),
}


@pytest.mark.parametrize("kind", KEPT_BACK)
def test_what_leads_to_persons_or_endangers_them_is_not_public(kind: str, steward: Steward) -> None:
    content, secret = KEPT_BACK[kind]
    told = steward.publishes(content).casefold()
    assert secret not in told
    assert secret.replace("-", " ") not in told


def test_what_is_harmless_beside_them_is_public(steward: Steward) -> None:
    told = steward.publishes("Project,Donor,Child labour\nProject One,Fund,seen\nProject Two,Fund,no\n")
    assert '"Project One"' in told
    assert '"seen"' not in told


def test_a_table_that_may_be_of_persons_is_said_aloud(steward: Steward) -> None:
    made = steward.drafts(MINERS)
    assert read_as(made)["Nom"] == "site, confidential"
    assert any(
        told.startswith(
            "LOOK: the rows may be persons, as they have Sexe, Date de naissance, Téléphone. So Nom is"
        )
        for told in made.decisions
    )


def test_what_puts_people_at_risk_is_said(steward: Steward) -> None:
    made = steward.drafts(
        "Project,Donor,Military presence\n#activity,#org+funding,#status\nOne,F,yes\nTwo,F,no\n"
    )
    assert read_as(made)["Military presence"] == "not mapped, confidential"
    assert any(told.startswith("Military presence: confidential, for the heading") for told in made.decisions)


@pytest.mark.parametrize(
    "heading",
    ["Code,Project title", "Code,Organisation", "Code,Site"],
    ids=["activities", "organisations", "sites"],
)
def test_a_contact_beside_things_that_are_said_to_be_none_makes_no_person_of_them(
    heading: str, steward: Steward
) -> None:
    made = steward.drafts(
        f"{heading},Province,Email\nA-1,One,Ituri,a@example.org\nA-2,Two,Ituri,b@example.org\n"
    )
    assert not any("persons" in told for told in made.decisions)
    assert "confidential" not in read_as(made)["Code"]
