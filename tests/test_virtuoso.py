"""The library, the command line and the pages before a real Virtuoso."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import lxml.html
import pytest

import samples
from serving import Served, serving
from vetgraph import checking, names, queries
from vetgraph.build import build_graph
from vetgraph.errors import QueryError, StoreError
from vetgraph.remote import STATEMENTS, Endpoint, RemoteStore
from vetgraph.remote.publishing import write_remote
from vetgraph.results import Answer, Solutions, Triples
from vetgraph.store import EmbeddedStore
from virtuoso import PASSWORD, USER, Virtuoso, installed, virtuoso

ROOT = Path(__file__).parents[1]
EXPECTED = ROOT / "tests" / "queries"
CASES = sorted(path.stem for path in EXPECTED.glob("*.csv"))
BLANK = b'<x:a> <x:p> _:b <x:g> .\n_:b <x:q> "v" <x:g> .\n'


pytestmark = pytest.mark.virtuoso


def solutions(found: Solutions | Answer | Triples) -> list[dict[str, object]]:
    assert isinstance(found, Solutions)
    return [dict(row) for row in found]


@pytest.fixture(scope="module")
def embedded() -> EmbeddedStore:
    """The real data in this process."""
    store = build_graph(ROOT / "data", validate=False).store
    assert isinstance(store, EmbeddedStore)
    return store


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Virtuoso]:
    """A running Virtuoso, with the real data built into it by the command line."""
    assert installed(), "apt-get install virtuoso-opensource"
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as running:
        command = [sys.executable, "-m", "vetgraph", "build", str(ROOT / "data"), "-o", running.query]
        env = {**os.environ, "VETGRAPH_STORE_USER": USER, "VETGRAPH_STORE_PASSWORD": PASSWORD}
        subprocess.run([*command, "--update-url", running.update], env=env, check=True, timeout=120)
        yield running


@pytest.fixture(scope="module", params=[500, 3], ids=["graphs named", "graphs compared"])
def behind(engine: Virtuoso, request: pytest.FixtureRequest) -> Iterator[RemoteStore]:
    """A remote store before Virtuoso, with few graphs for its limit and with many."""
    store = RemoteStore(Endpoint(engine.query), most_named=request.param)
    yield store
    store.close()


def cells(found: Solutions | Answer | Triples) -> list[list[str]]:
    """Return rows of Python values, with the items of a listing cell sorted, which SPARQL leaves open."""
    assert isinstance(found, Solutions)
    rows = [["" if value is None else str(value) for value in row.values()] for row in found]
    return [[" + ".join(sorted("；".join(sorted(cell.split("；"))).split(" + "))) for cell in row] for row in rows]


@pytest.mark.parametrize("case", CASES)
def test_every_named_query_answers_the_same(embedded: EmbeddedStore, behind: RemoteStore, case: str) -> None:
    file = EXPECTED / f"{case}.json"
    params = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    name = case.partition(".")[0]
    found = cells(queries.run(behind, name, params))
    assert found == cells(queries.run(embedded, name, params))
    with (EXPECTED / f"{case}.csv").open(encoding="utf-8", newline="") as expected:
        assert len(found) == len(list(csv.reader(expected))) - 1


@pytest.fixture(scope="module")
def sites(engine: Virtuoso, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Served]]:
    """The site before a store on disk, and before Virtuoso."""
    store = tmp_path_factory.mktemp("site") / "store"
    subprocess.run([sys.executable, "-m", "vetgraph", "build", str(ROOT / "data"), "-o", str(store)], check=True)
    with serving(store) as here, serving(engine.query, "--timeout", "30") as behind:
        yield here, behind


def shown(site: Served, path: str) -> list[str]:
    """Return what a page says, but for its own address and the name of the content."""
    with site.client(Accept="text/html") as client:
        answer = client.get(path)
        version = client.get("/health").json()["store"]
    assert answer.status_code == 200, answer.text
    said = "\n".join(lxml.html.fromstring(answer.text).xpath("//body//text()[not(ancestor::script)]"))
    return sorted(" ".join(said.replace(site.url, "").replace(version, "").split("\n")).split())


with (ROOT / "docs" / "screenshots.csv").open(encoding="utf-8", newline="") as _listed:
    PAGES = sorted({row["path"].partition("#")[0] for row in csv.DictReader(_listed)} - {"/checks"})


@pytest.mark.parametrize("path", [*PAGES, "/page/report/xuchang-2025", "/compare/figures", "/search?q=xckj"])
def test_every_page_says_the_same_before_virtuoso(sites: tuple[Served, Served], path: str) -> None:
    here, behind = sites
    assert shown(behind, path) == shown(here, path)


def test_the_checks_before_virtuoso_say_all_but_the_cells(sites: tuple[Served, Served]) -> None:
    here, behind = (httpx.get(f"{site.url}/checks?format=json", timeout=60).json() for site in sites)
    assert (here.pop("cells"), behind.pop("cells")) == (True, False)
    cells = [doubt.pop("cell") for doubt in here["doubts"]]
    assert all(cells)
    for checks in (here, behind):
        checks["doubts"].sort(key=lambda doubt: doubt["iri"])  # by cell, where they are known
        for doubt in checks["doubts"]:
            doubt["targets"].sort(key=lambda target: target["iri"])
            for each in (doubt, *doubt["targets"]):
                each.pop("cell", None)
    assert here == behind


def test_the_service_before_virtuoso(sites: tuple[Served, Served]) -> None:
    with sites[1].client() as client:
        count = {"query": "SELECT (COUNT(*) AS ?n) { ?s a vetg:Passage }"}
        asked = client.post("/sparql", data=count, headers={"Accept": "text/csv"})
        assert asked.text.split() == ["n", "28"]
        school = "<https://w3id.org/vetgraph/id/school/changge-lixing>"
        bad = f"<x:m> a <{names.PREFIXES['org']}Membership> ; <{names.PREFIXES['org']}member> {school} ."
        checked = client.post("/validate", content=bad, headers={"Content-Type": "text/turtle"}).json()
        assert not checked["conforms"]
        assert not any("sh:class" in problem["message"]["en"] for problem in checked["problems"])  # it knows the school


def test_virtuoso_holds_what_was_built(embedded: EmbeddedStore, behind: RemoteStore) -> None:
    assert len(behind) == len(embedded)
    text = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert solutions(behind.query(text)) == solutions(embedded.query(text))
    known = f"SELECT * {{ GRAPH <{names.REGISTRY}> {{ ?s skos:altLabel ?o }} }} ORDER BY ?s ?o"
    assert solutions(behind.query(known)) == solutions(embedded.query(known))


def test_virtuoso_is_told_the_prefixes(behind: RemoteStore) -> None:
    text = "ASK { ?s vetg:count ?n }"
    assert behind.query(text) == Answer(value=True)
    with pytest.raises(QueryError, match="refuses the query: Virtuoso 37000"):
        behind.query(text, prefixes=False)


def test_graphs_of_virtuoso_stay_its_own(engine: Virtuoso, embedded: EmbeddedStore) -> None:
    store = RemoteStore(Endpoint(engine.query))
    text = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
    assert solutions(store.query(text)) == solutions(embedded.query(text))
    store.close()


def test_validation(engine: Virtuoso, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VETGRAPH_GSP_URL", engine.graphs)
    monkeypatch.setenv("VETGRAPH_STORE_USER", USER)
    monkeypatch.setenv("VETGRAPH_STORE_PASSWORD", PASSWORD)
    found = checking.check_store(engine.query)
    assert found.conforms
    assert found.report is not None
    assert not found.notes
    spoilt = Endpoint.from_environment(engine.query)
    school = names.thing("school", "xuchang-fengchu")
    bad = f"<{school}> <{samples.VETG}ownership> <{names.code('ownership', 'nobody')}> .\n".encode()
    graph = f"{names.BASE}report/xuchang-2025/spoilt"
    connection = RemoteStore(spoilt).connection
    connection.graph("PUT", graph, bad)
    try:
        worse = checking.check_store(engine.query)
    finally:
        connection.graph("DELETE", graph)
        connection.close()
    assert not worse.conforms
    assert {problem.file for problem in worse.problems} == {engine.query}


def test_nothing_is_cut_off_in_silence(engine: Virtuoso) -> None:
    store = RemoteStore(Endpoint(engine.query))
    with pytest.raises(StoreError, match="only the first 3000 rows"):
        store.query("SELECT * { ?s ?p ?o }")
    store.close()


def test_credentials(engine: Virtuoso) -> None:
    wrong = Endpoint(engine.query, engine.update, user=USER, password="wrong")  # noqa: S106 - it is meant to be
    with pytest.raises(StoreError, match="HTTP 401"):
        write_remote(wrong, samples.nquads())
    refused = httpx.post(engine.update, data={"update": "CLEAR ALL"}, timeout=30)
    assert refused.status_code == 401


def test_a_dump_loads_by_virtuosos_own_loader(tmp_path: Path) -> None:
    assert installed(), "apt-get install virtuoso-opensource"
    with virtuoso(tmp_path) as running:
        running.bulk_load(samples.nquads(), STATEMENTS)
        store = RemoteStore(Endpoint(running.query))
        assert set(store.quads()) == set(samples.triples())
        assert len(store) == len(EmbeddedStore.of(samples.nquads()))
        store.close()


@pytest.mark.parametrize("whole", [True, False], ids=["graph store protocol", "update"])
def test_a_new_build_replaces_the_old(tmp_path: Path, *, whole: bool) -> None:
    assert installed(), "apt-get install virtuoso-opensource"
    with virtuoso(tmp_path) as running:
        place = {"gsp_url": running.graphs} if whole else {"update_url": running.update}
        endpoint = Endpoint(running.query, **place, user=USER, password=PASSWORD)  # type: ignore[arg-type]
        write_remote(endpoint, f"<x:s> <x:p> <x:o> <{names.BASE}report/old/p1> .\n<x:s> <x:p> <x:o> .\n".encode())
        version = write_remote(endpoint, samples.nquads())
        store = RemoteStore(endpoint)
        assert store.version == version
        assert set(store.quads()) == set(samples.triples())
        assert len(store) == len(EmbeddedStore.of(samples.nquads()))
        write_remote(endpoint, BLANK)
        joined = "SELECT ?b ?v FROM <x:g> { <x:a> <x:p> ?b . ?b <x:q> ?v }"
        assert [row["v"] for row in solutions(store.query(joined))] == ["v"]
        store.close()


def test_a_list_comes_into_virtuoso_and_is_replaced_there(tmp_path: Path) -> None:
    assert installed(), "apt-get install virtuoso-opensource"
    file = tmp_path / "list.csv"
    with virtuoso(tmp_path) as running:
        endpoint = Endpoint(running.query, running.update, user=USER, password=PASSWORD)
        write_remote(endpoint, samples.nquads())
        environment = {"VETGRAPH_STORE_USER": USER, "VETGRAPH_STORE_PASSWORD": PASSWORD, **os.environ}
        command = [sys.executable, "-m", "vetgraph", "import", str(file), "--as", "some-list", "--store", running.query]
        sizes = []
        for rows in ("", "乙学校\n丙学校", "丁学校"):
            if rows:
                file.write_text(f"学校名称\n{rows}\n", encoding="utf-8")
                subprocess.run([*command, "--update-url", running.update], env=environment, check=True, timeout=60)
            store = RemoteStore(endpoint)  # an open one looks for new graphs every ten seconds
            held = store.query("SELECT ?n { GRAPH ?g { ?s a schema:ListItem ; skos:prefLabel ?n } }")
            assert sorted(str(row["n"]) for row in solutions(held)) == sorted(rows.split())
            sizes.append(len(store))
            store.close()
        assert sizes[0] < sizes[2] < sizes[1]
