"""The Reconciliation Service API over a real server: asked as OpenRefine asks, by the published schemas, and oddly."""

from __future__ import annotations

import csv
import json
import os
import re
import threading
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT7

import samples
from openrefine import OpenRefine
from serving import Served, serving
from vetgraph import names
from vetgraph.build import build_graph
from vetgraph.errors import UsageError
from vetgraph.reconciliation import Reconciliation, asked, reading, schema
from vetgraph.store import write_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx


ROOT = Path(__file__).parent.parent
FOLDER = os.environ.get("VETGRAPH_RECONCILIATION", "")
SCHOOLS = ["许昌科技学校", "许昌工商管理学校", "禹州市中等专业学校", "长葛立兴职业高中"]


@pytest.fixture(scope="module")
def web(report: Served) -> Iterator[httpx.Client]:
    with report.client() as client:
        client.get("/reconcile/suggest/entity?prefix=a")  # so that no test waits for the index
        yield client


@pytest.fixture(scope="module")
def refine(web: httpx.Client) -> OpenRefine:
    client = OpenRefine(web)
    client.add()
    return client


def batch(web: httpx.Client, *queries: dict[str, Any], path: str = "/reconcile") -> list[list[dict[str, Any]]]:
    sent = {f"q{index}": query for index, query in enumerate(queries)}
    response = web.post(path, data={"queries": json.dumps(sent)})
    assert response.status_code == 200, response.text
    found = response.json()
    return [found[key]["result"] for key in sent]


def refused(response: httpx.Response, status: int, *told: str) -> None:
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert error["status"] == status
    for text in told:
        assert text in error["detail"] + error["fix"]


# As OpenRefine asks


def test_a_column_is_reconciled_and_extended(refine: OpenRefine) -> None:
    rows = [{"学校": name, "性质": "公办", "市": "许昌市"} for name in SCHOOLS]
    assert refine.guess_types(SCHOOLS)[:2] == ["SecondarySchool", "Institution"]
    found = refine.reconcile(rows, "学校", "SecondarySchool", {"性质": "ownership", "市": "region"})
    assert [result[0]["name"] for result in found] == SCHOOLS
    assert [result[0]["match"] for result in found] == [True, True, True, False]  # the last is private
    wanted = [prop["id"] for prop in refine.proposals("SecondarySchool")]
    assert {"ownership", "region", "titles-held", "prizes"} <= set(wanted)
    ids = [result[0]["id"] for result in found]
    extended = refine.extend(ids, [{"id": "ownership"}, {"id": "region"}, {"id": "prizes"}])
    assert [meta["id"] for meta in extended["meta"]] == ["ownership", "region", "prizes"]
    assert extended["rows"]["school/xuchang-keji"] == {
        "ownership": [{"str": "公办"}],
        "region": [{"id": "region/xuchang", "name": "许昌市"}],
        "prizes": [{"int": 4}],
    }
    assert extended["rows"][ids[3]]["ownership"] == [{"str": "民办"}]


def test_the_tutorial_tells_what_comes(refine: OpenRefine) -> None:
    text = (ROOT / "docs" / "openrefine.md").read_text("utf-8")
    table = re.search(r"```csv\n(.+?)```", text, re.DOTALL)
    assert table is not None
    rows = list(csv.DictReader(table[1].splitlines()))
    told = re.findall(r"^\| (\S+) \| (\S+) \| (是|否) \|", text, re.MULTILINE)
    found = refine.reconcile(rows, "学校", "SecondarySchool", {"区划": "region", "性质": "ownership"})
    came = [(result[0]["name"], "是" if result[0]["match"] else "否") if result else ("–", "否") for result in found]
    assert [(row["学校"], *result) for row, result in zip(rows, came, strict=True)] == told


def test_a_reconciled_column_of_regions_is_evidence(web: httpx.Client) -> None:
    here = {"pid": "region", "v": {"id": "region/xuchang", "name": "许昌市"}}
    elsewhere = {"pid": "region", "v": [{"id": "region/luoyang", "name": "洛阳市"}]}
    yes, no = batch(web, {"query": SCHOOLS[0], "properties": [here]}, {"query": SCHOOLS[0], "properties": [elsewhere]})
    assert (yes[0]["match"], no[0]["match"]) == (True, False)
    assert yes[0]["score"] > no[0]["score"]
    assert {"id": "region", "value": False} in no[0]["features"]


