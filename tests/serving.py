"""Run the service as its users do: a process of its own, asked over HTTP."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "a-token-that-only-tests-know"  # noqa: S105 - that of the tests


@dataclass(frozen=True)
class Served:
    """A running service."""

    url: str
    store: Path | str
    process: subprocess.Popen[bytes]
    token: str = TOKEN

    def client(self, **headers: str) -> httpx.Client:
        """Return a client of it."""
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)

    def writer(self) -> httpx.Client:
        """Return a client that may write."""
        return self.client(Authorization=f"Bearer {self.token}")


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(store: Path | str, *options: str, tokens: Path | None = None) -> Iterator[Served]:
    """Serve a store.

    Args:
        store: Its folder, or the address of a SPARQL service.
        *options: More options of ``vetgraph serve``.
        tokens: Where to put the file of tokens; none: read-only.

    Yields:
        The running service.
    """
    port = free_port()
    command = [sys.executable, "-m", "vetgraph", "serve", str(store), "--port", str(port), *options]
    if tokens is not None:
        tokens.write_text(f"{TOKEN}  # for tests\n", encoding="utf-8")
        command += ["--tokens", str(tokens)]
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=env) as process:
        try:
            assert process.stderr is not None
            said = process.stderr.readline().decode()
            assert f"http://127.0.0.1:{port}/" in said, said
            url = f"http://127.0.0.1:{port}"
            with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
                assert client.get(f"{url}/health", timeout=30).status_code == 200
            yield Served(url, store, process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)
