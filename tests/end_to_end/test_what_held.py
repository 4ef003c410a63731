"""What a bad day never did, and must not begin to do: half a result, other figures elsewhere, memory that grows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.end_to_end

ROOT = Path(__file__).resolve().parents[2]
SHORT = ("--set", "period.end=2016-05-31")

KILLED = """
import os, signal, sys
from pathlib import Path
import sim
from sim.experiment.results.folder import save

out, step = Path("out"), int(sys.argv[1])
tiny = sim.load("tiny", period__end="2016-04-30")
old, new = sim.run(tiny, replications=1, seed=1), sim.run(tiny, replications=2, seed=2)
save(old, out, {})
moment = ended = 0
while not ended:
    moment += step
    child = os.fork()
    if not child:
        happened = 0
        def hook(event, arguments):
            global happened
            if event in ("open", "os.rename", "os.mkdir", "os.rmdir", "os.remove", "ctypes.dlsym", "shutil.rmtree"):
                happened += 1
                if happened == moment:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(hook)
        save(new, out, {})
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    held = sim.load_results(out)
    seed, replications = held.manifest.seed, held.manifest.replications
    assert (seed, replications, len(held.journeys()["replication"].unique())) in ((1, 1, 1), (2, 2, 2)), moment
    assert len(held.summary) > 100
    if seed == 2 and not ended:  # put the earlier one back, and go on
        save(old, out, {})
assert (seed, replications) == (2, 2)
left = [path.name for path in Path().iterdir() if path.name.startswith(".frontdoor") and path.suffix != ".part"]
print(moment // step, left)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each moment is a copy of one process")
def test_a_run_killed_while_it_saves_leaves_the_old_results_or_the_new(tmp_path: Path) -> None:
    """Killed at every seventh file that is opened, renamed or removed, until one saving comes to its end."""
    (tmp_path / "script.py").write_text(KILLED)
    done = subprocess.run(
        [sys.executable, "script.py", "7"], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout.split()[0]) >= 5


def test_results_are_the_same_in_another_country_and_without_docstrings(tmp_path: Path) -> None:
    """Locale, time zone and `python -OO`."""
    others = {
        "here": ([], {}),
        "there": (["-OO"], {"LC_ALL": "C", "LANG": "de_DE.ISO-8859-1", "TZ": "Pacific/Kiritimati", "PYTHONUTF8": "0"}),
    }
    for name, (flags, environment) in others.items():
        done = subprocess.run(
            [sys.executable, *flags, str(ROOT / "cli.py"), "run", "tiny", "-n", "2", *SHORT, "--out", name],
            cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, **environment},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    for table in ("summary.csv", "measures.parquet", "stocks.parquet", "journeys.parquet"):
        assert (tmp_path / "there" / table).read_bytes() == (tmp_path / "here" / table).read_bytes(), table


GROWTH = """
import resource, sim
tiny = sim.load("tiny", period__end="2016-04-10")
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
sim.run(tiny, replications=10, journeys="none", workers=1)
first = peak()
sim.run(tiny, replications=60, journeys="none", workers=1)
print((peak() - first) // 1024)
"""


def test_memory_does_not_grow_with_replications(tmp_path: Path) -> None:
    """The peak of 60 replications lies less than 15 MB above that of 10: their figures, not their services."""
    pytest.importorskip("resource")
    done = subprocess.run(
        [sys.executable, "-c", GROWTH], cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 15, done.stdout
