"""``vetgraph import``: a list into a graph of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from vetgraph.cli.talking import language_option, say, store_option
from vetgraph.errors import Text

_KINDS = ("institution", "region", "programme", "competition", "body", "none")


@click.command("import")
@click.argument("file", metavar="LIST", type=click.Path(path_type=Path))
@click.option("--as", "key", required=True, metavar="DATASET", help="Key of the list, as quality-schools-2025.")
@click.option("--schema", type=click.Path(path_type=Path), help="CSVW schema or metadata that say what columns mean.")
@click.option("--title", default="", help="Title of the list.")
@click.option("--publisher", default="", help="Who published it.")
@click.option("--issued", default="", help="When: 2025-10-21, 2025-10 or 2025.")
@click.option("--licence", default="", help="Address of its licence.")
@click.option("--source", default="", help="Address where it is from.")
@click.option("--name", default="", help="Column of the names [default: 学校名称, 名称, name …].")
@click.option("--code", default="", help="Column of official codes [default: 学校标识码, 代码, code …].")
@click.option("--kind", type=click.Choice(_KINDS), default="institution", show_default=True, help="What a row names.")
@click.option("--language", "spoken", default="zh", show_default=True, help="Language of the names.")
@click.option("--sheet", default="", help="Sheet of a workbook that has several.")
@click.option("--keep", type=click.Path(path_type=Path), metavar="DATA", help="Put it into this data folder, too.")
@click.option("--guard", is_flag=True, help="Refuse it where the store would break a shape.")
@click.option("--update-url", help="Where a service takes updates.")
@click.option("--gsp-url", help="Where a service takes whole graphs.")
@store_option
@language_option
def importing(file: Path, key: str, store: str, **options: Any) -> None:  # noqa: ANN401 - one for each option
    """Import LIST (CSV or XLSX) into a graph of its own, with publisher, date, licence and hash of the file.

    What was there under the same key is replaced: all of it, or nothing.
    """
    from vetgraph import importing as lists
    from vetgraph.listschema import About

    about = About(
        options["title"],
        options["publisher"],
        options["issued"],
        options["licence"],
        options["source"],
        options["spoken"],
        options["kind"].replace("none", ""),
    )
    found = lists.read_list(
        file,
        key,
        about,
        schema=options["schema"],
        name=options["name"],
        code=options["code"],
        sheet=options["sheet"],
    )
    done = lists.import_list(
        found, store, guard=options["guard"], update_url=options["update_url"], gsp_url=options["gsp_url"]
    )
    verb = Text("替换", "replaced") if done.replaced else Text("导入", "imported")
    say(
        Text(
            f"{store}：{verb.zh}名单 {key}，{found.rows} 行，{done.statements} 条陈述",
            f"{store}: {verb.en} {key}, {found.rows} rows, {done.statements} statements",
        )
    )
    if options["keep"] is not None:
        rows, metadata = lists.keep(found, options["keep"])
        say(Text(f"已写入 {rows} 和 {metadata}", f"wrote {rows} and {metadata}"))
    else:
        say(
            Text(
                "下次 vetgraph build 会重建图谱库；要一直保留，加上 --keep data",
                "the next vetgraph build makes the store anew; to keep the list, add --keep data",
            )
        )
