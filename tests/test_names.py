"""Prefixes and the patterns of our IRIs."""

from __future__ import annotations

import pytest

from vetgraph import names

BASE = "https://w3id.org/vetgraph/"


@pytest.mark.parametrize(
    ("curie", "iri"),
    [
        ("vetg:ownership", f"{BASE}def#ownership"),
        ("id:school/a", f"{BASE}id/school/a"),
        ("code:ownership/public", f"{BASE}code/ownership/public"),
        ("skos:prefLabel", "http://www.w3.org/2004/02/skos/core#prefLabel"),
        ("schema:name", "https://schema.org/name"),
        ("sdmx-measure:obsValue", "http://purl.org/linked-data/sdmx/2009/measure#obsValue"),
    ],
)
def test_compact_iris_and_back(curie: str, iri: str) -> None:
    assert names.expand(curie) == iri
    assert names.shorten(iri) == curie


def test_an_iri_stays() -> None:
    assert names.expand("https://example.org/a") == "https://example.org/a"
    assert names.shorten("https://example.org/a") == "https://example.org/a"


@pytest.mark.parametrize("text", ["nope:a", "word", ":a"])
def test_an_unknown_prefix(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        names.expand(text)


def test_patterns_of_our_iris() -> None:
    assert names.thing("school", "a") == f"{BASE}id/school/a"
    assert names.code("ownership", "public") == f"{BASE}code/ownership/public"
    assert names.passage("xuchang-2025", "s1-1") == f"{BASE}report/xuchang-2025/s1-1"
    assert f"{BASE}graph/registry" == names.REGISTRY
