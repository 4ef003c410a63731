"""Charts of waiting by cause: what each option's child-days are for, and how that moves from quarter to quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.report import palette
from sim.report.charts.chart import Chart, axis, base_layout, legend_below, plain, wrapped
from sim.report.charts.drawing import Drawing
from sim.report.results_view import ResultsView
from sim.report.tables import Table
from sim.report.waiting import drift
from sim.report.waiting.view import GROUPS, NO_WORKER, Floats, WaitingView
from sim.report.wording import formats

if TYPE_CHECKING:
    from sim.report.scenario_view import ScenarioView

__all__ = ["charts"]

MOST_PANELS: Final = 6
BAR: Final = 46
PANEL: Final = 150
CLEAR: Final = 0.02
"""Share of a quarter's waiting below which a move is not worth a sentence."""


def charts(data: ResultsView) -> list[Chart]:
    """The charts that the results can fill."""
    view = WaitingView.of(data)
    waiting = [] if view is None else [_by_option(data, view), _over_time(data, view)]
    return [*waiting, *drift.charts(data)]


def _by_option(data: ResultsView, view: WaitingView) -> Chart:
    days = {scenario: view.a_year(scenario.name) for scenario in data.scenarios}
    return Chart(
        id="waiting_by_cause",
        title=_most(data, days),
        subtitle="Child-days of a year by what they wait for, all stages together, mean of the runs; work at full pace "
        "is left out",
        figure=_bars(days),
        table=_table("Waiting", days),
        narrow={
            "height": 350 + BAR * len(days),
            "margin": {"l": 40, "r": 12, "t": 16, "b": 290},
            "xaxis": {"nticks": 4},
            "legend": {"yref": "container", "y": 0.0, "yanchor": "bottom"},
        },
        key="always",
        note="A day has one cause, the first that holds. Custom and reviews that are not due are time in which nothing "
        "is left to do.",
        first=True,
    )


def _most(data: ResultsView, days: dict[ScenarioView, Any]) -> str:
    first = data.scenarios[0]
    mine = days[first]
    largest = _words(int(np.argmax(mine)))
    share = formats.number(100 * mine.max() / mine.sum(), "%", places=0) if mine.sum() else "0%"
    return f"Most waiting with “{first.short or first.title}”: {largest}, {share} of it"


def _trace(place: int, **more: Any) -> dict[str, Any]:
    group = GROUPS[place]
    marker: dict[str, Any] = {"color": group.colour, "line": {"color": palette.PAPER, "width": 1}}
    if group.pattern:
        marker["pattern"] = {
            "shape": group.pattern, "fillmode": "overlay", "fgcolor": palette.PAPER, "size": 6, "solidity": 0.35,
        }  # fmt: skip
    return {"name": group.label, "legendgroup": group.label, "marker": marker, **more}


def _bars(days: dict[ScenarioView, Any]) -> Drawing:
    figure = Drawing()
    letters = [scenario.letter for scenario in days]
    for place, group in enumerate(GROUPS):
        figure.add(
            "bar",
            **_trace(place, orientation="h", y=letters, x=[round(float(mine[place])) for mine in days.values()]),
            hovertemplate=f"<b>%{{y}}</b> {plain(group.label)}: %{{x:,.0f}} child-days a year<extra></extra>",
        )
    figure.layout = base_layout(
        height=190 + BAR * len(days),
        margin={"l": 56, "r": 24, "t": 16, "b": 150},
        barmode="stack",
        bargap=0.25,
        showlegend=True,
        legend=legend_below(-0.3 - 0.6 / max(2, len(days))),
        xaxis=axis("Child-days a year", tickformat=",", nticks=7),
        yaxis=axis("Scenario", autorange="reversed", showgrid=False),
    )
    return figure


def _table(corner: str, days: dict[ScenarioView, Any]) -> Table:
    totals = {scenario: float(mine.sum()) for scenario, mine in days.items()}
    rows = [
        (
            group.label,
            tuple(
                f"{formats.number(float(mine[place]), 'days', places=0)} "
                f"({formats.number(100 * float(mine[place]) / totals[scenario], '%')})"
                if totals[scenario]
                else formats.MISSING
                for scenario, mine in days.items()
            ),
        )
        for place, group in enumerate(GROUPS)
    ]
    return Table(
        "Child-days of a year by what they wait for, mean of the runs, and in brackets the share of all waiting",
        corner,
        tuple(f"{scenario.letter} {scenario.title}" for scenario in days),
        tuple(rows),
    )


