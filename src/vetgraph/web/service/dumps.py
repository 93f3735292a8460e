"""The whole dataset as a file: ``/dump.nq`` and ``/dump.trig``, made once for each content of the store."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import shutil
import tempfile
import threading
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from flask import Blueprint, Response, current_app, request, send_file

from vetgraph.errors import Text
from vetgraph.store import EmbeddedStore, open_store
from vetgraph.web.refusal import Refusal
from vetgraph.web.service import packing

if TYPE_CHECKING:
    from collections.abc import Iterator

blueprint = Blueprint("dumps", __name__)

DUMPS: Final = {
    "nq": ("application/n-quads", "N-Quads"),
    "trig": ("application/trig", "TriG"),
}
"""Media type and title of each dump, by the name that ends its address."""

_CHUNK: Final = 1 << 20
_LEVEL: Final = 5
_GZ: Final = ".gz"


class Dumps:
    """The files of one application. They go with it, and an old content's file goes when a new one's is there."""

    def __init__(self, parent: Path | None = None) -> None:
        """Remember where the files go.

        Args:
            parent: Folder for the folder of the files; else the system's folder for such things.
        """
        self._parent = parent
        self._folder: Path | None = None
        self._lock = threading.Lock()

    def ready(self, version: str, end: str) -> Path | None:
        """Return a file that is there, without waiting for one that is being made.

        Args:
            version: The content.
            end: ``nq``, ``trig``, or one of them with ``.gz``.

        Returns:
            The file or ``None``.
        """
        file = None if self._folder is None else self._folder / f"{_stem(version)}.{end}"
        return file if file is not None and file.exists() else None

    def made(self, store: Any, end: str) -> tuple[Path, str]:  # noqa: ANN401 - see ``_opened``
        """Return a file, made if it is not there; who asks for it meanwhile waits for the same one.

        Args:
            store: What to dump.
            end: As for ``ready``.

        Returns:
            The file, and the content that it holds.

        Raises:
            Refusal: 501 where the store is elsewhere.
        """
        form = end.removesuffix(_GZ)
        with self._lock:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="vetgraph-dumps-", dir=self._parent))
                weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
            version = str(store.version)
            plain = self.ready(version, form)
            if plain is None:
                plain, version = self._write(self._folder, store, form)
            return (plain, version) if end == form else (self.ready(version, end) or _pack(plain), version)

    @staticmethod
    def _write(folder: Path, store: Any, form: str) -> tuple[Path, str]:  # noqa: ANN401 - see ``_opened``
        with _opened(store) as native:
            version = native.version  # a build may have come between
            file = folder / f"{_stem(version)}.{form}"
            fresh = file.with_name(f"{file.name}.new")
            native.dump(fresh, form)
            fresh.replace(file)
        for old in folder.iterdir():
            if not old.name.startswith(f"{_stem(version)}."):
                with contextlib.suppress(OSError):  # Windows keeps what is being sent
                    old.unlink()
        return file, version


def _pack(plain: Path) -> Path:
    file = plain.with_name(plain.name + _GZ)
    fresh = file.with_name(f"{file.name}.new")
    with plain.open("rb") as source, gzip.open(fresh, "wb", compresslevel=_LEVEL) as target:
        shutil.copyfileobj(source, target, _CHUNK)
    fresh.replace(file)
    return file


def _stem(version: str) -> str:
    """Return a file name for a content, whatever its name holds."""
    return hashlib.blake2b(version.encode(), digest_size=12).hexdigest()


@contextlib.contextmanager
def _opened(store: Any) -> Iterator[EmbeddedStore]:  # noqa: ANN401 - any store
    """Give the store itself where it is in this process, else its folder opened for reading."""
    if isinstance(store, EmbeddedStore):
        yield store
        return
    path = getattr(store, "path", None)
    if path is None:
        raise Refusal(
            501,
            Text(
                "图谱库在别的服务里，这里不能整体下载", "the store is another service's, which is not dumped from here"
            ),
            Text("用 /sparql 查询，或向那个服务下载", "ask /sparql, or take the dump of that service"),
        )
    opened = open_store(path)
    try:
        yield opened
    finally:
        opened.close()


@blueprint.get("/dump.nq", defaults={"name": "nq"})
@blueprint.get("/dump.trig", defaults={"name": "trig"})
def dump(name: str) -> Response:
    """Send the whole dataset, or a range of it."""
    fresh = Dumps(current_app.config.get("DUMP_FOLDER"))
    kept = cast("Dumps", current_app.extensions.setdefault("vetgraph.dumps", fresh))
    store = current_app.extensions["vetgraph.store"]
    packed = "Range" not in request.headers and packing.accepted()
    end, version = name + (_GZ if packed else ""), str(store.version)
    response = None
    while response is None:
        file = kept.ready(version, end)
        if file is None:
            file, version = kept.made(store, end)
        with contextlib.suppress(FileNotFoundError):  # a new content came and took the old file away
            response = _sent(file, version, name, packed=packed)
    return response


def _sent(file: Path, version: str, name: str, *, packed: bool) -> Response:
    media, _ = DUMPS[name]
    response = send_file(
        file,
        mimetype=media,
        as_attachment=True,
        download_name=f"vetgraph.{name}",
        conditional=not packed,
        etag=f"{_stem(version)}-{name}{'-gzip' if packed else ''}",
    )
    if packed:
        response.headers["Content-Encoding"] = "gzip"
        response.make_conditional(request)
    response.headers["Content-Type"] = f"{media}; charset=utf-8"
    response.vary.add("Accept-Encoding")
    return response
