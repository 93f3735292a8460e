"""Import a list into a store: on disk, served, and behind another service."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import samples
from serving import TOKEN, serving
from vetgraph import generations, importing, names
from vetgraph.build import build
from vetgraph.errors import DataError, MissingError, StoreError, UsageError
from vetgraph.listschema import About
from vetgraph.results import Solutions
from vetgraph.store import open_store, write_store

ROOT = Path(__file__).parent.parent
ROWS = "序号,学校名称,学校代码,办学 类型\n1,甲学校,4199000001,公办\n2,乙学校,4199000002,\n"
ABOUT = About("某省名单", "某省教育厅", "2025-10", "https://spdx.org/licenses/MIT", "https://example.org/list")
GRAPH = names.dataset("some-list")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    write_store(tmp_path / "store", samples.nquads())
    return tmp_path / "store"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "list.csv"
    made.write_text(ROWS, encoding="utf-8")
    return made


def put(file: Path, store: Path | str, *, guard: bool = False) -> importing.Imported:
    return importing.import_list(importing.read_list(file, "some-list", ABOUT), store, guard=guard)


def entries(store: Path) -> list[tuple[str, str, str]]:
    opened = open_store(store)
    try:
        found = opened.query(
            "SELECT ?entry ?name ?kind { ?entry a schema:ListItem ; skos:prefLabel ?name "
            f"OPTIONAL {{ ?entry <{GRAPH}/column/办学_类型> ?kind }} }} ORDER BY ?name"
        )
        assert isinstance(found, Solutions)
        return sorted(
            (str(row["entry"]).rpartition("/")[2], str(row["name"]), str(row.get("kind") or "")) for row in found
        )
    finally:
        opened.close()


def size(store: Path, where: str) -> int:
    opened = open_store(store)
    try:
        found = opened.query(f"SELECT (COUNT(*) AS ?n) {{ {where} }}")
        assert isinstance(found, Solutions)
        return int(str(found[0]["n"]))
    finally:
        opened.close()


def test_without_a_schema_a_row_is_an_entry(file: Path, store: Path) -> None:
    done = put(file, store)
    assert not done.replaced
    assert entries(store) == [
        ("some-list.4199000001", "甲学校", "公办"),
        ("some-list.4199000002", "乙学校", ""),
    ]
    graph = f"GRAPH <{GRAPH}> {{ ?s ?p ?o }}"
    assert size(store, graph) == done.statements
    assert size(store, f"GRAPH <{GRAPH}> {{ <{GRAPH}/column/办学_类型> rdfs:label '办学 类型' }}") == 1
    assert size(store, f"GRAPH <{GRAPH}> {{ ?s dcterms:type vetg:Institution }}") == 2


def test_the_default_graph_still_holds_each_statement_once(file: Path, store: Path) -> None:
    put(file, store)
    file.write_text(ROWS.replace("乙学校", "丙学校"), encoding="utf-8")
    assert put(file, store).replaced
    assert [name for _, name, _ in entries(store)] == ["甲学校", "丙学校"]
    distinct = "SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }"
    assert size(store, f"{{ {distinct} }} FILTER NOT EXISTS {{ ?s ?p ?o }}") == 0
    assert size(store, "?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } }") == 0


def test_what_another_graph_states_too_stays_when_a_list_no_longer_does(file: Path, store: Path) -> None:
    put(file, store)
    importing.import_list(importing.read_list(file, "other-list", ABOUT), store)
    before = size(store, "?s ?p ?o")
    file.write_text(ROWS.replace("1,甲学校,4199000001,公办\n", ""), encoding="utf-8")
    put(file, store)
    assert size(store, f"<{names.entry('other-list', '4199000001')}> a schema:ListItem") == 1
    assert size(store, "?s ?p ?o") < before


def test_a_list_without_codes_of_its_own_goes_by_rows(file: Path, store: Path) -> None:
    file.write_text("名称\n甲学校\n\n甲学校\n", encoding="utf-8")
    put(file, store)
    assert [entry for entry, _, _ in entries(store)] == ["some-list.row-2", "some-list.row-4"]


def test_a_workbook_and_gb18030_give_the_same(file: Path, tmp_path: Path) -> None:
    plain = importing.read_list(file, "some-list", ABOUT)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in ROWS.splitlines():
        sheet.append(line.split(","))
    book.save(tmp_path / "list.xlsx")
    file.write_bytes(ROWS.encode("gb18030"))

    def rows(found: importing.List) -> set[tuple[str, str, str, str]]:
        return {quad for quad in found.quads if not quad[0].startswith(f"<{GRAPH}/file")}

    for path in (tmp_path / "list.xlsx", file):
        assert rows(importing.read_list(path, "some-list", ABOUT)) == rows(plain)


def test_the_metadata_of_a_shipped_list_are_a_schema(store: Path) -> None:
    shipped = ROOT / "data" / "lists" / "moe-colleges-2017-henan"
    found = importing.read_list(
        shipped.with_suffix(".csv"), "colleges-again", About(title="又一份"), schema=shipped.with_suffix(".json")
    )
    importing.import_list(found, store)
    assert found.rows == 134
    again = names.dataset("colleges-again")
    assert (
        size(store, f"GRAPH <{again}> {{ <{names.entry('colleges-again', '4141012067')}> skos:notation ?code }}") == 1
    )
    assert size(store, f"<{again}> dcterms:title '又一份'@zh") == 1
    assert size(store, f"<{again}> dcterms:license <https://spdx.org/licenses/MIT>") == 1


@pytest.mark.parametrize(
    ("rows", "cell", "message"),
    [
        (ROWS.replace("甲学校", ""), "2:学校名称", "expected a value; the cell is empty"),
        (ROWS.replace("序号,", ","), "1:#1", "the column has no header"),
        (ROWS.replace("序号", "办学 类型"), "1:办学 类型", 'the column "办学 类型" stands twice'),
        (ROWS.replace(",公办", ""), "2:办学 类型", "expected 4 cells, got 3"),
        ("", "1", "the file is empty; the header is missing"),
    ],
)
def test_a_bad_cell_changes_nothing(file: Path, store: Path, rows: str, cell: str, message: str) -> None:
    file.write_text(rows, encoding="utf-8")
    before = generations.current(store)
    with pytest.raises(DataError) as caught:
        put(file, store)
    assert str(caught.value.problems[0].cell) == f"{file}:{cell}"
    assert caught.value.problems[0].message.en == message
    assert generations.current(store) == before


@pytest.mark.parametrize(
    ("key", "options", "message"),
    [
        ("Some List", {}, "is no key of a list"),
        ("some-list", {"name": "名字"}, 'there is no column "名字"'),
        ("some-list", {"code": "编号"}, 'there is no column "编号"'),
    ],
)
def test_a_wrong_argument_is_told(file: Path, key: str, options: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        importing.read_list(file, key, ABOUT, **options)  # type: ignore[arg-type]


def test_what_is_not_there_is_told(file: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingError):
        importing.read_list(tmp_path / "none.csv", "some-list", ABOUT)
    with pytest.raises(StoreError):
        put(file, tmp_path / "no-store")
    assert not (tmp_path / "no-store").exists()


@pytest.mark.parametrize(
    ("about", "where"), [(About(issued="昨天"), "/dc:issued"), (About(language="zh CN"), "/tables/0/tableSchema")]
)
def test_metadata_that_are_none_are_told(file: Path, about: About, where: str) -> None:
    with pytest.raises(DataError) as caught:
        importing.read_list(file, "some-list", about)
    assert str(caught.value.problems[0].cell).startswith(f"{file}:{where}")


def test_headers_of_odd_signs_are_properties_of_their_own(file: Path) -> None:
    file.write_text("名称,a/b,a b,%,{x}\n甲,1,2,3,4\n", encoding="utf-8")
    found = importing.read_list(file, "some-list", ABOUT)
    entry = f"<{names.entry('some-list', 'row-2')}>"
    own = {quad[1]: quad[2] for quad in found.quads if quad[0] == entry and f"<{GRAPH}/column/" in quad[1]}
    assert sorted(own.values()) == ['"1"', '"2"', '"3"', '"4"']


def test_a_guard_refuses_what_would_break_the_store(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for name in ("registry", "tables"):
        shutil.copytree(ROOT / "data" / name, data / name)
    for name in ("lists", "links"):
        (data / name).mkdir()
    key = "moe-colleges-2017-henan"
    for name in (f"lists/{key}.csv", f"lists/{key}.json", f"links/{key}.sssom.tsv"):
        shutil.copy(ROOT / "data" / name, data / name)
    store = tmp_path / "store"
    build(data, store)
    before = generations.current(store)
    # The list would now say that its rows are regions, while a link says that they are colleges.
    found = importing.read_list(data / "lists" / f"{key}.csv", key, About(kind="region"), name="name", code="code")
    with pytest.raises(DataError):
        importing.import_list(found, store, guard=True)
    assert generations.current(store) == before
    importing.import_list(found, store)
    assert generations.current(store) != before


def test_a_kept_list_is_built_again(file: Path, tmp_path: Path, store: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data" / "registry", data / "registry")
    shutil.copytree(ROOT / "data" / "tables", data / "tables")
    found = importing.read_list(file, "some-list", ABOUT)
    rows, about = importing.keep(found, data)
    assert json.loads(about.read_text(encoding="utf-8"))["dc:issued"] == "2025-10"
    assert rows.read_text(encoding="utf-8") == ROWS
    put(file, store)
    imported = entries(store)
    build(data, tmp_path / "built")
    assert entries(tmp_path / "built") == imported


def test_a_served_store_shows_it_with_the_next_request(file: Path, store: Path) -> None:
    with serving(store) as running, running.client() as client:
        ask = {"query": "ASK { ?entry a <https://schema.org/ListItem> }"}
        accept = {"Accept": "application/sparql-results+json"}
        assert client.get("/sparql", params=ask, headers=accept).json()["boolean"] is False
        put(file, store)
        assert client.get("/sparql", params=ask, headers=accept).json()["boolean"] is True


def test_a_service_takes_a_list(file: Path, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VETGRAPH_STORE_TOKEN", TOKEN)
    with serving(store, tokens=tmp_path / "tokens") as running:
        where, there = f"{running.url}/sparql", f"{running.url}/update"
        found = importing.read_list(file, "some-list", ABOUT)
        assert not importing.import_list(found, where, update_url=there).replaced
        file.write_text(ROWS.replace("乙学校", "丙学校"), encoding="utf-8")
        again = importing.read_list(file, "some-list", ABOUT)
        assert importing.import_list(again, where, update_url=there).replaced
        with pytest.raises(UsageError, match="cannot be guarded"):
            importing.import_list(again, where, guard=True, update_url=there)
    assert [name for _, name, _ in entries(store)] == ["甲学校", "丙学校"]
    assert size(store, "?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } }") == 0


def test_the_command(file: Path, store: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "vetgraph", "import", str(file), "--as", "some-list", "--store", str(store)]
    more = ["--title", "某名单", "--keep", str(tmp_path / "data"), "--lang", "en"]
    done = subprocess.run([*command, *more], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "imported some-list, 2 rows" in done.stderr
    assert (tmp_path / "data" / "lists" / "some-list.json").is_file()
    file.write_text(ROWS.replace("甲学校", ""), encoding="utf-8")
    bad = subprocess.run([*command, "--lang", "zh"], capture_output=True, text=True, check=False)
    assert bad.returncode == 1
    assert f"{file}:2:学校名称" in bad.stderr
