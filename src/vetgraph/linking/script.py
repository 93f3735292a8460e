"""One form for what is written in many: script, width, case, spaces, quotes and dashes."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Spaces, and characters that have no width: NFKC leaves these, and cells from PDF files are full of them.
_NOTHING = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+"
)
_LATIN_GAP = re.compile(r"(?<=[A-Za-z0-9.,&'])\s+(?=[A-Za-z0-9&(])")
_BETWEEN = "\ue000"
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("[{〔【〖「『《〈<", "("),
        **dict.fromkeys("]}〕】〗」』》〉>", ")"),
        **dict.fromkeys("‐‑‒–—―−﹣－~～", "-"),
        **dict.fromkeys("·•・‧∙●○", "·"),
        **dict.fromkeys("\"'“”‘’`´＂＇〝〞", ""),
        "。": ".",
        "、": "、",
        "，": ",",
    }
)


@functools.cache
def _simplifier() -> Any:  # noqa: ANN401 - opencc has no types
    import opencc

    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """Return the form of a text that all ways of writing it share.

    Traditional characters become simplified (OpenCC), full width becomes half width (NFKC), letters small; quotes,
    spaces, line breaks and invisible characters go, but one space stays between Latin words; brackets become round.

    Args:
        text: The text of a cell.

    Returns:
        Its form for comparison.
    """
    return fold_all((text,))[0]


def fold_all(texts: Sequence[str]) -> list[str]:
    """Fold many texts at once; OpenCC is called once.

    Args:
        texts: The texts.

    Returns:
        Their forms, in the same order.
    """
    tidy = [_tidy(text) for text in texts]
    simplified = _simplifier().convert("\n".join(tidy)).split("\n")
    return [unicodedata.normalize("NFKC", text) for text in simplified]


def _tidy(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_SIGNS)
    plain = unicodedata.normalize("NFKC", plain)
    if plain.isascii():
        plain = _LATIN_GAP.sub(_BETWEEN, plain)
        return _NOTHING.sub("", plain).replace(_BETWEEN, " ")
    return _NOTHING.sub("", plain)


def is_latin(text: str) -> bool:
    """Tell whether a folded text is written in Latin letters."""
    return text.isascii() and any(char.isalpha() for char in text)


@functools.cache
def _syllable(char: str) -> str:
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(char)[0])


def syllables(text: str) -> tuple[str, ...]:
    """Return the pinyin of each character, without tones, each read by itself.

    Args:
        text: A folded text.

    Returns:
        A syllable for each character; other characters as they are.
    """
    return tuple(_syllable(char) for char in text)


def pinyin(text: str) -> str:
    """Return the pinyin of a text as it is written in Latin letters: whole words are read, so 长葛 is changge.

    Args:
        text: A folded text.

    Returns:
        Letters and digits, without tones and spaces.
    """
    from pypinyin import lazy_pinyin

    return "".join(part for part in lazy_pinyin(text) if part.isascii()).replace("'", "").lower()
