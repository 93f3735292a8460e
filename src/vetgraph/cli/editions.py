"""``vetgraph diff``: what a new edition of a list changes; ``vetgraph export links``: the links, for others."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vetgraph.cli.networks import exporting
from vetgraph.cli.talking import language, language_option, room, say, store_option, write
from vetgraph.errors import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vetgraph.editions import Difference

_HEADS = (
    Text("变化", "change"),
    Text("代码", "code"),
    Text("旧名称", "old name"),
    Text("旧行", "old row"),
    Text("新名称", "new name"),
    Text("新行", "new row"),
    Text("依据", "by"),
    Text("把握", "confidence"),
)
_COLUMNS = ("change", "code", "old_name", "old_row", "new_name", "new_row", "by", "confidence")


@click.command("diff")
@click.argument("new", metavar="LIST", type=click.Path(path_type=Path))
@click.argument("old", metavar="[OLD]", required=False)
@click.option("--name", default="", help="Column of the names.")
@click.option("--code", default="", help="Column of official codes.")
@click.option("--sheet", default="", help="Sheet of a workbook that has several.")
@click.option("--format", "style", type=click.Choice(["table", "json", "csv"]), help="Format of the answer.")
@click.option("-o", "--output", help="Write here instead of to standard output.")
@store_option
@language_option
def diff(  # noqa: PLR0913, PLR0917 - one for each option
    new: Path, old: str | None, name: str, code: str, sheet: str, style: str | None, output: str | None, store: str
) -> None:
    """Tell what LIST, a new edition, adds, drops and renames.

    OLD is a file, or the key of a list that the store holds [default: the key that LIST is named like].
    """
    from vetgraph import editions
    from vetgraph.opening import open_store

    after = editions.of_file(new, name, code, sheet)
    if old is not None and Path(old).is_file():
        before = editions.of_file(Path(old), name, code, sheet)
    else:
        opened = open_store(store)
        try:
            before = editions.of_store(opened, old or new.stem)
        finally:
            opened.close()
    found = editions.compare(before, after)
    style = style or ("table" if room(output) else "csv")
    write(_written(found, style, language(), room(output)), output)
    counted = {kind: sum(one.kind == kind for one in found) for kind in editions.TOLD}
    told = [(editions.TOLD[kind], number) for kind, number in counted.items() if number]
    say(
        Text(
            "，".join(f"{text.zh} {number}" for text, number in told) or "没有变化",
            ", ".join(f"{number} {text.en}" for text, number in told) or "nothing has changed",
        )
    )


def _written(found: Sequence[Difference], style: str, lang: str, width: int) -> bytes:
    from vetgraph import editions, render

    if style == "json":
        return (json.dumps([one.plain() for one in found], ensure_ascii=False, indent=2) + "\n").encode()
    rows = [_row(one) for one in found]
    if style == "table":
        shown = [(editions.TOLD[row[0]].get(lang), *row[1:]) for row in rows]
        return (render.table([head.get(lang) for head in _HEADS], shown, width) + "\n").encode()
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([_COLUMNS, *rows])
    return out.getvalue().encode()


def _row(one: Difference) -> tuple[str, ...]:
    old, new = one.old, one.new
    code = (new.code if new else "") or (old.code if old else "")
    if one.kind == "recoded" and old and new:
        code = f"{old.code} → {new.code}"
    sure = "" if one.confidence is None else str(one.confidence)
    pair = (old.name if old else "", old.place if old else "", new.name if new else "", new.place if new else "")
    return (one.kind, code, *pair, one.by, sure)


@exporting.command(name="links")
@click.option("-o", "--output", required=True, help="The file: .ttl, .nt or .sssom.tsv.")
@click.option("--list", "key", default="", metavar="DATASET", help="Only the links of this list.")
@click.option("--same-as", is_flag=True, help="Write exact matches as owl:sameAs, too.")
@store_option
@language_option
def export_links(output: str, key: str, store: str, *, same_as: bool) -> None:
    """Write the links to lists for others to use: .ttl or .nt (skos:exactMatch …), or .sssom.tsv."""
    from vetgraph import linkage
    from vetgraph.opening import open_store

    opened = open_store(store)
    try:
        found = linkage.links(opened, key)
    finally:
        opened.close()
    write(linkage.written(found, output, same_as=same_as), output)
    say(Text(f"{output}：{len(found)} 条链接", f"{output}: {len(found)} links"))
