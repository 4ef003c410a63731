"""The machine and the libraries that a measurement was made with, and how busy the machine was."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

from sim.compiled import is_compiled

LIBRARIES = ("simpy", "numpy", "pydantic", "pandas", "pyarrow", "plotly", "ciw", "salabim")

Result = TypeVar("Result")


def machine() -> dict[str, Any]:
    """What a reader needs to compare two measurements."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "model": "compiled" if is_compiled() else "as written",
        "libraries": {name: installed(name) for name in LIBRARIES},
    }


def processor() -> str:
    """The processor's model, where the system says."""
    about = Path("/proc/cpuinfo")
    if about.is_file():
        for line in about.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def installed(name: str) -> str | None:
    """The version of an installed library."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def load() -> float | None:
    """Processes that wanted a processor over the last minute, this one included; None where the system does not say."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def peak_megabytes() -> float | None:
    """The most memory this process has held so far, in megabytes; None where the system does not say.

    Linux counts to a process what whoever started it held, but for the line VmHWM (kB) of its status.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next((line for line in status.read_text().splitlines() if line.startswith("VmHWM")), None)
        if line is not None:
            return int(line.split()[1]) * 1024 / 1e6
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def timed(function: Callable[[], Result]) -> tuple[Result, float, float]:
    """What a function returns, its seconds by the clock, and those that the processor gave to this process.

    The latter are steadier where others use the machine as well.
    """
    clock, processor_time = time.perf_counter(), time.process_time()
    result = function()
    return result, time.perf_counter() - clock, time.process_time() - processor_time
