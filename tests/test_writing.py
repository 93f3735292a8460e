"""Writing over HTTP: who may, what is refused, and that nothing acknowledged is lost."""

import contextlib
import gzip
import http.server
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

import samples
from serving import TOKEN, Served, serving
from vetgraph.store import write_store

GRAPH = "http://example.org/g"


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("impatient")
    write_store(folder / "store", b"")
    options = ["--write-timeout", "2"]
    with serving(folder / "store", *options, tokens=folder / "tokens") as running, running.writer() as client:
        yield client


@pytest.fixture
def client(writable_server: Served) -> Iterator[httpx.Client]:
    with writable_server.writer() as writing:
        assert update(writing, "DROP ALL").status_code == 204
        yield writing


def update(client: httpx.Client, text: str) -> httpx.Response:
    return client.post("/update", data={"update": text})


def count(client: httpx.Client, pattern: str = "?s ?p ?o") -> int:
    answer = client.post("/sparql", data={"query": f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"}).json()
    return int(answer["results"]["bindings"][0]["n"]["value"])


def put(client: httpx.Client, body: bytes, media: str = "text/turtle", **headers: str) -> httpx.Response:
    return client.put("/store", params={"graph": GRAPH}, content=body, headers={"Content-Type": media, **headers})


@pytest.mark.parametrize("authorization", ["", "Bearer", f"Basic {TOKEN}", "Bearer wrong", f"Bearer {TOKEN}x"])
def test_writing_needs_a_token(writable_server: Served, authorization: str) -> None:
    with writable_server.client(Authorization=authorization) as stranger:
        for answer in (
            update(stranger, "CLEAR ALL"),
            put(stranger, b""),
            stranger.delete("/store?default"),
            stranger.post("/store", content=b"", headers={"Content-Type": "text/turtle"}),
        ):
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
            assert set(answer.json()["error"]) == {"status", "title", "detail", "fix"}


def test_without_tokens_the_service_is_read_only(served: Served) -> None:
    with served.writer() as writer:
        assert update(writer, "CLEAR ALL").status_code == 403
        assert writer.delete("/store?default").status_code == 403
        assert writer.get("/store?default").status_code == 200


def test_tokens_are_rotated_without_a_restart(tmp_path: Path) -> None:
    write_store(tmp_path / "store", b"")
    tokens = tmp_path / "tokens"
    with serving(tmp_path / "store", tokens=tokens) as running:
        tokens.write_text(f"# two for a while\n{TOKEN}\nthe-next-token-of-the-service\n", encoding="utf-8")
        for token in (TOKEN, "the-next-token-of-the-service"):
            with running.client(Authorization=f"Bearer {token}") as writer:
                assert update(writer, "CLEAR ALL").status_code == 204
        tokens.write_text("the-next-token-of-the-service\n", encoding="utf-8")
        with running.writer() as old:
            assert update(old, "CLEAR ALL").status_code == 401
        tokens.unlink()
        with running.client(Authorization="Bearer the-next-token-of-the-service") as writer:
            assert update(writer, "CLEAR ALL").status_code == 403


def test_reading_is_open_to_any_origin_and_writing_to_listed_ones(tmp_path: Path) -> None:
    write_store(tmp_path / "store", b"")
    good, bad = "https://editor.example.org", "https://elsewhere.example.org"
    options = ["--allow-origin", good]
    with serving(tmp_path / "store", *options, tokens=tmp_path / "tokens") as running, running.writer() as client:
        for origin, allowed in [(good, good), (bad, "null")]:
            asked = client.options("/update", headers={"Origin": origin})
            assert asked.headers["Access-Control-Allow-Origin"] == allowed
            assert ("Access-Control-Allow-Headers" in asked.headers) is (origin == good)
            done = client.post("/update", data={"update": "CLEAR ALL"}, headers={"Origin": origin})
            assert done.headers["Access-Control-Allow-Origin"] == allowed
            read = client.get("/sparql?query=ASK%7B%7D", headers={"Origin": origin})
            assert read.headers["Access-Control-Allow-Origin"] == "*"
            for answer in (asked, done, read):
                assert "Access-Control-Allow-Credentials" not in answer.headers


def test_what_is_acknowledged_is_seen(client: httpx.Client) -> None:
    for n in range(10):
        assert update(client, f"INSERT DATA {{ <http://e/{n}> <http://e/p> {n} }}").status_code == 204
        assert count(client) == n + 1


def test_a_reader_sees_an_update_whole(writable_server: Served, client: httpx.Client) -> None:
    rows = " ".join(f"<http://e/{n}> <http://e/p> 1 ." for n in range(200))
    done = threading.Event()

    def write() -> None:
        with writable_server.writer() as writer:
            for _ in range(6):
                update(writer, f"INSERT DATA {{ {rows} }}")
                update(writer, "DELETE WHERE { ?s ?p ?o }")
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    seen = set()
    while not done.is_set():
        seen.add(count(client))
    thread.join()
    assert seen <= {0, 200}


def test_concurrent_updates_lose_nothing(writable_server: Served, client: httpx.Client) -> None:
    update(client, "INSERT DATA { <http://e/counter> <http://e/value> 0 }")
    add = "DELETE { ?c ?p ?n } INSERT { ?c ?p ?m } WHERE { ?c ?p ?n BIND(?n + 1 AS ?m) }"

    def work(_: int) -> int:
        with writable_server.writer() as writer:
            return sum(update(writer, add).status_code == 204 for _ in range(10))

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(work, range(6))) == 60
    assert count(client, "?c <http://e/value> 60") == 1


def test_a_failed_update_changes_nothing(client: httpx.Client) -> None:
    update(client, "INSERT DATA { <http://e/1> <http://e/p> 1 }")
    for text, status in [
        ("INSERT DATA { <http://e/2> <http://e/p> 2 } ; INSERT DATA {", 400),
        ("DELETE WHERE { ?s ?p ?o } ; LOAD <http://nowhere.invalid/x.ttl>", 403),
        ("DELETE WHERE { ?s ?p ?o } ; CREATE GRAPH <http://e/g> ; CREATE GRAPH <http://e/g>", 409),
        ("INSERT { ?s ?p 3 } WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 403),
    ]:
        refused = update(client, text)
        assert refused.status_code == status, refused.text
        assert refused.json()["error"]["detail"]
    assert count(client) == 1


def test_blank_nodes_of_two_uploads_never_merge(client: httpx.Client) -> None:
    for _ in range(2):
        posted = client.post(
            "/store", params={"graph": GRAPH}, content="_:a <http://e/p> 1 .", headers={"Content-Type": "text/turtle"}
        )
        assert posted.status_code in {201, 204}
    assert count(client, f"GRAPH <{GRAPH}> {{ ?s ?p ?o }}") == 2


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE r ['
    + b"".join(b'<!ENTITY e%d "%b">' % (n, b"&e%d;" % (n - 1) * 50 if n else b"x" * 50) for n in range(9))
    + b']><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    b'<rdf:Description rdf:about="http://e/a"><e:p>&e8;</e:p></rdf:Description></rdf:RDF>'
)
XXE = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    b'<rdf:Description rdf:about="http://e/a"><e:p>&x;</e:p></rdf:Description></rdf:RDF>'
)


@pytest.mark.parametrize(
    ("body", "media", "encoding"),
    [
        (b"<http://e/a> <http://e/p> .", "text/turtle", ""),
        (b'<http://e/a> <http://e/p> "\xff\xfe" .', "text/turtle", ""),
        (b"[ <http://e/p> " * 20_000 + b"1" + b"]" * 20_000, "text/turtle", ""),
        (b'{"@id": "http://e/a", "http://e/p": ' * 50_000 + b"1" + b"}" * 50_000, "application/ld+json", ""),
        (b"[" * 100_000, "application/ld+json", ""),
        (b'{"@context": "http://127.0.0.1:1/context", "@id": "a", "p": 1}', "application/ld+json", ""),
        (BOMB, "application/rdf+xml", ""),
        (XXE, "application/rdf+xml", ""),
        (b"no gzip", "text/turtle", "gzip"),
        (gzip.compress(b"<http://e/a> <http://e/p> 1 .\n")[:-9], "text/turtle", "gzip"),
        (b"<a> <p> 1 .", "image/png", ""),
        (b"<a> <p> 1 .", "text/turtle", "br"),
    ],
    ids=[
        "malformed", "no utf-8", "deep turtle", "deep json-ld", "deep array", "remote context", "entity bomb", "xxe",
        "no gzip", "cut gzip", "no rdf", "unknown encoding",
    ],
)  # fmt: skip
def test_bad_uploads(impatient: httpx.Client, body: bytes, media: str, encoding: str) -> None:
    client = impatient
    update(client, "DROP ALL")
    answer = put(client, body, media, **({"Content-Encoding": encoding} if encoding else {}))
    if answer.status_code not in {201, 204}:  # deep is no fault where the parser keeps up
        assert answer.status_code in {400, 413, 415, 422, 503}, answer.text
        assert answer.json()["error"]["detail"]
        assert count(client, "GRAPH ?g { ?s ?p ?o }") == 0
    assert "root:" not in client.get("/store", params={"graph": GRAPH}).text
    start = time.monotonic()
    assert client.get("/sparql?query=ASK%7B%7D").json()["boolean"] is True
    assert time.monotonic() - start < 1


def test_a_gzip_bomb_is_too_large(tmp_path: Path) -> None:
    write_store(tmp_path / "store", b"")
    options = ["--max-upload", "1"]
    with serving(tmp_path / "store", *options, tokens=tmp_path / "tokens") as running, running.writer() as client:
        packed = gzip.compress(b"<http://e/a> <http://e/p> 1 .\n" * 1_000_000)
        assert len(packed) < 1 << 20
        refused = put(client, packed, **{"Content-Encoding": "gzip"})
        assert refused.status_code == 400
        assert "larger" in refused.json()["error"]["detail"]
        assert put(client, b"#" * (2 << 20)).status_code == 413
        assert count(client) == 0


class _Documents(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "/doc.ttl")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/turtle")
        self.end_headers()
        self.wfile.write(b"<http://e/loaded> <http://e/p> [ <http://e/q> 2 ] .")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def documents() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Documents)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def loader(tmp_path_factory: pytest.TempPathFactory, documents: int) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("loader")
    write_store(folder / "store", b"")
    options = ["--allow-load", f"127.0.0.1:{documents}", "--allow-load", f"localhost:{documents}"]
    with serving(folder / "store", *options, tokens=folder / "tokens") as running, running.writer() as client:
        yield client


