"""Running tasks on a Dask cluster: the same outcomes as here, on machines that somebody else started.

A cluster is a scheduler and workers (`docs/scale.md`). A worker writes the journeys of its replication into the run's
own folder, which every machine must see, and sends back the measures and the path. What a lost worker had not sent is
run again by another: chance depends on seed and replication alone, so the outcome is the same.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sim.experiment.errors import LostError, RunError
from sim.experiment.results.version import product_version
from sim.experiment.running.task import Outcome, Task, perform

__all__ = ["Cluster", "address_of"]

ANSWER_SECONDS = 10
"""How long the scheduler has to answer."""

WORKERS_SECONDS = 30
"""How long a scheduler without workers is waited for."""

RETRIES = 3
"""Runs of a task that broke on a worker (its memory full, its disk gone) before it counts as failed."""

RESULT_SECONDS = 120
"""How long the figures of a replication that is done may take to come here."""

SETTLING_SECONDS = 1.0
"""How long it may take until a broken connection shows."""

ASK_AGAIN = 0.02
"""Seconds between two looks at what is done."""

CONNECTED = "running"
"""Dask's word for a client that has its scheduler."""

AHEAD = 4
"""Tasks handed out for each thread of the cluster, so that none is idle and few outcomes wait here."""

_ADDRESS = re.compile(r"dask://(\[[0-9a-fA-F:]+\]|[^\s:/\[\]]+):(\d{1,5})/?")


def address_of(where: str) -> str:
    """Return Dask's own address for `dask://HOST:PORT`.

    Raises:
        RunError: when it is not such an address.
    """
    match = _ADDRESS.fullmatch(where.strip())
    if match is None or not 0 < int(match.group(2)) < 65536:
        raise RunError(f"'{where}' is not an executor; write local, or dask://HOST:PORT such as dask://10.0.0.5:8786")
    return f"tcp://{match.group(1)}:{match.group(2)}"


class Cluster:
    """Hands tasks to a Dask scheduler; `where` is `dask://HOST:PORT`.

    Raises:
        RunError: when the address is malformed or distributed is not installed.
    """

    def __init__(self, where: str) -> None:
        self._where = where.strip()
        self._address = address_of(where)
        _library()

    def run(self, tasks: Sequence[Task]) -> Generator[Outcome]:
        """Give outcomes as they come; closing the iterator cancels the rest.

        Raises:
            RunError: when nobody answers, there are no workers, or they cannot see the folder for journeys.
            LostError: when the scheduler is lost meanwhile; the outcomes given so far hold.
        """
        if not tasks:
            return
        distributed = _library()
        with self._client() as client:
            threads = self._threads(client)
            folder = next((task.part.parent for task in tasks if task.part is not None), None)
            if folder is not None:
                self._check_folder(client, folder)
            waiting = iter(tasks)
            running: dict[str, Task] = {}
            done = distributed.as_completed(loop=client.loop)
            version = product_version()

            def hand_out(many: int) -> None:
                for _, task in zip(range(many), waiting, strict=False):
                    future = client.submit(perform_on_worker, task, version, pure=False, retries=RETRIES)
                    running[future.key] = task
                    done.add(future)

            try:
                hand_out(AHEAD * threads)
                while running:
                    while not done.has_ready():
                        self._check_connection(client)
                        time.sleep(ASK_AGAIN)
                    future = next(done)
                    task = running.pop(future.key)
                    yield self._outcome(client, future, task)
                    future.release()
                    hand_out(1)
            finally:
                if running and client.status == CONNECTED:
                    client.cancel(list(done.futures), force=True)

    @contextmanager
    def _client(self) -> Iterator[Any]:
        distributed = _library()
        # Dask logs a lost worker at length; what matters of it comes back as an outcome.
        logs = [logging.getLogger(name) for name in ("distributed.client", "distributed.comm", "distributed.batched")]
        levels = [log.level for log in logs]
        for log in logs:
            log.setLevel(logging.CRITICAL)
        try:
            try:
                client = distributed.Client(self._address, timeout=ANSWER_SECONDS, set_as_default=False)
            except (OSError, TimeoutError, ValueError) as error:
                raise RunError(
                    f"no Dask scheduler answers at {self._where}; start one with 'dask scheduler' there, or leave "
                    "--executor out to run on this machine"
                ) from error
            try:
                yield client
            finally:
                with suppress(TimeoutError, OSError, RuntimeError):  # nobody may be there to say goodbye to
                    client.close(timeout=ANSWER_SECONDS)
        finally:
            for log, level in zip(logs, levels, strict=True):
                log.setLevel(level)

    def _check_connection(self, client: Any) -> None:
        if client.status != CONNECTED:
            raise LostError(f"The Dask scheduler at {self._where} is lost")

    def _outcome(self, client: Any, future: Any, task: Task) -> Outcome:
        if future.status in ("cancelled", "lost"):  # not by us: the connection broke, or the scheduler began anew
            raise LostError(f"The Dask scheduler at {self._where} is lost")
        try:
            outcome: Outcome = future.result(timeout=RESULT_SECONDS)
        except OSError as error:  # among them time-outs: the scheduler may be gone, which shows a moment later
            deadline = time.monotonic() + SETTLING_SECONDS
            while time.monotonic() < deadline:
                self._check_connection(client)
                time.sleep(ASK_AGAIN)
            return Outcome.failed(task, error)
        except Exception as error:  # a task that no worker survived, or that a worker could not read
            self._check_connection(client)
            return Outcome.failed(task, error)
        return outcome

    def _threads(self, client: Any) -> int:
        try:
            client.wait_for_workers(1, timeout=WORKERS_SECONDS)
        except TimeoutError:
            raise RunError(
                f"the Dask scheduler at {self._where} has no workers; start some with "
                f"'dask worker {self._address} --nthreads 1'"
            ) from None
        return max(sum(int(threads) for threads in client.nthreads().values()), 1)

    def _check_folder(self, client: Any, folder: Path) -> None:
        seen: dict[str, bool] = client.run(_is_folder, str(folder), on_error="ignore")
        blind = sorted(worker for worker, sees in seen.items() if not sees)
        if blind:
            raise RunError(
                f"the worker {blind[0]} does not see {folder.parent}, where journeys are written; put --out in a "
                "folder that every machine shares, or give --journeys none"
            )


def perform_on_worker(task: Task, version: str) -> Outcome:
    """Perform a task on a worker, if it has the product that asked for it: another might simulate otherwise."""
    if product_version() != version:
        wrong = f"this worker has frontdoor {product_version()}, not {version}: install the same on every machine"
        return Outcome.failed(task, RunError(wrong))
    return perform(task)


def _library() -> Any:
    """Dask's library, which publishes no types."""
    from importlib import import_module

    try:
        return import_module("distributed")
    except ImportError:
        raise RunError(
            "a Dask cluster needs the library distributed; install it with: pip install 'frontdoor-sim[dask]'"
        ) from None


def _is_folder(path: str) -> bool:
    return Path(path).is_dir()
