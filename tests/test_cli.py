import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import openpyxl
import pytest

import samples
from vetgraph import render
from vetgraph.errors import Cell, Problem, Text
from vetgraph.store import write_store

NAMES = "SELECT ?school ?name { ?school skos:prefLabel ?name } ORDER BY ?name"
ENV = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("cli") / "store"
    write_store(path, samples.nquads())
    return str(path)


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "vetgraph", *arguments]
    done = subprocess.run(command, capture_output=True, env={**ENV, **env}, check=False, timeout=60)
    assert b"Traceback" not in done.stderr
    return done


def test_version() -> None:
    assert re.fullmatch(rb"vetgraph, version \d+\.\d+\.\d+\n", run("--version").stdout)


def test_csv_in_a_pipe_and_bom_in_a_file(store: str, tmp_path: Path) -> None:
    done = run("query", NAMES, "--store", store)
    assert done.returncode == 0
    assert done.stdout.startswith(b"school,name\r\n")
    assert done.stderr == b""
    run("query", NAMES, "--store", store, "--format", "csv", "-o", str(tmp_path / "a.csv"))
    assert (tmp_path / "a.csv").read_bytes() == b"\xef\xbb\xbf" + done.stdout


def test_a_table_on_a_terminal(store: str) -> None:
    main, other = pty.openpty()
    command = [sys.executable, "-m", "vetgraph", "query", NAMES, "--store", store]
    subprocess.run(command, stdout=other, env=ENV, check=True, timeout=60)
    os.close(other)
    shown = os.read(main, 10_000).decode()
    os.close(main)
    assert shown.splitlines()[0].split() == ["school", "name"]
    assert "id:school/a" in shown


@pytest.mark.parametrize("style", ["table", "csv", "tsv", "json", "xml"])
def test_formats_of_rows(store: str, style: str) -> None:
    done = run("query", "SELECT ?n { ?s skos:prefLabel ?n }", "--store", store, "--format", style)
    assert done.returncode == 0
    assert "甲学校" in done.stdout.decode()


@pytest.mark.parametrize("style", ["ttl", "nt", "jsonld", "rdf"])
def test_formats_of_graphs(store: str, style: str) -> None:
    text = "CONSTRUCT { ?s vetg:count ?n } { ?s vetg:count ?n }"
    shown = run("query", text, "--store", store, "--format", style).stdout
    assert b"school/a" in shown
    assert b"dcat" not in shown


def test_xlsx_keeps_formulas_as_text(store: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    text = "SELECT ('=1+1' AS ?x) (12 AS ?n) ('a\\u0001b' AS ?c) {}"
    assert run("query", text, "--store", store, "-o", str(path)).returncode == 0
    book = openpyxl.load_workbook(path)
    rows = [[(cell.value, cell.data_type) for cell in row] for row in book["results"].iter_rows()]
    assert rows == [[("x", "s"), ("n", "s"), ("c", "s")], [("=1+1", "s"), (12, "n"), ("ab", "s")]]


def test_file_parameters_and_standard_input(store: str, tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_text("SELECT ?name ?s { ?s skos:prefLabel ?label FILTER(STR(?label) = ?name) }")
    done = run("query", "-f", str(path), "--param", "name=甲学校", "--store", store)
    assert done.stdout.decode().splitlines()[1:] == ["甲学校,https://w3id.org/vetgraph/id/school/a"]
    command = [sys.executable, "-m", "vetgraph", "query", "-f", "-", "--store", store]
    piped = subprocess.run(command, input=b"ASK {}", capture_output=True, env=ENV, check=True, timeout=60)
    assert piped.stdout == b"true\n"


def test_a_named_query(store: str) -> None:
    assert run("query", "private-schools", "--store", store).returncode == 0


def test_list(store: str) -> None:
    done = run("query", "--list", "--store", store)
    assert done.stdout.splitlines()[0] == b"name,title,parameters"
    assert "民办学校" in run("query", "--list", "--lang", "zh").stdout.decode()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["query", "SELECT * {"], 1, "syntax error at line 1, column 11"),
        (["query", "private-school"], 2, "did you mean private-schools"),
        (["query"], 2, "say what to ask"),
        (["query", "students", "--param", "year"], 2, "write --param NAME=VALUE"),
        (["query", "students", "--param", "yaer=2025"], 2, "did you mean year?"),
        (["query", "-f", "/no/such/file.rq"], 2, "cannot read /no/such/file.rq"),
        (["query", "ASK {}", "--format", "ttl"], 2, "cannot be written as ttl"),
        (["query", "ASK {}", "-o", "/no/such/folder/x.csv"], 2, "cannot write"),
        (["query", "ASK {}", "--format", "pdf"], 2, "is not one of"),
        (["query", "ASK {}", "--store", "/no/such/store"], 1, "vetgraph build"),
        (["get", "/nowhere"], 1, "404"),
        (["serve", "/no/such/store"], 1, "there is no store"),
        (["frobnicate"], 2, "No such command"),
        (["validate", "/no/such/folder"], 2, "there is no /no/such/folder"),
        (["validate", "--doubts", "README.md"], 2, "for a folder of tables"),
        (["validate", "--doubts", "--format", "ttl"], 2, "doubts cannot be written as ttl"),
    ],
)
def test_mistakes_get_one_clear_line(store: str, arguments: list[str], code: int, message: str) -> None:
    done = run(*arguments, VETGRAPH_STORE=store)
    assert done.returncode == code
    assert message in done.stderr.decode() + done.stdout.decode()


