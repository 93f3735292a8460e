"""How much script a page loads: what its HTML names, and what that script asks for in turn."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vetgraph.build import build_graph
from vetgraph.web import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "src" / "vetgraph" / "web" / "static"
MOST = 300_000
EDITOR = "/sparql"
KINDS = [
    "/page/school/xuchang-keji",
    "/page/region/xuchang",
    "/page/report/xuchang-2025/s6-2",
    "/tables/awards?group=series&by=prize",
    "/compare?of=id:school/xuchang-keji&of=id:school/xuchang-gongshang",
    "/compare/figures",
    "/queries/schools",
    "/networks/group-fellows",
    "/search?q=许昌",
    "/cite?of=id:school/xuchang-keji",
    "/no-such-page",
]
"""Pages whose addresses say more than a route does."""

_SOURCE = re.compile(r'<script\b[^>]*\bsrc="([^"]+)"|<link rel="preload" as="script" href="([^"]+)"')
_ASKS = re.compile(r"""(?:^|[^.\w])(?:import\s*[({"'*\w]|new (?:Shared)?Worker\()""", re.MULTILINE)


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    app = create_app(build_graph(ROOT / "data", validate=False).store)
    app.testing = True
    return app.test_client()


def page(client: FlaskClient, path: str) -> str:
    """Return a page; empty where the answer is no page."""
    with client.get(path, headers={"Accept": "text/html"}) as answer:
        text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        return text if "<header" in text else ""


def scripts(client: FlaskClient, text: str, encoding: str = "identity") -> dict[str, int]:
    """Return the scripts that a page loads, with the bytes of their answers."""
    found = {}
    for path in {path for either in _SOURCE.findall(text) for path in either if path}:
        with client.get(path, headers={"Accept-Encoding": encoding}) as answer:
            assert answer.status_code == 200, path
            found[path] = len(answer.data)
    return found


def test_no_page_but_the_editor_loads_much_script(client: FlaskClient) -> None:
    rules = client.application.url_map.iter_rules()
    plain = {rule.rule for rule in rules if "GET" in (rule.methods or ()) and not rule.arguments}
    pages = {path: text for path in (*sorted(plain), *KINDS) if (text := page(client, path))}
    assert len(pages) > len(KINDS) + 10
    editor = pages.pop(EDITOR)
    assert any("yasqe" in path for path in scripts(client, editor)), "the editor is the one that is let off"
    for path, text in pages.items():
        loaded = scripts(client, text)
        assert loaded, path
        own = sum(size for name, size in loaded.items() if "/vendor/" not in name)
        assert own < MOST / 3, (path, loaded)
        sent = scripts(client, text, "gzip")
        assert sum(sent.values()) < MOST, (path, sent)


def test_the_network_is_counted_with_its_libraries(client: FlaskClient) -> None:
    loaded = scripts(client, page(client, "/networks/group-fellows"))
    assert any("sigma" in path for path in loaded)
    assert sum(loaded.values()) < 1.1 * MOST  # before it is packed


def test_a_page_is_packed_for_who_accepts_it(client: FlaskClient) -> None:
    for path in ("/page/school/xuchang-keji", "/static/search.js", "/static/site.css", "/openapi.json"):
        with client.get(path, headers={"Accept-Encoding": "gzip", "Accept": "text/html"}) as packed:
            assert packed.headers["Content-Encoding"] == "gzip", path
            assert "Accept-Encoding" in packed.headers["Vary"]
            text, tag, length = gzip.decompress(packed.data), packed.headers.get("ETag"), packed.content_length
        with client.get(path, headers={"Accept-Encoding": "gzip;q=0", "Accept": "text/html"}) as plain:
            assert "Content-Encoding" not in plain.headers
            assert plain.data == text
            assert length is not None
            assert length < len(text) / 2
        if tag:
            with client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": tag}) as same:
                assert same.status_code == 304, path


def test_no_script_of_ours_asks_for_another_that_the_page_does_not_name() -> None:
    own = [path for path in STATIC.rglob("*.js") if "vendor" not in path.parts]
    assert len(own) > 5
    assert [path.name for path in own if _ASKS.search(path.read_text(encoding="utf-8"))] == []
