"""How long a build of the repository's data takes, with and without validation.

Run: python benchmarks/build.py [RUNS]
"""

import statistics
import sys
import tempfile
from pathlib import Path

from vetgraph.build import build

DATA = Path(__file__).parent.parent / "data"


def main() -> None:
    """Print medians in seconds."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    for validate in (True, False):
        seconds = []
        triples = 0
        for _ in range(runs):
            with tempfile.TemporaryDirectory() as folder:
                result = build(DATA, Path(folder, "store"), validate=validate)
                seconds.append(result.seconds)
                triples = result.triples
        name = "with validation" if validate else "without"
        print(f"build {name}: median {statistics.median(seconds):.2f} s of {runs} runs, {triples} statements")


if __name__ == "__main__":
    main()
