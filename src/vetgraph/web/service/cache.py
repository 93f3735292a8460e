"""Answers that were given before: exact, since the content of a store has a name and a change gives it another."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, TypeAlias

Header: TypeAlias = tuple[bytes, bytes]

_OVERHEAD: Final = 1024
_CHANGING: Final = re.compile(r"\b(?:now|rand|uuid|struuid)\b|\\u", re.IGNORECASE)


@dataclass(frozen=True)
class Kept:
    """An answer: its headers and its bytes."""

    headers: tuple[Header, ...]
    body: bytes
    etag: bytes


def repeatable(text: str) -> bool:
    """Tell whether a query gives the same answer whenever it is asked.

    Args:
        text: The query. One that mentions the time or chance is taken for changing.

    Returns:
        Whether its answer may be kept.
    """
    return _CHANGING.search(text) is None


def etag(version: str, *request: bytes) -> bytes:
    """Return the entity tag of an answer.

    Args:
        version: Name of the store's content.
        *request: What of the request decides the answer.

    Returns:
        The tag, quoted.
    """
    digest = hashlib.blake2b(version.encode(), digest_size=15)
    for part in request:
        digest.update(len(part).to_bytes(4, "big") + part)
    return b'"' + digest.hexdigest().encode() + b'"'


class AnswerCache:
    """The answers asked for last, within a bound of bytes."""

    def __init__(self, most: int) -> None:
        """Set the bound.

        Args:
            most: Bytes that all answers together may take; 0 keeps none.
        """
        self._most = most
        self._size = 0
        self._kept: OrderedDict[tuple[bytes, ...], Kept] = OrderedDict()
        self._version = ""
        self.hits = 0

    def get(self, version: str, request: tuple[bytes, ...]) -> Kept | None:
        """Return an answer that was kept.

        Args:
            version: Name of the store's content now.
            request: What of the request decides the answer.

        Returns:
            The answer, or ``None``.
        """
        if version != self._version:
            self._kept.clear()
            self._size = 0
            self._version = version
        found = self._kept.get(request)
        if found is not None:
            self._kept.move_to_end(request)
            self.hits += 1
        return found

    def put(self, version: str, request: tuple[bytes, ...], kept: Kept) -> None:
        """Keep an answer.

        Args:
            version: Name of the content that gave it.
            request: What of the request decides the answer.
            kept: The answer.
        """
        size = _size(request, kept)
        if version != self._version or size * 8 > self._most or request in self._kept:
            return
        self._kept[request] = kept
        self._size += size
        while self._size > self._most:
            old, answer = self._kept.popitem(last=False)
            self._size -= _size(old, answer)


def _size(request: tuple[bytes, ...], kept: Kept) -> int:
    return _OVERHEAD + len(kept.body) + sum(len(part) for part in request)
