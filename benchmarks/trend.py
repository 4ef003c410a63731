"""A page with every figure over time, from the reports that were kept: opens offline."""

from __future__ import annotations

from pathlib import Path

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from benchmarks.figures import TARGETS, Report, read

COLUMNS = 3
HEIGHT = 240
"""Pixels of a row of charts."""
BLUE, GREY, ORANGE = "#12436D", "#3D3D3D", "#F46A25"


def write(folder: Path) -> Path | None:
    """Write `trend.html` beside the reports of a folder; None where it holds none."""
    reports = [read(path) for path in sorted(folder.glob("*.json"))]
    if not reports:
        return None
    path = folder / "trend.html"
    figure(reports).write_html(path, include_plotlyjs=True)
    return path


def figure(reports: list[Report]) -> go.Figure:
    """One small chart for each figure: the median of each report, the range of its rounds, and the target."""
    names = list(dict.fromkeys(figure.name for report in reports for figure in report.figures))
    rows = -(-len(names) // COLUMNS)
    page = make_subplots(rows=rows, cols=COLUMNS, subplot_titles=names, vertical_spacing=0.35 / max(rows, 1))
    for place, name in enumerate(names):
        row, column = place // COLUMNS + 1, place % COLUMNS + 1
        points = [(report.made, each) for report in reports for each in report.figures if each.name == name]
        values = [each.value for _, each in points]
        unit = points[-1][1].unit
        page.add_scatter(
            x=[day for day, _ in points],
            y=values,
            error_y={
                "type": "data",
                "array": [max(each.runs) - each.value for _, each in points],
                "arrayminus": [each.value - min(each.runs) for _, each in points],
                "color": GREY,
            },
            mode="lines+markers",
            line={"color": BLUE},
            hovertemplate="%{x}: %{y:.3g} " + unit + "<extra></extra>",
            row=row,
            col=column,
        )
        if name in TARGETS:
            word = "at most" if points[-1][1].better == "lower" else "at least"
            page.add_hline(
                y=TARGETS[name],
                line={"color": ORANGE, "dash": "dash"},
                annotation_text=f"{word} {TARGETS[name]:g}",
                row=row,
                col=column,
            )
        page.update_yaxes(title_text=unit, rangemode="tozero", row=row, col=column)
    page.update_xaxes(type="date")
    page.update_annotations(font_size=11)
    page.update_layout(
        title="Front Door: what the benchmarks found, by date (median, lowest and highest round)",
        height=HEIGHT * rows + 120,
        showlegend=False,
        template="plotly_white",
    )
    return page