def test_a_region_agrees_with_those_around_it(web: httpx.Client) -> None:
    def agrees(value: str) -> list[Any]:
        (found,) = batch(web, {"query": "长葛立兴职业高中", "properties": [{"pid": "region", "v": value}]})
        return [each["value"] for each in found[0]["features"] if each["id"] == "region"]

    assert agrees("河南省") == agrees("许昌") == [True]
    assert agrees("洛阳市") == [False]


def test_a_code_finds_its_college(web: httpx.Client) -> None:
    for value in (4141012067, "4141012067", 4141012067.0):
        (found,) = batch(web, {"properties": [{"pid": "org:identifier", "v": value}]})
        assert [each["id"] for each in found] == ["college/xuchang-zhiye"]


def test_identifiers_find_their_thing(web: httpx.Client) -> None:
    iri = "https://w3id.org/vetgraph/id/school/xuchang-keji"
    for text in ("school/xuchang-keji", "id:school/xuchang-keji", iri, "https://host/page/school/xuchang-keji"):
        (found,) = batch(web, {"query": text})
        assert [(each["id"], each["match"], each["score"]) for each in found] == [("school/xuchang-keji", True, 100)]
        assert "許" not in web.get("/reconcile/preview", params={"id": text}).text


def test_types_narrow_the_search(web: httpx.Client) -> None:
    name = "许昌科技学校"
    for kind in ("SecondarySchool", "Institution", "vetg:SecondarySchool", ["Region", "Institution"]):
        assert batch(web, {"query": name, "type": kind})[0][0]["match"]
    assert batch(web, {"query": name, "type": "Region"}) == [[]]
    assert batch(web, {"query": name, "type": ["Region", "Institution"], "type_strict": "all"}) == [[]]
    (wished,) = batch(web, {"query": name, "type": "Region", "type_strict": "should"})
    assert (wished[0]["id"], wished[0]["match"]) == ("school/xuchang-keji", False)


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("许昌职业技术学院", "college/xuchang-zhiye"),
        ("教育部", "body/moe"),
        ("电子商务", "programme/e-commerce"),
        ("禹州市", "region/xuchang-yuzhou"),
        ("世界职业院校技能大赛", "competition/world-skills"),
        ("许朝军", "person/xu-chaojun"),
    ],
)
def test_every_kind_is_found(web: httpx.Client, name: str, identifier: str) -> None:
    assert batch(web, {"query": name})[0][0]["id"] == identifier


def test_what_is_not_there_is_not_found(web: httpx.Client) -> None:
    unknown, empty, long = batch(web, {"query": "火星职业学院"}, {"query": " "}, {"query": "学" * 100_000})
    assert not any(each["match"] for each in unknown)
    assert empty == long == []


# The rest of the protocol


def test_the_manifest_names_what_answers(web: httpx.Client, refine: OpenRefine, report: Served) -> None:
    told = refine.manifest
    assert told["versions"] == ["0.1", "0.2"]
    assert told["identifierSpace"] + "school/xuchang-keji" == "https://w3id.org/vetgraph/id/school/xuchang-keji"
    assert told["view"]["url"] == f"{report.url}/id/{{{{id}}}}"
    assert refine.view("school/xuchang-keji").status_code == 200
    for address in (told["documentation"], told["logo"]):
        assert web.get(address).status_code == 200
    html = web.get("/reconcile", headers={"Accept": "text/html"})
    assert html.headers["content-type"] == "application/json"
    assert web.get("/reconcile", headers={"Accept-Language": "en"}).json()["name"].startswith("Vocational")


def test_a_batch_comes_by_address_or_form_and_a_name_by_itself(web: httpx.Client) -> None:
    queries = json.dumps({"a": {"query": SCHOOLS[0], "limit": 1}})
    by_get = web.get("/reconcile", params={"queries": queries}).json()
    assert by_get == web.post("/reconcile", data={"queries": queries}).json()
    assert by_get == web.post("/reconcile", files={"queries": (None, queries)}).json()
    for single in (SCHOOLS[0], json.dumps({"query": SCHOOLS[0]})):
        assert web.get("/reconcile", params={"query": single, "limit": "1"}).json() == by_get["a"]


