"""What can go wrong, and where: the error tree and the problem that points at a cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

Severity = Literal["violation", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same message in Chinese and English."""

    zh: str
    en: str

    def get(self, lang: str) -> str:
        """Return the message in one language.

        Args:
            lang: A language tag; whatever begins with ``zh`` is Chinese, the rest English.

        Returns:
            The message.
        """
        return self.zh if lang.lower().startswith("zh") else self.en

    def __str__(self) -> str:
        return self.en


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a file.

    Attributes:
        file: The file, as the user named it.
        row: The spreadsheet's row; the header is row 1.
        column: The header of the column, or a JSON pointer in a metadata file.
        line: The physical line, which differs from the row where a cell holds line breaks.
    """

    file: str
    row: int | None = None
    column: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.row or self.line, self.column) if part is not None)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in the data, at one cell, perhaps with others that took part.

    Attributes:
        file: The file.
        row: The spreadsheet's row; the header is row 1.
        column: The column.
        message: What was expected and what was found.
        fix: How to mend it.
        severity: As in SHACL.
        related: Other cells that took part, as the parts of a sum.
        line: The physical line.
        shape: The IRI of the shape or constraint that found it, if one did.
        passages: The IRIs of the passages that state what is wrong, where a shape found it.
    """

    file: str
    row: int | None
    column: str | None
    message: Text
    fix: Text
    severity: Severity = "violation"
    related: tuple[Cell, ...] = ()
    line: int | None = None
    shape: str | None = None
    passages: tuple[str, ...] = ()

    @property
    def cell(self) -> Cell:
        """The cell that the problem points at."""
        return Cell(self.file, self.row, self.column, self.line)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All the cells that took part, the problem's own first."""
        return (self.cell, *self.related)


def problem_of(told: Mapping[str, Any]) -> Problem:
    """Make a problem of what ``dataclasses.asdict`` said of one.

    Args:
        told: What it said.

    Returns:
        The problem.
    """
    return Problem(
        **{
            **told,
            "message": Text(**told["message"]),
            "fix": Text(**told["fix"]),
            "related": tuple(Cell(**cell) for cell in told["related"]),
            "passages": tuple(told["passages"]),
        }
    )


def _text(message: Text | str) -> Text:
    return message if isinstance(message, Text) else Text(message, message)


class VetgraphError(Exception):
    """Any failure that a user can mend; the command line prints it as one line and leaves.

    Attributes:
        message: What is wrong.
        fix: How to mend it, if that can be said.
        exit_code: What the command line returns.
    """

    exit_code = 1

    def __init__(self, message: Text | str, fix: Text | str | None = None) -> None:
        self.message = _text(message)
        self.fix = None if fix is None else _text(fix)
        super().__init__(self.message.en)


class UsageError(VetgraphError):
    """A wrong argument, name or parameter."""

    exit_code = 2


class TooManyError(UsageError):
    """More at once than is answered."""


class ForbiddenError(VetgraphError):
    """What is asked for is not allowed here."""


class ConflictError(VetgraphError):
    """What is asked for does not fit what the store holds now, as to drop a graph that is not there."""


class UnsupportedError(VetgraphError):
    """A valid request for what this service cannot do."""


class MissingError(VetgraphError):
    """What is asked for is not there."""


class NotAcceptableError(VetgraphError):
    """No format of this kind of answer (``table`` or ``graph``, the message) is acceptable to the client."""


class BudgetError(VetgraphError):
    """A request used more than it may, or there was nobody to answer it.

    Attributes:
        resource: ``time``, ``rows``, ``bytes``, ``memory`` or ``workers``.
    """

    def __init__(self, message: Text | str, fix: Text | str | None = None, *, resource: str = "time") -> None:
        super().__init__(message, fix)
        self.resource = resource


class StoreError(VetgraphError):
    """A store that is missing, busy or broken."""


class QueryError(VetgraphError):
    """A query that is malformed or not allowed.

    Attributes:
        line: The line of the error in the query, from 1.
        column: The column, from 1.
        excerpt: The line with a caret below the place.
    """

    def __init__(
        self,
        message: Text | str,
        fix: Text | str | None = None,
        *,
        line: int | None = None,
        column: int | None = None,
        excerpt: str | None = None,
    ) -> None:
        super().__init__(message, fix)
        self.line = line
        self.column = column
        self.excerpt = excerpt


class DataError(VetgraphError):
    """Data that do not fit; carries every problem found.

    Attributes:
        problems: The problems.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        count = len(self.problems)
        super().__init__(Text(f"数据有 {count} 处问题", f"{count} problem{'' if count == 1 else 's'} in the data"))
