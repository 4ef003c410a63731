"""What may be varied: values, ranges, units, grids, Latin hypercubes, and what is wrong with one."""

from __future__ import annotations

from typing import Any

import pytest

from sim.experiment.errors import RunError
from sim.experiment.studies.points import check_period, last_full_year
from sim.experiment.studies.solve_targets import read_chance, read_targets
from sim.experiment.studies.vary import grid, latin, read_axes
from sim.scenario.errors.problems import ScenarioError

pytestmark = pytest.mark.unit


def values(short: Any, text: str) -> list[Any]:
    return list(read_axes(short(), [text])[0].values)


def test_ranges_and_lists(short: Any) -> None:
    assert values(short, "demand.referrals_a_year=400:402") == [400, 401, 402]
    assert values(short, "demand.referrals_a_year=400:500:40") == [400, 440, 480]
    assert values(short, "demand.rereferral.share=10%:20%:5%") == ["10%", "15%", "20%"]
    assert values(short, "stages.front_door.time_per_contact=20 minutes:30 minutes:5 minutes") == [
        "20 minutes", "25 minutes", "30 minutes"]  # fmt: skip
    assert values(short, "allocation.policy=need_first,oldest_first") == ["need_first", "oldest_first"]


def test_heads_of_a_grade_in_a_team(short: Any) -> None:
    (axis,) = read_axes(short(), ["teams.locality team.social_workers=7:9"])
    assert axis.path == "teams.locality team.workers.0.count"
    two = short("two", **{"teams.locality team.workers": [{"count": 3}, {"count": 4}]})
    with pytest.raises(ScenarioError, match=r"2 groups of social_worker; name one: teams\.locality team\.workers\.0"):
        read_axes(two, ["teams.locality team.social_workers=7:9"])
    with pytest.raises(ScenarioError, match="has no group of agency; add one"):
        read_axes(short(), ["teams.locality team.agency_workers=0:2"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("demand.referrals_a_year", "varies nothing"),
        ("demand.referrals_a_year=5:4", "is not below"),
        ("demand.referrals_a_year=400:500:0", "is not above 0"),
        ("demand.rereferral.share=10%:20 minutes", "mixes units"),
        ("demand.referrals_a_year=400,,500", "empty value"),
        ("demand.referrals_a_year=1:9000000", "give a longer step"),
    ],
)
def test_what_is_no_variation_is_refused(short: Any, text: str, said: str) -> None:
    with pytest.raises(RunError, match=said):
        read_axes(short(), [text])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("demand.referals_a_year=400:500", "did you mean 'referrals_a_year'"),
        ("demand.referrals_a_year=-5,400", "demand.referrals_a_year=-5"),
        ("demand.rereferral.share=90%:120%:10%", "share=110%"),
    ],
)
def test_values_are_checked_as_those_of_a_file(short: Any, text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=r"--vary: .*") as caught:
        read_axes(short(), [text])
    assert said in str(caught.value)


def test_a_path_varied_twice_is_refused(short: Any) -> None:
    with pytest.raises(RunError, match="varied twice"):
        read_axes(short(), ["demand.referrals_a_year=4:5", "demand.referrals_a_year=6:7"])


def test_a_grid_has_every_combination_in_order(short: Any) -> None:
    points = grid(read_axes(short(), ["demand.referrals_a_year=4:5", "allocation.policy=due_first,need_first"]))
    assert [tuple(point.values.values()) for point in points] == [
        (4, "due_first"), (4, "need_first"), (5, "due_first"), (5, "need_first")]  # fmt: skip
    assert [point.number for point in points] == [0, 1, 2, 3]
    with pytest.raises(RunError, match="needs a step"):
        grid(read_axes(short(), ["demand.rereferral.share=10%:20%"]))


def test_a_latin_hypercube_uses_each_part_of_a_range_once(short: Any) -> None:
    axes = read_axes(short(), ["demand.rereferral.share=10%:20%", "teams.locality team.managers=1:4"])
    points = latin(axes, 10, seed=3)
    shares = sorted(float(str(point.values["demand.rereferral.share"]).rstrip("%")) for point in points)
    assert [int(share - 10) for share in shares] == list(range(10))
    managers = [point.values["teams.locality team.managers"] for point in points]
    assert {managers.count(number) for number in (1, 2, 3, 4)} <= {2, 3}
    assert points == latin(axes, 10, seed=3)
    assert points != latin(axes, 10, seed=4)
    alone = latin(axes[:1], 10, seed=3)
    assert [one.values["demand.rereferral.share"] for one in alone] == [
        one.values["demand.rereferral.share"] for one in points
    ]


def test_targets_and_chances() -> None:
    (least, most) = read_targets(["assessments_45wd_pct>=85%", "unallocated_over_14d <= 5"])
    assert (str(least), str(most)) == ("assessments_45wd_pct>=85", "unallocated_over_14d<=5")
    assert (least.met(85.0), least.met(84.9), least.met(float("nan")), most.met(5)) == (True, False, False, True)
    assert most.margin(10.0) == -1.0
    assert read_chance("80%") == read_chance("0.8") == 0.8
    for text in ("assessments_45wd_pct=85", "assessments_45wd_pct>=many", ">=85", ""):
        with pytest.raises(RunError, match="write MEASURE"):
            read_targets([text])
    with pytest.raises(ScenarioError, match="did you mean 'assessments_45wd_pct'"):
        read_targets(["assessments_45wd_pc>=85"])
    for text in ("0%", "100%", "often", "80"):
        with pytest.raises(RunError, match="is not a chance"):
            read_chance(text)


def test_periods(short: Any) -> None:
    assert last_full_year(short().scenario) == "whole"
    years = short("years", **{"period.end": "2018-06-30"}).scenario
    assert last_full_year(years) == "2017-18"
    check_period(years, "2016-17")
    check_period(years, "whole")
    with pytest.raises(ScenarioError, match="no full year '2018-19'; use 2016-17, 2017-18 or whole"):
        check_period(years, "2018-19")
