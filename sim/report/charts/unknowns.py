"""How much of the variation between runs is chance, and how much comes from figures that are not well known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.experiment.analysis.variance import CHANCE
from sim.experiment.running.drawn_figures import ENSEMBLE
from sim.measures.definitions import MEASURES
from sim.report import palette
from sim.report.charts.chart import Chart, axis, base_layout, legend_below, wrapped
from sim.report.charts.drawing import Drawing
from sim.report.results_view import ResultsView
from sim.report.scenario_view import ScenarioView
from sim.report.tables import Table
from sim.report.wording import formats
from sim.scenario.uncertainty.free_figures import FREE

if TYPE_CHECKING:
    import pandas as pd

SHOWN: Final = 4
"""Figures that have a colour of their own; the rest are drawn together."""
_PATTERNS: Final = ("", "/", "x", ".", "\\", "-")
_REST: Final = "other figures"
_BAR: Final = 38
_LINE: Final = 18
"""Pixels of a bar with its gap, and of a line of its name: names of three lines want more than the bar."""


def charts(data: ResultsView) -> list[Chart]:
    """Return a chart for each scenario: of its difference from the baseline, or of a single run's level."""
    table: pd.DataFrame | None = getattr(data.results, "variance", None)
    if table is None or table.empty:
        return []
    charts = []
    for scenario in data.others or data.scenarios:
        of = "difference" if data.others else "level"
        mine = table[(table["scenario"].astype(str) == scenario.name) & (table["of"] == of)]
        if not mine.empty:
            charts.append(_chart(data, scenario, of, mine))
    return charts


def ranges(data: ResultsView) -> Table | None:
    """Return the figures that are ranges, each with the scenarios that hold it; None where there are none."""
    held: dict[tuple[str, ...], list[str]] = {}
    for scenario in data.scenarios:
        for figure in data.record(scenario).uncertain:
            low, high, central = (str(bound) for bound in (figure.low, figure.high, figure.central))
            held.setdefault((figure.path, low, high, central, figure.distribution), []).append(scenario.letter)
    if not held:
        return None
    every = len(data.scenarios)
    return Table(
        "Figures that are ranges, as the scenario files write them",
        "Figure",
        ("From", "To", "Central", "Distribution", "In"),
        tuple(
            (path, (low, high, central, distribution, "all" if len(letters) == every else ", ".join(letters)))
            for (path, low, high, central, distribution), letters in held.items()
        ),
    )


def words(path: str) -> str:
    """Say a figure's path for a reader: `stages.front_door.time_per_contact` as `time per contact (front door)`."""
    if path.startswith(ENSEMBLE):
        known = {free.id: free.label for free in FREE}
        return known.get(path.removeprefix(ENSEMBLE), path).lower()
    *around, last = path.replace("_", " ").split(".")
    where = [step for step in around if not step.isdecimal() and step not in ("stages", "teams", "levers", "workers")]
    if around and around[0] == "levers":
        place = next((int(step) + 1 for step in around if step.isdecimal()), 0)
        where = [f"lever {place}"]
    return f"{last} ({where[-1]})" if where else last


def _chart(data: ResultsView, scenario: ScenarioView, of: str, rows: pd.DataFrame) -> Chart:
    sources = [s for s in dict.fromkeys(rows["source"]) if s != CHANCE]
    sources.sort(key=lambda s: -float(rows[rows["source"] == s]["share"].mean()))
    measures = [m for m in MEASURES if m in set(rows["measure"])]
    share = {(str(r.measure), str(r.source)): (r.share, r.low80, r.high80) for r in rows.itertuples()}
    what = f"the difference from “{data.scenarios[0].title}”" if of == "difference" else "the figures"
    few = not bool(rows["enough"].all())
    table_rows = []
    for measure in measures:
        cells = []
        for source in [*sources, CHANCE]:
            shares = share.get((measure, source))
            cells.append(formats.MISSING if shares is None else _cell(*shares))
        table_rows.append((MEASURES[measure].label, tuple(cells)))
    return Chart(
        id=f"unknowns-{scenario.position}",
        title=_message(scenario, of, measures, sources, share),
        subtitle=f"Why runs differ in {what}, over the whole run: shares of the variance between runs",
        figure=_figure(measures, sources, share),
        table=Table(
            "Shares of the variance between runs, in brackets the range of 8 resamples out of 10",
            "Measure",
            (*(words(source) for source in sources), "chance"),
            tuple(table_rows),
        ),
        narrow={
            "margin": {"l": 150, "r": 16, "t": 12, "b": 190},
            "xaxis": {"nticks": 4},
            "yaxis": {"tickfont": {"size": 11}},
            "legend": {"x": -0.75, "y": -0.12},
        },
        key="never",
        note=(
            "With so few runs for so many figures these shares are a hint at most: ask for more replications. "
            if few
            else ""
        )
        + "Chance holds whatever the figures do not explain in a straight line.",
    )