def _over_time(data: ResultsView, view: WaitingView) -> Chart:
    shown = data.scenarios[:MOST_PANELS]
    rows = [
        (
            f"{scenario.letter}, {formats.period_name(quarter)}",
            tuple(formats.number(float(value), "days", places=0) for value in values),
        )
        for scenario in data.scenarios
        for quarter, values in zip(view.quarters, view.by_quarter(scenario.name), strict=True)
    ]
    caption = "Child-days by quarter and what they wait for, mean of the runs"
    return Chart(
        id="waiting_over_time",
        title=_moved(data, view),
        subtitle="Child-days of each quarter by what they wait for, mean of the runs"
        + (
            f"; the first {MOST_PANELS} scenarios, all of them in the table"
            if len(data.scenarios) > MOST_PANELS
            else ""
        ),
        figure=_panels(shown, view),
        table=Table(caption, "Scenario and quarter", tuple(group.label for group in GROUPS), tuple(rows)),
        narrow={"height": 340 + PANEL * len(shown), "margin": {"l": 52, "r": 8, "t": 16, "b": 320}},
        key="always",
    )


def _moved(data: ResultsView, view: WaitingView) -> str:
    """In which quarter days move from one cause to another, from "no worker" if they do; else when there are most."""
    first = data.scenarios[0]
    base = view.by_quarter(first.name)
    moves = [
        move
        for scenario in data.others
        for group in range(len(GROUPS))
        if (move := _move(base, view.by_quarter(scenario.name), scenario, group)) is not None
    ]
    if not moves:
        quarter = int(np.argmax(base.sum(axis=1)))
        return f"Most days are spent waiting in {formats.period_name(view.quarters[quarter])}"
    saved, scenario, group, quarter = max(moves, key=lambda move: (move[2] == NO_WORKER, move[0]))
    when = formats.period_name(view.quarters[quarter])
    name = scenario.short or scenario.title
    text = f"With “{name}” {formats.spoken(saved)} fewer child-days of {when} are for: {_words(group)}"
    change = view.by_quarter(scenario.name)[quarter] - base[quarter]
    rise = int(np.argmax(change))
    if change[rise] > CLEAR * float(base[quarter].sum()):
        text += f"; {formats.spoken(float(change[rise]))} more are for: {_words(rise)}"
    return text


def _move(
    base: Floats, other: Floats, scenario: ScenarioView, group: int
) -> tuple[float, ScenarioView, int, int] | None:
    """The quarter in which a scenario has fewest days of a group against another; None where that is hardly any."""
    saved = base[:, group] - other[:, group]
    quarter = int(np.argmax(saved))
    if saved[quarter] <= CLEAR * max(1.0, float(base[quarter].sum())):
        return None
    return float(saved[quarter]), scenario, group, quarter


def _words(group: int) -> str:
    label = GROUPS[group].label
    return f"{label[0].lower()}{label[1:]}"


def _panels(shown: tuple[ScenarioView, ...], view: WaitingView) -> Drawing:
    """One panel for each scenario, one above the other, on the same scales."""
    figure = Drawing()
    many = len(shown)
    gap = 0.28 / max(many, 2)
    height = (1.0 - gap * (many - 1)) / many
    axes: dict[str, Any] = {}
    annotations = []
    for row, scenario in enumerate(shown):
        number = "" if row == 0 else str(row + 1)
        top = 1.0 - row * (height + gap)
        days = view.by_quarter(scenario.name)
        for place, group in enumerate(GROUPS):
            figure.add(
                "bar",
                **_trace(place, x=list(view.quarters), y=[round(float(value)) for value in days[:, place]]),
                showlegend=row == 0,
                hovertemplate=f"<b>{scenario.letter}</b> %{{x}}, {plain(group.label)}: %{{y:,.0f}}<extra></extra>",
                xaxis=f"x{number}",
                yaxis=f"y{number}",
            )
        last = row == many - 1
        shared_x = {} if row == 0 else {"matches": "x"}
        shared_y = {} if row == 0 else {"matches": "y"}
        axes[f"xaxis{number}"] = axis(
            "", showgrid=False, tickangle=-45, nticks=12, anchor=f"y{number}", showticklabels=last, **shared_x
        )
        axes[f"yaxis{number}"] = axis(
            "Child-days",
            tickformat="~s",
            nticks=4,
            anchor=f"x{number}",
            domain=[max(0.0, top - height), top],
            **shared_y,
        )
        annotations.append(
            {
                "text": "<br>".join(wrapped(f"{scenario.letter} {scenario.short or scenario.title}", 60, 1)),
                "font": {"size": 12, "color": palette.INK},
                "x": 0,
                "xanchor": "left",
                "xref": "paper",
                "y": top,
                "yanchor": "bottom",
                "yref": "paper",
                "showarrow": False,
            }
        )
    figure.layout = base_layout(
        height=190 + PANEL * many,
        margin={"l": 64, "r": 16, "t": 26, "b": 190},
        barmode="stack",
        bargap=0.12,
        showlegend=True,
        legend=legend_below(0.0, yref="container", yanchor="bottom"),
        annotations=annotations,
        **axes,
    )
    return figure
