"""What a second process gains, and how much is sent to and fro for a replication."""

from __future__ import annotations

import pickle
from typing import Any

from benchmarks.figures import Figure, higher, lower, ratios
from benchmarks.machine import timed
from sim.experiment.running.executor import InProcess, Processes
from sim.experiment.running.task import Task, perform
from sim.scenario.reading.loader import load


def measure(rounds: int, name: str = "croydon-2017", replications: int = 8) -> tuple[list[Figure], dict[str, Any]]:
    """Run the same replications in this process and in two, in turn, by the clock on the wall."""
    scenario = load(name).scenario
    tasks = [Task(0, number, name, scenario, 1) for number in range(replications)]
    perform(tasks[0])  # imports
    alone: list[float] = []
    together: list[float] = []
    for _ in range(rounds):
        for executor, seconds in ((InProcess(), alone), (Processes(2), together)):
            outcomes, clock, _ = timed(lambda executor=executor: list(executor.run(tasks)))
            failed = [outcome.error for outcome in outcomes if outcome.error]
            if failed:
                raise RuntimeError(failed[0])
            seconds.append(clock)
    sent, returned = len(pickle.dumps(tasks[0])), len(pickle.dumps(outcomes[0]))
    figures = [
        higher("parallel: two workers, times as fast as one", "times", ratios(alone, together)),
        lower("parallel: sent for a replication", "kB", [sent / 1000]),
        lower("parallel: returned by a replication", "kB", [returned / 1000]),
    ]
    return figures, {"scenario": name, "replications": replications, "one": alone, "two": together}
