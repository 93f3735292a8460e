"""``vetgraph link``: link a list with the graph, or with another list."""

from __future__ import annotations

import shutil
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vetgraph.cli.talking import language, language_option, say, store_option, write
from vetgraph.errors import StoreError

if TYPE_CHECKING:
    from vetgraph.linking.listing import Columns
    from vetgraph.linking.task import Linked

KINDS = ("institution", "programme", "region", "competition")
FORMATS = ("table", "json", "csv", "sssom")


@click.command()
@click.argument("source")
@click.option("--column", required=True, help="Column of the names.")
@click.option("--region", default="", help="Column of their regions, as names or codes.")
@click.option("--code", "codes", multiple=True, help="Column of official codes; may be repeated.")
@click.option("--ownership", default="", help="Column that tells public (公办) from private (民办).")
@click.option("--id", "id_column", default="", help="Column that identifies a row.")
@click.option("--to", "target", help="Link to this list (a file or a key) and not to the graph.")
@click.option("--to-column", help="Column of the names there [default: that of --column].")
@click.option("--to-region", default="", help="Column of the regions there.")
@click.option("--to-code", "to_codes", multiple=True, help="Column of official codes there; may be repeated.")
@click.option("--to-id", default="", help="Column that identifies a row there.")
@click.option("--kind", type=click.Choice(KINDS), default="institution", show_default=True, help="What is named.")
@click.option("--one-to-one", is_flag=True, help="Both lists are sets: no two rows may mean the same thing.")
@click.option("--format", "style", type=click.Choice(FORMATS), help="Format of what is printed.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write SSSOM here, as links.sssom.tsv."
)
@store_option
@language_option
def link(
    source: str,
    column: str,
    *,
    style: str | None,
    output: Path | None,
    store: str,
    **options: Any,  # noqa: ANN401 - text or flags
) -> None:
    """Link the names of SOURCE (CSV, XLSX or a list's key) with the graph's institutions, or with another list.

    Nothing that a person has accepted or rejected in -o or in data/links is changed.
    """
    from vetgraph.linking import telling
    from vetgraph.linking.listing import Columns

    columns = Columns(column, options["region"], options["codes"], options["ownership"], id=options["id_column"])
    there = Columns(options["to_column"] or column, options["to_region"], options["to_codes"], id=options["to_id"])
    found = _linked(source, columns, there, store, output, options)
    if output is not None:
        found.save(output, language())
    if style is not None or output is None:
        room = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
        write(telling.written(found, style or "table", language(), room=room), None)
    say(telling.summary(found))


def _linked(  # noqa: PLR0913, PLR0917 - what the command was given
    source: str, columns: Columns, there: Columns, store: str, output: Path | None, options: dict[str, Any]
) -> Linked:
    from vetgraph.linking.task import link_list
    from vetgraph.opening import open_store

    opened = None
    try:
        opened = open_store(store)
    except StoreError:
        # Two files need no graph.
        if options["target"] is None:
            raise
    bar = click.progressbar(length=0, label=source, file=sys.stderr) if sys.stderr.isatty() else nullcontext()
    try:
        with bar as shown:

            def progress(done: int, total: int) -> None:
                if shown is not None:
                    shown.length = total
                    shown.update(done - shown.pos)

            return link_list(
                source,
                columns,
                store=opened,
                kind=options["kind"],
                to=options["target"],
                to_columns=there,
                one_to_one=options["one_to_one"],
                decided=[output] if output is not None else [],
                progress=progress,
            )
    finally:
        if opened is not None:
            opened.close()
