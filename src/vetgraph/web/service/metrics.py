"""``/metrics``: what the service has done, for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from vetgraph.web.service.cache import AnswerCache
    from vetgraph.web.service.exchange import Exchange
    from vetgraph.workers.pool import Pool

_ROUTES: Final = frozenset(
    "sparql update store queries health metrics static id page data def code report dump.nq dump.trig".split()  # noqa: SIM905 - a table
)


class Metrics:
    """Counts requests; reads the pool's and the cache's own counts when asked."""

    def __init__(self, pool: Pool, cache: AnswerCache) -> None:
        """Set up the metrics.

        Args:
            pool: Whose workers are counted.
            cache: Whose hits are counted.
        """
        self._registry = CollectorRegistry()
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._requests = Counter(
            "vetgraph_requests", "Requests", ("route", "method", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "vetgraph_request_seconds",
            "Time from a request to the end of its response",
            ("route",),
            buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30),
            registry=self._registry,
        )
        self._ended = Gauge(
            "vetgraph_workers_ended", "Workers that were ended, by reason", ("reason",), registry=self._registry
        )
        for reason in ("time", "gone", "left"):
            self._ended.labels(reason).set_function(lambda reason=reason: pool.ended[reason])  # type: ignore[misc]
        waiting = Gauge("vetgraph_waiting", "Requests that wait for a worker", registry=self._registry)
        waiting.set_function(lambda: pool.waiting)
        hits = Gauge("vetgraph_cache_hits", "Answers given from the cache", registry=self._registry)
        hits.set_function(lambda: cache.hits)

    def count(self, exchange: Exchange, seconds: float) -> None:
        """Count a request.

        Args:
            exchange: The request, answered.
            seconds: How long it took.
        """
        first = exchange.path[1:].partition("/")[0]
        route = first if first in _ROUTES else "other" if first else "home"
        method = exchange.method if exchange.method in {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"} else "other"
        key = (route, method, int(exchange.status))
        if key not in self._children:  # looking one up by its labels takes longer than counting
            counter = self._requests.labels(route, method, str(key[2]))
            self._children[key] = (counter, self._seconds.labels(route))
        requests, time = self._children[key]
        requests.inc()
        time.observe(seconds)

    def text(self) -> tuple[str, bytes]:
        """Return what Prometheus reads.

        Returns:
            Media type and text.
        """
        return CONTENT_TYPE_LATEST, generate_latest(self._registry)
