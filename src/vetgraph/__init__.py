"""Quality reports on secondary vocational education as a validated graph that answers SPARQL.

    import vetgraph

    with vetgraph.open("store") as g:
        for row in g.query("SELECT ?name { ?s a vetg:SecondarySchool ; skos:prefLabel ?name }"):
            print(row["name"])

``__all__`` is the public API; everything else may move. Names load when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "DataError",
    "Problem",
    "Query",
    "QueryError",
    "Row",
    "Solutions",
    "StoreError",
    "Triples",
    "UsageError",
    "VetGraph",
    "VetgraphError",
    "__version__",
    "build",
    "open",
]

if TYPE_CHECKING:
    from vetgraph.build import build_graph as build
    from vetgraph.errors import DataError, Problem, QueryError, StoreError, UsageError, VetgraphError
    from vetgraph.graph import VetGraph
    from vetgraph.graph import open_graph as open  # noqa: A004 - vetgraph.open() reads well
    from vetgraph.queries import Query
    from vetgraph.results import Answer, Row, Solutions, Triples

_HOMES = {
    "build": ("vetgraph.build", "build_graph"),
    "open": ("vetgraph.graph", "open_graph"),
    "VetGraph": ("vetgraph.graph", "VetGraph"),
    "Query": ("vetgraph.queries", "Query"),
    **{name: ("vetgraph.results", name) for name in ("Answer", "Row", "Solutions", "Triples")},
    **{
        name: ("vetgraph.errors", name)
        for name in ("DataError", "Problem", "QueryError", "StoreError", "UsageError", "VetgraphError")
    },
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    if name not in _HOMES:
        raise AttributeError(f"module 'vetgraph' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    value = getattr(importlib.import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
