"""Fetch a document that ``LOAD`` names, from hosts that the operator has listed and no other place."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pyoxigraph as ox

from vetgraph.errors import ForbiddenError, QueryError, StoreError, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

_TIMEOUT: Final = 10.0
_OK: Final = 200
_ACCEPT: Final = "text/turtle, application/n-triples, application/rdf+xml;q=0.8, application/ld+json;q=0.7"


@dataclass(frozen=True)
class Fetching:
    """What may be fetched.

    Attributes:
        hosts: Hosts, each with its port where that is not the scheme's, as ``data.example.org`` or ``10.0.0.7:8080``.
            An address that is not public must be listed as it is; a name that leads to one is refused.
        limit: Most bytes of a document.
    """

    hosts: frozenset[str] = frozenset()
    limit: int = 64 << 20

    def statements(self, iri: str, *, silent: bool) -> str | None:
        """Fetch a document.

        Args:
            iri: Its address.
            silent: Whether failure is no error.

        Returns:
            Its statements as N-Triples, with blank nodes of their own; ``None`` where it could not be had and that is
            to be ``silent``.

        Raises:
            ForbiddenError: The host is not listed, or leads to an address that is not public.
            StoreError: The document could not be fetched.
            QueryError: The document is no RDF.
        """
        try:
            media, data = self._fetch(iri)
            return _parsed(iri, media, data)
        except (ForbiddenError, StoreError, QueryError):
            if silent:
                return None
            raise

    def _fetch(self, iri: str) -> tuple[str, bytes]:
        parts = urlsplit(iri)
        host = (parts.hostname or "").lower()
        try:
            usual = {"http": 80, "https": 443}[parts.scheme]
            port = parts.port or usual
        except (KeyError, ValueError):
            raise _forbidden(iri) from None
        listed = parts.netloc.rpartition("@")[2].lower()
        if parts.username or not {listed, f"{host}:{port}"} & self.hosts:
            raise _forbidden(iri)
        address = _address(host, port, _literal(host))
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            connection = _PinnedHTTPSConnection(host, port, timeout=_TIMEOUT, context=ssl.create_default_context())
        else:
            connection = _PinnedHTTPConnection(host, port, timeout=_TIMEOUT)
        connection.pinned = address
        try:
            target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
            connection.request("GET", target, headers={"Accept": _ACCEPT, "User-Agent": "vetgraph"})
            response = connection.getresponse()
            if response.status != _OK:  # a redirect may lead anywhere, so none is followed
                raise _failed(iri, f"HTTP {response.status}")
            data = response.read(self.limit + 1)
            if len(data) > self.limit:
                raise _failed(iri, f"> {self.limit} bytes")
            return response.headers.get_content_type(), data
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _failed(iri, str(error) or type(error).__name__) from None
        finally:
            connection.close()


class _PinnedHTTPConnection(http.client.HTTPConnection):
    """Connects to the address that was checked, not to what the name means a moment later."""

    pinned: str = ""

    def connect(self) -> None:
        self.sock = socket.create_connection((self.pinned, self.port), self.timeout)


class _PinnedHTTPSConnection(http.client.HTTPSConnection):
    """The same over TLS, with the certificate checked for the name."""

    pinned: str = ""

    def connect(self) -> None:
        plain = socket.create_connection((self.pinned, self.port), self.timeout)
        context: ssl.SSLContext = self._context  # type: ignore[attr-defined]
        self.sock = context.wrap_socket(plain, server_hostname=self.host)


def _literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _address(host: str, port: int, literal: bool) -> str:  # noqa: FBT001 - one caller
    """Resolve a host; of a name, every address must be public."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise _failed(host, str(error)) from None
    if not found or not (literal or all(_public(address) for address in found)):
        raise _forbidden(host)
    return found[0]


def _public(address: str) -> bool:
    known = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(known, "ipv4_mapped", None) or getattr(known, "sixtofour", None)
    checked: Iterable[ipaddress.IPv4Address | ipaddress.IPv6Address] = [known, *([mapped] if mapped else [])]
    return all(each.is_global and not each.is_multicast for each in checked)


def _parsed(iri: str, media: str, data: bytes) -> str:
    form = ox.RdfFormat.from_media_type(media) or ox.RdfFormat.from_extension(iri.rpartition(".")[2])
    if form is None:
        raise _failed(iri, f"Content-Type {media}")
    try:
        quads = ox.parse(input=data, format=form, base_iri=iri, rename_blank_nodes=True, without_named_graphs=True)
        return (ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    except (SyntaxError, ValueError) as error:
        raise QueryError(
            Text(f"{iri} 不是合法的 RDF：{error}", f"{iri} is no valid RDF: {error}"),
            Text("检查该文件", "check that document"),
        ) from None


def _forbidden(what: str) -> ForbiddenError:
    return ForbiddenError(
        Text(f"不允许从 {what} 读取", f"loading from {what} is not allowed"),
        Text("请运行者用 --allow-load 列出主机", "ask the operator to list the host with --allow-load"),
    )


def _failed(what: str, why: str) -> StoreError:
    return StoreError(Text(f"读取 {what} 失败：{why}", f"{what} could not be loaded: {why}"), None)
