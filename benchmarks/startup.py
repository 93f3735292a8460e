"""How long commands take to start, from the outside.

Run: python benchmarks/startup.py [RUNS]
"""

import statistics
import subprocess
import sys
import time

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "vetgraph --version": [sys.executable, "-m", "vetgraph", "--version"],
    "vetgraph query --help": [sys.executable, "-m", "vetgraph", "query", "--help"],
    "import vetgraph": [sys.executable, "-c", "import vetgraph"],
}


def main() -> None:
    """Print medians and the slowest run in milliseconds."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for name, command in COMMANDS.items():
        times = []
        for _ in range(runs):
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            times.append(1000 * (time.perf_counter() - start))
        print(f"{name:24} median {statistics.median(times):5.0f} ms, slowest {max(times):5.0f} ms")


if __name__ == "__main__":
    main()
