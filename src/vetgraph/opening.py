"""A store by where it is: a folder on this machine, or the address of a SPARQL service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from vetgraph import names, store
from vetgraph.store import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from vetgraph.remote import RemoteStore

_VOCABULARY = frozenset({f"<{names.ONTOLOGY}>", f"<{names.CODES}>"})


def is_address(where: str | Path) -> bool:
    """Tell the address of a service from a folder.

    Args:
        where: The one or the other.

    Returns:
        Whether it is an address.
    """
    return isinstance(where, str) and where.lower().startswith(("http://", "https://"))


def open_store(where: str | Path) -> EmbeddedStore | RemoteStore:
    """Open a store for reading.

    Args:
        where: Its folder, or the address where a service takes queries; credentials and the service's other addresses
            are taken from the environment (``VETGRAPH_STORE_USER``, ``VETGRAPH_GSP_URL`` and so on).

    Returns:
        The store.

    Raises:
        StoreError: There is no store, or the service cannot be reached.
        UsageError: The address is malformed.
    """
    if not is_address(where):
        return store.open_store(where)
    from vetgraph.remote import Endpoint, RemoteStore

    return RemoteStore(Endpoint.from_environment(str(where)))


def write_store(
    where: str | Path,
    nquads: bytes,
    *,
    update_url: str | None = None,
    gsp_url: str | None = None,
    beside: Callable[[EmbeddedStore, Path], None] | None = None,
) -> str:
    """Make this the content of a store.

    Args:
        where: Its folder, or the address where a service takes queries.
        nquads: All of the content, as N-Quads.
        update_url: Where the service takes updates.
        gsp_url: Where the service takes whole graphs.
        beside: Called with the new content and its folder before it becomes current; not where it is a service.

    Returns:
        The name of the new content.

    Raises:
        StoreError: It cannot be written.
        UsageError: The service has no address to write to.
    """
    if not is_address(where):
        return store.write_store(where, nquads, beside)
    from vetgraph.remote import Endpoint
    from vetgraph.remote.publishing import write_remote

    return write_remote(Endpoint.from_environment(str(where), update_url, gsp_url), nquads)


def dump(opened: EmbeddedStore | RemoteStore, path: Path, form: str) -> None:
    """Write all of the content of a store to a file: its named graphs, and the default graph with each statement once.

    Args:
        opened: The store; what is behind a service is read into memory first, and only this project's graphs are.
        path: The file.
        form: ``nq`` or ``trig``.

    Raises:
        StoreError: The disk refuses, or the service fails.
    """
    if isinstance(opened, EmbeddedStore):
        opened.dump(path, form)
        return
    named = [" ".join(quad) for quad in opened.quads()]
    once = dict.fromkeys(line.rpartition(" ")[0] for line in named)
    EmbeddedStore.of("".join(f"{line} .\n" for line in (*named, *once)).encode()).dump(path, form)


def facts(opened: EmbeddedStore | RemoteStore) -> Iterator[tuple[str, str, str, str]]:
    """Give what is stated in the named graphs of a store, without ontology and code lists.

    Args:
        opened: The store.

    Yields:
        Subject, predicate, object and graph as N-Quads terms.
    """
    found = _embedded(opened) if isinstance(opened, EmbeddedStore) else opened.quads()
    return (quad for quad in found if quad[3] not in _VOCABULARY)


def _embedded(opened: EmbeddedStore) -> Iterator[tuple[str, str, str, str]]:
    for quad in opened.native:
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            yield str(quad.subject), str(quad.predicate), str(quad.object), str(quad.graph_name)
