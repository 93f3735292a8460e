"""The ontology and the code lists as quads, each in its named graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetgraph import names, resources
from vetgraph.errors import StoreError, Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Quad = tuple[str, str, str, str]


def ontology() -> list[Quad]:
    """Read the ontology and its alignments.

    Returns:
        Their quads as N-Quads terms.

    Raises:
        StoreError: A file of ours is malformed.
    """
    return _turtle(sorted(resources.folder("ontology").glob("*.ttl")), names.ONTOLOGY)


def codes() -> list[Quad]:
    """Read the code lists.

    Returns:
        Their quads as N-Quads terms.

    Raises:
        StoreError: A file of ours is malformed.
    """
    return _turtle(sorted((resources.folder("ontology") / "codes").glob("*.ttl")), names.CODES)


def _turtle(files: Iterable[Path], graph: str) -> list[Quad]:
    import pyoxigraph as ox

    quads: list[Quad] = []
    for file in files:
        try:
            parsed = ox.parse(path=str(file), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
            quads += [(str(t.subject), str(t.predicate), str(t.object), f"<{graph}>") for t in parsed]
        except (SyntaxError, ValueError) as error:
            raise StoreError(
                Text(f"{file.name} 不是合格的 Turtle：{error}", f"{file.name} is no valid Turtle: {error}"),
                Text("改正此文件", "correct the file"),
            ) from None
    return quads
