"""How far long work is: a function of the caller's, told of each step; what it raises stops the work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from vetgraph.errors import Text

Progress = Callable[[Text, int, int], None]
"""Takes what is being done, how many steps are done, and of how many."""

_LISTENER: ContextVar[Progress | None] = ContextVar("listener", default=None)


@contextmanager
def reporting(listener: Progress | None) -> Iterator[None]:
    """Tell a function of each step of what is done inside the ``with`` statement.

    Args:
        listener: Called before each step with what it is, the number of steps done, and how many there are. It may
            raise, as ``KeyboardInterrupt``, to stop the work.

    Yields:
        Nothing.
    """
    before = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(before)


def report(step: Text, done: int, steps: int) -> None:
    """Tell the listener, if there is one.

    Args:
        step: What is being done.
        done: How many steps are done.
        steps: How many there are.
    """
    listener = _LISTENER.get()
    if listener is not None:
        listener(step, done, steps)
