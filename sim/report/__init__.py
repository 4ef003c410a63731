"""The report: one self-contained HTML file, and its charts as Plotly figures.

pandas, Plotly and Jinja2 are imported when a report is made, not when this package is.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from sim.report.results_view import ResultsLike

__all__ = ["figures", "write_report"]


def write_report(results: ResultsLike, path: Path, *, against: str | None = None) -> None:
    """Write the report of `results` to `path` (an HTML file), whole or not at all.

    `against`: name of the scenario that the first screen compares every other with; None to compare each with the one
    that the results name, or else that it builds on. Raises ValueError for a name that the results do not hold.

    The file opens offline: it loads no script, font or image from anywhere. Raises OSError when the
    folder cannot be written.
    """
    from sim.experiment.results.files import write_document
    from sim.report.page import render

    write_document(Path(path), render(results, against))


def figures(results: ResultsLike) -> dict[str, Figure]:
    """Return the report's charts by id (`unallocated`, `assessments_open`, `assessments_band`, `pathway` …).

    Each figure has its message as its title. A chart whose figures the results do not hold is left out.
    """
    from sim.report.charts import all_charts
    from sim.report.charts.chart import for_notebook
    from sim.report.results_view import ResultsView

    return {chart.id: for_notebook(chart) for part in all_charts(ResultsView(results)).values() for chart in part}