def _cell(share: float, low: float, high: float) -> str:
    return f"{100 * share:.0f}% ({100 * low:.0f}% to {100 * high:.0f}%)"


def _message(
    scenario: ScenarioView,
    of: str,
    measures: list[str],
    sources: list[str],
    share: dict[tuple[str, str], tuple[float, float, float]],
) -> str:
    by_chance = [share[m, CHANCE][0] for m in measures if (m, CHANCE) in share]
    middle = sorted(by_chance)[len(by_chance) // 2]
    subject = f"how much “{scenario.title}” changes" if of == "difference" else f"“{scenario.title}”"
    clear = [(share[m, s][0], m, s) for m in measures for s in sources if (m, s) in share and share[m, s][1] > 0.05]
    if not clear:
        return f"Runs differ in {subject} by chance, hardly by what is not known"
    most, measure, source = max(clear)
    return (
        f"Runs differ in {subject} by chance for about {100 * middle:.0f}% (the middle measure); of what is not known "
        f"“{words(source)}” matters most: {100 * most:.0f}% of “{MEASURES[measure].label}”"
    )


def _figure(
    measures: list[str], sources: list[str], share: dict[tuple[str, str], tuple[float, float, float]]
) -> Drawing:
    names = ["<br>".join(wrapped(MEASURES[m].label, 24, 3)) for m in measures]
    shown = sources[:SHOWN]
    series: list[tuple[str, list[float]]] = [
        (words(source), [100 * share[m, source][0] if (m, source) in share else 0.0 for m in measures])
        for source in shown
    ]
    if len(sources) > SHOWN:
        rest = [sum(100 * share[m, s][0] for s in sources[SHOWN:] if (m, s) in share) for m in measures]
        series.append((_REST, rest))
    series.append(("chance", [100 * share[m, CHANCE][0] if (m, CHANCE) in share else 0.0 for m in measures]))
    drawing = Drawing()
    for place, (name, values) in enumerate(series):
        chance = name == "chance"
        drawing.add(
            "bar",
            orientation="h",
            y=names,
            x=values,
            name=name,
            marker={
                "color": "#C9CED3" if chance else palette.colour(place),
                "pattern": {"shape": "" if chance else _PATTERNS[place], "solidity": 0.3},
            },
            # Only where the bar is plain: a number on a pattern cannot be read.
            text=[f"{value:.0f}%" if value >= 8 and (chance or not _PATTERNS[place]) else "" for value in values],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"size": 11, "color": palette.INK if chance else palette.PAPER},
            hovertemplate=f"%{{y}}: {name} %{{x:.0f}}%<extra></extra>",
        )
    drawing.layout = base_layout(
        height=150 + max(_BAR, _LINE * max(name.count("<br>") + 1 for name in names)) * len(measures),
        margin={"l": 220, "r": 24, "t": 12, "b": 96},
        barmode="stack",
        bargap=0.3,
        showlegend=True,
        legend=legend_below(-0.14, xanchor="left"),
        xaxis=axis("Share of the variance", ticksuffix="%", range=[0, 100], nticks=6),
        yaxis=axis("", autorange="reversed", showgrid=False),
    )
    return drawing
