"""The command line."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from vetgraph import __version__
from vetgraph.cli import agents, editions, importing, linking, networks, reviewing, search
from vetgraph.cli.talking import language, language_option, locale, room, say, store_option, write
from vetgraph.errors import DataError, QueryError, Text, UsageError, VetgraphError

_TABLE_FORMATS = ("table", "csv", "tsv", "json", "xml", "xlsx")
_GRAPH_FORMATS = ("ttl", "nt", "jsonld", "rdf")
_INTERRUPTED = 130
_LOOK = 0.05
"""Seconds between two looks at the files that are watched."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="vetgraph")
@language_option
def cli() -> None:
    """Reports on vocational education as a validated graph that answers SPARQL."""


@cli.command()
@click.argument("data", default="data", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    default="store",
    show_default=True,
    envvar="VETGRAPH_STORE",
    help="Folder to write, or the address where a SPARQL service takes queries.",
)
@click.option("--update-url", help="Where that service takes updates.")
@click.option("--gsp-url", help="Where that service takes whole graphs (Graph Store HTTP Protocol).")
@click.option("--validate/--no-validate", default=True, help="Check the data against the shapes first.")
@language_option
def build(data: Path, output: str, update_url: str | None, gsp_url: str | None, *, validate: bool) -> None:
    """Build a store from the tables in DATA (default: data). The old store stays whole until the new one is."""
    from vetgraph import render
    from vetgraph.build import build as build_store

    steps = {
        "read": Text(f"读取 {data}", f"reading {data}"),
        "validate": Text("校验", "validating"),
        "write": Text(f"写入 {output}", f"writing {output}"),
    }
    result = build_store(
        data,
        output,
        validate=validate,
        progress=lambda step: say(steps[step]),
        update_url=update_url,
        gsp_url=gsp_url,
    )
    if result.problems:
        say(render.problems_text(result.problems, language()))
    read, files = len(result.read), len(result.files)
    if read < files:
        say(
            Text(
                f"{files} 个文件中只读了有改动的 {read} 个",
                f"read the {read} of {files} files that have changed since the last build",
            )
        )
    say(
        Text(
            f"{output}：{result.triples} 条陈述，{len(result.problems)} 条警告，用时 {result.seconds:.1f} 秒",
            f"{output}: {result.triples} statements, {len(result.problems)} warnings, {result.seconds:.1f} s",
        )
    )


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github", "ttl", "xlsx"]),
    default="text",
    show_default=True,
    help="ttl: the standard validation report; xlsx: a copy of the tables with the bad cells marked.",
)
@click.option("-o", "--output", help="Write here instead of to standard output.")
@click.option("--engine", default="auto", show_default=True, help="Which engine checks the shapes: auto or pyshacl.")
@click.option("--store", help="Check what this store holds: a folder, or the address of a SPARQL service.")
@click.option("--doubts", is_flag=True, help="Tell the doubts noted about the reports, too, each with its cell.")
@click.option("--watch", is_flag=True, help="Check again whenever a table is saved, until Ctrl-C.")
@language_option
def validate(  # noqa: PLR0913 - one for each option
    paths: tuple[Path, ...],
    style: str,
    output: str | None,
    engine: str,
    store: str | None,
    *,
    doubts: bool,
    watch: bool,
) -> None:
    """Check the tables of a folder (default: data), or Turtle files, and name every bad cell."""
    from vetgraph import checking

    if watch:
        _watch(
            paths or (Path("data"),),
            alone=store is None and style == "text" and output is None and engine == "auto" and not doubts,
        )
        return
    if store is not None and (paths or style == "xlsx"):
        raise UsageError(
            Text("--store 不与文件或 xlsx 同用", "--store goes with no files and no xlsx"),
            Text("分开运行", "run it by itself"),
        )
    if doubts and style in {"ttl", "xlsx"}:
        raise UsageError(
            Text(f"--doubts 不能写成 {style}", f"doubts cannot be written as {style}"),
            Text("用 --format text、json 或 github", "use --format text, json or github"),
        )
    found = (
        checking.check_store(store, engine, doubts=doubts)
        if store
        else checking.check(paths or (Path("data"),), engine, doubts=doubts)
    )
    if style == "xlsx":
        if output is None:
            raise UsageError(Text("xlsx 要写到文件", "xlsx goes to a file"), Text("加上 -o 文件名", "add -o FILE"))
        checking.mark(found, Path(output))
    else:
        text = checking.written(found, style, language())
        write(text.encode() + b"\n" if text else b"", output)
    for note in found.notes:
        say(note)
    if style == "text" or output is not None:
        say(checking.summary(found))
    if not found.conforms:
        raise SystemExit(1)


