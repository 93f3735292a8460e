"""What agrees and what differs between two readings of names: one value for each thing that is compared."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rapidfuzz.distance import OSA, JaroWinkler, Levenshtein
from rapidfuzz.fuzz import token_set_ratio

from vetgraph.linking import parts, places, rules
from vetgraph.linking.script import fold, fold_all, pinyin, syllables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vetgraph.linking.entries import Entry
    from vetgraph.linking.parts import Parts
    from vetgraph.linking.places import Place

_ALL_AGREES: Final = frozenset(
    {("place", "same"), ("place", "stem"), ("place", "renamed"), ("core", "equal"), ("core", "empty")}
    | {("ordinal", "same"), ("type", "same")}
)
"""Where nothing else comes out, the names are two ways to write one."""
_AGREE: Final = {"same": "same", "stem": "same", "renamed": "same", "ambiguous": "same", "within": "within"}
_HERE: Final = frozenset({"same", "stem", "renamed"})
_ALIKE: Final = 0.75
_PINYIN_NEAR: Final = 85
_SHORTEST_NEAR: Final = 3
_CODE = re.compile(r"\d{6}")


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """What an entry tells besides its names, ready to be compared.

    Attributes:
        region: Where it is.
        ownership: Who runs it.
        level: Its level.
        codes: Its codes.
    """

    region: Place = places.NOWHERE
    ownership: str = ""
    level: str = ""
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One name of an entry, ready to be compared.

    Attributes:
        entry: The position of its entry in the list.
        name: The name as written.
        kind: What kind of name it is.
        parts: Its parts.
        place: Where the name or its bracket says it is.
        facts: What the entry tells besides.
        sure: Whether the name may be accepted without a person: an alias that reads quite unlike the label may not.
        thing: What kind of thing has it.
    """

    entry: int
    name: str
    kind: str
    parts: Parts
    place: Place
    facts: Facts
    sure: bool = True
    thing: str = "institution"


def forms(entries: Sequence[Entry], kind: str) -> list[Form]:
    """Take the names of entries apart.

    Args:
        entries: The entries.
        kind: What kind of things they are.

    Returns:
        One form for each name that they have or that their brackets hold.
    """
    folded = iter(fold_all([name.text for entry in entries for name in entry.names]))
    found: list[Form] = []
    for at, entry in enumerate(entries):
        readings = [(name, parts.read_folded(next(folded), kind)) for name in entry.names]
        facts = _facts(entry, next((reading.ownership for _, reading in readings if reading.ownership), ""))
        first = readings[0][1].parts[0] if readings else None
        for name, reading in readings:
            for part, plate in zip(reading.parts, reading.kinds, strict=True):
                if not part.text:
                    continue
                place = part.place or reading.place
                kept = name.kind if plate == "label" else plate
                sure = kept != "alias" or first is None or _agrees(first, part)
                found.append(Form(at, name.text, kept, part, place, facts, sure, kind))
    return found


def _agrees(label: Parts, alias: Parts) -> bool:
    """Tell whether an alias is only another way to write the label."""
    same_type = not label.type.keys or not alias.type.keys or bool(label.type.keys & alias.type.keys)
    return label.core == alias.core and label.ordinal == alias.ordinal and same_type


@functools.lru_cache(maxsize=1 << 14)
def region_of(text: str) -> Place:
    """Read a region as lists give it: a name, or a code of six or more digits.

    Args:
        text: The text of a cell.

    Returns:
        The place.
    """
    folded = fold(text)
    if found := _CODE.match(folded):
        return places.Place(frozenset({found[0]}), "full", folded)
    place, rest = places.read(folded)
    if place or not rest:
        return place
    return places.NOWHERE


def _facts(entry: Entry, bracket: str) -> Facts:
    region = places.NOWHERE
    for text in entry.region:
        region = region_of(text)
        if region:
            break
    ownership = fold(entry.ownership) if entry.ownership else ""
    level = fold(entry.level) if entry.level else ""
    return Facts(
        region,
        rules.readings("ownership", "ownership").get(ownership, "") or bracket,
        rules.readings("levels", "level").get(level, ""),
        frozenset(code.strip() for code in entry.codes if code.strip()),
    )


def compare(source: Form, target: Form) -> tuple[tuple[str, str], ...]:
    """Compare two names with what is known besides.

    Args:
        source: A name of the source.
        target: A name of the target.

    Returns:
        Pairs of what was compared and how it came out; what neither tells is left out.
    """
    a, b = source.parts, target.parts
    found = _latin(a, b) if a.latin != b.latin else _written(source, target)
    if source.kind in {"former", "newer", "plate"} or target.kind in {"former", "newer", "plate"}:
        found.append(("plate", source.kind if source.kind in {"former", "newer", "plate"} else target.kind))
    if a.campus or b.campus:
        found.append(("campus", _campus(a.campus, b.campus)))
    if source.thing != "institution":
        found.append(("kind", source.thing))
    found += _besides(source, target)
    return tuple(found)


