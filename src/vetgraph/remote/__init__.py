"""Any SPARQL 1.1 service as a store, for users who outgrow one machine.

A service whose default graph is the union of its named graphs, and that repeats a statement for each graph that holds
it, gets our default graph as a graph of its own, ``STATEMENTS``; whoever asks it finds that out by looking.
"""

from __future__ import annotations

import functools
import json
import re
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pyoxigraph as ox

from vetgraph import querytext
from vetgraph.errors import StoreError, Text, UsageError
from vetgraph.names import BASE, PREFIXES
from vetgraph.remote.endpoint import Connection, Endpoint
from vetgraph.remote.widths import narrowed
from vetgraph.results import Answer, Solutions, Triples, answer_of, triples_of
from vetgraph.substitution import compare_graphs, substitute
from vetgraph.terms import to_term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import httpx

    from vetgraph.results import Row

__all__ = ["BUILD", "STATEMENTS", "Endpoint", "RemoteStore"]

STATEMENTS = f"{BASE}graph/statements"
"""Graph that holds each statement once, in a service that has no default graph to hold them."""

BUILD = f"{BASE}graph/build"
"""Graph that holds the name of the content."""

MOST_NAMED = 500
"""How many graphs a request names at most; Virtuoso gives the names back in the head of its answer."""

_LISTED_FOR = 10.0
_WIDE = "甲"
"""What `text.rq` asks for; a service that mixes up narrow and wide text answers a question mark."""

_RESULTS = "application/sparql-results+json"
_GRAPH = "application/n-triples, text/turtle;q=0.9"
_APART = frozenset({STATEMENTS, BUILD})


@functools.cache
def text_of(name: str) -> str:
    """Return a query that this package asks.

    Args:
        name: Name of its file, without ``.rq``.

    Returns:
        The query.
    """
    return (Path(__file__).parent / f"{name}.rq").read_text(encoding="utf-8")


class RemoteStore:
    """A store behind a SPARQL 1.1 service.

    Attributes:
        path: There is no folder.
    """

    path: Path | None = None

    def __init__(self, endpoint: Endpoint, *, plain: bool = False, most_named: int = MOST_NAMED) -> None:
        """Reach a service.

        Args:
            endpoint: Where it is.
            plain: Whether to take the service's default graph as it is, even where ``STATEMENTS`` holds ours.
            most_named: How many graphs a request may name.

        Raises:
            StoreError: It cannot be reached, or does not answer as SPARQL services do.
        """
        self.connection = Connection(endpoint)
        self._most_named = most_named
        self._listed: tuple[float, list[str]] | None = None
        self._mixes_widths = False
        try:
            (sent,) = self.rows("text")
            self._mixes_widths = sent["text"] != _WIDE
            held = self._send(text_of("holds"), named=[STATEMENTS])
        except BaseException:
            self.close()
            raise
        self._default = (STATEMENTS,) if held and not plain else ()

    @property
    def version(self) -> str:
        """Name of the content, asked for each time; a new one each time where no build of ours has left one."""
        names = [str(row["version"]) for row in self.rows("version", named=[BUILD])]
        return names[0] if len(names) == 1 else f"unknown-{secrets.token_hex(8)}"

    def __len__(self) -> int:
        """Count as an embedded store does: the default graph, and the named graphs of this project."""
        named = [row for row in self.rows("sizes") if _is_ours(str(row["graph"]))]
        return sum(int(str(row["n"])) for row in [*self.rows("size", default=self._default), *named])

    def graphs(self) -> list[str]:
        """Return the names of the graphs that hold this project's data, sorted; a service may hold other graphs too."""
        return sorted(filter(_is_ours, {str(row["graph"]) for row in self.rows("graphs")}))

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
            QueryError: The query is malformed or not allowed.
            StoreError: The service failed.
        """
        querytext.check(text)
        asked = substitute(text, {name: to_term(value) for name, value in (substitutions or {}).items()})
        default, named = default_graphs or (), named_graphs or ()
        words = querytext.words(asked)
        hidden: frozenset[str] = frozenset()
        if self._default and not default and not named and "from" not in words:
            default = self._default
            if "graph" in words:
                named = self._named()
                if not named:
                    asked, hidden = compare_graphs(asked)
        return self._send(_prologue(asked, base, known=prefixes) + asked, default, named, hidden)

    def _named(self) -> Sequence[str]:
        """Return the graphs to name in a request: ours, or none where they are too many."""
        now = time.monotonic()
        if self._listed is None or now > self._listed[0]:
            self._listed = now + _LISTED_FOR, self.graphs()
        return self._listed[1] if len(self._listed[1]) <= self._most_named else ()

    def _send(
        self,
        text: str,
        default: Sequence[str] = (),
        named: Sequence[str] = (),
        hidden: frozenset[str] = frozenset(),
    ) -> Solutions | Answer | Triples:
        """Send a query as it is."""
        marks: dict[str, str] = {}
        if self._mixes_widths and not text.isascii():
            text, marks = narrowed(text)
        fields = {"query": text, "default-graph-uri": list(default), "named-graph-uri": list(named)}
        forms = {"select", "ask", "construct", "describe"}
        form = next((word for word in querytext.words(text) if word in forms), "select")
        response = self.connection.query(fields, _RESULTS if form in {"select", "ask"} else _GRAPH)
        return _read(response, marks, hidden)

    def quads(self) -> Iterator[tuple[str, str, str, str]]:
        """Give the statements of this project's graphs, as N-Quads terms.

        Yields:
            Subject, predicate, object and graph.

        Raises:
            StoreError: The service fails, or gives only a part of a graph.
        """
        for name in self.graphs():
            yield from ((s, p, o, f"<{name}>") for s, p, o in self._triples(name))

    def _triples(self, graph: str) -> Iterator[tuple[str, str, str]]:
        if self.connection.endpoint.gsp_url is not None:
            content = self.connection.graph("GET", graph) or b""
            for quad in ox.parse(input=content, format=ox.RdfFormat.N_TRIPLES):
                yield str(quad.subject), str(quad.predicate), str(quad.object)
            return
        for row in self.rows("statements", {"graph": ox.NamedNode(graph)}):
            yield str(row.term("s")), str(row.term("p")), str(row.term("o"))

    def rows(
        self,
        name: str,
        values: Mapping[str, Any] | None = None,
        *,
        default: Sequence[str] = (),
        named: Sequence[str] = (),
    ) -> list[Row]:
        """Ask a query of this package, of the service's own dataset if no other is given.

        Args:
            name: Name of its file, without ``.rq``.
            values: Terms for its variables.
            default: IRIs of graphs that make up the default graph.
            named: IRIs of the only graphs that ``GRAPH`` can see.

        Returns:
            Its rows.
        """
        found = self._send(substitute(text_of(name), values or {}), default, named)
        if not isinstance(found, Solutions):
            raise TypeError(f"{name}.rq is no SELECT")
        return found.rows()

    def rdflib(self) -> NoReturn:
        """Refuse: rdflib has its own way to a service.

        Raises:
            UsageError: Always.
        """
        raise UsageError(
            Text("rdflib() 只用于本机的图谱库", "rdflib() is for stores on this machine"),
            Text(
                "用 rdflib 的 SPARQLStore 连接这个服务，或用 query()",
                "reach the service by rdflib's SPARQLStore, or use query()",
            ),
        )

    def close(self) -> None:
        """Close the connections."""
        self.connection.close()


def _is_ours(graph: str) -> bool:
    return graph.startswith(BASE) and graph not in _APART


def _prologue(text: str, base: str | None, *, known: bool) -> str:
    """Return the declarations of the project's prefixes that a text uses and does not make, in one line."""
    used: dict[str, None] = {}
    declared: set[str] = set()
    before = ""
    for token in querytext.tokens(text):
        if token.lastgroup == "name":
            prefix = token.group().partition(":")[0]
            (declared.add if before == "prefix" else lambda name: used.setdefault(name, None))(prefix)
        before = token.group().lower()
    lines = [f"BASE {ox.NamedNode(base)} "] if base else []
    if known:
        lines += [f"PREFIX {name}: <{PREFIXES[name]}> " for name in used if name in PREFIXES and name not in declared]
    return "".join(lines)


