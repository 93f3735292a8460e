"""Run a Virtuoso over a folder of its own, at free ports (Debian's package virtuoso-opensource)."""

from __future__ import annotations

import contextlib
import gzip
import shutil
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from serving import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM = "virtuoso-t"
USER = "dba"
PASSWORD = "dba"  # noqa: S105 - that of every fresh Virtuoso

_SETTINGS = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
ErrorLogLevel = 7
FileExtend = 200
MaxCheckpointRemap = 2000
Striping = 0
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000
Striping = 0

[Parameters]
ServerPort = {sql}
DisableUnixSocket = 1
CaseMode = 2
DirsAllowed = {folder}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
MaxQueryMem = 256M
ThreadsPerQuery = 1

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
Charset = UTF-8

[SPARQL]
ResultSetMaxRows = 3000
MaxQueryExecutionTime = 60
"""
_PATIENCE = 60.0


@dataclass(frozen=True)
class Virtuoso:
    """A running Virtuoso, by its addresses."""

    url: str
    sql: str
    folder: Path

    def bulk_load(self, nquads: bytes, graph: str) -> None:
        """Load N-Quads by Virtuoso's own loader; statements in no graph go into the one that is named."""
        (self.folder / "all.nq.gz").write_bytes(gzip.compress(nquads))
        said = f"ld_dir('{self.folder}', '*.nq.gz', '{graph}');\nrdf_loader_run();\ncheckpoint;\n"
        subprocess.run(["isql-vt", self.sql, USER, PASSWORD], input=said.encode(), check=True, capture_output=True)

    @property
    def query(self) -> str:
        """Where anybody asks."""
        return f"{self.url}/sparql"

    @property
    def update(self) -> str:
        """Where the administrator writes (Digest)."""
        return f"{self.url}/sparql-auth"

    @property
    def graphs(self) -> str:
        """Where the administrator puts whole graphs (Digest)."""
        return f"{self.url}/sparql-graph-crud-auth"


def installed() -> bool:
    """Tell whether there is a Virtuoso to run."""
    return shutil.which(PROGRAM) is not None


@contextlib.contextmanager
def virtuoso(folder: Path) -> Iterator[Virtuoso]:
    """Run Virtuoso over an empty folder.

    Args:
        folder: The folder.

    Yields:
        The running Virtuoso.
    """
    http, sql = free_port(), f"127.0.0.1:{free_port()}"
    settings = folder / "virtuoso.ini"
    settings.write_text(_SETTINGS.format(folder=folder, sql=sql, http=http), encoding="utf-8")
    running = Virtuoso(f"http://127.0.0.1:{http}", sql, folder)
    with (
        (folder / "said").open("wb") as said,
        subprocess.Popen(
            [PROGRAM, "+foreground", "+configfile", str(settings)], cwd=folder, stdout=said, stderr=said
        ) as process,
    ):
        try:
            _wait(running, process, folder)
            yield running
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(running: Virtuoso, process: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(running.query, params={"query": "ASK {}"}, timeout=5).is_success:
                return
        time.sleep(0.2)
    raise RuntimeError(f"Virtuoso does not answer: {(folder / 'virtuoso.log').read_text(encoding='utf-8')[-500:]}")
