"""Two editions of a list: what the new one adds, drops and renames, by code and, where that says nothing, by name."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from vetgraph import names, queries
from vetgraph.errors import MissingError, Text
from vetgraph.importing import named_rows
from vetgraph.linking import Entry, Matcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from vetgraph.store import Store

Key: TypeAlias = "Callable[[Item], str]"
Kind = Literal["added", "dropped", "renamed", "recoded", "renamed?"]
TOLD: Final = {
    "added": Text("新增", "added"),
    "dropped": Text("删去", "dropped"),
    "renamed": Text("改名", "renamed"),
    "recoded": Text("改代码", "recoded"),
    "renamed?": Text("疑为改名", "renamed?"),
}


@dataclass(frozen=True)
class Item:
    """One row of an edition.

    Attributes:
        place: Its row number, or the key of its entry in the graph.
        name: Its name.
        code: Its official code, if it has one.
    """

    place: str
    name: str
    code: str = ""


@dataclass(frozen=True)
class Difference:
    """One thing that differs.

    Attributes:
        kind: ``added``, ``dropped``, ``renamed``, ``recoded`` (same name, another code), or ``renamed?`` where a person
            must look.
        old: The row of the old edition.
        new: The row of the new one.
        by: What says that the two are one: ``code`` or ``name``.
        confidence: How likely it is, where the names say it.
    """

    kind: Kind
    old: Item | None = None
    new: Item | None = None
    by: str = ""
    confidence: float | None = None

    def plain(self) -> dict[str, object]:
        """Return it as JSON can hold it."""
        return asdict(self)


def of_file(file: Path, name: str = "", code: str = "", sheet: str = "") -> list[Item]:
    """Read an edition from a file.

    Args:
        file: CSV or XLSX.
        name: Header of the column of the names.
        code: Header of the column of codes.
        sheet: Name of the sheet of a workbook.

    Returns:
        Its rows.
    """
    return [Item(str(number), told, given) for number, told, given in named_rows(file, name, code, sheet)]


def of_store(store: Store, key: str) -> list[Item]:
    """Read an edition that a store holds.

    Args:
        store: The store.
        key: The key of the list.

    Returns:
        Its entries.

    Raises:
        MissingError: The store holds no such list.
    """
    rows = list(queries.page(store, "list-entries", {"list": names.dataset(key)}))
    if not rows:
        raise MissingError(
            Text(f"没有文件 {key}，图谱库中也没有这份名单", f"there is no file {key}, and the store has no such list"),
            Text("vetgraph query datasets 列出有哪些", "vetgraph query datasets tells which there are"),
        )
    start = names.entry(key, "")
    return [Item(str(row["entry"]).removeprefix(start), str(row["name"]), str(row.get("code") or "")) for row in rows]


def compare(old: Sequence[Item], new: Sequence[Item]) -> list[Difference]:
    """Compare two editions.

    Rows with the same code are one; then rows with the same name; of the rest, what the matcher of `vetgraph.linking`
    would accept without a person is taken as renamed, and what it would show to one is told as perhaps renamed.

    Args:
        old: The rows of the old edition.
        new: The rows of the new one.

    Returns:
        What differs: renamed and recoded first, then what may be renamed, dropped and added, each in its own order.
    """
    gone, come = list(old), list(new)
    found: list[Difference] = []
    for before, after in _pairs(gone, come, lambda item: item.code):
        if before.name != after.name:
            found.append(Difference("renamed", before, after, "code"))
    for before, after in _pairs(gone, come, lambda item: item.name):
        if before.code and after.code and before.code != after.code:
            found.append(Difference("recoded", before, after, "name"))
    found += _renamed(gone, come)
    left = {id(one.old) for one in found}, {id(one.new) for one in found}
    found += [Difference("dropped", old=item) for item in gone if id(item) not in left[0]]
    found += [Difference("added", new=item) for item in come if id(item) not in left[1]]
    order = {"renamed": 0, "recoded": 1, "renamed?": 2, "dropped": 3, "added": 4}
    return sorted(found, key=lambda one: order[one.kind])


def _pairs(gone: list[Item], come: list[Item], key: Key) -> list[tuple[Item, Item]]:
    """Take out of both lists what shares a key that stands once in each."""
    sides = [_once(items, key) for items in (gone, come)]
    shared = [each for each in sides[0] if each in sides[1]]
    pairs = [(sides[0][each], sides[1][each]) for each in shared]
    for items, taken in ((gone, {id(a) for a, _ in pairs}), (come, {id(b) for _, b in pairs})):
        items[:] = [item for item in items if id(item) not in taken]
    return pairs


def _once(items: Iterable[Item], key: Key) -> dict[str, Item]:
    found: dict[str, list[Item]] = {}
    for item in items:
        if key(item):
            found.setdefault(key(item), []).append(item)
    return {each: listed[0] for each, listed in found.items() if len(listed) == 1}


def _renamed(gone: Sequence[Item], come: Sequence[Item]) -> list[Difference]:
    """Find what has another name but may be the same; two that both have codes are not."""
    if not gone or not come:
        return []
    matcher = Matcher(Entry.of(item.name, str(number)) for number, item in enumerate(gone))
    links = matcher.link((Entry.of(item.name, str(number)) for number, item in enumerate(come)), one_to_one=True)
    found, taken = [], set()
    for link, after in zip(links, come, strict=True):
        if link.decision == "none" or not link.candidates:
            continue
        best = link.candidates[0]
        before = gone[int(best.target)]
        if (before.code and after.code) or best.target in taken:
            continue
        taken.add(best.target)
        kind: Kind = "renamed" if link.decision == "match" else "renamed?"
        found.append(Difference(kind, before, after, "name", round(best.confidence, 4)))
    return found
