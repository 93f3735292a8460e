"""The store: quads that answer SPARQL. The only module that touches ``pyoxigraph.Store``."""

from __future__ import annotations

import difflib
import os
import re
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyoxigraph as ox

from vetgraph import generations, querytext
from vetgraph.errors import QueryError, StoreError, Text, UnsupportedError
from vetgraph.names import PREFIXES
from vetgraph.results import Answer, Solutions, Triples
from vetgraph.terms import to_term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdflib import Dataset

_PLACE = re.compile(r"^error at (\d+):(\d+): (.*)$", re.DOTALL)
_UPDATE = frozenset({"insert", "delete", "load", "clear", "create", "drop", "copy", "move", "add", "with"})
_FORMS = frozenset({"select", "ask", "construct", "describe"})
_SHOWN = 6
_ACCIDENTAL = frozenset({"ENCODE_FOR_URI", "OPTIONAL", "LATERAL", "SERVICE", "CONSTRUCT", ""})


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
            raise explain(text, error) from None
        except RuntimeError as error:
            raise _explain_failure(error) from None
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
        return EmbeddedStore(copy, version=self.version)

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


def explain(text: str, error: SyntaxError, *, updating: bool = False) -> QueryError:
    """Say what is wrong with a query or an update in one line, and where.

    Args:
        text: The query or update.
        error: What the engine's parser says.
        updating: Whether it is an update.

    Returns:
        The error to raise.
    """
    match = _PLACE.match(str(error))
    if match is None:
        return QueryError(Text(f"查询有误：{error}", f"the query is malformed: {error}"), None)
    if not text.strip():
        return QueryError(
            Text("查询是空的", "the query is empty"),
            Text("写一个 SELECT 查询", "write a query, such as SELECT * { ?s ?p ?o }"),
        )
    line, column, reason = int(match[1]), int(match[2]), match[3]
    words = querytext.words(text)
    verb = next((word for word in words if word in _UPDATE | _FORMS), "")
    if verb in _UPDATE and not updating:
        message = Text(
            f"这里只能查询，不能更新（{verb.upper()}）", f"only queries are answered here, not {verb.upper()}"
        )
        fix = Text("用 SELECT、ASK、CONSTRUCT 或 DESCRIBE", "write a SELECT, ASK, CONSTRUCT or DESCRIBE query")
    elif "Prefix not found" in reason:
        message, fix = _unknown_prefix(text, line, column)
    else:
        message, fix = _syntax(reason, line, column)
    return QueryError(message, fix, line=line, column=column, excerpt=querytext.excerpt(text, line, column))


def _unknown_prefix(text: str, line: int, column: int) -> tuple[Text, Text]:
    before = text.splitlines()[line - 1][: column - 1]
    found = re.search(r"([\w.-]*):[\w.%-]*$", before)
    name = found[1] if found else ""
    close = difflib.get_close_matches(name, PREFIXES, n=1)
    known = ", ".join(f"{prefix}:" for prefix in close or ("vetg", "skos", "org"))
    return (
        Text(f"没有声明前缀 {name}:", f"the prefix {name}: is not declared"),
        Text(f"加上 PREFIX {name}: <…>，或用已知的 {known}", f"add PREFIX {name}: <…>, or use a known one: {known}"),
    )


def _syntax(reason: str, line: int, column: int) -> tuple[Text, Text]:
    """Say what the parser expected; drop its character classes and the keywords that it names by accident."""
    listed = re.sub(r"\['(?:[^\]\\]|\\.)*\](?:\s*\|[^,]*)?|\[_\]", "", reason.removeprefix("expected "))
    items = [item.strip(" ,") for item in listed.removeprefix("one of ").replace("\n", " ").split(", ")]
    items = [item for item in items if item not in _ACCIDENTAL and not item.startswith(("|", "'\\u", "\\u"))]
    told = next((item for item in items if re.match(r"[A-Z][\w']* \w+ ", item)), None)
    if told is not None:  # the parser's own sentence
        return (
            Text(f"第 {line} 行第 {column} 列：{told}", f"line {line}, column {column}: {told}"),
            Text("改正标记处之前的部分", "mend what stands before the mark"),
        )
    shown = ", ".join(items[:_SHOWN]) + (" …" if len(items) > _SHOWN else "")
    return (
        Text(f"第 {line} 行第 {column} 列有语法错误", f"syntax error at line {line}, column {column}"),
        Text(
            f"看标记处之前；此处可以是 {shown}" if shown else "看标记处之前",
            f"look just before the mark; here could stand {shown}" if shown else "look just before the mark",
        ),
    )


_FUNCTION = re.compile(r"custom function <([^>]+)> is not supported")


def _explain_failure(error: RuntimeError) -> QueryError | StoreError | UnsupportedError:
    function = _FUNCTION.search(str(error))
    if function is not None:
        return UnsupportedError(
            Text(f"没有函数 <{function[1]}>", f"there is no function <{function[1]}>"),
            Text("用 SPARQL 1.1 自带的函数", "use the functions of SPARQL 1.1"),
        )
    found = re.search(r"variable \?(\w+) in its SELECT", str(error))
    if found is None:
        return StoreError(Text(f"查询失败：{error}", f"the query failed: {error}"), None)
    name = found[1]
    return QueryError(
        Text(
            f"给了 ?{name} 的值，但查询的 SELECT 里没有它",
            f"a value is given for ?{name}, but the query does not select it",
        ),
        Text(f"在 SELECT 后加上 ?{name}", f"add ?{name} after SELECT"),
    )
