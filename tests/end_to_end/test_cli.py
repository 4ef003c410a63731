"""The command line from a clean folder: what it prints, what it writes, and how it says what is wrong."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.end_to_end

ROOT = Path(__file__).resolve().parents[2]
SHORT = ("--set", "period.end=2016-06-30")


def frontdoor(
    *arguments: str, folder: Path, hash_seed: str = "0", code: int | None = 0
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert code is None or done.returncode == code, done.stdout + done.stderr
    return done


COMMANDS = (
    "run", "compare", "explain", "sweep", "solve", "sensitivity", "new", "serve", "check", "report", "open",
    "export", "list", "schema", "measures", "baseline", "benchmark-council", "calibrate", "backtest",
    "backtest-councils", "forecast-weights",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command(command: str, tmp_path: Path) -> None:
    assert "Usage: frontdoor" in frontdoor(command, "--help", folder=tmp_path).stdout


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    script = (
        "import atexit, sys; sys.argv = ['frontdoor', '--help']; "
        f"atexit.register(lambda: print(*sys.modules)); sys.path.insert(0, {str(ROOT)!r}); "
        "from sim.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    modules = set(done.stdout.splitlines()[-1].split())
    heavy = {"pandas", "plotly", "pyarrow", "rich", "jinja2", "numpy", "pydantic", "yaml", "simpy", "holidays"}
    assert not modules & heavy


def test_version_list_schema_and_measures(tmp_path: Path) -> None:
    assert frontdoor("--version", folder=tmp_path).stdout.startswith("frontdoor 0.")
    assert "tiny" in frontdoor("list", folder=tmp_path).stdout
    assert "croydon-2017" in json.loads(frontdoor("list", "--json", folder=tmp_path).stdout)
    assert json.loads(frontdoor("schema", folder=tmp_path).stdout)["$defs"]
    measures = json.loads(frontdoor("measures", "--json", folder=tmp_path).stdout)
    assert measures[0]["id"] == "contacts"
    assert "assessments_45wd_pct\t" in frontdoor("measures", folder=tmp_path).stdout


def test_check_prints_the_scenario_its_register_and_a_forecast(tmp_path: Path) -> None:
    said = frontdoor("check", "croydon-2017", "--set", "demand.referrals_a_year=9000", folder=tmp_path).stdout
    assert "Set demand.referrals_a_year = 9000" in said
    assert "Where its figures come from" in said
    assert "[official]" in said
    assert "backlog will grow by about" in said
    assert "1 replication takes about" in said
    assert "2019-20" in said


def test_a_new_scenario_is_checked_and_run(tmp_path: Path) -> None:
    flags = ("--size", "small", "--newly-qualified", "3", "--cap", "16", "--surge", "40%")
    assert "Wrote mine.yaml" in frontdoor("new", "mine", *flags, folder=tmp_path).stdout
    checked = frontdoor("check", "mine.yaml", folder=tmp_path).stdout
    assert "Sound." in checked
    assert "Is this meant?" not in checked
    assert "finish_within" in frontdoor("check", "mine.yaml", "--defaults", folder=tmp_path).stdout
    short = ("--set", "period.end=2024-12-31")
    assert "Referrals" in frontdoor("run", "mine.yaml", "-n", "1", *short, folder=tmp_path).stdout
    again = frontdoor("new", "mine", *flags, folder=tmp_path, code=2)
    assert again.stderr == "mine.yaml: this file is there already; give another name\n"


def test_check_asks_what_is_out_of_proportion(tmp_path: Path) -> None:
    said = frontdoor("check", "croydon-surge", "--set", "levers.0.size=40", folder=tmp_path).stdout
    assert "--set: levers.0.size: 40 is a rise of 4,000%; write 40% if that is meant" in said


def test_run_and_compare_and_report(tmp_path: Path) -> None:
    done = frontdoor("run", "tiny", "-n", "2", *SHORT, folder=tmp_path)
    assert "Referrals" in done.stdout
    told = [line for line in done.stderr.splitlines() if not line.startswith("Simulating: ")]
    assert told == []
    out = tmp_path / "outputs" / "tiny"
    assert (out / "report.html").stat().st_size > 10_000
    assert 'href="tiny/report.html"' in (out.parent / "index.html").read_text(encoding="utf-8")
    (tmp_path / "busy.yaml").write_text("extends: tiny\ndemand: {referrals_a_year: 800}\n")
    done = frontdoor("compare", "tiny", "busy.yaml", "-n", "3", "--out", "both", *SHORT, folder=tmp_path)
    assert "* differs from tiny by more than chance" in done.stdout
    referrals = next(line for line in done.stdout.splitlines() if line.startswith("Referrals"))
    assert referrals.endswith(" *")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert not (tmp_path / "index.html").exists()  # no list in the folder in which somebody works
    report = tmp_path / "both" / "report.html"
    before = report.read_bytes()
    report.unlink()
    frontdoor("report", "both", folder=tmp_path)
    assert report.read_bytes() == before


def test_precision_ranges_and_any_workers(tmp_path: Path) -> None:
    """A run that stops when it is precise enough keeps the same replications however many workers there are."""
    (tmp_path / "busy.yaml").write_text("extends: tiny\ndemand: {referrals_a_year: {low: 500, high: 700}}\n")
    for name, workers, hash_seed in (("one", "1", "0"), ("two", "2", "17")):
        done = frontdoor(
            "compare", "tiny", "busy.yaml", "--precision", "referrals=12", "--max-replications", "14",
            "--journeys", "none", "-w", workers, "--out", name, *SHORT, folder=tmp_path, hash_seed=hash_seed,
        )  # fmt: skip
        assert "precise as asked after 1" in done.stdout
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text())
    assert manifest["precision"]["looks"][0] == 10
    assert manifest["uncertainty"] == "on"
    for file in ("measures.parquet", "parameters.parquet", "differences.csv", "best.csv", "variance.csv"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file
    page = (tmp_path / "one" / "report.html").read_text()
    assert "What is not known" in page
    assert "precise as asked after 1" in page


def test_controls_are_asked_for_and_said(tmp_path: Path) -> None:
    """Adjusted where the chance variation of referrals is known well enough; the same figures again from the folder."""
    for asked, words in (("on", "adjusted for the chance variation of referrals"), ("off", "")):
        done = frontdoor("run", "tiny", *SHORT, "-n", "20", "-w", "1", "--controls", asked, "--journeys", "none",
                         "--out", asked, folder=tmp_path)  # fmt: skip
        assert words in done.stdout
        assert json.loads((tmp_path / asked / "manifest.json").read_text())["controls"] == asked
    assert "chance variation of referrals" not in done.stdout
    on, off = ((tmp_path / asked / "summary.csv").read_text().splitlines() for asked in ("on", "off"))
    assert on[0] == off[0]
    assert on != off
    assert "No such option '--controls'" in frontdoor("explain", "tiny", "tiny", "--controls", "on", folder=tmp_path,
                                                      code=2).stderr  # fmt: skip


def test_explain_prints_and_writes_a_waterfall(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(
        "extends: tiny\nlevers:\n"
        "  - {lever: staffing, at: 2016-05-03, team: locality team, add: {count: 1, cap: 18}}\n"
        "  - {lever: early_help_diversion, at: 2016-05-02, share: 20%}\n"
    )
    asked = ("--measure", "assessments_open", "--journeys", "none", "--out", "out", *SHORT)
    done = frontdoor("explain", "tiny", "more.yaml", "-n", "2", *asked, folder=tmp_path)
    assert "staffing in locality team from 3 May 2016" in done.stdout
    assert "together (interaction)" in done.stdout
    rows = (tmp_path / "out" / "explain.csv").read_text().splitlines()
    assert rows[0].startswith("measure,period,effect,element,value")
    report = tmp_path / "out" / "report.html"
    before = report.read_bytes()
    assert b'data-chart="explain-assessments_open"' in before
    frontdoor("report", "out", folder=tmp_path)
    assert report.read_bytes() == before


def test_results_are_the_same_for_any_workers_and_hash_seed(tmp_path: Path) -> None:
    (tmp_path / "busy.yaml").write_text("extends: tiny\ndemand: {referrals_a_year: 600}\n")
    for name, workers, hash_seed in (("one", "1", "0"), ("two", "2", "17")):
        frontdoor(
            "compare", "tiny", "busy.yaml", "-n", "3", "-w", workers, "--out", name, "-q", *SHORT,
            folder=tmp_path, hash_seed=hash_seed,
        )  # fmt: skip
    for file in ("summary.csv", "differences.csv", "measures.parquet", "stocks.parquet", "journeys.parquet"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "bad.yaml"], "bad.yaml:2"),
        (["run", "croydon-2071"], "did you mean 'croydon-2017'?"),
        (["run", "missing.yaml"], "there is no such file"),
        (["run", "tiny", "--set", "demand.referals_a_year=5"], "did you mean 'referrals_a_year'?"),
        (["compare", "tiny", "croydon-2017"], "cover the same period"),
        (["run", "croydon-2017", "-n", "20000"], "add --yes to begin it all the same"),
        (["run", "tiny", "-n", "999999999999", "--yes"], "ask for 100,000 or fewer"),
        (["report", "nowhere"], "is not a folder of results"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("extends: tiny\ndemand: {referrals_a_year: -5}\n")
    done = frontdoor(*arguments, folder=tmp_path, code=2)
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
    assert not (tmp_path / "outputs").exists() or not list((tmp_path / "outputs").iterdir())


def test_an_unknown_command_and_option(tmp_path: Path) -> None:
    assert "Did you mean 'compare'?" in frontdoor("compair", folder=tmp_path, code=2).stderr
    assert "No such option" in frontdoor("run", "tiny", "--replcations", "2", folder=tmp_path, code=2).stderr


def test_a_folder_of_something_else_is_refused_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "keep.txt").write_text("mine")
    done = frontdoor("run", "tiny", "-n", "500", "--out", "mine", folder=tmp_path, code=2)
    assert len(done.stderr.splitlines()) == 1
    assert (tmp_path / "mine" / "keep.txt").read_text() == "mine"


def processes_of_session(session: int) -> list[int]:
    """Numbers of the processes of a session that run (those that have ended and wait to be noticed left out)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(stat.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see other processes")
def test_workers_go_when_the_first_process_is_killed(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "cli.py"), "run", "tiny", "-n", "5000", "-w", "2", "--out", "out", *SHORT],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 60
        while len(list(tmp_path.glob(".frontdoor-*.part/*.parquet"))) < 3:
            assert time.monotonic() < deadline, "no replication was finished"
            time.sleep(0.05)
        assert len(processes_of_session(process.pid)) >= 3
        process.kill()
        process.wait()
        deadline = time.monotonic() + 30
        while processes_of_session(process.pid):
            assert time.monotonic() < deadline, "workers are left over"
            time.sleep(0.1)
    finally:
        for number in processes_of_session(process.pid):
            os.kill(number, signal.SIGKILL)
        process.wait()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_keeps_what_is_complete(workers: str, tmp_path: Path) -> None:
    ignored = signal.signal(signal.SIGINT, signal.SIG_DFL)  # tests that run in the background ignore Ctrl-C
    try:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "cli.py"), "run", "tiny", "-n", "5000", "-w", workers, "--out", "out", *SHORT],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # so that the signal reaches the workers too, as Ctrl-C in a terminal does
        )
    finally:
        signal.signal(signal.SIGINT, ignored)
    try:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(".frontdoor-*.part/*.parquet")):
            assert time.monotonic() < deadline, "no replication was finished"
            time.sleep(0.05)
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130, stdout + stderr
    assert "Traceback" not in stderr
    assert "of 5000 replications that were complete for every scenario are kept" in stderr
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["interrupted"] is True
    assert 0 < manifest["replications"] < 5000
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
