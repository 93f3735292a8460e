"""A small graph that tests of the store, the queries and the service share."""

from vetgraph import names

VETG = names.PREFIXES["vetg"]
SKOS = names.PREFIXES["skos"]
RDF = names.PREFIXES["rdf"]
RDFS = names.PREFIXES["rdfs"]
XSD = names.PREFIXES["xsd"]
PASSAGE = names.passage("sample-2025", "p1")
REPORT = f"{names.BASE}report/sample-2025"

SCHOOLS = [("a", "甲学校", "private"), ("b", "乙学校", "private"), ("c", "丙学校", "public")]


def triples() -> list[tuple[str, str, str, str]]:
    """Return the statements with their graphs, as N-Quads terms."""
    quads = [
        (f"<{REPORT}>", f"<{RDF}type>", f"<{VETG}Report>", f"<{REPORT}>"),
        (f"<{PASSAGE}>", f"<{RDF}type>", f"<{VETG}Passage>", f"<{REPORT}>"),
        (f"<{PASSAGE}>", f"<{VETG}inReport>", f"<{REPORT}>", f"<{REPORT}>"),
        (f"<{PASSAGE}>", f"<{VETG}section>", '"1.1"', f"<{REPORT}>"),
        (f"<{VETG}SecondarySchool>", f"<{RDFS}label>", '"中等职业学校"@zh', f"<{names.ONTOLOGY}>"),
        (f"<{VETG}SecondarySchool>", f"<{RDFS}label>", '"Secondary school"@en', f"<{names.ONTOLOGY}>"),
    ]
    for key, name, ownership in SCHOOLS:
        iri = f"<{names.thing('school', key)}>"
        quads += [
            (iri, f"<{RDF}type>", f"<{VETG}SecondarySchool>", f"<{names.REGISTRY}>"),
            (iri, f"<{SKOS}prefLabel>", f'"{name}"@zh', f"<{names.REGISTRY}>"),
            (iri, f"<{VETG}ownership>", f"<{names.code('ownership', ownership)}>", f"<{PASSAGE}>"),
            (iri, f"<{VETG}count>", f'"{len(name)}"^^<{XSD}integer>', f"<{PASSAGE}>"),
        ]
    quads.append((f"<{names.thing('school', 'a')}>", f"<{SKOS}altLabel>", '"甲校"@zh', f"<{PASSAGE}>"))
    return quads


def nquads() -> bytes:
    """Return the graph as N-Quads: every statement in its graph and in the default graph."""
    lines = [f"{s} {p} {o} {g} .\n{s} {p} {o} .\n" for s, p, o, g in triples()]
    return "".join(lines).encode()
