"""The rough load forecast against sums done by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

import sim
from sim.experiment.load_by_quarter import by_quarter, quarter_lines
from sim.experiment.load_forecast import WEEKS_A_YEAR, TeamLoad, forecast, stage_loads
from sim.scenario.schema import Scenario

pytestmark = pytest.mark.unit


def scenario(**changes: Any) -> Scenario:
    """260 children a year, ten hours of assessment each, half of them then closed: everything in round figures."""
    written: dict[str, Any] = {
        "title": "A stage by itself",
        "period": {"start": "2016-04-01", "end": "2017-03-31"},
        "demand": {"referrals_a_year": 260},
        "stages": {
            "assessment": {"work": {"distribution": "fixed", "value": "10 working days"}, "hours_a_week": 5},
        },
        "teams": {"duty": {"stages": ["assessment"], "workers": [{"count": 2, "hours_a_week": 20}]}},
    }
    return Scenario.model_validate({**written, **changes})


def test_one_stage_by_hand() -> None:
    load = stage_loads(scenario())["assessment"]
    assert load.children_a_week == pytest.approx(260 / WEEKS_A_YEAR)
    assert load.hours_a_child == 10
    assert load.children_held == pytest.approx(260 / WEEKS_A_YEAR * 2)
    (team,) = forecast(scenario()).teams
    assert (team.available, team.workers_fte) == (40, 2)
    assert team.load == pytest.approx(2600 / WEEKS_A_YEAR / 40)
    assert team.growth_a_month == pytest.approx((2600 / WEEKS_A_YEAR - 40) / 10 * WEEKS_A_YEAR / 12)
    assert "125% — backlog will grow by about 4 children a month" in team.line()


def test_brothers_and_sisters_ask_for_less_each() -> None:
    pairs = scenario(demand={"referrals_a_year": 260, "sibling_groups": {2: 1.0}})
    assert stage_loads(pairs)["assessment"].hours_a_child == pytest.approx(10 * 1.5 / 2)


def test_two_teams_share_a_stage_by_their_hours_and_a_later_one_is_left_out() -> None:
    teams = {
        "one": {"stages": ["assessment"], "workers": [{"count": 3, "hours_a_week": 20, "cap": 2}]},
        "two": {"stages": ["assessment"], "workers": [{"count": 1, "hours_a_week": 20}]},
        "later": {"stages": ["assessment"], "workers": [{"count": 9}], "start": "2016-08-01"},
    }
    one, two = forecast(scenario(teams=teams)).teams
    assert one.asked == pytest.approx(3 * two.asked)
    assert one.load == pytest.approx(two.load)
    assert one.places == 6
    assert "against 6 places under the caps" in one.line()


def test_a_team_without_hours() -> None:
    team = TeamLoad("empty", 0, 0, 5, 1, 1, 0)
    assert math.isinf(team.load)
    assert team.line() == "empty: no case hours; asked 5"


def test_flows_of_plans_that_step_up_and_down_settle() -> None:
    loads = stage_loads(sim.load("croydon-2017").scenario)
    assert all(math.isfinite(load.hours_a_week) and load.hours_a_week > 0 for load in loads.values())
    assert loads["child_in_need"].children_a_week > loads["child_protection"].children_a_week


def test_listed_months_win_over_the_level() -> None:
    listed = {"2016-04": 100, "2016-05": 100}
    two_months = scenario(
        period={"start": "2016-04-01", "end": "2016-05-31"},
        demand={"referrals_a_year": 9999, "monthly_referrals": listed},
    )
    assert forecast(two_months).referred_a_year == pytest.approx(1200)


def test_textbook_checks_state_a_daily_stream_and_no_pace() -> None:
    mmc = sim.load("checks/mmc").scenario
    assert forecast(mmc).referred_a_year == pytest.approx(4.5 * 253)
    assert "2.2 children held at any time" in forecast(mmc.model_copy(update={"pace": "off"})).teams[0].line()


def quarters(**changes: Any) -> dict[tuple[str, str], tuple[float, float]]:
    """Hours asked and hours there by team and quarter."""
    rows = by_quarter(scenario(demand={"referrals_a_year": 260, "season": "none"}, **changes))
    return {(row.team, row.label): (row.asked, row.available) for row in rows}


def test_a_surge_asks_for_more_from_the_quarter_in_which_it_begins() -> None:
    before = quarters()
    surge = {"lever": "referral_surge", "at": "2016-10-01", "size": 0.5}
    after = quarters(levers=[surge])
    assert after["duty", "2016-17 Q2"] == before["duty", "2016-17 Q2"]
    assert after["duty", "2016-17 Q3"][0] == pytest.approx(1.5 * before["duty", "2016-17 Q3"][0])
    assert before["duty", "2016-17 Q1"] == (pytest.approx(2600 / WEEKS_A_YEAR), 40)


def test_a_team_to_come_takes_its_share_while_it_is_there() -> None:
    extra = {"stages": ["assessment"], "start": "2016-07-01", "end": "2016-12-31", "productivity": 0.5,
             "workers": [{"count": 2, "hours_a_week": 20}]}  # fmt: skip
    duty = {"stages": ["assessment"], "workers": [{"count": 2, "hours_a_week": 20}]}
    loads = quarters(teams={"duty": duty, "extra": extra})
    assert loads["extra", "2016-17 Q1"] == loads["extra", "2016-17 Q4"] == (0, 0)
    assert loads["extra", "2016-17 Q2"] == (pytest.approx(loads["duty", "2016-17 Q2"][0] / 2), 20)
    assert loads["duty", "2016-17 Q3"][0] == pytest.approx(loads["duty", "2016-17 Q4"][0] * 2 / 3)


def test_workers_and_thresholds_that_levers_change_are_in_it() -> None:
    staffing = {"lever": "staffing", "team": "duty", "at": "2016-10-01", "add": {"count": 1, "hours_a_week": 20}}
    fewer = {"lever": "early_help_diversion", "at": "2017-01-01", "share": 0.25}
    loads = quarters(levers=[staffing, fewer])
    assert [loads["duty", f"2016-17 Q{number}"][1] for number in (1, 2, 3, 4)] == [40, 40, 60, 60]
    assert loads["duty", "2016-17 Q4"][0] == pytest.approx(0.75 * loads["duty", "2016-17 Q3"][0])


@pytest.mark.parametrize("name", ["croydon-surge-teams", "surrey-base", "checks/mmc"])
def test_the_table_fits_eighty_columns(name: str) -> None:
    lines = quarter_lines(by_quarter(sim.load(name).scenario))
    assert max(map(len, lines)) <= 80
    assert any("Q4" in line for line in lines)


def test_a_flow_that_grows_without_end_is_cut_off() -> None:
    endless = sim.load("rutland-base", stages__child_in_need__step_up_a_year=40).scenario
    assert all(math.isfinite(load.hours_a_week) for load in stage_loads(endless).values())
