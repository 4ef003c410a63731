"""Charts drawn by a browser: run as a program of its own, which can be ended where a browser does not answer.

Reads Kaleido's jobs as JSON from its input: a list of figures with the paths of their pictures. Its argument is the
number of seconds after which it ends itself and its browser.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

__all__ = ["DRAWN", "FAILED", "NONE_FOUND", "TOO_LATE"]

DRAWN: Final = 0
FAILED: Final = 1
NONE_FOUND: Final = 3
TOO_LATE: Final = 4


def _draw() -> int:
    import kaleido
    from choreographer.errors import BrowserFailedError, ChromeNotFoundError

    try:
        # Without MathJax, which would be fetched; plotly.js comes with Plotly.
        kaleido.write_fig_from_object_sync(json.load(sys.stdin), kopts={"mathjax": False})
    except (BrowserFailedError, ChromeNotFoundError):
        return NONE_FOUND
    except Exception as error:
        sys.stderr.write(f"{type(error).__name__}: {error}")
        return FAILED
    return DRAWN


def _descendants(ancestor: int) -> list[int]:
    """Processes that a process began, and theirs; none where there is no /proc to tell."""
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            # The name of a program stands in brackets and may hold anything; its state and parent come after it.
            parents[int(status.parent.name)] = int(status.read_text(errors="replace").rpartition(")")[2].split()[1])
    family = [ancestor]
    for process in family:  # grows while it is read
        family += [child for child, parent in parents.items() if parent == process]
    return family[1:]


def _end(code: int) -> None:
    """End this program at once: threads that still wait for the browser would keep it from ending."""
    for process in _descendants(os.getpid()):
        with suppress(OSError):  # it has ended meanwhile
            os.kill(process, signal.SIGKILL)
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    threading.Timer(float(sys.argv[1]), _end, [TOO_LATE]).start()
    _end(_draw())
