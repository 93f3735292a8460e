"""How values stand in order: codes as in their list, names by their sounds."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import pyoxigraph as ox

from vetgraph import codelists, names

_LAST: Final = "\uffff"


def spoken(text: str) -> bytes:
    """Return what sorts Chinese as dictionaries do: GB 2312 has its common characters in the order of their sounds.

    Args:
        text: A name; an empty one comes last.

    Returns:
        Its key.
    """
    return (text or _LAST).casefold().encode("gb18030", "replace")


@lru_cache(maxsize=4096)
def position(value: Any) -> tuple[int, str]:  # noqa: ANN401 - any RDF term
    """Return what sorts codes as their list does.

    Args:
        value: A code.

    Returns:
        Its place and its IRI.
    """
    iri = value.value if isinstance(value, ox.NamedNode) else str(value)
    scheme, _, code = iri.removeprefix(names.PREFIXES["code"]).partition("/")
    known = codelists.load().keys(scheme)
    return (known.index(code) if code in known else len(known), iri)
