"""Refuse a change that breaks the shapes, before it is made known to anybody."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from vetgraph.errors import DataError
from vetgraph.names import PREFIXES
from vetgraph.validate import shapes as shape_files
from vetgraph.validate.algebra import of_constraint
from vetgraph.validate.checker import Checker
from vetgraph.validate.problems import Sources, problems_of
from vetgraph.validate.reach import BoundlessError
from vetgraph.validate.standing import Reach, asked, both

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vetgraph.store import EmbeddedStore
    from vetgraph.validate.facts import Quad
    from vetgraph.validate.result import Result
    from vetgraph.validate.shapes import Shapes
    from vetgraph.validate.standing import Concerned

_VIOLATION = f"<{PREFIXES['sh']}Violation>"


def prepare() -> None:
    """Work out now where the project's shapes look, which takes a second, rather than at the first change."""
    for constraint in shape_files.load().constraints:
        with suppress(BoundlessError):
            of_constraint(constraint)


def guard(
    before: EmbeddedStore,
    after: EmbeddedStore,
    removed: Sequence[Quad],
    added: Sequence[Quad],
    shapes: Shapes | None = None,
) -> None:
    """Compare the focus nodes that a change concerns, before and after it.

    Args:
        before: The data before the change.
        after: The data after it.
        removed: Statements that went.
        added: Statements that came.
        shapes: The shapes; the project's own if not given.

    Raises:
        DataError: There are violations that were not there before.
        NotCompilableError: A shape is one for another engine, which cannot be asked of some nodes.
    """
    shapes = shapes or shape_files.load()
    old, new = Checker(before, shapes), Checker(after, shapes)
    concerned = both(
        Reach(old).concerned(before, removed),
        Reach(new).concerned(after, added),
    )
    known = {result.key for result in _results(old, concerned)}
    broken = [result for result in _results(new, concerned) if result.key not in known]
    violations = [result for result in broken if result.severity == _VIOLATION]
    if violations:
        raise DataError(problems_of(violations, shapes, Sources()))


def _results(checker: Checker, concerned: Concerned) -> list[Result]:
    found = asked(checker, concerned)
    return [result for by_focus in found.values() for results in by_focus.values() for result in results]
