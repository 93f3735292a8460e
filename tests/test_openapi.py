"""The description of the routes: valid, whole, and true of what the service answers."""

import re
import subprocess
import sys

import httpx
from openapi_spec_validator import validate

from serving import Served
from vetgraph.store import EmbeddedStore
from vetgraph.web import create_app
from vetgraph.web.describing.api import description

DESCRIBED = description()
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance"
)


def test_it_is_valid(client: httpx.Client, served: Served) -> None:
    found = client.get("/openapi.json").json()
    validate(found)
    assert found["servers"] == [{"url": served.url}]
    assert found["info"]["version"] != "0"


def test_every_route_is_described() -> None:
    app = create_app(EmbeddedStore.of(b""))
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            assert re.sub(r"<(?:[^<>:]+:)?(\w+)>", r"{\1}", rule.rule) in DESCRIBED["paths"]
    assert {"/update", "/store", "/store/{path}", "/metrics", "/health/live"} <= DESCRIBED["paths"].keys()


def test_the_service_keeps_to_it(writable_server: Served) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{writable_server.url}/openapi.json"]
    options = ["--max-examples", "5", "--seed", "1", "--phases", "fuzzing,coverage", "--checks", CHECKS]
    token = ["--header", f"Authorization: Bearer {writable_server.token}"]
    done = subprocess.run([*command, *options, *token], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout[-6000:]
    tested = re.search(r"Selected: (\d+)/(\d+)\s+Tested: (\d+)", done.stdout)
    assert tested is not None
    assert len(set(tested.groups())) == 1
    assert int(tested[1]) > len(DESCRIBED["paths"])
