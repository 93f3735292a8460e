"""What there is to ask for, as a list for programs: the queries, networks and tables by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request

from vetgraph.web import frame, negotiation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vetgraph.queries import Query

_OFFERED = ("text/html", "application/json")


def asked() -> bool:
    """Tell whether the request wants JSON rather than a page: by ``format=json`` or by what it accepts."""
    accept = request.headers.get("Accept", "")
    return request.args.get("format") == "json" or negotiation.best(accept, _OFFERED) == "application/json"


def written(entries: Iterable[tuple[Query, str, Mapping[str, Any]]]) -> Response:
    """Write a list.

    Args:
        entries: Of each its query, the path of its page, and what else there is to say.

    Returns:
        A JSON array: name, title and description in both languages, parameters, address.
    """
    base = frame.base().rstrip("/")
    return jsonify(
        [
            {
                "name": query.name,
                "title": {"zh": query.title.zh, "en": query.title.en},
                "description": {"zh": query.description.zh, "en": query.description.en},
                "parameters": [
                    {
                        "name": param.name,
                        "type": param.type,
                        "label": {"zh": param.label.zh, "en": param.label.en},
                        "default": param.default,
                        "optional": param.optional,
                    }
                    for param in query.params
                ],
                "address": base + path.removeprefix(request.script_root),
                **more,
            }
            for query, path, more in entries
        ]
    )
