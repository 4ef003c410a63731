"""Sweep, solve and sensitivity from the command line: what they print and write, and a sweep that is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.end_to_end

ROOT = Path(__file__).resolve().parents[2]
SHORT = ("--set", "period.end=2016-05-31", "-w", "1")
SWEEP = ("sweep", "tiny", "--vary", "demand.referrals_a_year=400:480:80", "-n", "4", "--measure", "referrals", *SHORT)
HEADS = "teams.locality team.social_workers=8:9"


def frontdoor(*arguments: str, folder: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *arguments],
        cwd=folder, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    return done


def test_a_killed_sweep_goes_on_and_ends_as_an_unbroken_one(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, str(ROOT / "cli.py"), *SWEEP, "--out", "broken"], cwd=tmp_path)
    try:
        deadline = time.monotonic() + 120
        while not list(tmp_path.glob("broken/parts/*.parquet")):
            assert time.monotonic() < deadline, "no run was finished"
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
    assert process.returncode == -signal.SIGKILL
    assert not (tmp_path / "broken" / "sweep.parquet").exists()
    frontdoor(*SWEEP, "--out", "broken", folder=tmp_path)
    said = frontdoor(*SWEEP, "--out", "whole", folder=tmp_path).stdout
    assert "2 settings, 4 runs each" in said
    for file in ("sweep.parquet", "summary.csv"):
        assert (tmp_path / "broken" / file).read_bytes() == (tmp_path / "whole" / file).read_bytes(), file
    page = (tmp_path / "whole" / "report.html").read_bytes()
    (tmp_path / "whole" / "report.html").unlink()
    frontdoor("report", "whole", folder=tmp_path)
    assert (tmp_path / "whole" / "report.html").read_bytes() == page


def test_solve_and_sensitivity(tmp_path: Path) -> None:
    said = frontdoor(
        "solve", "tiny", "--vary", HEADS, "--target", "referrals>=1", "--max-replications", "6", *SHORT, folder=tmp_path
    ).stdout
    assert "is 8 social workers in the locality team: it did in 6 of 6 runs" in said
    assert (tmp_path / "outputs" / "solve_tiny" / "settings.csv").is_file()
    said = frontdoor(
        "sensitivity", "tiny", "--measure", "referrals", "--range", "demand.referrals_a_year=400:600",
        "--samples", "2", "-n", "1", *SHORT, folder=tmp_path,
    ).stdout  # fmt: skip
    assert "demand.referrals_a_year" in said
    assert (tmp_path / "outputs" / "sensitivity_tiny" / "report.html").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sweep", "tiny", "--vary", "demand.referals_a_year=1:5"], "did you mean 'referrals_a_year'?"),
        (["sweep", "tiny", "--vary", "demand.rereferral.share=10%:20%"], "a grid needs a step"),
        (["solve", "tiny", "--vary", HEADS, "--target", "referral>=1"], "there is no measure 'referral'"),
        (["solve", "tiny", "--vary", HEADS, "--target", "referrals>=1", "--period", "2030-31"], "no full year"),
        (["sensitivity", "tiny", "--measure", "referrals"], "has no figure with a range"),
        (["run", "tiny", "--executor", "dask://nowhere"], "write local, or dask://HOST:PORT"),
        (["sweep", "tiny", "--vary", HEADS, "--executor", "cloud"], "write local, or dask://HOST:PORT"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments: list[str], said: str, tmp_path: Path) -> None:
    done = frontdoor(*arguments, folder=tmp_path, code=2)
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "outputs").exists() or not list((tmp_path / "outputs").iterdir())
