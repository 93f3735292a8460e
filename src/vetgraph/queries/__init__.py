r"""Named queries: ``.rq`` files beside this module, with a title in both languages and typed parameters.

The comment lines at the head of a file say what it is::

    # title.zh: 某年的在校生数
    # title.en: Students of a year
    # description.zh: ……
    # description.en: …
    # theme: figures
    # param: year year "年份" | "Year" = 2025
    # param: school name "学校（任一名称）" | "School, by any of its names" optional

A theme, one of ``themes.csv``, says with which other queries a list shows it. A parameter is a variable of the query
(``year``), a type, a label in each language, and perhaps a default after ``=``
or the word ``optional`` (left unbound when no value is given). Types: ``string``, ``name`` (a text to be compared with
labels), ``integer``, ``year``, ``iri``, ``code:SCHEME`` (a key or label of a code list) and ``thing:KIND`` (a key, a
name or an alias). A page may also give many IRIs at once (``iris``), which stand in ``VALUES ?NAME {}``. The engine
gives a value only to a variable that the outermost SELECT names.
"""

from __future__ import annotations

import csv
import difflib
import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from vetgraph import codelists, names
from vetgraph.errors import Text, UsageError
from vetgraph.results import Answer, Solutions, Triples
from vetgraph.terms import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from vetgraph.store import Store

FOLDER = Path(__file__).parent
"""Where the files are; ``pages/`` holds those that pages use and nobody is offered."""

_HEADER = re.compile(r"#\s*(?P<key>title|description)\.(?P<lang>zh|en):\s*(?P<value>.+)$")
_PARAM = re.compile(
    r'#\s*param:\s*(?P<name>\w+)\s+(?P<type>[\w-]+(?::[\w-]+)?)\s+"(?P<zh>[^"]*)"\s*\|\s*"(?P<en>[^"]*)"'
    r"(?:\s*=\s*(?P<default>\S.*?)|\s+(?P<optional>optional))?\s*$"
)
_THEME = re.compile(r"#\s*theme:\s*(?P<theme>[\w-]+)\s*$")
_ROOM = 60_000
_MENTIONS = 15
_YEAR = re.compile(r"\d{4}")
_TYPES = frozenset({"string", "name", "integer", "year", "iri", "iris"})


@dataclass(frozen=True)
class Param:
    """A parameter of a named query."""

    name: str
    type: str
    label: Text
    default: str | None = None
    optional: bool = False


@dataclass(frozen=True)
class Query:
    """A named query."""

    name: str
    title: Text
    description: Text
    params: tuple[Param, ...]
    text: str
    theme: str = ""

    def param(self, name: str) -> Param:
        """Return a parameter by name.

        Args:
            name: Its name, without ``?``.

        Returns:
            The parameter.

        Raises:
            UsageError: The query has no such parameter.
        """
        found = next((param for param in self.params if param.name == name), None)
        if found is None:
            raise UsageError(
                Text(f"查询 {self.name} 没有参数 {name}", f"the query {self.name} has no parameter {name}"),
                _meant(name, [param.name for param in self.params], Text("它没有参数", "it takes none")),
            )
        return found


def _meant(word: str, known: list[str], none: Text) -> Text:
    if not known:
        return none
    close = difflib.get_close_matches(word, known, n=3)
    listed = ", ".join(close or known)
    return (
        Text(f"是否指 {listed}？", f"did you mean {listed}?")
        if close
        else Text(f"可用：{listed}", f"use one of {listed}")
    )


def parse(name: str, text: str) -> Query:
    """Read a query with its head.

    Args:
        name: What to call it.
        text: SPARQL, with or without the comment lines that this module describes.

    Returns:
        The query.

    Raises:
        UsageError: A ``# param`` line cannot be read.
    """
    heads: dict[tuple[str, str], str] = {}
    params: list[Param] = []
    theme = ""
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if header := _HEADER.match(line):
            heads[header["key"], header["lang"]] = header["value"].strip()
        elif param := _PARAM.match(line):
            kind = param["type"]
            if kind not in _TYPES and not kind.startswith(("code:", "thing:")):
                raise _bad_head(name, line)
            labels = Text(param["zh"], param["en"])
            params.append(Param(param["name"], kind, labels, param["default"], bool(param["optional"])))
        elif line.startswith("# param"):
            raise _bad_head(name, line)
        elif told := _THEME.match(line):
            theme = told["theme"]
    title = Text(heads.get(("title", "zh"), name), heads.get(("title", "en"), name))
    description = Text(heads.get(("description", "zh"), ""), heads.get(("description", "en"), ""))
    return Query(name, title, description, tuple(params), text, theme)


