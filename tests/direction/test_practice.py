"""What load does to practice, shown on Croydon: margins are wide enough for the chance of a few replications."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.model.recording import OUTCOMES, Recording
from sim.model.service import simulate
from sim.scenario import load

pytestmark = pytest.mark.direction

YEAR = 253
ASSESSMENT, PLAN, PLO = 1, 4, 5
CHANCE = 0.02
"""Of completions in three replications, as a share."""
SURGE = {"lever": "referral_surge", "at": "2018-04-01", "size": 0.4, "ramp": "1 months"}
ONE_YEAR = {"lever": "referral_surge", "at": "2017-04-03", "size": 0.4, "ramp": "1 months", "until": "2018-04-01"}
MORE = {"lever": "staffing", "at": "2017-04-03"}
WORKERS = {"assessment": 42, "care planning": 76}


def _double() -> list[dict[str, Any]]:
    return [
        MORE | {"team": team, "add": {"count": count, "grade": "social_worker", "cap": 20}}
        for team, count in WORKERS.items()
    ]


@cache
def _runs(which: str) -> tuple[Recording, ...]:
    levers = {"base": [], "held": [SURGE], "year": [ONE_YEAR], "double": _double()}[which]
    scenario = load("croydon-2017", [f"levers={levers}"] if levers else []).scenario
    return tuple(simulate(scenario, 1, replication) for replication in range(3))


def _of_year(recording: Recording, year: int, stage: int) -> dict[str, np.ndarray[Any, Any]]:
    ended = recording.spells["ended"]
    kept = (recording.spells["stage"] == stage) & (ended >= year * YEAR) & (ended < (year + 1) * YEAR)
    return {name: column[kept] for name, column in recording.spells.items()}


def _completed(which: str, year: int) -> float:
    return float(np.mean([_of_year(r, year, ASSESSMENT)["children"].sum() for r in _runs(which)]))


def _on_time(which: str, year: int) -> float:
    shares = []
    for recording in _runs(which):
        spells = _of_year(recording, year, ASSESSMENT)
        days = spells["ended"] - spells["clock_start"]
        shares.append(np.average(days <= 45, weights=spells["children"]))
    return 100 * float(np.mean(shares))


def _turned_away(which: str, year: int) -> float:
    no_further_action = OUTCOMES.index("no_further_action")
    shares = [
        np.average(spells["outcome"] == no_further_action, weights=spells["children"])
        for spells in (_of_year(recording, year, 0) for recording in _runs(which))
    ]
    return 100 * float(np.mean(shares))


def _step_up_delay(which: str) -> float:
    delays = [r.needs["acted"] - r.needs["rose"] for r in _runs(which)]
    return float(np.mean(np.concatenate([d[r.needs["acted"] >= 0] for d, r in zip(delays, _runs(which), strict=True)])))


def _planning(which: str) -> float:
    spells = [_of_year(recording, 1, PLO) for recording in _runs(which)]
    lengths = [(s["ended"] - s["clock_start"])[s["clock_start"] >= 0] for s in spells]
    return float(np.mean(np.concatenate(lengths)))


def _leavers(which: str) -> float:
    return float(np.mean([r.workers["resigned"].sum() for r in _runs(which)]))


def _overdue(recording: Recording) -> int:
    """Children whose assessment is open beyond 45 working days on the last day."""
    spells = recording.spells
    late = (spells["stage"] == ASSESSMENT) & (spells["ended"] == -1) & (recording.horizon - spells["clock_start"] > 45)
    return int(spells["children"][late].sum())


def _plans_open_longer_than(months: int, which: str) -> float:
    """Children on child protection plans of some age, on the last day."""
    counts = []
    for recording in _runs(which):
        spells = recording.spells
        open_plans = (spells["stage"] == PLAN) & (spells["ended"] == -1)
        old = recording.horizon - spells["clock_start"] > months * YEAR / 12
        counts.append(spells["children"][open_plans & old].sum())
    return float(np.mean(counts))


def test_more_is_completed_and_less_in_time_when_referrals_stay_up_by_two_fifths() -> None:
    """The two years together: a quarter to a half more, and 3 to 16 percentage points fewer on time."""
    completed = sum(_completed("held", year) for year in (1, 2)) / sum(_completed("base", year) for year in (1, 2))
    assert 1.25 - CHANCE < completed < 1.5
    later = np.mean([_on_time("base", year) - _on_time("held", year) for year in (1, 2)])
    assert 3.0 < later < 16.0


def test_a_surge_of_a_year_has_healed_two_years_later() -> None:
    healed = [
        _overdue(surge) < 1.3 * _overdue(base) + 15 for surge, base in zip(_runs("year"), _runs("base"), strict=True)
    ]
    assert sum(healed) > len(healed) / 2
    assert _on_time("base", 2) - _on_time("year", 2) < 5.0


@pytest.mark.parametrize("months", [12, 15, 18, 24])
def test_drift_never_seems_less_under_a_surge(months: int) -> None:
    """As many children stay on plans for long, or more: none are missing because they wait outside."""
    base = _plans_open_longer_than(months, "base")
    assert _plans_open_longer_than(months, "held") > base - 2.0 * np.sqrt(base / len(_runs("base")))


def test_thresholds_rise_and_people_leave_when_referrals_stay_up() -> None:
    assert 2.0 < _turned_away("held", 2) - _turned_away("base", 2) < 12.0
    assert _leavers("held") > _leavers("base")


def test_twice_the_staff_helps_sooner_and_keeps_more_people() -> None:
    assert _step_up_delay("double") < 0.95 * _step_up_delay("base")
    assert _planning("double") < 0.95 * _planning("base")
    assert _on_time("double", 1) > _on_time("base", 1) + 2.0
    assert _leavers("double") < _leavers("base")


def test_a_well_staffed_council_at_seven_in_ten_reaches_its_practice_standard_within_two_years() -> None:
    within = {"same day": 3, "1-10": 12, "11-20": 14, "21-30": 13, "31-40": 16, "41-45": 12}
    bands = within | {"46-50": 10, "51-60": 12, "61+": 8}
    habit = {"distribution": "bands", "bands": bands, "tail_mean": "20 working days"}
    staff = MORE | {"team": "assessment", "add": {"count": 12, "grade": "social_worker", "cap": 17}}
    standard = {"lever": "practice_standard", "at": "2017-10-01", "target": 0.92, "ramp": "12 months"}
    shares = {}
    for name, levers in (("before", [staff]), ("after", [staff, standard])):
        scenario = load("croydon-2017", [f"stages.assessment.habit={habit}", f"levers={levers}"]).scenario
        spells = _of_year(simulate(scenario, 1, 0), 2, ASSESSMENT)
        shares[name] = 100 * np.average(spells["ended"] - spells["clock_start"] <= 45, weights=spells["children"])
    assert shares["before"] < 80.0
    assert shares["after"] >= 85.0


@pytest.mark.parametrize("name", ["croydon-published", "surrey-2020", "rutland-2018", "wirral-2018"])
def test_re_referrals_come_as_often_as_published(name: str) -> None:
    scenario = load(name).scenario
    replications = {"croydon-published": 4, "surrey-2020": 2, "rutland-2018": 12, "wirral-2018": 4}[name]
    children = again = 0.0
    for replication in range(replications):
        cases = simulate(scenario, 1, replication).cases
        new = ~cases["opening"]
        children += cases["children"][new].sum()
        again += (cases["children"] * cases["rereferral"])[new].sum()
    assert 100 * again / children == pytest.approx(100 * scenario.demand.rereferral.share, abs=1.0)
