"""Who reads: the language of the request that is being answered."""

from __future__ import annotations

from flask import request

from vetgraph.web import negotiation


def language() -> str:
    """Return the language of the current request, ``zh`` or ``en``."""
    header = request.headers.get("Accept-Language", "")
    return negotiation.language(request.args.get("lang"), request.cookies.get("lang"), header)
