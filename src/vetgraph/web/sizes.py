"""How many things each class has: asked once for each content of the store, since many pages need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

from vetgraph import queries

if TYPE_CHECKING:
    from vetgraph.store import Store


def sizes(store: Store) -> dict[str, int]:
    """Return the number of things of each class.

    Args:
        store: What to ask.

    Returns:
        Numbers by IRI of the class.
    """
    version = store.version
    kept: tuple[str, dict[str, int]] | None = current_app.extensions.get("vetgraph.sizes")
    if kept is None or kept[0] != version:
        counted = {str(row["class"]): int(str(row["count"])) for row in queries.page(store, "class-sizes")}
        kept = current_app.extensions["vetgraph.sizes"] = (version, counted)
    return kept[1]
