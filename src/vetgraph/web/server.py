"""Serve the application with granian."""

from __future__ import annotations

import functools
import os
import socket
from typing import TYPE_CHECKING, Any

from vetgraph.errors import Text, UsageError
from vetgraph.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def load(store: str) -> Any:  # noqa: ANN401 - a WSGI application
    """Make the application in a worker: each opens the store read-only by itself.

    Args:
        store: Folder of the store.

    Returns:
        The WSGI application.
    """
    from vetgraph.web import create_app

    return create_app(open_store(store))


def serve(store: Path, host: str, port: int, workers: int, ready: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Args:
        store: Folder of the store.
        host: Address to listen at.
        port: Port to listen at.
        workers: Number of processes.
        ready: Called with the URL once the server listens.

    Raises:
        StoreError: There is no store.
        UsageError: The address cannot be listened at.
    """
    open_store(store).close()  # a missing store is told here, not by a worker
    _check_address(host, port)
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "vetgraph.web.server:load",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=max(4, 2 * (os.cpu_count() or 1)),
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=10,
        respawn_failed_workers=True,
    )
    shown = f"[{host}]" if ":" in host else host
    server.on_startup(lambda: ready(f"http://{shown}:{port}/"))
    server.serve(target_loader=functools.partial(_loaded, str(store)), wrap_loader=False)


def _loaded(store: str, *_args: Any, **_options: Any) -> Any:  # noqa: ANN401 - granian's loader passes its own
    return load(store)


def _check_address(host: str, port: int) -> None:
    """Try the address first: granian would share a port in use, or fail with a traceback."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(
                Text(f"无法监听 {host}:{port}：{error.strerror}", f"cannot listen at {host}:{port}: {error.strerror}"),
                Text("用 --port 换一个端口", "choose another port with --port"),
            ) from None
