"""``vetgraph mcp``: serve the graph to agents over the Model Context Protocol."""

from __future__ import annotations

import click

from vetgraph.cli.talking import language, language_option, say, store_option
from vetgraph.errors import Text, UsageError


@click.command("mcp")
@store_option
@click.option(
    "--names", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of names in answers."
)
@click.option(
    "--timeout", default=10.0, show_default=True, type=click.FloatRange(0.1), help="Seconds a query may take."
)
@click.option("--max-rows", default=100_000, show_default=True, type=click.IntRange(1), help="Rows of an answer.")
@click.option("--http", "port", type=click.IntRange(1, 65535), help="Listen at this port (Streamable HTTP, /mcp).")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at, with --http.")
@language_option
def mcp(store: str, names: str, timeout: float, max_rows: int, port: int | None, host: str) -> None:  # noqa: PLR0913, PLR0917 - one for each option
    """Serve a store to agents (Model Context Protocol): by default over standard input and output."""
    from vetgraph.opening import open_store

    open_store(store).close()  # so that a wrong path is told at once
    try:
        import mcp as _  # noqa: F401 - only whether it is there
    except ImportError:
        raise UsageError(
            Text("没有安装 MCP 的 SDK", "the SDK of MCP is not installed"),
            Text("pip install 'vetgraph[mcp]'", "pip install 'vetgraph[mcp]'"),
        ) from None
    from vetgraph.agents.server import make

    server = make(store, lang=names, messages=language(), seconds=timeout, rows=max_rows)
    if port is None:
        server.run()
    else:
        say(Text(f"正在服务：http://{host}:{port}/mcp", f"serving http://{host}:{port}/mcp"))
        server.run("streamable-http", host=host, port=port)
