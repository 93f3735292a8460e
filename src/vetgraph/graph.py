"""The library's face: a graph that answers queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from vetgraph import queries, search
from vetgraph.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    import networkx as nx
    from rdflib import Dataset

    from vetgraph.linking import Entry, Kind, Link
    from vetgraph.linking.task import Linked
    from vetgraph.remote import RemoteStore
    from vetgraph.results import Answer, Solutions, Triples
    from vetgraph.store import EmbeddedStore


class VetGraph:
    """A graph of reports. Use it in a ``with`` statement, or call ``close()``."""

    def __init__(self, store: EmbeddedStore | RemoteStore) -> None:
        """Put a face on a store.

        Args:
            store: The store.
        """
        self.store = store
        self._indexes: search.Indexes | None = None

    def query(self, text: str, values: Mapping[str, Any] | None = None) -> Solutions | Answer | Triples:
        """Answer a SPARQL query; the project's prefixes need no declaration.

        Args:
            text: The query.
            values: Values of variables that the query selects: Python values, pyoxigraph or rdflib terms.

        Returns:
            Rows, a yes or no, or triples.

        Raises:
            QueryError: The query is malformed or not allowed.
        """
        return self.store.query(text, values)

    def run(self, name: str, /, **params: Any) -> Solutions | Answer | Triples:  # noqa: ANN401 - text or numbers
        """Run a named query.

        Args:
            name: Its name; ``queries()`` lists them.
            **params: Values of its parameters.

        Returns:
            Its answer.

        Raises:
            UsageError: No such query or parameter, or a value is missing or wrong.
        """
        return queries.run(self.store, name, params)

    def queries(self) -> tuple[queries.Query, ...]:
        """Return the named queries, each with title, description and parameters."""
        return tuple(queries.catalogue().values())

    def network(
        self,
        name: str,
        /,
        *,
        directed: bool = False,
        reports: Collection[str] = (),
        **params: Any,  # noqa: ANN401 - text or numbers
    ) -> nx.MultiGraph[str]:
        """Return a network as a networkx graph, ready to analyse.

        Args:
            name: Name of a network (``networks()`` lists them), or a SELECT with ``?source`` and ``?target``.
            directed: Whether a tie of a query of your own leads from its source to its target.
            reports: Keys of reports: only what their passages say is taken; all where there are none.
            **params: Values of the query's parameters.

        Returns:
            A ``MultiDiGraph`` where ties have a direction, else a ``MultiGraph``; nodes are IRIs with labels, kind,
            ownership and level, ties have relation, weight and the passages that prove them.

        Raises:
            UsageError: There is no such network, or the query is none.
        """
        from vetgraph import networks

        if name in networks.catalogue() or name.replace("-", "").isalnum():
            asked = networks.get(name)
        else:
            own = networks.of_query(queries.parse("query", name))
            asked = networks.NetworkQuery(own.query, own.directed or directed, own.modes, own.affinity)
        return networks.build(self.store, asked, params, reports).graph()

    def networks(self) -> tuple[str, ...]:
        """Return the names of the named networks."""
        from vetgraph import networks

        return tuple(networks.catalogue())

    def search(
        self,
        typed: str = "",
        narrowed: Mapping[str, str | Sequence[str]] | None = None,
        *,
        limit: int = 20,
        offset: int = 0,
    ) -> search.Found:
        """Find things by name, alias, pinyin or initials, also with a typing error.

        Args:
            typed: What is looked for; nothing finds everything that has a name.
            narrowed: Values of ``kind``, ``ownership``, ``level``, ``title``, ``group``, ``dataset``: one key or
                several, of which one must be there, as ``{"kind": "Programme"}``.
            limit: How many results are wanted.
            offset: How many of the best are left out.

        Returns:
            Results, the best first, each with the name that matched and why; and what they can be narrowed by.

        Raises:
            UsageError: What was typed is too long, or there is no such value.
        """
        if self._indexes is None:
            self._indexes = search.Indexes(self.store, getattr(self.store, "path", None))
        chosen = {facet: [given] if isinstance(given, str) else given for facet, given in (narrowed or {}).items()}
        return self._indexes.current().search(typed, chosen, limit=limit, offset=offset)

    def link(
        self,
        names: Iterable[str | Entry],
        *,
        kind: Kind = "institution",
        one_to_one: bool = False,
    ) -> list[Link]:
        """Find which things of the graph names mean.

        Args:
            names: Names, or entries with what else is known of each.
            kind: What they name: ``institution``, ``programme``, ``region`` or ``competition``.
            one_to_one: Whether no two names may mean the same thing.

        Returns:
            For each its decision and candidates, each with confidence and evidence, in the same order.
        """
        from vetgraph.linking import Entry, Matcher, entries_of

        listed = [Entry.of(name, kind=kind) if isinstance(name, str) else name for name in names]
        return Matcher(entries_of(self.store, kind), kind=kind).link(listed, one_to_one=one_to_one)

    def link_list(self, source: str, column: str, **options: Any) -> Linked:  # noqa: ANN401 - as link_list() says
        """Link a list: a CSV file, a workbook, or the key of a list.

        Args:
            source: The list.
            column: The column of the names.
            **options: ``region``, ``codes``, ``ownership``, ``id``: columns; ``kind``, ``to``, ``to_columns``,
                ``one_to_one``, ``decided``, ``progress`` as `vetgraph.linking.task.link_list` takes them.

        Returns:
            The links; ``.sssom()`` gives them as SSSOM TSV.

        Raises:
            UsageError: There is no such list.
            DataError: It cannot be read, or a column is missing.
        """
        from vetgraph.linking.listing import Columns
        from vetgraph.linking.task import link_list

        told = {name: options.pop(name) for name in ("region", "codes", "ownership", "level", "id") if name in options}
        return link_list(source, Columns(column, **told), store=self.store, **options)

    def rdflib(self) -> Dataset:
        """Return an rdflib ``Dataset`` over the same store.

        Raises:
            UsageError: The store is behind a service.
        """
        return self.store.rdflib()

    def __len__(self) -> int:
        return len(self.store)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store's files."""
        if self._indexes is not None:
            self._indexes.close()
        self.store.close()


def open_graph(path: str | Path = "store") -> VetGraph:
    """Open a store for reading.

    Args:
        path: Its folder, made by ``vetgraph build``, or the address of a SPARQL service.

    Returns:
        The graph.

    Raises:
        StoreError: There is no store.
    """
    return VetGraph(open_store(path))
