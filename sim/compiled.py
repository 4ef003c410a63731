"""The model compiled (`make fast`), or as it is written.

Extension modules lie beside their sources, where Python imports them first. `compiled.json` holds a digest of each
source that was compiled: when one has changed since, all of the model is taken from its sources again, so that what
runs is always what is written.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from hashlib import sha256
from importlib.machinery import EXTENSION_SUFFIXES, SOURCE_SUFFIXES, FileFinder, SourceFileLoader
from pathlib import Path

__all__ = ["DIGESTS", "PACKAGE", "changed_since", "is_compiled", "settle", "write_digests"]

PACKAGE = Path(__file__).resolve().parent
DIGESTS = "compiled.json"
PLAIN = "FRONTDOOR_PLAIN"
"""An environment variable: set to anything but nothing, the model runs as it is written."""


def settle() -> None:
    """Let the sources be imported in place of what was compiled, where that is asked for or they have changed."""
    if os.environ.get(PLAIN) or changed_since(PACKAGE) is not None:
        sys.path_hooks.insert(0, _sources_only)
        sys.path_importer_cache.clear()


def is_compiled() -> bool:
    """Whether the model that runs in this process is the compiled one."""
    # Looked up, not imported: the first process of a run has no use for the model.
    there = any((PACKAGE / "model" / f"service{suffix}").is_file() for suffix in EXTENSION_SUFFIXES)
    return there and _sources_only not in sys.path_hooks


def changed_since(package: Path) -> str | None:
    """The first source of a package that is not what was compiled; None when all are, or none was."""
    try:
        digests: dict[str, str] = json.loads((package / DIGESTS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return next((name for name, digest in digests.items() if _digest(package / name) != digest), None)


def write_digests(package: Path, sources: Iterable[Path]) -> None:
    """Note what has been compiled."""
    digests = {source.resolve().relative_to(package).as_posix(): _digest(source) for source in sources}
    (package / DIGESTS).write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")


def _digest(source: Path) -> str:
    try:
        return sha256(source.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def _sources_only(path: str) -> FileFinder:
    """A finder for the folders of this package that knows sources only."""
    if not Path(path).resolve().is_relative_to(PACKAGE):
        raise ImportError(path)
    return FileFinder(path, (SourceFileLoader, SOURCE_SUFFIXES))
