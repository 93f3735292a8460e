"""The texts of cells against the datatypes of their columns (XML Schema part 2); graph checks stand in the shapes."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import TYPE_CHECKING

from vetgraph.errors import Text

if TYPE_CHECKING:
    from vetgraph.csvw import Datatype

_FORM = {
    "integer": re.compile(r"[+-]?[0-9]+"),
    "nonNegativeInteger": re.compile(r"\+?[0-9]+"),
    "positiveInteger": re.compile(r"\+?0*[1-9][0-9]*"),
    "decimal": re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"),
    "number": re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"),
    "boolean": re.compile(r"true|false|1|0"),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "gYear": re.compile(r"[0-9]{4}"),
    "gYearMonth": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"),
    "anyURI": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+"),
}
_EXPECTED = {
    "integer": Text("整数", "an integer"),
    "nonNegativeInteger": Text("非负整数", "a whole number, 0 or more"),
    "positiveInteger": Text("正整数", "a whole number, 1 or more"),
    "decimal": Text("数字", "a number"),
    "number": Text("数字", "a number"),
    "boolean": Text("true 或 false", "true or false"),
    "date": Text("日期（如 2025-10-21）", "a date as 2025-10-21"),
    "gYear": Text("四位年份（如 2025）", "a year of four digits as 2025"),
    "gYearMonth": Text("年月（如 2025-12）", "a year and month as 2025-12"),
    "anyURI": Text("网址", "an IRI"),
}
_NUMBERS = frozenset({"integer", "nonNegativeInteger", "positiveInteger", "decimal", "number"})


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def expected(text: str, datatype: Datatype) -> Text | None:
    """Say what a cell should have held.

    Args:
        text: The text of the cell, or one of its values.
        datatype: The datatype of the column.

    Returns:
        What was expected, or nothing if the text is good.
    """
    form = _FORM.get(datatype.base)
    if form is not None and not form.fullmatch(text):
        return _EXPECTED[datatype.base]
    if datatype.base == "date":
        try:
            dt.date.fromisoformat(text)
        except ValueError:
            return _EXPECTED["date"]
    if datatype.format is not None and not _pattern(datatype.format).fullmatch(text):
        return Text(f"符合 {datatype.format} 的文字", f"a text of the form {datatype.format}")
    if datatype.base in _NUMBERS:
        return _outside(float(text), datatype.minimum, datatype.maximum)
    return _outside_length(len(text), datatype)


def _outside(value: float, low: float | None, high: float | None) -> Text | None:
    if low is not None and value < low:
        return Text(f"不小于 {low} 的数", f"a number not below {low}")
    if high is not None and value > high:
        return Text(f"不大于 {high} 的数", f"a number not above {high}")
    return None


def _outside_length(length: int, datatype: Datatype) -> Text | None:
    if datatype.min_length is not None and length < datatype.min_length:
        return Text(f"至少 {datatype.min_length} 个字符", f"at least {datatype.min_length} characters")
    if datatype.max_length is not None and length > datatype.max_length:
        return Text(f"至多 {datatype.max_length} 个字符", f"at most {datatype.max_length} characters")
    return None


def canonical(text: str, datatype: Datatype) -> str:
    """Return the text in the form that equal values share: no plus sign, no leading zeros, no idle decimals.

    Args:
        text: A text that fits the datatype.
        datatype: The datatype.

    Returns:
        The canonical text.
    """
    if datatype.base in _NUMBERS - {"number"}:
        sign = "-" if text.startswith("-") else ""
        whole, _, fraction = text.lstrip("+-").partition(".")
        fraction = fraction.rstrip("0")
        digits = (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")
        return digits if digits == "0" else sign + digits
    if datatype.base == "boolean":
        return {"1": "true", "0": "false"}.get(text, text)
    return text
