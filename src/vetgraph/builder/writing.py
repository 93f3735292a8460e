"""From a question to its SPARQL; the pieces are the ``.rq`` files beside this module."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from vetgraph import codelists, querytext
from vetgraph.errors import Text, UsageError
from vetgraph.names import PREFIXES, code, expand, shorten
from vetgraph.terms import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vetgraph.builder import Column, Condition, Question

_LABEL: Final = "skos:prefLabel|dcterms:title"
_NAMES: Final = "skos:prefLabel|skos:altLabel|dcterms:title"
_SHORT: Final = re.compile(r"[A-Za-z][\w-]*:[A-Za-z]\w*")
_YEARS: Final = {
    f"{XSD}gYear": (re.compile(r"\d{4}"), Text("四位数的年份，如 2025", "a year of four digits, as 2025")),
    f"{XSD}gYearMonth": (re.compile(r"\d{4}-\d{2}"), Text("年月，如 2025-03", "a month, as 2025-03")),
    f"{XSD}date": (re.compile(r"\d{4}-\d{2}-\d{2}"), Text("日期，如 2025-03-01", "a date, as 2025-03-01")),
}
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(\.\d{1,9})?")
_WORDS: Final = {
    "count": Text("数量", "number"),
    "total": Text("合计", "total"),
    "source": Text("出处", "source"),
}


@cache
def _piece(name: str) -> Template:
    return Template(files(__package__).joinpath(f"{name}.rq").read_text(encoding="utf-8").rstrip("\n"))


def written(asked: Question) -> str:
    """Write a question as SPARQL.

    Args:
        asked: The question.

    Returns:
        The query.

    Raises:
        UsageError: A value of a condition does not fit its column.
    """
    conditions = "".join(f"\n    {line}" for condition in asked.conditions for line in _holds(condition))
    things = _piece("things").substitute(CLASS=_iri(asked.kind.iri), CONDITIONS=conditions)
    text = _counted(asked, things) if asked.by is not None else _listed(asked, things)
    used = [prefix for prefix in PREFIXES if re.search(rf"(?<![\w<]){prefix}:", text)]
    prefixes = "\n".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in used)
    return text.replace("$PREFIXES", prefixes, 1)


def _listed(asked: Question, things: str) -> str:
    heads = _heads(asked.show, asked.lang, "source")
    chosen = "\n       ".join(_chosen(column, f"c{number}", head) for number, (column, head) in enumerate(heads))
    patterns = [_pattern(column, f"c{number}", asked.lang) for number, column in enumerate(asked.show)]
    stated = dict.fromkeys(_iri(column.steps[0].iri) for column in asked.show)
    source = _WORDS["source"].get(asked.lang)
    chosen += f'\n       (GROUP_CONCAT(DISTINCT ?said; SEPARATOR = "；") AS ?{source})'
    patterns.append(_piece("sources").substitute(STATED=" ".join(stated)))
    return _piece("list").safe_substitute(
        COLUMNS=chosen, THINGS=things, PATTERNS=_lines(patterns), ORDER=f"?{heads[0][1]}"
    )


def _counted(asked: Question, things: str) -> str:
    by = asked.by
    if by is None:
        raise TypeError("a question that counts has a column to count by")
    head = _heads([by], asked.lang, "count", "total")[0][1]
    end = "by_name" if _has_name(by) else "by"
    patterns = [_pattern(by, "by", asked.lang)]
    total = ""
    if asked.total is not None:
        patterns.append(_pattern(asked.total, "summed", asked.lang))
        total = f" (SUM(?summed) AS ?{_WORDS['total'].get(asked.lang)})"
    return _piece("count").safe_substitute(
        COLUMNS=f"(?{end} AS ?{head})",
        COUNT=_WORDS["count"].get(asked.lang),
        TOTAL=total,
        THINGS=things,
        PATTERNS=_lines(patterns),
        BY=f"?{end}",
    )


def _lines(patterns: Iterable[str]) -> str:
    return "".join(f"\n{pattern}" for pattern in patterns)


def _heads(columns: Iterable[Column], lang: str, *others: str) -> list[tuple[Column, str]]:
    """Name the columns by their labels, each once, as variables can be named."""
    taken = {_WORDS[word].get(lang) for word in others} | {"thing", "said"}
    return [(column, querytext.variable(column.label.get(lang), taken)) for column in columns]


def _has_name(column: Column) -> bool:
    return column.end.range in {"thing", "code"}


def _chosen(column: Column, end: str, head: str) -> str:
    """Give one value as it is, several in one cell."""
    value = f"?{end}_name" if _has_name(column) else f"?{end}"
    one = not any(step.many for step in column.steps)
    one = one or column.key == "prefLabel"
    return f"(SAMPLE({value}) AS ?{head})" if one else f'(GROUP_CONCAT(DISTINCT {value}; SEPARATOR = "；") AS ?{head})'


def _pattern(column: Column, end: str, lang: str) -> str:
    steps = "/".join(_iri(step.iri) for step in column.steps)
    localized = column.end.range == "text" and column.end.datatype.endswith("langString")
    piece = "named" if _has_name(column) else "text" if localized and column.end.key != "altLabel" else "plain"
    if piece != "plain" and lang == "zh":
        piece += "-zh"
    return _piece(piece).substitute(STEPS=steps, END=end, LABEL=_LABEL, LANG=lang)


def _holds(condition: Condition) -> Iterator[str]:
    """Yield the lines of a condition."""
    column, operator = condition.column, condition.operator
    steps = "/".join(_iri(step.iri) for step in column.steps)
    value = condition.values[0]
    if operator == "known":
        keeps = {"yes": "FILTER EXISTS", "no": "MINUS"}.get(value)
        if keeps is None:
            raise _wrong(column, value, Text("yes 或 no", "yes or no"))
        yield f"{keeps} {{ ?thing {steps} ?any_{_plain(column)} }}"
    elif operator == "is":
        yield f"?thing {steps} ?is_{_plain(column)} ."
        codes = " ".join(_code(column, each) for each in condition.values)
        yield f"VALUES ?is_{_plain(column)} {{ {codes} }}"
    elif operator == "has":
        path = f"{steps}/({_NAMES})" if column.end.range == "thing" else steps
        yield f"?thing {path} ?has_{_plain(column)} ."
        yield f"FILTER(CONTAINS(LCASE(STR(?has_{_plain(column)})), LCASE({ox.Literal(value)})))"
    else:
        sign = {"min": ">=", "max": "<="}[operator]
        yield f"?thing {steps} ?{operator}_{_plain(column)} ."
        yield f"FILTER(?{operator}_{_plain(column)} {sign} {_bound(column, value)})"


def _plain(column: Column) -> str:
    return column.key.replace(".", "_")


def _code(column: Column, key: str) -> str:
    known = codelists.load().keys(column.end.scheme)
    if key not in known:
        raise _wrong(column, key, Text(", ".join(known), ", ".join(known)))
    return _iri(code(column.end.scheme, key))


def _bound(column: Column, value: str) -> str:
    if column.end.range == "number":
        if not _NUMBER.fullmatch(value):
            raise _wrong(column, value, Text("数，如 12 或 3.5", "a number, as 12 or 3.5"))
        return value.removeprefix("+")
    pattern, told = _YEARS[column.end.datatype]
    if not pattern.fullmatch(value):
        raise _wrong(column, value, told)
    return str(ox.Literal(value, datatype=ox.NamedNode(column.end.datatype))).replace(f"<{XSD}", "xsd:").rstrip(">")


def _wrong(column: Column, value: str, told: Text) -> UsageError:
    return UsageError(
        Text(f"“{column.label.zh}”的值不对：“{value}”", f'"{column.label.en}" cannot be "{value}"'),
        Text(f"应为 {told.zh}", f"expected {told.en}"),
    )


def _iri(iri: str) -> str:
    short = shorten(expand(iri))
    return short if _SHORT.fullmatch(short) else f"<{iri}>"
