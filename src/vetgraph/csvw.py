"""The documented subset of CSVW metadata (W3C *Metadata Vocabulary for Tabular Data*): JSON to table schemas.

A key that is not read is a problem, never ignored; docs/tables.md lists the keys.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import uritemplate

from vetgraph import names
from vetgraph.errors import Problem, Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

GRAPH_URL: Final = f"{names.PREFIXES['vetg']}graphUrl"
DATATYPES: Final = {
    **{
        name: f"{names.PREFIXES['xsd']}{name}"
        for name in (
            [
                "string",
                "integer",
                "nonNegativeInteger",
                "positiveInteger",
                "decimal",
                "boolean",
                "date",
                "gYear",
                "gYearMonth",
                "anyURI",
            ]
        )
    },
    "number": f"{names.PREFIXES['xsd']}double",
}
_PROSE = frozenset({"dc:title", "dc:description", "dc:source", "dc:license", "rdfs:comment"})
_GROUP_KEYS = frozenset({"@context", "@id", "@type", "tables"}) | _PROSE
_TABLE_KEYS = frozenset({"url", "tableSchema"}) | _PROSE
_SCHEMA_KEYS = frozenset({"@context", "@id", "@type", "columns", "primaryKey", "aboutUrl", GRAPH_URL}) | _PROSE
_TEMPLATES = ("aboutUrl", "propertyUrl", "valueUrl")
_COLUMN_KEYS = (
    frozenset({"name", "titles", "datatype", "lang", "separator", "null", "default", "required", "virtual"})
    | frozenset({"suppressOutput", *_TEMPLATES})
    | _PROSE
)
_DATATYPE_KEYS = frozenset({"@id", "base", "format", "minimum", "maximum", "minLength", "maxLength"})


@dataclass(frozen=True)
class Datatype:
    """The datatype of a column.

    Attributes:
        base: One of `DATATYPES`.
        iri: The datatype of the literals; an own one if the metadata name it.
        format: A regular expression that the whole text must match.
        minimum: The least number allowed.
        maximum: The greatest number allowed.
        min_length: The least length.
        max_length: The greatest length.
    """

    base: str = "string"
    iri: str = DATATYPES["string"]
    format: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None


@dataclass(frozen=True)
class Column:
    """One column, real or virtual; the URLs are URI templates."""

    name: str
    titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    datatype: Datatype = field(default_factory=Datatype)
    lang: str | None = None
    separator: str | None = None
    null: tuple[str, ...] = ("",)
    default: str = ""
    required: bool = False
    virtual: bool = False
    suppress: bool = False
    about_url: str | None = None
    property_url: str | None = None
    value_url: str | None = None

    def headers(self) -> tuple[str, ...]:
        """Return every header under which the column may stand in a file: its name and its titles."""
        return (self.name, *(title for titles in self.titles.values() for title in titles))


@dataclass(frozen=True)
class Schema:
    """The schema of one kind of table."""

    file: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    about_url: str | None = None
    graph_url: str | None = None
    title: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)

    @property
    def real(self) -> tuple[Column, ...]:
        """The columns that a file has."""
        return tuple(column for column in self.columns if not column.virtual)


@dataclass(frozen=True)
class Table:
    """One table of a group: where it is and how it is read."""

    url: str
    schema: Schema


@dataclass(frozen=True)
class Group:
    """A table group: a report, or the registry.

    Attributes:
        file: The metadata file.
        id: The IRI of the report, or of the graph.
        tables: The tables.
    """

    file: Path
    id: str
    tables: tuple[Table, ...]

    @property
    def key(self) -> str:
        """The last segment of the IRI: the report's key."""
        return self.id.rstrip("/").rpartition("/")[2]


