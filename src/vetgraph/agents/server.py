"""The tools over the Model Context Protocol, by its official SDK; queries are answered by workers within a budget."""

from __future__ import annotations

import contextlib
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from vetgraph.agents.answers import CITING, ROWS, Answers
from vetgraph.errors import QueryError, VetgraphError
from vetgraph.opening import is_address
from vetgraph.search import Indexes
from vetgraph.workers.budget import Budget
from vetgraph.workers.pool import Pool, PoolSettings
from vetgraph.workers.pooled import PooledStore
from vetgraph.workers.relay import Relay

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

_T = TypeVar("_T")

INSTRUCTIONS = (
    "A graph of yearly quality reports on Chinese secondary vocational education: schools, programmes, groups, titles, "
    "competitions, prizes, figures. Names are Chinese; search takes Chinese, English, pinyin and initials. "
    "Begin with search or list_queries; use schema before you write SPARQL. "
    "Answers name the passages that state a fact: cite them (report, section, lines). " + CITING
)

_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Limit = Annotated[int, Field(ge=1, le=ROWS, description="Rows to show; total tells how many there are.")]


def make(
    store: str, *, lang: str = "zh", messages: str = "en", seconds: float = 10.0, rows: int = 100_000
) -> MCPServer[Any]:
    """Make the server of a store.

    Args:
        store: Folder of the store, or address of a SPARQL service.
        lang: Language of names, ``zh`` or ``en``.
        messages: Language of errors.
        seconds: Time that a query may take.
        rows: Rows that a query may have.

    Returns:
        The server; ``run()`` talks over standard input and output.
    """
    remote = is_address(store)
    settings = PoolSettings(
        Path(store), size=1, budget=Budget(seconds=seconds, rows=rows), address=store if remote else ""
    )
    state: dict[str, Answers] = {}

    @contextlib.asynccontextmanager
    async def lifespan(_server: MCPServer[Any]) -> AsyncIterator[dict[str, Answers]]:
        pool = Relay(settings) if remote else Pool(settings)
        await pool.start()
        pooled = PooledStore(pool)
        indexes = Indexes(pooled, store, apart=True)
        state["answers"] = Answers(pooled, indexes, lang)
        try:
            yield state
        finally:
            indexes.close()
            await pool.close()

    server: MCPServer[Any] = MCPServer(
        "vetgraph", instructions=INSTRUCTIONS, version=version("vetgraph"), lifespan=lifespan, log_level="WARNING"
    )
    _add(server, lambda: state["answers"], messages)
    return server


def _add(server: MCPServer[Any], answers: Callable[[], Answers], lang: str) -> None:
    """Give the server its tools."""

    def told(answer: Callable[[], _T]) -> _T:
        try:
            return answer()
        except VetgraphError as error:
            raise ToolError(_complaint(error, lang)) from None

    @server.tool(annotations=_READS)
    def search(
        text: Annotated[str, Field(description="A name or a part of it, an alias, English, pinyin or initials (xckj)")],
        kind: Annotated[str, Field(description="Only things of this class, as SecondarySchool")] = "",
        limit: Annotated[int, Field(ge=1, le=50)] = 10,
    ) -> dict[str, Any]:
        """Find schools, programmes, bodies, regions, competitions and more by name; typing errors are forgiven."""
        return told(lambda: answers().search(text, kind, limit))

    @server.tool(annotations=_READS)
    def describe(
        thing: Annotated[str, Field(description="Identifier (id:school/xuchang-keji), IRI, or exact name")],
    ) -> dict[str, Any]:
        """Tell what the graph says of a thing, each value with the passages that state it; of a passage its content."""
        return told(lambda: answers().describe(thing))

    @server.tool(annotations=_READS)
    def query(
        sparql: Annotated[str, Field(description="SPARQL 1.1; prefixes vetg, skos, org, qb, … need no declaration")],
        limit: Limit = 50,
    ) -> dict[str, Any]:
        """Run a SPARQL query within a budget. Select ?passage with GRAPH ?passage { … } to have citations."""
        return told(lambda: answers().query(sparql, limit))

    @server.tool(annotations=_READS)
    def list_queries(
        about: Annotated[str, Field(description="A word of name, title or description; empty for all")] = "",
    ) -> dict[str, Any]:
        """List the named queries: questions with parameters that are ready to run."""
        return told(lambda: answers().queries(about))

    @server.tool(annotations=_READS)
    def run_query(
        name: Annotated[str, Field(description="Name of a query, from list_queries")],
        parameters: Annotated[dict[str, str | int], Field(description="Values by parameter")] | None = None,
        limit: Limit = 50,
    ) -> dict[str, Any]:
        """Run a named query; the answer holds its SPARQL too."""
        return told(lambda: answers().run(name, parameters, limit))

    @server.tool(annotations=_READS)
    def schema(
        kind: Annotated[str, Field(description="A class, as SecondarySchool or qb:Observation; empty for all")] = "",
    ) -> dict[str, Any]:
        """Tell the classes and prefixes, and how facts are cited; or the properties of one class, with examples."""
        return told(lambda: answers().schema(kind))


def _complaint(error: VetgraphError, lang: str) -> str:
    parts = [error.message.get(lang)]
    if isinstance(error, QueryError) and error.excerpt:
        parts.append(error.excerpt)
    if error.fix is not None and error.fix.get(lang):
        parts.append(f"{'改法' if lang == 'zh' else 'fix'}: {error.fix.get(lang)}")
    return "\n".join(parts)
