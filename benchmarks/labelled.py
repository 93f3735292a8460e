"""Make the labelled names that linking is fitted and measured on: ``benchmarks/names/*.csv``.

    python benchmarks/labelled.py UNIVERSITY_DATA

UNIVERSITY_DATA is ``data.json`` of github.com/hugg95/university-data (MIT): the ministry's list of regular institutions
of higher education of 2017, 2,631 real names with code, city and ownership. The 20 schools of the report are real names
too. No list of secondary schools of other places is at hand, so names of such schools are composed: a real county or
city, then a brand or a field that real names have, then a type that real names have (origin ``composed``).

Each name is then written in other ways, by the rules below; nobody wrote these variants, the rules did. Half of the
entities are for fitting (``fit``), half for figures (``test``). Four of ten sources mean an entity that is not in the
list of targets, and were chosen because something near them is.
"""

from __future__ import annotations

import csv
import json
import random
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vetgraph.linking import places
from vetgraph.linking.parts import split_type
from vetgraph.linking.script import fold, pinyin, syllables

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).resolve().parent / "names"
DATA = HERE.parent.parent / "data"
SEED = 20251225
COMPOSED = 1800
SOURCES = 1
TYPES = [
    "职业教育中心",
    "职业技术教育中心",
    "职业中等专业学校",
    "中等专业学校",
    "中等职业技术学校",
    "职业高级中学",
    "技工学校",
    "职业技术学校",
    "高级技工学校",
    "技师学院",
]
MIDDLES = [
    "",
    "",
    "",
    "",
    "第一",
    "第二",
    "第三",
    "科技",
    "工商管理",
    "信息工程",
    "机电工程",
    "北方电子科技",
    "南方电子科技",
    "立兴",
    "幼儿师范",
    "工业",
    "工商",
    "农业",
    "卫生",
    "财经",
    "旅游",
    "艺术",
    "振华",
    "光华",
]
SHORT_TYPES = {
    "职业教育中心": "职教中心",
    "职业技术教育中心": "职教中心",
    "职业中等专业学校": "职业中专",
    "中等专业学校": "中专",
    "职业高级中学": "职高",
    "技工学校": "技校",
    "高级技工学校": "高级技校",
    "职业技术学院": "职院",
    "高等专科学校": "高专",
    "卫生学校": "卫校",
    "幼儿师范学校": "幼师",
}
LOOSE_TYPES = {
    "职业教育中心": "职业技术教育中心",
    "职业技术教育中心": "职业教育中心",
    "职业中等专业学校": "中等专业学校",
    "职业技术学院": "职业学院",
    "职业高级中学": "职业中学",
}
CAMPUSES = ["东校区", "西校区", "北校区", "新校区", "老校区", "校本部"]


@dataclass(frozen=True)
class Named:
    """An entity."""

    id: str
    name: str
    region: str = ""
    ownership: str = ""
    code: str = ""
    origin: str = "composed"


@dataclass(frozen=True)
class Source:
    """A row of a list that should be linked; the target is empty where nothing fits."""

    id: str
    name: str
    region: str
    ownership: str
    code: str
    target: str
    rule: str
    part: str


def real(university_data: Path) -> list[Named]:
    """Read the real names."""
    listed: dict[str, list[dict[str, Any]]] = json.loads(university_data.read_text("utf-8"))
    cities = {city["id"]: city["name"] for city in listed["city"]}
    found = [
        Named(f"u{row['id']}", "".join(row["name"].split()), cities.get(row["cid"], ""),
              "private" if row["type"] == "民办" else "public", row["id"], "moe-2017")
        for row in listed["university"]
    ]  # fmt: skip
    with (DATA / "registry/schools.csv").open(encoding="utf-8", newline="") as file:
        found += [Named(f"s-{row['id']}", row["name"], origin="report") for row in csv.DictReader(file)]
    return found


