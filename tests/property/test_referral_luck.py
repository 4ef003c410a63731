"""Children referred less the number expected: luck whose mean is nothing, whatever the scenario says of demand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.calendar import WorkingDayCalendar
from sim.model.levers.demand import DemandLevers
from sim.model.pathway.front_door.arrivals import SURGE, ReferralArrivals
from sim.streams import Streams

pytestmark = pytest.mark.property

RUNS = 250
GROUPS = {1: "50%", 2: "30%", 4: "20%"}
LEVEL = {"period.end": "2016-09-15", "demand.referrals_a_year": 900, "demand.sibling_groups": GROUPS}
MONTHS = {"2016-04": 80, "2016-05": 41.5, "2016-06": 120, "2016-07": 7}
SURGE_LEVER = {"lever": "referral_surge", "at": "2016-05-10", "size": "60%", "ramp": "1 month", "until": "2016-08-01"}
FALL = SURGE_LEVER | {"size": "-45%"}
ENDS_OF_WEEKS = {"demand.weekday": {"monday": 3, "friday": 1, "tuesday": 0, "wednesday": 0, "thursday": 0}}
SCHOOLS = {
    "demand.sources": {"schools": {"share": "40%", "term_time_only": True}, "others": {"share": "60%"}},
    "demand.over_dispersion": 8,
}

CASES: dict[str, dict[str, Any]] = {
    "plain": LEVEL,
    "dispersed and by school terms": LEVEL | SCHOOLS,
    "who come back are part of the level": LEVEL | {"demand.rereferral": {"mode": "feedback", "share": "30%"}},
    "surge": LEVEL | SCHOOLS | ENDS_OF_WEEKS | {"levers": [SURGE_LEVER]},
    "fall": LEVEL | SCHOOLS | ENDS_OF_WEEKS | {"levers": [FALL]},
    "surge on days of any part": LEVEL | ENDS_OF_WEEKS | {"levers": [SURGE_LEVER], "clock": "continuous"},
    "fall on days of any part": LEVEL | ENDS_OF_WEEKS | {"levers": [FALL], "clock": "continuous"},
    "two falls of more than all": LEVEL | {"levers": [FALL, FALL | {"size": "-80%"}]},
    "actual months and a fall": LEVEL | ENDS_OF_WEEKS | {"demand.monthly_referrals": MONTHS, "levers": [FALL]},
    "actual months and a surge": LEVEL | {"demand.monthly_referrals": MONTHS, "levers": [SURGE_LEVER]},
}


def referred(town: Any, changes: dict[str, Any]) -> tuple[Any, Any]:
    """Children referred and children expected: (replications, months) each."""
    scenario = town.scenario(changes)
    calendar = WorkingDayCalendar(scenario.period.start, scenario.period.end)
    levers = DemandLevers(scenario, calendar)
    found = []
    for replication in range(RUNS):
        arrivals = ReferralArrivals(
            scenario.demand, scenario.localities, levers, calendar, Streams(7, replication),
            scenario.clock == "working_days",
        )  # fmt: skip
        arrivals.schedule(lambda _day, make: make(), lambda _case, _moment: None)
        found.append(arrivals.referred)
    both = np.array(found, dtype=np.float64)
    return both[..., 0], both[..., 1]


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES.keys())
def test_luck_is_nothing_on_average(town: Any, changes: dict[str, Any]) -> None:
    """Within 3.5 standard errors, month by month and over the run; what is expected is itself not a matter of luck."""
    came, expected = referred(town, changes)
    assert (expected == expected[0]).all()
    luck = np.column_stack([came - expected, (came - expected).sum(axis=1)])
    error = luck.std(axis=0, ddof=1) / math.sqrt(RUNS)
    assert (np.abs(luck.mean(axis=0)) <= 3.5 * error + 1e-9).all(), luck.mean(axis=0) / np.maximum(error, 1e-12)
    assert error.max() > 0


def test_levers_change_what_is_expected(town: Any) -> None:
    """Otherwise a rule that leaves them out might pass by their being small."""
    plain, surge, fall = (referred(town, LEVEL | {"levers": levers})[1][0] for levers in ([], [SURGE_LEVER], [FALL]))
    assert surge[0] == plain[0] == fall[0]  # April: before the levers
    assert (surge[1:4] > plain[1:4]).all()
    assert (fall[1:4] < plain[1:4]).all()
    assert surge[2] > 1.5 * plain[2]


def test_actual_months_have_no_luck(town: Any) -> None:
    came, expected = referred(town, LEVEL | {"demand.monthly_referrals": MONTHS})
    assert (came[:, :4] == expected[:, :4]).all()
    assert (came[:, 4:] != expected[:, 4:]).any()


def test_a_run_reports_those_newly_referred_and_not_those_who_come_back(town: Any) -> None:
    """Counted again from the cases recorded, by their first numbers; recording off reports the same."""
    changes = {"period.end": "2017-03-31", "levers": [SURGE_LEVER], "demand.rereferral": {"mode": "feedback"}}
    recording = town.recording(changes)
    cases = recording.cases
    case = cases["case"].astype(np.int64)
    month, source = case >> 30, (case >> 26) & 15
    new = (month > 0) & (source <= SURGE) & ((case & 63) == 0)
    counted = np.bincount(month[new], cases["children"][new], 13)[1:]
    assert cases["children"][(month > 0) & (source <= SURGE) & ((case & 63) > 0)].sum() > 0
    assert recording.referrals[:, 0].tolist() == counted.tolist()
    assert np.array_equal(town.service(changes, record=False).run().referrals, recording.referrals)