def test_load_reads_a_listed_host(loader: httpx.Client, documents: int) -> None:
    update(loader, "DROP ALL")
    document = f"<http://127.0.0.1:{documents}/doc.ttl>"
    text = "PREFIX e: <http://e/> INSERT DATA { e:a e:p 1 }"
    done = update(loader, f"{text} ; LOAD {document} INTO GRAPH <{GRAPH}>")
    assert done.status_code == 204, done.text
    assert count(loader, f"GRAPH <{GRAPH}> {{ <http://e/loaded> ?p [ ?q 2 ] }}") == 1
    assert update(loader, f"LOAD <http://127.0.0.1:{documents}/doc.ttl>").status_code == 204
    assert count(loader) == 3


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:{port}/doc.ttl",  # a name that leads to a private address
        "http://127.1:{port}/doc.ttl",
        "http://2130706433:{port}/doc.ttl",
        "http://0x7f000001:{port}/doc.ttl",
        "http://0.0.0.0:{port}/doc.ttl",
        "http://[::1]:{port}/doc.ttl",
        "http://[::ffff:127.0.0.1]:{port}/doc.ttl",
        "http://127.0.0.1/doc.ttl",
        "http://user@127.0.0.1:{port}/doc.ttl",
        "http://127.0.0.1:{port}@example.org/doc.ttl",
        "file:///etc/passwd",
        "ftp://127.0.0.1:{port}/doc.ttl",
        "http://169.254.169.254/latest/meta-data",
    ],
)
def test_load_reads_no_other(loader: httpx.Client, documents: int, address: str) -> None:
    update(loader, "DROP ALL")
    text = f"LOAD <{address.format(port=documents)}>"
    assert update(loader, text).status_code == 403
    assert update(loader, text.replace("LOAD", "LOAD SILENT")).status_code == 204
    assert count(loader) == 0


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://127.0.0.1:{port}/redirect>",
        "LOAD e:x",
        "PREFIX e: <http://127.0.0.1:{port}/> LOAD e:doc.ttl",
        "LOAD <http://127.0.0.1:{port}/doc.ttl> INTO GRAPH e:x",
        "INSERT DATA {{ <http://e/a> <http://e/p> 'a\\u0027 }} ; LO\\u0041D <http://127.0.0.1:{port}/doc.ttl>",
        "\\u004CO\\u0041D <http://127.0.0.1:{port}/doc.ttl>",
        "LOAD # <\n <http://127.0.0.1:{port}/doc.ttl> # LOAD <x>",
        "DELETE WHERE {{ ?a ?b ?c FILTER(?a<?b) }} ; LOAD <file:///etc/passwd>",
    ],
)
def test_load_cannot_be_hidden(loader: httpx.Client, documents: int, text: str) -> None:
    update(loader, "DROP ALL")
    refused = update(loader, text.format(port=documents))
    assert 400 <= refused.status_code < 600
    assert count(loader) == 0


