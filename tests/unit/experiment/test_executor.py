"""Where tasks run: stopping before all of them are done."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.unit

STOPPED_EARLY = """
import sim
from sim.experiment.running.executor import Processes
from sim.experiment.running.task import Task

if __name__ == "__main__":
    loaded = sim.load("tiny", **{"period.end": "2016-06-30"})
    # More than a pipe holds: handing such tasks out waits until somebody takes them.
    scenario = loaded.scenario.model_copy(update={"description": "long " * 40_000})
    outcomes = Processes(2).run([Task(0, replication, "long", scenario, 1) for replication in range(50)])
    print(next(outcomes).error)
    outcomes.close()
"""


def test_stopping_early_ends_however_large_the_tasks_are() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STOPPED_EARLY], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "None\n", "")
