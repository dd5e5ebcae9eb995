"""Words that are chosen at run time: named here so that the catalogues hold them."""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802 - gettext's customary name
    """Mark a text for translation."""
    return text


KINDS = {
    "silence": N_("No record"),
    "co-presence": N_("Side by side, no recorded tie"),
    "crowded": N_("Many actors, no forum"),
    "unserved-need": N_("Unserved needs"),
    "voice": N_("Miners without a way to policy"),
    "unwritten": N_("Practice without a study"),
    "stuck-knowledge": N_("Knowledge that reached no policy"),
    "silo": N_("Kinds of actors that keep to themselves"),
    "broker": N_("Networks that hang on one actor"),
    "introduction": N_("Introductions that join most"),
    "dropped": N_("Ended, nobody followed"),
    "duplication": N_("The same work twice"),
}
KIND_MEANINGS = {
    "silence": N_(
        "The sources record nothing of this place, group or theme. That is no gap: nobody may have looked."
    ),
    "co-presence": N_(
        "Two actors worked on the same themes in the same places at the same time, and no tie between them is "
        "recorded."
    ),
    "crowded": N_("Many actors work in one place on one theme, and recorded ties join few of them."),
    "unserved-need": N_(
        "A source records a need, and no intervention recorded in that place for it is active on the day."
    ),
    "voice": N_(
        "No recorded path leads what miners' groups or communities know to anybody who makes policy."
    ),
    "unwritten": N_(
        "Several interventions worked for an outcome, and no study or practice note of it is recorded."
    ),
    "stuck-knowledge": N_("Something is known, and no use of it in a policy is recorded."),
    "silo": N_(
        "Actors of one kind are tied to each other more often than chance gives, and to others less often."
    ),
    "broker": N_("If this actor leaves, recorded ties no longer join those on its two sides."),
    "introduction": N_("These new ties would bring the most actors closest to each other."),
    "dropped": N_("An intervention ended, nobody took it up, and the need is still recorded."),
    "duplication": N_("Several actors do the same in one place at the same time, without a recorded tie."),
}
STATES = {
    "active": N_("active"),
    "ended": N_("ended"),
    "not started": N_("not started"),
    "unknown": N_("unknown"),
}
LEVELS = {"low": N_("low"), "medium": N_("medium"), "high": N_("high")}
FOUND = {"all": N_("all"), "some": N_("some"), "none": N_("none"), "not-searched": N_("not searched")}
EVIDENCE = (N_("need"), N_("year not stated"))
USERS = {
    "researcher": N_("Questions of a researcher"),
    "coordinator": N_("Questions of a coordinator"),
    "steward": N_("Questions of a data steward"),
}
STATUSES = {
    "machine-made, not reviewed": N_("machine-made, not reviewed"),
    "names in en restated from the source, and in fr where the source gives one; others machine-made, not reviewed": N_(
        "names in English restated from the source, and in French where the source gives one; others machine-made, "
        "not reviewed"
    ),
}
"""What modules and schemes say of their translations (``asm:translationStatus``)."""
TERM_KINDS = {
    "class": N_("class"),
    "object-property": N_("property that leads to a thing"),
    "datatype-property": N_("property with a text, number or date"),
    "annotation-property": N_("remark"),
}

_DCTERMS = "http://purl.org/dc/terms/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_FOAF = "http://xmlns.com/foaf/0.1/"
_WGS = "http://www.w3.org/2003/01/geo/wgs84_pos#"
PROPERTIES = {
    f"{_DCTERMS}source": N_("source"),
    f"{_DCTERMS}identifier": N_("identifier"),
    f"{_DCTERMS}description": N_("description"),
    f"{_DCTERMS}subject": N_("subject"),
    f"{_DCTERMS}creator": N_("author"),
    f"{_DCTERMS}publisher": N_("publisher"),
    f"{_DCTERMS}isPartOf": N_("part of"),
    f"{_DCTERMS}title": N_("title"),
    f"{_DCTERMS}license": N_("licence"),
    f"{_FOAF}page": N_("web page"),
    f"{_FOAF}homepage": N_("web site"),
    f"{_SKOS}altLabel": N_("other name"),
    f"{_SKOS}prefLabel": N_("name"),
    f"{_SKOS}notation": N_("code"),
    f"{_SKOS}definition": N_("definition"),
    f"{_SKOS}scopeNote": N_("scope"),
    f"{_SKOS}editorialNote": N_("note"),
    f"{_SKOS}example": N_("example"),
    f"{_SKOS}broader": N_("broader"),
    f"{_SKOS}inScheme": N_("scheme"),
    f"{_SKOS}topConceptOf": N_("top concept of"),
    f"{_SKOS}hasTopConcept": N_("top concept"),
    f"{_SKOS}exactMatch": N_("the same elsewhere"),
    f"{_SKOS}closeMatch": N_("nearly the same elsewhere"),
    f"{_SKOS}broadMatch": N_("broader elsewhere"),
    f"{_SKOS}narrowMatch": N_("narrower elsewhere"),
    f"{_SKOS}relatedMatch": N_("related elsewhere"),
    f"{_WGS}lat": N_("latitude"),
    f"{_WGS}long": N_("longitude"),
    "http://purl.org/spar/cito/citesAsEvidence": N_("cites as evidence"),
    "http://www.w3.org/2000/01/rdf-schema#label": N_("name"),
    "http://www.w3.org/2002/07/owl#versionInfo": N_("version"),
    "http://www.w3.org/2002/07/owl#deprecated": N_("deprecated"),
}
"""Names of properties that the ontology takes from elsewhere and does not label itself."""
