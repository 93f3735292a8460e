"""One SPARQL 1.1 service over HTTP: its addresses, who we are to it, and what its refusals mean."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from vetgraph.errors import BudgetError, QueryError, StoreError, Text, UsageError

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

_TOO_MANY = frozenset({429, 503})
_SHOWN = 300
_PARTIAL = "S1TAT"
"""What Virtuoso calls an answer that it broke off."""


@dataclass(frozen=True)
class Endpoint:
    """Where a service is.

    Attributes:
        query_url: Where queries go.
        update_url: Where updates go.
        gsp_url: Where whole graphs go (Graph Store HTTP Protocol).
        user: Name for Basic or Digest, whichever the service asks for.
        password: Password of that user.
        token: Bearer token.
        timeout: Seconds to wait for an answer.
    """

    query_url: str
    update_url: str | None = None
    gsp_url: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    timeout: float = 60.0

    @classmethod
    def from_environment(cls, query_url: str, update_url: str | None = None, gsp_url: str | None = None) -> Endpoint:
        """Take what is not given from the variables ``VETGRAPH_…``.

        Args:
            query_url: Where queries go.
            update_url: Where updates go; else ``VETGRAPH_UPDATE_URL``.
            gsp_url: Where whole graphs go; else ``VETGRAPH_GSP_URL``.

        Returns:
            The service, with the credentials of ``VETGRAPH_STORE_USER``, ``VETGRAPH_STORE_PASSWORD`` and
            ``VETGRAPH_STORE_TOKEN``.

        Raises:
            UsageError: A URL is none, or holds credentials.
        """
        find = os.environ.get
        found = cls(
            query_url,
            update_url or find("VETGRAPH_UPDATE_URL") or None,
            gsp_url or find("VETGRAPH_GSP_URL") or None,
            find("VETGRAPH_STORE_USER") or None,
            find("VETGRAPH_STORE_PASSWORD") or None,
            find("VETGRAPH_STORE_TOKEN") or None,
        )
        for url in (found.query_url, found.update_url, found.gsp_url):
            if url is not None:
                _check(url)
        return found


def _check(url: str) -> None:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        parsed = httpx.URL("")
    if parsed.userinfo:
        raise UsageError(
            Text("地址里不能写密码", "an address may not hold a password"),
            Text(
                "设置 VETGRAPH_STORE_USER 和 VETGRAPH_STORE_PASSWORD",
                "set VETGRAPH_STORE_USER and VETGRAPH_STORE_PASSWORD",
            ),
        )
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise UsageError(
            Text(f"不是服务的地址：{url}", f"this is no address of a service: {url}"),
            Text("写 https://主机/路径", "write https://host/path"),
        )


class _Password(httpx.Auth):
    """Basic or Digest, as the service's challenge says."""

    def __init__(self, user: str, password: str) -> None:
        self._basic = httpx.BasicAuth(user, password)
        self._digest = httpx.DigestAuth(user, password)
        self._chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._chosen is None:
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
            challenge = response.headers.get("www-authenticate", "").lower()
            self._chosen = self._digest if "digest" in challenge else self._basic
        yield from self._chosen.auth_flow(request)


