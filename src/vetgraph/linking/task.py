"""Link a list with the graph, or with another list: what ``vetgraph link`` does, for programs too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vetgraph import names, review, sssom
from vetgraph.errors import Text, UsageError
from vetgraph.linking import conflicts, listing, mappings
from vetgraph.linking.matcher import Matcher
from vetgraph.linking.targets import entries_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from vetgraph.linking.entries import Entry, Kind, Link
    from vetgraph.linking.listing import Columns, Listing
    from vetgraph.linking.mappings import Decisions
    from vetgraph.sssom import MappingSet
    from vetgraph.store import Store

LINKS: Final = Path("data/links")
"""Where reviewed mappings are kept."""


@dataclass(frozen=True)
class Linked:
    """A list that was linked.

    Attributes:
        source: The list.
        links: What was found for each row, in its order.
        decisions: What people had decided before.
        targets: The IRI of the list that was linked to; empty for the graph's own things.
    """

    source: Listing
    links: tuple[Link, ...]
    decisions: Decisions
    targets: str = ""

    def sssom(self, lang: str = "en") -> bytes:
        """Return the links as SSSOM TSV, with what people had decided.

        Args:
            lang: Language of the comments, ``zh`` or ``en``.

        Returns:
            The text, in UTF-8.
        """
        return mappings.mapping_set(self.source, self.links, self.decisions, self.targets, lang=lang).tsv()

    def save(self, file: Path, lang: str = "en") -> None:
        """Write the links to a file, whole, with what people have decided there, be it since this began.

        Args:
            file: The file.
            lang: Language of the comments.

        Raises:
            DataError: The file that is there cannot be read; it is left as it is.
            StoreError: It cannot be written.
        """

        def latest() -> MappingSet:
            decisions = mappings.decided(_decided(self.source, [file]))
            return mappings.mapping_set(self.source, decisions.applied(self.links), decisions, self.targets, lang=lang)

        review.rewrite(file, latest)


def link_list(  # noqa: PLR0913 - the parts of a task
    source: str,
    columns: Columns,
    *,
    store: Store | None = None,
    kind: Kind = "institution",
    to: str | None = None,
    to_columns: Columns | None = None,
    one_to_one: bool = False,
    decided: Iterable[Path] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Linked:
    """Link a list.

    Args:
        source: A CSV file, a workbook, or the key of a list.
        columns: What its columns tell.
        store: The graph; needed unless both are files.
        kind: What kind of things it lists.
        to: What to link to: a file or the key of a list; the graph's things of the kind if not given.
        to_columns: What its columns tell.
        one_to_one: Whether both are sets.
        decided: Files with what people have decided, besides ``data/links/KEY.sssom.tsv``.
        progress: Is told how many rows are done, and how many there are.

    Returns:
        The links.

    Raises:
        UsageError: There is no such list, or nothing to link to.
        DataError: A list cannot be read.
    """
    listed = listing.read(source, columns, kind, store)
    targets, graph = _targets(to, to_columns, kind, store)
    total = len(listed.entries)
    found = Matcher(targets, kind=kind).link(
        listed.entries, one_to_one=one_to_one, progress=None if progress is None else lambda done: progress(done, total)
    )
    decisions = mappings.decided(_decided(listed, decided))
    return Linked(listed, tuple(decisions.applied(conflicts.reported(found))), decisions, graph)


def _decided(source: Listing, files: Iterable[Path]) -> list[Path]:
    return list(dict.fromkeys([*files, LINKS / f"{source.key}{sssom.SUFFIX}"]))


def _targets(to: str | None, columns: Columns | None, kind: Kind, store: Store | None) -> tuple[Sequence[Entry], str]:
    if to is not None and columns is not None:
        listed = listing.read(to, columns, kind, store)
        return listed.entries, names.dataset(listed.key)
    if store is None:
        raise UsageError(
            Text("没有可匹配的对象", "there is nothing to link to"),
            Text("给出图谱库，或用 to 给出名单", "give a store, or a list with to"),
        )
    return entries_of(store, kind), ""
