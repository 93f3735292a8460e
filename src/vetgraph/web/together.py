"""Questions of one page that do not wait for one another, asked at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

from vetgraph.workers.pooled import PooledStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from vetgraph.store import Store

_AT_ONCE: Final = 3
"""Questions that one page asks at a time: as many as there are workers by default, and one to follow at once."""

_T = TypeVar("_T")


def together(store: Store, questions: Iterable[Callable[[], _T]]) -> list[_T]:
    """Ask several questions at the same time, where the store has workers that can answer them so.

    Args:
        store: What they ask.
        questions: Functions that ask and return an answer; they run in threads without a request.

    Returns:
        Their answers, in the order of the questions.
    """
    listed = list(questions)
    if len(listed) < 2 or not isinstance(store, PooledStore):  # noqa: PLR2004 - one needs no thread
        return [question() for question in listed]
    with ThreadPoolExecutor(min(_AT_ONCE, len(listed))) as threads:
        return list(threads.map(lambda question: question(), listed))
