"""A client that asks a reconciliation service in the order and in the words in which OpenRefine asks it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    import httpx

_BATCH = 10


@dataclass
class OpenRefine:
    """A project with one column to reconcile.

    Attributes:
        client: How it asks.
        endpoint: What the user has typed under Add standard service.
        manifest: What the service has told of itself.
    """

    client: httpx.Client
    endpoint: str = "/reconcile"
    manifest: dict[str, Any] = field(default_factory=dict)

    def add(self) -> dict[str, Any]:
        """Add the service: read its manifest."""
        self.manifest = self._got(self.client.get(self.endpoint))
        return self.manifest

    def guess_types(self, names: list[str]) -> list[str]:
        """Ask for candidates of the first rows, and count their types."""
        found = self._send({f"q{i}": {"query": name, "limit": 3} for i, name in enumerate(names[:_BATCH])})
        counted: dict[str, int] = {}
        for result in found.values():
            for candidate in result["result"]:
                for kind in candidate["type"]:
                    counted[kind["id"]] = counted.get(kind["id"], 0) + 1
        return sorted(counted, key=lambda kind: -counted[kind])

    def reconcile(self, rows: list[dict[str, Any]], column: str, kind: str, details: dict[str, str]) -> list[Any]:
        """Reconcile a column, with other columns as properties."""
        answers: list[Any] = []
        size = self.manifest.get("batchSize", _BATCH)
        for start in range(0, len(rows), size):
            batch = {}
            for index, row in enumerate(rows[start : start + size]):
                given = [{"pid": pid, "v": row[name]} for name, pid in details.items() if row.get(name)]
                query = {"query": row[column], "type": kind, "type_strict": "should"}
                batch[f"q{index}"] = {**query, **({"properties": given} if given else {})}
            found = self._send(batch)
            answers += [found[key]["result"] for key in batch]
        return answers

    def suggest(self, kind: str, prefix: str) -> list[dict[str, Any]]:
        """Type into a field."""
        service = self.manifest["suggest"][kind]
        found = self._got(self.client.get(service["service_url"] + service["service_path"], params={"prefix": prefix}))
        assert isinstance(found["result"], list)
        return list(found["result"])

    def preview(self, identifier: str) -> httpx.Response:
        """Hover over a candidate."""
        return self.client.get(self.manifest["preview"]["url"].replace("{{id}}", quote(identifier, safe="")))

    def view(self, identifier: str) -> httpx.Response:
        """Click on a candidate."""
        address = self.manifest["view"]["url"].replace("{{id}}", quote(identifier, safe=""))
        return self.client.get(address, headers={"Accept": "text/html"}, follow_redirects=True)

    def proposals(self, kind: str) -> list[dict[str, Any]]:
        """Open Add columns from reconciled values."""
        service = self.manifest["extend"]["propose_properties"]
        address = service["service_url"] + service["service_path"]
        return list(self._got(self.client.get(address, params={"type": kind}))["properties"])

    def extend(self, ids: list[str], properties: list[dict[str, Any]]) -> dict[str, Any]:
        """Bring columns."""
        asked = json.dumps({"ids": ids, "properties": properties})
        return self._got(self.client.post(self.endpoint, data={"extend": asked}))

    def _send(self, batch: dict[str, Any]) -> dict[str, Any]:
        return self._got(self.client.post(self.endpoint, data={"queries": json.dumps(batch, ensure_ascii=False)}))

    @staticmethod
    def _got(response: httpx.Response) -> dict[str, Any]:
        assert response.status_code == 200, response.text
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.headers["content-type"].startswith("application/json")
        return dict(response.json())
