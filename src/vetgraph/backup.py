"""Back up a store to one file and restore it, exactly, with a checksum for every part."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from vetgraph import generations
from vetgraph.errors import StoreError, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

_MANIFEST: Final = "MANIFEST.json"
_CHUNK: Final = 1 << 20


def backup(store: str | Path, file: str | Path) -> str:
    """Write the current content of a store to a file; the store may be served and written meanwhile.

    Args:
        store: Its folder.
        file: The file to write: a tar archive, compressed where its name ends in ``gz``.

    Returns:
        Name of the generation that is in it.

    Raises:
        StoreError: There is no store, or the file cannot be written.
    """
    target = Path(file)
    part = target.with_name(f"{target.name}.part")
    generation, held = generations.hold(Path(store))
    try:
        files = sorted(each for each in generation.iterdir() if each.name not in generations.OWN_FILES)
        manifest = {
            "generation": generation.name,
            "engine": f"pyoxigraph {ox.__version__}",
            "files": {each.name: _digest(each) for each in files},
        }
        with tarfile.open(part, "w:gz" if target.name.endswith("gz") else "w") as archive:
            text = json.dumps(manifest, indent=1).encode()
            head = tarfile.TarInfo(_MANIFEST)
            head.size = len(text)
            archive.addfile(head, io.BytesIO(text))
            for each in files:
                archive.add(each, each.name)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StoreError(
            Text(f"备份到 {target} 失败：{error}", f"backing up to {target} failed: {error}"),
            Text("检查路径和磁盘空间", "check the path and the disk space"),
        ) from None
    finally:
        os.close(held)
    return generation.name


def restore(file: str | Path, store: str | Path) -> int:
    """Make the content of a backup the current content of a store; the old content stays whole until then.

    Args:
        file: What ``backup`` wrote.
        store: Folder of the store; it may be served meanwhile, or not exist.

    Returns:
        The number of statements.

    Raises:
        StoreError: The file is no backup or is damaged, or the store cannot be written.
    """
    folder = Path(store)
    with generations.writing(folder):
        generation = generations.new_folder(folder)
        try:
            with _reading(Path(file)) as archive:
                manifest = _manifest(archive, Path(file))
                generation.mkdir()
                for name, digest in manifest["files"].items():
                    _extract(archive, name, digest, generation, Path(file))
            statements = len(ox.Store.read_only(str(generation)))
            generations.make_current(generation)
        except BaseException as error:
            shutil.rmtree(generation, ignore_errors=True)
            if isinstance(error, OSError):
                raise StoreError(
                    Text(f"恢复 {file} 失败：{error}", f"restoring {file} failed: {error}"),
                    Text("检查文件、磁盘空间和权限", "check the file, disk space and permissions"),
                ) from None
            raise
        generations.remove_old(folder)
    return statements


@contextlib.contextmanager
def _reading(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file) as archive:
            yield archive
    except (tarfile.TarError, EOFError) as error:
        raise _damaged(file, str(error)) from None


def _manifest(archive: tarfile.TarFile, file: Path) -> dict[str, Any]:
    try:
        member = archive.extractfile(_MANIFEST)
        manifest: Any = json.loads(member.read()) if member else None
    except (KeyError, ValueError):
        raise _damaged(file, _MANIFEST) from None
    names = manifest.get("files") if isinstance(manifest, dict) else None
    if not isinstance(names, dict) or any("/" in name or name.startswith(".") for name in names):
        raise _damaged(file, _MANIFEST)
    return dict(manifest)


def _extract(archive: tarfile.TarFile, name: str, digest: str, folder: Path, file: Path) -> None:
    try:
        member = archive.extractfile(name)
    except KeyError:
        member = None
    if member is None:
        raise _damaged(file, name)
    with (folder / name).open("wb") as out:
        shutil.copyfileobj(member, out, _CHUNK)
    if _digest(folder / name) != digest:
        raise _damaged(file, name)


def _digest(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _damaged(file: Path, what: str) -> StoreError:
    return StoreError(
        Text(f"{file} 不是完好的备份（{what}）", f"{file} is no whole backup ({what})"),
        Text("用另一份备份；图谱库没有改动", "use another backup; the store was not changed"),
    )
