"""``vetgraph network`` and ``vetgraph export``: measure a network, and write one, or the graph itself, to a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from vetgraph.cli.progress import shown
from vetgraph.cli.talking import language, language_option, room, say, store_option, write
from vetgraph.errors import Text, UsageError

if TYPE_CHECKING:
    from vetgraph.networks.building import Network

_GRAPHS = ("nq", "trig")
_FIGURES = ("table", "json", "csv", "xlsx")
_C = TypeVar("_C", bound=Callable[..., Any])


def _wanted(command: _C) -> _C:
    """Give a command the arguments that say which network is meant."""
    for option in (
        language_option,
        store_option,
        click.option("--project", type=click.Choice(["source", "target"]), help="Tie the nodes of this mode."),
        click.option("--report", "reports", multiple=True, metavar="KEY", help="Take only what this report says."),
        click.option("--directed", is_flag=True, help="A tie of this query leads from ?source to ?target."),
        click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="Value of a parameter."),
        click.option("-f", "--file", "file", help="Read the query from a file (- for standard input)."),
        click.argument("what", required=False, metavar="[NAME | SPARQL]"),
    ):
        command = option(command)
    return command


@click.command()
@_wanted
@click.option("--against", metavar="STORE | FILE.json", help="Compare with that of another store, or a saved one.")
@click.option("--against-report", "others", multiple=True, metavar="KEY", help="Compare with what this report says.")
@click.option("--format", "style", type=click.Choice(_FIGURES), help="Format of the figures.")
@click.option("-o", "--output", help="Write here instead of to standard output.")
@click.option("--list", "listing", is_flag=True, help="List the named networks, and what each figure means.")
def network(
    against: str | None,
    others: tuple[str, ...],
    style: str | None,
    output: str | None,
    *,
    listing: bool,
    **asked: Any,  # noqa: ANN401 - the options of _wanted
) -> None:
    """Measure a network, a named one or any SELECT with ?source and ?target; or compare it with another."""
    from vetgraph import measuring

    lang = language()
    if listing:
        write(measuring.listing(lang).encode(), output)
        return
    style = style or (Path(output).suffix.lstrip(".").lower() if output not in {None, "-"} else "table")
    if style not in _FIGURES:
        raise UsageError(
            Text(f"指标不能写成“{style}”", f'figures cannot be written as "{style}"'),
            Text(
                "用 table、json、csv 或 xlsx；网络文件用 vetgraph export network",
                "use table, json, csv or xlsx; for the network itself, vetgraph export network",
            ),
        )
    wanted = measuring.Wanted(**asked)
    with shown():
        found = measuring.ask(wanted)
        if against is not None or others:
            data = _compared(found, measuring.other(wanted, against, others), style, lang, room(output))
        else:
            data = _measured(found, style, lang, room(output))
    write(data, output)


def _measured(found: Network, style: str, lang: str, width: int) -> bytes:
    from vetgraph import export, measuring

    if style == "table":
        return measuring.table(found, lang, width).encode()
    return export.write(found, {"csv": "nodes.csv"}.get(style, style), lang)


def _compared(found: Network, before: Network, style: str, lang: str, width: int) -> bytes:
    from vetgraph import measuring, networks
    from vetgraph.export import differences

    compared = networks.compare(before, found)
    if style == "table":
        return measuring.differences(compared, lang, width).encode()
    return differences.write(compared, style, lang)


@click.group(name="export")
def exporting() -> None:
    """Write a network, or the whole graph, to a file for another program."""


@exporting.command(name="network")
@_wanted
@click.option("--format", "form", help="Format [default: by the ending of the file].")
@click.option("-o", "--output", required=True, help="The file, as groups.gexf.")
def export_network(form: str | None, output: str, **asked: Any) -> None:  # noqa: ANN401 - the options of _wanted
    """Write a network: gexf, graphml, cyjs, json, jgf, net, dot, edges.csv, nodes.csv, xlsx, svg, png or html."""
    from vetgraph import export, measuring

    name = Path(output).name.lower()
    form = form or next((known for known in export.FORMS if name.endswith(f".{known}")), Path(name).suffix.lstrip("."))
    export.check(form)
    with shown():
        found = measuring.ask(measuring.Wanted(**asked))
        data = export.write(found, form, language())
    write(data, output)
    nodes, ties = len(found.nodes), len(found.ties)
    say(Text(f"{output}：{nodes} 个节点，{ties} 条边", f"{output}: {nodes} nodes, {ties} ties"))


@exporting.command(name="graph")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The file, .nq or .trig.")
@store_option
@language_option
def export_graph(output: Path, store: str) -> None:
    """Write the whole graph with its named graphs: .nq or .trig. What is behind a service is read from there."""
    from vetgraph.opening import dump, open_store

    form = output.suffix.lstrip(".").lower()
    if form not in _GRAPHS:
        raise UsageError(
            Text("图写成 .nq 或 .trig", "a graph goes to .nq or .trig"), Text("如 -o graph.trig", "as -o graph.trig")
        )
    opened = open_store(store)
    try:
        dump(opened, output, form)
    finally:
        opened.close()
