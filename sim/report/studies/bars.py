"""Horizontal bars with whiskers, as studies draw what figures or mechanisms amount to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.report import palette
from sim.report.charts.chart import axis, base_layout, wrapped
from sim.report.charts.drawing import Drawing

__all__ = ["lower", "narrow_layout", "whisker_bars"]


def whisker_bars(
    names: Sequence[str],
    sizes: Sequence[float],
    intervals: Sequence[tuple[float, float]],
    title: str,
    colour: str | list[str],
    hover: str,
    **across: Any,
) -> Drawing:
    """Draw a bar for each name, the first lowest, with the interval as a whisker.

    `title` is that of the axis, `colour` one for all bars or one for each, `hover` what is shown of a bar; `across`
    goes into the layout of the axis.
    """
    places = list(range(len(names)))  # two names may read alike: a place keeps them apart
    drawing = Drawing()
    drawing.add(
        "bar",
        x=list(sizes),
        y=places,
        orientation="h",
        marker={"color": colour},
        error_x={
            "type": "data",
            "array": [high - size for size, (_, high) in zip(sizes, intervals, strict=True)],
            "arrayminus": [size - low for size, (low, _) in zip(sizes, intervals, strict=True)],
            "color": palette.INK,
            "thickness": 1.5,
        },
        hovertemplate=hover,
    )
    drawing.layout = base_layout(
        height=120 + 46 * len(names),
        margin={"l": 240, "r": 40, "t": 16, "b": 56},
        xaxis=axis(title, **across),
        yaxis=axis("", tickvals=places, ticktext=[_broken(name, 30, 3) for name in names], showgrid=False),
    )
    return drawing


def narrow_layout(names: Sequence[str], title: str) -> dict[str, Any]:
    """The layout of the same bars on a narrow screen."""
    return {
        "margin": {"l": 150, "r": 16, "t": 12, "b": 52},
        "yaxis": {"tickfont": {"size": 11}, "ticktext": [_broken(name, 19, 4) for name in names]},
        "xaxis": {"nticks": 5, "title": {"text": title}},
    }


def lower(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it begins with an abbreviation."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _broken(name: str, width: int, most: int) -> str:
    return "<br>".join(wrapped(name, width, most))
