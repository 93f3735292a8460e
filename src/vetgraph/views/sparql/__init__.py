"""What a reader sees of a table as a SPARQL query: filters, columns, order, groups; its pieces are the ``.rq`` files.

A column's pattern is what the view's own query says of it: of each branch of its UNION that names the variable, the
part that every solution has and the OPTIONAL that names it. Each column stands in a subselect of its own, so that no
two multiply each other. What SPARQL cannot say as the table does (Chinese in the order of its sounds, names that a page
makes up) is told at the head of the query.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from vetgraph import names, querytext
from vetgraph.views import grouping
from vetgraph.views.choosing import NOTHING
from vetgraph.views.sparql import traits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vetgraph.views import Column, View
    from vetgraph.views.choosing import Choice
    from vetgraph.views.table import Table

_WHERE: Final = re.compile(r"WHERE \{\n(?P<body>.*)\n\}\s*$", re.DOTALL)
_BETWEEN: Final = re.compile(r"^  UNION\n", re.MULTILINE)
_OPTIONAL: Final = re.compile(r"OPTIONAL \{ (?P<inner>.*) \}$")
_NUMBERS: Final = frozenset({"count", "total"})


@dataclass(frozen=True)
class Words:
    """What the query says in the reader's language.

    Attributes:
        head: Lines that tell what it is, and what it says otherwise than the table.
        none: What a group without a value is called.
        count: What the number of rows is called.
        total: What a sum is called: the name of the column goes in.
        passages: What the passages are called.
    """

    head: tuple[str, ...] = ()
    none: str = "–"
    count: str = "rows"
    total: str = "{column}"
    passages: str = "passages"


@cache
def _piece(name: str) -> Template:
    return Template(files(__package__).joinpath(f"{name}.rq").read_text(encoding="utf-8"))


def written(table: Table, choice: Choice, words: Words) -> str:
    """Write what a reader sees of a table as SPARQL.

    Args:
        table: The table.
        choice: What the reader has chosen.
        words: What the query says in words.

    Returns:
        A query with a row for each row of the table, or for each group or cell of a cross table.
    """
    made = _Writing(table, choice, words)
    text = made.groups() if choice.group else made.rows()
    used = [prefix for prefix in names.PREFIXES if re.search(rf"(?<![\w<:/]){prefix}:", text)]
    head = [f"# {' '.join(line.split())}" for line in words.head]
    prefixes = [f"PREFIX {prefix}: <{names.PREFIXES[prefix]}>" for prefix in used]
    return "\n".join([*head, *prefixes, "", text])


def pattern(view: View, name: str) -> str:
    """Return the pattern that leads from a thing of a view to the values of a column.

    Args:
        view: The view.
        name: A variable of its query.

    Returns:
        A group graph pattern without its braces.
    """
    found = []
    for needed, optional in _branches(view.query.text):
        if _names(needed, name):
            found.append(needed)
        else:
            found += [f"{needed} {inner}" for inner in optional if _names(inner, name)]
    return found[0] if len(found) == 1 else " UNION ".join(f"{{ {each} }}" for each in found)


def things(view: View) -> str:
    """Return the pattern of the things of a view.

    Args:
        view: The view.

    Returns:
        A group graph pattern without its braces that binds ``?thing`` and nothing else.
    """
    needed = _branches(view.query.text)[0][0]
    others = set(re.findall(r"\?(\w+)", needed)) - {"thing"}
    return f"{{ SELECT DISTINCT ?thing WHERE {{ {needed} }} }}" if others else needed


def _names(text: str, name: str) -> bool:
    return re.search(rf"\?{name}\b", text) is not None


@cache
def _branches(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return of each branch of a view what every solution has, and its OPTIONALs."""
    body = _WHERE.search(text)
    if body is None:
        raise ValueError("the query of a view ends with its WHERE")
    found: list[tuple[str, tuple[str, ...]]] = []
    for branch in _BETWEEN.split(body["body"]):
        inner = branch.strip().removeprefix("{").removesuffix("}").strip()
        if inner.startswith("SELECT"):
            found.append((f"{{ {inner} }}", ()))
            continue
        lines = [line.strip() for line in inner.splitlines() if line.strip()]
        optional = tuple(match["inner"] for line in lines if (match := _OPTIONAL.match(line)))
        needed = " ".join(line for line in lines if not _OPTIONAL.match(line))
        found.append((needed if needed.endswith(".") else f"{needed} .", optional))
    return tuple(found)


