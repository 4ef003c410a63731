"""A service under pressure at its full size: staff, spans, caps and conference slots, one table each.

    python -m benchmarks.pressure staff spans caps slots

Each table has a row for each setting of Croydon's base or of its surge, means over replications with common seeds.
Directions that must hold are tested on a small service (`tests/direction/test_practice_under_pressure.py`).
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from os import cpu_count
from statistics import fmean
from typing import Any

from sim.calendar import calendar_of
from sim.measures.compute import compute
from sim.model import simulate
from sim.scenario.reading.loader import load

BASE, SURGE = "croydon-2017", "croydon-surge"
TEAMS = ("assessment", "care planning")
REPLICATIONS = 4
MEASURES = (
    "assessments_completed", "assessments_45wd_pct", "held_by_managers_mean", "allocation_wait_p90_wd",
    "workers_over_cap_pct", "supervision_on_time_pct", "decision_wait_assessment_wd", "decision_wait_step_up_wd",
    "exposure_child_days", "rereferrals_12m_pct", "turnover_pct", "cp_visits_on_time_pct", "cin_visits_on_time_pct",
    "icpc_15wd_pct", "cp_reviews_on_time_pct", "allocation_blocked_days", "cost_total",
)  # fmt: skip

Job = tuple[str, dict[str, Any], int]


def staff(times: float) -> dict[str, Any]:
    """So many times the workers, with the managers and the work outside the pathway that there are."""
    teams = load(BASE).scenario.teams
    changes: dict[str, Any] = {}
    for team in TEAMS:
        for place, group in enumerate(teams[team].workers):
            changes[f"teams.{team}.workers.{place}.count"] = round(group.count * times)
    return changes


def span(workers: float) -> dict[str, Any]:
    """Managers to so many workers each."""
    teams = load(BASE).scenario.teams
    heads = {team: sum(group.count for group in teams[team].workers) for team in TEAMS}
    return {f"teams.{team}.managers": round(count / workers, 2) for team, count in heads.items()}


def caps(assessing: object, planning: object) -> dict[str, Any]:
    """The caps of the two teams."""
    teams = load(BASE).scenario.teams
    return {
        f"teams.{team}.workers.{place}.cap": cap
        for team, cap in zip(TEAMS, (assessing, planning), strict=True)
        for place in range(len(teams[team].workers))
    }


SWEEPS: dict[str, tuple[str, dict[str, dict[str, Any]]]] = {
    "staff": (BASE, {f"{times:g} times": staff(times) for times in (0.8, 0.9, 1.0, 1.2, 1.6, 2.2)}),
    "spans": (BASE, {f"1 to {workers}": span(workers) for workers in (6, 9, 12, 15)}),
    "caps": (
        SURGE,
        {
            f"{low} and {high}": caps(low, high)
            for low, high in ((10, 14), (13, 18), (17, 23), (20, 28), ("none", "none"))
        },
    ),
    "slots": (BASE, {f"{slots} slots": {"capacities.conference_slots_a_week": slots} for slots in (18, 22, 26, 36)}),
}


def measured(job: Job) -> dict[str, float]:
    """The measures of one replication, over the whole run."""
    name, changes, replication = job
    scenario = load(name, changes).scenario
    computed = compute(simulate(scenario, 1, replication), calendar_of(scenario.period.start, scenario.period.end))
    return {measure: computed.value(measure) for measure in MEASURES}


def table(sweep: str, pool: ProcessPoolExecutor) -> list[str]:
    """One sweep as lines of text."""
    name, settings = SWEEPS[sweep]
    jobs = [(name, changes, number) for changes in settings.values() for number in range(REPLICATIONS)]
    rows = list(pool.map(measured, jobs))
    groups = [rows[start : start + REPLICATIONS] for start in range(0, len(rows), REPLICATIONS)]
    lines = [f"{sweep} ({name}, {REPLICATIONS} replications)", " " * 32 + "".join(f"{label:>14}" for label in settings)]
    for measure in MEASURES:
        means = [fmean([row[measure] for row in group]) for group in groups]
        lines.append(f"{measure:32}" + "".join(f"{value:14,.2f}" for value in means))
    return lines


if __name__ == "__main__":
    with ProcessPoolExecutor(cpu_count()) as workers_of_the_machine:
        for asked in sys.argv[1:] or list(SWEEPS):
            print("\n".join(table(asked, workers_of_the_machine)), flush=True)
