"""A name in parts: where, what is distinctive about it, which number, what kind of institution."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from typing import Final

from vetgraph.linking import places, rules
from vetgraph.linking.script import fold, is_latin

_BRACKET = re.compile(r"\(([^()]*)\)")
_PLATES = re.compile(r"(?<=学校|学院|中心|大学|高中|中学|中专|职专|技校)(?:[/|;,、+]|·)(?=.{4})")
_CAMPUS = re.compile(
    r"(?<=学校|学院|中心|大学|高中|中学|中专)(?P<text>.{0,6}?)(?P<kind>校区|校部|本部|总校|分校|分院)$"
)
_ORDINAL = re.compile(r"第([一二三四五六七八九十百零〇两\d]+)")
_SHORT_ORDINAL = re.compile(r"^([一二三四五六七八九十\d]+)(?=职|中|高|技|小|幼)")
_EDITION = re.compile(r"第([一二三四五六七八九十百零〇\d]+)届")
_YEAR = re.compile(r"(?:19|20)\d\d(?:-\d{4})?(?:年度|学年|年|届)?")
_DIGITS: Final = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_DEEPEST: Final = 4
"""So many brackets within brackets are read; what is deeper only loses its signs."""
_UNTYPED: Final = rules.Type()


@dataclass(frozen=True, slots=True)
class Parts:
    """One reading of a name.

    Attributes:
        text: The folded name, without what brackets remark.
        place: Where it says it is.
        core: What is distinctive: brand and field.
        ordinal: Its number among others, as 1 of 第一; for a competition the edition.
        type: What kind of institution it says it is.
        campus: The campus, if it names one; ``branch`` stands before that of a branch.
        latin: Whether it is written in Latin letters.
    """

    text: str
    place: places.Place = places.NOWHERE
    core: str = ""
    ordinal: str = ""
    type: rules.Type = _UNTYPED
    campus: str = ""
    latin: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell with a name tells.

    Attributes:
        parts: The names that it holds, the first one first; further ones are second name-plates and former names.
        kinds: What each is: ``label``, ``plate``, ``former`` or ``newer``.
        place: A place in brackets behind the name.
        ownership: Who runs it, if a bracket tells.
    """

    parts: tuple[Parts, ...]
    kinds: tuple[str, ...]
    place: places.Place = places.NOWHERE
    ownership: str = ""


def number(text: str) -> str:
    """Return a number in digits.

    Args:
        text: Digits, or Chinese numerals up to 百.

    Returns:
        Digits.
    """
    if text.isdigit() and text.isascii():
        return str(int(text))
    total = digit = 0
    for char in text:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS.get(char, 0)
    return str(total + digit)


@functools.lru_cache(maxsize=1 << 17)
def read_folded(text: str, kind: str) -> Reading:
    """Take a folded name apart.

    Args:
        text: The folded name.
        kind: ``institution``, ``programme``, ``region`` or ``competition``.

    Returns:
        Its reading.
    """
    if kind == "programme":
        found = _programme(text)
        return Reading(found, ("label",) * len(found))
    if kind == "region":
        return Reading((_region(text),), ("label",))
    if kind == "competition":
        return Reading((_competition(text),), ("label",))
    return _institution(text)


def read(text: str, kind: str = "institution") -> Reading:
    """Take a name apart.

    Args:
        text: The text of a cell.
        kind: ``institution``, ``programme``, ``region`` or ``competition``.

    Returns:
        Its reading.
    """
    return read_folded(fold(text), kind)


def _institution(text: str) -> Reading:
    names: list[tuple[str, str]] = []
    place, ownership, campus = places.NOWHERE, "", ""

    def note(found: re.Match[str]) -> str:
        nonlocal place, ownership, campus
        inside = found[1]
        meaning, told = _meaning(inside)
        if meaning in {"former", "newer", "plate"}:
            names.append((told, meaning))
        elif meaning == "ownership":
            ownership = rules.readings("ownership", "ownership")[told]
        elif meaning in {"campus", "branch"}:
            campus = _campus(told, meaning)
        elif meaning == "place":
            place = places.read(inside)[0]
        elif meaning == "part":
            return inside
        return ""

    plain = text
    for _ in range(_DEEPEST):
        plain = _BRACKET.sub(note, plain)
    plain = plain.replace("(", "").replace(")", "")
    first, *more = [part for part in _PLATES.split(plain) if part] or [plain]
    names = [(first, "label"), *((part, "plate") for part in more), *names]
    parts = [_name(name) for name, _ in names]
    if campus and not parts[0].campus:
        parts[0] = replace(parts[0], campus=campus)
    return Reading(tuple(parts), tuple(kind for _, kind in names), place, ownership)


