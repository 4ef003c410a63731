"""Extra cost against child-days of delay avoided: the options against each other."""

from __future__ import annotations

import math
from typing import Any

from sim.experiment.analysis.settling import COST, DELAY
from sim.report import palette
from sim.report.charts.chart import Chart, axis, base_layout, plain, wrapped
from sim.report.charts.drawing import Drawing
from sim.report.decision import choices
from sim.report.options import value_table
from sim.report.results_view import WHOLE, ResultsView

_Point = tuple[int, str, str, float, float]


def charts(data: ResultsView) -> list[Chart]:
    """Return the chart where two options or more are compared with the same scenario."""
    options, start = choices(data)
    table = value_table(data)
    if start is None or table is None or len(options) < 2:
        return []
    points: list[_Point] = []
    for option in options:
        cost = data.difference(option.name, COST, WHOLE, start.name)
        delay = data.difference(option.name, DELAY, WHOLE, start.name)
        if cost is not None and delay is not None:
            points.append((option.position, option.letter, option.short, cost.mean, -delay.mean))
    if len(points) < 2:
        return []
    best = max(points, key=lambda point: point[4])
    verb = "avoids most delay" if best[4] > 0 else "adds least delay"
    return [
        Chart(
            id="cost_and_delay",
            title=f"On average “{best[2]}” {verb} against “{start.short}”",
            subtitle=f"Extra cost and child-days of delay avoided over the whole run, each against {start.letter}",
            figure=_figure(points),
            table=table,
            narrow={
                "margin": {"l": 84, "r": 24, "t": 16, "b": 56},
                "xaxis": _pounds(_span([0.0, *(point[3] for point in points)]), 3),
            },
            note="Further up avoids more delay, further left costs less. Below zero an option adds delay.",
        )
    ]


def _figure(points: list[_Point]) -> Drawing:
    drawing = Drawing()
    for position, letter, short, cost, avoided in points:
        label = "<br>".join(wrapped(short, 24, 2))
        drawing.add(
            "scatter",
            x=[round(cost)],
            y=[round(avoided)],
            mode="markers+text",
            text=[f"<b>{letter}</b>"],
            textposition="top center",
            cliponaxis=False,
            textfont={"size": 13, "color": palette.text_colour(position)},
            marker={"size": 13, "color": palette.colour(position), "symbol": position % 6},
            name=plain(short),
            hovertemplate=f"{label}<br>%{{x:£,.0f}}; %{{y:,.0f}} child-days<extra></extra>",
        )
    costs = [0.0, *(float(point[3]) for point in points)]
    days = [0.0, *(float(point[4]) for point in points)]
    drawing.layout = base_layout(
        margin={"l": 92, "r": 32, "t": 24, "b": 56},
        xaxis=axis(
            "Extra cost",
            **_pounds(_span(costs), 6),
            zeroline=True,
            zerolinecolor=palette.INK,
            range=_span(costs),
        ),
        yaxis=axis(
            "Child-days of delay avoided",
            tickformat=",",
            zeroline=True,
            zerolinecolor=palette.INK,
            range=_span(days),
            nticks=6,
        ),
    )
    return drawing


def _pounds(span: list[float], most: int) -> dict[str, Any]:
    """At most `most` marks of an axis of pounds, with the sign before the pound sign."""
    width = span[1] - span[0]
    size = 10.0 ** math.floor(math.log10(width / most))
    step = next(size * times for times in (1, 2, 5, 10) if width / (size * times) <= most)
    marks = [step * number for number in range(math.ceil(span[0] / step), math.floor(span[1] / step) + 1)]
    return {"tickmode": "array", "tickvals": marks, "ticktext": [_mark(mark, step) for mark in marks]}


def _mark(value: float, step: float) -> str:
    size, sign = abs(value), "−" if value < 0 else ""
    if size >= 1_000_000 and step >= 10_000:
        return f"{sign}£{size / 1_000_000:,.{max(0, 6 - math.floor(math.log10(step)))}f}m"
    return f"{sign}£{size:,.{0 if step >= 1 else 2}f}"


def _span(values: list[float]) -> list[float]:
    low, high = min(values), max(values)
    room = 0.15 * (high - low) or 1.0
    return [low - room, high + room]
