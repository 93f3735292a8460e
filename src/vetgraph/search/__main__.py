"""``python -m vetgraph.search STORE FILE``: make an index in a process of its own, so that the service goes on."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from vetgraph.errors import VetgraphError
from vetgraph.opening import open_store
from vetgraph.search.writing import write_file


def main() -> None:
    """Make the index."""
    if hasattr(os, "nice"):
        os.nice(10)
    try:
        write_file(open_store(sys.argv[1]), Path(sys.argv[2]))
    except VetgraphError as error:
        sys.exit(error.message.en)


if __name__ == "__main__":
    main()