def _watch(paths: tuple[Path, ...], *, alone: bool) -> None:
    """Check a folder again and again."""
    import time

    from vetgraph import checking
    from vetgraph.watching import Watch

    if not alone or len(paths) != 1 or not paths[0].is_dir():
        raise UsageError(
            Text("--watch 只用于一个表格文件夹", "--watch is for one folder of tables, and no other options"),
            Text("运行 vetgraph validate --watch data", "run: vetgraph validate --watch data"),
        )
    watch = Watch(paths[0])
    while True:
        found = watch.look()
        if found is None:
            time.sleep(_LOOK)
            continue
        write(f"{checking.written(found, 'text', language())}\n".lstrip().encode(), None)
        say(watch.summary(found))


@cli.command()
@click.argument("what", required=False, metavar="[NAME | SPARQL]")
@click.option("-f", "--file", "file", help="Read the query from a file (- for standard input).")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="Value of a parameter; may be repeated.")
@click.option("--format", "style", type=click.Choice([*_TABLE_FORMATS, *_GRAPH_FORMATS]), help="Format of the answer.")
@click.option("-o", "--output", help="Write here instead of to standard output.")
@click.option("--list", "listing", is_flag=True, help="List the named queries.")
@store_option
@language_option
def query(  # noqa: PLR0913, PLR0917 - one for each option
    what: str | None,
    file: str | None,
    params: tuple[str, ...],
    style: str | None,
    output: str | None,
    store: str,
    *,
    listing: bool,
) -> None:
    """Ask a named query, a file or a text. A table on a terminal; CSV or Turtle in a pipe or a file."""
    from vetgraph import asking, queries
    from vetgraph.opening import open_store

    if listing:
        write(asking.listing(language(), terminal=room(output)), output)
        return
    asked = asking.find(what, file)
    values = asking.values(params)
    opened = open_store(store)
    try:
        asked = asking.with_parameters(asked, values)
        found = queries.ask(opened, asked, values)
        write(asking.written(found, style, output, terminal=room(output)), output)
    finally:
        opened.close()


@cli.command()
@click.argument("report")
@click.option("--in", "folder", default="data/reports", show_default=True, type=click.Path(path_type=Path))
@language_option
def new(report: str, folder: Path) -> None:
    """Make a folder for a REPORT (such as luoyang-2025): empty tables and a workbook to fill in."""
    from vetgraph import template

    click.echo(template.new_report(folder, report))


@cli.command()
@click.argument("path")
@click.option("--accept", default="*/*", show_default=True, help="The Accept header.")
@store_option
@language_option
def get(path: str, accept: str, store: str) -> None:
    """Print what the server would answer to GET PATH, without a server."""
    from vetgraph.web.single import get as answer

    response = answer(store, path, {"Accept": accept, "Accept-Language": language()})
    write(response.content, None)
    status = f"HTTP {response.status_code} {response.reason_phrase}"
    if response.is_error:
        say(status)
        raise SystemExit(1)
    if location := response.headers.get("Location"):
        say(f"{status}: {location}")


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@store_option
@language_option
def backup(file: Path, store: str) -> None:
    """Write a store to FILE (.tar or .tar.gz), while it is served or not."""
    from vetgraph.backup import backup as write

    version = write(store, file)
    say(Text(f"{file}：{version}", f"{file}: {version}"))


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@store_option
@language_option
def restore(file: Path, store: str) -> None:
    """Make FILE, a backup, the content of a store. What is served changes with the next request."""
    from vetgraph.backup import restore as read

    statements = read(file, store)
    say(Text(f"{store}：各图共 {statements} 条陈述", f"{store}: {statements} statements in all graphs"))


