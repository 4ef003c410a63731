"""Measures one size in a process of its own, so that its peak memory is its own: prints JSON."""

from __future__ import annotations

import argparse
import json
import sys
import time
from statistics import median
from typing import Any

from benchmarks.sizes import named
from sim.model import simulate

DAYS_A_YEAR = 365.25
SEED = 1


def peak_megabytes() -> float | None:
    """The most memory this process has held so far, in megabytes; None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def measure(name: str, years: int, repeat: int) -> dict[str, Any]:
    """Run a size `repeat` times and say how long a run took, what it did and what memory the first one needed."""
    size = named(name)
    started = time.perf_counter()
    scenario = size.scenario(years)
    loading = time.perf_counter() - started
    before = peak_megabytes()
    seconds: list[float] = []
    busy: list[float] = []  # what the processor gave to this process: steadier than the wall clock on a shared machine
    peak = None
    for _ in range(repeat):
        started, worked = time.perf_counter(), time.process_time()
        recording = simulate(scenario, SEED, 0)
        seconds.append(time.perf_counter() - started)
        busy.append(time.process_time() - worked)
        peak = peak or peak_megabytes()
    cases = recording.cases
    referred = int(cases["children"][~cases["opening"]].sum())
    simulated = ((scenario.period.end - scenario.period.start).days + 1) / DAYS_A_YEAR
    typical = median(seconds)
    return {
        "size": name,
        "about": size.about,
        "simulated_years": round(simulated, 3),
        "children_referred": referred,
        "visits": len(recording.visits["case"]),
        "events": recording.events,
        "loading_seconds": round(loading, 3),
        "seconds": [round(one, 4) for one in seconds],
        "median_seconds": round(typical, 4),
        "seconds_per_simulated_year": round(typical / simulated, 4),
        "processor_seconds_per_simulated_year": round(median(busy) / simulated, 4),
        "events_per_second": round(recording.events / typical),
        "events_per_referred_child": round(recording.events / max(1, referred), 2),
        "peak_megabytes_before_the_run": None if before is None else round(before, 1),
        "peak_megabytes": None if peak is None else round(peak, 1),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size")
    parser.add_argument("--years", type=int, required=True)
    parser.add_argument("--repeat", type=int, required=True)
    given = parser.parse_args()
    print(json.dumps(measure(given.size, given.years, given.repeat)))
