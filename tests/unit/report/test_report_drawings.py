"""Charts are built as plain data: Plotly has to know every key, and to hold the same figure."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from sim.report.charts import all_charts
from sim.report.charts.chart import Chart
from sim.report.charts.drawing import Drawing
from sim.report.results_view import ResultsView
from tests.unit.report.test_report_page import made_up
from tests.unit.report.test_report_sureness import MEASURE, TestUnknowns, explained

pytestmark = pytest.mark.unit


def every_chart() -> dict[str, Chart]:
    """Charts of a comparison, of a run without journeys, of an explanation and of uncertain figures."""
    results: list[Any] = [
        made_up.make(("base", "surge", "surge-teams", "hours"), replications=5, years=2),
        made_up.make(("base",), replications=3, years=1, journeys=False),
    ]
    results[0].variance = TestUnknowns().table(enough=True)
    results[1].written["explained"] = {"elements": [], "measures": [MEASURE]}
    results[1].explained = explained()
    parts = [all_charts(ResultsView(each)) for each in results]
    return {
        f"{place} {chart.id}": chart for place, charts in enumerate(parts) for part in charts.values() for chart in part
    }


def test_plotly_knows_every_key_of_every_chart() -> None:
    charts = every_chart()
    assert {"0 unallocated", "0 pathway", "0 assessments_band", "1 pathway", f"1 explain-{MEASURE}"} <= charts.keys()
    assert any("unknowns" in name for name in charts)
    for name, chart in charts.items():
        drawing = chart.figure.as_json()
        for list_of in ("shapes", "annotations"):  # Plotly leaves out an empty list
            if drawing["layout"].get(list_of) == []:
                del drawing["layout"][list_of]
        assert json.loads(chart.figure.as_figure().to_json()) == drawing, name


def test_numbers_that_are_not_finite_are_left_out() -> None:
    drawing = Drawing()
    drawing.add("bar", x=[1, math.nan, np.float64(2.5)], y=(np.int64(3), math.inf), error_x=None)
    drawing.layout = {"xaxis": {"range": np.float64("nan")}}
    assert drawing.as_json() == {
        "data": [{"type": "bar", "x": [1, None, 2.5], "y": [3, None]}],
        "layout": {"xaxis": {"range": None}},
    }
    json.dumps(drawing.as_json(), allow_nan=False)


def test_a_report_needs_no_objects_of_plotly() -> None:
    """Their import and checks took a quarter of the time of a small run."""
    code = (
        "import sys\n"
        "from tests.unit.report.test_report_page import made_up\n"
        "from sim.report.page import render\n"
        "render(made_up.make(('base', 'surge'), replications=3, years=1))\n"
        "print(sorted({name for name in sys.modules if name.startswith(('plotly.graph_objs', 'scipy'))}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "[]\n", done.stdout[:500] + done.stderr
