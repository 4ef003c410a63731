"""Lines over time: the mean of all runs, and the band in which 8 runs out of 10 fall, every scenario in
one chart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from sim.experiment.analysis.statistics import mean_interval
from sim.report import palette
from sim.report.charts.chart import HEIGHT, MARGIN, NARROW_MARGIN, Chart, axis, base_layout, plain, wrapped
from sim.report.charts.drawing import Drawing
from sim.report.charts.labels import spread
from sim.report.events import ScenarioEvent, events, note
from sim.report.results_view import ResultsView
from sim.report.run_figures import RunRange
from sim.report.scenario_view import ScenarioView
from sim.report.tables import Table
from sim.report.targets import target_lines
from sim.report.wording import formats

_LINE: Final = 16
"""Height of a line of a label, in pixels."""


@dataclass(frozen=True)
class Line:
    """What a chart over time shows: a monthly stock, or the quarterly `measure` where no stock was
    recorded. `only_if_any`: left out where nobody is counted in any scenario.
    """

    id: str
    subject: str
    subtitle: str
    y: str
    column: str
    stages: tuple[str, ...] | None = None
    measure: str = ""
    only_if_any: bool = False
    first: bool = False
    """Whether the chart is one of the four that stand open."""

    def band(self, data: ResultsView, scenario: ScenarioView) -> RunRange | None:
        """Return the runs of a scenario, or None when the results do not hold them."""
        monthly = data.monthly(scenario.name, self.column, self.stages)
        return data.quarterly(scenario.name, self.measure) if monthly is None and self.measure else monthly


LINES: Final = (
    Line(
        "front_door_open",
        "children wait for a decision at the front door",
        "Children referred and not yet decided about at the front door, at each month end",
        "Children",
        "open",
        ("front_door",),
        only_if_any=True,
    ),
    Line(
        "unallocated",
        "children are without a social worker",
        "Children held by a manager because no social worker has room, at each month end",
        "Children",
        "unallocated",
        first=True,
    ),
    Line(
        "assessments_open",
        "children have an assessment open",
        "Children whose assessment is not finished, at each month end",
        "Children",
        "open",
        ("assessment",),
    ),
    Line(
        "assessments_open_over_45wd",
        "children have an assessment open past 45 working days",
        "Children whose assessment is open more than 45 working days after the referral, at each month end",
        "Children",
        "over_limit",
        ("assessment",),
        first=True,
    ),
    Line(
        "assessments_45wd_pct",
        "assessments in a hundred are completed within 45 working days",
        "Assessments completed within 45 working days, share of those completed in each quarter",
        "%",
        "",
        measure="assessments_45wd_pct",
        first=True,
    ),
    Line(
        "cin_open_over_12m",
        "children have been on a child in need plan for more than 12 months",
        "Child in need plans open for more than 12 months, at the end of each quarter",
        "Children",
        "",
        measure="cin_open_over_12m",
        first=True,
    ),
    Line(
        "cpp_open",
        "children are on a child protection plan",
        "Child protection plans open at each month end",
        "Children",
        "open",
        ("child_protection",),
    ),
    Line(
        "cin_plans_open",
        "children are on a child in need plan",
        "Child in need plans open at each month end",
        "Children",
        "open",
        ("child_in_need",),
    ),
    Line(
        "caseload_mean",
        "children are held by the average full-time social worker",
        "Children held per full-time equivalent social worker, at each month end",
        "Children per full-time worker",
        "caseload",
        ("all",),
        measure="caseload_mean",
    ),
)


def charts(data: ResultsView) -> list[Chart]:
    """Return every chart over time that the results can fill, in reading order."""
    drawn: list[Chart] = []
    marked = events(data)
    for line in LINES:
        bands = {s: b for s in data.scenarios if (b := line.band(data, s)) is not None and len(b.days) > 1}
        bands = {s: band for s, band in bands.items() if np.isfinite(band.mean).any()}
        empty = line.only_if_any and not any(np.nan_to_num(band.runs).any() for band in bands.values())
        if bands and not empty:
            drawn.append(_chart(data, line, bands, marked))
    return sorted(drawn, key=lambda chart: not chart.first)


def message(data: ResultsView, subject: str, bands: Mapping[ScenarioView, RunRange]) -> str:
    """Say what a chart shows: the widest clear difference of an option from the one that the first screen compares it
    with, or how a single run moves.
    """
    baseline = bands.get(data.scenarios[0])
    if baseline is None:
        return f"How many {subject}"
    if len(bands) == 1:
        return _movement(subject, baseline)
    clear: list[tuple[float, date, ScenarioView, ScenarioView]] = []
    for scenario, band in bands.items():
        reference = data.reference(scenario)
        if reference is None or reference not in bands:
            continue
        gap = band.minus(bands[reference])
        finite = [i for i in range(len(gap.days)) if math.isfinite(gap.mean[i])]
        if not finite:
            continue
        at = max(finite, key=lambda i: abs(gap.mean[i]))
        low, high = mean_interval(gap.runs[:, at], data.confidence)
        if low > 0 or high < 0:
            clear.append((float(gap.mean[at]), gap.days[at], scenario, reference))
    if not clear:
        few = len(baseline.replications) < formats.FEW
        return f"{'Too few runs to tell a' if few else 'No clear'} difference in how many {subject}"
    size, day, scenario, reference = max(clear, key=lambda difference: abs(difference[0]))
    amount = f"{formats.spoken(size)} {'more' if size > 0 else 'fewer'} {subject}"
    month = formats.month_name(day)
    return f"With “{scenario.short}”, {amount} than with “{reference.short}” at the widest point, {month}"


def _movement(subject: str, band: RunRange) -> str:
    """Say where a single run ends and whether it rose or fell; days on which nothing could be measured are left out."""
    days = np.flatnonzero(np.isfinite(band.mean))
    first, last = float(band.mean[days[0]]), float(band.mean[days[-1]])
    low, high = mean_interval(band.runs[:, days[-1]] - band.runs[:, days[0]])
    ended = days[-1] == len(band.days) - 1
    when = "at the end of the run" if ended else f"in {formats.month_name(band.days[int(days[-1])])}"
    at_the_end = f"{formats.spoken(last)} {subject} {when}"
    if not (low > 0 or high < 0) or abs(last - first) < 0.05 * max(first, 1.0):
        return f"{at_the_end}, with no clear change since its start"
    return f"{at_the_end}, {'up' if last > first else 'down'} from {formats.spoken(first)}"


def _chart(
    data: ResultsView, line: Line, bands: Mapping[ScenarioView, RunRange], marked: Sequence[ScenarioEvent]
) -> Chart:
    days = [day for band in bands.values() for day in band.days]
    marked = tuple(event for event in marked if min(days) <= event.day <= max(days))
    aims = target_lines(data, line.measure or line.id)
    top = (
        max((float(v) for b in bands.values() for v in (*b.high, *b.mean) if math.isfinite(v)), default=1.0) * 1.06
        or 1.0
    )
    top = max(top, *(1.06 * aim for aim, _ in aims)) if aims else top
    return Chart(
        id=line.id,
        title=message(data, line.subject, bands),
        subtitle=line.subtitle,
        figure=_figure(line, bands, top, marked, aims),
        table=_table(line, bands),
        narrow=_narrow(bands, top, marked, aims),
        key="narrow",
        note=" ".join(
            part for part in (note(marked), *(f"Dotted line: target of {words}." for _, words in aims)) if part
        ),
        first=line.first,
    )


def _marks(marked: Sequence[ScenarioEvent], aims: Sequence[tuple[float, str]]) -> list[dict[str, Any]]:
    """Lines at the days that are marked, and at targets."""
    days = [
        {"type": "line", "xref": "x", "yref": "paper", "x0": e.day.isoformat(), "x1": e.day.isoformat(), "y0": 0,
         "y1": 1, "layer": "below", "line": {"color": "#6b7278", "width": 1, "dash": "4px,3px"}}
        for e in marked
    ]  # fmt: skip
    levels = [
        {"type": "line", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": aim, "y1": aim,
         "line": {"color": palette.INK, "width": 1.5, "dash": "2px,3px"}}
        for aim, _ in aims
    ]  # fmt: skip
    return [*days, *levels]


def _numbers(marked: Sequence[ScenarioEvent]) -> list[dict[str, Any]]:
    return [
        {"x": e.day.isoformat(), "xref": "x", "y": 1, "yref": "paper", "yanchor": "bottom", "text": str(e.number),
         "showarrow": False, "font": {"size": 11, "color": palette.INK}}
        for e in marked
    ]  # fmt: skip


def _figure(
    line: Line, bands: Mapping[ScenarioView, RunRange], top: float, marked: Sequence[ScenarioEvent],
    aims: Sequence[tuple[float, str]],
) -> Drawing:  # fmt: skip
    drawing = Drawing()
    for scenario, band in bands.items():
        days = [d.isoformat() for d in band.days]
        tint = palette.translucent(palette.colour(scenario.position))
        edge = {"x": days, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
        drawing.add("scatter", y=_listed(band.low), **edge)
        drawing.add("scatter", y=_listed(band.high), fill="tonexty", fillcolor=tint, **edge)
    for scenario, band in bands.items():
        drawing.add(
            "scatter",
            x=[d.isoformat() for d in band.days],
            y=_listed(band.mean),
            mode="lines",
            name=plain(f"{scenario.letter} {scenario.title}"),
            customdata=[
                formats.interval(float(low), float(high)) for low, high in zip(band.low, band.high, strict=True)
            ],
            hovertemplate=f"<b>{scenario.letter}</b> %{{y:,.1f}} (8 in 10 runs: %{{customdata}})<extra></extra>",
            line={
                "color": palette.colour(scenario.position),
                "dash": palette.dash(scenario.position),
                "width": 2.5,
            },
        )
    drawing.layout = base_layout(
        hovermode="x unified",
        xaxis=axis(
            "Quarter end" if _quarterly(bands) else "Month end",
            type="date",
            hoverformat="%B %Y",
            showgrid=False,
            ticks="outside",
            **_ticks(bands, 9),
        ),
        yaxis=axis(line.y, range=[0, top], tickformat=",", nticks=6),
        shapes=_marks(marked, aims),
        annotations=[*_labels(bands, top, MARGIN, full=True), *_numbers(marked)],
    )
    return drawing


def _narrow(
    bands: Mapping[ScenarioView, RunRange],
    top: float,
    marked: Sequence[ScenarioEvent],
    aims: Sequence[tuple[float, str]],
) -> dict[str, Any]:
    return {
        "margin": dict(NARROW_MARGIN),
        "xaxis": _ticks(bands, 4),
        "yaxis": {"nticks": 5},
        "shapes": _marks(marked, aims),
        "annotations": [*_labels(bands, top, NARROW_MARGIN, full=False), *_numbers(marked)],
    }


def _ticks(bands: Mapping[ScenarioView, RunRange], most: int) -> dict[str, Any]:
    """Name at most `most` days of the axis, evenly, counted back from the last: 31 March is what readers
    look for.
    """
    days = sorted({day for band in bands.values() for day in band.days})
    steps = (1, 2, 4, 8) if _quarterly(bands) else (1, 2, 3, 6, 12, 24)
    step = next((s for s in steps if len(days) / s <= most), steps[-1])
    shown = days[::-1][::step][::-1]
    return {
        "tickmode": "array",
        "tickvals": [day.isoformat() for day in shown],
        "ticktext": [f"{formats.month_name(day)[:3]} {day.year}" for day in shown],
        "range": [days[0].isoformat(), days[-1].isoformat()],
    }


def _labels(
    bands: Mapping[ScenarioView, RunRange], top: float, margin: Mapping[str, int], *, full: bool
) -> list[dict[str, Any]]:
    """Place a label beside the end of each line: letter, title and value, or the letter alone (`full`
    false).
    """
    space = HEIGHT - margin["t"] - margin["b"]
    ends = {s: _end(b) for s, b in bands.items()}
    shown = [(s, end) for s, end in ends.items() if end is not None]
    texts = []
    for scenario, (_, value) in shown:
        lines = [f"<b>{scenario.letter}</b>"]
        if full:
            lines = [f"<b>{scenario.letter}: {formats.spoken(value)}</b>", *wrapped(scenario.short, 27, 2)]
        texts.append(lines)
    wanted = [value / top * space for _, (_, value) in shown]
    centres = spread(wanted, [len(lines) * _LINE + 3.0 for lines in texts], 0.0, float(space))
    return [
        {
            "x": day.isoformat(), "y": value, "xref": "x", "yref": "y", "ax": 20 if full else 12,
            "ay": round(want - centre, 1), "xanchor": "left", "align": "left", "yanchor": "middle",
            "text": "<br>".join(lines), "showarrow": True, "arrowhead": 0, "arrowwidth": 1,
            "arrowcolor": palette.colour(scenario.position), "standoff": 2,
            "font": {"size": 12, "color": palette.text_colour(scenario.position)},
        }
        for (scenario, (day, value)), lines, want, centre in zip(shown, texts, wanted, centres, strict=True)
    ]  # fmt: skip


def _quarterly(bands: Mapping[ScenarioView, RunRange]) -> bool:
    days = next(iter(bands.values())).days
    return (days[1] - days[0]).days > 40


def _end(band: RunRange) -> tuple[date, float] | None:
    finite = [i for i in range(len(band.days)) if math.isfinite(band.mean[i])]
    return (band.days[finite[-1]], float(band.mean[finite[-1]])) if finite else None


def _listed(values: Sequence[float] | Any) -> list[float | None]:
    return [round(float(v), 3) if math.isfinite(v) else None for v in values]


def _table(line: Line, bands: Mapping[ScenarioView, RunRange]) -> Table:
    """Give mean and range at every third month end (the last one always), a column for each scenario."""
    first = next(iter(bands.values()))
    step = 1 if _quarterly(bands) else 3
    chosen = [d for i, d in enumerate(first.days) if (len(first.days) - 1 - i) % step == 0]
    rows = []
    for day in chosen:
        cells = []
        for band in bands.values():
            at = band.days.index(day) if day in band.days else -1
            if at < 0 or not math.isfinite(band.mean[at]):
                cells.append(formats.MISSING)
            else:
                ranged = formats.interval(float(band.low[at]), float(band.high[at]))
                cells.append(f"{formats.number(float(band.mean[at]))} ({ranged})")
        rows.append((formats.month_name(day), tuple(cells)))
    return Table(
        f"{line.subtitle}: mean of the runs, and in brackets the range of 8 runs out of 10",
        "Quarter end" if _quarterly(bands) else "Month end",
        tuple(f"{s.letter} {s.title}" for s in bands),
        tuple(rows),
    )
