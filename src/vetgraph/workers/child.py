"""What every worker process does: limit itself, say that it is ready, answer one job after the other."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from typing import TYPE_CHECKING, Final

from vetgraph.errors import BudgetError, StoreError, Text, VetgraphError
from vetgraph.workers import messages

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from vetgraph.workers.messages import Job, Reply

_DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG of prctl(2)


def limit(memory: int) -> None:
    """Bound the address space of this process, and let it end with its parent where the system can.

    Args:
        memory: Bytes beyond what the process has now.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    if sys.platform != "linux":
        return
    import ctypes
    import resource

    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    with open("/proc/self/statm", encoding="ascii") as sizes:  # noqa: PTH123 - no need of pathlib here
        now = int(sizes.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (now + memory, now + memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:  # noqa: PTH123
        score.write("900")  # better a worker than the service


def work(connection: socket.socket, answer: Callable[[Job], Reply]) -> None:
    """Answer jobs until the other side has gone.

    Args:
        connection: A blocking socket to the web process.
        answer: Does a job.
    """
    gc.freeze()  # what is there now stays; the collector need not look at it again and again
    with contextlib.suppress(OSError):  # the other side has gone already
        connection.sendall(messages.pack({"ready": True}))
    while (frame := messages.receive(connection)) is not None:
        job = messages.Job.of(frame[0])
        try:
            told = answer(job).pack()
        except VetgraphError as error:
            told = messages.pack_error(error)
        except MemoryError:
            told = messages.pack_error(too_large())
        except Exception as error:  # noqa: BLE001 - the web process must hear of whatever happened
            told = messages.pack_error(StoreError(Text(f"内部错误：{error}", f"internal error: {error!r}")))
        try:
            connection.sendall(told)
        except OSError:
            return


def too_large() -> BudgetError:
    """Return the error of a request that took more memory than it may."""
    return BudgetError(
        Text("请求用的内存超过上限", "the request needed more memory than it may use"),
        Text("缩小范围，或加 LIMIT", "narrow it, or add a LIMIT"),
        resource="memory",
    )
