"""Which WSGI server answers a point query fastest: granian, waitress, gunicorn.

Run: python benchmarks/wsgi.py STORE [SECONDS]; waitress and gunicorn are compared where they are installed.
Each server gets one process; clients are threads of this process with a kept connection each, so the figures are for
comparing, not for boasting.
"""

import contextlib
import http.client
import importlib.util
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from urllib.parse import quote

THREADS = 4
PATH = "/sparql?query=" + quote("SELECT ?name { ?s a vetg:SecondarySchool ; skos:prefLabel ?name } LIMIT 1")
PAGE = "/health"
_APP = "from vetgraph.web.server import load; app = load(__import__('os').environ['STORE'])"
_WAITRESS = "import waitress; waitress.serve(app, host='127.0.0.1', port={port}, threads={threads})"
_GUNICORN = (
    "from gunicorn.app.base import BaseApplication\n"
    "class A(BaseApplication):\n"
    "    def load_config(self):\n"
    "        for k, v in dict(bind='127.0.0.1:{port}', threads={threads}, workers=1, loglevel='error').items():\n"
    "            self.cfg.set(k, v)\n"
    "    def load(self):\n"
    "        return app\n"
    "A().run()"
)


def commands(store: str, port: int) -> dict[str, list[str]]:
    """Return the command that starts each installed server."""
    found = {"granian": [sys.executable, "-m", "vetgraph", "serve", store, "--port", str(port)]}
    for name, code in (("waitress", _WAITRESS), ("gunicorn", _GUNICORN)):
        if importlib.util.find_spec(name):
            found[name] = [sys.executable, "-c", _APP + "\n" + code.format(port=port, threads=THREADS)]
    return found


@contextlib.contextmanager
def serving(command: list[str], store: str, port: int) -> Iterator[None]:
    """Run a server until the block ends."""
    with subprocess.Popen(command, env={**os.environ, "STORE": store}, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(200):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.05)
            time.sleep(0.5)
            yield
        finally:
            server.terminate()


def measure(port: int, path: str, clients: int, seconds: float) -> tuple[float, float, float]:
    """Return requests a second, and median and 99th percentile in milliseconds."""
    times: list[float] = []
    end = time.perf_counter() + seconds

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        mine = []
        while (start := time.perf_counter()) < end:
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            if response.status != http.client.OK:
                raise RuntimeError(response.status)
            mine.append(1000 * (time.perf_counter() - start))
        connection.close()
        times.extend(mine)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(times) / seconds, statistics.median(times), statistics.quantiles(times, n=100)[98]


def main() -> None:
    """Print a line for each server, path and number of clients."""
    store = sys.argv[1]
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 3  # noqa: PLR2004 - the second argument
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    for name, command in commands(store, port).items():
        with serving(command, store, port):
            measure(port, PATH, 1, 0.5)
            for label, path in (("point query", PATH), ("flask page", PAGE)):
                for clients in (1, 8):
                    rate, median, slow = measure(port, path, clients, seconds)
                    print(f"{name:9} {label:11} {clients} clients: {rate:6.0f}/s, {median:.2f} ms, p99 {slow:.2f} ms")


if __name__ == "__main__":
    main()
