"""Which format and which language a request asks for."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LANGUAGES = ("zh", "en")


@functools.lru_cache(maxsize=256)
def _weights(header: str) -> tuple[tuple[str, float], ...]:
    """Read an ``Accept`` or ``Accept-Language`` header into (range, quality) pairs; what cannot be read is left out."""
    found = []
    for part in header.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                try:
                    quality = min(1.0, max(0.0, float(value)))
                except ValueError:
                    quality = 0.0
        if name:
            found.append((name.lower(), quality))
    return tuple(found)


def _quality(media: str, weights: tuple[tuple[str, float], ...]) -> float:
    """Return the quality that the most specific matching range gives to a media type."""
    kind = media.partition("/")[0]
    for wanted in (media, f"{kind}/*", "*/*"):
        matching = [quality for name, quality in weights if name == wanted]
        if matching:
            return max(matching)
    return 0.0


@functools.lru_cache(maxsize=1024)
def best(header: str, offered: Sequence[str]) -> str | None:
    """Choose a media type.

    Args:
        header: The ``Accept`` header; empty accepts everything.
        offered: Media types, the server's favourite first (a tuple).

    Returns:
        The offered type of the highest quality (the earlier one where equal), or ``None``.
    """
    weights = _weights(header or "*/*")
    ranked = [(_quality(media, weights), -index, media) for index, media in enumerate(offered)]
    quality, _, media = max(ranked)
    return media if quality > 0 else None


def wants_html(header: str) -> bool:
    """Tell a browser from a program: does the request name HTML, and like it best?

    Args:
        header: The ``Accept`` header.

    Returns:
        Whether to answer with a page.
    """
    weights = dict(_weights(header))
    return "text/html" in weights and weights["text/html"] >= max(weights.values())


def language(asked: str | None, kept: str | None, header: str) -> str:
    """Choose the language of a page.

    Args:
        asked: ``?lang=``.
        kept: The cookie that an earlier ``?lang=`` left.
        header: The ``Accept-Language`` header.

    Returns:
        ``zh`` or ``en``.
    """
    for choice in (asked, kept):
        if choice in LANGUAGES:
            return str(choice)
    for name, _ in sorted(_weights(header), key=lambda pair: -pair[1]):
        if name.partition("-")[0] in LANGUAGES:
            return name.partition("-")[0]
    return "en"
