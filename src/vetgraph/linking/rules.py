"""The rules of linking, which are tables: ``tables/*.csv``."""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vetgraph.linking.script import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = Path(__file__).resolve().parent / "tables"


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table.

    Args:
        name: Name of the file, without ``.csv``.

    Returns:
        Its rows by column.
    """
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True, slots=True)
class Type:
    """What kind of institution the end of a name tells.

    Attributes:
        keys: The types that the words may mean; 职教中心 may be 职业教育中心 or 职业技术教育中心.
        family: A wider kind: ``secondary``, ``technician``, ``higher``, …; empty where the name tells none.
    """

    keys: frozenset[str] = frozenset()
    family: str = ""


@functools.cache
def types() -> Mapping[str, Type]:
    """Return the types by the words that tell them."""
    return {fold(row["written"]): Type(frozenset(row["types"].split()), row["family"]) for row in rows("types")}


@functools.cache
def kin() -> frozenset[tuple[str, str]]:
    """Return the pairs of types that one institution may go by, in both orders."""
    pairs = [(row["one"], row["other"]) for row in rows("kin")]
    return frozenset(pairs) | {(b, a) for a, b in pairs}


@functools.cache
def abbreviations() -> Mapping[str, str]:
    """Return full endings by short ones (幼师: 幼儿师范学校)."""
    return {fold(row["written"]): fold(row["full"]) for row in rows("abbreviations")}


@functools.cache
def brackets() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what the text of a bracket may mean: patterns for the whole of it, and meanings."""
    return tuple((re.compile(row["pattern"]), row["meaning"]) for row in rows("brackets"))


@functools.cache
def contrasts() -> tuple[frozenset[str], ...]:
    """Return sets of characters that tell one name from another, as 东 and 西."""
    return tuple(frozenset(row["characters"]) for row in rows("contrasts"))


@functools.cache
def words() -> frozenset[str]:
    """Return the stems of places that are also words (东方, 朝阳): alone they tell no place."""
    return frozenset(fold(row["stem"]) for row in rows("words"))


@functools.cache
def english() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return English words of institutions' names with the Chinese ones, the longest first."""
    found = sorted(rows("english"), key=lambda row: -len(row["english"]))
    return tuple((re.compile(rf"\b{re.escape(row['english'])}\b"), row["chinese"]) for row in found)


@functools.cache
def short_words(table: str) -> Mapping[str, str]:
    """Return full words by short ones, as 电商: 电子商务."""
    return {fold(row["written"]): fold(row["full"]) for row in rows(table)}


@functools.cache
def readings(table: str, value: str) -> Mapping[str, str]:
    """Return the codes that words of a cell mean, as 民办: private."""
    return {fold(row["written"]): row[value] for row in rows(table)}


def ending(text: str, table: Mapping[str, object], longest: int) -> str:
    """Return the longest ending of a text that is in a table.

    Args:
        text: The text.
        table: The table.
        longest: How long its longest key is.

    Returns:
        The ending; empty if none is there.
    """
    for length in range(min(longest, len(text)), 1, -1):
        if (found := text[-length:]) in table:
            return found
    return ""


@functools.cache
def longest(table: str) -> int:
    """Return how long the longest key of ``types`` or ``abbreviations`` is."""
    return max(len(key) for key in (types() if table == "types" else abbreviations()))
