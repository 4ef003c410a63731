"""Targets of scenarios: measures that exist, and in how many runs they are met."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.experiment.analysis.targets import check_targets, met
from sim.report.results_view import ResultsView
from sim.report.targets import targets
from sim.scenario import ScenarioError, load

pytestmark = pytest.mark.unit


def test_a_target_on_an_unknown_measure_names_file_line_and_the_nearest(tmp_path: Path) -> None:
    file = tmp_path / "aim.yaml"
    file.write_text("extends: tiny\ntargets:\n  - {measure: assessments_45wd, at_least: 85}\n")
    with pytest.raises(ScenarioError) as caught:
        check_targets([load(file)])
    line = str(caught.value)
    assert "aim.yaml:3: targets.0.measure" in line
    assert "did you mean 'assessments_45wd_pct" in line


@pytest.mark.parametrize(
    ("value", "at_least", "at_most", "expected"),
    [(85.0, 85.0, None, True), (84.9, 85.0, None, False), (20.0, None, 20.0, True), (20.1, None, 20.0, False),
     (float("nan"), None, 20.0, False)],
)  # fmt: skip
def test_met(value: float, at_least: float | None, at_most: float | None, expected: bool) -> None:
    assert met(value, at_least, at_most) is expected


def test_the_report_counts_the_runs_that_meet_a_target(tmp_path: Path) -> None:
    file = tmp_path / "aim.yaml"
    file.write_text(
        "extends: tiny\nperiod: {end: 2017-03-31}\ntargets:\n"
        "  - {measure: referrals, at_least: 0}\n  - {measure: referrals, at_most: 0}\n"
    )
    rows = targets(ResultsView(sim.run(sim.load(file), replications=2)))
    assert [row.runs for row in rows] == ["in 2 of 2 runs", "in 0 of 2 runs"]
