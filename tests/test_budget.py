"""The service under queries that would hurt it: each costs its own request an error and nobody else anything."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from serving import Served, serving
from vetgraph.store import write_store

MANY = "".join(f'<http://e/{i}> <http://e/p{i % 7}> "{i}" .\n' for i in range(2000)).encode()
DEATH = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n0 ?o }"
HUNGRY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?c ?f ?i ?l"
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    store = tmp_path_factory.mktemp("strict") / "store"
    write_store(store, MANY)
    options = ["--timeout", "1", "--max-rows", "1000", "--max-bytes", "1", "--max-memory", "256", "--workers", "2"]
    with serving(store, *options) as running:
        yield running


def ask(client: httpx.Client, query: str, **more: str) -> httpx.Response:
    return client.post("/sparql", data={"query": query, **more})


def test_time(strict: Served) -> None:
    with strict.client() as client:
        start = time.monotonic()
        answer = ask(client, DEATH)
        assert answer.status_code == 503
        assert 0.9 < time.monotonic() - start < 3
        assert "1 seconds" in answer.json()["error"]["detail"]
        assert ask(client, "ASK {}").json()["boolean"] is True


def test_a_client_may_ask_for_less_time_and_not_for_more(strict: Served) -> None:
    with strict.client() as client:
        start = time.monotonic()
        assert ask(client, DEATH, timeout="0.2").status_code == 503
        assert time.monotonic() - start < 0.9
        assert "time=1s" in ask(client, "ASK {}", timeout="60").headers["Query-Budget"]
        assert ask(client, "ASK {}", timeout="soon").status_code == 400


@pytest.mark.parametrize("accept", ["text/csv", "text/tab-separated-values", "application/json", "application/xml"])
def test_rows(strict: Served, accept: str) -> None:
    exactly = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 1000"
    with strict.client(Accept=accept) as client:
        assert ask(client, exactly).status_code == 200
        refused = ask(client, exactly.replace("1000", "1001"))
        assert refused.status_code == 422
        assert "1000 rows" in refused.json()["error"]["detail"]


def test_bytes(strict: Served) -> None:
    with strict.client() as client:
        refused = ask(client, "CONSTRUCT { ?a ?b ?c . [] ?e ?f } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        assert refused.status_code == 422
        assert "bytes" in refused.json()["error"]["detail"]


def test_memory(tmp_path: Path) -> None:
    write_store(tmp_path / "store", MANY)
    with serving(tmp_path / "store", "--timeout", "30", "--max-memory", "64") as running, running.client() as client:
        refused = ask(client, HUNGRY)
        assert refused.status_code == 503
        assert "memory" in refused.json()["error"]["detail"]
        assert ask(client, "ASK {}").json()["boolean"] is True


def test_a_query_of_death_does_not_hold_up_others(strict: Served) -> None:
    with strict.client() as client, strict.client() as other:
        killer = threading.Thread(target=ask, args=(other, DEATH))
        killer.start()
        times: list[float] = []
        while killer.is_alive():
            start = time.monotonic()
            assert ask(client, f"ASK {{ <http://a/{len(times)}> ?p ?o }}").status_code == 200
            times.append(time.monotonic() - start)
        killer.join()
        assert len(times) > 20
        assert sorted(times)[len(times) * 9 // 10] < 0.5


def test_a_client_that_leaves_frees_its_worker(tmp_path: Path) -> None:
    write_store(tmp_path / "store", MANY)
    with serving(tmp_path / "store", "--timeout", "60", "--workers", "2") as running, running.client() as client:
        host, port = running.url.removeprefix("http://").split(":")
        for _ in range(3):
            with socket.create_connection((host, int(port))) as raw:
                text = f"query={DEATH}".replace(" ", "+").encode()
                raw.sendall(
                    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    b"Content-Length: %d\r\n\r\n%b" % (len(text), text)
                )
                time.sleep(0.3)
        deadline = time.monotonic() + 5
        while 'vetgraph_workers_ended{reason="left"} 3.0' not in client.get("/metrics").text:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        start = time.monotonic()
        assert ask(client, "ASK {}").status_code == 200
        assert time.monotonic() - start < 1


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * " + "{" * 3000 + "}" * 3000,
        "SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o " * 3000 + "}" * 3001,
        "SELECT * { FILTER(" + "(" * 10000 + "1" + ")" * 10000 + ") }",
        "SELECT * { FILTER(" + "!" * 10000 + "true) }",
        "SELECT * { FILTER(" + "true || " * 10000 + "true) }",
        "SELECT * { {} " + "UNION {} " * 10000 + "}",
        "SELECT " + "(1 AS ?v) " * 9000 + "{}",
        "SELECT * { ?s " + "/".join(["<p>"] * 9000) + " ?o }",
        "SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), '" + "(a+)+" * 200 + "$')) }",
        "SELECT * { VALUES ?x { " + " ".join(["1"] * 45_000) + " } }",
        "SELECT * { ?s ?p ?o BIND(" + "CONCAT(" * 2000 + "'a'" + ")" * 2000 + " AS ?x) }",
    ],
    ids=lambda query: query[:40],
)
def test_next_ask_answers_within_a_second(strict: Served, query: str) -> None:
    with strict.client() as client:
        answer = ask(client, query)
        assert answer.status_code in {200, 400, 422, 503}
        if answer.status_code != 200:
            assert answer.json()["error"]["detail"]
        start = time.monotonic()
        assert ask(client, "ASK {}").json()["boolean"] is True
        assert time.monotonic() - start < 1


def test_no_more_wait_than_may(tmp_path: Path) -> None:
    write_store(tmp_path / "store", MANY)
    options = ["--workers", "1", "--queue", "1", "--timeout", "2"]
    with serving(tmp_path / "store", *options) as running, running.client() as client:
        statuses: list[httpx.Response] = []
        threads = [threading.Thread(target=lambda: statuses.append(ask(client, DEATH))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        busy = [each for each in statuses if "busy" in each.json()["error"]["detail"]]
        assert len(busy) == 2
        assert all(each.status_code == 503 and each.headers["Retry-After"] for each in busy)


def test_rate(tmp_path: Path) -> None:
    write_store(tmp_path / "store", MANY)
    with serving(tmp_path / "store", "--rate", "1", "--burst", "5") as running, running.client() as client:
        answers = [ask(client, "ASK {}") for _ in range(8)]
        assert [each.status_code for each in answers].count(429) >= 3
        assert int(answers[-1].headers["Retry-After"]) >= 1