def test_a_query_fetches_nothing(loader: httpx.Client, documents: int) -> None:
    query = f"SELECT * FROM <http://127.0.0.1:{documents}/doc.ttl> {{ ?s ?p ?o }}"  # noqa: S608
    assert loader.post("/sparql", data={"query": query}).json()["results"]["bindings"] == []


def test_a_build_is_swapped_in_without_a_failed_request(tmp_path: Path) -> None:
    write_store(tmp_path / "store", samples.nquads())
    with serving(tmp_path / "store", tokens=tmp_path / "tokens") as running, running.client() as client:
        stop, failures, versions = threading.Event(), [], set()

        def ask() -> None:
            with running.client() as asking:
                while not stop.is_set():
                    answer = asking.post("/sparql", data={"query": f"ASK {{ <http://e/{time.time()}> ?p ?o }}"})
                    if answer.status_code != 200:
                        failures.append(answer.text)

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for n in range(5):
            extra = f"<http://e/{n}> <http://e/p> {n} .\n".replace(f" {n} ", f' "{n}" ')
            write_store(tmp_path / "store", samples.nquads() + extra.encode())
            time.sleep(0.05)
            versions.add(client.get("/health").json()["store"])
            assert client.post("/sparql", data={"query": f"ASK {{ <http://e/{n}> ?p ?o }}"}).json()["boolean"] is True
            with running.writer() as writer:  # the writer goes on from the new build
                assert update(writer, f"INSERT DATA {{ <http://w/{n}> <http://e/p> 1 }}").status_code == 204
            assert count(client, f"<http://e/{n}> ?p ?o . <http://w/{n}> ?q ?r") == 1
        stop.set()
        for thread in threads:
            thread.join()
        assert not failures
        assert len(versions) == 5
        assert len(list((tmp_path / "store" / "generations").iterdir())) <= 6


