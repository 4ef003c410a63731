"""A calibration as a page that opens offline without scripts."""

from __future__ import annotations

from sim.calendar.periods import reporting_year_label
from sim.official.calibrate.search import MOST_BUSY, Calibration
from sim.official.calibrate.target import CalibrationTarget
from sim.report import palette
from sim.report.environment import template_environment
from sim.scenario.uncertainty.free_figures import FREE

__all__ = ["UNIDENTIFIED", "render", "sentences"]

UNIDENTIFIED = 0.8
"""A free figure whose spread shrank less than this is not identified by the published figures."""
WIDTH, LEFT, ROW = 920, 400, 34


def sentences(result: Calibration) -> list[str]:
    """What was found, in words."""
    kept, refused = result.accepted, result.refused
    fit = sum(tried.accepted for tried in result.tried)
    because = f"; {refused} were refused because managers would be busier than {MOST_BUSY:.0f}% of their time"
    told = [f"{fit} of {len(result.tried)} settings fit{because if refused else ''}."]
    if not kept:
        best = min(result.tried, key=lambda tried: tried.implausibility)
        told.append(
            f"No setting fits: the nearest is {best.implausibility:.1f} standard deviations away from a published "
            "figure. Something else than the free figures is different in the council: its shares, its staff, or its "
            "recording."
        )
        return told
    start = result.start
    told.append(
        "The scenario as it stands "
        + ("fits too" if start.accepted else "does not fit")
        + f" ({start.implausibility:.1f} standard deviations at its furthest; the nearest setting "
        f"{kept[0].implausibility:.1f})."
    )
    least, most = (f"{end(tried.managers for tried in kept):.0f}" for end in (min, max))
    busy = least if least == most else f"{least} to {most}"
    told.append(f"The busiest managers use {busy}% of their time in settings that fit.")
    loose = [free.label.lower() for free in FREE if result.narrowed()[free.id] > UNIDENTIFIED]
    if loose:
        told.append(f"Not identified by the published figures: {'; '.join(loose)}.")
    return told


def render(result: Calibration, name: str, area: str, year: int) -> str:
    """Return the page."""
    from markupsafe import Markup

    from sim.experiment.results.version import product_version

    labels = {free.id: free.label for free in FREE}
    return (
        template_environment("sim.official")
        .get_template("calibration.html.j2")
        .render(
            name=name,
            area=area,
            year=year,
            span=reporting_year_label(year - 1),
            sentences=sentences(result),
            target_rows=[_target(result, target) for target in result.targets],
            figure_rows=_figures(result),
            traded=[
                f"{labels[a]} and {labels[b].lower()} only act together "
                f"(correlation {value:+.1f} among settings that fit)."
                for a, b, value in result.traded()
            ],
            chart=Markup(_chart(result)),
            most_busy=f"{MOST_BUSY:.0f}",
            seed=result.seed,
            version=product_version(),
        )
    )


def _target(result: Calibration, target: CalibrationTarget) -> list[str]:
    values = [tried.values[target.measure] for tried in result.accepted]
    span = f"{_said(target, min(values))} to {_said(target, max(values))}" if values else "–"
    chance = result.chance[target.measure]
    unit = "" if target.counts else " points"
    return [
        target.label, _said(target, target.observed), _said(target, result.start.values[target.measure]), span,
        f"{target.tolerance:,.0f}" if target.counts else f"{target.tolerance:.1f}{unit}",
        f"{chance:,.0f}" if target.counts else f"{chance:.1f}{unit}",
    ]  # fmt: skip


def _said(target: CalibrationTarget, value: float) -> str:
    return f"{value:,.0f}" if target.counts else f"{value:.1f}%"


def _figures(result: Calibration) -> list[list[str]]:
    narrowed = result.narrowed()
    rows = []
    for free in FREE:
        values = [tried.setting[free.id] for tried in result.accepted]
        fits = f"{min(values):.2f} to {max(values):.2f}" if values else "–"
        left = narrowed[free.id]
        identified = "–" if left != left else "no" if left > UNIDENTIFIED else "partly" if left > 0.5 else "yes"
        spread = "–" if left != left else f"{100 * left:.0f}%"
        rows.append([free.label, f"{free.low:g} to {free.high:g}", fits, spread, identified])
    return rows


def _chart(result: Calibration) -> str:
    """The range searched and the settings that fit, as dots: an SVG, so that the page needs no script."""
    height = 40 + ROW * len(FREE)
    plot = WIDTH - LEFT - 30
    dot = palette.translucent(palette.COLOURS[0], 0.5)
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="Factors of the settings that fit within the range '
        'searched; the table below holds the same figures">'
    ]
    for row, free in enumerate(FREE):
        y = 24 + ROW * row

        def x(factor: float, low: float = free.low, high: float = free.high) -> float:
            return LEFT + plot * (factor - low) / (high - low)

        ends = f'x1="{LEFT}" x2="{LEFT + plot}" y1="{y}" y2="{y}"'
        now = f'x1="{x(1.0):.1f}" x2="{x(1.0):.1f}" y1="{y - 10}" y2="{y + 10}"'
        parts += [
            f'<text x="{LEFT - 14}" y="{y + 5}" text-anchor="end">{free.label}</text>',
            f'<line {ends} stroke="{palette.GRID}" stroke-width="8"/>',
            *(
                f'<circle cx="{x(tried.setting[free.id]):.1f}" cy="{y}" r="4" fill="{dot}"/>'
                for tried in result.accepted
            ),
            f'<line {now} stroke="{palette.COLOURS[3]}" stroke-width="2.5"/>',
        ]
    return "".join(parts) + "</svg>"
