"""How often a client may ask: a token bucket for each address."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from typing import Final

from vetgraph.errors import Text
from vetgraph.web.refusal import Refusal

_MOST_CLIENTS: Final = 100_000


class RateLimit:
    """Allows ``rate`` requests a second for each client, and ``burst`` at once."""

    def __init__(self, rate: float, burst: int) -> None:
        """Set the limit.

        Args:
            rate: Requests a second; 0 allows any number.
            burst: Requests that may come at once.
        """
        self._rate = rate
        self._burst = max(1, burst)
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, client: str) -> None:
        """Count a request.

        Args:
            client: Address of the client.

        Raises:
            Refusal: 429 with ``Retry-After``, when it asks too often.
        """
        if not self._rate:
            return
        now = time.monotonic()
        left, since = self._clients.pop(client, (float(self._burst), now))
        left = min(self._burst, left + (now - since) * self._rate)
        if left < 1:
            self._clients[client] = (left, now)
            wait = math.ceil((1 - left) / self._rate)
            raise Refusal(
                429,
                Text("请求太频繁", "too many requests"),
                Text(f"{wait} 秒后再试", f"try again in {wait} seconds"),
                (("Retry-After", str(wait)),),
            )
        self._clients[client] = (left - 1, now)
        while len(self._clients) > _MOST_CLIENTS:
            self._clients.popitem(last=False)
