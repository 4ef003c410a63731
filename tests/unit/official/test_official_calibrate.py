"""A calibration finds the settings that made the figures, says what it cannot tell, and keeps what fits."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.experiment.errors import RunError
from sim.experiment.running.task import Outcome, Task, perform
from sim.official.calibrate.ensemble import ensemble_path, ensemble_text, read_ensemble
from sim.official.calibrate.lookback import look_back
from sim.official.calibrate.page import render, sentences
from sim.official.calibrate.search import Calibration, Tried, _figures, _open_three_months, calibrate
from sim.official.calibrate.target import OPEN_3M, targets
from sim.official.errors import OfficialError
from sim.official.making.baseline import load_baseline, make_baseline
from sim.official.making.council_figures import Wanted
from sim.scenario.uncertainty.free_figures import FREE, applied

if TYPE_CHECKING:
    from conftest import Extract

    from sim.official.published.areas import Area
    from sim.official.published.statistics import Statistics
    from sim.scenario.reading.loader import LoadedScenario
    from sim.scenario.schema import Scenario

pytestmark = pytest.mark.unit
SAME = {free.id: 1.0 for free in FREE}


@pytest.fixture
def council(extract: Extract) -> tuple[Statistics, Area, LoadedScenario]:
    statistics = extract.write()
    area = statistics.areas.find("Southmere")
    return statistics, area, load_baseline(make_baseline(statistics, Wanted(area, 2018)))


def _late(scenario: Scenario) -> float:
    habit = scenario.stages.assessment.habit
    assert habit != "none"
    assert hasattr(habit, "bands")
    return sum(habit.bands[band] for band in ("46-50", "51-60", "61+")) / sum(habit.bands.values())


def test_each_free_figure_changes_what_it_names_and_nothing_else(
    council: tuple[Statistics, Area, LoadedScenario],
) -> None:
    scenario = council[2].scenario
    assert applied(scenario, SAME) == scenario
    hours = applied(scenario, {"assessment_hours": 1.2})
    assert hours.stages.assessment.hours_a_week == pytest.approx(4.2)
    assert hours.teams == scenario.teams
    assert _late(applied(scenario, {"late_habits": 0.5})) == pytest.approx(0.5 * _late(scenario))
    caps = applied(scenario, {"caps": 0.1}).teams["assessment"].workers[0].cap
    assert caps == 5  # never below the largest sibling group
    plans = applied(scenario, {"plan_work": 1.5}).stages.child_protection.intervention.mean_working_days
    assert plans == pytest.approx(1.5 * scenario.stages.child_protection.intervention.mean_working_days)
    slots = applied(scenario, {"conference_slots": 2.0}).capacities.conference_slots_a_week
    before = scenario.capacities.conference_slots_a_week
    assert slots != "none"
    assert before != "none"
    assert list(slots.values()) == [2 * count for count in before.values()]


def test_the_year_before_is_run_with_its_referrals_and_the_plans_open_then(extract: Extract) -> None:
    statistics = extract.write({("d1", "Northshire", 2017, "CPP_At31"): "140"})
    area = statistics.areas.find("Northshire")
    loaded = load_baseline(make_baseline(statistics, Wanted(area, 2018)))
    back, year = look_back(loaded, statistics, area)
    assert year == 2018
    assert (str(back.period.start), str(back.period.end)) == ("2017-04-01", "2018-03-31")
    assert sum(back.demand.monthly_referrals.values()) == 2000
    assert back.opening.child_protection.children + back.opening.pre_proceedings.children == pytest.approx(140)


def _year(scenario: Scenario, seed: int, replication: int) -> dict[str, float]:
    outcome = perform(Task(0, replication, "look-back", scenario, seed, also=_open_three_months))
    figures = _figures(outcome, 0.0)
    assert not isinstance(figures, str)
    return figures


def test_a_run_of_the_year_gives_every_target_and_the_busiest_managers(
    council: tuple[Statistics, Area, LoadedScenario],
) -> None:
    statistics, area, loaded = council
    back, year = look_back(loaded, statistics, area)
    found, missing = targets(statistics, area, year)
    assert missing == []
    values = _year(back, 1, 0)
    assert {one.measure for one in found} <= set(values)
    assert 0 < values["managers"] < 85
    assert values["assessments_open"] * 0.5 < values[OPEN_3M]


def test_known_settings_are_found_again_in_figures_that_the_model_made(
    council: tuple[Statistics, Area, LoadedScenario],
) -> None:
    """Figures made with half the late habits and longer plans, on other children, are fitted with what made them."""
    statistics, area, loaded = council
    back, year = look_back(loaded, statistics, area)
    truth = SAME | {"late_habits": 0.5, "plan_work": 1.4}
    made = _year(applied(back, truth), 7, 3)
    # Figures that the model made differ from it by chance only: a third of the usual tolerance.
    held_to = [
        replace(one, observed=made[one.measure], tolerance=one.tolerance / 3)
        for one in targets(statistics, area, year)[0]
    ]
    result = calibrate(back, held_to, 0.0, budget=60, seed=2)
    kept = result.accepted
    assert 5 <= len(kept) < len(result.tried)
    late = np.array([one.setting["late_habits"] for one in kept])
    assert late.min() <= 0.5 <= late.max()
    # Nearer to what made them than the middle of the range, 1.05, and the scenario's own, 1.
    assert np.mean(late) < 0.85
    assert result.narrowed()["late_habits"] < 0.8
    assert min(one.implausibility for one in kept) < result.start.implausibility


def test_the_number_of_workers_changes_nothing(council: tuple[Statistics, Area, LoadedScenario]) -> None:
    statistics, area, loaded = council
    back, year = look_back(loaded, statistics, area)
    held_to = targets(statistics, area, year)[0]
    one, two = (calibrate(back, held_to, 0.0, budget=16, workers=workers) for workers in (1, 2))
    assert [(tried.setting, tried.implausibility) for tried in one.tried] == [
        (tried.setting, tried.implausibility) for tried in two.tried
    ]


class FailsOn:
    """Runs tasks here; those of some numbers, counted over the whole calibration, fail."""

    def __init__(self, *numbers: int) -> None:
        self.numbers, self.count = numbers, 0

    def run(self, tasks: Sequence[Task]) -> Generator[Outcome]:
        for task in tasks:
            failed = self.count in self.numbers
            self.count += 1
            yield Outcome.failed(task, ValueError("it broke")) if failed else perform(task)


def test_a_setting_whose_run_fails_is_ruled_out_and_says_why(council: tuple[Statistics, Area, LoadedScenario]) -> None:
    statistics, area, loaded = council
    back, year = look_back(loaded, statistics, area)
    held_to = targets(statistics, area, year)[0]
    sound = calibrate(back, held_to, 0.0, budget=16, executor=FailsOn())
    result = calibrate(back, held_to, 0.0, budget=16, executor=FailsOn(7))
    assert [tried.error for tried in result.tried[:3]] == [None, "ValueError: it broke", None]
    assert not result.tried[1].accepted
    assert result.tried[0].implausibility == sound.tried[0].implausibility
    with pytest.raises(RunError, match="does not run in the year that is looked back on: ValueError: it broke"):
        calibrate(back, held_to, 0.0, budget=16, executor=FailsOn(2))


def test_settings_whose_managers_would_be_too_busy_are_refused() -> None:
    tried = Tried(SAME, {"managers": 90.0}, 0.5, 90.0)
    assert tried.refused
    assert not tried.accepted
    assert not replace(tried, managers=40.0, implausibility=3.2).accepted


def _result() -> Calibration:
    generator = np.random.default_rng(1)
    tried = []
    for row in generator.random((30, len(FREE))):
        setting = {free.id: free.low + (free.high - free.low) * value for free, value in zip(FREE, row, strict=True)}
        setting["late_habits"] = 0.9 + 0.1 * row[1]
        setting["caps"] = 0.8 + 0.6 * row[0]
        tried.append(Tried(setting, {"managers": 40.0}, float(row[2]), 40.0))
    return Calibration((), Tried(SAME, {"managers": 40.0}, 1.0, 40.0), tuple(tried), {}, 1)


def test_what_is_not_identified_is_said() -> None:
    result = _result()
    assert result.narrowed()["late_habits"] < 0.2
    # Hours and caps were made from the same number.
    assert ("assessment_hours", "caps") in [pair[:2] for pair in result.traded()]
    said = " ".join(sentences(result))
    assert "Not identified" in said
    assert "work in a child protection plan" in said
    assert "beyond 45" not in said


def test_nothing_that_fits_is_said_plainly() -> None:
    result = _result()
    far = replace(result, tried=tuple(replace(one, implausibility=5.0) for one in result.tried))
    assert far.accepted == ()
    assert "No setting fits: the nearest is 5.0 standard deviations away" in " ".join(sentences(far))


def test_the_ensemble_is_read_back_for_its_scenario_only(
    council: tuple[Statistics, Area, LoadedScenario], tmp_path: Path
) -> None:
    loaded = council[2]
    path = ensemble_path(tmp_path / "mine.yaml")
    assert path.name == "mine.ensemble.json"
    result = _result()
    path.write_text(ensemble_text(loaded, result, "Southmere", 2018))
    settings = read_ensemble(path, loaded)
    assert len(settings) == len(result.accepted) == 30
    assert settings[0] == pytest.approx(result.accepted[0].setting, abs=1e-4)
    with pytest.raises(OfficialError, match="was made for another scenario"):
        read_ensemble(path, loaded.at({"demand.referrals_a_year": 1234}))
    path.write_text("{}")
    with pytest.raises(OfficialError, match="holds no settings"):
        read_ensemble(path, loaded)


def test_the_page_opens_without_scripts() -> None:
    page = render(_result(), "mine", "Southmere", 2018)
    assert "What settings of mine fit Southmere’s 2017-18?" in page
    assert page.count("<circle") == 30 * len(FREE)
    assert "<script" not in page
