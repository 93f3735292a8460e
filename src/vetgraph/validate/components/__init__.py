"""The queries that constraint components become, as templates: a file for each way to ask."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from string import Template


@cache
def template(name: str) -> Template:
    """Return a template.

    Args:
        name: Its file, without ``.rq``.

    Returns:
        The query, with ``$FOCUS`` for the pattern of the focus nodes, ``$OUTER`` for the variables of those around
        them, ``$VALUE`` for the step to a value, and more.
    """
    return Template(files(__name__).joinpath(f"{name}.rq").read_text(encoding="utf-8"))