def _campus(text: str, meaning: str) -> str:
    main = {"": "", "校": "", "本": "", "总": "", "主": ""}
    short = main.get(text, text)
    return f"branch {short}" if meaning == "branch" else short


@functools.lru_cache(maxsize=4096)
def _meaning(inside: str) -> tuple[str, str]:
    """Tell what a bracket means, and the text that it tells."""
    for pattern, meaning in rules.brackets():
        if found := pattern.fullmatch(inside):
            return meaning, found["text"]
    place, rest = places.read(inside)
    if place and not rest:
        return "place", inside
    return ("plate", inside) if _is_name(inside) else ("part", inside)


def _is_name(text: str) -> bool:
    """Tell whether a bracket holds a whole name: a place or a brand, and a type."""
    kind, rest = split_type(text)
    return bool(kind.keys) and bool(rest) and bool(places.read(text)[0])


def split_type(text: str) -> tuple[rules.Type, str]:
    """Split off the type at the end of a name.

    Args:
        text: A folded name.

    Returns:
        The type, and what stands before it.
    """
    short = rules.ending(text, rules.abbreviations(), rules.longest("abbreviations"))
    if short and not text.endswith(rules.abbreviations()[short]):
        text = text[: -len(short)] + rules.abbreviations()[short]
    written = rules.ending(text, rules.types(), rules.longest("types"))
    if written:
        return rules.types()[written], text[: -len(written)]
    return _UNTYPED, text


def _name(text: str) -> Parts:
    """Take one name apart."""
    if is_latin(text):
        return _latin_name(text)
    campus = ""
    if found := _CAMPUS.search(text):
        campus = _campus(found["text"], "branch" if found["kind"].startswith("分") else "campus")
        text = text[: found.start()]
    place, rest = places.read(text)
    kind, core = split_type(rest)
    ordinal = ""
    if found := _ORDINAL.search(core):
        ordinal, core = number(found[1]), core[: found.start()] + core[found.end() :]
    elif found := _SHORT_ORDINAL.match(rest):
        ordinal = number(found[1])
        kind, core = split_type(rest[found.end() :])
    core = core.replace("·", "").replace("-", "")
    return Parts(text, place, core, ordinal, kind, campus)


def _latin_name(text: str) -> Parts:
    """Read a name in English or in pinyin: English words become Chinese ones, the rest stays as letters."""
    words = re.sub(r"[^a-z0-9()]+", " ", text).strip()
    for pattern, chinese in rules.english():
        words = pattern.sub(f" {chinese} ", words)
    return Parts(text, core=re.sub(r"\s+", " ", re.sub(r"\b(?:of|the|and|for|in)\b", " ", words)).strip(), latin=True)


def _programme(text: str) -> tuple[Parts, ...]:
    """Read a programme as it is written and, where short words stand in it, as they are in full."""
    qualifier = "|".join(_BRACKET.findall(text))
    plain = _BRACKET.sub("", text).removesuffix("专业").removesuffix("专业群")
    full = plain
    for short, word in rules.short_words("programme-words").items():
        if word not in full:
            full = full.replace(short, word)
    return tuple(
        Parts(core + qualifier, core=core or text, campus=qualifier, latin=is_latin(text))
        for core in dict.fromkeys((plain, full))
    )


def _region(text: str) -> Parts:
    place, rest = places.read(text)
    if rest == text and (codes := places.gazetteer().districts.get(text)):
        place, rest = places.Place(codes, "stem", text), ""
    return Parts(text, places.NOWHERE if rest else place, text if rest else "", latin=is_latin(text))


def _competition(text: str) -> Parts:
    edition = ""
    if found := _EDITION.search(text):
        edition = number(found[1])
    plain = _YEAR.sub("", _EDITION.sub("", text)).replace("(", "").replace(")", "")
    place, rest = places.read(plain)
    return Parts(plain, place, rest, edition, latin=is_latin(text))
