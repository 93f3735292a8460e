"""Change a store: one writer works on a copy, and each change becomes a new generation before it is acknowledged.

Readers never see the copy. A process that is killed leaves the current generation as it was; what it had done to the
copy is thrown away by the next writer.
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import pyoxigraph as ox

from vetgraph import generations, origins
from vetgraph.errors import StoreError, Text

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_PATIENCE: Final = 10.0
_STEP: Final = 0.02


class WorkingCopy:
    """The only thing that writes into a store that is being served."""

    def __init__(self, store: str | Path) -> None:
        """Remember the store; the copy is made at the first change.

        Args:
            store: Its folder.
        """
        self._store = Path(store)
        self._native: ox.Store | None = None
        self._base = ""

    def change(self, apply: Callable[[ox.Store], T]) -> tuple[T, str]:
        """Change the store: all of it or, when ``apply`` raises, nothing.

        Args:
            apply: Changes the engine's store.

        Returns:
            What ``apply`` returns, and the name of the generation that readers find from now on.

        Raises:
            StoreError: The store is being built, or the disk refuses.
        """
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                with generations.writing(self._store):
                    return self._change(apply)
            except generations.BusyError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_STEP)

    def _change(self, apply: Callable[[ox.Store], T]) -> tuple[T, str]:
        try:
            native = self._prepared()
            self._base = ""  # not to be trusted until the change is current
            result = apply(native)
            native.flush()
            generation = generations.new_folder(self._store)
            native.backup(str(generation))
            origins.carry(self._store / generations.WORKING, generation)
            generations.make_current(generation)
        except OSError as error:
            raise StoreError(
                Text(f"写入 {self._store} 失败：{error}", f"writing {self._store} failed: {error}"),
                Text("检查磁盘空间和权限", "check disk space and permissions"),
            ) from None
        except BaseException:
            self._native = None
            raise
        self._base = generation.name
        generations.remove_old(self._store)
        return result, generation.name

    def _prepared(self) -> ox.Store:
        """Return the copy of the current generation, made anew unless it is that already."""
        if self._native is not None and self._base == generations.current(self._store):
            return self._native
        self._native = None  # the engine lets go of the files
        folder = self._store / generations.WORKING
        shutil.rmtree(folder, ignore_errors=True)
        source, held = generations.hold(self._store)
        try:
            folder.mkdir()
            for file in source.iterdir():
                if file.suffix == ".sst":
                    os.link(file, folder / file.name)  # never changed once written
                elif file.name not in generations.OWN_FILES:
                    shutil.copyfile(file, folder / file.name)
            self._native = ox.Store(str(folder))
            self._base = source.name
        finally:
            os.close(held)
        return self._native
