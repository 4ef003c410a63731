"""Starts the page: a free port of this machine, a random token in the address, and the browser."""

from __future__ import annotations

import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from sim.serve.errors import PageError

__all__ = ["named_files", "serve"]

HOST: Final = "127.0.0.1"


def named_files(paths: Sequence[str]) -> dict[str, Path]:
    """Scenario files of the command line by the name that the page shows.

    Raises:
        PageError: when a file is not there, or two have the same name.
    """
    named: dict[str, Path] = {}
    for text in paths:
        path = Path(text)
        if not path.is_file():
            raise PageError(f"there is no file {text}; name scenario files, such as my-council.yaml")
        if path.name in named:
            raise PageError(f"two files are called {path.name}; name one of them")
        named[path.name] = path.resolve()
    return named


def serve(
    library: Path,
    *,
    port: int = 0,
    files: Sequence[str] = (),
    workers: int | None = None,
    at_once: int = 2,
    browser: bool = True,
    say: Callable[[str], None] = print,
) -> None:
    """Serve the page until it is interrupted.

    Args:
        library: folder of saved comparisons, made where it is missing.
        port: port of 127.0.0.1; 0 for a free one.
        files: scenario files that the page offers besides the shipped ones.
        workers: processes to simulate with; None for one for each processor.
        at_once: runs that go on at the same time; others wait.
        browser: whether to open the browser.
        say: tells the user where the page is.

    Raises:
        PageError: when the extra is not installed, or the port is taken.
    """
    try:
        import uvicorn

        from sim.serve.app import make_app
    except ImportError as error:
        raise PageError(f"the page needs {error.name}: pip install 'frontdoor-sim[serve]'") from None
    from sim.experiment.running.executor import available_cpus
    from sim.serve.desk import Desk
    from sim.serve.guard import Guard
    from sim.serve.library import Library
    from sim.serve.pool import WorkerPool

    given = named_files(files)
    kept = Library(library)
    listening = _listen(port)
    token = secrets.token_urlsafe(24)
    address = f"http://{HOST}:{listening.getsockname()[1]}/{token}/"
    pool = WorkerPool(workers or available_cpus())
    try:
        app = Guard(
            make_app(Desk(library, given), kept, pool, at_once), token=token, port=listening.getsockname()[1]
        )  # fmt: skip
        config = uvicorn.Config(
            app, log_level="error", access_log=False, server_header=False, date_header=False, lifespan="off",
            timeout_graceful_shutdown=2, limit_concurrency=300, h11_max_incomplete_event_size=64_000, ws="none",
        )  # fmt: skip
        say(f"The page is at {address}")
        say("Whoever has this address can use it on this machine. Ctrl-C ends it.")
        if browser:
            threading.Timer(0.5, webbrowser.open, [address]).start()
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        pool.close()
        listening.close()


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.bind((HOST, port))
        listening.listen(512)  # who opens the address the moment it is printed waits, and is not turned away
    except OSError as error:
        listening.close()
        raise PageError(f"port {port} cannot be used ({error.strerror}); leave --port out for a free one") from None
    return listening
