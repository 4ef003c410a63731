"""The command line on a bad day: stopped, killed, without a folder or a cluster, and fed what steers a terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.end_to_end

ROOT = Path(__file__).resolve().parents[2]
SHORT = ("--set", "period.end=2016-06-30")
COMMAND = (sys.executable, str(ROOT / "cli.py"))


def frontdoor(*arguments: str, folder: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    return done


@contextmanager
def begun(*arguments: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Start the command line in a session of its own; kill what is left of it at the end."""
    ignored = signal.signal(signal.SIGINT, signal.SIG_DFL)  # tests that run in the background ignore Ctrl-C
    try:
        process = subprocess.Popen(
            [*COMMAND, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGINT, ignored)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_until(happened: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def complete(folder: Path) -> int:
    return int(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["replications"])


def parts(folder: Path) -> int:
    return len(list(folder.glob(".frontdoor-*.part/*.parquet")))


NOBODY = "levers=[{lever: team_end, at: 2016-08-01, team: locality team}]"
NO_WORKERS = "teams.locality team.workers.0.count=0"


@pytest.mark.parametrize("change", [NOBODY, NO_WORKERS, "demand.referrals_a_year=0"])
def test_tables_are_kept_whatever_the_report_does(change: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "run", "tiny", "-n", "2", "--set", change, "--out", "out"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert complete(tmp_path / "out") == 2
    assert (tmp_path / "out" / "summary.csv").stat().st_size > 1000
    if (tmp_path / "out" / "report.html").exists():
        assert (done.returncode, done.stderr) == (0, "")
    else:
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
        assert "every table is saved in out" in done.stderr
        assert "report.html" not in done.stdout
        assert "report.html" not in (tmp_path / "out" / "README.txt").read_text(encoding="utf-8")


def test_an_interrupted_run_does_not_replace_a_longer_one(tmp_path: Path) -> None:
    frontdoor("run", "tiny", "-n", "40", "-w", "1", "-q", "--out", "out", *SHORT, folder=tmp_path)
    before = (tmp_path / "out" / "manifest.json").read_bytes()
    with begun("run", "tiny", "-n", "5000", "-w", "1", "--out", "out", *SHORT, folder=tmp_path) as process:
        wait_until(lambda: parts(tmp_path) >= 2, "no replication was finished")
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "it holds 40 complete replications of the same run" in errors
    assert (tmp_path / "out" / "manifest.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_interrupted_run_of_something_else_is_saved_beside(tmp_path: Path) -> None:
    frontdoor("run", "tiny", "-n", "40", "-w", "1", "-q", "--out", "out", *SHORT, folder=tmp_path)
    other = ("--set", "demand.referrals_a_year=450")
    with begun("run", "tiny", "-n", "5000", "-w", "1", "--out", "out", *SHORT, *other, folder=tmp_path) as process:
        wait_until(lambda: parts(tmp_path) >= 2, "no replication was finished")
        os.killpg(process.pid, signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert complete(tmp_path / "out") == 40
    assert 0 < complete(tmp_path / "out-interrupted") < 40
    assert "Results: out-interrupted" in output


@pytest.mark.parametrize("workers", ["1", "2"])
def test_sigterm_keeps_what_is_complete(workers: str, tmp_path: Path) -> None:
    with begun("run", "tiny", "-n", "5000", "-w", workers, "--out", "out", *SHORT, folder=tmp_path) as process:
        wait_until(lambda: parts(tmp_path) >= 4, "no replication was finished")  # a worker may have one in hand
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "of 5000 replications that were complete for every scenario are kept" in errors
    assert 0 < complete(tmp_path / "out") < 5000
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


SAVING_SLOWLY = """
import os, signal, sys
from sim.experiment.results import folder
real = folder._write_tables

def slow(results, place):
    os.kill(os.getpid(), signal.{signal})
    real(results, place)

folder._write_tables = slow
from sim.cli import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_run_that_is_stopped_while_it_saves_is_saved(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SAVING_SLOWLY.format(signal=name), "run", "tiny", "-n", "2", "-q", "--out", "out",
         *SHORT],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 130, done.stderr
    assert done.stderr == "Interrupted while saving: everything is saved.\n"
    assert complete(tmp_path / "out") == 2
    assert (tmp_path / "out" / "report.html").exists()


def children_of(parent: int) -> dict[int, str]:
    """The processes that descend from one, with their command lines."""
    above: dict[int, tuple[int, str]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            above[int(stat.parent.name)] = int(fields[1]), (stat.parent / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    below = {parent}
    for _ in above:
        more = {number for number, (first, _) in above.items() if first in below} - below
        if not more:
            break
        below |= more
    return {number: above[number][1] for number in below - {parent} if number in above}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see other processes")
def test_a_run_killed_after_its_tables_gets_its_report_when_it_is_opened(tmp_path: Path) -> None:
    """Tables are put in place before the report is made, so that a report that fails costs none of them."""
    code = (
        "import os, sim, time\n"
        "from pathlib import Path\n"
        "from sim.experiment.results.folder import save\n"
        "def killed(results, path):\n"
        "    while not Path('out/summary.csv').exists():\n"
        "        time.sleep(0.01)\n"
        "    os._exit(9)\n"
        "results = sim.run(sim.load('tiny', period__end='2016-05-31'), replications=2)\n"
        "save(results, Path('out'), {'report.html': killed})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, timeout=120, check=False)
    assert done.returncode == 9
    assert complete(tmp_path / "out") == 2
    assert not (tmp_path / "out" / "report.html").exists()
    opened = subprocess.run(
        [*COMMAND, "open", "out"], cwd=tmp_path, env={**os.environ, "BROWSER": "true"}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert (opened.returncode, opened.stderr) == (0, "")
    assert (tmp_path / "out" / "report.html").stat().st_size > 100_000


def test_replications_of_a_killed_worker_are_run_again(tmp_path: Path) -> None:
    frontdoor("run", "tiny", "-n", "16", "-w", "1", "-q", "--out", "whole", *SHORT, folder=tmp_path)
    with begun("run", "tiny", "-n", "16", "-w", "2", "-q", "--out", "out", *SHORT, folder=tmp_path) as process:
        wait_until(lambda: parts(tmp_path) >= 2, "no replication was finished")
        server = [n for n, line in children_of(process.pid).items() if "forkserver" in line]
        workers = [n for n in server if n not in min((children_of(n), n) for n in server if children_of(n))[1:]]
        os.kill(workers[-1], signal.SIGKILL)
        _, errors = process.communicate(timeout=90)
    assert process.returncode == 0, errors
    assert len(errors.splitlines()) == 1
    assert "A worker process was ended by the system (SIGKILL), which does so when memory runs out: " in errors
    assert "run again, with 1 worker." in errors
    for file in ("measures.parquet", "summary.csv", "stocks.parquet", "journeys.parquet"):
        assert (tmp_path / "out" / file).read_bytes() == (tmp_path / "whole" / file).read_bytes(), file
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["failures"] == []


def test_what_a_killed_run_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    with begun("run", "tiny", "-n", "5000", "-w", "1", "--out", "out", *SHORT, folder=tmp_path) as process:
        wait_until(lambda: parts(tmp_path) >= 1, "no replication was finished")
        with begun("run", "tiny", "-n", "2", "-w", "1", "--out", "other", *SHORT, folder=tmp_path) as other:
            other.communicate(timeout=60)
        assert other.returncode == 0
        assert parts(tmp_path) >= 1, "a run that goes on keeps its journeys"
        process.kill()
        process.wait()
    assert list(tmp_path.glob(".frontdoor-*.part"))
    frontdoor("run", "tiny", "-n", "1", "-q", "--out", "other", *SHORT, folder=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


@pytest.mark.parametrize(
    ("out", "wrong"),
    [
        ("x" * 300, "too long; choose a shorter one with --out"),
        ("/".join(["x" * 200] * 30), "is too long; choose a shorter one with --out"),
        ("/proc/nowhere/x", "/proc cannot be written to"),
    ],
)
def test_a_folder_that_cannot_be_made_is_found_before_the_run(out: str, wrong: str, tmp_path: Path) -> None:
    done = frontdoor("run", "tiny", "-n", "100000", "--out", out, folder=tmp_path, code=2)
    assert wrong in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_nothing_steers_the_terminal(tmp_path: Path) -> None:
    title = '"\\e]0;pwned\\a \\u202e \\x9b31m"'
    (tmp_path / "evil\x1b[31m.yaml").write_text(f"extends: tiny\ntitle: {title}\n", encoding="utf-8")
    (tmp_path / "named\x1b[31m.yaml").write_text("extends: tiny\n", encoding="utf-8")
    for arguments, code in (
        (("run", "named\x1b[31m.yaml", "-n", "1", "--out", "a\x1b]0;pwned\a\u202e", *SHORT), 0),
        (("check", "named\x1b[31m.yaml"), 0),
        (("run", "evil\x1b[31m.yaml", "-n", "1", *SHORT), 2),
        (("check", "evil\x1b[31m.yaml"), 2),
        (("run", "none\x1b[31m\u2066"), 2),
        (("\x1b[31m",), 2),
        (("report", "none\x1b[31m\x9b"), 2),
    ):
        done = frontdoor(*arguments, folder=tmp_path, code=code)
        steering = {
            character
            for character in done.stdout + done.stderr
            if (ord(character) < 32 and character not in "\n\t") or character in "\x7f\x9b\u202e\u2066"
        }
        assert steering == set(), (arguments, done.stdout, done.stderr)


def test_a_name_is_no_formula_in_a_table(tmp_path: Path) -> None:
    (tmp_path / "=1+1.yaml").write_text("extends: tiny\n", encoding="utf-8")
    (tmp_path / "@sum.yaml").write_text("extends: tiny\ndemand: {referrals_a_year: 500}\n", encoding="utf-8")
    frontdoor("compare", "=1+1.yaml", "@sum.yaml", "-n", "2", "-q", "--out", "out", *SHORT, folder=tmp_path)
    for table in (tmp_path / "out").glob("*.csv"):
        for line in table.read_text(encoding="utf-8").splitlines():
            assert not [cell for cell in line.split(",") if cell[:1] in ("=", "@", "+")], (table.name, line)
    assert "'=1+1," in (tmp_path / "out" / "summary.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["fifo", "folder", "binary", "list", "newer", "types", "deep"])
def test_a_damaged_manifest_is_one_sentence(kind: str, tmp_path: Path) -> None:
    frontdoor("run", "tiny", "-n", "1", "-q", "--out", "out", *SHORT, folder=tmp_path)
    path = tmp_path / "out" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.unlink()
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "binary":
        path.write_bytes(b"\xff\xfe{")
    elif kind == "list":
        path.write_text("[1]")
    elif kind == "newer":
        path.write_text(json.dumps(manifest | {"format": 99, "product_version": "9.9"}))
    elif kind == "types":
        path.write_text(json.dumps(manifest | {"replications": "many"}))
    else:
        path.write_text("[" * 100_000)
    done = frontdoor("report", "out", folder=tmp_path, code=2)
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
    if kind == "newer":
        assert "was written by a newer version of frontdoor (9.9)" in done.stderr
