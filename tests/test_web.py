import json
import re
import socket
from typing import Any
from urllib.parse import quote

import httpx
import pytest

import samples
from serving import Served
from vetgraph import names, queries
from vetgraph.web import negotiation

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SELECT = "SELECT ?name { ?s skos:prefLabel ?name } ORDER BY ?name"
CONSTRUCT = "CONSTRUCT { ?s vetg:count ?n } { ?s vetg:count ?n }"
DIRECT = {"Content-Type": "application/sparql-query"}
FORM = "application/x-www-form-urlencoded"


def ask(query: str, **more: str) -> str:
    return "/sparql?" + "&".join(f"{k}={quote(v)}" for k, v in {"query": query, **more}.items())


@pytest.mark.parametrize(
    ("query", "accept", "media"),
    [
        (SELECT, "", "application/sparql-results+json"),
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/csv, application/json;q=0.9", "text/csv"),
        (SELECT, "text/csv;q=0.2, text/tab-separated-values;q=0.7", "text/tab-separated-values"),
        (SELECT, "application/sparql-results+json;q=0, */*", "application/json"),
        ("ASK {}", "application/xml", "application/xml"),
        (CONSTRUCT, "", "text/turtle"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
        ("DESCRIBE <https://w3id.org/vetgraph/id/school/a>", "text/turtle", "text/turtle"),
    ],
)
def test_negotiation(client: httpx.Client, query: str, accept: str, media: str) -> None:
    response = client.get(ask(query), headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == f"{media}; charset=utf-8"
    assert "Accept" in response.headers["Vary"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv", "text/csv"])
def test_format_parameter(client: httpx.Client, name: str) -> None:
    assert client.get(ask(SELECT, format=name), headers={"Accept": BROWSER}).status_code == 200


def test_both_posts(client: httpx.Client) -> None:
    expected = client.get(ask(SELECT)).content
    assert client.post("/sparql", data={"query": SELECT}).content == expected
    assert (
        client.post("/sparql", content=SELECT.encode(), headers={"Content-Type": "application/sparql-query"}).content
        == expected
    )
    chinese = "SELECT ?s { ?s skos:prefLabel '甲学校'@zh }"
    for response in (
        client.post("/sparql", data={"query": chinese}),
        client.post("/sparql", content=chinese, headers={"Content-Type": "application/sparql-query; charset=UTF-8"}),
        client.get(ask(chinese)),
    ):
        assert len(json.loads(response.content)["results"]["bindings"]) == 1


def test_dataset(client: httpx.Client) -> None:
    query = "SELECT ?s { ?s vetg:ownership ?o }"
    for url, count in [
        (ask(query, **{"default-graph-uri": samples.PASSAGE}), 3),
        (ask(query, **{"default-graph-uri": samples.REPORT}), 0),
        (ask("SELECT ?s { GRAPH ?g { ?s vetg:ownership ?o } }", **{"named-graph-uri": samples.PASSAGE}), 3),
    ]:
        assert len(json.loads(client.get(url).content)["results"]["bindings"]) == count


def test_head_and_options(client: httpx.Client) -> None:
    got, head = client.get(ask(SELECT)), client.head(ask(SELECT))
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(got.content))
    options = client.options("/sparql")
    assert options.status_code == 204
    assert "POST" in options.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    ("method", "url", "options", "status"),
    [
        ("GET", ask("SELECT * {"), {}, 400),
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", {}, 400),
        ("GET", "/sparql?query=%FF", {}, 400),
        ("GET", "/sparql?update=CLEAR%20ALL", {}, 400),
        ("GET", ask("SELECT * { SERVICE <http://127.0.0.1/> { } }"), {}, 403),
        ("GET", ask("SELECT * " + "{" * 9000), {}, 400),
        ("GET", ask(SELECT, format="turtle"), {}, 400),
        ("GET", ask(SELECT, **{"default-graph-uri": "no iri"}), {}, 400),
        ("GET", ask(SELECT), {"headers": {"Accept": "image/png"}}, 406),
        ("PUT", "/sparql", {}, 405),
        ("DELETE", ask(SELECT), {}, 405),
        ("POST", "/sparql", {"content": b"x", "headers": {"Content-Type": "text/plain"}}, 415),
        (
            "POST",
            "/sparql",
            {"content": b"x", "headers": {"Content-Type": f"{FORM}; charset=gbk"}},
            415,
        ),
        ("POST", "/sparql", {"content": b"CLEAR ALL", "headers": {"Content-Type": "application/sparql-update"}}, 400),
        ("POST", "/sparql", {"content": b"update=CLEAR+ALL", "headers": {"Content-Type": FORM}}, 400),
        ("POST", "/sparql", {"content": b"\xff", "headers": {"Content-Type": "application/sparql-query"}}, 400),
        (
            "POST",
            "/sparql",
            {"content": b"x" * 1_100_000, "headers": DIRECT},
            413,
        ),
        ("GET", "/nowhere", {}, 404),
        ("POST", "/health", {}, 405),
        ("GET", "/queries/nope", {}, 404),
        ("GET", "/queries/private-schools?colour=red", {}, 400),
    ],
)
def test_errors_have_one_shape(
    client: httpx.Client, method: str, url: str, options: dict[str, Any], status: int
) -> None:
    response = client.request(method, url, **options)
    assert response.status_code == status
    error = json.loads(response.content)["error"]
    assert set(error) == {"status", "title", "detail", "fix"}
    assert error["status"] == status
    assert error["detail"]
    if status == 405:
        assert response.headers["Allow"]
    headers = {**options.get("headers", {}), "Accept": "text/html"}
    page = client.request(method, url, **{**options, "headers": headers})
    if status != 406 and page.status_code != 200:
        assert page.status_code == status
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"


def test_query_errors_carry_a_caret_and_a_language(client: httpx.Client) -> None:
    response = client.get(ask("SELECT * {\n ?s ?p }"), headers={"Accept-Language": "zh-CN"})
    detail = json.loads(response.content)["error"]["detail"]
    assert "第 2 行第 9 列" in detail
    assert detail.endswith("\n" + " " * 8 + "^")


def test_a_browser_gets_a_form_and_a_table(client: httpx.Client) -> None:
    form = client.get("/sparql", headers={"Accept": BROWSER})
    assert form.status_code == 200
    assert "<textarea" in form.text
    answered = client.get(ask(SELECT), headers={"Accept": BROWSER}).text
    assert "甲学校" in answered
    assert "format=csv" in answered
    assert "Yes" in client.get(ask("ASK {}"), headers={"Accept": BROWSER}).text
    assert "vetg:count" in client.get(ask(CONSTRUCT), headers={"Accept": BROWSER}).text
    failed = client.get(ask("SELECT * {"), headers={"Accept": BROWSER})
    assert failed.status_code == 400
    assert "^" in failed.text


def test_nothing_becomes_markup(client: httpx.Client) -> None:
    evil = "SELECT ('<script>alert(1)</script>' AS ?x) {}"
    for url in (ask(evil), ask("<script>alert(1)</script>"), "/queries/%3Cscript%3E"):
        assert "<script>" not in client.get(url, headers={"Accept": BROWSER}).text


@pytest.mark.parametrize(("lang", "word"), [("zh", "中等职业学校"), ("en", "Secondary school")])
def test_start_page(client: httpx.Client, lang: str, word: str) -> None:
    response = client.get("/", headers={"Accept-Language": lang, "Accept": BROWSER})
    assert word in response.text
    assert f"<strong>{len(samples.SCHOOLS)}</strong>" in response.text
    assert "/queries" in response.text
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "unsafe" not in policy
    for asset in re.findall(r'href="(/static/[^"]+)"', response.text):
        assert client.get(asset).status_code == 200


def test_the_language_switch_stays(client: httpx.Client) -> None:
    response = client.get("/?lang=zh")
    assert 'lang="zh-CN"' in response.text
    assert "lang=zh" in response.headers["Set-Cookie"]


def test_named_query(client: httpx.Client) -> None:
    page = client.get("/queries/private-schools", headers={"Accept": BROWSER})
    assert queries.get("private-schools").title.en in page.text
    variables = client.get("/queries/private-schools").json()["head"]["vars"]
    csv = client.get("/queries/private-schools?format=csv")
    assert csv.text.startswith("\ufeff" + ",".join(variables))
    assert 'filename="private-schools.csv"' in csv.headers["Content-Disposition"]
    assert client.get("/queries/private-schools", headers={"Accept": "text/csv"}).text.startswith(",".join(variables))
    assert client.get("/queries/private-schools?format=xlsx").content.startswith(b"PK")
    wrong = client.get("/queries/students?year=25", headers={"Accept": BROWSER})
    assert wrong.status_code == 400
    assert "four digits" in wrong.text


def test_health(client: httpx.Client) -> None:
    told = client.get("/health").json()
    assert told["status"] == "ok"
    assert told["store"]
    assert client.get("/health/live").json() == {"status": "ok"}


def test_quality_of_the_most_specific_range_wins() -> None:
    assert negotiation.best("text/*;q=0.5, text/csv;q=0.1, */*;q=0.2", ("text/csv", "text/xml")) == "text/xml"
    assert negotiation.best("text/csv;q=oops", ("text/csv",)) is None
    assert negotiation.wants_html(BROWSER)
    assert not negotiation.wants_html("*/*")
    assert negotiation.language(None, None, "fr, zh-TW;q=0.8, en;q=0.2") == "zh"


def test_an_address_need_not_be_escaped(served: Served) -> None:
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as raw:
        raw.sendall("GET /search?q=甲学校&format=csv HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert names.thing("school", "a").encode() in answer