def test_old_clients_get_a_call(web: httpx.Client) -> None:
    response = web.get("/reconcile", params={"callback": "jQuery17_1.done", "query": SCHOOLS[0]})
    assert response.headers["content-type"] == "application/javascript; charset=utf-8"
    called = re.fullmatch(r"/\*\*/jQuery17_1\.done\((\{.*\})\);", response.text)
    assert called is not None
    assert json.loads(called[1])["result"][0]["name"] == SCHOOLS[0]
    for bad in ("alert(1)", "a;b", "", "a\u2028b", "1a", "a..b", "'", "<script>", "许昌"):
        refused(web.get("/reconcile", params={"callback": bad}), 400, "callback")


def test_suggestions(web: httpx.Client, refine: OpenRefine) -> None:
    assert refine.suggest("entity", "许昌科技")[0]["id"] == "school/xuchang-keji"
    assert refine.suggest("entity", "school/xuchang-keji")[0]["id"] == "school/xuchang-keji"
    for typed in ("xckj", "xuchang keji", "许昌科机学校"):
        assert refine.suggest("entity", typed)[0]["id"] == "school/xuchang-keji"
    assert refine.suggest("type", "secondary")[0]["id"] == "SecondarySchool"
    assert refine.suggest("property", "办学")[0]["id"] == "ownership"
    assert [each["id"] for each in refine.suggest("property", "region")] == ["region"]
    first = web.get("/reconcile/suggest/entity", params={"prefix": "许昌", "limit": 4}).json()["result"]
    second = web.get("/reconcile/suggest/entity", params={"prefix": "许昌", "limit": 2, "cursor": 2}).json()["result"]
    assert first[2:] == second
    regions = web.get("/reconcile/suggest/entity", params={"prefix": "许昌", "type": "Region"}).json()["result"]
    assert {each["notable"][0]["id"] for each in regions} == {"Region"}
    refused(web.get("/reconcile/suggest/nothing"), 404, "entity")


def test_a_preview_fits_a_frame_of_any_site(refine: OpenRefine) -> None:
    response = refine.preview("school/xuchang-keji")
    assert response.headers["content-type"].startswith("text/html")
    policy = response.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "script" not in policy
    assert "x-frame-options" not in response.headers
    for text in ("许昌科技学校", "中等职业学校", "公办", "许昌市", "school/xuchang-keji"):
        assert text in response.text
    assert refine.preview("school/nothing").status_code == 404


def test_settings_of_a_property(refine: OpenRefine) -> None:
    def column(prop: str, **settings: object) -> list[dict[str, Any]]:
        found = refine.extend(["school/xuchang-keji"], [{"id": prop, "settings": settings}])
        return list(found["rows"]["school/xuchang-keji"][prop])

    assert len(column("offers")) == 3
    assert len(column("offers", limit="2")) == 2
    assert column("offers", content="count") == [{"int": 3}]
    assert column("ownership", content="ids") == [{"str": "code/ownership/public"}]
    (source,) = column("ownership", content="sources")
    assert "https://w3id.org/vetgraph/report/xuchang-2025/" in source["str"]


def test_what_other_lists_say_comes_as_columns(refine: OpenRefine) -> None:
    columns = ["on-lists", "names-on-lists", "codes-on-lists"]
    rows = refine.extend(["school/xuchang-keji", "region/xuchang-yuzhou"], [{"id": each} for each in columns])["rows"]
    school, region = rows["school/xuchang-keji"], rows["region/xuchang-yuzhou"]
    assert any("优质学校" in each["str"] for each in school["on-lists"])
    assert {"str": "许昌科技学校"} in school["names-on-lists"]
    assert {"str": "411081"} in region["codes-on-lists"]


def test_values_have_their_kind(refine: OpenRefine) -> None:
    ids = ["activity/xuchang-2025-quality-selection", "event/smart-finance-3", "competition/brics", "nothing", ""]
    found = refine.extend(ids, [{"id": "skos:altLabel"}, {"id": "edition"}, {"id": "series"}])["rows"]
    assert found["event/smart-finance-3"]["edition"] == [{"int": 3}]
    assert [each["id"] for each in found["event/smart-finance-3"]["series"]] == ["competition/smart-finance"]
    assert {"str": "2025年“一带一路”暨金砖国家技能发展与技术创新大赛"} in found["competition/brics"]["skos:altLabel"]
    assert found["nothing"] == found[""] == {"skos:altLabel": [], "edition": [], "series": []}


