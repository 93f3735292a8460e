"""``python -m vetgraph``."""

from vetgraph.cli import main

if __name__ == "__main__":
    main()
