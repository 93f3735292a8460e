"""Places in names, by GB/T 2260 and its history: 许昌县 is found where 建安区 is meant, and 襄城县 is not 襄城区."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from vetgraph.linking import rules
from vetgraph.linking.script import fold_all

#: What ends the name of a division, with the peoples whose names stand before 自治县.
_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|"
    "仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|塔吉克|怒|鄂温克|保安|裕固|独龙|鄂伦春|各"
)
_ENDING = re.compile(
    rf"(?:(?:(?:{_PEOPLES})族)*(?:自治区|自治州|自治县|自治旗)|(?:维吾尔|壮族|回族)?自治区|(?:{_PEOPLES})族区|地区|盟|[省市县区旗])$"
)
_LATEST: Final = "201904"
_SHORTEST: Final = 2
_CITY: Final = 1
_COUNTY: Final = 2
_KINDS: Final = ("市", "县", "区")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name says that something is.

    Attributes:
        codes: The codes of the divisions that may be meant; none if no place is told.
        form: ``full`` where the kind of division is written (襄城县), ``stem`` where it is not (襄城), ``odd`` where it
            is one that no division of this stem ever had (禹州县).
        text: What is written.
    """

    codes: frozenset[str] = frozenset()
    form: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.codes)


NOWHERE: Final = Place()


@dataclass(frozen=True)
class Gazetteer:
    """The names of divisions.

    Attributes:
        full: Codes by name as written in full; those of today before those of former years.
        stems: Codes by stem, of all but districts.
        districts: Codes of districts by stem; read only behind their city.
        former: The codes that are no longer in use, with the code that follows each where the history tells it.
        today: The codes that are in use.
        names: The latest name of each code.
        lengths: How long the names and stems are that begin with a character, the longest first.
    """

    full: dict[str, frozenset[str]]
    stems: dict[str, frozenset[str]]
    districts: dict[str, frozenset[str]]
    former: dict[str, str]
    today: frozenset[str]
    names: dict[str, str]
    lengths: dict[str, tuple[int, ...]]


def stem(name: str) -> str:
    """Return the name of a division without its kind: 管城 of 管城回族区; 新 of 新县.

    Args:
        name: A folded name.

    Returns:
        The stem.
    """
    return _ENDING.sub("", name) or name


def rank(code: str) -> int:
    """Return how deep a division is: 0 a province, 1 a city, 2 a county or district."""
    return (code[2:] != "0000") + (code[4:] != "00")


@functools.cache
def gazetteer() -> Gazetteer:
    """Read the gazetteer.

    Returns:
        The names of divisions, of today and of former years.
    """
    rows = rules.rows("places")
    folded = fold_all([row["name"] for row in rows])
    full: defaultdict[str, set[str]] = defaultdict(set)
    stems: defaultdict[str, set[str]] = defaultdict(set)
    old_stems: defaultdict[str, set[str]] = defaultdict(set)
    districts: defaultdict[str, set[str]] = defaultdict(set)
    last: dict[str, str] = {}
    names: dict[str, str] = {}
    for row, name in zip(rows, folded, strict=True):
        code, until = row["code"], row["last"]
        if until >= last.get(code, ""):
            last[code], names[code] = until, row["name"]
        full[name].add(code)
        short = stem(name)
        if len(short) < _SHORTEST or short == name:
            continue
        if name.endswith("区") and rank(code) == _COUNTY:
            districts[short].add(code)
        else:
            (stems if until >= _LATEST else old_stems)[short].add(code)
    for short, codes in old_stems.items():
        # A stem means what has it today: 许昌 is the city, not the county of 许昌 that is no more.
        if short not in stems:
            stems[short] = codes
    today = frozenset(code for code, until in last.items() if until >= "202210")
    former = {row["former_code"]: row["code"] for row in rules.rows("successions")}
    former = {code: next_code for code, next_code in former.items() if code != next_code and code not in today}
    return Gazetteer(
        {name: frozenset(codes) for name, codes in full.items()},
        {name: _widest(codes) for name, codes in stems.items()},
        {name: frozenset(codes) for name, codes in districts.items()},
        former,
        today,
        names,
        _lengths([*full, *stems, *districts]),
    )


