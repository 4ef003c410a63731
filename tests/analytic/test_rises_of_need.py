"""Rises of need against theory: a Poisson process, seen at fixed intervals, decided at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.model.recording import STAGES, Recording
from sim.scenario.values.durations import WORKING_DAYS_A_YEAR

pytestmark = pytest.mark.analytic

ONE = "locality team"
CHILDREN, RATE, INTERVAL = 600, 1.5, 20
EVER: dict[str, Any] = {
    "period": {"start": "2016-04-01", "end": "2019-03-31"},
    "pace": "off",
    "sign_off": "none",
    "demand.referrals_a_year": 0,
    "demand.rereferral": {"mode": "none"},
    "demand.sibling_groups": {1: 1},
    "opening": {"child_in_need": {"children": CHILDREN, "ages": "1 months"}},
    "stages.child_in_need": {
        "visit_interval": f"{INTERVAL} working days",
        "visit_earliest": 1,
        "intervention": "10 years",
        "first_review": "none",
        "step_up_a_year": 0,
    },
    "stages.section_47.outcomes": {"conference": 0, "no_further_action": 1},
    f"teams.{ONE}.workers": [{"count": 10}],
}
"""Children on plans that never end, each seen every twenty working days to the day; enquiries lead back to the plan."""
SURE: dict[str, Any] = {
    "rises_a_year": {"child_in_need": RATE, "section_47": RATE},
    "times_by_level": {},
    "falls_a_year": 0,
    "new_referrals_a_year": 0,
    "noticed_at_visit": 1,
    "straight_to_severe": 0,
    "times_once_work_is_done": 1,
}
EVEN = dict.fromkeys(("low", "moderate", "high", "severe"), 1)


def run(town: Any, **risk: Any) -> Recording:
    made: Recording = town.recording(EVER | {"risk": SURE | {"times_by_level": EVEN} | risk})
    assert {STAGES[stage] for stage in made.spells["stage"].tolist()} <= {"child_in_need", "section_47"}
    assert (made.spells["ended"][made.spells["stage"] == STAGES.index("child_in_need")] == -1).all()
    return made


def delays(recording: Recording) -> np.ndarray[Any, Any]:
    """Working days from rise to step of the first rise of each case (later visits may have been brought forward)."""
    needs = recording.needs
    order = np.lexsort((needs["rose"], needs["case"]))
    first = order[np.unique(needs["case"][order], return_index=True)[1]]
    acted, rose = needs["acted"][first], needs["rose"][first]
    return (acted - rose)[(rose < recording.horizon - 400)]


def close(mean: float, values: np.ndarray[Any, Any]) -> bool:
    """Within four standard errors of the mean of independent values."""
    return bool(abs(values.mean() - mean) < 4 * values.std() / np.sqrt(len(values)))


def test_a_rise_waits_half_an_interval_for_the_visit_that_notices_it(town: Any) -> None:
    """Uniform over the interval: rises fall on mornings, visits on whole days, so 0 to 19 days, 9.5 on average."""
    found = delays(run(town))
    assert len(found) > 300
    assert found.min() == 0
    assert found.max() == INTERVAL - 1
    assert close((INTERVAL - 1) / 2, found)
    assert found.std() == pytest.approx(np.sqrt((INTERVAL**2 - 1) / 12), rel=0.1)


@pytest.mark.parametrize("chance", [0.25, 0.6])
def test_visits_that_may_miss_it_add_whole_intervals(town: Any, chance: float) -> None:
    """The number of visits that miss it is geometric: (1 - p) / p intervals more on average."""
    found = delays(run(town, noticed_at_visit=chance))
    assert (found >= 0).all()
    assert close((INTERVAL - 1) / 2 + INTERVAL * (1 - chance) / chance, found)


def test_rises_come_at_the_rate_given(town: Any) -> None:
    """A Poisson process: exposure takes the days of a standing rise out of those in which need can rise."""
    recording = run(town)
    needs = recording.needs
    over = np.where(needs["acted"] >= 0, needs["acted"], recording.horizon)
    at_risk = CHILDREN * recording.horizon - (over - needs["rose"]).sum()
    # Rises fall on the morning after, which takes half a day each from those at risk.
    expected = RATE / WORKING_DAYS_A_YEAR * (at_risk - len(over) / 2)
    assert abs(len(over) - expected) < 4 * np.sqrt(expected)


def test_unnoticed_rises_fall_back_at_the_rate_given(town: Any) -> None:
    """Exponential: a rise that nobody notices lasts 253 / rate working days on average, and no step is taken."""
    falls = 4.0
    needs = run(town, noticed_at_visit=0, falls_a_year=falls).needs
    early = needs["rose"] < 300  # nearly all of these are over before the run ends
    lasted = np.where(needs["ended"] >= 0, needs["ended"], 10**6)[early] - needs["rose"][early]
    assert (needs["acted"] == -1).all()
    ended = lasted[lasted < 10**5]
    assert len(ended) > 0.99 * len(lasted)
    assert close(WORKING_DAYS_A_YEAR / falls + 0.5, ended)


def test_somebody_rings_at_the_rate_given(town: Any) -> None:
    calls = 6.0
    found = delays(run(town, noticed_at_visit=0, new_referrals_a_year=calls))
    assert (found >= 0).all()
    assert close(WORKING_DAYS_A_YEAR / calls + 0.5, found)


def test_without_contact_need_rises_so_many_times_as_often(town: Any) -> None:
    """Seen every 20 working days, a child is out of contact for the second ten: 1 + 3 in place of 1 + 1."""
    faster = {"after": "10 working days", "times": 3}
    recordings = [run(town, noticed_at_visit=0, falls_a_year=50, **more) for more in ({}, {"without_contact": faster})]
    plain, more = (len(recording.needs["case"]) for recording in recordings)
    risen = [(r.needs["ended"].clip(0) - r.needs["rose"])[r.needs["ended"] >= 0].sum() for r in recordings]
    rates = [
        count / (CHILDREN * recordings[0].horizon - lost - count / 2)
        for count, lost in ((plain, risen[0]), (more, risen[1]))
    ]
    assert rates[1] / rates[0] == pytest.approx(2, rel=4 * np.sqrt(1 / plain + 1 / more))
