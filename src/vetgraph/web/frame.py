"""What stands around every page: the ways through the site, its address, and the tags that other sites read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from flask import current_app, request

if TYPE_CHECKING:
    from collections.abc import Iterable

ANSWERED_BEFORE: Final = frozenset({"/checks"})
"""Pages that the service answers before the application is asked."""

REVIEW: Final = "/review"
"""Where mappings are decided on; shown where the service is run with a folder of them."""

_WAYS: Final = (
    ("/tables", "frame-tables"),
    ("/networks", "networks"),
    ("/queries", "frame-questions"),
    ("/compare", "frame-compare"),
    ("/checks", "checks"),
    (REVIEW, "review"),
    ("/sparql", "frame-sparql"),
)


@dataclass(frozen=True)
class Way:
    """A link of the navigation.

    Attributes:
        path: Where it leads.
        word: Name of its word.
        here: Whether the page shown is there, or below it.
    """

    path: str
    word: str
    here: bool


def routes() -> frozenset[str]:
    """Return the paths that the service answers, as the application's rules write them."""
    found: frozenset[str] | None = current_app.extensions.get("vetgraph.routes")
    if found is None:
        found = ANSWERED_BEFORE | {rule.rule for rule in current_app.url_map.iter_rules()}
        current_app.extensions["vetgraph.routes"] = found
    return found


def reviewing() -> bool:
    """Tell whether mappings can be reviewed here."""
    return "vetgraph.review" in current_app.extensions


def ways() -> list[Way]:
    """Return the links of the navigation: of those that the site may have, the ones that lead somewhere."""
    known, path = routes(), request.path
    return [
        Way(f"{request.script_root}{target}", word, path == target or path.startswith(f"{target}/"))
        for target, word in _WAYS
        if target in known and (target != REVIEW or reviewing())
    ]


def address(arguments: Iterable[tuple[str, str]] | None = None, *, whole: bool = False) -> str:
    """Return the address of the page shown.

    Args:
        arguments: What its query string says; by default what it says now, without the language.
        whole: Whether scheme and host are part of it.

    Returns:
        The address, as the operator has named the service or as the client sees it.
    """
    given = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    query = urlencode(given if arguments is None else [*given, *arguments])
    root = f"{base()[:-1]}" if whole else request.script_root
    return f"{root}{request.path}{'?' if query else ''}{query}"


def base() -> str:
    """Return the address of the service, with its last slash."""
    fixed = str(current_app.config.get("BASE_URL") or request.url_root)
    return f"{fixed.rstrip('/')}/"


def values(lang: str) -> dict[str, Any]:
    """Return what the frame's template needs.

    Args:
        lang: The reader's language.

    Returns:
        Values by name.
    """
    store = current_app.extensions["vetgraph.store"]
    return {
        "ways": ways(),
        "routes": routes(),
        "reviewing": reviewing(),
        "here": address(whole=True),
        "base": base(),
        "switch": address([("lang", "en" if lang == "zh" else "zh")]),
        "edition": store.version,
    }
