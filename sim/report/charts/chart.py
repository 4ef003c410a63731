"""What every chart has in common: a message, a figure, its form on a narrow screen, and its figures as a
table.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from sim.report import palette
from sim.report.charts.drawing import Drawing
from sim.report.tables import Table

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

HEIGHT: Final = 400
MARGIN: Final[Mapping[str, int]] = {"l": 64, "r": 212, "t": 22, "b": 56}
NARROW_MARGIN: Final[Mapping[str, int]] = {"l": 56, "r": 40, "t": 22, "b": 52}

_NO_TEMPLATE: Final[Mapping[str, Any]] = {"data": {"scatter": [{"type": "scatter"}]}}
"""A template that sets nothing. Without it, a Plotly figure takes Plotly's own colours and fonts."""


@dataclass(frozen=True)
class Chart:
    """A chart of the report.

    `title` is the message, read from the data; `subtitle` says what is drawn; `table` holds the same
    figures as text. `narrow` is a partial Plotly layout laid over the figure's own on a narrow screen.
    `key` says when the list of letters and titles stands above it: charts whose lines carry their titles
    need it on narrow screens only.
    """

    id: str
    title: str
    subtitle: str
    figure: Drawing
    table: Table
    narrow: Mapping[str, Any] = field(default_factory=dict)
    key: Literal["always", "narrow", "never"] = "always"
    note: str = ""
    first: bool = False
    """Whether it is one of the charts that stand open."""


def base_layout(**extra: Any) -> dict[str, Any]:
    """Return a layout with the report's fonts, colours and margins; `extra` keys replace those here."""
    layout: dict[str, Any] = {
        "template": _NO_TEMPLATE,
        "font": {"family": palette.FONT, "size": 13, "color": palette.INK},
        "paper_bgcolor": palette.PAPER,
        "plot_bgcolor": palette.PAPER,
        "height": HEIGHT,
        "margin": dict(MARGIN),
        "showlegend": False,
        "hoverlabel": {"font": {"family": palette.FONT, "size": 13}},
        "dragmode": False,
    }
    return layout | extra


def legend_below(y: float, **extra: Any) -> dict[str, Any]:
    """Return a legend in a row below the chart, in the order of its bars; `y` is the height of its upper edge."""
    return {"orientation": "h", "x": 0, "y": y, "yanchor": "top", "traceorder": "normal"} | extra


def axis(title: str, **extra: Any) -> dict[str, Any]:
    """Return an axis that has a name, light grid lines and no zoom by dragging (a page must scroll under a
    thumb).
    """
    layout: dict[str, Any] = {
        "title": {"text": title, "standoff": 8},
        "gridcolor": palette.GRID,
        "linecolor": palette.INK,
        "zeroline": False,
        "fixedrange": True,
        "automargin": False,
    }
    return layout | extra


def plain(text: str) -> str:
    """Return text for Plotly with its markup taken as letters: a scenario's title is not ours."""
    return html.escape(text, quote=False)


def wrapped(text: str, width: int, lines: int) -> list[str]:
    """Return text in at most `lines` lines of about `width` letters, escaped for Plotly."""
    broken = textwrap.wrap(text, width=width, max_lines=lines, placeholder=" …") or [""]
    return [plain(line) for line in broken]


def for_notebook(chart: Chart) -> Figure:
    """Return the figure with its message and subtitle above it, for use outside the report."""
    figure = chart.figure.as_figure()
    title = "<br>".join(f"<b>{line}</b>" for line in wrapped(chart.title, 80, 3))
    figure.update_layout(
        title={
            "text": f"{title}<br>{plain(chart.subtitle)} (simulated)",
            "x": 0,
            "xanchor": "left",
            "font": {"size": 15},
        },
        margin={**chart.figure.layout["margin"], "t": 96},
        height=chart.figure.layout["height"] + 80,
    )
    return figure
