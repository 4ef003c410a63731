"""What the page shows of results: the report's first screen and its first charts, as plain values."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.report.decision import Cell, Decision
    from sim.report.results_view import ResultsLike, ResultsView

__all__ = ["against_name", "picture"]


def picture(results: ResultsLike, against: int | None = None) -> dict[str, Any]:
    """Return the title, the rows and the charts of results.

    `against` is the place of the scenario that the others are compared with; None for the one that each builds on.
    """
    from sim.report.charts import over_time
    from sim.report.decision import decision
    from sim.report.page import drawing
    from sim.report.results_view import ResultsView

    data = ResultsView(results, against_name(results, against))
    first = decision(data)
    charts = [chart for chart in over_time.charts(data) if chart.first]
    return {
        "runs": data.replications,
        **_first_screen(first, data),
        "charts": [
            {
                "id": chart.id,
                "title": chart.title,
                "subtitle": chart.subtitle,
                "drawing": drawing(chart),
                "table": asdict(chart.table),
            }
            for chart in charts
        ],
    }


def against_name(results: ResultsLike, against: int | None) -> str | None:
    """The name of the scenario at a place of results; None where there are no others to compare with it."""
    names = [record.name for record in results.manifest.scenarios]
    return names[against] if against is not None and against < len(names) and len(names) > 1 else None


def _first_screen(first: Decision, data: ResultsView) -> dict[str, Any]:
    return {
        "title": first.title,
        "lead": first.lead,
        "caption": first.caption,
        "sure": first.sure,
        "columns": [
            {"letter": scenario.letter, "short": scenario.short, "title": scenario.title, "against": against}
            for scenario, against in first.columns
        ],
        "rows": [
            {"label": row.label, "note": row.note, "cells": [_cell(cell) for cell in row.cells]} for row in first.rows
        ],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return asdict(cell)
