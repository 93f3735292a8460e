"""A request that is answered with an error, in the one error shape."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from vetgraph import render
from vetgraph.errors import (
    BudgetError,
    ConflictError,
    DataError,
    ForbiddenError,
    MissingError,
    Problem,
    QueryError,
    Text,
    TooManyError,
    UnsupportedError,
    UsageError,
    VetgraphError,
)

RETRY_AFTER: Final = "2"
_STATUS: Final[tuple[tuple[type[VetgraphError], int], ...]] = (
    (QueryError, 400),
    (TooManyError, 413),
    (UsageError, 400),
    (ForbiddenError, 403),
    (ConflictError, 409),
    (UnsupportedError, 501),
    (MissingError, 404),
    (DataError, 422),
)
_BUDGET: Final = {"rows": 422, "bytes": 422}


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - it is an answer
    """A request that is answered with an error."""

    status: int
    detail: Text
    fix: Text
    headers: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()

    def body(self, lang: str) -> dict[str, Any]:
        """Return the one error shape.

        Args:
            lang: ``zh`` or ``en``.

        Returns:
            What the JSON holds.
        """
        told: dict[str, Any] = {
            "error": {
                "status": self.status,
                "title": HTTPStatus(self.status).phrase,
                "detail": self.detail.get(lang),
                "fix": self.fix.get(lang),
            }
        }
        return {**told, "problems": render.problems_plain(self.problems)} if self.problems else told


def refusal(error: VetgraphError) -> Refusal:
    """Turn an error of ours into an answer: 4xx for what the client can mend, 503 for a spent budget, 500 for the rest.

    Args:
        error: The error.

    Returns:
        The answer.
    """
    headers: tuple[tuple[str, str], ...] = ()
    if isinstance(error, BudgetError):
        status = _BUDGET.get(error.resource, 503)
        if error.resource == "workers":
            headers = (("Retry-After", RETRY_AFTER),)
    else:
        status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
    detail, fix = error.message, error.fix
    if isinstance(error, QueryError) and error.excerpt:
        detail = Text(f"{detail.zh}\n{error.excerpt}", f"{detail.en}\n{error.excerpt}")
    problems = error.problems if isinstance(error, DataError) else ()
    return Refusal(status, detail, fix or Text("", ""), headers, problems)