def _written(source: Form, target: Form) -> list[tuple[str, str]]:
    a, b = source.parts, target.parts
    same = a.text == b.text
    place = _place(source, target)
    core = _core(a.core, b.core)
    if core == "empty" and place not in _HERE and not (same and place == "ambiguous"):
        core = "nothing"
    found = [("place", place), ("core", core)]
    if a.ordinal or b.ordinal:
        found.append(("ordinal", _ordinal(a.ordinal, b.ordinal, source.thing)))
    if a.type.keys or b.type.keys:
        found.append(("type", _type(a.type, b.type, only=core in {"empty", "nothing"})))
    if same:
        name = "same" if target.kind != "alias" else "alias" if target.sure else "alias-unlike"
    elif all(pair in _ALL_AGREES for pair in found):
        name = "agrees"
    else:
        name = "swapped" if _swapped(a.text, b.text) else "other"
    return [("name", name), *found]


def _swapped(a: str, b: str) -> bool:
    """Tell whether two texts differ in the order of two neighbouring characters."""
    return len(a) == len(b) and OSA.distance(a, b, score_cutoff=1) == 1 and sorted(a) == sorted(b)


def _ordinal(a: str, b: str, thing: str) -> str:
    if a == b:
        return "same"
    if a and b:
        return "conflict"
    # A series of competitions has many editions: 第三届 is one of it.
    return "edition" if thing == "competition" else "missing"


def _place(source: Form, target: Form) -> str:
    """Compare places; a region speaks for a name that tells none, where the other name tells one."""
    if source.place and target.place:
        found = places.relation(source.place, target.place)
        return "outer" if found == "within" else found
    if source.place or target.place:
        return places.relation(source.place or source.facts.region, target.place or target.facts.region)
    return "none"


@functools.lru_cache(maxsize=1 << 18)
def _core(a: str, b: str) -> str:
    if a == b:
        return "equal" if a else "empty"
    if not a or not b:
        return "missing"
    if len(a) == len(b) and syllables(a) == syllables(b):
        return "homophone"
    return "contrast" if _contrast(a, b) else _distance(a, b)


def _distance(a: str, b: str) -> str:
    longest, distance = max(len(a), len(b)), OSA.distance(a, b)
    if distance == 1 and longest >= _SHORTEST_NEAR:
        return "near"
    if a in b or b in a:
        return "part"
    likeness = max(1 - distance / longest, JaroWinkler.similarity(a, b))
    return "similar" if likeness >= _ALIKE else "differ"


def _contrast(a: str, b: str) -> bool:
    """Tell whether all that differs are characters that tell one name from another."""
    if len(a) != len(b):
        return False
    differing = [{one, other} for one, other in zip(a, b, strict=True) if one != other]
    return all(any(pair <= known for known in rules.contrasts()) for pair in differing)


@functools.lru_cache(maxsize=4096)
def _type(a: rules.Type, b: rules.Type, *, only: bool) -> str:
    if not a.keys or not b.keys:
        return "missing"
    if a.keys & b.keys:
        return "same"
    if any((one, other) in rules.kin() for one in a.keys for other in b.keys):
        return "kin-only" if only else "kin"
    if a.family == b.family:
        return "family-only" if only else "family"
    return "differ"


def _campus(a: str, b: str) -> str:
    if a == b:
        return "same"
    if a.startswith("branch") or b.startswith("branch"):
        return "branch"
    return "differ" if a and b else "one"


def _besides(source: Form, target: Form) -> list[tuple[str, str]]:
    """Compare what is known besides the names."""
    a, b = source.facts, target.facts
    found = []
    if a.codes and b.codes:
        found.append(("code", "same" if a.codes & b.codes else "conflict"))
    # A region that stood in for the place of a name has had its say.
    if a.region and (b.region or target.place) and (source.place or not target.place):
        relation = places.relation(a.region, b.region or target.place)
        found.append(("region", _AGREE.get(relation, "conflict")))
    if a.ownership and b.ownership:
        found.append(("ownership", "same" if a.ownership == b.ownership else "conflict"))
    if a.level and b.level:
        found.append(("level", "same" if a.level == b.level else "conflict"))
    return found


@functools.lru_cache(maxsize=1 << 16)
def _sound(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", pinyin(text))


def sound(form: Form) -> str:
    """Return how a name sounds, in Latin letters; English words sound as the Chinese ones that they stand for.

    Args:
        form: The name.

    Returns:
        Its pinyin, without 市 and 县.
    """
    parts = form.parts
    return _sound(parts.core) if parts.latin else _short_sound(parts)


def _short_sound(parts: Parts) -> str:
    # English and pinyin names leave 市 and 县 out.
    place = parts.place.text
    return _sound((places.stem(place) if place else "") + parts.text.removeprefix(place))


def _latin(a: Parts, b: Parts) -> list[tuple[str, str]]:
    """Compare a name in Latin letters with a Chinese one, by sound."""
    latin, chinese = (a, b) if a.latin else (b, a)
    sounds = {_sound(latin.core), re.sub(r"[^a-z0-9]", "", latin.text)}
    whole = _sound(chinese.text)
    short = _short_sound(chinese)
    if sounds & {whole, short}:
        return [("name", "pinyin")]
    words = token_set_ratio(_spaced(latin.core), _spaced(chinese.text))
    near = max(Levenshtein.normalized_similarity(sound, other) * 100 for sound in sounds for other in (whole, short))
    return [("name", "latin-near" if max(near, words if words == 100 else 0) >= _PINYIN_NEAR else "latin-far")]  # noqa: PLR2004 - every word


@functools.lru_cache(maxsize=1 << 16)
def _spaced(text: str) -> str:
    return " ".join(pinyin(char) for char in text if char != " ") if not text.isascii() else text