def _widest(codes: set[str]) -> frozenset[str]:
    """Keep the widest divisions of a stem: 河南 is the province, not the county of 河南 in Qinghai."""
    least = min(rank(code) for code in codes)
    return frozenset(code for code in codes if rank(code) == least)


def _lengths(names: list[str]) -> dict[str, tuple[int, ...]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for name in names:
        found[name[0]].add(len(name))
    return {char: tuple(sorted(lengths, reverse=True)) for char, lengths in found.items()}


@functools.lru_cache(maxsize=65536)
def present(code: str) -> str:
    """Return the code of today for a code of former years, as far as the history tells it.

    Args:
        code: Six digits.

    Returns:
        Its successor's successor, or the code itself.
    """
    former = gazetteer().former
    seen = {code}
    while code in former and former[code] not in seen:
        code = former[code]
        seen.add(code)
    return code


def _inside(code: str, outer: Place) -> bool:
    return code not in outer.codes and any(
        within(code, one) or within(present(code), present(one)) for one in outer.codes
    )


def read(text: str) -> tuple[Place, str]:
    """Read the place that a name begins with.

    Args:
        text: A folded name.

    Returns:
        The innermost place told, and the rest of the name.
    """
    place = NOWHERE
    while text:
        found = _read_one(text, place)
        if found is None:
            break
        written, codes, full = found
        text = text[len(written) :]
        form = "full" if full else "stem"
        if not full and text.startswith(_KINDS):
            form, written, text = "odd", written + text[0], text[1:]
        place = Place(codes, form, place.text + written)
    return place, text


def _read_one(text: str, outer: Place) -> tuple[str, frozenset[str], bool] | None:
    known = gazetteer()
    for length in known.lengths.get(text[0], ()):
        written = text[:length]
        if len(written) < length:
            continue
        if codes := _in(known.full, written, outer):
            return written, codes, True
        if written in rules.words():
            continue
        if codes := _in(known.stems, written, outer):
            return written, codes, False
        if (
            outer
            and all(rank(code) == _CITY for code in outer.codes)
            and (codes := _in(known.districts, written, outer))
        ):
            return written, codes, False
    return None


def _in(table: dict[str, frozenset[str]], written: str, outer: Place) -> frozenset[str]:
    codes = table.get(written, frozenset())
    if outer:
        codes = frozenset(code for code in codes if _inside(code, outer))
    return _latest(codes)


def _latest(codes: frozenset[str]) -> frozenset[str]:
    """Drop the former codes of a name that has a code today."""
    return codes & gazetteer().today or codes


def within(inner: str, outer: str) -> bool:
    """Tell whether a division lies in another."""
    depth = rank(outer)
    return rank(inner) > depth and inner.startswith(outer[: 2 * (depth + 1)])


def _written(one: Place, other: Place) -> str:
    """Tell how two ways to write a place differ."""
    if one.form == other.form:
        return "same"
    if "odd" in {one.form, other.form}:
        return "suffix"
    return "stem" if len(one.codes | other.codes) == 1 else "ambiguous"


@functools.lru_cache(maxsize=1 << 18)
def relation(one: Place, other: Place) -> str:
    """Tell how two places stand to each other.

    Args:
        one: A place.
        other: Another.

    Returns:
        ``same``; ``renamed``, by the history; ``stem``, where one leaves the kind of division away; ``ambiguous``,
        where that stem has several meanings; ``within``; ``suffix``, where the same stem is another kind of division
        that nobody knows; ``conflict``; ``missing``, where only one tells a place; ``none``.
    """
    if not one or not other:
        return "missing" if one or other else "none"
    if one.codes & other.codes:
        return _written(one, other)
    now, then = ({present(code) for code in place.codes} for place in (one, other))
    if now & then:
        return "renamed"
    if any(within(a, b) or within(b, a) for a in now for b in then):
        return "within"
    return "conflict"
