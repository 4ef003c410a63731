"""How long the command line takes to get going."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, lower

CHECKOUT = Path(__file__).resolve().parent.parent
COMMANDS = {
    "--help": ("--help",),
    "check": ("check", "tiny"),
    "run tiny": ("run", "tiny", "-n", "1", "-w", "1", "-q", "--out", "tiny"),
}
A_RUN = "import sim; sim.run('tiny', replications=1)"
"""A run without its report, as a notebook would have it."""


def measure(rounds: int) -> tuple[list[Figure], dict[str, Any]]:
    """Time commands by the clock, and the imports that they make as Python itself reports them."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    help_imports: list[float] = []
    run_imports: list[float] = []
    cli = str(CHECKOUT / "cli.py")
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for name, arguments in COMMANDS.items():
                began = time.perf_counter()
                subprocess.run([sys.executable, cli, *arguments], cwd=folder, check=True, capture_output=True)
                seconds[name].append(time.perf_counter() - began)
            bare = sum(imports("-c", "pass").values())
            help_imports.append(sum(imports(cli, "--help").values()) - bare)
            of_a_run = imports("-c", A_RUN)
            run_imports.append(sum(of_a_run.values()) - bare)
    figures = [lower(f"start: {name}", "s", found) for name, found in seconds.items()]
    figures.append(lower("start: --help, imports", "s", help_imports))
    figures.append(lower("start: a run's own imports", "s", run_imports))
    return figures, {"a run's own imports by library, ms": by_library(of_a_run)}


def imports(*arguments: str) -> dict[str, float]:
    """Seconds that Python took to import each module, itself alone; measuring adds to them."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], cwd=CHECKOUT, check=True, capture_output=True, text=True
    )
    found = {}
    for line in done.stderr.splitlines():
        own, bar, rest = line.removeprefix("import time:").partition("|")
        if line.startswith("import time:") and bar and own.strip().isdigit():
            found[rest.partition("|")[2].strip()] = int(own) / 1e6
    return found


def by_library(found: dict[str, float]) -> dict[str, float]:
    """The same added up by library, largest first."""
    spent: dict[str, float] = {}
    for module, seconds in found.items():
        library = module.partition(".")[0]
        spent[library] = spent.get(library, 0.0) + 1000 * seconds
    ordered = sorted(spent.items(), key=lambda item: -item[1])
    return {library: round(time, 1) for library, time in ordered if time >= 1}
