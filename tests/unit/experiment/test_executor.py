"""Where tasks run: stopping before all of them are done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.experiment.running.executor import RETRIES

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[3]

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


KILLED = """
import os, signal, sys
from pathlib import Path
import sim
from sim.experiment.running.executor import Processes
from sim.experiment.running.task import Task

def simulate(scenario, seed, replication):
    from sim.model import simulate as real
    tried = Path(sys.argv[1]) / str(replication)
    if replication == 2 and (ALWAYS or not tried.exists()):
        tried.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return real(scenario, seed, replication)

if __name__ == "__main__":
    scenario = sim.load("tiny", **{"period.end": "2016-05-31"}).scenario
    executor = Processes(4)
    outcomes = list(executor.run([Task(0, n, "short", scenario, 1, simulate=simulate) for n in range(6)]))
    print(sorted((outcome.replication, outcome.error) for outcome in outcomes))
    print(*executor.restarts, sep="\\n")
"""


@pytest.mark.parametrize("always", [False, True])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_what_a_killed_worker_had_in_hand_is_run_again(always: bool, tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(KILLED.replace("ALWAYS", str(always)))
    done = subprocess.run(
        [sys.executable, str(tmp_path / "script.py"), str(tmp_path)],
        capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    outcomes, *restarts = done.stdout.splitlines()
    killed = "was ended by the system (SIGKILL), which does so when memory runs out"
    failed = f"WorkerEndedError: its worker process {killed}" if always else None
    assert outcomes == str([(n, failed if n == 2 else None) for n in range(6)])
    assert len(restarts) == (RETRIES if always else 1)
    assert restarts[0].startswith(f"A worker process {killed}: ")
    assert restarts[0].endswith("run again, with 2 workers.")
