"""Measures one size in a process of its own, so that its peak memory is its own: prints JSON."""

from __future__ import annotations

import argparse
import cProfile
import gc
import json
import pstats
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.machine import peak_megabytes, timed
from benchmarks.sizes import named
from sim.model import simulate
from sim.scenario.schema import Scenario

CHECKOUT = Path(__file__).resolve().parent.parent
DAYS_A_YEAR = 365.25
SEED = 1


def measured_apart(name: str, years: int, repeat: int, *flags: str) -> dict[str, Any]:
    """Measure a size in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.measure", name, "--years", str(years), "--repeat", str(repeat), *flags]
    done = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def measure(name: str, years: int, repeat: int, everything_on: bool, profile: bool) -> dict[str, Any]:
    """Run a size `repeat` times and say how long a run took, what it did and what memory the first one needed."""
    simulate(named("tiny").scenario(1), SEED, 0)  # what is imported or made at a first use is no part of a year
    scenario = named(name).scenario(years, everything_on)
    before = peak_megabytes()
    gc.disable()  # as in a run of the product
    seconds: list[float] = []
    busy: list[float] = []
    peak = None
    for number in range(repeat):
        recording, clock, processor = timed(lambda seed=SEED + number: simulate(scenario, seed, 0))
        seconds.append(clock)
        busy.append(processor)
        peak = peak or peak_megabytes()
    children = recording.cases["children"]
    referred = int(children[~recording.cases["opening"]].sum())
    simulated = ((scenario.period.end - scenario.period.start).days + 1) / DAYS_A_YEAR
    return {
        "size": name,
        "years": simulated,
        "children": int(children.sum()),
        "children referred": referred,
        "events": recording.events,
        "seconds": seconds,
        "processor seconds": busy,
        "megabytes before": before,
        "megabytes": peak,
        "profile": shares(scenario) if profile else None,
    }


def shares(scenario: Scenario) -> dict[str, float]:
    """Share of the time of a run by part of the product, in per cent; built-in functions count to who called them.

    A profiler slows Python's own code more than what is compiled, so that these are shares of work, not of seconds.
    """
    profiler = cProfile.Profile()
    profiler.runcall(simulate, scenario, SEED, 0)
    spent: dict[str, float] = {}
    for (file, _, _), (_, _, own, _, callers) in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]
        if file.endswith(".py"):
            parts = {part(file): own}
        else:
            parts = {}
            for (caller, _, _), (_, _, inside, _) in callers.items():
                parts[part(caller)] = parts.get(part(caller), 0.0) + inside
        for name, time in parts.items():
            spent[name] = spent.get(name, 0.0) + time
    whole = sum(spent.values())
    ordered = sorted(spent.items(), key=lambda item: -item[1])
    return {name: round(100 * time / whole, 1) for name, time in ordered if time > whole / 1000}


def part(file: str) -> str:
    """The part of the product that a file belongs to: `sim/model/pace`, or the library."""
    path = Path(file)
    if "site-packages" in path.parts:
        return path.parts[path.parts.index("site-packages") + 1]
    if path.is_relative_to(CHECKOUT):
        inside = path.relative_to(CHECKOUT)
        return str(inside.parent if len(inside.parts) > 3 else inside.with_suffix(""))
    return "Python"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size")
    parser.add_argument("--years", type=int, required=True)
    parser.add_argument("--repeat", type=int, required=True)
    parser.add_argument("--everything-on", action="store_true")
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    print(json.dumps(measure(given.size, given.years, given.repeat, given.everything_on, given.profile)))