@pytest.mark.kill
def test_killed_writers_lose_nothing_acknowledged(tmp_path: Path) -> None:
    write_store(tmp_path / "store", b"")
    acknowledged = 0
    for round_ in range(20):
        with serving(tmp_path / "store", tokens=tmp_path / "tokens") as running, running.writer() as client:
            assert count(client) >= acknowledged, round_
            try:
                stop = time.monotonic() + 0.02 * round_
                while time.monotonic() < stop or acknowledged == 0:
                    base = count(client)
                    text = " ".join(f"<http://e/{base + n}> <http://e/p> 1 ." for n in range(50))
                    if time.monotonic() >= stop - 0.02:
                        threading.Timer(0.005 * (round_ % 7), _kill_all, [running]).start()
                    if update(client, f"INSERT DATA {{ {text} }}").status_code == 204:
                        acknowledged = base + 50
                        assert acknowledged % 50 == 0
            except httpx.HTTPError:
                pass
            _kill_all(running)
    with serving(tmp_path / "store", tokens=tmp_path / "tokens") as running, running.writer() as client:
        found = count(client)
        assert found >= acknowledged
        assert found % 50 == 0


def _kill_all(running: Served) -> None:
    """End the service and everything that it started, at once."""
    family = [running.process.pid]
    for pid in family:
        with contextlib.suppress(OSError):  # the timer and the test both kill: threads and processes go meanwhile
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                with contextlib.suppress(OSError):
                    family += [int(child) for child in task.read_text(encoding="ascii").split()]
    for pid in family:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_etag_and_304(client: httpx.Client) -> None:
    url = "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D"
    first = client.get(url)
    tag = first.headers["ETag"]
    assert client.get(url).headers["ETag"] == tag
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(url, headers={"If-None-Match": tag, "Accept": "text/csv"}).status_code == 200
    update(client, "INSERT DATA { <http://e/1> <http://e/p> 1 }")
    changed = client.get(url, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert len(json.loads(changed.content)["results"]["bindings"]) == 1
    assert "ETag" not in client.get("/sparql?query=SELECT%20(NOW()%20AS%20%3Fx)%20%7B%7D").headers
