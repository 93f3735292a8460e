"""Check a store where it lies: each shape and each constraint, for all its focus nodes or for some."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vetgraph.validate import prebinding, sparql
from vetgraph.validate.compiled import Compiled, NotCompilableError
from vetgraph.validate.reach import THIS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vetgraph.store import EmbeddedStore
    from vetgraph.validate.result import Result
    from vetgraph.validate.shapes import Constraint, Shapes


@dataclass(frozen=True)
class Question:
    """What is asked by itself: a shape with targets, by SHACL Core, or one of its ``sh:sparql`` constraints.

    Attributes:
        shape: The shape, as an N-Quads term.
        constraint: The constraint.
    """

    shape: str
    constraint: Constraint | None = None


_AT_ONCE: Final = min(os.cpu_count() or 1, 4)
"""Questions that are asked at the same time: more threads than cores were not measured to be faster."""

_MANY: Final = 500
"""So many focus nodes are too many for the text of a query."""


class Checker:
    """Asks the shapes of one store."""

    def __init__(self, store: EmbeddedStore, shapes: Shapes, *, graphs: bool = True) -> None:
        """Put the questions together.

        Args:
            store: The data: named graphs, each statement once in the default graph, and the code lists they use.
            shapes: The shapes.
            graphs: Whether the data stand in named graphs: a constraint that needs them is not asked where there are
                none.

        Raises:
            UsageError: A constraint is one that the standard gives no meaning.
        """
        for constraint in shapes.constraints:
            if not constraint.set_based:
                prebinding.check(constraint)
        self.store = store
        self.shapes = shapes
        self.graphs = graphs
        self.compiled = Compiled(store, shapes)
        self.questions: Final = (
            *(Question(shape) for shape in shapes.targeted() if not shapes.deactivated(shape)),
            *(Question(each.shape, each) for each in shapes.constraints if graphs or not each.needs_graphs),
        )

    def all(self) -> tuple[dict[Question, list[Result]], list[str]]:
        """Ask everything of all focus nodes.

        Returns:
            The results of each question, and the shapes that are for another engine.
        """
        with ThreadPoolExecutor(_AT_ONCE) as threads:  # the engine lets go of the interpreter while it searches
            answers = list(threads.map(self._asked, self.questions))
        found = {
            question: answer for question, answer in zip(self.questions, answers, strict=True) if answer is not None
        }
        return found, [question.shape for question in self.questions if question not in found]

    def _asked(self, question: Question) -> list[Result] | None:
        """Ask one question of all focus nodes; ``None`` where it is for another engine."""
        try:
            return self.some(question, None)
        except NotCompilableError:
            return None

    def some(self, question: Question, only: Sequence[str] | None) -> list[Result]:
        """Ask one question of some nodes.

        Args:
            question: One that a query can answer.
            only: The nodes; those that the shape does not check are passed over. ``None`` for all.

        Returns:
            The results.

        Raises:
            NotCompilableError: The question is one for another engine.
        """
        if question.constraint is not None:
            return self._constraint(question.constraint, only)
        if only is not None and len(only) <= _MANY:
            focus = self.compiled.focus(question.shape, only)
            return self.compiled.check(question.shape, focus) if focus else []
        found = self.compiled.check(question.shape)
        if only is None:
            return found
        wanted = frozenset(only)
        return [result for result in found if result.focus in wanted]

    def forget_classes(self) -> None:
        """Look anew which class is below which: the queries have them written in."""
        self.compiled = Compiled(self.store, self.shapes)

    def not_asked(self) -> list[str]:
        """Return the constraints that have focus nodes and need the named graphs that are not there."""
        waiting = [] if self.graphs else [each for each in self.shapes.constraints if each.needs_graphs]
        return [each.iri for each in waiting if self.compiled.focus(each.shape)]

    def _constraint(self, constraint: Constraint, only: Sequence[str] | None) -> list[Result]:
        """Ask a constraint: where it may be, once for all focus nodes, which then stand in its query."""
        named = only if only is not None and len(only) <= _MANY else None
        pattern = self.compiled.pattern(constraint.shape, THIS, named, once=sparql.counts(constraint))
        if pattern is None:
            return []
        wanted = None if only is None or named is not None else frozenset(only)
        joined = sparql.joined(constraint, pattern, named) if constraint.set_based else None
        if joined is None:
            focus = self.compiled.focus(constraint.shape, named)
            some = [node for node in focus if wanted is None or node in wanted]
            return sparql.check_each(self.store, self.shapes, constraint, some)
        found = sparql.check_all(self.store, self.shapes, joined)
        return [result for result in found if wanted is None or result.focus in wanted]
