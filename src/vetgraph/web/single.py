"""One request to the service without a server."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from vetgraph.opening import is_address, open_store
from vetgraph.web.front import Service
from vetgraph.web.settings import ServiceSettings
from vetgraph.workers.pool import PoolSettings

if TYPE_CHECKING:
    from collections.abc import Mapping


def get(store: str, path: str, headers: Mapping[str, str]) -> httpx.Response:
    """Answer ``GET path`` as the server would.

    Args:
        store: Folder of the store, or address of a SPARQL service.
        path: Path and query string.
        headers: Headers of the request.

    Returns:
        The response.

    Raises:
        StoreError: There is no store.
    """
    open_store(store).close()
    return asyncio.run(_get(store, path if path.startswith("/") else f"/{path}", headers))


async def _get(store: str, path: str, headers: Mapping[str, str]) -> httpx.Response:
    service = Service(
        ServiceSettings(PoolSettings(Path(store), size=1, spare=False, address=store if is_address(store) else ""))
    )
    await service.start()
    try:
        transport = httpx.ASGITransport(service)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            return await client.get(path, headers=dict(headers))
    finally:
        await service.stop()
