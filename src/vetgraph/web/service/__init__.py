"""SPARQL over HTTP: queries, updates, graphs and dumps, who may ask how much, and what is counted."""
