"""A large graph that keeps to the shapes: the report of Xuchang many times, each time as another city's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from vetgraph import tables
from vetgraph.names import BASE, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetgraph.validate.facts import Quad

_DATA = Path(__file__).parent.parent / "data"
_SHARED = ("region", "programme", "competition", "body")
_OWN = re.compile(rf"(<{BASE}(?:report/xuchang-2025|id/(?!{'|'.join(_SHARED)})[a-z-]+/[^>]*?))(/[^>]*)?>")
_OTHERS = (f"<{BASE}graph/dataset/", f"<{BASE}graph/link/")
_NAMES = {f"<{PREFIXES['skos']}{name}>" for name in ("prefLabel", "altLabel")}


def copies(statements: int) -> Iterator[Quad]:
    """Give about so many statements.

    Args:
        statements: How many.

    Yields:
        Quads; regions, programmes, competitions and public bodies are the same for all cities.
    """
    # without the lists of others, and the links to them, which are about the one city
    report = [quad for quad in tables.read(_DATA).quads if not quad[3].startswith(_OTHERS)]
    shared = tuple(f"<{BASE}id/{kind}/" for kind in _SHARED)
    common = [quad for quad in report if quad[0].startswith(shared)]
    own = [quad for quad in report if not quad[0].startswith(shared)]
    yield from common
    for number in range(max(1, round((statements - len(common)) / len(own)))):
        for quad in own:
            subject, predicate, value, graph = (_OWN.sub(rf"\1-{number}\2>", term) for term in quad)
            if predicate in _NAMES:
                value = value.replace('"', f'"{number} ', 1)
            yield subject, predicate, value, graph
