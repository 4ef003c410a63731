"""Which answers hinge on an assumption: Croydon's surge and its teams over an assumption's range.

    python -m benchmarks.hinges [ASSUMPTION ...]

Every row sets one assumption of `practice` to one value in three scenarios, runs each with common seeds, and compares
2018-19. The tables stand in docs/councils.md.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from os import cpu_count
from pathlib import Path
from statistics import fmean

from benchmarks.tables import table, write
from sim.calendar import calendar_of
from sim.measures.compute import compute
from sim.model import simulate
from sim.scenario.reading.loader import load

PAGE = Path(__file__).resolve().parent.parent / "docs" / "councils.md"
REPLICATIONS = 8
YEAR = "2018-19"
BASE, SURGE, TEAMS = "croydon-2017", "croydon-surge", "croydon-surge-teams"
OVERDUE, ON_TIME, COME_BACK = "assessments_open_over_45wd", "assessments_45wd_pct", "rereferrals_12m_pct"
MEASURES = (OVERDUE, ON_TIME, COME_BACK)

HINGES: dict[str, tuple[str, tuple[float, ...]]] = {
    "under_load.shortest": ("shortest work", (0.6, 0.72, 0.85)),
    "thresholds.turned_away": ("most turned away", (0.0, 0.12, 0.3)),
    "custom.late_by_load": ("lateness by load", (0.0, 0.9, 1.6)),
}
"""Assumptions by their key in `practice`: what a reader calls each, then low, central and high values."""

Job = tuple[str, str, float, int]


def measured(job: Job) -> dict[str, float]:
    """The year's measures of one replication with one assumption set."""
    scenario_name, key, value, replication = job
    scenario = load(scenario_name, {f"practice.{key}": value}).scenario
    computed = compute(simulate(scenario, 1, replication), calendar_of(scenario.period.start, scenario.period.end))
    return {measure: computed.value(measure, YEAR) for measure in MEASURES}


def hinge(key: str, pool: ProcessPoolExecutor) -> str:
    """One assumption's table."""
    words, values = HINGES[key]
    jobs = [
        (name, key, value, number)
        for value in values
        for name in (BASE, SURGE, TEAMS)
        for number in range(REPLICATIONS)
    ]
    results = dict(zip(jobs, pool.map(measured, jobs), strict=True))

    def mean(name: str, value: float, measure: str) -> float:
        return fmean([results[name, key, value, number][measure] for number in range(REPLICATIONS)])

    rows = []
    for value in values:
        row = [f"{value:g}" + (" (central)" if value == values[1] else "")]
        for name, other in ((SURGE, BASE), (TEAMS, SURGE)):
            for measure, digits in ((OVERDUE, 0), (ON_TIME, 1), (COME_BACK, 1)):
                row.append(f"{mean(name, value, measure) - mean(other, value, measure):+.{digits}f}")
        rows.append(row)
    headings = (
        f"{words}, `practice.{key}`", "surge: overdue assessments", "surge: on time, points",
        "surge: re-referred, points", "teams: overdue assessments", "teams: on time, points",
        "teams: re-referred, points",
    )  # fmt: skip
    return f"{YEAR}, {REPLICATIONS} replications, seed 1.\n\n{table(headings, rows)}"


if __name__ == "__main__":
    with ProcessPoolExecutor(cpu_count()) as workers_of_the_machine:
        for asked in sys.argv[1:] or list(HINGES):
            write(PAGE, f"hinge {asked}", hinge(asked, workers_of_the_machine))
            print(f"Wrote the table of {asked}.", flush=True)
