"""The documents in the body of a request: one, or several as a form sends them; packed or not."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from vetgraph.errors import QueryError, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetgraph.workers.messages import Job

MULTIPART = "multipart/form-data"


def documents(job: Job, limit: int) -> Iterator[tuple[str, str, IO[bytes]]]:
    """Give the documents of a job.

    Args:
        job: Its file, media type and encoding are looked at.
        limit: Most bytes once they are unpacked.

    Yields:
        Name (empty where the sender gives none), media type and content of each.

    Raises:
        QueryError: The body is no form, though it says so.
    """
    media = job.media.partition(";")[0].strip().lower()
    file: IO[bytes] = Path(job.file).open("rb") if job.file else io.BytesIO()  # noqa: SIM115 - read once
    if job.encoding == "gzip":
        file = cast("IO[bytes]", _Limited(cast("IO[bytes]", gzip.open(file)), limit))  # noqa: SIM115 - read once
    if media != MULTIPART:
        yield "", media, file
        return
    from werkzeug.formparser import parse_form_data

    environ = {
        "wsgi.input": file,
        "CONTENT_TYPE": job.media,
        "REQUEST_METHOD": "POST",
        "wsgi.input_terminated": True,
    }
    try:
        _, _, files = parse_form_data(environ, silent=False)
    except ValueError as error:  # as a boundary that is not there
        raise QueryError(
            Text(f"multipart/form-data 读不出：{error}", f"this multipart/form-data cannot be read: {error}"), None
        ) from None
    for name in files:
        for each in files.getlist(name):
            if each.filename or name != "file":
                yield each.filename or "", (each.mimetype or "").lower(), each.stream


class _Limited(io.RawIOBase):
    """A stream that ends with an error when it is longer than allowed: a small archive can hold a very large file."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream = stream
        self._left = limit

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise OSError("larger than this service takes")
        return data
