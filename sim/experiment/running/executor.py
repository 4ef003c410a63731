"""Where tasks run: in this process, in several, or on a cluster. Results never depend on which."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from sim.experiment.running.task import Outcome, Task, perform

__all__ = ["Executor", "InProcess", "Processes", "available_cpus", "choose"]


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


class InProcess:
    """One task after another, here."""

    def run(self, tasks: Sequence[Task]) -> Generator[Outcome]:
        """Run the tasks in order."""
        for task in tasks:
            yield perform(task)


class Processes:
    """Several worker processes, started afresh: a fork of this one would inherit its threads."""

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def run(self, tasks: Sequence[Task]) -> Generator[Outcome]:
        """Hand the tasks out in order; outcomes come as they are done."""
        from concurrent.futures import ProcessPoolExecutor, as_completed

        from sim.experiment.running.shared_past import families, perform_together

        method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
        others = set(multiprocessing.active_children())
        pool = ProcessPoolExecutor(
            min(self._workers, max(len(tasks), 1)),
            mp_context=multiprocessing.get_context(method),
            initializer=_begin,
        )
        finished = False
        try:
            with _interrupts_ignored():
                futures = {pool.submit(perform_together, one): one for one in families(tasks, self._workers)}
            for future in as_completed(futures):
                error = future.exception()
                # The futures hold the outcomes: let go of each, or all would be kept twice.
                family = futures.pop(future)
                if error is None:
                    yield from future.result()
                else:
                    yield from (Outcome.failed(task, error) for task in family.tasks)
            finished = True
        finally:
            handed_out = getattr(pool, "_call_queue", None)
            pool.shutdown(wait=finished, cancel_futures=True)
            if not finished:
                _stop(set(multiprocessing.active_children()) - others)
                if handed_out is not None:
                    # Before Python 3.12 nobody frees the thread that hands out tasks: it waits at a pipe that is full
                    # for processes that are gone, and the end of the program waits for it.
                    handed_out._reader.close()


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
