"""What one request may use."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Budget:
    """Limits of one query; ``header()`` tells them to the client.

    Attributes:
        seconds: Time from the start of evaluation to its last byte.
        rows: Rows of a SELECT.
        bytes: Size of the serialised answer.
        memory: Bytes that a worker may take beyond what it has when idle.
    """

    seconds: float = 10.0
    rows: int = 1_000_000
    bytes: int = 256 * MEBIBYTE
    memory: int = 2048 * MEBIBYTE

    def within(self, seconds: float | None) -> Budget:
        """Return the budget with the time that a client asks for, never more than it has.

        Args:
            seconds: What the client asks for, or ``None``.

        Returns:
            The budget.
        """
        if seconds is None or seconds >= self.seconds:
            return self
        return Budget(seconds, self.rows, self.bytes, self.memory)

    def header(self) -> str:
        """Return the value of the ``Query-Budget`` header."""
        return f"time={self.seconds:g}s; rows={self.rows}; bytes={self.bytes}; memory={self.memory // MEBIBYTE}MiB"
