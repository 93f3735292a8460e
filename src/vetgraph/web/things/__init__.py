"""Linked data: every IRI as a page and as RDF, with the passages that state it."""
