"""The benchmark runs and keeps its figures. How fast it is, no test asks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.end_to_end

CHECKOUT = Path(__file__).parents[2]


def test_the_benchmark_writes_its_figures(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "benchmarks",
        "--only",
        "tiny",
        "--years",
        "1",
        "--repeat",
        "2",
        "--out",
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "tiny" in done.stdout
    (path,) = tmp_path.glob("*.json")
    report = json.loads(path.read_text(encoding="utf-8"))
    assert {"made", "machine", "years", "repeat", "results"} <= report.keys()
    assert {"processor", "cores", "python", "libraries"} <= report["machine"].keys()
    (result,) = report["results"]
    assert result["size"] == "tiny"
    assert len(result["seconds"]) == 2
    for key in ("seconds_per_simulated_year", "events_per_second", "events_per_referred_child", "children_referred"):
        assert result[key] > 0
    assert "peak_megabytes" in result
