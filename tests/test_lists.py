"""Lists of others in a data folder: their rows, what is said of them, and what is wrong with them."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest

from vetgraph import names, tables
from vetgraph.build import build, build_graph
from vetgraph.results import Solutions
from vetgraph.store import open_store

ROOT = Path(__file__).parent.parent
LISTS = ROOT / "data" / "lists"
KEY = "moe-colleges-2017-henan"
SHIPPED = sorted(path.stem for path in LISTS.glob("*.json"))
COLLEGE = names.entry(KEY, "4141012067")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with the registry and one list."""
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data" / "registry", folder / "registry")
    shutil.copytree(ROOT / "data" / "tables", folder / "tables")
    (folder / "lists").mkdir()
    for ending in ("csv", "json"):
        shutil.copy(LISTS / f"{KEY}.{ending}", folder / "lists")
    return folder


def told(data: Path) -> list[tuple[str, str]]:
    found = tables.read(data).problems
    return [(str(one.cell).removeprefix(f"{data}/lists/"), one.message.en) for one in found]


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_list_is_a_graph_of_its_own(data: Path) -> None:
    graph = build_graph(data)
    own = names.dataset(KEY)
    found = graph.query(
        "SELECT ?name ?code ?city ?kind { GRAPH ?list { ?entry a schema:ListItem ; skos:prefLabel ?name ; "
        f"skos:notation ?code ; dcterms:isPartOf ?list ; dcterms:type ?kind ; <{own}/column/city> ?city }} "
        f"FILTER(?entry = <{COLLEGE}> && ?list = <{own}>) }}"
    )
    assert isinstance(found, Solutions)
    (row,) = found.rows()
    assert [str(row[name]) for name in ("name", "code", "city")] == ["许昌职业技术学院", "4141012067", "许昌市"]
    assert str(row["kind"]) == names.expand("vetg:Institution")
    rows = (LISTS / f"{KEY}.csv").read_text(encoding="utf-8").count("\n") - 1
    entries = graph.query("SELECT (COUNT(?entry) AS ?n) { ?entry a schema:ListItem }")
    assert isinstance(entries, Solutions)
    assert int(str(entries[0]["n"])) == rows


def test_a_list_tells_its_publisher_date_licence_and_file(data: Path) -> None:
    graph = build_graph(data)
    found = graph.query(
        "SELECT ?title ?publisher ?issued ?license ?source ?file ?size ?sum { ?list a dcat:Dataset ; "
        "dcterms:title ?title ; dcterms:publisher/foaf:name ?publisher ; dcterms:issued ?issued ; "
        "dcterms:license ?license ; dcterms:source ?source ; dcat:distribution ?given . ?given dcterms:title ?file ; "
        "dcat:byteSize ?size ; spdx:checksum ?hash . "
        "?hash spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue ?sum "
        'FILTER(LANG(?title) = "zh" && LANG(?publisher) = "zh") }'
    )
    assert isinstance(found, Solutions)
    (row,) = found.rows()
    content = (LISTS / f"{KEY}.csv").read_bytes()
    assert [str(row[name]) for name in row.keys()] == [  # noqa: SIM118 - a row is no mapping
        "全国普通高等学校名单（2017）：河南省",
        "教育部",
        "2017",
        "https://spdx.org/licenses/MIT",
        "https://github.com/hugg95/university-data",
        f"{KEY}.csv",
        str(len(content)),
        hashlib.sha256(content).hexdigest(),
    ]


@pytest.mark.parametrize("key", SHIPPED)
def test_the_shipped_lists_say_whence_they_are(key: str) -> None:
    about = json.loads((LISTS / f"{key}.json").read_text(encoding="utf-8"))
    sources = (ROOT / "data" / "SOURCES.md").read_text(encoding="utf-8")
    assert f"`lists/{key}`" in sources
    for name in ("dc:title", "dc:description", "dc:issued", "dc:source"):
        assert about[name], name


@pytest.mark.parametrize(
    ("ending", "change", "cell", "message"),
    [
        ("csv", ("4141012067,", "414101206,"), "66:code", 'expected a text of the form [0-9]{10}; got "414101206"'),
        ("csv", ("4141012067,许昌职业技术学院", "4141012067,"), "66:name", "expected a value; the cell is empty"),
        ("csv", ("4141014350,", "4141012067,"), "115:code", 'duplicate key "4141012067", first in row 66'),
        ("csv", ("code,name", "code,nam"), "1:nam", 'unknown column "nam"'),
        ("json", ('"2017"', '"2017年"'), "/dc:issued", 'expected a date, a month or a year; got "2017年"'),
        ("json", ("https://spdx.org/licenses/MIT", "MIT"), "/dc:license", 'expected an IRI; got "MIT"'),
        ("json", ('"dc:title"', '"dc:titel"'), "/dc:titel", 'unknown key "dc:titel"'),
        (
            "json",
            (f"dataset/{KEY}", "dataset/other"),
            "/@id",
            f"expected {names.dataset(KEY)}, as the file is named; got {names.dataset('other')}",
        ),
    ],
)
def test_a_bad_cell_is_named(data: Path, ending: str, change: tuple[str, str], cell: str, message: str) -> None:
    edit(data / "lists" / f"{KEY}.{ending}", *change)
    first, *_ = told(data)
    assert first == (f"{KEY}.{ending}:{cell}", message)


def test_a_name_that_is_no_key_is_refused(data: Path) -> None:
    for ending in ("csv", "json"):
        (data / "lists" / f"{KEY}.{ending}").rename(data / "lists" / f"Moe 2017.{ending}")
    assert told(data)[0] == ("Moe 2017.json:/", 'the name "Moe 2017" is no key of a list')


def test_a_list_may_be_a_workbook(data: Path) -> None:
    before = set(tables.read(data).quads)
    file = data / "lists" / f"{KEY}.csv"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = KEY
    for line in file.read_text(encoding="utf-8").splitlines():
        sheet.append(line.split(","))
    file.unlink()
    book.save(file.with_suffix(".xlsx"))
    reading = tables.read(data)
    assert reading.problems == []
    about_the_file = f"<{names.dataset(KEY)}/file"
    changed = {quad for quad in before ^ set(reading.quads) if not quad[0].startswith(about_the_file)}
    assert changed == set()


def test_a_build_reads_only_the_list_that_has_changed(data: Path, tmp_path: Path) -> None:
    other = data / "lists" / "henan-divisions-2022"
    for ending in ("csv", "json"):
        shutil.copy(LISTS / f"henan-divisions-2022.{ending}", other.with_suffix(f".{ending}"))
    build(data, tmp_path / "store")
    edit(data / "lists" / f"{KEY}.csv", "4141012067,许昌职业技术学院", "4141012067,许昌职业大学")
    result = build(data, tmp_path / "store")
    assert result.read == (data / "lists" / f"{KEY}.csv",)
    with_name = open_store(tmp_path / "store").query(f"SELECT ?name {{ <{COLLEGE}> skos:prefLabel ?name }}")
    assert isinstance(with_name, Solutions)
    assert [str(row["name"]) for row in with_name] == ["许昌职业大学"]
    (checksum,) = (
        quad.object
        for quad in open_store(tmp_path / "store").native.quads_for_pattern(
            ox.NamedNode(f"{names.dataset(KEY)}/file/sha256"),
            ox.NamedNode(names.expand("spdx:checksumValue")),
            None,
            ox.NamedNode(names.dataset(KEY)),
        )
    )
    assert isinstance(checksum, ox.Literal)
    assert checksum.value == hashlib.sha256((data / "lists" / f"{KEY}.csv").read_bytes()).hexdigest()
