"""Worker processes that stay, shared by every run: a run that is stopped loses only what it had under way."""

from __future__ import annotations

import multiprocessing
import queue
import signal
import threading
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Final

from sim.experiment.running.executor import WorkerEndedError
from sim.experiment.running.task import Outcome, Task

if TYPE_CHECKING:
    from sim.experiment.running.executor import Executor
    from sim.experiment.running.shared_past import Family

__all__ = ["WorkerPool"]

TRIES: Final = 2
"""Times that a family of tasks is given to a worker before it counts as failed."""
LOOK: Final = 0.2
"""Seconds after which a run that waits looks whether it was stopped."""


@dataclass(eq=False)
class _Job:
    """The tasks of one run, and what came of them."""

    left: deque[tuple[Family, int]]
    outcomes: queue.SimpleQueue[list[Outcome]] = field(default_factory=queue.SimpleQueue)
    stopped: bool = False


class WorkerPool:
    """A number of worker processes. `run` may be called from several threads: the runs take turns, task by task."""

    def __init__(self, workers: int) -> None:
        methods = multiprocessing.get_all_start_methods()
        self._context: Any = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        self._workers = workers
        self._jobs: deque[_Job] = deque()
        self._ready = threading.Condition()
        self._closed = False
        self._hands = [_Hand(self, number) for number in range(workers)]
        for hand in self._hands:
            hand.thread.start()

    def until(self, stopped: threading.Event) -> Executor:
        """An executor whose runs end as soon as an event is set."""
        return _Until(self, stopped)

    def run(self, tasks: Sequence[Task], stopped: threading.Event | None = None) -> Generator[Outcome]:
        """Run tasks; outcomes come as they are done. Closing the generator, or the event, stops what is not done."""
        if not tasks:
            return
        job = _Job(deque((family, 1) for family in _families(tasks, self._workers)))
        with self._ready:
            self._jobs.append(job)
            self._ready.notify_all()
        due = len(tasks)
        try:
            while due and not (stopped is not None and stopped.is_set()):
                try:
                    outcomes = job.outcomes.get(timeout=LOOK)
                except queue.Empty:
                    continue
                for outcome in outcomes:
                    due -= 1
                    yield outcome
        finally:
            self._stop(job)

    def close(self) -> None:
        """End the worker processes."""
        with self._ready:
            self._closed = True
            self._ready.notify_all()
        for hand in self._hands:
            hand.end()
        for hand in self._hands:
            hand.thread.join(10)

    def _stop(self, job: _Job) -> None:
        with self._ready:
            job.stopped = True
            job.left.clear()
            with suppress(ValueError):
                self._jobs.remove(job)
            busy = [hand for hand in self._hands if hand.job is job]
        for hand in busy:
            hand.end()

    def take(self, hand: _Hand) -> tuple[_Job, Family, int] | None:
        """The next family of tasks, of the run whose turn it is; None once the pool is closed."""
        with self._ready:
            while True:
                if self._closed:
                    return None
                for _ in range(len(self._jobs)):
                    job = self._jobs[0]
                    self._jobs.rotate(-1)
                    if job.left:
                        family, attempt = job.left.popleft()
                        hand.job = job
                        return job, family, attempt
                self._ready.wait()

    def give_back(self, hand: _Hand, job: _Job, family: Family, attempt: int, outcomes: list[Outcome] | None) -> None:
        """Hand in what came of a family; None where its worker was ended."""
        with self._ready:
            hand.job = None
            if job.stopped:
                return
            if outcomes is None and attempt < TRIES:
                job.left.append((family, attempt + 1))
                self._ready.notify_all()
                return
        if outcomes is None:
            error = WorkerEndedError("its worker process was ended by the system, as happens when memory runs out")
            outcomes = [Outcome.failed(task, error) for task in family.tasks]
        job.outcomes.put(outcomes)

    def start(self) -> tuple[Any, Connection]:
        """Start a worker process; return it with the connection to it."""
        mine, its = self._context.Pipe()
        process = self._context.Process(target=_work, args=(its,), name="frontdoor worker")
        process.start()
        its.close()
        return process, mine


class _Until:
    """A pool's executor for one run."""

    def __init__(self, pool: WorkerPool, stopped: threading.Event) -> None:
        self._pool = pool
        self._stopped = stopped

    def run(self, tasks: Sequence[Task]) -> Generator[Outcome]:
        """Run tasks until all are done or the run is stopped."""
        return self._pool.run(tasks, self._stopped)


def _families(tasks: Sequence[Task], workers: int) -> list[Family]:
    """Tasks that share a past together, but those of the first replication each alone: they come soonest so."""
    from sim.experiment.running.shared_past import Family, families

    first = min(task.replication for task in tasks)
    soon = [Family(task) for task in tasks if task.replication == first]
    return soon + families([task for task in tasks if task.replication != first], workers)


class _Hand:
    """A thread that keeps one worker process busy."""

    def __init__(self, pool: WorkerPool, number: int) -> None:
        self.job: _Job | None = None
        self._pool = pool
        self._lock = threading.Lock()
        self._process: Any = None
        self.thread = threading.Thread(target=self._run, name=f"frontdoor hand {number}", daemon=True)

    def end(self) -> None:
        """End the worker process, whatever it does; the next task gets a new one."""
        with self._lock:
            if self._process is not None and self._process.is_alive():
                self._process.terminate()

    def _run(self) -> None:
        connection: Connection | None = None
        while True:
            if connection is None:
                with self._lock:
                    self._process, connection = self._pool.start()
            taken = self._pool.take(self)
            if taken is None:
                connection.close()
                self.end()
                return
            job, family, attempt = taken
            try:
                connection.send(family)
                outcomes: list[Outcome] | None = connection.recv()
            except (EOFError, OSError):
                outcomes = None
                connection.close()
                connection = None
            self._pool.give_back(self, job, family, attempt, outcomes)


def _work(connection: Connection) -> None:
    """What a worker process does: it loads the model, then performs one family of tasks after another."""
    from sim.experiment.running.shared_past import go_with_the_first, perform_together

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=go_with_the_first, daemon=True).start()
    import sim.measures.compute
    import sim.model

    _ = sim.model.simulate

    with suppress(EOFError, OSError):
        while True:
            connection.send(perform_together(connection.recv()))
