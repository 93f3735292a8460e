"""A store's folder on disk: generations, the pointer to the current one, and who may write or remove.

``DIR/CURRENT`` names one folder of ``DIR/generations``. A new generation is written beside the old one, made durable,
and becomes current by one rename; a process that dies before leaves the old one as it was. A reader holds a shared
lock on its generation, so that a later build does not remove files under it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

from vetgraph.errors import StoreError, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

try:
    import fcntl
except ImportError:  # Windows keeps open files from being removed, and has no flock
    fcntl = None  # type: ignore[assignment]

CURRENT = "CURRENT"
GENERATIONS = "generations"
WORKING = "working"
READ = "READ"
"""What was read from tables to build the store, for the next build."""

_LOCK = "LOCK"
_READERS = "READERS"
OWN_FILES = frozenset({_LOCK, _READERS})
"""Files of a generation that no copy of it takes along."""

_OURS = frozenset({CURRENT, CURRENT + ".new", GENERATIONS, WORKING, READ, _LOCK})


class BusyError(StoreError):
    """Another process is writing the store."""


def _lock(file: IO[str] | int, *, shared: bool = False) -> bool:
    """Lock an open file without waiting; ``False`` when another process holds it."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _sync(path: Path) -> None:
    """Ask the disk to keep a file or the entries of a folder."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def current(store: Path) -> str:
    """Return the name of a store's current generation.

    Args:
        store: Folder of the store.

    Returns:
        The name in its pointer file.

    Raises:
        StoreError: There is no store here.
    """
    try:
        return (store / CURRENT).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        pass
    if store.exists():
        raise StoreError(
            Text(f"{store} 不是图谱库", f"{store} is not a store"),
            Text(f"先运行 vetgraph build -o {store}，或指定别的文件夹", f"run: vetgraph build -o {store}"),
        )
    raise StoreError(
        Text(f"没有图谱库 {store}", f"there is no store at {store}"),
        Text("先运行 vetgraph build", f"run: vetgraph build -o {store}"),
    )


@contextlib.contextmanager
def writing(store: Path) -> Iterator[None]:
    """Hold the right to write a store.

    Args:
        store: Folder of the store; made when it is not there.

    Yields:
        Nothing.

    Raises:
        StoreError: Another process is building it, the folder holds something else, or it cannot be written.
    """
    try:
        store.mkdir(parents=True, exist_ok=True)
        foreign = sorted(entry.name for entry in store.iterdir() if entry.name not in _OURS)
        if foreign:
            raise StoreError(
                Text(f"{store} 里有别的文件（{foreign[0]}）", f"{store} holds something else ({foreign[0]})"),
                Text("指定一个空的文件夹", "name an empty folder or one that does not exist"),
            )
        lock = (store / _LOCK).open("w", encoding="ascii")
    except OSError as error:
        raise StoreError(
            Text(f"无法写入 {store}：{error.strerror}", f"cannot write {store}: {error.strerror}"),
            Text("检查路径和权限", "check the path and its permissions"),
        ) from None
    with lock:
        if not _lock(lock):
            raise BusyError(
                Text(f"另一个进程正在构建 {store}", f"another process is building {store}"),
                Text("等它完成，或用 -o 指定别的文件夹", "wait for it, or name another folder with -o"),
            )
        yield


def new_folder(store: Path) -> Path:
    """Return a fresh path for a generation (its parent exists, it does not).

    Args:
        store: Folder of the store.

    Returns:
        A path whose name sorts by time.
    """
    parent = store / GENERATIONS
    parent.mkdir(exist_ok=True)
    return parent / f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{secrets.token_hex(3)}"


def make_current(generation: Path) -> None:
    """Make a written generation durable and current.

    Args:
        generation: Its folder, closed by the engine.
    """
    (generation / _READERS).touch()
    for folder, _, files in os.walk(generation):
        for name in files:
            _sync(Path(folder, name))
        _sync(Path(folder))
    store = generation.parent.parent
    _sync(generation.parent)
    fresh = store / (CURRENT + ".new")
    with fresh.open("w", encoding="ascii") as pointer:
        pointer.write(generation.name + "\n")
        pointer.flush()
        os.fsync(pointer.fileno())
    fresh.replace(store / CURRENT)
    _sync(store)


def remove_old(store: Path) -> None:
    """Remove every generation but the current one, unless a reader holds it.

    Args:
        store: Folder of the store, held for writing.
    """
    keep = current(store)
    for generation in (store / GENERATIONS).iterdir():
        if generation.name == keep:
            continue
        readers = generation / _READERS
        if not readers.exists():  # its build was killed
            shutil.rmtree(generation, ignore_errors=True)
            continue
        with readers.open("r+", encoding="ascii") as lock:
            if _lock(lock):
                shutil.rmtree(generation, ignore_errors=True)


def hold(store: Path) -> tuple[Path, int]:
    """Take a reader's hold of the current generation.

    Args:
        store: Folder of the store.

    Returns:
        The generation's folder, and the descriptor of an open file: the hold lasts until it is closed.

    Raises:
        StoreError: There is no store, or its current generation is gone.
    """
    for _ in range(20):  # a build may swap between reading the pointer and taking the hold
        generation = store / GENERATIONS / current(store)
        try:
            held = os.open(generation / _READERS, os.O_RDONLY)
        except OSError:
            time.sleep(0.01)
            continue
        if _lock(held, shared=True) and os.fstat(held).st_nlink:
            return generation, held
        os.close(held)
    raise StoreError(
        Text(f"{store} 已损坏：找不到当前的一代", f"{store} is damaged: its current generation is not there"),
        Text(f"重新运行 vetgraph build -o {store}", f"build it again: vetgraph build -o {store}"),
    )