def _read(response: httpx.Response, marks: Mapping[str, str], hidden: frozenset[str]) -> Solutions | Answer | Triples:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind in {_RESULTS, "application/json"}:
            found = answer_of(_mended(response.content, marks, hidden))
            if isinstance(found, Solutions):
                _refuse_part(response, len(found))
            return found
        return triples_of(response.content, kind, PREFIXES)
    except ValueError:
        said = Text(f"格式 {kind or '不明'}", f"the format {kind or 'is unknown'}")
    except SyntaxError as error:
        said = Text(f"{error}", f"{error}")
    raise StoreError(
        Text(f"{response.url} 的回答读不懂：{said.zh}", f"the answer of {response.url} cannot be read: {said.en}"),
        Text("检查这是不是 SPARQL 查询的地址", "check that this is the address of SPARQL queries"),
    )


def _refuse_part(response: httpx.Response, rows: int) -> None:
    """A service that cuts answers off says at how many rows (Virtuoso)."""
    most = response.headers.get("x-sparql-maxrows", "")
    if most.isdecimal() and rows >= int(most):
        raise StoreError(
            Text(f"服务只给前 {most} 行", f"the service gives only the first {most} rows"),
            Text("加上 LIMIT 和 OFFSET，或调高它的上限", "use LIMIT and OFFSET, or raise its limit"),
        )


def _mended(content: bytes, marks: Mapping[str, str], hidden: frozenset[str]) -> bytes:
    """Put separators back, leave out our own variables, and give blank nodes labels that RDF allows.

    ``nodeID://b1`` is Virtuoso's.
    """
    if b'"bnode"' not in content and not marks and not hidden:
        return content
    separators = str.maketrans(dict(marks))
    try:
        document = json.loads(content)
        document["head"]["vars"] = [name for name in document["head"]["vars"] if name not in hidden]
        for row in document["results"]["bindings"]:
            for name in hidden & row.keys():
                del row[name]
            for term in row.values():
                if term["type"] == "bnode":
                    term["value"] = "b" + re.sub(r"\W", "_", term["value"], flags=re.ASCII)
                else:
                    term["value"] = term["value"].translate(separators)
    except (ValueError, KeyError, TypeError, AttributeError):
        return content  # the reader says what is wrong
    return json.dumps(document).encode()
