"""How a service is run."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vetgraph.opening import is_address
from vetgraph.workers.budget import MEBIBYTE, Budget
from vetgraph.workers.pool import PoolSettings


@dataclass(frozen=True)
class ServiceSettings:
    """Everything that ``vetgraph serve`` can be told.

    Attributes:
        pool: The workers, and what each request may use.
        tokens: File of the tokens that allow writing; none: the service is read-only.
        links: Folder of the mappings that are reviewed at ``/review``; none: there is no reviewing.
        origins: Origins whose pages may write, as ``https://editor.example.org``.
        rate: Requests a second for each client; 0 for any number.
        burst: Requests that a client may send at once.
        base_url: Address of the service as the world sees it; from the request where empty.
        trust_proxy: Whether ``X-Forwarded-For`` and ``X-Forwarded-Proto`` of the proxy in front are to be believed.
        cache: Bytes that kept answers may take.
    """

    pool: PoolSettings = field(default_factory=lambda: PoolSettings(Path("store")))
    tokens: Path | None = None
    links: Path | None = None
    origins: tuple[str, ...] = ()
    rate: float = 0.0
    burst: int = 100
    base_url: str = ""
    trust_proxy: bool = False
    cache: int = 64 << 20


def of_options(store: str, **options: Any) -> ServiceSettings:  # noqa: ANN401 - one for each option
    """Return the settings that command-line options mean.

    Args:
        store: Folder of the store, or address of a SPARQL service.
        **options: ``workers``, ``in_memory``, ``timeout`` and ``write_timeout`` (seconds),
            ``max_rows``, ``max_bytes``, ``max_memory``,
            ``max_upload`` and ``cache`` (MiB), ``tokens``, ``links``, ``guard``, ``origins``, ``hosts``, ``rate``,
            ``burst``, ``queue``, ``base_url`` and ``trust_proxy``.

    Returns:
        The settings.
    """
    budget = Budget(
        options["timeout"],
        options["max_rows"],
        options["max_bytes"] * MEBIBYTE,
        options["max_memory"] * MEBIBYTE,
    )
    pool = PoolSettings(
        Path(store),
        address=store if is_address(store) else "",
        size=options["workers"] or max(2, os.cpu_count() or 1),
        budget=budget,
        queue=options["queue"],
        in_memory=options["in_memory"],
        writable=options["tokens"] is not None,
        write_seconds=options["write_timeout"],
        upload=options["max_upload"] * MEBIBYTE,
        guard=options["guard"],
        hosts=tuple(host.lower() for host in options["hosts"]),
    )
    return ServiceSettings(
        pool,
        tokens=options["tokens"],
        links=options["links"],
        origins=tuple(options["origins"]),
        rate=options["rate"],
        burst=options["burst"],
        base_url=options["base_url"],
        trust_proxy=options["trust_proxy"],
        cache=options["cache"] * MEBIBYTE,
    )
