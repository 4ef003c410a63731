"""How long the command line takes to get going."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
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
IMPORT = """
import contextlib, importlib, sys, time
began = time.process_time()
for name in sys.argv[1:]:
    with contextlib.suppress(ImportError):  # a name that a library keeps for itself
        importlib.import_module(name)
print(time.process_time() - began)
"""


def measure(rounds: int) -> tuple[list[Figure], dict[str, Any]]:
    """Processor seconds of commands, and of what they import."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    help_imports: list[float] = []
    run_imports: list[float] = []
    cli = str(CHECKOUT / "cli.py")
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for name, arguments in COMMANDS.items():
                began = of_children()
                subprocess.run([sys.executable, cli, *arguments], cwd=folder, check=True, capture_output=True)
                seconds[name].append(of_children() - began)
            help_imports.append(importing(modules(cli, "--help")))
            run_imports.append(importing(modules("-c", A_RUN)))
    figures = [lower(f"start: {name}", "s", runs) for name, runs in seconds.items()]
    figures.append(lower("start: --help, imports", "s", help_imports))
    figures.append(lower("start: a run's own imports", "s", run_imports))
    return figures, {"modules": {"--help": len(modules(cli, "--help")), "a run": len(modules("-c", A_RUN))}}


def of_children() -> float:
    """Processor seconds of all processes that this one has started and waited for."""
    times = os.times()
    return times.children_user + times.children_system


def modules(*arguments: str) -> list[str]:
    """The modules that a command imports beyond those that Python starts with, in order."""

    def imported(*command: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-X", "importtime", *command], cwd=CHECKOUT, check=True, capture_output=True, text=True
        )
        lines = [line.rsplit("|", 1) for line in done.stderr.splitlines() if line.startswith("import time:")]
        return [name.strip() for _, name in lines[1:]]

    at_start = set(imported("-c", "pass"))
    return [name for name in imported(*arguments) if name not in at_start]


def importing(names: list[str]) -> float:
    """Processor seconds to import these modules, in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, *names], cwd=CHECKOUT, check=True, capture_output=True, text=True
    )
    return float(done.stdout)
