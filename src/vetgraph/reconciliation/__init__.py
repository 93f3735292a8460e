"""Reconciliation: names from a stranger's table, and the things of the graph that they may mean."""

from __future__ import annotations

from threading import Condition, Thread
from typing import TYPE_CHECKING, Final, cast

from vetgraph.errors import BudgetError, Text
from vetgraph.reconciliation.contents import Contents
from vetgraph.reconciliation.extending import Extending
from vetgraph.reconciliation.matching import Matching
from vetgraph.reconciliation.suggesting import Suggesting

if TYPE_CHECKING:
    from vetgraph.store import Store

_FIRST: Final = 8.0
"""Seconds that a request waits for the first index."""

_NEXT: Final = 2.0
"""Seconds that it waits for a newer one, before it takes that of the content before."""


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
    """The reconciliation of a store, made once for each version of its content, in a thread of its own."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._made: Reconciliation | None = None
        self._working = False
        self._failure: Exception | None = None

    def of(self, store: Store) -> Reconciliation:
        """Return it; where that takes long, the one before.

        Args:
            store: What to ask.

        Returns:
            The reconciliation of the store's content; while that is being made, of the content before.

        Raises:
            BudgetError: The first one is still being made.
            VetgraphError: The store cannot be read.
        """
        with self._changed:
            if self._current(store):
                return cast("Reconciliation", self._made)
            if not self._working:
                self._working, self._failure = True, None
                Thread(target=self._make, args=(store,), daemon=True).start()
            patience = _FIRST if self._made is None else _NEXT
            self._changed.wait_for(lambda: not self._working, patience)
            if self._made is not None:
                return self._made
            if self._failure is not None:
                raise self._failure
        raise BudgetError(
            Text("名称索引正在建立", "the index of names is still being made"),
            Text("稍后再试", "try again in a moment"),
            resource="workers",
        )

    def _current(self, store: Store) -> bool:
        return self._made is not None and self._made.contents.version == store.version

    def _make(self, store: Store) -> None:
        made: Reconciliation | None = None
        failure: Exception | None = None
        try:
            made = Reconciliation(store)
        except Exception as error:  # noqa: BLE001 - a thread has nobody to raise it to; who waits gets it
            failure = error
        with self._changed:
            self._made, self._failure, self._working = made or self._made, failure, False
            self._changed.notify_all()
