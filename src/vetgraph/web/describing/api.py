"""``/health`` and ``/openapi.json``."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, current_app, jsonify, request

if TYPE_CHECKING:
    from vetgraph.store import Store

blueprint = Blueprint("api", __name__)


def _store() -> Store:
    return cast("Store", current_app.extensions["vetgraph.store"])


@blueprint.get("/health")
def health() -> Response:
    """Say whether the store answers, and which content it has."""
    answer = _store().query("ASK {}")
    return jsonify(status="ok" if answer else "failing", store=_store().version)


def description() -> dict[str, Any]:
    """Return the description of every route by OpenAPI, put together from the files in ``openapi/``.

    Returns:
        The document, without the version and the address of the service.
    """
    folder = files("vetgraph.web").joinpath("openapi")
    described: dict[str, Any] = json.loads(folder.joinpath("openapi.json").read_text(encoding="utf-8"))
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".paths.json"):
            described["paths"].update(json.loads(file.read_text(encoding="utf-8")))
    return described


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Describe every route for programs, with the address of this service."""
    from importlib.metadata import version

    described = description()
    described["info"]["version"] = version("vetgraph")
    described["servers"] = [{"url": current_app.config.get("BASE_URL") or request.url_root.rstrip("/")}]
    return jsonify(described)
