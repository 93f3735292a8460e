"""Where a worker writes an answer: in memory while it is small, then in a file; within the budget."""

from __future__ import annotations

import re
import tempfile
from typing import IO, TYPE_CHECKING, Final

from vetgraph.errors import BudgetError, Text

if TYPE_CHECKING:
    from pathlib import Path

SPILL: Final = 1 << 20
"""Answers of more bytes than this go to a file."""

# A row as each format begins or ends it; in JSON, quotes inside a value are escaped, so that `{"` only begins a row.
_ROWS: Final[dict[str, re.Pattern[bytes]]] = {
    "json": re.compile(rb'[\[,]\{["}]'),
    "xml": re.compile(rb"<result>"),
    "csv": re.compile(b"\n"),
    "tsv": re.compile(b"\n"),
}
_CARRIED: Final = 8


class Sink:
    """A file to write to, which counts bytes and rows and stops when there are too many."""

    def __init__(self, folder: Path | str, most_bytes: int = 0, most_rows: int = 0, form: str = "") -> None:
        """Open it.

        Args:
            folder: Where a large answer's file is made.
            most_bytes: The limit of bytes; 0 for none.
            most_rows: The limit of rows; 0 for none.
            form: The result format whose rows are counted; empty where there are none.
        """
        self._folder = str(folder)
        self._parts: list[bytes] = []
        self._file: IO[bytes] | None = None
        self._most_bytes = most_bytes
        self._most_rows = most_rows
        self._row = _ROWS.get(form)
        self._uncounted = min(most_rows, SPILL)  # a row has at least one byte: fewer bytes need no counting
        self._rows = -1 if form in {"csv", "tsv"} else 0  # the header line is none
        self._tail = b""
        self.size = 0

    def write(self, data: bytes) -> int:
        """Take bytes.

        Args:
            data: The bytes.

        Returns:
            Their number.

        Raises:
            BudgetError: There are more bytes or rows than allowed.
        """
        self.size += len(data)
        if self._most_bytes and self.size > self._most_bytes:
            raise BudgetError(
                Text(f"答案超过 {self._most_bytes} 字节", f"the answer has more than {self._most_bytes} bytes"),
                Text("加 LIMIT，或分几次查询", "add a LIMIT, or ask in parts"),
                resource="bytes",
            )
        self._count(data)
        if self._file is not None:
            self._file.write(data)
        else:
            self._parts.append(bytes(data))
            if self.size > SPILL:
                self._spill()
        return len(data)

    def _count(self, data: bytes, kept_back: int = _CARRIED) -> None:
        if self._row is None or not self._most_rows or self.size <= self._uncounted:
            return
        if self._uncounted:
            self._uncounted = 0
            data = b"".join([*self._parts, data])
        text = self._tail + data  # what begins a row may be cut in two
        whole = max(0, len(text) - kept_back)
        self._rows += sum(1 for match in self._row.finditer(text) if match.start() < whole)
        self._tail = text[whole:]
        if self._rows > self._most_rows:
            raise BudgetError(
                Text(f"答案超过 {self._most_rows} 行", f"the answer has more than {self._most_rows} rows"),
                Text("加 LIMIT，或分几次查询", "add a LIMIT, or ask in parts"),
                resource="rows",
            )

    def _spill(self) -> None:
        self._file = tempfile.NamedTemporaryFile("wb", dir=self._folder, delete=False)  # noqa: SIM115 - closed by ``taken``
        self._file.write(b"".join(self._parts))
        self._parts = []

    def flush(self) -> None:
        """Do nothing: ``taken`` closes the file."""

    def taken(self) -> tuple[bytes, str | None]:
        """Return the answer.

        Returns:
            The bytes and ``None``, or nothing and the path of the file that has them.

        Raises:
            BudgetError: There are more rows than allowed.
        """
        self._count(b"", kept_back=0)
        if self._file is None:
            return b"".join(self._parts), None
        self._file.close()
        return b"", self._file.name

    def drop(self) -> None:
        """Remove a file that nobody will read."""
        from pathlib import Path

        if self._file is not None:
            self._file.close()
            Path(self._file.name).unlink(missing_ok=True)
