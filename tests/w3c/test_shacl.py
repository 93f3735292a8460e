"""The W3C's suite of SHACL; where it is is told by VETGRAPH_SHACL_TESTS."""

from __future__ import annotations

import os
from pathlib import Path

import data_shapes
import pytest

from vetgraph.errors import VetgraphError
from vetgraph.validate import validate_quads
from vetgraph.validate.shapes import Shapes

FOLDER = os.environ.get("VETGRAPH_SHACL_TESTS", "")
pytestmark = [
    pytest.mark.w3c,
    pytest.mark.skipif(not FOLDER, reason="VETGRAPH_SHACL_TESTS names no copy of the data-shapes suite's folder tests"),
    pytest.mark.filterwarnings("ignore"),  # the suite holds values that rdflib warns of
]


def outcome(case: data_shapes.Case) -> data_shapes.Found | None:
    try:
        return data_shapes.found(validate_quads(case.quads(), case.name, shapes=Shapes([case.shapes])).results)
    except VetgraphError:
        return None


@pytest.mark.parametrize(
    ("part", "number", "expected"),
    [
        # the engine keeps xsd:byte as xsd:integer, so that a whole number in its range cannot be told from one
        ("core", 98, {"property/datatype-ill-formed"}),
        # the shapes graph is no named graph of the data here
        ("sparql", 23, {"pre-binding/shapesGraph-001"}),
    ],
)
def test_the_suite(part: str, number: int, expected: set[str]) -> None:
    cases = list(data_shapes.cases(Path(FOLDER) / part))
    assert len(cases) == number
    assert {case.name for case in cases if outcome(case) != case.expected} == expected
