"""``vetgraph network`` and ``vetgraph export``: measure a network, and write one, or the graph itself, to a file."""

from __future__ import annotations

from pathlib import Path

import click

from vetgraph.cli.talking import language, language_option, say, store_option, write
from vetgraph.errors import Text, UsageError

_GRAPHS = ("nq", "trig")

_what = click.argument("what", required=False, metavar="[NAME | SPARQL]")
_file = click.option("-f", "--file", "file", help="Read the query from a file (- for standard input).")
_params = click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="Value of a parameter.")
_directed = click.option("--directed", is_flag=True, help="A tie of this query leads from ?source to ?target.")


@click.command()
@_what
@_file
@_params
@_directed
@click.option("--format", "style", type=click.Choice(["table", "json", "csv", "xlsx"]), help="Format of the figures.")
@click.option("-o", "--output", help="Write here instead of to standard output.")
@click.option("--list", "listing", is_flag=True, help="List the named networks.")
@store_option
@language_option
def network(  # noqa: PLR0913, PLR0917 - one for each option
    what: str | None,
    file: str | None,
    params: tuple[str, ...],
    style: str | None,
    output: str | None,
    store: str,
    *,
    directed: bool,
    listing: bool,
) -> None:
    """Measure a network: a named one, or any SELECT with ?source and ?target."""
    from vetgraph import export, measuring

    lang = language()
    if listing:
        write(measuring.listing(lang).encode(), output)
        return
    found = measuring.ask(store, what, file, params, directed=directed)
    style = style or (Path(output).suffix.lstrip(".") if output else "table")
    if style == "table":
        write(measuring.table(found, lang).encode(), output)
    else:
        write(export.write(found, {"csv": "nodes.csv"}.get(style, style), lang), output)


@click.group(name="export")
def exporting() -> None:
    """Write a network, or the whole graph, to a file for another program."""


@exporting.command(name="network")
@_what
@_file
@_params
@_directed
@click.option("--format", "form", help="Format [default: by the ending of the file].")
@click.option("-o", "--output", required=True, help="The file, as groups.gexf.")
@store_option
@language_option
def export_network(  # noqa: PLR0913, PLR0917 - one for each option
    what: str | None,
    file: str | None,
    params: tuple[str, ...],
    form: str | None,
    output: str,
    store: str,
    *,
    directed: bool,
) -> None:
    """Write a network: gexf, graphml, cyjs, json, net, dot, edges.csv, nodes.csv, xlsx or svg."""
    from vetgraph import export, measuring

    name = Path(output).name
    form = form or next((known for known in export.FORMS if name.endswith(f".{known}")), Path(name).suffix.lstrip("."))
    found = measuring.ask(store, what, file, params, directed=directed)
    write(export.write(found, form, language()), output)
    nodes, ties = len(found.nodes), len(found.ties)
    say(Text(f"{output}：{nodes} 个节点，{ties} 条边", f"{output}: {nodes} nodes, {ties} ties"))


@exporting.command(name="graph")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The file, .nq or .trig.")
@store_option
@language_option
def export_graph(output: Path, store: str) -> None:
    """Write the whole graph with its named graphs: .nq or .trig."""
    from vetgraph.opening import open_store
    from vetgraph.store import EmbeddedStore

    form = output.suffix.lstrip(".")
    opened = open_store(store)
    try:
        if form not in _GRAPHS or not isinstance(opened, EmbeddedStore):
            raise UsageError(
                Text(
                    "图写成 .nq 或 .trig，且只写本机的图谱库",
                    "a graph goes to .nq or .trig, from a store on this machine",
                ),
                Text("如 -o graph.trig", "as -o graph.trig"),
            )
        opened.dump(output, form)
    finally:
        opened.close()
