"""The queries of the HTTP benchmark: each text, with another entity in it for each request."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

from synthetic import school_name, schools, thing

FOLDER: Final = Path(__file__).parent / "queries"
NAMES: Final = (
    *("point", "label", "join", "group", "path", "optional", "union", "not-exists", "top", "pairs", "construct"),
    "describe",
)
GRAPHS: Final = frozenset({"construct", "describe"})


def texts(name: str, statements: int, how_many: int = 400, seed: int = 7) -> list[str]:
    """Return a query for several entities, drawn at random.

    Args:
        name: Name of the query.
        statements: Size of the graph.
        how_many: Number of texts; one where nothing is to be filled in.
        seed: Of the random numbers.

    Returns:
        The texts.
    """
    draw = random.Random(seed)  # noqa: S311 - nothing is secret
    count = schools(statements)
    text = (FOLDER / f"{name}.rq").read_text(encoding="utf-8")
    found = []
    for _ in range(how_many):
        number = draw.randrange(count)
        filled = text.replace("<urn:school>", thing("school", number)).replace("NAME", school_name(number))
        filled = filled.replace("<urn:group>", thing("group", draw.randrange(max(5, count // 12))))
        found.append(filled.replace("<urn:region>", thing("region", draw.randrange(max(5, count // 40)))))
    return list(dict.fromkeys(found))
