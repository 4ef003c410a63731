"""A comparison as one small HTML file without scripts or links: the first screen, what was changed, and the curves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from sim.report import palette

if TYPE_CHECKING:
    from markupsafe import Markup

    from sim.report.charts.chart import Chart
    from sim.report.results_view import ResultsView
    from sim.report.scenario_view import ScenarioView

__all__ = ["one_page"]

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
WIDTH: Final = 700
HEIGHT: Final = 280
LEFT: Final = 56
RIGHT: Final = 40
TOP: Final = 12
BOTTOM: Final = 34


def one_page(data: ResultsView, start: str, described: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Return the page. `start` is the title of where options start; `described` has each option's name and changes."""
    from sim.report.charts import over_time
    from sim.report.decision import decision
    from sim.report.page import environment

    template = files("sim.serve").joinpath("templates", "one_page.html.j2").read_text(encoding="utf-8")
    lines = {line.id: line for line in over_time.LINES}
    return (
        environment()
        .from_string(template)
        .render(
            policy=POLICY,
            data=data,
            decision=decision(data),
            start=start,
            described=list(zip(data.scenarios, described, strict=False)),
            charts=[
                (chart, _drawn(chart, lines[chart.id], data)) for chart in over_time.charts(data) if chart.first
            ],
        )
    )  # fmt: skip


def _drawn(chart: Chart, line: Any, data: ResultsView) -> Markup:
    """The curves of a chart as SVG: a line and a band for each scenario, told apart by dashes and letters too."""
    from markupsafe import Markup, escape

    bands = [(scenario, band) for scenario in data.scenarios if (band := line.band(data, scenario)) is not None]
    known = [
        value for _, band in bands for row in (band.mean, band.low, band.high) for value in row if math.isfinite(value)
    ]
    top = _nice(max([*known, 1.0]))
    parts = [f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="{palette.GRID}"/>'
             f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:,.6g}</text>'
             for value in (0.0, top / 2, top) for y in (_y(value, top),)]  # fmt: skip
    for scenario, band in bands:
        parts.append(_curve(scenario, band, top))
    if bands:
        days = bands[0][1].days
        for place, anchor in ((0, "start"), (len(days) - 1, "end")):
            label = f"{days[place]:%B %Y}"
            parts.append(
                f'<text x="{_x(place, len(days)):.1f}" y="{HEIGHT - 10}" text-anchor="{anchor}">{label}</text>'
            )
    label = escape(f"{chart.title}. {chart.subtitle}. The same figures are in the table below.")
    return Markup(f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg>')


def _curve(scenario: ScenarioView, band: Any, top: float) -> str:
    colour, count = palette.colour(scenario.position), len(band.days)
    points = [(_x(n, count), _y(value, top)) for n, value in enumerate(band.mean) if math.isfinite(value)]
    edge = [
        (_x(n, count), _y(low, top), _y(high, top))
        for n, (low, high) in enumerate(zip(band.low, band.high, strict=True))
        if math.isfinite(low) and math.isfinite(high)
    ]
    shaded = ""
    if edge:
        outline = [(x, high) for x, _, high in edge] + [(x, low) for x, low, _ in reversed(edge)]
        shaded = f'<polygon points="{_pairs(outline)}" fill="{colour}" fill-opacity="{palette.BAND_OPACITY:g}"/>'
    if not points:
        return shaded
    x, y = points[-1]
    return (
        f'{shaded}<polyline points="{_pairs(points)}" fill="none" stroke="{colour}" stroke-width="2.5" '
        f'stroke-dasharray="{palette.svg_dash(scenario.position)}"/>'
        f'<text x="{x + 6:.1f}" y="{y + 4:.1f}" font-weight="bold">{scenario.letter}</text>'
    )


def _pairs(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _x(place: int, count: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * place / max(count - 1, 1)


def _y(value: float, top: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)


def _nice(value: float) -> float:
    size = 10.0 ** math.floor(math.log10(value))
    return next(step * size for step in (1, 2, 4, 5, 8, 10) if step * size >= value)
