"""Where tasks run: in this process, in several, or on a cluster. Results never depend on which."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Final, Protocol

from sim.experiment.running.shared_past import Family
from sim.experiment.running.task import Outcome, Task, perform

__all__ = ["Executor", "InProcess", "Processes", "WorkerEndedError", "available_cpus", "choose"]

SETTLING: Final = 5.0
"""Seconds that Python has to clear up after worker processes that were ended."""
MOST_ON_WINDOWS: Final = 61
"""Worker processes that Python can wait for on Windows."""
RETRIES: Final = 3
"""Times that what a killed worker had not done is run again before it counts as failed, as on a cluster."""


class Executor(Protocol):
    """Runs tasks and gives their outcomes in any order, each as soon as it is there."""

    def run(self, tasks: Sequence[Task]) -> Generator[Outcome]:
        """Run the tasks. Closing the iterator early stops those that have not finished."""


def available_cpus() -> int:
    """Number of processors that this process may use (its affinity respected)."""
    if hasattr(os, "sched_getaffinity"):
        return max(len(os.sched_getaffinity(0)), 1)
    return os.cpu_count() or 1


def choose(workers: int, where: str = "local") -> Executor:
    """The executor for a number of worker processes (one needs no other process than this), or `dask://HOST:PORT`.

    Raises:
        RunError: when `where` is neither, or the library that a cluster needs is not installed.
    """
    if where.strip() != "local":
        from sim.experiment.running.cluster import Cluster

        return Cluster(where)
    return InProcess() if workers <= 1 else Processes(workers)


def at_most(workers: int, families: int) -> int:
    """How many worker processes to start: as many as asked for, as there is work for, and as the system allows."""
    allowed = MOST_ON_WINDOWS if sys.platform == "win32" else workers
    return max(min(workers, families, allowed), 1)


class InProcess:
    """One task after another, here."""

    def run(self, tasks: Sequence[Task]) -> Generator[Outcome]:
        """Run the tasks in order."""
        for task in tasks:
            yield perform(task)


class Processes:
    """Several worker processes, started afresh: a fork of this one would inherit its threads.

    When a worker is killed, as the system does when memory runs out, what was not done is handed to half as many new
    workers. Chance depends on seed and replication alone, so outcomes are the same. `restarts` says why, a sentence
    each time.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self.restarts: list[str] = []

    def run(self, tasks: Sequence[Task]) -> Generator[Outcome]:
        """Hand the tasks out in order; outcomes come as they are done."""
        from sim.experiment.running.shared_past import families

        self.restarts.clear()
        workers = self._workers
        left = families(tasks, workers)
        for attempt in range(1, RETRIES + 1):
            outcomes = _Pool(workers, left)
            try:
                yield from iter(outcomes)
            finally:
                outcomes.stop()
            left = outcomes.broken
            if not left:
                return
            workers = max(workers // 2, 1) if attempt < RETRIES else 1
            self.restarts.append(
                f"A worker process was ended {outcomes.cause}: {_counted(left)} run again, with "
                f"{workers} {'worker' if workers == 1 else 'workers'}."
            )
        # The last time each runs in a process of its own, so that only what breaks again has failed.
        yield from self._alone(left)

    def _alone(self, families: Sequence[Family]) -> Generator[Outcome]:
        for family in families:
            for task in family.tasks:
                outcomes = _Pool(1, [Family(task)])
                try:
                    yield from iter(outcomes)
                finally:
                    outcomes.stop()
                if outcomes.broken:
                    yield Outcome.failed(task, WorkerEndedError(f"its worker process was ended {outcomes.cause}"))


class WorkerEndedError(Exception):
    """A replication whose worker process was ended by the system, again and again."""


class _Pool:
    """One set of worker processes and the families that it runs; those that it could not are `broken` afterwards."""

    def __init__(self, workers: int, families: Sequence[Family]) -> None:
        from concurrent.futures import ProcessPoolExecutor

        from sim.experiment.running.shared_past import perform_together

        self.broken: list[Family] = []
        self.cause = "by the system"
        self._finished = False
        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        self._others = set(multiprocessing.active_children())
        self._pool = ProcessPoolExecutor(
            at_most(workers, len(families)), mp_context=multiprocessing.get_context(method), initializer=_begin
        )
        self._handed_out = getattr(self._pool, "_call_queue", None)
        self._futures: dict[Future[list[Outcome]], Family] = {}
        try:
            with _interrupts_ignored():
                for family in families:
                    self._futures[self._pool.submit(perform_together, family)] = family
        except BrokenProcessPool:  # a worker was killed while tasks were handed out
            self.broken += families[len(self._futures) :]
        self._started = dict(getattr(self._pool, "_processes", None) or {})

    def __iter__(self) -> Iterator[Outcome]:
        from concurrent.futures import as_completed

        for future in as_completed(list(self._futures)):
            error = future.exception()
            # The futures hold the outcomes: let go of each, or all would be kept twice.
            family = self._futures.pop(future)
            if error is None:
                yield from future.result()
            elif isinstance(error, BrokenProcessPool):
                self.broken.append(family)
            else:
                yield from (Outcome.failed(task, error) for task in family.tasks)
        self._finished = not self.broken
        if self.broken:
            manager = getattr(self._pool, "_executor_manager_thread", None)
            if manager is not None:
                # It waits for the same processes. Where two threads ask how one ended, the second is told 255.
                manager.join(SETTLING)
            self.cause = _cause(self._started.values())

    def stop(self) -> None:
        """End the worker processes; those that have nothing left to do end by themselves."""
        manager = getattr(self._pool, "_executor_manager_thread", None)
        self._pool.shutdown(wait=self._finished, cancel_futures=True)
        if not self._finished:
            _stop(set(multiprocessing.active_children()) - self._others)
            if manager is not None:
                # Python closes its pipes once it sees that processes are gone: a pool that began meanwhile could be
                # given the same numbers for its own.
                manager.join(SETTLING)
            if self._handed_out is not None and (manager is None or manager.is_alive()):
                # Before Python 3.11.5 nobody frees the thread that hands out tasks: it waits at a pipe that is full for
                # processes that are gone, and the end of the program waits for it.
                self._handed_out._reader.close()


def _cause(processes: Iterable[Any]) -> str:
    """By what a worker was ended, in words."""
    codes = []
    for process in processes:
        process.join(1)
        codes.append(process.exitcode)
    # Python ends the others with SIGTERM once one is gone.
    first = next((code for code in codes if code not in (None, 0, -signal.SIGTERM)), None)
    if first == -getattr(signal, "SIGKILL", 9):
        return "by the system (SIGKILL), which does so when memory runs out"
    if first is not None and first < 0:
        return f"by {signal.Signals(-first).name}"
    return "by the system" if first is None else f"with code {first}"


def _counted(families: Sequence[Family]) -> str:
    number = sum(len(family.tasks) for family in families)
    return "1 replication is" if number == 1 else f"{number} replications are"


def _begin() -> None:
    """Leave Ctrl-C, which reaches every process of a terminal, to the first one; and go when that one is gone."""
    from sim.experiment.running.shared_past import go_with_the_first

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=go_with_the_first, daemon=True).start()


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Workers started inside inherit it, so that Ctrl-C while they start leaves no trace on the screen."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _stop(processes: set[multiprocessing.process.BaseProcess]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(5)
