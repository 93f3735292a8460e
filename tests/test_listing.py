"""Lists of what there is to ask for, and files by their ending."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from vetgraph import networks, queries, views

if TYPE_CHECKING:
    import httpx

JSON = {"Accept": "application/json"}
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PAIRS = "SELECT ?source ?target { ?source a ?target }"


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/queries", set(queries.catalogue())),
        ("/networks", set(networks.catalogue())),
        ("/tables", set(views.catalogue())),
    ],
)
def test_a_program_gets_the_list_and_a_browser_the_page(client: httpx.Client, path: str, names: set[str]) -> None:
    listed = client.get(path, headers=JSON).json()
    assert {each["name"] for each in listed} == names
    assert client.get(path, params={"format": "json"}, headers=PAGE).json() == listed
    for each in listed:
        assert each["title"]["zh"]
        assert each["description"]["en"]
    first = next(each for each in listed if not any(not param["default"] for param in each["parameters"]))
    assert client.get(first["address"], headers=PAGE).status_code == 200
    for accept in (PAGE, {"Accept": "*/*"}):
        assert client.get(path, headers=accept).headers["Content-Type"].startswith("text/html")
    assert client.get(path, headers=JSON).json() == listed  # pages are kept by what they were asked for


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "tsv", "xml"])
def test_an_ending_is_a_format(client: httpx.Client, form: str) -> None:
    by_ending = client.get(f"/queries/private-schools.{form}", headers=PAGE)
    by_name = client.get("/queries/private-schools", params={"format": form}, headers=PAGE)
    assert by_ending.headers["Content-Type"] == by_name.headers["Content-Type"]
    assert form == "xlsx" or by_ending.content == by_name.content


def test_an_ending_that_is_none_is_told(client: httpx.Client) -> None:
    answer = client.get("/queries/private-schools.pdf", headers=JSON)
    assert answer.status_code == 400, answer.text
    assert "csv" in answer.text


@pytest.mark.parametrize("path", ["/network.{}?query={}", "/network?format={}&query={}"])
def test_the_ties_of_any_query_as_csv(client: httpx.Client, path: str) -> None:
    answer = client.get(path.format("csv", quote(PAIRS)))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {"Source", "Target"} <= rows[0].keys()
    assert answer.content == client.get(f"/network.edges.csv?query={quote(PAIRS)}").content
