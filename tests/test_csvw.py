"""CSVW metadata: what is read, and one clear problem for whatever is not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from vetgraph import csvw, resources

if TYPE_CHECKING:
    from vetgraph.errors import Problem

VETG = "https://w3id.org/vetgraph/def#"
COLUMN: dict[str, Any] = {"name": "a", "propertyUrl": "rdfs:label"}


def schema(tmp_path: Path, **changes: object) -> tuple[csvw.Schema | None, list[Problem]]:
    file = tmp_path / "schema.json"
    file.write_text(json.dumps({"@type": "Schema", "columns": [COLUMN], **changes}), encoding="utf-8")
    problems: list[Problem] = []
    return csvw.read_schema(file, problems), problems


def group(tmp_path: Path, **changes: object) -> tuple[csvw.Group | None, list[Problem]]:
    file = tmp_path / "group.json"
    value = {"@context": "http://www.w3.org/ns/csvw", "@id": "https://example.org/r/one", "tables": [], **changes}
    file.write_text(json.dumps(value), encoding="utf-8")
    problems: list[Problem] = []
    return csvw.read_group(file, problems), problems


def test_what_a_schema_says(tmp_path: Path) -> None:
    column = {
        "name": "count",
        "titles": {"zh": ["数", "数目"], "en": "count"},
        "dc:description": [{"@value": "多少", "@language": "zh"}, {"@value": "how many", "@language": "en"}],
        "datatype": {"base": "integer", "minimum": 1, "maximum": 9, "@id": f"{VETG}Count"},
        "separator": ";",
        "null": "-",
        "default": "1",
        "required": True,
        "aboutUrl": "https://example.org/{_report}/{count}",
        "propertyUrl": f"{VETG}count",
        "valueUrl": "{+_group}/{count}#{_row}",
    }
    found, problems = schema(tmp_path, columns=[column, {**COLUMN, "name": "v", "virtual": True}], primaryKey="count")
    assert problems == []
    assert found is not None
    assert [one.name for one in found.real] == ["count"]
    assert found.primary_key == ("count",)
    one = found.columns[0]
    assert one.headers() == ("count", "数", "数目", "count")
    assert one.description == {"zh": "多少", "en": "how many"}
    assert one.datatype == csvw.Datatype("integer", f"{VETG}Count", minimum=1, maximum=9)
    assert (one.separator, one.null, one.default, one.required) == (";", ("", "-"), "1", True)


def test_prefixes_are_written_out(tmp_path: Path) -> None:
    found, problems = schema(tmp_path, columns=[{**COLUMN, "propertyUrl": "dc:issued", "valueUrl": "qb:{a}"}])
    assert problems == []
    assert found is not None
    assert found.columns[0].property_url == "http://purl.org/dc/terms/issued"
    assert found.columns[0].value_url == "http://purl.org/linked-data/cube#{a}"


@pytest.mark.parametrize(
    ("column", "pointer", "message"),
    [
        ({"unknown": 1}, "/columns/0/unknown", 'unknown key "unknown"'),
        ({"a/b~c": 1}, "/columns/0/a~1b~0c", 'unknown key "a/b~c"'),
        ({"required": "yes"}, "/columns/0/required", "wrong type, expected true or false"),
        ({"name": 1}, "/columns/0/name", "wrong type, expected a text"),
        ({"name": "a b", "valueUrl": "rdf:nil"}, "/columns/0/name", '"a b" is malformed'),
        ({"titles": 1}, "/columns/0/titles", "wrong type, expected a text or a list or an object"),
        ({"titles": {"zh": [1]}}, "/columns/0/titles/zh/0", "wrong type, expected a text"),
        ({"lang": "not a tag"}, "/columns/0/lang", '"not a tag" is malformed'),
        ({"null": 5}, "/columns/0/null", "wrong type, expected a text or a list"),
        ({"datatype": "float128"}, "/columns/0/datatype", 'the datatype "float128" is not read'),
        ({"datatype": {"base": ["x"]}}, "/columns/0/datatype/base", "wrong type, expected a text"),
        ({"datatype": {"format": "["}}, "/columns/0/datatype/format", "no valid regular expression: *"),
        ({"datatype": {"minimum": "1"}}, "/columns/0/datatype/minimum", "wrong type, expected a number"),
        ({"datatype": {"minLength": 1.5}}, "/columns/0/datatype/minLength", "wrong type, expected an integer"),
        ({"datatype": {"length": 1}}, "/columns/0/datatype/length", 'unknown key "length"'),
        ({"datatype": {"@id": "vetg:X"}}, "/columns/0/datatype/@id", '"vetg:X" is no absolute IRI'),
        ({"valueUrl": "https://example.org/{b}"}, "/columns/0/valueUrl", 'the template names the column "b"*'),
        ({"valueUrl": "https://example.org/{a"}, "/columns/0/valueUrl", "the template * is malformed"),
        ({"valueUrl": "https://example.org/{?a}"}, "/columns/0/valueUrl", "the template * is malformed"),
        ({"propertyUrl": "vetg:ownership"}, "/columns/0/propertyUrl", '"vetg:ownership" is no absolute IRI'),
        ({"propertyUrl": "label"}, "/columns/0/propertyUrl", '"label" is no absolute IRI'),
    ],
)
def test_a_wrong_column(tmp_path: Path, column: dict[str, object], pointer: str, message: str) -> None:
    _, problems = schema(tmp_path, columns=[{**COLUMN, **column}])
    check_one(problems, str(tmp_path / "schema.json"), pointer, message)


def check_one(problems: list[Problem], file: str, pointer: str, message: str) -> None:
    assert [(one.file, one.column) for one in problems] == [(file, pointer)], problems
    start, _, end = message.partition("*")
    assert problems[0].message.en.startswith(start)
    assert problems[0].message.en.endswith(end)
    assert problems[0].message.zh
    assert problems[0].fix.zh
    assert problems[0].fix.en


@pytest.mark.parametrize(
    ("changes", "pointer", "message"),
    [
        ({"columns": [{"name": "a"}]}, "/columns/0/propertyUrl", "neither propertyUrl nor suppressOutput is there"),
        ({"columns": [COLUMN, 7]}, "/columns/1", "wrong type, expected an object"),
        ({"columns": [COLUMN, COLUMN]}, "/columns", 'the column "a" stands twice'),
        ({"columns": {}}, "/columns", "wrong type, expected a list"),
        ({"primaryKey": "b"}, "/primaryKey", 'the column "b" of the key is not there'),
        ({"primaryKey": [1]}, "/primaryKey/0", "wrong type, expected a text"),
        ({"foreignKeys": []}, "/foreignKeys", 'unknown key "foreignKeys"'),
        ({"@type": "Table"}, "/@type", "expected Schema"),
        ({"@context": "https://example.org"}, "/@context", "expected http://www.w3.org/ns/csvw"),
        (
            {f"{VETG}graphUrl": "{x}"},
            "/https:~1~1w3id.org~1vetgraph~1def#graphUrl",
            'the template names the column "x"*',
        ),
    ],
)
def test_a_wrong_schema(tmp_path: Path, changes: dict[str, object], pointer: str, message: str) -> None:
    _, problems = schema(tmp_path, **changes)
    check_one(problems, str(tmp_path / "schema.json"), pointer, message)


@pytest.mark.parametrize(
    ("changes", "pointer", "message"),
    [
        ({"dialect": {}}, "/dialect", 'unknown key "dialect"'),
        ({"tables": 1}, "/tables", "wrong type, expected a list"),
        ({"tables": ["a.csv"]}, "/tables/0", "wrong type, expected an object"),
        ({"tables": [{"url": "a.csv"}]}, "/tables/0/tableSchema", "tableSchema is missing"),
        ({"tables": [{"tableSchema": {"columns": []}}]}, "/tables/0/url", "url is missing"),
        (
            {"tables": [{"url": "a.csv", "tableSchema": {"columns": [], "x": 1}}]},
            "/tables/0/tableSchema/x",
            'unknown key "x"',
        ),
        ({"@id": "one"}, "/@id", '"one" is no absolute IRI'),
        ({"@id": 1}, "/@id", "wrong type, expected a text"),
    ],
)
def test_a_wrong_group(tmp_path: Path, changes: dict[str, object], pointer: str, message: str) -> None:
    _, problems = group(tmp_path, **changes)
    check_one(problems, str(tmp_path / "group.json"), pointer, message)


def test_a_missing_schema_file(tmp_path: Path) -> None:
    _, problems = group(tmp_path, tables=[{"url": "a.csv", "tableSchema": "x/../nope.json"}])
    check_one(problems, str(tmp_path / "nope.json"), "/", "there is no such file")


def test_several_faults_are_told_at_once(tmp_path: Path) -> None:
    _, problems = schema(tmp_path, columns=[{**COLUMN, "x": 1, "lang": 2}], y=3)
    assert [one.column for one in problems] == ["/y", "/columns/0/x", "/columns/0/lang"]


@pytest.mark.parametrize(
    ("raw", "message", "line"),
    [
        (b'{\n"a": }', "no valid JSON*", 2),
        (b"[]", "expected a JSON object", None),
        ('{"a": "编"}'.encode("gb18030"), "not UTF-8", None),
    ],
)
def test_a_file_that_is_no_json(tmp_path: Path, raw: bytes, message: str, line: int | None) -> None:
    file = tmp_path / "schema.json"
    file.write_bytes(raw)
    problems: list[Problem] = []
    assert csvw.read_schema(file, problems) is None
    check_one(problems, str(file), "/", message)
    assert problems[0].line == line


def test_the_key_of_a_group_is_the_last_segment(tmp_path: Path) -> None:
    found, problems = group(tmp_path)
    assert problems == []
    assert found is not None
    assert found.key == "one"


def test_our_own_schemas_have_no_fault() -> None:
    problems: list[Problem] = []
    files = sorted(resources.folder("tables").glob("*.json"))
    assert files
    assert None not in [csvw.read_schema(file, problems) for file in files]
    assert problems == []


def test_every_key_and_datatype_is_documented() -> None:
    text = (Path(__file__).parent.parent / "docs" / "tables.md").read_text(encoding="utf-8")
    read = {*csvw.DATATYPES, csvw.GRAPH_URL}
    for keys in (getattr(csvw, name) for name in dir(csvw) if name.endswith("_KEYS")):
        read |= keys
    assert [key for key in sorted(read) if f"`{key}`" not in text] == []


def test_every_kind_of_table_and_column_is_documented() -> None:
    text = (Path(__file__).parent.parent / "docs" / "tables.md").read_text(encoding="utf-8")
    documented = {
        name: re.findall(r"(\*\*)?`(\w+)`(?:\*\*)?(\\\*)?", columns)
        for name, columns in re.findall(r"^\| `([\w-]+)` \| [^|]+ \| ([^|]+) \|$", text, re.MULTILINE)
    }
    for file in resources.folder("tables").glob("*.json"):
        schema = csvw.read_schema(file, [])
        assert schema is not None
        keys = schema.primary_key
        assert documented[file.stem] == [
            ("**" * (one.name in keys), one.name, "\\*" * (one.required and one.name not in keys))
            for one in schema.real
        ], file.stem