def test_the_draft(web: httpx.Client) -> None:
    assert web.get("/reconcile/1.0").json()["versions"] == ["1.0-draft"]
    name = {"matchType": "name", "propertyValue": SCHOOLS[0]}
    private = {"matchType": "property", "propertyId": "ownership", "propertyValue": ["民办"]}
    queries = [
        {"conditions": [name], "type": "SecondarySchool", "limit": 1},
        {"conditions": [name, private]},
        {"conditions": [name, {**private, "required": True}]},
        {"conditions": [name, {**private, "required": True, "matchQuantifier": "none"}]},
        {"conditions": [{"matchType": "id", "propertyValue": "school/xuchang-keji"}]},
    ]
    matched = web.post("/reconcile/1.0/match", json={"queries": queries})
    assert matched.status_code == 200, matched.text
    results = matched.json()["results"]
    tops = [[(each["id"], each["match"]) for each in result["candidates"][:1]] for result in results]
    yes = [("school/xuchang-keji", True)]
    assert tops[:2] == [yes, [("school/xuchang-keji", False)]]
    assert "school/xuchang-keji" not in [each["id"] for each in results[2]["candidates"]]
    assert tops[3:] == [yes, yes]
    extended = web.post("/reconcile/1.0/extend", json={"ids": ["region/xuchang"], "properties": [{"id": "within"}]})
    values = [{"id": "region/henan", "name": "河南省"}]
    assert extended.json()["rows"] == [{"id": "region/xuchang", "properties": [{"id": "within", "values": values}]}]
    assert web.get("/reconcile/1.0/suggest/type?prefix=").json()["result"]
    assert web.get("/reconcile/1.0/extend/propose?type=Region").json()["properties"]
    assert web.get("/reconcile/1.0/preview?id=region/xuchang").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/reconcile", "/reconcile/suggest/entity", "/reconcile/properties", "/reconcile/1.0/match", "/reconcile/preview"],
)
def test_any_origin_may_ask(web: httpx.Client, path: str) -> None:
    asks = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    response = web.options(path, headers={**asks, "Access-Control-Request-Headers": "content-type"})
    assert response.status_code in {200, 204}
    assert response.headers["access-control-allow-origin"] == "*"
    assert "content-type" in response.headers["access-control-allow-headers"].lower()
    assert web.get(f"{path}?queries=[").headers["access-control-allow-origin"] == "*"


# The published schemas


@cache
def validator(version: str, name: str) -> jsonschema.protocols.Validator:
    """The schemas name no draft; theirs is that of the time, 7."""
    read = {file.stem: json.loads(file.read_text("utf-8")) for file in Path(FOLDER, version, "schemas").glob("*.json")}
    registry: Registry[Any] = Registry()
    registry = registry.with_resources((rules["$id"], DRAFT7.create_resource(rules)) for rules in read.values())
    return jsonschema.Draft7Validator(read[name], registry=registry)


@pytest.mark.skipif(not FOLDER, reason="VETGRAPH_RECONCILIATION names no folder with the API's schemas")
@pytest.mark.parametrize("version", ["0.1", "0.2", "1.0-draft"])
def test_every_answer_keeps_to_the_published_schema(web: httpx.Client, version: str) -> None:
    draft = version.startswith("1.0")
    root = "/reconcile/1.0" if draft else "/reconcile"
    things = ["school/xuchang-keji", "college/xuchang-zhiye", "activity/xuchang-2025-quality-selection", "region/henan"]
    wanted = {"ids": things, "properties": [{"id": each} for each in schema.load().properties]}
    named = [{"query": name, "properties": [{"pid": "region", "v": "许昌市"}]} for name in (*SCHOOLS, "汽修学校", "")]
    conditions = [
        {"matchType": "property", "propertyId": "region", "propertyValue": "许昌市"},
        {"matchType": "name", "propertyValue": "许昌科技学校"},
    ]
    if draft:
        matched = web.post(
            f"{root}/match", json={"queries": [{"conditions": conditions}, {"conditions": conditions[:1]}]}
        )
        extended = web.post(f"{root}/extend", json=wanted)
    else:
        matched = web.post(root, data={"queries": json.dumps({f"q{i}": query for i, query in enumerate(named)})})
        extended = web.post(root, data={"extend": json.dumps(wanted)})
    answers = {
        "manifest": [web.get(root), web.get(f"{root}?lang=en")],
        "reconciliation-result-batch": [matched],
        "data-extension-response": [extended],
        "suggest-entities-response": [web.get(f"{root}/suggest/entity?prefix={each}") for each in ("许昌", "", "x")],
        "suggest-types-response": [web.get(f"{root}/suggest/type?prefix={each}") for each in ("", "school", "无")],
        "suggest-properties-response": [web.get(f"{root}/suggest/property?prefix={each}") for each in ("", "re")],
    }
    if version != "0.1":
        path = "extend/propose" if draft else "properties"
        answers["data-extension-property-proposal"] = [web.get(f"{root}/{path}?type=Institution&limit=5")]
    for name, responses in answers.items():
        for response in responses:
            assert response.status_code == 200, response.text
            validator(version, name).validate(response.json())


