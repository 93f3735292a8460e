"""A network as a web page in one file: the interactive view with its scripts, its data and its letters in it."""

from __future__ import annotations

import csv
import functools
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vetgraph.export import drawing, view

if TYPE_CHECKING:
    from vetgraph.export.figure import Figure

_WEB: Final = Path(__file__).parent.parent / "web"
_PARTS: Final = ("data", "look", "labels", "stage", "card", "find", "address", "ties", "start")

LIBRARIES: Final = ("vendor/graphology.umd.min.js", "vendor/sigma.min.js")
"""What the view is made with; paths below ``web/static``. A page loads it where there is WebGL."""

SCRIPTS: Final = tuple(f"network/{name}.js" for name in _PARTS)
"""The scripts of the view, in the order in which they are loaded; paths below ``web/static``."""


def words(lang: str) -> dict[str, str]:
    """Return the words of the view.

    Args:
        lang: ``zh`` or ``en``.

    Returns:
        Words by name.
    """
    return {row["name"]: row[lang] for row in _words()}


@functools.cache
def _words() -> tuple[dict[str, str], ...]:
    text = "".join(
        (_WEB / "words" / name).read_text(encoding="utf-8").removeprefix("name,zh,en\n" if number else "")
        for number, name in enumerate(("networks.csv", "network-view.csv"))
    )
    return tuple(csv.DictReader(io.StringIO(text)))


def html(figure: Figure, lang: str) -> bytes:
    """Write the page.

    Args:
        figure: The network.
        lang: Language of its words and names.

    Returns:
        HTML that needs no other file and no network.
    """
    from jinja2 import Environment, FileSystemLoader

    said = words(lang)
    environment = Environment(loader=FileSystemLoader(_WEB / "templates"), autoescape=True)
    environment.trim_blocks = environment.lstrip_blocks = True
    data = view.view(figure).decode()
    made = environment.get_template("network_file.html").render(
        lang=lang,
        say=said.__getitem__,
        words=said,
        title=figure.network.title.get(lang),
        description=figure.network.description.get(lang),
        source=figure.source().get(lang),
        data=data.replace("<", "\\u003c"),  # no text in it can end the script element
        drawing=drawing.inline(figure, lang).decode(),
        fonts=drawing.packed(_letters(figure, said)),
        styles=[_static("site.css"), _static("network/network.css")],
        scripts=[_static(name).replace("</script", "<\\/script") for name in (*LIBRARIES, *SCRIPTS)],
        libraries=[],
        rows=len(figure.network.ties),
        view="",
        root="",
    )
    return made.encode()


def _letters(figure: Figure, said: dict[str, str]) -> frozenset[str]:
    network = figure.network
    texts: list[Any] = [*said.values(), network.title, network.description, figure.source()]
    texts += [node.label for node in network.nodes.values()]
    listed = network.words
    for words in (listed.kinds, listed.ownerships, listed.levels, listed.relations, listed.groups, listed.shared):
        texts += words.values()
    for passage in network.passages.values():
        texts += [passage.section, passage.heading]
    plain = "".join(text if isinstance(text, str) else text.zh + text.en for text in texts)
    return frozenset(plain) | frozenset(map(chr, range(32, 127))) | frozenset("×–→←·（）")


def _static(name: str) -> str:
    return (_WEB / "static" / name).read_text(encoding="utf-8")
