"""The first page, its charts, and the search."""
