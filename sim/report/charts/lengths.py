"""How long things took, in the bands that the Department for Education publishes, each scenario's share of
children.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sim.experiment.analysis.statistics import mean_interval
from sim.measures.bands import BANDS, BandSet
from sim.report import palette
from sim.report.charts.chart import Chart, axis, base_layout, plain
from sim.report.charts.drawing import Drawing
from sim.report.results_view import WHOLE, ResultsView
from sim.report.run_figures import Floats
from sim.report.scenario_view import ScenarioView
from sim.report.tables import Table
from sim.report.wording import formats


@dataclass(frozen=True)
class _Question:
    """A set of bands, what its chart asks, and where the standard cuts it (bands before it keep to the
    standard).
    """

    bands: str
    title: str
    moment: str
    within: int
    kept: str
    mark: str


_QUESTIONS: Final = (
    _Question(
        "assessments_band",
        "assessments are finished",
        "Length of assessments completed over the whole run",
        6,
        "within 45 working days",
        "45 working days",
    ),
    _Question(
        "icpc_band",
        "initial conferences are held",
        "Strategy discussion to initial child protection conference, over the whole run",
        2,
        "within 15 working days",
        "15 working days",
    ),
    _Question(
        "cpp_ended_band",
        "child protection plans end",
        "Length of child protection plans ended over the whole run",
        4,
        "before 2 years",
        "2 years",
    ),
    _Question(
        "cpp_open_band",
        "open child protection plans have lasted",
        "Length so far of child protection plans open at the end of the run",
        4,
        "less than 2 years",
        "2 years",
    ),
)


def charts(data: ResultsView) -> list[Chart]:
    """Return a chart for each set of bands that the results hold."""
    charts = []
    for question in _QUESTIONS:
        bands = BANDS[question.bands]
        shares = {s: measured for s in data.scenarios if (measured := _shares(data, s, bands))}
        if shares:
            charts.append(_chart(data, question, bands, shares))
    return charts


def _shares(data: ResultsView, scenario: ScenarioView, bands: BandSet) -> dict[int, Floats]:
    """Percentages by replication, a value per band; a replication with nothing to share out is left out."""
    columns = [data.runs(scenario.name, measure, WHOLE) for measure in bands.measures]
    replications = sorted(set.intersection(*(set(column) for column in columns)))
    by_replication: dict[int, Floats] = {}
    for replication in replications:
        counts = np.array([column[replication] for column in columns], dtype=np.float64)
        total = float(np.nansum(counts))
        if total > 0:
            by_replication[replication] = 100.0 * np.nan_to_num(counts) / total
    return by_replication


def _chart(
    data: ResultsView, question: _Question, bands: BandSet, shares: Mapping[ScenarioView, Mapping[int, Floats]]
) -> Chart:
    means = {s: np.mean(list(runs.values()), axis=0) for s, runs in shares.items()}
    return Chart(
        id=bands.id,
        title=_message(data, question, shares),
        subtitle=f"{question.moment}: share of children, in the Department for Education’s bands",
        figure=_figure(question, bands, means),
        table=_table(question, bands, shares),
        narrow={"margin": {"l": 132, "r": 44, "t": 28, "b": 52}, "xaxis": {"nticks": 4}},
    )


def _message(data: ResultsView, question: _Question, shares: Mapping[ScenarioView, Mapping[int, Floats]]) -> str:
    within = {s: {r: float(v[: question.within].sum()) for r, v in runs.items()} for s, runs in shares.items()}
    first, *others = within
    base = within[first]
    level = float(np.mean(list(base.values())))
    widest: tuple[float, ScenarioView] | None = None
    for scenario in others:
        paired = [within[scenario][r] - base[r] for r in sorted(base.keys() & within[scenario].keys())]
        if not paired:
            continue
        gap = np.array(paired, dtype=np.float64)
        low, high = mean_interval(gap, data.confidence)
        size = float(gap.mean())
        if (low > 0 or high < 0) and (widest is None or abs(size) > abs(widest[0])):
            widest = (size, scenario)
    if not others:
        return f"{level:.0f}% of {question.title} {question.kept}"
    if widest is None:
        few = data.replications < formats.FEW
        unclear = f"{'too few runs to tell a' if few else 'no clear'} difference between the scenarios"
        return f"About {level:.0f}% of {question.title} {question.kept}: {unclear}"
    reached = float(np.mean(list(within[widest[1]].values())))
    places = 0 if abs(reached - level) >= 1 else 1
    return (
        f"{reached:.{places}f}% of {question.title} {question.kept} with “{widest[1].title}”, "
        f"against {level:.{places}f}% with “{first.title}”"
    )


def _figure(question: _Question, bands: BandSet, means: Mapping[ScenarioView, Floats]) -> Drawing:
    drawing = Drawing()
    top = max(float(v.max()) for v in means.values())
    names = [_short(name, bands.unit) for name in bands.names]
    for scenario, values in means.items():
        drawing.add(
            "bar",
            orientation="h",
            y=names,
            x=[round(float(v), 2) for v in values],
            name=plain(f"{scenario.letter} {scenario.title}"),
            text=[_share(scenario, float(v), alone=len(means) == 1) for v in values],
            textposition="outside",
            textfont={"size": 11, "color": palette.text_colour(scenario.position)},
            cliponaxis=False,
            marker={"color": palette.colour(scenario.position)},
            hovertemplate=f"<b>{scenario.letter}</b> %{{y}}: %{{x:.1f}}%<extra></extra>",
        )
    height = 110 + len(names) * (12 + 17 * len(means))
    edge = question.within - 0.5
    drawing.layout = base_layout(
        height=height,
        margin={"l": 150, "r": 60, "t": 28, "b": 56},
        barmode="group",
        bargap=0.22,
        bargroupgap=0.05,
        xaxis=axis("Share of children", ticksuffix="%", range=[0, top * 1.12], nticks=8),
        yaxis=axis("Length", autorange="reversed", showgrid=False),
        shapes=[
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "yref": "y",
                "y0": edge,
                "y1": edge,
                "line": {"color": palette.INK, "width": 1.5, "dash": "6px,3px"},
            }
        ],
        annotations=[
            {
                "xref": "paper",
                "x": 0,
                "yref": "paper",
                "y": 1,
                "xanchor": "left",
                "yanchor": "bottom",
                "text": f"Dashed line: {question.mark}",
                "showarrow": False,
                "font": {"size": 12},
            }
        ],
    )
    return drawing


def _share(scenario: ScenarioView, share: float, alone: bool) -> str:
    text = f"{share:.0f}%" if share >= 0.5 or share == 0 else f"{share:.1f}%"
    return text if alone else f"{scenario.letter} {text}"


def _short(name: str, unit: str) -> str:
    return name.replace("working days", "days").replace("within ", "up to ") if unit == "working days" else name


def _table(question: _Question, bands: BandSet, shares: Mapping[ScenarioView, Mapping[int, Floats]]) -> Table:
    rows = []
    for position, name in enumerate(bands.names):
        cells: list[str] = []
        for runs in shares.values():
            values: Any = [v[position] for v in runs.values()]
            mean = float(np.mean(values))
            low, high = np.percentile(values, [10, 90])
            ranged = formats.interval(float(low), float(high), "%") if math.isfinite(mean) else ""
            cells.append(f"{formats.number(mean, '%')} ({ranged})")
        rows.append((name, tuple(cells)))
    return Table(
        f"{question.moment}: share of children, mean of the runs and in brackets the range of 8 runs out of 10",
        "Length",
        tuple(f"{s.letter} {s.title}" for s in shares),
        tuple(rows),
    )
