"""The report's charts, one idea a module: lines over time, lengths in bands, the pathway."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.report.charts.chart import Chart
    from sim.report.results_view import ResultsView


def all_charts(data: ResultsView) -> dict[str, list[Chart]]:
    """Return every chart that the results can fill, by section (`time`, `lengths`, `pathway`, `explain` …)."""
    from sim.report.charts import cost_and_delay, lengths, over_time, pathway, unknowns, waterfall
    from sim.report.waiting import charts as waiting

    return {
        "value": cost_and_delay.charts(data),
        "time": over_time.charts(data),
        "waiting": waiting.charts(data),
        "lengths": lengths.charts(data),
        "pathway": pathway.charts(data),
        "explain": waterfall.charts(data),
        "unknowns": unknowns.charts(data),
    }
