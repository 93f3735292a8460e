"""Serve the application with granian."""

from __future__ import annotations

import functools
import gc
import socket
from typing import TYPE_CHECKING, Any, Final

from vetgraph.errors import Text, UsageError
from vetgraph.opening import open_store
from vetgraph.web.service.access import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from vetgraph.web.settings import ServiceSettings


_COLLECTED: Final = (50_000, 20, 100)
"""When the collector looks: a page of a large table makes some 100,000 objects, nearly all of them without cycles."""


def load(settings: ServiceSettings, *_args: Any, **_options: Any) -> Any:  # noqa: ANN401 - granian's loader passes its own
    """Make the application in the web process.

    Args:
        settings: How the service is run.

    Returns:
        The ASGI application.
    """
    from vetgraph.web.front import Service

    service = Service(settings)
    gc.freeze()  # modules and templates stay; the collector need not look at them again and again
    gc.set_threshold(*_COLLECTED)
    return service


def serve(settings: ServiceSettings, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Args:
        settings: How the service is run.
        host: Address to listen at.
        port: Port to listen at.
        ready: Called with the URL once the server listens.

    Raises:
        StoreError: There is no store.
        UsageError: The address cannot be listened at, or the tokens cannot be read.
    """
    open_store(settings.pool.address or settings.pool.store).close()  # a missing store is told here, not by a worker
    Tokens(settings.tokens).current()
    _check_address(host, port)
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "vetgraph.web.server:load",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,  # it only passes bytes; the workers of the pool do the work
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=10,
        respawn_failed_workers=True,
    )
    shown = f"[{host}]" if ":" in host else host
    server.on_startup(lambda: ready(f"http://{shown}:{port}/"))
    server.serve(target_loader=functools.partial(load, settings), wrap_loader=False)


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
