"""How long a planner waits: from the command that compares three Croydons to the report."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.figures import Figure, lower

CHECKOUT = Path(__file__).resolve().parent.parent
SCENARIOS = ("croydon-2017", "croydon-surge", "croydon-surge-teams")
YARDSTICK = "delay_child_days"
"""The measure whose mean is wanted within 5% (half of its 95% interval); how near it came is kept with the figures."""
REPLICATIONS = 6
"""As many as that took before Croydon's base was made by `baseline`; kept so that the trend goes on."""


def measure(
    rounds: int, scenarios: tuple[str, ...] = SCENARIOS, replications: int = REPLICATIONS
) -> tuple[list[Figure], dict[str, Any]]:
    """Run the command as a planner does and read its summary."""
    seconds: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "answer"
        command = [sys.executable, str(CHECKOUT / "cli.py"), "compare", *scenarios, "-q"]
        command += ["--replications", str(replications), "--out", str(out)]
        for _ in range(rounds):
            began = time.perf_counter()
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            seconds.append(time.perf_counter() - began)
        details = {
            "scenarios": scenarios,
            "replications": replications,
            "workers": os.cpu_count(),
            "precision, per cent": precision(out / "summary.csv"),
            "bytes": {path.name: path.stat().st_size for path in sorted(out.iterdir())},
        }
    return [lower("answer: from command to report", "s", seconds)], details


def precision(summary: Path) -> dict[str, float]:
    """Half the 95% interval of the yardstick over the whole run, in per cent of its mean, by scenario."""
    table = pd.read_csv(summary)
    rows = table[(table["measure"] == YARDSTICK) & (table["period"] == "whole") & (table["breakdown"] == "all")]
    half = 100 * (rows["ci95_high"] - rows["ci95_low"]) / 2 / rows["mean"]
    return {name: round(float(value), 1) for name, value in zip(rows["scenario"], half, strict=True)}
