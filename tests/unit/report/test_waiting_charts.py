"""Charts of waiting by cause, on tables made by hand."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.experiment.results.manifest import Manifest, ScenarioRecord
from sim.measures.waiting.causes import CAUSES
from sim.report.results_view import ResultsView
from sim.report.waiting.charts import charts
from sim.report.waiting.view import GROUPS, WaitingView

pytestmark = pytest.mark.unit

QUARTERS = ("2016-17 Q1", "2016-17 Q2", "2016-17 Q3", "2016-17 Q4")


def results(days: dict[tuple[str, str, str], float]) -> Any:
    """Results of two scenarios and two runs; `days` of a scenario, quarter and cause, 100 where none are given."""
    rows = [
        (scenario, replication, quarter, "assessment", "duty", cause, days.get((scenario, quarter, cause), 100.0), 0.0)
        for scenario, replication, quarter, cause in product(
            ("base", "teams"), (0, 1), QUARTERS, ("cap_full", "nobody_at_work", "slowed", "work")
        )
    ]
    columns = ["scenario", "replication", "period", "stage", "team", "cause", "days", "beyond"]
    summary = [("base", "referrals", period, "all", 1.0, 1.0, 1.0) for period in (*QUARTERS, "2016-17", "whole")]
    return SimpleNamespace(
        manifest=Manifest(product="frontdoor", baseline="base", replications=2, scenarios=(
            ScenarioRecord(name="base", title="Nothing added"),
            ScenarioRecord(name="teams", title="Managed teams"),
        )),
        causes=pd.DataFrame(rows, columns=columns),
        summary=pd.DataFrame(
            summary, columns=["scenario", "measure", "period", "breakdown", "mean", "low80", "high80"]
        ),
        measures=None,
        differences=None,
        stocks=None,
    )  # fmt: skip


def test_causes_of_one_group_are_added_up_and_work_at_full_pace_left_out() -> None:
    view = WaitingView.of(ResultsView(results({})))
    assert view is not None
    by_quarter = view.by_quarter("base")
    labels = [group.label for group in GROUPS]
    assert by_quarter[0, labels.index("No worker")] == 200
    assert by_quarter[0, labels.index("Slowed by load")] == 100
    assert by_quarter.sum() == 4 * 300
    assert view.a_year("teams").sum() == 4 * 300


def test_the_title_names_the_quarter_in_which_days_move_to_another_cause() -> None:
    moved = {("teams", "2016-17 Q3", "cap_full"): 20.0, ("teams", "2016-17 Q3", "slowed"): 160.0}
    moved[("teams", "2016-17 Q2", "cap_full")] = 80.0
    over_time = next(chart for chart in charts(ResultsView(results(moved))) if chart.id == "waiting_over_time")
    assert over_time.title == (
        "With “Managed teams” 80 fewer child-days of 2016-17 Q3 are for: no worker; 60 more are for: slowed by load"
    )


def test_without_a_move_the_title_says_when_most_days_are_spent() -> None:
    busiest = {(scenario, "2016-17 Q4", "slowed"): 500.0 for scenario in ("base", "teams")}
    over_time = next(chart for chart in charts(ResultsView(results(busiest))) if chart.id == "waiting_over_time")
    assert over_time.title == "Most days are spent waiting in 2016-17 Q4"


def test_no_two_groups_look_alike_and_each_has_a_row_in_the_table() -> None:
    looks = {(group.colour, group.pattern) for group in GROUPS}
    assert len(looks) == len(GROUPS) == len({cause.group for cause in CAUSES if not cause.work})
    by_option = next(chart for chart in charts(ResultsView(results({}))) if chart.id == "waiting_by_cause")
    assert [name for name, _ in by_option.table.rows] == [group.label for group in GROUPS]
    assert by_option.table.rows[0][1][0] == "800 (66.7%)"


def test_results_without_causes_have_no_chart_of_them() -> None:
    plain = results({})
    plain.causes = None
    assert charts(ResultsView(plain)) == []