def _bad_head(name: str, line: str) -> UsageError:
    types = ", ".join([*sorted(_TYPES), "code:SCHEME", "thing:KIND"])
    return UsageError(
        Text(f"查询 {name} 的参数行有误：{line}", f"the query {name} has a parameter line that cannot be read: {line}"),
        Text(
            f'写成 # param: 变量 类型 "中文" | "English" = 默认值；类型：{types}',
            f'write # param: VARIABLE TYPE "zh" | "en" = DEFAULT; types: {types}',
        ),
    )


@functools.cache
def catalogue(folder: Path = FOLDER) -> dict[str, Query]:
    """Return the named queries of a folder.

    Args:
        folder: Where the ``.rq`` files are.

    Returns:
        Queries by name, sorted.
    """
    return {path.stem: parse(path.stem, path.read_text("utf-8")) for path in sorted(folder.glob("*.rq"))}


@functools.cache
def themes() -> dict[str, Text]:
    """Return the themes of the named queries.

    Returns:
        What each is called, in the order in which a list shows them.
    """
    with (FOLDER / "themes.csv").open(encoding="utf-8", newline="") as file:
        return {row["theme"]: Text(row["zh"], row["en"]) for row in csv.DictReader(file)}


@functools.cache
def headings() -> dict[str, Text]:
    """Return what the variables of the named queries are called, for a table that people read.

    Returns:
        Headings by variable; of a pair as ``titleZh`` and ``titleEn`` that of ``title``.
    """
    with (FOLDER / "headings.csv").open(encoding="utf-8", newline="") as file:
        return {row["variable"]: Text(row["zh"], row["en"]) for row in csv.DictReader(file)}


def get(name: str) -> Query:
    """Return a named query.

    Args:
        name: Its name, the file's without ``.rq``.

    Returns:
        The query.

    Raises:
        UsageError: There is no such query.
    """
    queries = catalogue()
    if name not in queries:
        raise UsageError(
            Text(f"没有名为 {name} 的查询", f"there is no query named {name}"),
            _meant(name, list(queries), Text("没有命名查询", "there are no named queries")),
        )
    return queries[name]


def run(store: Store, name: str, params: Mapping[str, Any] | None = None) -> Solutions | Answer | Triples:
    """Run a named query.

    Args:
        store: What to ask.
        name: Name of the query.
        params: Values of its parameters, as text or Python values.

    Returns:
        Its answer.

    Raises:
        UsageError: No such query or parameter, a value is missing or wrong.
    """
    return ask(store, get(name), params or {})


def page(store: Store, name: str, params: Mapping[str, Any] | None = None) -> Solutions:
    """Run a query that a page needs (``pages/NAME.rq``).

    Args:
        store: What to ask.
        name: Name of the file, without ``.rq``.
        params: Values of its parameters.

    Returns:
        Its rows.
    """
    found = ask(store, catalogue(FOLDER / "pages")[name], params or {})
    if not isinstance(found, Solutions):
        raise TypeError(f"pages/{name}.rq is no SELECT")
    return found


def ask(store: Store, query: Query, params: Mapping[str, Any]) -> Solutions | Answer | Triples:
    """Run a query with parameters.

    Args:
        store: What to ask.
        query: The query.
        params: Values of its parameters.

    Returns:
        Its answer.

    Raises:
        UsageError: A value is missing, unknown or wrong.
    """
    text, values = _prepared(store, query, params)
    return store.query(text, values)


def written(store: Store, query: Query, params: Mapping[str, Any]) -> str:
    """Return a query with the values of its parameters in its text, as a reader can ask it again.

    Args:
        store: Where things are looked up by name.
        query: The query.
        params: Values of its parameters.

    Returns:
        SPARQL that answers as the query does with these values.

    Raises:
        UsageError: A value is missing, unknown or wrong.
    """
    from vetgraph.substitution import substitute

    return substitute(*_prepared(store, query, params))


