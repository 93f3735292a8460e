"""How far long work is, on a terminal."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vetgraph.cli.talking import language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetgraph.errors import Text

_PATIENCE = 0.7
"""Seconds before the first word: short work says nothing."""


@contextmanager
def shown() -> Iterator[None]:
    """Show on standard error what is being done, where that is a terminal and it takes long.

    Yields:
        Nothing; the line is gone at the end.
    """
    if not sys.stderr.isatty():
        yield
        return
    from vetgraph.networks.progress import reporting

    start, lang = time.monotonic(), language()

    def told(step: Text, done: int, steps: int) -> None:
        if time.monotonic() - start > _PATIENCE:
            sys.stderr.write(f"\r\x1b[K{step.get(lang)} … {done}/{steps}")
            sys.stderr.flush()

    try:
        with reporting(told):
            yield
    finally:
        if time.monotonic() - start > _PATIENCE:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