class Connection:
    """Requests to one service."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Make ready; nothing is sent yet.

        Args:
            endpoint: The service.
        """
        self.endpoint = endpoint
        headers = {"Authorization": f"Bearer {endpoint.token}"} if endpoint.token else {}
        password = _Password(endpoint.user, endpoint.password or "") if endpoint.user else None
        timeout = httpx.Timeout(endpoint.timeout, connect=min(10.0, endpoint.timeout))
        self._client = httpx.Client(timeout=timeout, headers=headers, auth=password)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def query(self, fields: Mapping[str, str | Sequence[str]], accept: str) -> httpx.Response:
        """Ask by the SPARQL protocol; the form is the way of asking that every service knows.

        Args:
            fields: ``query`` and the graphs of the dataset.
            accept: The formats that can be read.

        Returns:
            The whole answer.

        Raises:
            QueryError: The service refuses the query.
            StoreError: The service cannot be reached, or fails, or gives only a part.
        """
        url = self.endpoint.query_url
        response = self._send("POST", url, data=dict(fields), headers={"Accept": accept})
        if response.status_code == httpx.codes.BAD_REQUEST:
            said = _message(response)
            raise QueryError(
                Text(f"{url} 不接受这个查询：{said}", f"{url} refuses the query: {said}"),
                Text("按它说的改正", "mend what it names"),
            )
        self._refuse_failure(response, url)
        if response.headers.get("x-sql-state") == _PARTIAL:
            raise BudgetError(
                Text(f"{url} 超时，只给了部分结果", f"{url} ran out of time and gave only a part"),
                Text("缩小查询的范围", "narrow the query"),
            )
        return response

    def update(self, text: str) -> None:
        """Send an update.

        Args:
            text: SPARQL 1.1 Update.

        Raises:
            StoreError: There is nowhere to send it, or the service refuses it or fails.
        """
        url = self.endpoint.update_url
        if url is None:
            raise _nowhere_to_write()
        self._refuse_failure(self._send("POST", url, data={"update": text}), url)

    def graph(self, method: str, name: str | None, content: bytes | None = None) -> bytes | None:
        """Read, replace or remove a whole graph.

        Args:
            method: ``GET``, ``PUT`` or ``DELETE``.
            name: The graph's IRI; ``None`` is the default graph.
            content: N-Triples to put.

        Returns:
            The answer's body; ``None`` where there is no such graph.

        Raises:
            StoreError: There is nowhere to send it, or the service refuses it or fails.
        """
        url = self.endpoint.gsp_url
        if url is None:
            raise _nowhere_to_write()
        target = httpx.URL(url).copy_merge_params({"default": ""} if name is None else {"graph": name})
        headers = {"Accept": "application/n-triples" if method == "GET" else "*/*"}
        if content is not None:
            headers["Content-Type"] = "application/n-triples"
        response = self._send(method, str(target), content=content, headers=headers)
        if response.status_code == httpx.codes.NOT_FOUND and method != "PUT":
            return None
        self._refuse_failure(response, url)
        return response.content

    def _send(self, method: str, url: str, **parts: object) -> httpx.Response:
        try:
            return self._client.request(method, url, **parts)  # type: ignore[arg-type]
        except httpx.TimeoutException:
            raise StoreError(
                Text(f"{url} 没有及时回答", f"{url} did not answer in time"),
                Text("稍后再试，或缩小查询", "try again later, or ask for less"),
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise StoreError(
                Text(f"无法连接 {url}：{error}", f"cannot reach {url}: {error}"),
                Text("检查地址，服务是否在运行", "check the address, and that the service runs"),
            ) from None

    @staticmethod
    def _refuse_failure(response: httpx.Response, url: str) -> None:
        if response.is_success:
            return
        status, said = response.status_code, _message(response)
        shown = f"HTTP {status}{f' ({said})' if said else ''}"
        fix = Text("检查服务的地址和日志", "check the address, and the log of the service")
        if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
            fix = Text(
                "设置 VETGRAPH_STORE_USER 和 VETGRAPH_STORE_PASSWORD，或 VETGRAPH_STORE_TOKEN",
                "set VETGRAPH_STORE_USER and VETGRAPH_STORE_PASSWORD, or VETGRAPH_STORE_TOKEN",
            )
        elif response.has_redirect_location:
            there = response.headers["location"]
            fix = Text(f"改用 {there}", f"use {there}")
        elif status in _TOO_MANY:
            fix = Text("稍后再试", "try again later")
        raise StoreError(Text(f"{url} 回答 {shown}", f"{url} answered {shown}"), fix)


def _nowhere_to_write() -> UsageError:
    return UsageError(
        Text("没有给出可写的地址", "no address to write to is given"),
        Text("加上 --update-url 或 --gsp-url", "add --update-url or --gsp-url"),
    )


def _message(response: httpx.Response) -> str:
    """Return what a service says of its refusal, in one short line."""
    text = response.text
    kind = response.headers.get("content-type", "")
    if "json" in kind:
        text = _told(text)
    elif "html" in kind:
        title = re.search(r"<title>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        text = title[1] if title else ""
    line = " ".join(text.partition("\n\n")[0].split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _told(text: str) -> str:
    try:
        found = json.loads(text)
    except ValueError:
        return text
    inner = found.get("error", found) if isinstance(found, dict) else found
    if isinstance(inner, dict):
        inner = next((inner[key] for key in ("detail", "message", "exception") if key in inner), text)
    return str(inner)