def test_validate_says_what_it_could_not_ask(tmp_path: Path) -> None:
    file = tmp_path / "school.ttl"
    file.write_text("<http://example.org/a> a <https://w3id.org/vetgraph/def#Institution> .", encoding="utf-8")
    done = run("validate", str(file))
    assert done.returncode == 1
    assert "not checked (the data have no named graphs): institution-one-group" in done.stderr.decode()


def test_doubts_are_told_with_their_cells() -> None:
    data = Path(__file__).parent.parent / "data"
    text = run("validate", "--doubts", str(data), "--lang", "zh")
    assert text.returncode == 0
    assert f"{data}/reports/xuchang-2025/notes.csv:5:comment_zh: 单位不一：" in text.stdout.decode()
    assert (
        f"职业技能培训人数 · 许昌市 · 2025 · 全部 · 目标 ({data}/reports/xuchang-2025/figures.csv:29:id)"
        in text.stdout.decode()
    )
    assert "25 处存疑" in text.stderr.decode()


def test_messages_follow_the_locale_and_the_option(store: str) -> None:
    assert "语法错误" in run("query", "SELECT * {", "--store", store, LC_ALL="zh_CN.UTF-8").stderr.decode()
    assert "语法错误" in run("query", "SELECT * {", "--store", store, "--lang", "zh").stderr.decode()
    assert "语法错误" in run("--lang", "zh", "query", "SELECT * {", "--store", store).stderr.decode()


def test_get(store: str) -> None:
    done = run("get", "/health", "--store", store)
    assert json.loads(done.stdout)["status"] == "ok"
    assert run("get", "/sparql?query=ASK%7B%7D", "--accept", "text/csv", "--store", store).stdout == b"true"


def test_a_closed_pipe_is_silent(store: str) -> None:
    text = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    command = f"{sys.executable} -m vetgraph query '{text}' --store {store} | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, env=ENV, check=False, timeout=60)
    assert done.stdout == b"a,b,c,d,e,f,g,h,i\r\n"
    assert done.stderr == b""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("workers", ["1", "2"])
def test_serve_until_interrupted(store: str, workers: str) -> None:
    port = free_port()
    command = [sys.executable, "-m", "vetgraph", "serve", store, "--port", str(port), "--workers", workers]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=ENV) as server:
        assert server.stderr is not None
        assert f"http://127.0.0.1:{port}/" in server.stderr.readline().decode()
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as response:
                    assert json.load(response)["status"] == "ok"
                break
            except OSError:
                time.sleep(0.05)
        else:
            pytest.fail("the server did not answer")
        second = run("serve", store, "--port", str(port))
        assert second.returncode == 2
        assert b"cannot listen" in second.stderr
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) == 0
        assert server.stderr.read() == b""


def test_tables_align_wide_characters() -> None:
    lines = render.table(["name", "n"], [["甲学校", 1], ["ab", 20], [None, 3]]).splitlines()
    assert lines == ["name     n", "------  --", "甲学校   1", "ab      20", "         3"]
    assert render.table(["x" * 5, "y"], [["很" * 30, "z"]], room=30).splitlines()[-1].endswith("…  z")


def test_problems_in_every_format() -> None:
    problem = Problem(
        "a.csv", 17, "ownership", Text("应为…", "expected one of x"), Text("写 x", "write x"),
        related=(Cell("a.csv", 3, "n"),), line=18,
    )  # fmt: skip
    assert render.problems_text([problem], "en").splitlines() == [
        "a.csv:17:ownership: expected one of x", "  fix: write x", "  see also: a.csv:3:n",
    ]  # fmt: skip
    assert render.problems_text([problem], "zh").splitlines()[1] == "  改法: 写 x"
    assert json.loads(render.problems_json([problem]))[0]["related"][0]["row"] == 3
    github = render.problems_github([problem], "en")
    assert github == "::error file=a.csv,line=18,title=ownership::expected one of x%0Awrite x"


def test_a_bad_cell_stops_validation_and_build(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(Path(__file__).parent.parent / "data", data)
    table = data / "reports" / "xuchang-2025" / "schools.csv"
    header, first, *rest = table.read_text("utf-8").splitlines(keepends=True)
    table.write_text("".join([header, re.sub(r"\b(public|private)\b", "publc", first), *rest]), "utf-8")
    expected = f"{table}:2:ownership: expected one of public, private"
    done = run("validate", str(data))
    assert done.returncode == 1
    assert expected in done.stdout.decode()
    assert "  fix: " in done.stdout.decode()
    assert run("validate", str(data), "--format", "github").stdout.startswith(b"::error file=")
    assert len(json.loads(run("validate", str(data), "--format", "json").stdout)) == 1
    built = run("build", str(data), "-o", str(tmp_path / "store"))
    assert built.returncode == 1
    assert expected in built.stderr.decode()
    assert not (tmp_path / "store").exists()
