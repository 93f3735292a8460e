"""A worker process: ``python -m vetgraph.workers KIND SETTINGS FD``, started by the pool and by nothing else."""

from __future__ import annotations

import json
import socket
import sys
from typing import TYPE_CHECKING

from vetgraph.errors import VetgraphError
from vetgraph.workers import child, messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from vetgraph.workers.messages import Job, Reply


def main() -> None:
    """Open the store and answer jobs."""
    kind, settings, descriptor = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
    connection = socket.socket(fileno=descriptor)
    connection.setblocking(True)  # noqa: FBT003 - the library's own signature
    try:
        answer = _answerer(kind, settings)
    except VetgraphError as error:
        connection.sendall(messages.pack_error(error))
        return
    child.limit(settings["memory"])
    child.work(connection, answer)


def _answerer(kind: str, settings: dict[str, str]) -> Callable[[Job], Reply]:
    if kind == "read":
        from vetgraph.workers.reader import Reader

        return Reader(settings["store"], settings["folder"], in_memory=bool(settings["in_memory"]))
    if kind == "analyse":
        from vetgraph.workers.analysis import Analyst

        return Analyst(settings["store"], settings["folder"])
    from vetgraph.fetching import Fetching
    from vetgraph.workers.writer import Writer

    return Writer(
        settings["store"],
        Fetching(frozenset(settings["hosts"])),
        int(settings["upload"]),
        guarded=bool(settings["guard"]),
    )


if __name__ == "__main__":
    main()
