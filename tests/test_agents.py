"""The tools for agents, asked by the SDK's own client: the command as a process, over its standard streams and HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from mcp import Client, StdioServerParameters

from serving import Served, free_port

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

ENV = {**os.environ, "LC_ALL": "C.UTF-8"}
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
OWNERS = """SELECT ?name ?ownership ?passage WHERE {
  ?school a vetg:SecondarySchool ; skos:prefLabel ?name .
  GRAPH ?passage { ?school vetg:ownership ?ownership }
} ORDER BY ?name"""


class Session:
    """One conversation with the command, held open over the tests of this module."""

    def __init__(self, store: str) -> None:
        self._loop = asyncio.new_event_loop()
        command = ["-m", "vetgraph", "mcp", "--store", store, "--timeout", "2", "--lang", "en"]
        self._client = Client(StdioServerParameters(command=sys.executable, args=command, env=ENV))
        self._asked: asyncio.Queue[tuple[Callable[[Client], Awaitable[Any]], asyncio.Future[Any]] | None]
        self._asked = asyncio.Queue()
        self._task = self._loop.create_task(self._talk())

    async def _talk(self) -> None:
        """Enter and leave the client in one task, as the SDK demands."""
        async with self._client as client:
            while (asked := await self._asked.get()) is not None:
                question, answer = asked
                try:
                    answer.set_result(await question(client))
                except Exception as error:  # noqa: BLE001 - whoever asked gets it
                    answer.set_exception(error)

    def ask(self, question: Callable[[Client], Awaitable[Any]]) -> Any:  # noqa: ANN401 - what the SDK returns
        """Have the client do something."""
        answer: asyncio.Future[Any] = self._loop.create_future()
        self._asked.put_nowait((question, answer))
        return self._loop.run_until_complete(asyncio.wait_for(answer, 60))

    def call(self, tool: str, **arguments: object) -> dict[str, Any]:
        """Call a tool, which answers."""
        found = self.ask(lambda client: client.call_tool(tool, arguments))
        assert not found.is_error, found.content[0].text
        assert json.loads(found.content[0].text) == found.structured_content
        return dict(found.structured_content)

    def refused(self, tool: str, **arguments: object) -> str:
        """Call a tool, which refuses; return what it says."""
        found = self.ask(lambda client: client.call_tool(tool, arguments))
        assert found.is_error
        assert "Traceback" not in found.content[0].text
        return str(found.content[0].text)

    def close(self) -> None:
        """Leave."""
        self._asked.put_nowait(None)
        self._loop.run_until_complete(self._task)
        self._loop.close()


@pytest.fixture(scope="module")
def agent(report: Served) -> Iterator[Session]:
    session = Session(str(report.store))
    yield session
    session.close()


def test_the_tools_tell_what_they_do_and_only_read(agent: Session) -> None:
    tools = agent.ask(lambda client: client.list_tools()).tools
    assert {tool.name for tool in tools} == {"search", "describe", "query", "list_queries", "run_query", "schema"}
    for tool in tools:
        assert tool.description
        assert tool.annotations.read_only_hint
        assert all("description" in given or "default" in given for given in tool.input_schema["properties"].values())


def test_search_takes_what_people_type(agent: Session) -> None:
    for text in ("许昌科技学校", "xckj", "xuchang keji"):
        assert agent.call("search", text=text)["results"][0]["id"] == "id:school/xuchang-keji"
    found = agent.call("search", text="许昌", kind="SecondarySchool", limit=3)
    assert {hit["kind"] for hit in found["results"]} == {"vetg:SecondarySchool"}
    assert (len(found["results"]), found["more"]) == (3, True)
    assert "SecondarySchool" in agent.refused("search", text="许昌", kind="School")


def test_a_description_cites_the_passage_of_each_value(agent: Session) -> None:
    for thing in ("id:school/xuchang-keji", "https://w3id.org/vetgraph/id/school/xuchang-keji", "许昌科技学校"):
        told = agent.call("describe", thing=thing)
        ownership = next(each for each in told["statements"] if each["property"] == "vetg:ownership")
        assert ownership["name"] == "办学性质"
        (value,) = ownership["values"]
        assert (value["id"], value["name"]) == ("code:ownership/public", "公办")
        (passage,) = value["passages"]
        assert told["passages"][passage]["section"] == "一.1"
        assert told["passages"][passage]["firstLine"] < told["passages"][passage]["lastLine"]
    stated = agent.call("describe", thing=passage)["states"]
    assert {"id": "id:school/xuchang-keji", "name": "许昌科技学校"} in [each["subject"] for each in stated]


def test_an_unknown_thing_leads_to_those_like_it(agent: Session) -> None:
    assert "id:school/xuchang-keji" in agent.refused("describe", thing="许昌科技学")
    for thing in ("", "火星学院", "foo:bar", "id:school/nothing", "<>", "x" * 5000):
        assert agent.refused("describe", thing=thing)


def test_a_query_names_what_it_mentions(agent: Session) -> None:
    found = agent.call("query", sparql=OWNERS, limit=2)
    assert found["columns"] == ["name", "ownership", "passage"]
    assert (found["shown"], found["total"]) == (2, 12)
    _, ownership, passage = found["rows"][0]
    assert found["names"][ownership] == "公办"
    assert found["passages"][passage]["heading"] == "学校一览"
    assert agent.call("query", sparql="ASK {}") == {"answer": True}
    assert (
        "vetg:SecondarySchool" in agent.call("query", sparql="CONSTRUCT WHERE { ?s a vetg:SecondarySchool }")["turtle"]
    )


def test_a_query_keeps_to_its_budget_and_the_next_is_answered(agent: Session) -> None:
    started = time.monotonic()
    assert "2 seconds" in agent.refused("query", sparql=SLOW)
    assert time.monotonic() - started < 20
    assert agent.call("query", sparql="ASK {}") == {"answer": True}


@pytest.mark.parametrize(
    ("sparql", "told"),
    [
        ("SELECT * { ?s ?p ?o", "line 1, column"),
        ("INSERT DATA { <x:a> <x:b> 1 }", "only queries are answered here"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SERVICE"),
        ("", "the query is empty"),
    ],
)
def test_a_bad_query_is_told_what_is_wrong(agent: Session, sparql: str, told: str) -> None:
    assert told in agent.refused("query", sparql=sparql)


def test_named_queries(agent: Session) -> None:
    listed = {each["name"]: each for each in agent.call("list_queries")["queries"]}
    assert listed["competition-prizes"]["parameters"][0]["name"] == "competition"
    assert "school-prizes" in [each["name"] for each in agent.call("list_queries", about="获奖")["queries"]]
    found = agent.call("run_query", name="school-prizes")
    assert found["rows"][0][:2] == ["许昌技术经济学校", 22]
    assert "SELECT" in found["sparql"]
    given = agent.call("run_query", name="competition-prizes", parameters={"competition": "“新道杯”数智财经大赛"})
    assert given["total"] > 0
    assert "school-prizes" in agent.refused("run_query", name="school-prize")
    assert "nonsense" in agent.refused("run_query", name="school-prizes", parameters={"nonsense": 1})


def test_the_schema(agent: Session) -> None:
    told = agent.call("schema")
    assert {"id": "vetg:SecondarySchool", "name": "中等职业学校", "things": 20} in told["classes"]
    assert told["prefixes"]["vetg"] == "https://w3id.org/vetgraph/def#"
    assert "GRAPH ?passage" in told["citations"]
    properties = {each["id"]: each for each in agent.call("schema", kind="AwardResult")["properties"]}
    assert properties["vetg:count"]["name"] == "数量"
    for kind in ("Nothing", "foo:bar", "<>"):
        assert "schema" in agent.refused("schema", kind=kind)


def test_a_wrong_store_is_told_at_once(tmp_path: object) -> None:
    command = [sys.executable, "-m", "vetgraph", "mcp", "--store", f"{tmp_path}/nothing", "--lang", "en"]
    done = subprocess.run(command, capture_output=True, env=ENV, stdin=subprocess.DEVNULL, check=False, timeout=60)
    assert done.returncode != 0
    assert b"Traceback" not in done.stderr
    assert b"nothing" in done.stderr


def test_over_http(report: Served) -> None:
    port = free_port()
    command = [sys.executable, "-m", "vetgraph", "mcp", "--store", str(report.store), "--http", str(port)]
    url = f"http://127.0.0.1:{port}/mcp"

    async def ask() -> Any:  # noqa: ANN401 - what the SDK returns
        async with Client(url) as client:
            return await client.call_tool("query", {"sparql": "ASK {}"})

    with subprocess.Popen(command, env=ENV, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(port)
            assert asyncio.run(ask()).structured_content == {"answer": True}
            elsewhere = httpx.post(url, json={}, headers={"Host": "evil.example", "Origin": "http://evil.example"})
            assert elsewhere.status_code in {403, 421}
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)


def _wait(port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    pytest.fail("it does not listen")