def _prepared(store: Store, query: Query, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    for name in params:
        query.param(name)
    values = {}
    text = query.text
    for param in query.params:
        value = params.get(param.name, param.default)
        if param.type == "iris":
            text = _listed(text, param, value or ())
            continue
        if value is None or value == "":
            if param.optional:
                continue
            raise UsageError(
                Text(
                    f"查询 {query.name} 需要参数 {param.name}（{param.label.zh}）",
                    f"the query {query.name} needs the parameter {param.name} ({param.label.en})",
                ),
                Text(f"加上 --param {param.name}=…", f"add --param {param.name}=…"),
            )
        values[param.name] = _term(store, param, str(value))
    return text, values


def parts(iris: Iterable[str], times: int = 1) -> Iterator[list[str]]:
    """Part IRIs into lists that a query text can hold: it may not be too long, nor mention SERVICE often.

    Args:
        iris: The IRIs.
        times: How often the text repeats the list.

    Yields:
        Lists, none of them empty.
    """
    part: list[str] = []
    size = mentions = 0
    room, most = _ROOM // times, _MENTIONS // times
    for iri in iris:
        long, named = len(iri.encode()) + 3, iri.lower().count("service")
        if part and (size + long > room or (named and mentions + named > most)):
            yield part
            part, size, mentions = [], 0, 0
        part.append(iri)
        size, mentions = size + long, mentions + named
    if part:
        yield part


def _listed(text: str, param: Param, iris: Iterable[str]) -> str:
    """Write IRIs where a query lists them; the engine itself writes each, and refuses what is none."""
    listed = []
    for iri in iris:
        try:
            listed.append(str(ox.NamedNode(iri)))
        except ValueError:
            raise _wrong(param, iri, Text("写完整的 IRI", "write full IRIs")) from None
    return text.replace(f"VALUES ?{param.name} {{}}", f"VALUES ?{param.name} {{ {' '.join(listed)} }}")


def _term(store: Store, param: Param, value: str) -> Any:  # noqa: ANN401 - any RDF term
    kind, _, scope = param.type.partition(":")
    if kind == "code":
        return _code(param, scope, value)
    if kind == "thing":
        return _thing(store, param, scope, value)
    if kind == "iri":
        return _iri(param, value)
    if kind == "year":
        if not _YEAR.fullmatch(value):
            raise _wrong(param, value, Text("写四位数的年份，如 2025", "write a year of four digits, as 2025"))
        return ox.Literal(value, datatype=ox.NamedNode(XSD + "gYear"))
    if kind == "integer":
        try:
            return ox.Literal(int(value))
        except ValueError:
            raise _wrong(param, value, Text("写整数", "write a whole number")) from None
    return ox.Literal(value)


def _wrong(param: Param, value: str, fix: Text) -> UsageError:
    return UsageError(
        Text(f"参数 {param.name} 的值不对：“{value}”", f'the parameter {param.name} cannot be "{value}"'), fix
    )


def _iri(param: Param, value: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(value if "://" in value else names.expand(value))
    except (ValueError, KeyError):
        raise _wrong(param, value, Text("写完整的 IRI 或带前缀的名称", "write a full IRI or a prefixed name")) from None


def _code(param: Param, scheme: str, value: str) -> ox.NamedNode:
    lists = codelists.load()
    keys = lists.keys(scheme)
    for key in keys:
        label = lists.label(scheme, key)
        if value in {key, label.zh, label.en, names.code(scheme, key)}:
            return ox.NamedNode(names.code(scheme, key))
    raise _wrong(param, value, _meant(value, list(keys), Text("代码表是空的", "the code list is empty")))


def _thing(store: Store, param: Param, kind: str, value: str) -> ox.NamedNode:
    """Find a thing by IRI, key, name or alias."""
    base = names.thing(kind, "")
    if value.startswith(base):
        return ox.NamedNode(value)
    found = {str(row["thing"]) for row in page(store, "named", {"name": value}) if str(row["thing"]).startswith(base)}
    key = value.removeprefix(f"{kind}/")
    if not found and re.fullmatch(r"[\w.-]+", key):
        found = {base + key} if page(store, "exists", {"thing": base + key}) else set()
    if len(found) == 1:
        return ox.NamedNode(found.pop())
    if found:
        keys = ", ".join(sorted(iri.removeprefix(base) for iri in found))
        raise _wrong(
            param, value, Text(f"不止一个，请写键：{keys}", f"more than one has this name; write a key: {keys}")
        )
    raise _wrong(param, value, Text("写图谱中的名称、别名或键", "write a name, an alias or a key that is in the graph"))
