"""The results of a store that changes: after each change only the focus nodes that it can concern are asked again.

What is kept always equals what a full check would find.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Final

from vetgraph.validate import algebra, reach
from vetgraph.validate.facts import SUBCLASS
from vetgraph.validate.reach import BoundlessError, Touch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from vetgraph.store import EmbeddedStore
    from vetgraph.validate.checker import Checker, Question
    from vetgraph.validate.facts import Quad
    from vetgraph.validate.result import Result
    from vetgraph.validate.shapes import Shapes

Concerned = dict["Question", "set[str] | None"]
"""The nodes to ask again, by question; ``None`` for all of them. A question that is not there need not be asked."""


class Reach:
    """Where each question of some shapes looks; worked out once."""

    def __init__(self, checker: Checker) -> None:
        """Remember the questions.

        Args:
            checker: Asks them.
        """
        self._questions: Final = checker.questions
        self._local: Final = cache(checker.compiled.local)
        self._touches: Final = cache(lambda question: _touches(checker.shapes, question))

    def prepare(self) -> None:
        """Work out now where each question looks, which takes a second, rather than at the first change."""
        for question in self._questions:
            with suppress(BoundlessError):
                self._touches(question)

    def concerned(self, store: EmbeddedStore, quads: Sequence[Quad]) -> Concerned:
        """Find what quads can concern.

        Args:
            store: The data that have the quads: those before the change for what goes, after it for what comes.
            quads: The quads.

        Returns:
            The nodes by question.
        """
        if any(quad[1] == SUBCLASS for quad in quads):  # what is of a class, and so everything, may be another
            return dict.fromkeys(self._questions)
        found: Concerned = {}
        for question in self._questions:
            try:
                nodes = reach.concerned(store, self._touches(question), quads)
            except BoundlessError:
                found[question] = None
                continue
            if nodes:
                whole = question.constraint is None and not self._local(question.shape)
                found[question] = None if whole else nodes
        return found


def _touches(shapes: Shapes, question: Question) -> tuple[Touch, ...]:
    targets = tuple(reach.of_targets(shapes, question.shape))
    if question.constraint is None:
        return (*targets, *reach.of_shape(shapes, question.shape))
    return (*targets, *algebra.of_constraint(question.constraint))


def both(one: Concerned, other: Concerned) -> Concerned:
    """Join what two changes concern.

    Args:
        one: What the first does.
        other: What the second does.

    Returns:
        What both do.
    """
    joined = dict(one)
    for question, nodes in other.items():
        before = joined.get(question, set())
        joined[question] = None if before is None or nodes is None else before | nodes
    return joined


class Standing:
    """The results of one store, by question and focus node."""

    def __init__(self, checker: Checker) -> None:
        """Check everything.

        Args:
            checker: Asks the store, which must not have shapes for another engine.

        Raises:
            ValueError: It has.
        """
        self.checker = checker
        self.reach = Reach(checker)
        found, left = checker.all()
        if left:
            raise ValueError(left)
        self._results: dict[Question, dict[str, list[Result]]] = {
            question: _by_focus(results) for question, results in found.items()
        }

    @property
    def results(self) -> list[Result]:
        """The results, in the order of the questions."""
        return [
            result
            for question in self.checker.questions
            for each in self._results[question].values()
            for result in each
        ]

    def change(self, removed: Sequence[Quad], added: Sequence[Quad], apply: Callable[[], object]) -> None:
        """Change the store, and ask again what the change concerns.

        Args:
            removed: Statements that go.
            added: Statements that come.
            apply: Makes the change.
        """
        before = self.reach.concerned(self.checker.store, removed)
        apply()
        self._ask_again(both(before, self.reach.concerned(self.checker.store, added)))

    def _ask_again(self, concerned: Concerned) -> None:
        if len(concerned) == len(self.checker.questions) and not any(concerned.values()):
            self.checker.forget_classes()
        for question, found in asked(self.checker, concerned).items():
            nodes = concerned[question]
            kept = self._results[question]
            if nodes is None:
                kept.clear()
            else:
                for node in nodes:
                    kept.pop(node, None)
            kept.update(found)


def asked(checker: Checker, concerned: Concerned) -> Mapping[Question, dict[str, list[Result]]]:
    """Ask questions of some nodes.

    Args:
        checker: Asks a store.
        concerned: The nodes by question.

    Returns:
        The results by question and focus node.
    """
    return {
        question: _by_focus(checker.some(question, sorted(nodes) if nodes is not None else None))
        for question, nodes in concerned.items()
    }


def _by_focus(results: Sequence[Result]) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        found[result.focus].append(result)
    return dict(found)
