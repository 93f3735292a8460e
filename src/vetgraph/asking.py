"""What ``vetgraph query`` does: find the query, take its parameters, write its answer."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vetgraph import names, queries, render
from vetgraph.errors import Text, UsageError
from vetgraph.results import BOM, GRAPH_FORMATS, Answer, Solutions, Triples

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NAME = re.compile(r"[\w.-]+")


def find(what: str | None, file: str | None) -> queries.Query:
    """Return the query that the arguments mean.

    Args:
        what: A name or a SPARQL text.
        file: A file, ``-`` for standard input.

    Returns:
        The query.

    Raises:
        UsageError: None is named, or two are, or the file cannot be read.
    """
    if (what is None) == (file is None):
        raise UsageError(
            Text("写一个查询：名称、SPARQL 文本或 -f 文件", "say what to ask: a name, a SPARQL text or -f FILE"),
            Text("vetgraph query --list 列出已有的查询", "vetgraph query --list shows the named ones"),
        )
    if file is not None:
        return queries.parse(Path(file).stem, _text(file))
    text = what or ""
    return queries.get(text) if _NAME.fullmatch(text) else queries.parse("query", text)


def _text(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(
            Text(f"无法读取 {file}：{error.strerror}", f"cannot read {file}: {error.strerror}"),
            Text("检查路径", "check the path"),
        ) from None
    except UnicodeDecodeError:
        raise UsageError(
            Text(f"{file} 不是 UTF-8", f"{file} is not in UTF-8"), Text("另存为 UTF-8", "save it as UTF-8")
        ) from None


def values(params: Sequence[str]) -> dict[str, str]:
    """Read ``NAME=VALUE`` arguments.

    Args:
        params: The arguments.

    Returns:
        Values by name.

    Raises:
        UsageError: One has no ``=``, or a name comes twice.
    """
    found: dict[str, str] = {}
    for param in params:
        name, sign, value = param.partition("=")
        if not sign or not name.strip() or name in found:
            raise UsageError(
                Text(f"无法理解 --param {param}", f"cannot read --param {param}"),
                Text("写成 --param 名称=值，每个名称一次", "write --param NAME=VALUE, each name once"),
            )
        found[name.strip().lstrip("?")] = value
    return found


def with_parameters(query: queries.Query, given: Mapping[str, str]) -> queries.Query:
    """Let a query without a head take any parameter: ``<…>`` is an IRI, the rest text.

    Args:
        query: The query.
        given: Values by name.

    Returns:
        The query, with a parameter for each value where it declares none.
    """
    if query.params or query.name in queries.catalogue():
        return query
    params = [
        queries.Param(name, "iri" if value.startswith("<") and value.endswith(">") else "string", Text(name, name))
        for name, value in given.items()
    ]
    return replace(query, params=tuple(params))


def written(found: Solutions | Answer | Triples, style: str | None, output: str | None, *, terminal: int = 0) -> bytes:
    """Write an answer.

    Args:
        found: The answer.
        style: Format asked for; by default a table on a terminal, else what the file's name says, else CSV or Turtle.
        output: The file it goes to.
        terminal: Width of the terminal that it goes to, 0 where it goes elsewhere.

    Returns:
        The bytes.

    Raises:
        UsageError: This kind of answer has no such format.
    """
    suffix = Path(output).suffix.lstrip(".").lower() if output else ""
    if isinstance(found, Triples):
        return found.serialize(style or (suffix if suffix in GRAPH_FORMATS else "ttl"))
    style = style or (suffix if suffix in {"csv", "tsv", "json", "xml", "xlsx"} else "table" if terminal else "csv")
    if style == "table":
        return _table(found, terminal)
    if style == "xlsx" and isinstance(found, Solutions):
        if terminal:
            raise UsageError(Text("xlsx 要写到文件", "xlsx goes to a file"), Text("加上 -o 文件名", "add -o FILE"))
        return render.workbook(found)
    data = found.serialize(style)
    if isinstance(found, Answer) and style in {"csv", "tsv"}:
        data += b"\n"
    to_file = output is not None and output != "-"
    return BOM.encode() + data if style == "csv" and to_file else data


def _table(found: Solutions | Answer, room: int) -> bytes:
    if isinstance(found, Answer):
        return b"true\n" if found else b"false\n"
    rows = [
        [names.shorten(value) if isinstance(value, str) and "://" in value else value for value in row.values()]
        for row in found
    ]
    return (render.table(found.variables, rows, room) + "\n").encode()


def listing(lang: str, *, terminal: int = 0) -> bytes:
    """List the named queries.

    Args:
        lang: ``zh`` or ``en``.
        terminal: Width of the terminal; 0 gives CSV.

    Returns:
        A table or CSV.
    """
    header = {"zh": ["名称", "标题", "参数"], "en": ["name", "title", "parameters"]}[lang]
    rows = [
        [query.name, query.title.get(lang), ", ".join(_parameter(param) for param in query.params)]
        for query in queries.catalogue().values()
    ]
    if terminal:
        return (render.table(header, rows, terminal) + "\n").encode()
    import csv
    import io

    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([["name", "title", "parameters"], *rows])
    return out.getvalue().encode()


def _parameter(param: queries.Param) -> str:
    if param.default is not None:
        return f"{param.name}={param.default}"
    return f"[{param.name}]" if param.optional else param.name
