"""Which index a store is searched with: that of its content, or the one before while the new one is being made."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Condition, Thread
from typing import TYPE_CHECKING, Final

from vetgraph import generations
from vetgraph.errors import BudgetError, StoreError, Text, VetgraphError
from vetgraph.opening import is_address
from vetgraph.search import index, writing

if TYPE_CHECKING:
    from vetgraph.search.index import Index
    from vetgraph.store import Store

FILE: Final = "search.sqlite"
"""Name of the index in the folder of a generation that was built with one."""

_PATIENCE: Final = 8.0
"""Seconds that a search waits for the first index."""

_MOST_WAITING: Final = 3
"""Searches that wait at the same time; who types on while the index is made must not take all threads of the pages."""

_PAUSE: Final = 30.0
"""Seconds after which an index that could not be made is tried again."""


class Indexes:
    """The index of a store. Each content has its own; a search of new content begins to make it in the background."""

    def __init__(self, store: Store, where: str | Path | None = None, *, apart: bool = False) -> None:
        """Begin with no index.

        Args:
            store: What is searched.
            where: Its folder or its address, where it has one.
            apart: Whether indexes are made in a process of their own, which opens ``where``.
        """
        self._store = store
        self._where = where
        self._apart = apart
        self._index: Index | None = None
        self._changed = Condition()
        self._working = False
        self._waiting = 0
        self._rest_until = 0.0
        self._failure = ""
        self._child: subprocess.Popen[bytes] | None = None

    def current(self, patience: float = _PATIENCE) -> Index:
        """Return the index to search with.

        Args:
            patience: Seconds to wait for the first one.

        Returns:
            The index of the store's content; while that is being made, the one before.

        Raises:
            BudgetError: The first one is still being made.
            StoreError: It cannot be made; says why.
        """
        version = self._store.version
        with self._changed:
            if self._index is not None and self._index.version == version:
                return self._index
            if not self._working and time.monotonic() >= self._rest_until:
                self._working = True
                Thread(target=self._renew, args=(version,), daemon=True).start()
            if self._index is None and self._waiting < _MOST_WAITING:
                self._waiting += 1
                self._changed.wait_for(lambda: self._index is not None or not self._working, patience)
                self._waiting -= 1
            if self._index is not None:
                return self._index
            raise self._none()

    def close(self) -> None:
        """End the process that makes an index, if there is one, and close the index."""
        with self._changed:
            if self._child is not None:
                self._child.kill()
            if self._index is not None:
                self._index.close()
                self._index = None

    def _none(self) -> VetgraphError:
        if self._working:
            return BudgetError(
                Text("搜索索引正在建立", "the index of names is still being made"),
                Text("稍后再试", "try again in a moment"),
                resource="workers",
            )
        return StoreError(
            Text(f"无法建立搜索索引：{self._failure}", f"the index of names cannot be made: {self._failure}"),
            Text("检查图谱库和磁盘空间", "check the store and the disk space"),
        )

    def _renew(self, version: str) -> None:
        """Make the index of the store's content and put it in the place of the old one."""
        started = time.monotonic()
        made: Index | None = None
        failure, pause = "", _PAUSE
        try:
            made = self._built(version) or self._made()
            pause = time.monotonic() - started  # where content changes all the time, half of the time goes to indexes
        except Exception as error:  # noqa: BLE001 - a thread has nobody to raise it to; a search says it
            failure = str(error) or type(error).__name__
        with self._changed:
            self._working, self._failure = False, failure
            self._rest_until = time.monotonic() + pause
            if made is not None:
                self._index = made  # searches that still have the old one finish with it
            self._changed.notify_all()

    def _built(self, version: str) -> Index | None:
        """Open the index that the build has left beside the store's content."""
        if self._where is None or is_address(self._where):
            return None
        file = Path(self._where) / generations.GENERATIONS / version / FILE
        try:
            opened = index.open_file(file) if file.exists() else None
        except StoreError:  # of another format
            return None
        if opened is not None:
            opened.version = version  # a restored store has its content under a new name
        return opened

    def _made(self) -> Index:
        if not self._apart:
            return index.Index(writing.write(self._store))
        with tempfile.TemporaryDirectory(prefix="vetgraph-search-") as folder:
            file = Path(folder) / FILE
            command = [sys.executable, "-m", "vetgraph.search", str(self._where), str(file)]
            self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)  # noqa: S603 - our own command
            _, said = self._child.communicate()
            if self._child.returncode:
                told = said.decode(errors="replace").strip()[-500:]
                raise StoreError(Text(told, told), None)
            self._child = None
            return index.open_file(file)  # an open file stays readable when its name is gone
