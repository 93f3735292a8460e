"""The store: quads that answer SPARQL. The only module that touches ``pyoxigraph.Store``."""

from __future__ import annotations

import os
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyoxigraph as ox

from vetgraph import generations, querytext, refused
from vetgraph.errors import QueryError, StoreError, Text
from vetgraph.names import PREFIXES
from vetgraph.results import Answer, Solutions, Triples
from vetgraph.terms import to_term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdflib import Dataset


class Store(Protocol):
    """What every store can do, wherever it is."""

    @property
    def version(self) -> str:
        """Names the content: it changes with every build."""

    def query(  # noqa: PLR0913 - the parts of a SPARQL request
        self,
        text: str,
        substitutions: Mapping[str, Any] | None = None,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        base: str | None = None,
        prefixes: bool = True,
    ) -> Solutions | Answer | Triples:
        """Answer a SPARQL query."""

    def close(self) -> None:
        """Let go of files."""


class EmbeddedStore:
    """Oxigraph in this process, in memory or read-only from disk."""

    def __init__(
        self, native: ox.Store, *, version: str = "memory", held: int | None = None, path: Path | None = None
    ) -> None:
        """Wrap an engine's store.

        Args:
            native: The engine's store.
            version: Name of its content.
            held: Descriptor of the reader's hold of a generation on disk.
            path: Folder of the store on disk.
        """
        self._native: ox.Store | None = native
        self._release = None if held is None else weakref.finalize(self, os.close, held)
        self.version = version
        self.path = path

    @classmethod
    def of(cls, nquads: bytes) -> EmbeddedStore:
        """Make a store in memory.

        Args:
            nquads: Its content, as N-Quads.

        Returns:
            The store.
        """
        native = ox.Store()
        native.bulk_load(nquads, ox.RdfFormat.N_QUADS)
        return cls(native)

    @property
    def native(self) -> ox.Store:
        """The engine's own store."""
        if self._native is None:
            raise StoreError(
                Text("图谱库已关闭", "the store is closed"), Text("重新打开", "open it again with vetgraph.open()")
            )
        return self._native

    def __len__(self) -> int:
        return len(self.native)

    def query(  # noqa: PLR0913 - the parts of a SPARQL request
        self,
        text: str,
        substitutions: Mapping[str, Any] | None = None,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        base: str | None = None,
        prefixes: bool = True,
    ) -> Solutions | Answer | Triples:
        """Answer a SPARQL query.

        Args:
            text: The query. It may use the project's prefixes without declaring them.
            substitutions: Values of variables: pyoxigraph or rdflib terms, or Python values.
            default_graphs: IRIs of graphs that replace the default graph (and any ``FROM`` of the text).
            named_graphs: IRIs of the only graphs that ``GRAPH`` can see.
            base: Base of relative IRIs.
            prefixes: Whether the project's prefixes are known.

        Returns:
            ``Solutions`` (SELECT), ``Answer`` (ASK) or ``Triples`` (CONSTRUCT, DESCRIBE).

        Raises:
            QueryError: The query is malformed or not allowed; says where.
            StoreError: The engine failed.
        """

        def evaluate() -> Any:  # noqa: ANN401 - the engine's answers share no class
            return self.evaluate(
                text,
                substitutions,
                default_graphs=default_graphs,
                named_graphs=named_graphs,
                base=base,
                prefixes=prefixes,
            )

        native = evaluate()
        if isinstance(native, ox.QueryBoolean):
            return Answer(bool(native))
        if isinstance(native, ox.QueryTriples):
            return Triples(list(native), PREFIXES)
        return Solutions(evaluate, native)

    def evaluate(  # noqa: PLR0913 - the parts of a SPARQL request
        self,
        text: str,
        substitutions: Mapping[str, Any] | None = None,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        base: str | None = None,
        prefixes: bool = True,
    ) -> Any:  # noqa: ANN401 - the engine's answers share no class
        """Answer a query as ``query`` does, with the engine's own answer, to be read in this thread.

        Returns:
            ``QuerySolutions``, ``QueryBoolean`` or ``QueryTriples`` of pyoxigraph.

        Raises:
            QueryError: The query is malformed or not allowed; says where.
            StoreError: The engine failed.
        """
        querytext.check(text)
        options = {
            "base_iri": base,
            "prefixes": {name: iri for name, iri in PREFIXES.items() if f"{name}:" in text} if prefixes else None,
            **_dataset(default_graphs, named_graphs),
            "substitutions": {ox.Variable(k): to_term(v) for k, v in (substitutions or {}).items()} or None,
        }
        try:
            return self.native.query(querytext.with_small_booleans(text), **options)
        except SyntaxError as error:
            raise refused.malformed(text, error) from None
        except RuntimeError as error:
            raise refused.failure(error) from None
        except (OSError, ValueError) as error:
            raise StoreError(Text(f"查询失败：{error}", f"the query failed: {error}"), None) from None

    def copied(self) -> EmbeddedStore:
        """Return the same content in memory; this store is closed."""
        copy = ox.Store()
        for graph in self.native.named_graphs():
            copy.add_graph(graph)
        with tempfile.TemporaryFile() as file:
            self.native.dump(file, ox.RdfFormat.N_QUADS)
            file.seek(0)
            copy.bulk_load(file, ox.RdfFormat.N_QUADS)
        self.close()
        return EmbeddedStore(copy, version=self.version, path=self.path)

    def dump(self, path: Path, form: str) -> None:
        """Write all of the content to a file.

        Args:
            path: The file.
            form: ``nq`` or ``trig``.

        Raises:
            StoreError: The disk refuses.
        """
        try:
            if form == "nq":
                self.native.dump(str(path), ox.RdfFormat.N_QUADS)
            else:
                self.native.dump(str(path), ox.RdfFormat.TRIG, prefixes=dict(PREFIXES))
        except OSError as error:
            raise StoreError(
                Text(f"写入 {path} 失败：{error}", f"writing {path} failed: {error}"),
                Text("检查磁盘空间和权限", "check disk space and permissions"),
            ) from None

    def rdflib(self) -> Dataset:
        """Return an rdflib ``Dataset`` over this very store.

        Returns:
            The dataset. Its default graph holds every statement once.
        """
        from oxrdflib import OxigraphStore
        from rdflib import Dataset

        dataset = Dataset(store=OxigraphStore(store=self.native), default_union=False)
        for prefix, iri in PREFIXES.items():
            dataset.namespace_manager.bind(prefix, iri, override=True, replace=True)
        return dataset

    def close(self) -> None:
        """Let go of the files. A closed store answers no more."""
        self._native = None
        if self._release is not None:
            self._release()


