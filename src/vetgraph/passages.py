"""The passages of reports: where each stands in its report and in the published text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vetgraph import names, queries
from vetgraph.errors import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vetgraph.store import Store

_FULL: Final = 20_000
_LINE: Final = Text("第 {first} 行", "line {first}")
_LINES: Final = Text("第 {first}–{last} 行", "lines {first}–{last}")


@dataclass(frozen=True)
class Cited:
    """A passage.

    Attributes:
        iri: Its IRI.
        report: IRI of its report.
        section: Number of its section.
        heading: Its heading; empty where it has none.
        first: Its first line in the published text.
        last: Its last line.
        position: Its place in the report.
    """

    iri: str
    report: str
    section: str
    heading: str = ""
    first: int | None = None
    last: int | None = None
    position: int | None = None


class Passages:
    """The passages that pages have cited, kept for each content of the store."""

    def __init__(self) -> None:
        self._version = ""
        self._found: dict[str, Cited | None] = {}

    def look_up(self, store: Store, iris: Iterable[str]) -> dict[str, Cited | None]:
        """Read passages that were not read yet, many at once.

        Args:
            store: What to ask.
            iris: Graphs; those that are no passages are found to be none.

        Returns:
            What is known of each graph.
        """
        if self._version != store.version or len(self._found) > _FULL:
            self._version, self._found = store.version, {}
        found, space = self._found, names.PREFIXES["report"]
        missing = [iri for iri in dict.fromkeys(iris) if iri not in found and iri.startswith(space)]
        for part in queries.parts(missing):
            found.update(dict.fromkeys(part))
            for row in queries.page(store, "passages-of", {"passage": part}):
                iri = str(row["passage"])
                lines = [value if isinstance(value, int) else None for value in (row["first"], row["last"])]
                position = row["position"] if isinstance(row["position"], int) else None
                report, section, heading = (str(row[name] or "") for name in ("report", "section", "heading"))
                found[iri] = Cited(iri, report, section, heading, lines[0], lines[1], position)
        return found


def lines(cited: Cited, lang: str) -> str:
    """Tell the lines of a passage.

    Args:
        cited: The passage.
        lang: The reader's language.

    Returns:
        As ``lines 12–13``; empty where they are not known.
    """
    if cited.first is None:
        return ""
    told = _LINE if cited.last is None or cited.last == cited.first else _LINES
    return told.get(lang).format(first=cited.first, last=cited.last)
