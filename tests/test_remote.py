"""The library and the command line before SPARQL services: our own over HTTP, and a real Virtuoso."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import samples
import vetgraph
from serving import TOKEN, Served, free_port, serving
from vetgraph import names
from vetgraph.errors import ForbiddenError, QueryError, StoreError, UsageError
from vetgraph.opening import dump, open_store, write_store
from vetgraph.remote import STATEMENTS, Endpoint, RemoteStore
from vetgraph.remote.publishing import write_remote
from vetgraph.remote.widths import narrowed
from vetgraph.results import Answer, Solutions, Triples
from vetgraph.store import EmbeddedStore

ROOT = Path(__file__).parents[1]
EXPECTED = ROOT / "tests" / "queries"
CASES = sorted(path.stem for path in EXPECTED.glob("*.csv"))
BLANK = b'<x:a> <x:p> _:b <x:g> .\n_:b <x:q> "v" <x:g> .\n'


@pytest.fixture
def remote(served: Served) -> Iterator[RemoteStore]:
    """A remote store before our own service."""
    store = RemoteStore(Endpoint(f"{served.url}/sparql"))
    yield store
    store.close()


def solutions(found: Solutions | Answer | Triples) -> list[dict[str, object]]:
    assert isinstance(found, Solutions)
    return [dict(row) for row in found]


# Our own service


def test_every_kind_of_answer(remote: RemoteStore) -> None:
    text = "SELECT ?name { ?s vetg:ownership <" + names.code("ownership", "private") + "> ; skos:prefLabel ?name }"
    assert solutions(remote.query(text + " ORDER BY ?name")) == [{"name": "乙学校"}, {"name": "甲学校"}]
    assert remote.query("ASK { ?s a vetg:SecondarySchool }") == Answer(value=True)
    assert remote.query("ASK { ?s a vetg:Nothing }") == Answer(value=False)
    built = remote.query("CONSTRUCT WHERE { ?s skos:altLabel ?o }")
    assert isinstance(built, Triples)
    assert [str(triple.object) for triple in built] == ['"甲校"@zh']


def test_values_and_datasets(remote: RemoteStore) -> None:
    text = "SELECT ?s ?n { ?s vetg:count ?n }"
    assert len(solutions(remote.query(text))) == 3
    given = {"s": ox.NamedNode(names.thing("school", "a"))}
    assert solutions(remote.query(text, given)) == [{"s": names.thing("school", "a"), "n": 3}]
    assert solutions(remote.query(text, default_graphs=[names.REGISTRY])) == []
    assert len(solutions(remote.query(text, default_graphs=[samples.PASSAGE]))) == 3
    seen = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    assert solutions(remote.query(seen, named_graphs=[names.REGISTRY])) == [{"g": names.REGISTRY}]
    relative = remote.query("SELECT ?n { <a> vetg:count ?n }", base=names.thing("school", ""))
    assert solutions(relative) == [{"n": 3}]


def test_it_counts_and_lists_as_an_embedded_store(remote: RemoteStore) -> None:
    assert len(remote) == len(EmbeddedStore.of(samples.nquads()))
    assert remote.graphs() == sorted({quad[3].strip("<>") for quad in samples.triples()})
    assert set(remote.quads()) == set(samples.triples())
    assert remote.version != remote.version


def test_prefixes_are_those_of_the_text(remote: RemoteStore) -> None:
    own = f"PREFIX vetg: <{names.PREFIXES['skos']}> ASK {{ ?s vetg:prefLabel ?o }}"
    assert remote.query(own) == Answer(value=True)
    assert remote.query("ASK { ?s vetg:count 3 } # skos:prefLabel") == Answer(value=True)


def test_a_query_that_is_refused(remote: RemoteStore) -> None:
    with pytest.raises(QueryError, match="refuses the query: syntax error at line 1, column 19") as caught:
        remote.query("SELECT * { ?s ?p }")
    assert len(caught.value.message.en) < 500
    with pytest.raises(ForbiddenError, match="SERVICE"):
        remote.query("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")
    with pytest.raises(QueryError, match="does not select"):
        remote.query("SELECT ?s { ?s ?p ?o }", {"o": 1})


def test_services_that_are_none(served: Served, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot reach .*refused"):
        open_store(f"http://127.0.0.1:{free_port()}/sparql")
    with pytest.raises(StoreError, match="answered HTTP 404"):
        open_store(f"{served.url}/nothing")
    for address in ("http://", "https:///sparql"):
        with pytest.raises(UsageError, match="no address of a service"):
            open_store(address)
    with pytest.raises(UsageError, match="may not hold a password"):
        open_store("http://me:secret@127.0.0.1/sparql")
    with pytest.raises(StoreError, match="there is no store at"):
        open_store(tmp_path / "none")


@pytest.mark.parametrize("whole", [True, False], ids=["graph store protocol", "update"])
def test_writing_into_our_service(writable_server: Served, *, whole: bool) -> None:
    url = writable_server.url
    place = {"gsp_url": f"{url}/store"} if whole else {"update_url": f"{url}/update"}
    endpoint = Endpoint(f"{url}/sparql", **place, token=TOKEN)  # type: ignore[arg-type]
    old = f"<x:s> <x:p> <x:o> <{names.BASE}report/old/p1> .\n".encode()
    first = write_remote(endpoint, old)
    second = write_remote(endpoint, samples.nquads())
    assert first != second
    store = RemoteStore(endpoint)
    assert store.version == second
    assert set(store.quads()) == set(samples.triples())
    assert len(store) == len(EmbeddedStore.of(samples.nquads()))
    assert store.query(f"ASK {{ GRAPH <{STATEMENTS}> {{ ?s ?p ?o }} }}") == Answer(value=False)
    write_remote(endpoint, BLANK)
    joined = "SELECT ?v { GRAPH <x:g> { <x:a> <x:p> ?b . ?b <x:q> ?v } }"
    assert solutions(store.query(joined)) == [{"v": "v"}]
    store.close()


def test_writing_needs_an_address_and_a_token(writable_server: Served) -> None:
    url = writable_server.url
    with pytest.raises(UsageError, match="no address to write to"):
        write_store(f"{url}/sparql", b"")
    with pytest.raises(StoreError, match="HTTP 401") as caught:
        write_store(f"{url}/sparql", b"", update_url=f"{url}/update")
    assert caught.value.fix is not None
    assert "VETGRAPH_STORE_TOKEN" in caught.value.fix.en


def test_the_command_line_and_the_library(served: Served) -> None:
    command = [sys.executable, "-m", "vetgraph", "query", "SELECT ?s { ?s vetg:count 3 } ORDER BY ?s"]
    env = {**os.environ, "VETGRAPH_STORE": f"{served.url}/sparql"}
    done = subprocess.run(command, env=env, capture_output=True, check=True, timeout=60)
    assert len(done.stdout.splitlines()) == 4
    with vetgraph.open(f"{served.url}/sparql") as graph:
        assert len(graph) == len(EmbeddedStore.of(samples.nquads()))
        with pytest.raises(UsageError, match="this machine"):
            graph.rdflib()


def test_the_service_before_another(served: Served) -> None:
    with serving(f"{served.url}/sparql", "--timeout", "5", "--max-rows", "2") as running, running.client() as client:
        count = "SELECT ?s { ?s vetg:count 3 } LIMIT 2"
        rows = client.post("/sparql", data={"query": count}, headers={"Accept": "text/csv"})
        assert len(rows.text.splitlines()) == 3
        assert client.post("/sparql", data={"query": count.replace("LIMIT 2", "")}).status_code == 422
        assert client.post("/sparql", data={"query": "SELECT * {"}).status_code == 400
        assert client.post("/sparql", data={"query": "ASK { SERVICE <http://x/> {} }"}).status_code == 403
        assert "甲学校" in client.get(f"/store?graph={names.REGISTRY}").text
        assert client.get("/store?graph=http://e/nowhere").status_code == 404
        assert client.get("/dump.nq").status_code == 501
        assert client.get("/health").json()["store"]
    with serving(f"{served.url}/sparql") as running, running.client(Accept="text/html") as client:
        assert client.get("/").status_code == 200
        for page in ("/page/school/a", "/queries/private-schools"):
            assert "甲学校" in client.get(page).text


def test_literals_for_a_service_that_mixes_up_widths() -> None:
    text = (
        'SELECT (GROUP_CONCAT(?a; SEPARATOR = "；") AS ?b) { ?s ?p "甲" VALUES (?a ?c) { ("乙" "x") } '
        'FILTER(?a = "丙" && ?a != "丁"@zh && REGEX(?a, "戊")) } # "己"'
    )
    asked = (
        'SELECT (GROUP_CONCAT(?a; SEPARATOR = "\\u001F") AS ?b) { ?s ?p "甲" VALUES (?a ?c) { ("乙" "x") } '
        'FILTER(?a = STR("丙"@zh) && ?a != "丁"@zh && REGEX(?a, "戊")) } # "己"'
    )
    assert narrowed(text) == (asked, {"\x1f": "；"})


def test_the_whole_graph_is_written_from_a_service(remote: RemoteStore, tmp_path: Path) -> None:
    file = tmp_path / "all.nq"
    dump(remote, file, "nq")
    written = file.read_bytes().splitlines()
    quads = {" ".join(quad) + " ." for quad in remote.quads()}
    assert quads <= {line.decode() for line in written}
    default = remote.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert len(written) == len(quads) + int(str(solutions(default)[0]["n"]))
