"""A second report of Xuchang, made up and marked as such: last year's with other members of groups, for tests."""

from __future__ import annotations

from pathlib import Path

from vetgraph import names, tables, vocabulary

FIRST = "xuchang-2025"
SECOND = "test-xuchang-2026"
JOINED = names.thing("school", "test-new")
LEFT = names.thing("school", "xuchang-keji")
"""The second report has the one in the place of the other, wherever that is a member of a group."""

_DATA = Path(__file__).parent.parent / "data"
_MEMBER = f"<{names.expand('org:member')}>"


def nquads() -> bytes:
    """Return the graph of both reports, each statement in its graph and in the default graph."""
    quads = list(tables.read(_DATA).quads)
    second = [
        (
            subject.replace(FIRST, SECOND),
            predicate,
            (value.replace(LEFT, JOINED) if predicate == _MEMBER else value).replace(FIRST, SECOND),
            graph.replace(FIRST, SECOND),
        )
        for subject, predicate, value, graph in quads
        if f"report/{FIRST}" in graph
    ]
    told = [
        (f"<{JOINED}>", f"<{names.expand('skos:prefLabel')}>", '"测试学校"@zh', f"<{names.REGISTRY}>"),
        (
            f"<{JOINED}>",
            f"<{names.expand('rdf:type')}>",
            f"<{names.expand('vetg:SecondarySchool')}>",
            f"<{names.REGISTRY}>",
        ),
    ]
    every = [*quads, *second, *told, *vocabulary.ontology(), *vocabulary.codes()]
    lines = dict.fromkeys(f"{' '.join(quad)} .\n" for quad in every)
    lines.update(dict.fromkeys(f"{' '.join(quad[:3])} .\n" for quad in every))
    return "".join(lines).encode()
