"""Every kind of thing as a table with facets."""
