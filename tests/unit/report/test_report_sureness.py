"""The report's sections on how sure figures are, which change does what, and what is not known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.experiment.analysis.best import BEST_COLUMNS
from sim.experiment.analysis.variance import CHANCE, VARIANCE_COLUMNS
from sim.experiment.results.replications import Replications
from sim.experiment.studies.explain import effects
from sim.experiment.studies.scenario_changes import ScenarioChange
from sim.measures.compute import FigureRows
from sim.report.charts import unknowns, waterfall
from sim.report.page import render
from sim.report.results_view import ResultsView
from sim.report.wording.sureness import sureness
from tests.unit.report.test_report_page import made_up

pytestmark = pytest.mark.unit

MEASURE = "assessments_open_over_45wd"


@pytest.fixture(scope="module")
def results() -> Any:
    return made_up.make(("base", "surge", "hours"), replications=12, years=2)


def explained() -> pd.DataFrame:
    """Two changes over eight runs: 50 fewer, about 40 fewer, and 30 of that counted twice."""
    first, second = ScenarioChange("a new team", ()), ScenarioChange("early help", ())
    noise = np.random.default_rng(1).normal(0, 2, (4, 8))
    levels = {(): 100.0, (first,): 50.0, (second,): 60.0, (first, second): 40.0}
    rows = FigureRows((MEASURE, MEASURE), ("2016-17", "2017-18"), ("all", "all"))
    found = {
        frozenset(some): Replications("x", rows, tuple(range(8)), np.stack([level + own, level + own], axis=1), ())
        for (some, level), own in zip(levels.items(), noise, strict=True)
    }
    return effects((first, second), found, [MEASURE])


class TestWaterfall:
    def data(self, table: pd.DataFrame) -> ResultsView:
        made = made_up.make(("base", "surge"), replications=4, years=2)
        made.written["explained"] = {"elements": [], "measures": [MEASURE]}
        made.explained = table
        return ResultsView(made)

    def test_says_the_total_and_what_does_most_alone(self) -> None:
        (chart,) = waterfall.charts(self.data(explained()))
        assert (
            chart.title
            == "61 fewer children have an assessment open past 45 working days. Alone, “a new team” does most (−50.3)"
        )
        heads = [head for head, _ in chart.table.rows]
        assert heads == ["Baseline", "A new team", "Early help", "Together (interaction)", "Scenario"]

    def test_bars_lead_from_baseline_to_scenario(self) -> None:
        """Each step begins where the one before ended, and the last ends at the scenario."""
        (chart,) = waterfall.charts(self.data(explained()))
        bars = [(float(trace["base"][0]), float(trace["x"][0])) for trace in chart.figure.data]
        ends = [start + size for start, size in bars]
        assert [start for start, _ in bars[1:-1]] == pytest.approx(ends[:-2])
        assert ends[-2] == pytest.approx(ends[-1])

    def test_what_could_be_chance_is_hatched_and_said(self) -> None:
        table = explained()
        own = (table["effect"] == "own") & (table["element"] == "early help")
        table.loc[own, "simultaneous_high"] = 5.0
        (chart,) = waterfall.charts(self.data(table))
        assert [trace["marker"]["pattern"]["shape"] for trace in chart.figure.data] == ["", "", "/", "", ""]
        assert "Hatched bars could be chance alone" in chart.note
        assert dict(chart.table.rows)["Early help"][2] == "No clear difference"

    def test_no_total_to_speak_of(self) -> None:
        table = explained()
        table.loc[table["effect"] == "total", "simultaneous_high"] = 1.0
        (chart,) = waterfall.charts(self.data(table))
        assert chart.title.startswith("No clear difference between")

    def test_stands_in_the_page_only_when_asked(self, results: Any) -> None:
        page = render(self.data(explained()).results)
        assert f'data-chart="explain-{MEASURE}"' in page
        assert 'id="explain"' not in render(results)


class TestSureness:
    def test_what_may_be_chance_is_named(self, results: Any) -> None:
        found = sureness(ResultsView(results))
        assert found is not None
        (caution,) = [line for line in found.unclear if line.startswith("Chance alone")]
        assert "“A change that makes no difference”" in caution
        assert "“Assessments open”" in caution

    def test_precision_that_was_not_reached_is_a_caution(self) -> None:
        made = made_up.make(replications=12, years=1)
        aim = {
            "measure": MEASURE, "asked": "5%", "scenario": "surge", "half_width": 40.0, "target": 10.0, "met": False,
            "replications_needed": 192, "skewed": True,
        }  # fmt: skip
        made.written["precision"] = {
            "confidence": 0.965, "maximum": 12, "replications": 12, "reached": False, "looks": [10, 12],
            "needed_by": {"measure": MEASURE, "scenario": "surge"}, "aims": [aim],
        }  # fmt: skip
        found = sureness(ResultsView(made))
        assert found is not None
        text = " ".join(found.cautions)
        assert "Not as precise as asked after 12 replications" in text
        assert "about 192 replications would be needed" in text
        assert "a few runs of “Croydon, referrals up 40% from October 2017” lie far from the others" in text

    def test_few_runs_are_cautioned(self) -> None:
        found = sureness(ResultsView(made_up.make(replications=3, years=1)))
        assert found is not None
        assert any(line.startswith("Only 3 runs") for line in found.cautions)

    def test_best_is_said_where_it_is_sure(self) -> None:
        made = made_up.make(("base", "surge"), replications=12, years=1)
        rows = [
            (MEASURE, "whole", "base", 10.0, 0.99, 0.9, 12), (MEASURE, "whole", "surge", 20.0, 0.01, 0.1, 12),
            ("unallocated", "whole", "base", 10.0, 0.6, 0.5, 12), ("unallocated", "whole", "surge", 11.0, 0.4, 0.5, 12),
        ]  # fmt: skip
        made.best = pd.DataFrame(rows, columns=list(BEST_COLUMNS))
        found = sureness(ResultsView(made))
        assert found is not None
        said = [line for line in found.sentences if "is the best of them" in line]
        assert said == [
            "“Croydon, demand of 2016-17 carried on” is the best of them on “Assessments open for more than 45 working "
            "days”, with a likelihood of 95% or more."
        ]


class TestUnknowns:
    def table(self, enough: bool) -> pd.DataFrame:
        rows = []
        for measure, share in ((MEASURE, 0.6), ("unallocated", 0.1)):
            rows += [
                ("surge", measure, "difference", "demand.referrals_a_year", share, share / 2, 0.7, 40, enough),
                ("surge", measure, "difference", CHANCE, 1 - share, 0.3, 0.9, 40, enough),
            ]
        return pd.DataFrame(rows, columns=list(VARIANCE_COLUMNS))

    def test_names_the_figure_that_matters_and_cautions_few_runs(self) -> None:
        made = made_up.make(("base", "surge"), replications=4, years=1)
        made.variance = self.table(enough=False)
        made.written["uncertainty"] = "on"
        (chart,) = unknowns.charts(ResultsView(made))
        assert "“referrals a year (demand)” matters most: 60% of “Assessments open for more than 45" in chart.title
        assert chart.note.startswith("With so few runs")
        assert 'data-chart="unknowns-1"' in render(made)
        made.variance = self.table(enough=True)
        (chart,) = unknowns.charts(ResultsView(made))
        assert not chart.note.startswith("With so few runs")

    def test_ranges_are_listed_with_those_that_hold_them(self) -> None:
        made = made_up.make(("base", "surge"), replications=4, years=1)
        figure = {"path": "levers.0.size", "low": "30%", "high": "50%", "central": "40%", "distribution": "uniform"}
        made.written["scenarios"][1]["uncertain"] = [figure]
        table = unknowns.ranges(ResultsView(made))
        assert table is not None
        assert table.rows == (("levers.0.size", ("30%", "50%", "40%", "uniform", "B")),)

    @pytest.mark.parametrize(
        ("path", "words"),
        [
            ("stages.front_door.time_per_contact", "time per contact (front door)"),
            ("levers.2.share", "share (lever 3)"),
            ("teams.assessment.workers.0.count", "count (assessment)"),
        ],
    )
    def test_paths_in_words(self, path: str, words: str) -> None:
        assert unknowns.words(path) == words


def test_waterfall_of_nothing() -> None:
    results = made_up.make(("base",), replications=1, years=1, journeys=False)
    assert waterfall.charts(ResultsView(results)) == []