def composed(chance: random.Random, taken: set[str]) -> list[Named]:
    """Compose names of secondary schools; several in a place, so that neighbours are near."""
    known = places.gazetteer()
    where = sorted(code for code in known.today if places.rank(code) and not "71" <= code[4:] <= "79")
    chance.shuffle(where)
    found: list[Named] = []
    while len(found) < COMPOSED:
        code = where[len(found) % (COMPOSED // 3)]
        name = known.names[code] + chance.choice(MIDDLES) + chance.choice(TYPES)
        if name not in taken:
            taken.add(name)
            found.append(Named(f"c{len(found)}", name, code))
    return found


def _split(name: str) -> tuple[str, str, str]:
    place, rest = places.read(fold(name))
    _, core = split_type(rest)
    return place.text, core, rest[len(core) :]


@cache
def _same_sound() -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for char in (
        "科技信息工程机电商管理农业卫生财经旅游艺术振华光立兴北南方子幼儿师范科枝计讯晰公"
        "呈基店尚观里浓夜味声才精驴有易书正花广力幸背男坊自又尔时饭"
    ):
        found[syllables(char)[0]].append(char)
    return found


def traditional(name: str, _chance: random.Random) -> str:
    """Write in traditional characters."""
    return str(_traditional().convert(name))


@cache
def _traditional() -> Any:  # noqa: ANN401 - opencc has no types
    import opencc

    return opencc.OpenCC("s2t")


def spaced(name: str, chance: random.Random) -> str:
    """Put a space or a line break into the cell."""
    at = chance.randrange(1, len(name))
    return name[:at] + chance.choice([" ", "\u3000", "\n", "\u00a0", "\u200b"]) + name[at:]


def bare_place(name: str, _chance: random.Random) -> str:
    """Leave 市 or 县 out."""
    place, _, _ = _split(name)
    short = places.stem(place)
    return short + name[len(place) :] if len(short) > 1 and not place.endswith("区") else name


def fuller_place(name: str, _chance: random.Random) -> str:
    """Put the province, or the city too, before the place."""
    place, _ = places.read(fold(name))
    codes = sorted(place.codes)
    if len(codes) != 1 or places.rank(codes[0]) == 0:
        return name
    known = places.gazetteer().names
    outer = known.get(codes[0][:2] + "0000", "")
    city = known.get(codes[0][:4] + "00", "") if places.rank(codes[0]) == 2 else ""  # noqa: PLR2004 - a county
    return outer + city + name


def renamed(name: str, _chance: random.Random) -> str:
    """Write the former name of the place."""
    place, _ = places.read(fold(name))
    known = places.gazetteer()
    former = [old for old in known.former if places.present(old) in place.codes and known.names[old] != place.text]
    return known.names[former[-1]] + name[len(place.text) :] if former and place.form == "full" else name


def short_type(name: str, _chance: random.Random) -> str:
    """Shorten the type as people do."""
    for full in sorted(SHORT_TYPES, key=len, reverse=True):
        if name.endswith(full):
            return name.removesuffix(full) + SHORT_TYPES[full]
    return name


def loose_type(name: str, _chance: random.Random) -> str:
    """Write the type loosely: a person would have to look."""
    for full in sorted(LOOSE_TYPES, key=len, reverse=True):
        if name.endswith(full):
            return name.removesuffix(full) + LOOSE_TYPES[full]
    return name


def campus(name: str, chance: random.Random) -> str:
    """Add a campus in brackets."""
    return f"{name}（{chance.choice(CAMPUSES)}）"


def remark(name: str, chance: random.Random) -> str:
    """Add a remark in brackets."""
    return f"{name}{chance.choice(['【中职】', '（高职）', '（筹）', '[省级]'])}"


def former(name: str, _chance: random.Random) -> str:
    """Put the name into brackets behind another one."""
    place, core, _ = _split(name)
    return f"{place}{core}新时代职业学校（原{name}）"


def misheard(name: str, chance: random.Random) -> str:
    """Write one distinctive character as another of the same sound."""
    place, core, kind = _split(name)
    at = [i for i, char in enumerate(core) if len(_same_sound().get(syllables(char)[0], [])) > 1]
    if not at or place + core + kind != name:
        return name
    i = chance.choice(at)
    others = [char for char in _same_sound()[syllables(core[i])[0]] if char != core[i]]
    return place + core[:i] + chance.choice(others) + core[i + 1 :] + kind if others else name


def dropped(name: str, chance: random.Random) -> str:
    """Drop one distinctive character."""
    place, core, kind = _split(name)
    if len(core) < 3 or place + core + kind != name:  # noqa: PLR2004 - enough is left
        return name
    i = chance.randrange(len(core))
    return place + core[:i] + core[i + 1 :] + kind


def swapped(name: str, chance: random.Random) -> str:
    """Swap two neighbouring characters."""
    i = chance.randrange(len(name) - 1)
    return name[:i] + name[i + 1] + name[i] + name[i + 2 :]


def no_place(name: str, _chance: random.Random) -> str:
    """Leave the place out."""
    place, core, _ = _split(name)
    return name[len(place) :] if len(core) > 1 else name


def letters(name: str, _chance: random.Random) -> str:
    """Write in pinyin, without 市 and 县."""
    place, _, _ = _split(name)
    return pinyin(places.stem(place) if place else "").title() + " " + pinyin(name[len(place) :]).title()


def mixed(name: str, chance: random.Random) -> str:
    """Do two or three of the harmless things at once."""
    for rule in chance.sample([traditional, spaced, bare_place, fuller_place, short_type, campus, remark], 2):
        name = rule(name, chance)
    return name


def as_it_is(name: str, _chance: random.Random) -> str:
    """Leave the name as it is."""
    return name


RULES: dict[str, tuple[Callable[[str, random.Random], str], int]] = {
    "as-it-is": (as_it_is, 10), "traditional": (traditional, 8), "spaced": (spaced, 6), "bare-place": (bare_place, 8),
    "fuller-place": (fuller_place, 6), "renamed": (renamed, 4), "short-type": (short_type, 10),
    "loose-type": (loose_type, 4), "campus": (campus, 4), "remark": (remark, 4), "former": (former, 3),
    "misheard": (misheard, 4), "dropped": (dropped, 4), "swapped": (swapped, 4), "no-place": (no_place, 4),
    "pinyin": (letters, 2), "mixed": (mixed, 10),
}  # fmt: skip


def vary(one: Named, chance: random.Random) -> tuple[str, str]:
    """Write a name in another way; return it and the rule."""
    for rule in chance.choices(list(RULES), [weight for _, weight in RULES.values()], k=8):
        written = RULES[rule][0](one.name, chance)
        if written != one.name or rule == "as-it-is":
            return written, rule
    return one.name, "as-it-is"


def sources(part: str, inside: list[Named], outside: list[Named], chance: random.Random) -> list[Source]:
    """Make the rows to link: six of ten mean a target, four mean something that is not there."""
    found = []
    for one in inside:
        for number in range(SOURCES):
            name, rule = vary(one, chance)
            found.append(_source(one, f"{part}-{one.id}-{number}", name, rule, one.id, part, chance))
    for one in chance.sample(outside, min(len(outside), len(found) * 2 // 3)):
        name, rule = vary(one, chance)
        found.append(_source(one, f"{part}-{one.id}-x", name, rule, "", part, chance))
    chance.shuffle(found)
    return found


def _source(one: Named, id_: str, name: str, rule: str, target: str, part: str, chance: random.Random) -> Source:  # noqa: PLR0913, PLR0917
    region = one.region if chance.random() < 0.4 else ""  # noqa: PLR2004 - some lists have a region
    ownership = one.ownership if chance.random() < 0.3 else ""  # noqa: PLR2004 - fewer the ownership
    code = one.code if chance.random() < 0.1 else ""  # noqa: PLR2004 - few a code
    return Source(id_, name, region, ownership, code, target, rule, part)


def main() -> None:
    """Write the targets and the sources of both parts."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    names = real(Path(sys.argv[1]))
    names += composed(chance, {one.name for one in names})
    chance.shuffle(names)
    half = len(names) // 2
    targets, made = [], []
    for part, listed in (("fit", names[:half]), ("test", names[half:])):
        inside, outside = listed[: len(listed) * 6 // 10], listed[len(listed) * 6 // 10 :]
        targets += [(part, one) for one in inside]
        made += sources(part, inside, outside * 2, chance)
    _write("targets.csv", [{"part": part, **vars(one)} for part, one in targets])
    _write("sources.csv", [vars(replace(one)) for one in made])


def _write(file: str, rows: list[dict[str, str]]) -> None:
    with (HERE / file).open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
