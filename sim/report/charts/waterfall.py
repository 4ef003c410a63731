"""From the baseline to the scenario, change by change: one waterfall for each measure asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from sim.report import palette
from sim.report.charts.chart import Chart, axis, base_layout, wrapped
from sim.report.charts.drawing import Drawing
from sim.report.results_view import ResultsView
from sim.report.tables import Table
from sim.report.waterfall import INTERACTION, Step, Waterfall, waterfalls
from sim.report.wording import formats, phrases

LEVEL: Final = palette.COLOURS[0]
WORSE: Final = palette.COLOURS[2]
BETTER: Final = palette.COLOURS[1]
NEITHER: Final = palette.COLOURS[4]


def charts(data: ResultsView) -> list[Chart]:
    """Return a waterfall for each measure that was explained; none unless changes were taken one by one."""
    return [_chart(data, waterfall) for waterfall in waterfalls(data.results)]


def _chart(data: ResultsView, waterfall: Waterfall) -> Chart:
    unit = waterfall.measure.unit
    rows = [("Baseline", (formats.number(waterfall.baseline, unit), "", "", ""))]
    for step in waterfall.steps:
        ranged = formats.interval(step.low, step.high, unit, difference=True)
        last = f"{step.last_in} ({step.last_in_range})" if step.last_in else ""
        cells = (formats.signed(step.value, unit), ranged, _clear(step), last)
        rows.append((formats.sentence_case(step.label), cells))
    rows.append(("Scenario", (formats.number(waterfall.scenario, unit), "", "", "")))
    return Chart(
        id=f"explain-{waterfall.measure.id}",
        title=_message(data, waterfall),
        subtitle=f"{waterfall.measure.label}, {waterfall.when}: what each change does alone, and together",
        figure=_figure(waterfall),
        table=Table(
            f"{waterfall.measure.label}, {waterfall.when}: effects of the changes, "
            "each with the 95% interval of all together",
            "Change",
            ("Own effect", "95% interval", "Clear of chance?", "Last in (95% interval)"),
            tuple(rows),
        ),
        narrow={
            "margin": {"l": 150, "r": 16, "t": 12, "b": 52},
            "xaxis": {"nticks": 4},
            "yaxis": {"tickfont": {"size": 11}},
        },
        key="never",
        note="Thin lines are 95% intervals. Hatched bars could be chance alone."
        if any(not step.clear for step in waterfall.steps)
        else "Thin lines are 95% intervals.",
    )


def _clear(step: Step) -> str:
    if step.clear:
        return "Yes"
    return formats.VERDICT_WORDS["unclear"] if math.isfinite(step.low) else formats.VERDICT_WORDS["unknown"]


def _message(data: ResultsView, waterfall: Waterfall) -> str:
    """Say the total, which change does most alone, and whether the changes overlap."""
    measure = waterfall.measure
    title = data.scenarios[-1].title
    if not (waterfall.total_low > 0 or waterfall.total_high < 0):
        return f"No clear difference between “{title}” and “{data.scenarios[0].title}”: {measure.label}"
    total = formats.sentence_case(phrases.changed(measure, waterfall.total))
    same = [s for s in waterfall.steps if s.clear and s.value * waterfall.total > 0 and s.label != INTERACTION]
    if not same or len(waterfall.steps) < 2:
        return f"{total}; no single change does it alone" if len(waterfall.steps) > 1 else total
    most = max(same, key=lambda step: abs(step.value))
    return f"{total}. Alone, “{most.label}” does most ({formats.signed(most.value, measure.unit)})"


@dataclass(frozen=True)
class _Bar:
    """A bar from `start` over `size`; `low` and `high` are the ends of the interval of its size, where it has one."""

    label: str
    start: float
    size: float
    text: str
    colour: str
    low: float = math.nan
    high: float = math.nan
    hatched: bool = False

    @property
    def name(self) -> str:
        return "<br>".join(wrapped(self.label, 24, 4))

    @property
    def ends(self) -> list[float]:
        ends = (self.start, self.start + self.size, self.start + self.low, self.start + self.high)
        return [end for end in ends if math.isfinite(end)]


def _bars(waterfall: Waterfall) -> list[_Bar]:
    unit, level = waterfall.measure.unit, waterfall.baseline
    bars = [_Bar("Baseline", 0.0, level, formats.number(level, unit), LEVEL)]
    for step in waterfall.steps:
        text, label = formats.signed(step.value, unit), formats.sentence_case(step.label)
        bars.append(
            _Bar(label, level, step.value, text, _colour(waterfall, step), step.low, step.high, hatched=not step.clear)
        )
        level += step.value
    return [*bars, _Bar("Scenario", 0.0, waterfall.scenario, formats.number(waterfall.scenario, unit), LEVEL)]


def _figure(waterfall: Waterfall) -> Drawing:
    bars = _bars(waterfall)
    drawing = Drawing()
    texts: list[dict[str, Any]] = []
    for bar in bars:
        interval = {
            "type": "data",
            "symmetric": False,
            "array": [bar.high - bar.size],
            "arrayminus": [bar.size - bar.low],
            "thickness": 1.2,
            "width": 4,
            "color": palette.INK,
        }
        drawing.add(
            "bar",
            orientation="h",
            y=[bar.name],
            x=[bar.size],
            base=[bar.start],
            marker={"color": bar.colour, "pattern": {"shape": "/" if bar.hatched else "", "solidity": 0.4}},
            error_x=interval if math.isfinite(bar.low) else None,
            hovertemplate=f"{bar.name}: {bar.text}<extra></extra>",
        )
        texts.append(
            {"x": max(bar.ends), "y": bar.name, "text": bar.text, "xanchor": "left", "showarrow": False, "xshift": 5,
             "font": {"size": 12}}
        )  # fmt: skip
    ends = [end for bar in bars for end in bar.ends]
    low, high = min(0.0, *ends), max(0.0, *ends)
    room = max(high - low, 1e-9)
    names = [bar.name for bar in bars]
    drawing.layout = base_layout(
        height=96 + 54 * len(bars),
        margin={"l": 220, "r": 24, "t": 12, "b": 56},
        annotations=texts,
        barmode="overlay",
        bargap=0.35,
        xaxis=axis(
            formats.sentence_case(waterfall.measure.unit), range=[low - 0.03 * room, high + 0.22 * room], nticks=8
        ),
        yaxis=axis("", autorange="reversed", showgrid=False, categoryorder="array", categoryarray=names),
    )
    return drawing


def _colour(waterfall: Waterfall, step: Step) -> str:
    if waterfall.measure.better == "neither" or step.value == 0 or step.label == INTERACTION:
        return NEITHER
    return BETTER if (step.value > 0) == (waterfall.measure.better == "higher") else WORSE
