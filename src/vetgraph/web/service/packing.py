"""Pages and their files, packed with gzip for those who accept it: a page is mostly markup that repeats itself."""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from flask import request

if TYPE_CHECKING:
    from flask import Response

_LEAST: Final = 1_400
"""Bytes; what is smaller travels in one packet anyway."""

_LARGEST: Final = 64_000_000
"""Bytes; a network of 50,000 ties as JSON or GEXF has some 20 million and is packed in 0.2 s."""

_FINE: Final = 200
_LEVEL: Final = 4
_PACKED: Final = frozenset({"application/json", "application/javascript", "application/xml"})
_ENDINGS: Final = ("+json", "+xml")
_GZIP: Final = 31
"""What zlib calls the format of gzip, with the largest window."""


def pack(response: Response) -> Response:
    """Pack an answer where that helps.

    Args:
        response: The answer, whole.

    Returns:
        The answer, packed if the client accepts it.
    """
    mimetype = response.mimetype or ""
    text = mimetype.startswith("text/") or mimetype in _PACKED or mimetype.endswith(_ENDINGS)
    if response.status_code != _FINE or not text:
        return response
    if response.content_encoding or (response.is_streamed and not response.direct_passthrough):
        return response
    response.vary.add("Accept-Encoding")
    length = response.content_length or 0
    if not accepted() or not _LEAST <= length <= _LARGEST:
        return response
    tag, _ = response.get_etag()
    response.direct_passthrough = False
    body = response.get_data()
    response.set_data(_kept(body) if request.endpoint == "static" else _packed(body))
    response.headers["Content-Encoding"] = "gzip"
    if tag:
        response.set_etag(tag, weak=True)  # the same page in other bytes
    return response


def accepted() -> bool:
    """Tell whether the client prefers packed answers."""
    offered = request.accept_encodings
    return offered["gzip"] > 0 and offered.best_match(["gzip", "identity"]) == "gzip"


@lru_cache(maxsize=64)
def _kept(body: bytes) -> bytes:
    return _packed(body)


def _packed(body: bytes) -> bytes:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return packer.compress(body) + packer.flush()