def open_store(path: str | Path) -> EmbeddedStore:
    """Open a store on disk for reading.

    Args:
        path: Its folder.

    Returns:
        The store, at its current generation whatever is built later.

    Raises:
        StoreError: There is no store, or it is damaged.
    """
    generation, held = generations.hold(Path(path))
    try:
        native = ox.Store.read_only(str(generation))
    except OSError as error:
        os.close(held)
        raise StoreError(
            Text(f"{path} 已损坏：{error}", f"{path} is damaged: {error}"),
            Text(f"重新运行 vetgraph build -o {path}", f"build it again: vetgraph build -o {path}"),
        ) from None
    return EmbeddedStore(native, version=generation.name, held=held, path=Path(path))


def write_store(
    path: str | Path, nquads: bytes | Path, beside: Callable[[EmbeddedStore, Path], None] | None = None
) -> str:
    """Write a store's new content to disk and make it current; the old content stays whole until then.

    Args:
        path: Folder of the store.
        nquads: All of the content, as N-Quads, or the file that has it.
        beside: Called with the new content and its folder before it becomes current; may leave files there.

    Returns:
        The name of the new generation.

    Raises:
        StoreError: The folder is not ours, cannot be written, or is being written by another process.
    """
    store = Path(path)
    with generations.writing(store):
        generation = generations.new_folder(store)
        try:
            native = ox.Store(str(generation))
            if isinstance(nquads, bytes):
                native.bulk_load(nquads, ox.RdfFormat.N_QUADS)
            else:
                native.bulk_load(path=str(nquads), format=ox.RdfFormat.N_QUADS)
            native.optimize()
            native.flush()
            if beside is not None:
                written = EmbeddedStore(native, version=generation.name)
                beside(written, generation)
                written.close()
            del native
            generations.make_current(generation)
        except OSError as error:
            raise StoreError(
                Text(f"写入 {store} 失败：{error}", f"writing {store} failed: {error}"),
                Text("检查磁盘空间和权限", "check disk space and permissions"),
            ) from None
        generations.remove_old(store)
    return generation.name


def _dataset(default_graphs: Iterable[str] | None, named_graphs: Iterable[str] | None) -> dict[str, Any]:
    """Turn the protocol's dataset into the engine's: naming either kind of graph replaces the whole dataset."""
    if not default_graphs and not named_graphs:
        return {}
    try:
        return {
            "default_graph": [ox.NamedNode(iri) for iri in default_graphs or ()],
            "named_graphs": [ox.NamedNode(iri) for iri in named_graphs or ()],
        }
    except ValueError as error:
        raise QueryError(
            Text(f"图的名称不是 IRI：{error}", f"the name of a graph is no IRI: {error}"),
            Text("写完整的 IRI", "write a full IRI"),
        ) from None
