"""Where the ontology, the shapes and the table schemas are, in a checkout or in an installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = {"ontology": "ontology", "shapes": "shapes", "tables": "data/tables"}


@cache
def folder(name: str) -> Path:
    """Return a folder of resources.

    Args:
        name: ``ontology``, ``shapes``, ``tables`` or ``queries``.

    Returns:
        The folder: in the wheel if the package was installed with its resources, else in the checkout.

    Raises:
        FileNotFoundError: There is no such folder of resources.
    """
    if name == "queries":
        return _PACKAGE / "queries"
    candidates = [_PACKAGE / "_resources" / name]
    if name in _CHECKOUT:
        candidates.append(_PACKAGE.parent.parent / _CHECKOUT[name])
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(name)