class _Reader:
    """Reads one JSON file and collects what is wrong with it."""

    def __init__(self, file: Path, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems

    def wrong(self, pointer: str, zh: str, en: str, fix_zh: str, fix_en: str) -> None:
        self.problems.append(Problem(str(self.file), None, pointer or "/", Text(zh, en), Text(fix_zh, fix_en)))

    def load(self) -> dict[str, Any] | None:
        try:
            value = json.loads(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.wrong(
                "", "文件不存在", "there is no such file", "检查 tableSchema 的路径", "check the path in tableSchema"
            )
        except UnicodeDecodeError:
            self.wrong("", "不是 UTF-8", "not UTF-8", "存为 UTF-8", "save the file as UTF-8")
        except json.JSONDecodeError as error:
            self.problems.append(
                Problem(
                    str(self.file),
                    None,
                    None,
                    Text(f"不是合法的 JSON：{error.msg}", f"no valid JSON: {error.msg}"),
                    Text("改正该行", "correct this line"),
                    line=error.lineno,
                )
            )
        else:
            if isinstance(value, dict):
                return value
            self.wrong("", "应为 JSON 对象", "expected a JSON object", "用 { } 包起来", "write an object in { }")
        return None

    def known(self, value: Mapping[str, Any], keys: frozenset[str], pointer: str) -> None:
        for key in value:
            if key not in keys:
                self.wrong(
                    f"{pointer}/{key}",
                    f"未知的键“{key}”",
                    f'unknown key "{key}"',
                    "只用 docs/tables.md 所列的键",
                    "use only the keys that docs/tables.md lists",
                )

    def get(self, value: Mapping[str, Any], key: str, kind: type | tuple[type, ...], pointer: str) -> Any:  # noqa: ANN401 - JSON
        found = value.get(key)
        if found is None or (isinstance(found, kind) and not (isinstance(found, bool) and kind is not bool)):
            return found
        expected = getattr(kind, "__name__", "text or list")
        self.wrong(
            f"{pointer}/{key}",
            f"类型不对，应为 {expected}",
            f"wrong type, expected {expected}",
            "改成所要求的类型",
            "write a value of that type",
        )
        return None

    def template(self, value: Mapping[str, Any], key: str, allowed: frozenset[str], pointer: str) -> str | None:
        text = self.get(value, key, str, pointer)
        if text is None:
            return None
        if text.count("{") != text.count("}"):
            self.wrong(f"{pointer}/{key}", "括号不成对", "unbalanced braces", "补上括号", "balance the braces")
            return None
        for name in uritemplate.variables(text):
            if name not in allowed:
                self.wrong(
                    f"{pointer}/{key}",
                    f"模板用了不存在的列“{name}”",
                    f'the template names the column "{name}", which is not there',
                    f"可用：{', '.join(sorted(allowed))}",
                    f"use one of {', '.join(sorted(allowed))}",
                )
                return None
        return expand_prefix(text)

    def datatype(self, value: Mapping[str, Any], pointer: str) -> Datatype:
        found = self.get(value, "datatype", (str, dict), pointer)
        parts: dict[str, Any] = found if isinstance(found, dict) else {"base": found or "string"}
        self.known(parts, _DATATYPE_KEYS, f"{pointer}/datatype")
        base = parts.get("base", "string")
        if base not in DATATYPES:
            self.wrong(
                f"{pointer}/datatype",
                f"不支持的数据类型“{base}”",
                f'the datatype "{base}" is not read',
                f"可用：{', '.join(DATATYPES)}",
                f"use one of {', '.join(DATATYPES)}",
            )
            base = "string"
        return Datatype(
            base=base,
            iri=parts.get("@id", DATATYPES[base]),
            format=parts.get("format"),
            minimum=parts.get("minimum"),
            maximum=parts.get("maximum"),
            min_length=parts.get("minLength"),
            max_length=parts.get("maxLength"),
        )

    def column(self, value: Mapping[str, Any], pointer: str, allowed: frozenset[str]) -> Column:
        self.known(value, _COLUMN_KEYS, pointer)
        null = self.get(value, "null", (str, list), pointer)
        titles = value.get("titles", {})
        return Column(
            name=self.get(value, "name", str, pointer) or "",
            titles={lang: tuple([t] if isinstance(t, str) else t) for lang, t in _language_map(titles).items()},
            description=_prose(value.get("dc:description")),
            datatype=self.datatype(value, pointer),
            lang=self.get(value, "lang", str, pointer),
            separator=self.get(value, "separator", str, pointer),
            null=tuple([null] if isinstance(null, str) else null or [""]),
            default=self.get(value, "default", str, pointer) or "",
            required=bool(self.get(value, "required", bool, pointer)),
            virtual=bool(self.get(value, "virtual", bool, pointer)),
            suppress=bool(self.get(value, "suppressOutput", bool, pointer)),
            about_url=self.template(value, "aboutUrl", allowed, pointer),
            property_url=self.template(value, "propertyUrl", allowed, pointer),
            value_url=self.template(value, "valueUrl", allowed, pointer),
        )

    def schema(self, value: Mapping[str, Any], pointer: str) -> Schema:
        self.known(value, _SCHEMA_KEYS, pointer)
        listed = [one for one in self.get(value, "columns", list, pointer) or [] if isinstance(one, dict)]
        own = frozenset(one["name"] for one in listed if isinstance(one.get("name"), str) and not one.get("virtual"))
        allowed = own | {"_report", "_group", "_row"}
        key = self.get(value, "primaryKey", (str, list), pointer)
        keys = tuple([key] if isinstance(key, str) else key or [])
        for name in keys:
            if name not in own:
                self.wrong(
                    f"{pointer}/primaryKey",
                    f"主键的列“{name}”不存在",
                    f'the column "{name}" of the key is not there',
                    f"可用：{', '.join(sorted(own))}",
                    f"use one of {', '.join(sorted(own))}",
                )
        return Schema(
            file=str(self.file),
            columns=tuple(self.column(one, f"{pointer}/columns/{n}", allowed) for n, one in enumerate(listed)),
            primary_key=tuple(name for name in keys if name in own),
            about_url=self.template(value, "aboutUrl", allowed, pointer),
            graph_url=self.template(value, GRAPH_URL, allowed, pointer),
            title=_prose(value.get("dc:title")),
            description=_prose(value.get("dc:description")),
        )


def expand_prefix(text: str) -> str:
    """Return an IRI or URI template with CSVW's predefined prefix written out.

    Args:
        text: The IRI or template.

    Returns:
        The same with its prefix expanded, if it has one.
    """
    prefix, colon, rest = text.partition(":")
    if colon and prefix in names.STANDARD_PREFIXES:
        return names.STANDARD_PREFIXES[prefix] + rest
    return text


def _language_map(value: object) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    return {"und": value} if value else {}


def _prose(value: object) -> dict[str, str]:
    listed = value if isinstance(value, list) else [value] if value else []
    return {
        (one.get("@language", "und") if isinstance(one, dict) else "und"): (
            str(one.get("@value", "")) if isinstance(one, dict) else str(one)
        )
        for one in listed
    }


def read_schema(file: Path, problems: list[Problem]) -> Schema | None:
    """Read a table schema.

    Args:
        file: The JSON file.
        problems: Takes what is wrong.

    Returns:
        The schema, or nothing if the file cannot be read.
    """
    reader = _Reader(file, problems)
    value = reader.load()
    return None if value is None else reader.schema(value, "")


def read_group(file: Path, problems: list[Problem]) -> Group | None:
    """Read a table group and the schemas it names.

    Args:
        file: The JSON file.
        problems: Takes what is wrong.

    Returns:
        The group, or nothing if the file cannot be read.
    """
    reader = _Reader(file, problems)
    value = reader.load()
    if value is None:
        return None
    reader.known(value, _GROUP_KEYS, "")
    tables = []
    for n, one in enumerate(reader.get(value, "tables", list, "") or []):
        pointer = f"/tables/{n}"
        reader.known(one, _TABLE_KEYS, pointer)
        url, where = reader.get(one, "url", str, pointer), one.get("tableSchema")
        if isinstance(where, str):
            schema = read_schema(_beside(file, where), problems)
        elif isinstance(where, dict):
            schema = reader.schema(where, f"{pointer}/tableSchema")
        else:
            reader.wrong(
                pointer, "缺少 tableSchema", "tableSchema is missing", "写上表结构", "name the schema of the table"
            )
            schema = None
        if url and schema is not None:
            tables.append(Table(url, schema))
    iri = reader.get(value, "@id", str, "")
    if not iri:
        reader.wrong("/@id", "缺少 @id", "@id is missing", "写上报告的 IRI", "write the IRI of the report")
        return None
    return Group(file, iri, tuple(tables))


def _beside(file: Path, relative: str) -> Path:
    """Return a path relative to a file, without the ``..`` that would make messages hard to read."""
    import os
    from pathlib import Path

    return Path(os.path.normpath(file.parent / relative))
