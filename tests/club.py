"""A made-up club: the mapping of its members, a table with the columns ``code`` and ``name``."""

MAPPING = """
prefixes:
  asm: https://w3id.org/asmgraph/ontology#
  id: https://w3id.org/asmgraph/id/
  rdfs: http://www.w3.org/2000/01/rdf-schema#
  dcterms: http://purl.org/dc/terms/
sources: { members: { access: members, referenceFormulation: csv } }
mappings:
  page:
    sources: members
    subjects: id:source/club
    predicateobjects: [[a, asm:SourceDocument], [rdfs:label, The club], [asm:accessed, '2026-01-01', xsd:date]]
  member:
    sources: members
    subjects: id:actor/club-$(code)
    predicateobjects: [[a, asm:Organisation], [rdfs:label, $(name)], [dcterms:source, id:source/club~iri]]
"""
