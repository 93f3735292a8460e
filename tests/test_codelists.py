"""The code lists of the ontology."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from vetgraph import codelists
from vetgraph.errors import Text

if TYPE_CHECKING:
    from pathlib import Path

TURTLE = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vetg: <https://w3id.org/vetgraph/def#> .
@prefix code: <https://w3id.org/vetgraph/code/> .
<https://w3id.org/vetgraph/code/size> a skos:ConceptScheme ; skos:prefLabel "大小"@zh, "size"@en .
<https://w3id.org/vetgraph/code/size/big> skos:prefLabel "大"@zh, "big"@en ; vetg:position 2 .
<https://w3id.org/vetgraph/code/size/small> skos:prefLabel "小"@zh ; vetg:position 1 ; skos:related [] .
"""


def test_our_own_lists() -> None:
    lists = codelists.load()
    assert sorted(lists.keys("ownership")) == ["private", "public"]
    assert lists.label("ownership", "private").zh == "民办"
    assert {"title", "indicator", "prize"} <= set(lists.schemes)
    assert lists.keys("nonsense") == []
    with pytest.raises(KeyError):
        lists.label("ownership", "nonsense")


def test_every_code_and_list_has_both_labels() -> None:
    lists = codelists.load()
    for scheme in lists.schemes:
        for text in (lists.titles[scheme], *(lists.label(scheme, key) for key in lists.keys(scheme))):
            assert text.zh
            assert text.en


def test_the_order_is_that_of_the_list(tmp_path: Path) -> None:
    (tmp_path / "size.ttl").write_text(TURTLE, encoding="utf-8")
    lists = codelists.load(tmp_path)
    assert lists.schemes == ["size"]
    assert lists.keys("size") == ["small", "big"]
    assert lists.titles["size"] == Text("大小", "size")
    assert lists.label("size", "small") == Text("小", "small")  # a label that is missing is the key
