"""The chart of drift: days from one event to the next, median and quartiles, by scenario; years in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.report import palette
from sim.report.charts.chart import Chart, axis, base_layout
from sim.report.charts.drawing import Drawing
from sim.report.results_view import WHOLE, ResultsView
from sim.report.tables import Table
from sim.report.wording import formats

if TYPE_CHECKING:
    from sim.report.scenario_view import ScenarioView

__all__ = ["charts"]

INTERVALS: Final = (
    ("referral_to_cpp", "Referral to plan"),
    ("referral_to_care", "Referral to care"),
    ("cpp_to_care", "Plan to care"),
)
STEP: Final = 24
Quartiles = tuple[float, float, float]


def charts(data: ResultsView) -> list[Chart]:
    """The chart, where the results hold all of its measures for some interval."""
    figures = {
        (name, scenario): quartiles
        for name, _ in INTERVALS
        for scenario in data.scenarios
        if (quartiles := _quartiles(data, scenario, name, WHOLE)) is not None
    }
    if not figures:
        return []
    return [
        Chart(
            id="drift_intervals",
            title=_message(data, figures),
            subtitle="Calendar days between events by the day of the later one, over the whole run: median (dot) and "
            "the middle half of children (line)",
            figure=_figure(data, figures),
            table=_table(data),
            narrow={"margin": {"l": 112, "r": 24, "t": 16, "b": 56}, "xaxis": {"nticks": 4}},
            note="Care is the issue of care proceedings. No figures for England are published of these intervals.",
        )
    ]


def _quartiles(data: ResultsView, scenario: ScenarioView, name: str, period: str) -> Quartiles | None:
    levels = [data.level(scenario.name, f"{name}_{part}_days", period) for part in ("p25", "median", "p75")]
    low, middle, high = (None if level is None else level.mean for level in levels)
    return None if low is None or middle is None or high is None else (low, middle, high)


def _message(data: ResultsView, figures: dict[tuple[str, ScenarioView], Quartiles]) -> str:
    first = data.scenarios[0]
    words = {"referral_to_cpp": "from referral to plan", "referral_to_care": "from referral to care",
             "cpp_to_care": "from plan to care"}  # fmt: skip
    parts = [
        f"{formats.spoken(figures[name, first][1])} days {words[name]}"
        for name, _ in INTERVALS
        if (name, first) in figures
    ]
    return f"Half of the children take more than {formats.listed(parts)} with “{first.short or first.title}”"


def _figure(data: ResultsView, figures: dict[tuple[str, ScenarioView], Quartiles]) -> Drawing:
    figure = Drawing()
    many = len(data.scenarios)
    places = {name: row * (many + 1) for row, (name, _) in enumerate(INTERVALS)}
    for (name, scenario), (low, middle, high) in figures.items():
        y = places[name] + scenario.position
        colour = palette.colour(scenario.position)
        figure.add(
            "scatter",
            x=[low, high], y=[y, y], mode="lines", hoverinfo="skip",
            line={"color": colour, "width": 4, "dash": palette.dash(scenario.position)},
        )  # fmt: skip
        figure.add(
            "scatter",
            x=[middle], y=[y], mode="markers+text", text=[f"<b>{scenario.letter}</b> {middle:.0f}"],
            textposition="top center", textfont={"size": 11, "color": palette.text_colour(scenario.position)},
            marker={"size": 10, "color": colour, "symbol": scenario.position % 6}, cliponaxis=False,
            hovertemplate=f"<b>{scenario.letter}</b> median {middle:.0f} days, middle half {low:.0f} to {high:.0f}"
            "<extra></extra>",
        )  # fmt: skip
    rows = len(INTERVALS) * (many + 1)
    figure.layout = base_layout(
        height=96 + STEP * rows,
        margin={"l": 140, "r": 40, "t": 20, "b": 56},
        xaxis=axis("Calendar days", rangemode="tozero", tickformat=","),
        yaxis=axis(
            "Interval",
            range=[rows - 1.5, -1.0],
            tickvals=[place + (many - 1) / 2 for place in places.values()],
            ticktext=[label for _, label in INTERVALS],
            showgrid=False,
        ),
    )
    return figure


def _table(data: ResultsView) -> Table:
    rows = []
    for name, label in INTERVALS:
        for period in (*data.years, WHOLE):
            cells = []
            for scenario in data.scenarios:
                quartiles = _quartiles(data, scenario, name, period)
                count = data.level(scenario.name, f"{name}_children", period)
                if quartiles is None or count is None:
                    cells.append(formats.MISSING)
                    continue
                low, middle, high = quartiles
                cells.append(
                    f"{middle:.0f} ({low:.0f} to {high:.0f}), {formats.counted(round(count.mean), 'child', 'children')}"
                )
            rows.append((f"{label}, {formats.period_name(period)}", tuple(cells)))
    return Table(
        "Calendar days between events by the year of the later one: median, in brackets the quartiles, and children",
        "Interval and year",
        tuple(f"{scenario.letter} {scenario.title}" for scenario in data.scenarios),
        tuple(rows),
    )
