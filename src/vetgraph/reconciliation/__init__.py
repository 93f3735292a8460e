"""Reconciliation: names from a stranger's table, and the things of the graph that they may mean."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from vetgraph.reconciliation.contents import Contents
from vetgraph.reconciliation.extending import Extending
from vetgraph.reconciliation.matching import Matching
from vetgraph.reconciliation.suggesting import Suggesting

if TYPE_CHECKING:
    from vetgraph.store import Store


class Reconciliation:
    """What answers, for one version of a store's content."""

    def __init__(self, store: Store) -> None:
        """Read the store.

        Args:
            store: What to ask.
        """
        self.contents = Contents(store)
        self.matching = Matching(self.contents)
        self.suggesting = Suggesting(self.contents)
        self.extending = Extending(self.contents)


class Kept:
    """The reconciliation of a store, made once for each version of its content."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: Reconciliation | None = None

    def of(self, store: Store) -> Reconciliation:
        """Return it; who comes while it is being made waits.

        Args:
            store: What to ask.

        Returns:
            The reconciliation of the store's present content.
        """
        made = self._made
        if made is not None and made.contents.version == store.version:
            return made
        with self._lock:
            made = self._made
            if made is None or made.contents.version != store.version:
                made = self._made = Reconciliation(store)
            return made
