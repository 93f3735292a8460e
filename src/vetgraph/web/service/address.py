"""The address of the service as a client sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vetgraph.web.service.exchange import Exchange


def base_of(exchange: Exchange, fixed: str = "", *, trust_proxy: bool = False) -> str:
    """Return the address of the service.

    Args:
        exchange: A request to it.
        fixed: The address where the operator has given one.
        trust_proxy: Whether the proxy's ``X-Forwarded-`` headers are believed.

    Returns:
        Scheme, host and root path, without a slash at the end.
    """
    if fixed:
        return fixed.rstrip("/")
    scheme, host = exchange.scope.get("scheme", "http"), exchange.header(b"host")
    if trust_proxy:
        scheme = exchange.header(b"x-forwarded-proto") or scheme
        host = exchange.header(b"x-forwarded-host") or host
    return f"{scheme}://{host}{exchange.scope.get('root_path', '')}"
