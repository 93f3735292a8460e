"""Text as search compares it: simplified, of one width and case, without marks; and where each sign stood before."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

START: Final = "\ue000"
END: Final = "\ue001"
"""Signs for private use, which stand for the two ends of a name in its grams."""


@dataclass(frozen=True)
class Folded:
    """A text as search compares it.

    Attributes:
        text: Letters, digits and Chinese characters, nothing else.
        places: For each of its signs the offset of the sign of the original that it comes from.
    """

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of the original that a part of the folded text comes from.

        Args:
            start: Offset of the part in the folded text.
            end: Offset behind it.

        Returns:
            Start and end in the original.
        """
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """Fold a text: traditional to simplified, full width to half, capitals to small, without accents or punctuation.

    Args:
        text: Any text.

    Returns:
        The folded text with its places.
    """
    signs: list[str] = []
    places: list[int] = []
    for place, char in enumerate(_simplified(text)):
        for sign in _folded(char):
            signs.append(sign)
            places.append(place)
    return Folded("".join(signs), tuple(places))


def grams(text: str, size: int, *, start: bool = False, end: bool = False) -> list[str]:
    """Cut a folded text into overlapping pieces.

    Args:
        text: The folded text.
        size: Signs of a piece.
        start: Whether a sign for its beginning is put before it.
        end: Whether a sign for its end is put behind it.

    Returns:
        The pieces in order; one shorter piece where the text is shorter.
    """
    whole = f"{START if start else ''}{text}{END if end else ''}"
    return [whole[i : i + size] for i in range(max(1, len(whole) - size + 1))] if whole else []


def is_letters(text: str) -> bool:
    """Tell whether a folded text can be pinyin or initials: Latin letters and digits only, and a letter among them.

    Args:
        text: The folded text.

    Returns:
        Whether it can.
    """
    return text.isascii() and any(sign.isalpha() for sign in text)


def is_chinese(char: str) -> bool:
    """Tell whether a sign is a Chinese character.

    Args:
        char: One sign.

    Returns:
        Whether it is.
    """
    return "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff"


def _folded(char: str) -> Iterator[str]:
    if char in "üÜ":  # pinyin is typed with v
        yield "v"
        return
    if char.isascii():
        if char.isalnum():
            yield char.lower()
        return
    for sign in unicodedata.normalize("NFKD", char).casefold():
        if sign.isalnum():
            yield sign


def _simplified(text: str) -> str:
    if text.isascii():
        return text
    found: str = _converter().convert(text)
    if len(found) != len(text):  # a phrase became longer or shorter: sign by sign, so that places stay
        return "".join(c if len(c := _converter().convert(char)) == 1 else char for char in text)
    return found


@cache
def _converter() -> Any:  # noqa: ANN401 - the library has no types
    import opencc

    return opencc.OpenCC("t2s")
