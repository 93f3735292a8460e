"""Chinese and Latin lettering of figures: how wide a text is, the part of the font it needs, and an SVG as PNG.

The font is Noto Sans SC, which the pages' files hold in two parts: as WOFF2 for browsers, and unpacked for figures
(``hatch_build.py``).
"""

from __future__ import annotations

import io
import re
import tempfile
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from vetgraph.errors import Text, UsageError

FAMILIES: Final = (
    "'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"
)
"""What a figure asks for, best first: a reader without Noto gets the Chinese font of the system."""

_FOLDER: Final = Path(__file__).parent / "web" / "static" / "vendor"
_PARTS: Final = ("noto-sans-sc", "noto-sans-sc-latin")
_NAME: Final = "Noto Sans SC Thin"  # what the regular weight calls itself
_NARROW: Final = frozenset("iljtf.,:;'|!()[]{} 1-·")
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def width(text: str, size: float) -> float:
    """Estimate how wide a text is.

    Args:
        text: The text.
        size: Size of the letters in pixels.

    Returns:
        Pixels; a Chinese character is as wide as it is high.
    """
    ems = 0.0
    for letter in text:
        if unicodedata.east_asian_width(letter) in "WF":
            ems += 1
        else:
            ems += 0.34 if letter in _NARROW else 0.58
    return ems * size


def clipped(text: str, size: float, most: float) -> str:
    """Shorten a text to a width.

    Args:
        text: The text.
        size: Size of the letters in pixels.
        most: Pixels that there are.

    Returns:
        The text, with ``…`` at its end where it does not fit.
    """
    if width(text, size) <= most:
        return text
    room, kept = most - width("…", size), 0
    for letter in text:
        room -= width(letter, size)
        if room < 0:
            break
        kept += 1
    return text[:kept].rstrip() + "…"


def clean(text: str) -> str:
    """Return a text without what no XML can hold.

    Args:
        text: Any text.

    Returns:
        The text, a space in the place of each control character.
    """
    return _NO_XML.sub(" ", text)


@cache
def fonts() -> tuple[bytes, ...]:
    """Return the parts of the font as TrueType.

    Returns:
        The Chinese part and the Latin part.

    Raises:
        UsageError: The installation has no font.
    """
    return tuple(_font(name) for name in _PARTS)


def _font(name: str) -> bytes:
    """Read a part; where the build has left only the packed one, unpack it, which takes some seconds."""
    plain, packed = _FOLDER / f"{name}.ttf", _FOLDER / f"{name}.woff2"
    if plain.exists():
        return plain.read_bytes()
    if not packed.exists():
        raise UsageError(
            Text(f"缺少字体 {name}", f"the font {name} is missing"),
            Text("重新安装：pip install -e .", "install again: pip install -e ."),
        )
    from fontTools.ttLib import woff2

    out = io.BytesIO()
    woff2.decompress(str(packed), out)
    return out.getvalue()


@cache
def _files() -> tuple[tempfile.TemporaryDirectory[str] | None, list[str]]:
    """Return the fonts as files; what has to be unpacked is written for as long as the process lives."""
    plain = [_FOLDER / f"{name}.ttf" for name in _PARTS]
    if all(file.exists() for file in plain):
        return None, [str(file) for file in plain]
    folder = tempfile.TemporaryDirectory(prefix="vetgraph-fonts-")
    files = []
    for name, font in zip(_PARTS, fonts(), strict=True):
        file = Path(folder.name) / f"{name}.ttf"
        file.write_bytes(font)
        files.append(str(file))
    return folder, files


def subset(letters: frozenset[str]) -> tuple[bytes, ...]:
    """Return the parts of the font that some characters need.

    Args:
        letters: The characters.

    Returns:
        TrueType fonts; none for characters that the font has not.
    """
    from fontTools import subset as cutting
    from fontTools.ttLib import TTFont

    found = []
    for part in fonts():
        with TTFont(io.BytesIO(part), lazy=True, recalcBBoxes=False) as font:
            asked = sorted({ord(letter) for letter in letters} & set(font.getBestCmap()))
            if asked:
                cutter = cutting.Subsetter(cutting.Options(layout_features=[], hinting=False))
                cutter.populate(unicodes=asked)
                cutter.subset(font)
                out = io.BytesIO()
                font.save(out)
                found.append(out.getvalue())
    return tuple(found)


def png(svg: str, zoom: float = 2.0) -> bytes:
    """Draw an SVG that has text.

    Args:
        svg: The document; its texts ask for ``FAMILIES``, or for any ``sans-serif``.
        zoom: Pixels of the picture for each of the document's.

    Returns:
        The PNG file.

    Raises:
        UsageError: The installation has no font.
    """
    import resvg_py

    drawn = resvg_py.svg_to_bytes(
        svg_string=svg, zoom=zoom, skip_system_fonts=True, font_files=_files()[1], sans_serif_family=_NAME
    )
    return bytes(drawn)
