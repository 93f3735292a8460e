"""``vetgraph search``: find things by name, alias, pinyin or initials."""

from __future__ import annotations

import shutil
import sys

import click

from vetgraph.cli.talking import language, language_option, say, store_option, write
from vetgraph.errors import Text, UsageError


@click.command("search")
@click.argument("typed", nargs=-1, metavar="WORD...")
@click.option(
    "--in",
    "narrowed",
    multiple=True,
    metavar="FACET=VALUE",
    help="Narrow the results: kind, ownership, level, title, group or dataset; may be repeated.",
)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 5000), help="Results to show.")
@click.option("--format", "style", type=click.Choice(["table", "csv", "json"]), help="Format of the results.")
@click.option("-o", "--output", help="Write here instead of to standard output.")
@store_option
@language_option
def searching(  # noqa: PLR0913, PLR0917 - one for each option
    typed: tuple[str, ...], narrowed: tuple[str, ...], limit: int, style: str | None, output: str | None, store: str
) -> None:
    """Find things by a name or a part of it, an alias, pinyin or initials (xckj); typing errors are forgiven."""
    from vetgraph import render
    from vetgraph.graph import open_graph
    from vetgraph.results import BOM
    from vetgraph.search import listing

    chosen: dict[str, list[str]] = {}
    for each in narrowed:
        facet, equals, value = each.partition("=")
        if not equals:
            raise UsageError(
                Text(f"--in {each} 不是 筛选项=值", f"--in {each} is no FACET=VALUE"),
                Text("如 --in kind=SecondarySchool", "as --in kind=SecondarySchool"),
            )
        chosen.setdefault(facet, []).append(value)
    with open_graph(store) as graph:
        found = graph.search(" ".join(typed), chosen, limit=limit)
    room = shutil.get_terminal_size().columns if output is None and sys.stdout.isatty() else 0
    style = style or ("table" if room else "csv")
    if style == "json":
        write(listing.to_json(found), output)
    elif style == "csv":
        write((BOM.encode() if output else b"") + listing.to_csv(found, language()), output)
    else:
        write(f"{render.table(listing.head(language()), listing.rows(found, language()), room)}\n".encode(), output)
    if not found.hits:
        say(Text("没有找到", "nothing was found"))
    elif found.total > len(found.hits):
        more = "+" if found.more else ""
        say(
            Text(
                f"共 {found.total}{more} 个，显示前 {len(found.hits)} 个（--limit）",
                f"the first {len(found.hits)} of {found.total}{more} (--limit)",
            )
        )
