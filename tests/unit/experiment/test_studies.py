"""Solve and sensitivity on a small scenario: known answers, and what is wrong said in a sentence."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.experiment.errors import ReplicationsFailedError, RunError
from sim.experiment.running.executor import InProcess
from sim.experiment.studies.points import Point, Points
from sim.experiment.studies.sensitivity import load_sensitivity, read_ranges, save_sensitivity, sensitivity
from sim.experiment.studies.solve import Question, load_solution, save_solution, solve
from sim.experiment.studies.solve_targets import read_targets
from sim.experiment.studies.vary import grid, read_axes
from sim.report.studies.reports import write_again
from sim.report.studies.sensitivity import sensitivity_lines
from sim.report.studies.solution import answer_lines

pytestmark = pytest.mark.unit

WORKERS = "teams.locality team.social_workers=3:8"


def test_solve_finds_what_trying_every_setting_finds(short: Any, tmp_path: Path) -> None:
    case = short(**{"teams__locality team__workers": [{"count": 8, "cap": 18, "leaks": "none"}]})  # or nobody waits
    axes = read_axes(case, [WORKERS])
    aims = read_targets(["unallocated<=20"])
    found = solve(case, axes, Question(aims, most=6), InProcess())
    every = Points(case, 1, InProcess(), ["unallocated", "cost_total"])
    points = grid(axes)
    met = np.zeros((len(points), 6), dtype=bool)
    cost = np.zeros(len(points))
    for one in every.run((point, replication) for point in points for replication in range(6)):
        met[one.point, one.replication] = one.value("unallocated", "whole") <= 20
        cost[one.point] = one.value("cost_total", "whole")
    good = [n for n in range(len(points)) if met[n].mean() >= 0.8]
    assert 0 < len(good) < len(points), "the case has an answer inside the range"
    best = min(good, key=lambda n: cost[n])
    row = found.settings.iloc[found.manifest.answer]
    assert row["teams.locality team.workers.0.count"] == points[best].values["teams.locality team.workers.0.count"]
    assert row["cost_total"] == pytest.approx(cost[best])
    assert (row["met"], row["runs"]) == (met[best].sum(), 6)
    save_solution(found, tmp_path / "out")
    write_again(tmp_path / "out", "solve")
    assert load_solution(tmp_path / "out").manifest.answer == found.manifest.answer
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Cheapest to meet the targets" in page
    assert "in the locality team" in answer_lines(found)[0]


def test_solve_says_when_no_setting_can(short: Any) -> None:
    axes = read_axes(short(), ["teams.locality team.social_workers=8,9"])
    found = solve(short(), axes, Question(read_targets(["assessments_45wd_pct>=100"]), most=6), InProcess())
    assert found.manifest.answer is None
    assert answer_lines(found)[0].startswith("No setting tried meets “Assessments completed within 45 working days")
    assert "met it in 0 of 6 runs" in answer_lines(found)[1]


def test_solve_with_nothing_but_failures(short: Any) -> None:
    def broken(scenario: Any, seed: int, replication: int) -> Any:
        raise ValueError("it broke")

    axes = read_axes(short(), [WORKERS])
    with pytest.raises(ReplicationsFailedError, match="the first error is: ValueError: it broke"):
        solve(short(), axes, Question(read_targets(["unallocated<=20"]), most=6), InProcess(), simulate=broken)


RANGES = ["demand.referrals_a_year=400:600", "demand.over_dispersion=2:4", "costs.senior=50000:60000"]


@pytest.mark.parametrize(("method", "samples"), [("morris", 3), ("sobol", 4)])
def test_sensitivity_finds_the_figure_that_moves_the_measure(
    short: Any, tmp_path: Path, method: Any, samples: int
) -> None:
    figures = read_ranges(short(), RANGES)
    found = sensitivity(
        short(), figures, "referrals", "whole", InProcess(), method=method, samples=samples, replications=1
    )  # fmt: skip
    table = found.table.set_index("figure")
    assert found.table["figure"].iloc[0] == "demand.referrals_a_year"
    assert table.loc["costs.senior", "size"] == pytest.approx(0.0, abs=1e-9)
    if method == "morris":  # a quarter of 200 referrals a year, but for the fifth that are of children known before
        assert 30 < table.loc["demand.referrals_a_year", "effect"] < 50
    save_sensitivity(found, tmp_path / "out")
    write_again(tmp_path / "out", "sensitivity")
    assert "matters most" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert load_sensitivity(tmp_path / "out").manifest == found.manifest
    assert any("demand.referrals_a_year" in line for line in sensitivity_lines(found))


def test_ranges_come_from_the_scenario_and_the_command_line(short: Any) -> None:
    loaded = short("ranged", **{"demand.referrals_a_year": {"low": 400, "high": 500}})
    assert [one.path for one in read_ranges(loaded, [])] == ["demand.referrals_a_year"]
    both = read_ranges(loaded, ["demand.referrals_a_year=450:460", "demand.over_dispersion=2:4"])
    assert [(one.path, one.low) for one in both] == [("demand.referrals_a_year", 450), ("demand.over_dispersion", 2)]
    with pytest.raises(RunError, match="has no figure with a range"):
        read_ranges(short(), [])
    with pytest.raises(RunError, match=r"--range .* is not a range"):
        read_ranges(short(), ["demand.referrals_a_year=1,2"])


def test_without_the_library_it_says_what_to_install(short: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SALib", None)
    with pytest.raises(RunError, match=r"pip install 'frontdoor-sim\[sensitivity\]'"):
        sensitivity(short(), read_ranges(short(), RANGES), "referrals", "whole", InProcess())


def test_sobol_takes_a_power_of_two(short: Any) -> None:
    figures = read_ranges(short(), RANGES)
    with pytest.raises(RunError, match="power of two"):
        sensitivity(short(), figures, "referrals", "whole", InProcess(), method="sobol", samples=6)


def test_a_point_without_a_run_is_said(short: Any) -> None:
    def broken(scenario: Any, seed: int, replication: int) -> Any:
        raise ValueError("it broke")

    figures = read_ranges(short(), RANGES)
    with pytest.raises(RunError, match=r"no run came out at demand\.referrals_a_year=.*ValueError: it broke"):
        sensitivity(short(), figures, "referrals", "whole", InProcess(), samples=2, replications=1, simulate=broken)


def test_a_point_says_its_error(short: Any) -> None:
    runner = Points(short(), 1, InProcess())
    (run,) = runner.run([(Point(0, {"demand.referrals_a_year": -1}), 0)])
    assert run.error is not None
    assert np.isnan(run.value("referrals", "whole"))
    assert SimpleNamespace(asked=runner.asked, done=runner.done) == SimpleNamespace(asked=1, done=1)
