"""A page that says that what it shows is being read, and comes back when it is there."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from flask import Response, render_template, request

WHOLE: Final = "whole"
"""The parameter of an address that waits for all that its page shows, however long it takes."""


def waits() -> bool:
    """Tell whether the address says to wait."""
    return WHOLE in request.args


def page(title: str, told: str) -> Response:
    """Make the page.

    Args:
        title: What the page asked for is called.
        told: What is being read.

    Returns:
        A page that is not kept.
    """
    given = [*request.args.items(multi=True), (WHOLE, "")]
    whole = f"{request.script_root}{request.path}?{urlencode(given)}"
    response = Response(render_template("reading.html", title=title, told=told, whole=whole))
    response.headers["Cache-Control"] = "no-store"
    return response
