"""Questions: named ones, those put together without SPARQL, and SPARQL itself."""
