"""The words of the pages, in Chinese and English."""

from __future__ import annotations

import csv
import io
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from vetgraph.errors import Text

if TYPE_CHECKING:
    from collections.abc import Callable


def _read() -> dict[str, Text]:
    found: dict[str, Text] = {}
    for file in sorted(files(__package__).joinpath("words").iterdir(), key=lambda each: each.name):
        for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))):
            if row["name"] in found:
                raise ValueError(f"{file.name}: the word {row['name']} is there already")
            found[row["name"]] = Text(row["zh"], row["en"])
    return found


WORDS: Final[dict[str, Text]] = _read()
"""The words by name, from the files in ``words/``, one for each concern."""

STATUS: dict[int, tuple[Text, Text]] = {
    404: (Text("这里没有这个页面", "there is no such page"), Text("从首页 / 开始", "start at /")),
    405: (Text("这里不接受这种请求方法", "this method is not answered here"), Text("用 GET", "use GET")),
    500: (
        Text("服务器内部出错", "the server failed"),
        Text("请稍后再试；若仍出错，请报告", "try again; if it happens again, please report it"),
    ),
}


def in_language(lang: str) -> Callable[[str], str]:
    """Return the function that templates call for a word.

    Args:
        lang: ``zh`` or ``en``.

    Returns:
        From a word's name to the word.
    """
    return lambda name: WORDS[name].get(lang)
