"""A killed build leaves the old store whole or the new one, and nothing behind after the next good build."""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vetgraph import generations
from vetgraph.results import Solutions
from vetgraph.store import open_store

pytestmark = pytest.mark.kill

ROUNDS = 30
WRITER = """
import sys
from vetgraph.store import write_store
start, count = int(sys.argv[2]), int(sys.argv[3])
write_store(sys.argv[1], b"".join(b"<a:s%d> <a:p> <a:o> .\\n" % i for i in range(start, start + count)))
"""


def sizes(path: Path) -> int:
    """Open a store, read every quad of it, and return their number."""
    store = open_store(path)
    try:
        default = store.query("SELECT * { ?s ?p ?o }")
        named = store.query("SELECT * { GRAPH ?g { ?s ?p ?o } }")
        assert isinstance(default, Solutions)
        assert isinstance(named, Solutions)
        assert len(default) + len(named) == len(store)
        return len(store)
    finally:
        store.close()


def test_killed_writes_leave_the_old_or_the_new_store(tmp_path: Path) -> None:
    path = tmp_path / "store"
    chance = random.Random(20251124)  # noqa: S311 - no secret
    counts = (4_000, 6_000)

    def writer(count: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", WRITER, str(path), "0", str(count)])

    start = time.perf_counter()
    assert writer(counts[0]).wait() == 0
    whole = time.perf_counter() - start
    held, swapped = counts[0], 0
    for turn in range(ROUNDS):
        process = writer(counts[(turn + 1) % 2])
        time.sleep(chance.uniform(0.1, 1.1) * whole)
        process.kill()
        process.wait()
        size = sizes(path)
        assert size in {held, counts[(turn + 1) % 2]}
        swapped += size != held
        held = size
    assert writer(counts[0]).wait() == 0
    assert sizes(path) == counts[0]
    assert [folder.name for folder in (path / "generations").iterdir()] == [generations.current(path)]


def test_killed_builds_of_the_real_data(tmp_path: Path) -> None:
    path = tmp_path / "store"
    data = tmp_path / "data"
    shutil.copytree(Path(__file__).parent.parent / "data", data)
    chance = random.Random(1)  # noqa: S311 - no secret
    command = [sys.executable, "-m", "vetgraph", "build", str(data), "-o", str(path), "--no-validate"]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    whole = time.perf_counter() - start
    expected = sizes(path)
    for _ in range(ROUNDS):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment)
        time.sleep(chance.uniform(0.3, 1.05) * whole)
        process.kill()
        process.wait()
        assert sizes(path) == expected
    subprocess.run(command, check=True, capture_output=True, env=environment)
    assert len(list((path / "generations").iterdir())) == 1