@cli.command()
@click.argument("store", default="store", envvar="VETGRAPH_STORE")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen at.")
@click.option(
    "--workers", type=click.IntRange(1, 256), help="Processes that answer queries [default: one a core, at least 2]."
)
@click.option("--in-memory", is_flag=True, help="Each worker holds the store in memory: faster, and takes the room.")
@click.option(
    "--timeout", default=10.0, show_default=True, type=click.FloatRange(0.1), help="Seconds a query may take."
)
@click.option("--max-rows", default=1_000_000, show_default=True, type=click.IntRange(1), help="Rows of an answer.")
@click.option("--max-bytes", default=256, show_default=True, type=click.IntRange(1), help="MiB of an answer.")
@click.option("--max-memory", default=2048, show_default=True, type=click.IntRange(64), help="MiB a query may take.")
@click.option("--write-timeout", default=60.0, show_default=True, type=click.FloatRange(1), help="Seconds of a write.")
@click.option("--tokens", type=click.Path(path_type=Path), help="File of tokens, one a line; turns writing on.")
@click.option("--links", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder to review in.")
@click.option(
    "--max-upload", default=256, show_default=True, type=click.IntRange(1), help="MiB of an uploaded document."
)
@click.option("--guard", is_flag=True, help="Refuse what breaks the shapes.")
@click.option("--allow-origin", "origins", multiple=True, metavar="ORIGIN", help="Origin whose pages may write.")
@click.option("--allow-load", "hosts", multiple=True, metavar="HOST", help="Host that LOAD may read.")
@click.option(
    "--rate", default=0.0, show_default=True, type=click.FloatRange(0), help="Requests a second for each client."
)
@click.option(
    "--burst", default=100, show_default=True, type=click.IntRange(1), help="Requests a client may send at once."
)
@click.option("--queue", default=256, show_default=True, type=click.IntRange(0), help="Requests that may wait.")
@click.option("--cache", default=64, show_default=True, type=click.IntRange(0), help="MiB of answers that are kept.")
@click.option("--base-url", default="", metavar="URL", help="Address of the service as the world sees it.")
@click.option("--trust-proxy", is_flag=True, help="Believe the X-Forwarded headers of the proxy in front.")
@language_option
def serve(store: str, host: str, port: int, **options: Any) -> None:  # noqa: ANN401 - one for each option
    """Serve a STORE (a folder, or the address of a SPARQL service) over HTTP until Ctrl-C."""
    from vetgraph.web.server import serve as run
    from vetgraph.web.settings import of_options

    run(
        of_options(store, **options),
        host,
        port,
        lambda url: say(Text(f"正在服务：{url}（Ctrl-C 停止）", f"serving {url} (Ctrl-C stops)")),
    )


cli.add_command(linking.link)
cli.add_command(networks.network)
cli.add_command(networks.exporting)
cli.add_command(search.searching)
cli.add_command(agents.mcp)
cli.add_command(reviewing.reviewing)
cli.add_command(importing.importing)
cli.add_command(editions.diff)


def _complain(error: VetgraphError) -> int:
    """Print an error of ours; return the exit code."""
    lang = _lang_of_arguments()
    if isinstance(error, DataError):
        from vetgraph import render

        say(render.problems_text(error.problems, lang))
        return error.exit_code
    click.echo(f"vetgraph: {error.message.get(lang)}", err=True)
    if isinstance(error, QueryError) and error.excerpt:
        click.echo("\n".join(f"  {line}" for line in error.excerpt.splitlines()), err=True)
    if error.fix is not None and error.fix.get(lang):
        click.echo(f"  {'改法' if lang == 'zh' else 'fix'}: {error.fix.get(lang)}", err=True)
    return error.exit_code


def _lang_of_arguments() -> str:
    """Return the language of a run whose context is gone."""
    arguments = sys.argv[1:]
    for i, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
        if argument == "--lang" and i + 1 < len(arguments):
            return arguments[i + 1]
    return locale()


def main() -> None:
    """Run the command line: 0 done, 1 problems found, 2 wrong usage, 130 interrupted."""
    try:
        cli.main(prog_name="vetgraph", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except VetgraphError as error:
        sys.exit(_complain(error))


if __name__ == "__main__":
    main()