class _Writing:
    """One query."""

    def __init__(self, table: Table, choice: Choice, words: Words) -> None:
        self._table, self._choice, self._words = table, choice, words
        self._view, self._lang = table.view, table.lang
        self._shown = table.columns(choice)
        self._things = things(self._view)

    def rows(self) -> str:
        """Write a query with a row for each thing."""
        taken = {"thing", *(f"{column.name}_" for column in self._view.columns)}
        heads = [f"({self._value(c)} AS ?{querytext.variable(c.label.get(self._lang), taken)})" for c in self._shown]
        columns = [*heads]
        cells = self._cells(self._needed())
        if "passage" in self._view.query.text:
            columns.append(f"(?passage_ AS ?{querytext.variable(self._words.passages, taken)})")
            cells += self._passages()
        columns.append("?thing")
        return _piece("rows").safe_substitute(
            COLUMNS="\n       ".join(columns),
            THINGS=self._things,
            CELLS=cells,
            FIRST=_lines(self._facets(), 2),
            FILTERS=_lines(self._filters(), 2),
            ORDER=self._order(),
        )

    def groups(self) -> str:
        """Write a query with a row for each group."""
        choice, taken = self._choice, {"thing"}
        keys = [column for name in (choice.group, choice.by) if (column := self._view.column(name))]
        sums = [column for column in self._view.columns if column.sum]
        taken |= {f"{column.name}_{end}" for column in self._view.columns for end in ("", "group", "key", "rank")}
        columns, by = [], []
        for column in keys:
            label = querytext.variable(column.label.get(self._lang), taken)
            columns.append(f"(COALESCE(?{column.name}_group, {ox.Literal(self._words.none)}) AS ?{label})")
            by += [f"?{column.name}_key", f"?{column.name}_group"]
        count = querytext.variable(self._words.count, taken)
        columns.append(f"(COUNT(?thing) AS ?{count})")
        order = [f"DESC(?{count})"]
        for column in sums:
            label = querytext.variable(self._words.total.format(column=column.label.get(self._lang)), taken)
            columns.append(f"(SUM(COALESCE(?{column.name}_, 0)) AS ?{label})")
            order = [f"DESC(?{label})"] if column == grouping.summed(self._table, choice) else order
        needed = dict.fromkeys([*sums, *self._filtering()])
        kept = " ".join(["?thing", *(f"?{column.name}_" for column in sums)])
        return _piece("groups").safe_substitute(
            COLUMNS="\n       ".join(columns),
            KEPT=kept,
            THINGS=self._things,
            CELLS=_indented(self._cells(needed), 4),
            FIRST=_lines(self._facets(), 6),
            FILTERS=_lines(self._filters(), 6),
            GROUPS="".join(self._keyed(column) for column in keys),
            BY=" ".join(by),
            ORDER=" ".join([*order, *by]),
        )

    def _filtering(self) -> list[Column]:
        """Return the columns whose values filters look at."""
        choice = self._choice
        found = [name for bounds in (choice.least, choice.most) for name in bounds]
        found += [name for name in choice.facets if getattr(self._view.column(name), "kind", "") in _NUMBERS]
        columns = [column for name in found if (column := self._view.column(name))]
        return [*columns, *(self._view.columns if choice.q else ())]

    def _needed(self) -> Iterable[Column]:
        sorting = [column for column in self._view.columns if column.name == self._choice.sort]
        return dict.fromkeys([*self._shown, *self._filtering(), *sorting, self._view.columns[0]])

    def _cells(self, columns: Iterable[Column]) -> str:
        return "".join(self._cell(column) for column in columns)

    def _cell(self, column: Column) -> str:
        name = column.name
        if column.kind == "total":
            return _piece("total").safe_substitute(NAME=name, PATTERN=pattern(self._view, name))
        if column.kind == "count":
            values, more, also = f"(COUNT(?{name}) AS ?{name}_)", "", ""
            return self._filled("plain", column, values, more, also)
        kind = traits.of(self._table, name)
        if kind.things:
            rank = f" (MIN(?place) AS ?{name}_rank)" if column.kind == "code" else ""
            return self._filled("named", column, f"{self._joined('name', f'{name}_')}{rank}", self._more(column))
        values = f"(MIN(?{name}) AS ?{name}_)" if kind.single else self._joined(f"STR(?{name})", f"{name}_")
        own = f' FILTER(LANG(?{name}) = "{self._lang}")' if kind.translated and not self._choice.q else ""
        return self._filled("plain", column, values, own)

    def _joined(self, what: str, out: str) -> str:
        what = what if what.startswith("STR") else f"?{what}"
        return f'(GROUP_CONCAT(DISTINCT {what}; SEPARATOR = "；") AS ?{out})'

    def _filled(self, piece: str, column: Column, values: str, more: str, also: str = "") -> str:
        name = column.name
        where = self._things if name == "thing" else pattern(self._view, name)
        text = _piece(piece).safe_substitute(
            VALUES=values, NAME=name, PATTERN=where, LANG=self._lang, MORE=more, ALSO=also, OTHER=self._headed(column)
        )
        return text.replace("?thing ?thing ", "?thing ")

    def _more(self, column: Column) -> str:
        """Return what else is looked up of things: the place of a code in its list, the heading of a passage."""
        name, told = column.name, ""
        if column.kind == "code":
            told += f"\n      OPTIONAL {{ ?{name} vetg:position ?place }}"
        if traits.of(self._table, name).passages:
            told += f"\n      OPTIONAL {{ ?{name} vetg:section ?section OPTIONAL {{ ?{name} vetg:heading ?heading }} }}"
        return told

    def _headed(self, column: Column) -> str:
        passages = traits.of(self._table, column.name).passages
        return ', IF(BOUND(?heading), CONCAT(?section, " ", ?heading), ?section)' if passages else ""

    def _passages(self) -> str:
        name = "passage"
        kept = f' FILTER(STRSTARTS(STR(?{name}), "{traits.PASSAGES}"))'
        return _piece("plain").safe_substitute(
            VALUES=self._joined(f"STR(?{name})", f"{name}_"),
            NAME=name,
            PATTERN=pattern(self._view, name),
            MORE=kept,
            ALSO="",
        )

    def _keyed(self, column: Column) -> str:
        """Return the pattern that gives each thing its values of a column that groups."""
        name = column.name
        if traits.of(self._table, name).things:
            values = f"(?{name} AS ?{name}_key) (MIN(?name) AS ?{name}_group)"
            return self._filled("named", column, values, self._more(column), f" ?{name}")
        values = f"(STR(?{name}) AS ?{name}_key) (STR(?{name}) AS ?{name}_group)"
        return self._filled("plain", column, values, "", f" ?{name}")

    def _value(self, column: Column) -> str:
        return f"COALESCE(?{column.name}_, 0)" if column.kind in _NUMBERS else f"?{column.name}_"

    def _facets(self) -> Iterator[str]:
        for name, values in self._choice.facets.items():
            column = self._view.column(name)
            if column is not None:
                yield f"FILTER({self._facet(column, values)})"

    def _filters(self) -> Iterator[str]:
        choice = self._choice
        for sign, bounds in ((">=", choice.least), ("<=", choice.most)):
            for name, bound in bounds.items():
                column = self._view.column(name)
                timed = column is not None and column.kind == "time"
                value = f"xsd:integer(SUBSTR(STR(?{name}_), 1, 4))" if timed else f"?{name}_"
                value = f"COALESCE(?{name}_, 0)" if column is not None and column.kind in _NUMBERS else value
                yield f"FILTER({value} {sign} {bound:.15g})"
        if choice.q:
            between = ', " | ", '
            row = between.join(f'COALESCE(STR(?{column.name}_), "")' for column in self._view.columns)
            yield f"BIND(LCASE(CONCAT({row})) AS ?row)"
            for word in choice.q.casefold().split():
                yield f"FILTER(CONTAINS(?row, {ox.Literal(word)}))"

    def _facet(self, column: Column, values: Iterable[str]) -> str:
        """Return the condition that a thing has one of some values, or none."""
        name, found = column.name, []
        listed = [value for value in values if value != NOTHING]
        where = "" if name == "thing" else f"{pattern(self._view, name)} "
        if listed and column.kind in _NUMBERS:
            found.append(f"STR({self._value(column)}) IN ({', '.join(str(ox.Literal(v)) for v in listed)})")
        elif listed:
            terms = self._terms(column, listed)
            iris = [str(term) for term in terms if isinstance(term, ox.NamedNode)]
            texts = [str(term) for term in terms if isinstance(term, ox.Literal)]
            parts = [f"?{name} IN ({', '.join(iris)})"] if iris else []
            parts += [f"STR(?{name}) IN ({', '.join(texts)})"] if texts else []
            same = " || ".join(parts)
            found.append(f"EXISTS {{ {where}FILTER({same}) }}" if where else same)
        if NOTHING in values and where:
            found.append(f"NOT EXISTS {{ {where.strip()} }}")
        return " || ".join(found) or "false"

    def _terms(self, column: Column, values: Iterable[str]) -> list[ox.NamedNode | ox.Literal]:
        """Return the terms that an address means, as the table has them."""
        found: list[ox.NamedNode | ox.Literal] = []
        for value in values:
            term = self._table.term(column.name, value)
            found.append(term if isinstance(term, ox.NamedNode) else ox.Literal(value))
        return found

    def _order(self) -> str:
        choice, first = self._choice, self._view.columns[0]
        found: list[str] = []
        column = self._view.column(choice.sort) if choice.sort else None
        for each in ([column] if column else []) + [first]:
            down = choice.down and each is column
            ranked = f"?{each.name}_rank" if each.kind == "code" else f"?{each.name}_"
            ranked = self._value(each) if each.kind in _NUMBERS else ranked
            if each.kind not in _NUMBERS:
                found.append(f"(!BOUND(?{each.name}_))")
            found.append(f"DESC({ranked})" if down else ranked if ranked.startswith("?") else f"ASC({ranked})")
        return " ".join(dict.fromkeys([*found, "?thing"]))


def _lines(lines: Iterable[str], indent: int) -> str:
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


def _indented(text: str, more: int) -> str:
    return "".join(f"{' ' * more}{line}\n" for line in text.splitlines())
