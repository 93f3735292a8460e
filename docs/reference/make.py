"""Write the pages of this folder from the shapes: ``python docs/reference/make.py`` (``make reference``)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from vetgraph.names import BASE, shorten
from vetgraph.validate import paths, shapes

if TYPE_CHECKING:
    from vetgraph.validate.shapes import Shapes

FOLDER = Path(__file__).parent
_HEAD = """<!-- Written by `make reference` from the files in shapes/; do not edit. -->

# 形状参考 · Reference of the shapes

每个形状检查什么。写法见 [shapes.md](../shapes.md)。
What each shape checks; how they are written is told in [shapes.md](../shapes.md).
"""
_SHAPE = f"{BASE}shape/"
_TARGETS = {
    "sh:targetClass": ("每个", "every"),
    "sh:targetSubjectsOf": ("有此属性的", "whatever has"),
    "sh:targetObjectsOf": ("此属性的每个值", "every value of"),
    "sh:targetNode": ("", ""),
}


def main() -> None:
    """Write them."""
    (FOLDER / "shapes.md").write_text(shapes_page(shapes.load()), encoding="utf-8")


def shapes_page(asked: Shapes) -> str:
    """Return the page of the shapes.

    Args:
        asked: The shapes.

    Returns:
        Markdown.
    """
    parts = [_HEAD]
    file = ""
    for shape in dict.fromkeys([*asked.targeted(), *_shared(asked)]):
        if asked.file(shape) != file:
            file = asked.file(shape)
            parts.append(f"## `{file}`\n")
        parts.append(_section(asked, shape))
    return "\n".join(parts)


def _shared(asked: Shapes) -> list[str]:
    """Return the node shapes that other shapes refer to, as those of code lists."""
    node_shape = "<http://www.w3.org/ns/shacl#NodeShape>"
    return [str(triple.subject) for triple in asked.triples if str(triple.object) == node_shape]


def _section(asked: Shapes, shape: str) -> str:
    title = " · ".join(_both(asked.texts(shape, "rdfs:label"))) or _short(shape)
    lines = [f"### {title}", "", f"`{_short(shape)}`{_focus(asked, shape)}", ""]
    rows = [_property(asked, each) for each in asked.iris(shape, "sh:property")]
    if not rows and asked.iris(shape, "sh:path"):
        rows = [_property(asked, shape)]
    if rows:
        lines += ["| 属性 | property | | 应为 | expected | |", "|---|---|---|---|---|---|", *rows, ""]
    constraints = [_constraint(asked, each) for each in asked.iris(shape, "sh:sparql")]
    if constraints:
        lines += [
            "| 约束 | constraint | | 不合时 | when it does not hold | |",
            "|---|---|---|---|---|---|",
            *constraints,
            "",
        ]
    return "\n".join(lines)


def _focus(asked: Shapes, shape: str) -> str:
    told = [
        f"{words[0]} `{_short(each)}`（{words[1]} `{_short(each)}`）"
        for name, words in _TARGETS.items()
        for each in asked.iris(shape, name)
    ]
    return f"：{'，'.join(told)}" if told else ""


def _property(asked: Shapes, shape: str) -> str:
    path = asked.iris(shape, "sh:path")
    written = str(paths.read(path[0], asked.by_iri)) if path else ""
    zh, en = _both(asked.texts(shape, "sh:name")) or ("", "")
    said = _both(asked.message(shape)) or ("", "")
    short = "".join(_short(part) if part.startswith("<") else part for part in _split(written))
    return _row(zh, en, f"`{short}`", *said, _severity(asked, shape))


def _constraint(asked: Shapes, node: str) -> str:
    zh, en = _both(asked.texts(node, "rdfs:label")) or ("", "")
    said = _both(asked.message(node)) or ("", "")
    return _row(zh, en, f"`{_short(node)}`", *said, _severity(asked, node))


def _severity(asked: Shapes, node: str) -> str:
    return "" if asked.severity(node).endswith("#Violation>") else "警告 warning"


def _split(path: str) -> list[str]:
    return re.split(r"(<[^>]*>)", path)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _both(texts: dict[str, str]) -> tuple[str, ...]:
    return tuple(texts[language] for language in ("zh", "en") if language in texts)


def _short(term: str) -> str:
    iri = term.strip("<>")
    return f"shape:{iri.removeprefix(_SHAPE)}" if iri.startswith(_SHAPE) else shorten(iri)


if __name__ == "__main__":
    main()
