"""A guarded service stores nothing that breaks the shapes, and says which facts would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from serving import Served, serving
from vetgraph.build import build

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx


GRAPH = "https://w3id.org/vetgraph/report/xuchang-2025/s1-1"
FIGURE = "<https://w3id.org/vetgraph/id/observation/xuchang-2025-students-city>"
VALUE = "<http://purl.org/linked-data/sdmx/2009/measure#obsValue>"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("guarded")
    build("data", folder / "store")
    with serving(folder / "store", "--guard", tokens=folder / "tokens") as running:
        yield running


@pytest.fixture
def client(guarded: Served) -> Iterator[httpx.Client]:
    with guarded.writer() as writing:
        yield writing


def ask(client: httpx.Client, pattern: str) -> bool:
    answer = client.post("/sparql", data={"query": f"ASK {{ {pattern} }}"}, headers={"Accept": "application/json"})
    return bool(answer.json()["boolean"])


def set_value(client: httpx.Client, number: str) -> httpx.Response:
    text = (
        f"DELETE {{ GRAPH ?g {{ {FIGURE} {VALUE} ?old }} }} INSERT {{ GRAPH ?g {{ {FIGURE} {VALUE} {number} }} }} "
        f"WHERE {{ GRAPH ?g {{ {FIGURE} {VALUE} ?old }} }}"
    )
    return client.post("/update", data={"update": text})


def test_an_update_that_breaks_a_sum_is_refused_with_the_report(client: httpx.Client) -> None:
    answer = set_value(client, "1.0")
    assert answer.status_code == 422
    (problem, *_) = answer.json()["problems"]
    assert problem["shape"] == "https://w3id.org/vetgraph/shape/figure-all-parts"
    assert "36672" in problem["message"]["en"]
    assert ask(client, f"{FIGURE} {VALUE} 20128.0")
    assert not ask(client, f"{FIGURE} {VALUE} 1.0")


def test_an_update_that_keeps_the_shapes_is_stored_in_the_default_graph_too(client: httpx.Client) -> None:
    name = '<https://w3id.org/vetgraph/id/school/changge-lixing> skos:altLabel "立兴职高"@zh'
    answer = client.post("/update", data={"update": f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {name} }} }}"})
    assert answer.status_code == 204, answer.text
    assert ask(client, name)
    assert client.post("/update", data={"update": f"DELETE DATA {{ GRAPH <{GRAPH}> {{ {name} }} }}"}).status_code == 204
    assert not ask(client, name)


def test_a_graph_that_breaks_the_shapes_is_not_stored(client: httpx.Client) -> None:
    body = b"<http://example.org/x> a <https://w3id.org/vetgraph/def#SecondarySchool> ."
    headers = {"Content-Type": "text/turtle"}
    for call in (client.put, client.post):
        answer = call("/store", params={"graph": "http://example.org/g"}, content=body, headers=headers)
        assert answer.status_code == 422
        assert answer.json()["problems"]
    assert client.get("/store", params={"graph": "http://example.org/g"}).status_code == 404
    assert not ask(client, "<http://example.org/x> ?p ?o")


def test_what_the_shapes_do_not_speak_of_is_stored(client: httpx.Client) -> None:
    answer = client.put(
        "/store",
        params={"graph": "http://example.org/other"},
        content=b"<http://example.org/x> <http://example.org/p> [ <http://example.org/q> 4.50 ] .",
        headers={"Content-Type": "text/turtle"},
    )
    assert answer.status_code == 201, answer.text
    assert ask(client, "<http://example.org/x> <http://example.org/p>/<http://example.org/q> 4.5")
    assert client.delete("/store", params={"graph": "http://example.org/other"}).status_code == 204
    assert not ask(client, "<http://example.org/x> ?p ?o")


def test_the_passages_that_facts_cite_are_not_dropped(client: httpx.Client) -> None:
    query = "SELECT DISTINCT ?graph { GRAPH ?graph { ?passage a vetg:Passage } }"
    answer = client.post("/sparql", data={"query": query}, headers={"Accept": "application/json"})
    (row,) = answer.json()["results"]["bindings"]
    answer = client.delete("/store", params={"graph": row["graph"]["value"]})
    assert answer.status_code == 422
    assert any(problem["shape"].endswith("fact-cited") for problem in answer.json()["problems"])
    assert ask(client, f"GRAPH <{row['graph']['value']}> {{ ?s ?p ?o }}")
