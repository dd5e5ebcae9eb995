"""Readers: one a format, from an external file to batches of rows. They know no RDF and no store."""
