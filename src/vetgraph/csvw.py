"""The documented subset of CSVW metadata (W3C *Metadata Vocabulary for Tabular Data*): JSON to table schemas.

A key that is not read is a problem, never ignored; docs/tables.md lists the keys.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vetgraph import names
from vetgraph.errors import Problem, Text
from vetgraph.tableschema import DATATYPES, GRAPH_URL, Column, Datatype, Group, Schema, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["DATATYPES", "GRAPH_URL", "Column", "Datatype", "Group", "Schema", "Table", "read_group", "read_schema"]

_CSVW: Final = "http://www.w3.org/ns/csvw"
_PROSE = frozenset({"dc:title", "dc:description", "dc:source", "dc:license", "rdfs:comment"})
_GROUP_KEYS = frozenset({"@context", "@id", "@type", "tables", "dc:publisher", "dc:issued"}) | _PROSE
_TABLE_KEYS = frozenset({"url", "tableSchema"}) | _PROSE
_SCHEMA_KEYS = frozenset({"@context", "@id", "@type", "columns", "primaryKey", "aboutUrl", GRAPH_URL}) | _PROSE
_COLUMN_KEYS = (
    frozenset({"name", "titles", "datatype", "lang", "separator", "null", "default", "required", "virtual"})
    | frozenset({"suppressOutput", "aboutUrl", "propertyUrl", "valueUrl"})
    | _PROSE
)
_DATATYPE_KEYS = frozenset({"@id", "base", "format", "minimum", "maximum", "minLength", "maxLength"})
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_LANG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_EXPRESSION = re.compile(r"\{\+?(\w+)\}")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|urn:|\{\+")
_KINDS = {
    str: Text("文字", "a text"),
    bool: Text("true 或 false", "true or false"),
    list: Text("列表", "a list"),
    dict: Text("对象", "an object"),
    int: Text("整数", "an integer"),
    float: Text("数字", "a number"),
}


class _Reader:
    """Reads one JSON file and collects what is wrong with it; a pointer is a JSON pointer (RFC 6901)."""

    def __init__(self, file: Path, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems

    def wrong(self, pointer: str, message: Text, fix: Text, line: int | None = None) -> None:
        self.problems.append(Problem(str(self.file), None, pointer or "/", message, fix, line=line))

    def load(self, kind: str) -> dict[str, Any] | None:
        try:
            value = json.loads(self.file.read_text(encoding="utf-8"))
        except OSError:
            self.wrong(
                "", Text("文件不存在", "there is no such file"), Text("检查文件的路径", "check the path of the file")
            )
        except UnicodeDecodeError:
            self.wrong("", Text("不是 UTF-8", "not UTF-8"), Text("存为 UTF-8", "save the file as UTF-8"))
        except json.JSONDecodeError as error:
            message = Text(f"不是合法的 JSON：{error.msg}", f"no valid JSON: {error.msg}")
            self.wrong("", message, Text("改正该行", "correct this line"), error.lineno)
        else:
            if isinstance(value, dict):
                self.one_of(value, "@type", kind)
                context = value.get("@context", _CSVW)
                self.one_of({"@context": context[:1] if isinstance(context, list) else context}, "@context", _CSVW)
                return value
            self.wrong(
                "", Text("应为 JSON 对象", "expected a JSON object"), Text("用 { } 包起来", "write an object in { }")
            )
        return None

    def one_of(self, value: Mapping[str, Any], key: str, wanted: str) -> None:
        if value.get(key, wanted) not in (wanted, [wanted]):
            self.wrong(f"/{key}", Text(f"应为 {wanted}", f"expected {wanted}"), Text(f"写 {wanted}", f"write {wanted}"))

    def known(self, value: Mapping[str, Any], keys: frozenset[str], pointer: str) -> None:
        for key in value:
            if key not in keys:
                self.wrong(
                    f"{pointer}/{_step(key)}",
                    Text(f"未知的键“{key}”", f'unknown key "{key}"'),
                    Text("只用 docs/tables.md 所列的键", "use only the keys that docs/tables.md lists"),
                )

    def is_a(self, value: object, pointer: str, *kinds: type) -> bool:
        # JSON's true is an int to Python.
        if type(value) in kinds or (float in kinds and type(value) is int):
            return True
        zh, en = (" 或 ".join(_KINDS[k].zh for k in kinds), " or ".join(_KINDS[k].en for k in kinds))
        self.wrong(pointer, Text(f"类型不对，应为{zh}", f"wrong type, expected {en}"), Text(f"写成{zh}", f"write {en}"))
        return False

    def get(self, value: Mapping[str, Any], key: str, pointer: str, *kinds: type) -> Any:  # noqa: ANN401 - JSON
        found = value.get(key)
        return found if key in value and self.is_a(found, f"{pointer}/{_step(key)}", *kinds) else None

    def need(self, value: Mapping[str, Any], key: str, pointer: str, kind: type) -> Any:  # noqa: ANN401 - JSON
        if key not in value:
            self.wrong(
                f"{pointer}/{key}", Text(f"缺少 {key}", f"{key} is missing"), Text(f"写上 {key}", f"write {key}")
            )
        return self.get(value, key, pointer, kind)

    def texts(self, value: Mapping[str, Any], key: str, pointer: str) -> tuple[str, ...]:
        """Read a text or a list of texts."""
        found = self.get(value, key, pointer, str, list)
        listed = found if isinstance(found, list) else [] if found is None else [found]
        return tuple(one for n, one in enumerate(listed) if self.is_a(one, f"{pointer}/{key}/{n}", str))

    def objects(self, value: Mapping[str, Any], key: str, pointer: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Read a list of objects, each with its pointer."""
        for n, one in enumerate(self.need(value, key, pointer, list) or []):
            if self.is_a(one, f"{pointer}/{key}/{n}", dict):
                yield f"{pointer}/{key}/{n}", one

    def matching(self, text: str | None, form: re.Pattern[str], pointer: str, example: str) -> str | None:
        if text is None or form.fullmatch(text):
            return text
        self.wrong(
            pointer,
            Text(f"“{text}”格式不对", f'"{text}" is malformed'),
            Text(f"写成像 {example} 的样子", f"write it like {example}"),
        )
        return None

    def absolute(self, text: str | None, pointer: str) -> str | None:
        """Check an IRI or a template of one; a relative one, or one with an unknown prefix, is wrong."""
        expanded = None if text is None else expand_prefix(text)
        if expanded is None or _ABSOLUTE.match(expanded):
            return expanded
        prefixes = ", ".join(names.STANDARD_PREFIXES)
        self.wrong(
            pointer,
            Text(f"“{text}”不是完整的 IRI", f'"{text}" is no absolute IRI'),
            Text(f"写完整的 IRI，或用前缀 {prefixes}", f"write the whole IRI, or use a prefix of {prefixes}"),
        )
        return None

    def template(self, value: Mapping[str, Any], key: str, allowed: frozenset[str], pointer: str) -> str | None:
        text = self.get(value, key, pointer, str)
        if text is None:
            return None
        at = f"{pointer}/{_step(key)}"
        rest = _EXPRESSION.sub("", text)
        if "{" in rest or "}" in rest:
            self.wrong(
                at,
                Text(f"模板“{text}”格式不对", f'the template "{text}" is malformed'),
                Text("只用 {列名} 和 {+列名}", "use only {column} and {+column}"),
            )
            return None
        for name in _EXPRESSION.findall(text):
            if name not in allowed:
                self.wrong(
                    at,
                    Text(f"模板用了不存在的列“{name}”", f'the template names the column "{name}", which is not there'),
                    _use_one_of(allowed),
                )
                return None
        return self.absolute(text, at)

    def datatype(self, value: Mapping[str, Any], pointer: str) -> Datatype:
        found = self.get(value, "datatype", pointer, str, dict)
        parts: dict[str, Any] = found if isinstance(found, dict) else {"base": found or "string"}
        at = f"{pointer}/datatype"
        self.known(parts, _DATATYPE_KEYS, at)
        base = self.get(parts, "base", at, str) or "string"
        if base not in DATATYPES:
            self.wrong(
                at, Text(f"不支持的数据类型“{base}”", f'the datatype "{base}" is not read'), _use_one_of(DATATYPES)
            )
            base = "string"
        return Datatype(
            base=base,
            iri=self.absolute(self.get(parts, "@id", at, str), f"{at}/@id") or DATATYPES[base],
            format=self.pattern(parts, at),
            minimum=self.get(parts, "minimum", at, float),
            maximum=self.get(parts, "maximum", at, float),
            min_length=self.get(parts, "minLength", at, int),
            max_length=self.get(parts, "maxLength", at, int),
        )

    def pattern(self, parts: Mapping[str, Any], pointer: str) -> str | None:
        text: str | None = self.get(parts, "format", pointer, str)
        try:
            re.compile(text or "")
        except re.error as error:
            self.wrong(
                f"{pointer}/format",
                Text(f"不是合法的正则表达式：{error}", f"no valid regular expression: {error}"),
                Text("改正它", "correct it"),
            )
            return None
        return text

    def titles(self, value: Mapping[str, Any], pointer: str) -> dict[str, tuple[str, ...]]:
        found = self.get(value, "titles", pointer, str, list, dict)
        if found is None:
            return {}
        by_lang = found if isinstance(found, dict) else {"und": found}
        return {lang: self.texts(by_lang, lang, f"{pointer}/titles") for lang in by_lang}

    def column(self, value: Mapping[str, Any], pointer: str, allowed: frozenset[str]) -> Column:
        self.known(value, _COLUMN_KEYS, pointer)
        if "propertyUrl" not in value and value.get("suppressOutput") is not True:
            self.wrong(
                f"{pointer}/propertyUrl",
                Text("既无 propertyUrl，也无 suppressOutput", "neither propertyUrl nor suppressOutput is there"),
                Text("写上其一", "write one of them"),
            )
        name = self.matching(self.need(value, "name", pointer, str), _NAME, f"{pointer}/name", "counted_in")
        lang = self.matching(self.get(value, "lang", pointer, str), _LANG, f"{pointer}/lang", "zh")
        return Column(
            name=name or "",
            titles=self.titles(value, pointer),
            description=_prose(value.get("dc:description")),
            datatype=self.datatype(value, pointer),
            lang=lang,
            separator=self.get(value, "separator", pointer, str) or None,
            null=("", *self.texts(value, "null", pointer)),
            default=self.get(value, "default", pointer, str) or "",
            required=bool(self.get(value, "required", pointer, bool)),
            virtual=bool(self.get(value, "virtual", pointer, bool)),
            suppress=bool(self.get(value, "suppressOutput", pointer, bool)),
            about_url=self.template(value, "aboutUrl", allowed, pointer),
            property_url=self.template(value, "propertyUrl", allowed, pointer),
            value_url=self.template(value, "valueUrl", allowed, pointer),
        )

    def schema(self, value: Mapping[str, Any], pointer: str) -> Schema:
        self.known(value, _SCHEMA_KEYS, pointer)
        listed = list(self.objects(value, "columns", pointer))
        own = [one["name"] for _, one in listed if isinstance(one.get("name"), str) and not one.get("virtual")]
        for name in sorted({name for name in own if own.count(name) > 1}):
            self.wrong(
                f"{pointer}/columns",
                Text(f"列“{name}”重复", f'the column "{name}" stands twice'),
                Text("删去或改名", "delete or rename one"),
            )
        allowed = frozenset(own) | {"_report", "_group", "_row"}
        keys = self.texts(value, "primaryKey", pointer)
        for name in keys:
            if name not in own:
                self.wrong(
                    f"{pointer}/primaryKey",
                    Text(f"主键的列“{name}”不存在", f'the column "{name}" of the key is not there'),
                    _use_one_of(own),
                )
        return Schema(
            file=str(self.file),
            columns=tuple(self.column(one, where, allowed) for where, one in listed),
            primary_key=tuple(name for name in keys if name in own),
            about_url=self.template(value, "aboutUrl", allowed, pointer),
            graph_url=self.template(value, GRAPH_URL, allowed, pointer),
            title=_prose(value.get("dc:title")),
            description=_prose(value.get("dc:description")),
        )

    def table(self, value: Mapping[str, Any], pointer: str) -> Table | None:
        self.known(value, _TABLE_KEYS, pointer)
        url = self.need(value, "url", pointer, str)
        where = self.get(value, "tableSchema", pointer, str, dict)
        if "tableSchema" not in value:
            self.need(value, "tableSchema", pointer, str)
        if isinstance(where, str):
            # Without the `..` that would make messages hard to read.
            schema = read_schema(Path(os.path.normpath(self.file.parent / where)), self.problems)
        else:
            schema = None if where is None else self.schema(where, f"{pointer}/tableSchema")
        return Table(url, schema) if url and schema is not None else None


def _step(key: str) -> str:
    """Escape a key for a JSON pointer; ours that are IRIs hold slashes."""
    return key.replace("~", "~0").replace("/", "~1")


def _use_one_of(choice: Iterable[str]) -> Text:
    shown = ", ".join(sorted(choice))
    return Text(f"可用：{shown}", f"use one of {shown}")


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
    value = reader.load("Schema")
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
    value = reader.load("TableGroup")
    if value is None:
        return None
    reader.known(value, _GROUP_KEYS, "")
    tables = [reader.table(one, pointer) for pointer, one in reader.objects(value, "tables", "")]
    iri = reader.absolute(reader.need(value, "@id", "", str), "/@id")
    if iri is None:
        return None
    about = {key: _prose(value[key]) for key in value if key.startswith("dc:")}
    return Group(file, iri, tuple(table for table in tables if table is not None), about)
