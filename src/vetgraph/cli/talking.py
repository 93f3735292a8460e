"""How every command talks: in which language, where results go, and where messages go."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from vetgraph.errors import Text, UsageError

_C = TypeVar("_C", bound=Callable[..., Any])

store_option = click.option(
    "--store",
    default="store",
    show_default=True,
    envvar="VETGRAPH_STORE",
    help="Folder, or address of a SPARQL service.",
)


def locale() -> str:
    """Return the language that the environment asks for."""
    found = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "zh" if found.lower().startswith("zh") else "en"


def _keep_language(ctx: click.Context, _param: click.Parameter, value: str | None) -> str:
    if value is not None:
        ctx.find_root().meta["lang"] = value
    return value or language()


def language_option(command: _C) -> _C:
    """Give a command ``--lang``."""
    return click.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        expose_value=False,
        is_eager=True,
        callback=_keep_language,
        help="Language of messages; by default that of the environment.",
    )(command)


def language() -> str:
    """Return the language of messages, ``zh`` or ``en``."""
    context = click.get_current_context(silent=True)
    return str(context.find_root().meta.get("lang") or locale()) if context else locale()


def say(text: Text | str) -> None:
    """Tell the user something that is no result."""
    click.echo(text if isinstance(text, str) else text.get(language()), err=True)


def room(output: str | None) -> int:
    """Return the terminal's width, or 0 where the answer does not go to one."""
    import shutil

    return shutil.get_terminal_size().columns if output is None and sys.stdout.isatty() else 0


def write(data: bytes, output: str | None) -> None:
    """Write a result to a file or to standard output."""
    if output is None or output == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        Path(output).write_bytes(data)
    except OSError as error:
        raise UsageError(
            Text(f"无法写入 {output}：{error.strerror}", f"cannot write {output}: {error.strerror}"),
            Text("检查路径和权限", "check the path and its permissions"),
        ) from None
