"""The whole dataset as a file."""

import gzip
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

import samples
from vetgraph.store import EmbeddedStore, open_store, write_store
from vetgraph.web.app import create_app
from vetgraph.web.service.dumps import Dumps

FORMATS = {"nq": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG}


class Counting(EmbeddedStore):
    """A store that counts its dumps."""

    dumps = 0

    def dump(self, path: Path, form: str) -> None:
        """Count, and dump."""
        self.dumps += 1
        super().dump(path, form)


class Served:
    """A store that others write, as the pool's is: its version follows, and it has a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def version(self) -> str:
        """The current content."""
        return (self.path / "CURRENT").read_text("ascii").strip()


def counting() -> Counting:
    native = ox.Store()
    native.bulk_load(samples.nquads(), ox.RdfFormat.N_QUADS)
    return Counting(native)


@pytest.fixture
def app() -> Flask:
    return create_app(counting())


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


def quads(body: bytes, form: str) -> set[ox.Quad]:
    return set(ox.parse(input=body, format=FORMATS[form]))


@pytest.mark.parametrize("form", FORMATS)
def test_a_dump_holds_everything(client: FlaskClient, form: str) -> None:
    with client.get(f"/dump.{form}") as response:
        assert quads(response.data, form) == quads(samples.nquads(), "nq")
        assert response.mimetype in {"application/n-quads", "application/trig"}
        assert response.headers["Content-Disposition"] == f"attachment; filename=vetgraph.{form}"
        assert response.headers["Last-Modified"]
        assert response.headers["Accept-Ranges"] == "bytes"
        assert "Accept-Encoding" in response.headers["Vary"]
        size, tag, date = len(response.data), response.headers["ETag"], response.headers["Last-Modified"]
    with client.head(f"/dump.{form}") as head:
        assert (head.data, head.headers["Content-Length"]) == (b"", str(size))
    for condition in ({"If-None-Match": tag}, {"If-Modified-Since": date}):
        with client.get(f"/dump.{form}", headers=condition) as kept:
            assert kept.status_code == 304


@pytest.mark.parametrize(
    ("asked", "first", "last"), [("bytes=0-9", 0, 10), ("bytes=100-", 100, None), ("bytes=-7", -7, None)]
)
def test_ranges(client: FlaskClient, asked: str, first: int, last: int | None) -> None:
    with client.get("/dump.nq") as whole:
        data, tag = whole.data, whole.headers["ETag"]
    headers = {"Range": asked, "Accept-Encoding": "gzip"}
    with client.get("/dump.nq", headers=headers) as part:
        assert part.status_code == 206
        assert part.data == data[first:last]
        assert part.headers["Content-Range"].endswith(f"/{len(data)}")
        assert "Content-Encoding" not in part.headers
    with client.get("/dump.nq", headers={**headers, "If-Range": tag}) as part:
        assert part.status_code == 206
    with client.get("/dump.nq", headers={**headers, "If-Range": '"another"'}) as part:
        assert (part.status_code, part.data) == (200, data)


def test_a_range_beyond_the_end(client: FlaskClient) -> None:
    with client.get("/dump.nq", headers={"Range": "bytes=99999999-"}) as response:
        assert response.status_code == 416
        assert json.loads(response.data)["error"]["status"] == 416


@pytest.mark.parametrize(
    ("accept", "packed"),
    [("gzip", True), ("gzip, deflate, br", True), ("identity", False), ("gzip;q=0", False), ("", False)],
)
def test_gzip_where_asked_for(client: FlaskClient, accept: str, packed: bool) -> None:  # noqa: FBT001 - a test's value
    with client.get("/dump.nq", headers={"Accept-Encoding": accept}) as response:
        assert (response.headers.get("Content-Encoding") == "gzip") is packed
        body = gzip.decompress(response.data) if packed else response.data
        assert quads(body, "nq") == quads(samples.nquads(), "nq")
        assert int(response.headers["Content-Length"]) == len(response.data)
        tag = response.headers["ETag"]
    with client.get("/dump.nq", headers={"Accept-Encoding": accept, "If-None-Match": tag}) as kept:
        assert kept.status_code == 304
    with client.get("/dump.nq", headers={"Accept-Encoding": "gzip" if not packed else "identity"}) as other:
        assert other.headers["ETag"] != tag


def test_first_requests_at_once_make_it_once() -> None:
    store = counting()
    app = create_app(store)
    gate = threading.Barrier(8)

    def ask() -> bytes:
        gate.wait()
        with app.test_client() as client, client.get("/dump.nq") as response:
            return bytes(response.data)

    with ThreadPoolExecutor(8) as pool:
        bodies = {future.result() for future in [pool.submit(ask) for _ in range(8)]}
    assert len(bodies) == 1
    assert store.dumps == 1


def test_a_new_content_replaces_the_old_file(tmp_path: Path) -> None:
    write_store(tmp_path / "store", samples.nquads())
    dumps, store = Dumps(), Served(tmp_path / "store")
    old, version = dumps.made(store, "nq")
    packed, _ = dumps.made(store, "nq.gz")
    assert version == store.version
    assert dumps.ready(version, "nq") == old
    assert packed.exists()
    write_store(tmp_path / "store", b"<x:s> <x:p> <x:o> .\n")
    new, later = dumps.made(store, "nq")
    assert later == store.version != version
    assert new.read_bytes() == b"<x:s> <x:p> <x:o> .\n"
    assert [file.name for file in new.parent.iterdir()] == [new.name]
    assert dumps.ready(version, "nq") is None


def test_the_files_go_with_the_application(tmp_path: Path) -> None:
    write_store(tmp_path / "store", samples.nquads())
    dumps = Dumps()
    with_it = dumps.made(open_store(tmp_path / "store"), "trig")[0].parent
    assert with_it.stat().st_mode & 0o077 == 0
    del dumps
    assert not with_it.exists()


def test_the_folder_can_be_chosen(tmp_path: Path) -> None:
    app = create_app(counting())
    app.config["DUMP_FOLDER"] = tmp_path
    with app.test_client() as client, client.get("/dump.nq") as response:
        assert response.status_code == 200
    assert [file.suffix for file in tmp_path.rglob("*") if file.is_file()] == [".nq"]


def test_a_store_that_is_elsewhere() -> None:
    class Elsewhere:
        version = "1"

    app = create_app(counting())
    app.extensions["vetgraph.store"] = Elsewhere()
    with app.test_client() as client, client.get("/dump.nq") as response:
        assert response.status_code == 501
        assert "/sparql" in json.loads(response.data)["error"]["fix"]


def test_a_full_disk_is_said_in_one_line(tmp_path: Path) -> None:
    from vetgraph.errors import StoreError

    with pytest.raises(StoreError, match="writing"):
        counting().dump(tmp_path / "no" / "such" / "folder", "nq")