@pytest.mark.skipif(not FOLDER, reason="VETGRAPH_RECONCILIATION names no folder with the API's schemas")
@pytest.mark.parametrize("version", ["0.1", "0.2", "1.0-draft"])
def test_the_published_examples_are_read(version: str) -> None:
    read = asked.conditions if version.startswith("1.0") else asked.batch
    examples = Path(FOLDER, version, "examples", "reconciliation-query-batch")
    valid = list((examples / "valid").glob("*.json"))
    for file in valid:
        found = reading.parse(file.read_text("utf-8"), "queries")
        if "matchQualifier" in file.read_text("utf-8"):  # an option that this service does not offer
            with pytest.raises(UsageError, match="matchQualifier"):
                read(found)
        else:
            assert read(found), file
    for file in (examples / "invalid").glob("*.json"):
        if file.stem == "empty-query" and version == "0.1":
            continue
        with pytest.raises(UsageError):
            read(reading.parse(file.read_text("utf-8"), "queries"))
    for file in Path(FOLDER, version, "examples", "data-extension-query", "valid").glob("*.json"):
        assert asked.extension(reading.parse(file.read_text("utf-8"), "extend")).ids
    assert valid


# Odd requests


@pytest.mark.parametrize(
    ("queries", "told"),
    [
        ('{"q0": {"query": "a",}}', "line 1, column 22"),
        ("[" * 100_000, "queries: "),
        ('{"q0": [' * 2000, "queries: "),
        ("[]", "expected an object, got an array"),
        ('{"q0": "a"}', "queries.q0: expected an object, got text"),
        ('{"q0": {}}', "queries.q0: expected query or properties"),
        ('{"q0": {"query": 1e999}}', "1e999"),
        ('{"q0": {"query": NaN}}', "NaN"),
        ('{"q0": {"query": "\\ud800"}}', "half of a character"),
        ('{"q0": {"query": ["a"]}}', "queries.q0.query: expected text, got an array"),
        ('{"q0": {"query": "a", "limit": 0}}', "queries.q0.limit"),
        ('{"q0": {"query": "a", "limit": true}}', "queries.q0.limit"),
        ('{"q0": {"query": "a", "limit": {}}}', "queries.q0.limit"),
        ('{"q0": {"query": "a", "type": {"a": 1}}}', "queries.q0.type"),
        ('{"q0": {"query": "a", "type": "Scool"}}', 'queries.q0.type: there is no type "Scool"'),
        ('{"q0": {"query": "a", "type_strict": "may"}}', "any, should, all"),
        ('{"q0": {"query": "a", "properties": {}}}', "queries.q0.properties: expected an array"),
        ('{"q0": {"query": "a", "properties": [1]}}', "queries.q0.properties[0]: expected an object, got a number"),
        ('{"q0": {"query": "a", "properties": [{"pid": "regoin", "v": 1}]}}', "did you mean region"),
        ('{"q0": {"query": "a", "properties": [{"pid": "region", "v": {"name": 1}}]}}', "properties[0].v"),
        ('{"q0": {"query": "a", "properties": [{"pid": "region", "v": [[1]]}]}}', "properties[0].v"),
        ('{"q0": {"query": "a", "nonsense": 1}}', "queries.q0.nonsense"),
        ('{"q0": {"query": "a", "limit": ' + "9" * 5000 + "}}", "queries"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(web: httpx.Client, queries: str, told: str) -> None:
    refused(web.post("/reconcile", data={"queries": queries}), 400, told)


def test_too_much_is_refused(web: httpx.Client) -> None:
    size = web.get("/reconcile").json()["batchSize"]
    many = {f"q{i}": {"query": "a"} for i in range(size + 1)}
    refused(web.post("/reconcile", data={"queries": json.dumps(many)}), 413, str(size), str(size + 1))
    refused(web.post("/reconcile", data={"extend": json.dumps({"ids": ["a"] * 1001, "properties": []})}), 413, "1001")
    refused(web.post("/reconcile", content=b"queries=" + b"a" * 5_000_000, headers=FORM), 413)


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_other_bodies_are_refused(web: httpx.Client) -> None:
    refused(web.post("/reconcile", json={"queries": {}}), 415, "application/x-www-form-urlencoded")
    refused(web.post("/reconcile/1.0/match", data={"queries": "[]"}), 415, "application/json")
    refused(web.post("/reconcile", data={"nothing": "1"}), 400, "queries")
    refused(web.post("/reconcile", content="queries=许".encode("gbk"), headers=FORM), 400, "UTF-8")
    refused(web.get("/reconcile?query=%D0%ED"), 400, "UTF-8")
    refused(web.put("/reconcile"), 405)
    refused(web.get("/reconcile?extend={}"), 400, "extend.ids")
    refused(
        web.get("/reconcile", params={"extend": '{"ids": [], "properties": [{"id": "nix"}]}'}),
        400,
        "extend.properties[0].id",
    )
    refused(web.get("/reconcile/suggest/entity?prefix=a&limit=-1"), 400, "limit")
    refused(web.get("/reconcile/properties?type=nothing"), 400, "nothing")


def test_names_that_are_markup_do_no_harm(web: httpx.Client) -> None:
    page = web.get("/reconcile/preview", params={"id": "<script>alert(1)</script>"}, headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "<script>" not in page.text


def test_a_thousand_names_take_less_than_two_seconds() -> None:
    reconciliation = Reconciliation(build_graph(ROOT / "data", validate=False).store)
    spelled = [f"{SCHOOLS[i % 4]}{'' if i % 3 else i}" for i in range(1000)]
    started = time.process_time()  # of this process alone, since others may share the processor
    found = reconciliation.matching.answer([asked.Asked(name) for name in spelled])
    assert time.process_time() - started < 2
    exact = [i for i in range(1000) if i % 3]
    assert [found[i][0].thing.name() for i in exact] == [SCHOOLS[i % 4] for i in exact]


def test_other_requests_are_answered_while_a_batch_is_matched(web: httpx.Client, report: Served) -> None:
    queries = {f"q{i}": {"query": f"许昌{i}职业学校"} for i in range(1000)}
    took: list[float] = []

    def send() -> None:
        with report.client() as other:
            started = time.perf_counter()
            assert len(other.post("/reconcile", data={"queries": json.dumps(queries)}).json()) == len(queries)
            took.append(time.perf_counter() - started)

    sender = threading.Thread(target=send)
    sender.start()
    waits = []
    while sender.is_alive():
        started = time.perf_counter()
        assert web.get("/sparql", params={"query": "ASK {}"}).status_code == 200
        waits.append(time.perf_counter() - started)
        time.sleep(0.02)
    assert max(waits) < took[0] / 2


def test_new_content_is_found_and_old_content_answers_meanwhile(tmp_path: Path) -> None:
    write_store(tmp_path / "store", samples.nquads())
    with serving(tmp_path / "store", tokens=tmp_path / "tokens") as running, running.writer() as client:
        assert batch(client, {"query": "甲学校"})[0][0]["id"] == "school/a"
        assert not any(each["match"] for each in batch(client, {"query": "丁丁学校"})[0])
        new = f"<{names.thing('school', 'd')}> a vetg:SecondarySchool, vetg:Institution ; skos:prefLabel '丁丁学校'@zh"
        assert client.post("/update", data={"update": f"INSERT DATA {{ {new} }}"}).status_code == 204
        until = time.monotonic() + 60
        while not (found := batch(client, {"query": "丁丁学校"})[0]) and time.monotonic() < until:
            time.sleep(0.1)
        assert found[0]["id"] == "school/d"
