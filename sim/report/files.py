"""Writing a file whole or not at all, in a folder that is made when it is missing."""

from __future__ import annotations

from pathlib import Path

from sim.experiment.results.files import write_text

__all__ = ["write_whole"]


def write_whole(path: Path, text: str) -> None:
    """Write `text` as UTF-8, whole or not at all, and wait until the disk has it.

    Whoever opens `path` finds the old file or the new one, never a part. Raises OSError when it cannot be written;
    nothing is then left beside it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text, lasting=True)
