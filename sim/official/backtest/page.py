"""A back-test as a page that opens offline without scripts, and as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from sim.calendar.periods import reporting_year_label
from sim.official.backtest.run import Backtest, Mode
from sim.official.backtest.score import Score
from sim.report import palette
from sim.report.environment import template_environment

__all__ = ["FIELDS", "render", "sentences", "table"]

FIELDS = (
    "area", "fit_to", "predict", "referrals", "measure", "unit", "published", "published_before", "simulated",
    "low80", "high80", "low95", "high95", "same_as_last_year", "last_years_ratio", "error", "error_same",
    "error_ratio", "error_unit", "inside80", "inside95", "forecast", "forecast_low80", "forecast_high80",
    "error_forecast", "known",
)  # fmt: skip
WIDTH, LEFT, RIGHT, ROW, TOP = 920, 300, 30, 34, 30
WIDEST = 60.0


def table(result: Backtest) -> str:
    """Every scored measure as CSV, one row for each measure and kind of referrals; bands follow with their share."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIELDS)
    for mode in result.modes:
        about = [result.area, result.fit_to, result.predict, mode.name]
        for score in mode.scores:
            figures = (
                score.observed, score.before, score.median, score.low80, score.high80, score.low95, score.high95,
                score.same, score.ratio,
                score.error(score.median), score.error(score.same), score.error(score.ratio),
            )  # fmt: skip
            kind = "children" if score.yardstick.counts else "%"
            shown = [f"{figure:.6g}" for figure in figures]
            inside = [str(score.inside80).lower(), str(score.inside95).lower()]
            writer.writerow(
                [*about, score.yardstick.measure, kind, *shown, score.unit, *inside, *_forecast_fields(score)]
            )
        for band in mode.bands:
            labels = zip(band.table.columns, band.observed, band.before, band.foretold, strict=True)
            for label, observed, before, foretold in labels:
                errors = (foretold - observed, before - observed, before - observed)
                figures_ = [f"{value:.6g}" for value in (observed, before, foretold)]
                same = [f"{before:.6g}", f"{before:.6g}", *(f"{error:.6g}" for error in errors)]
                unknown = [""] * 7
                writer.writerow(
                    [*about, f"{band.table.id} {label}", "%", *figures_, "", "", "", "", *same, "points", *unknown]
                )
    return out.getvalue()


def _forecast_fields(score: Score) -> list[str]:
    """The combined forecast, its range of 8 in 10, its error, and whether more than last year's figure is known."""
    expected = score.expected
    if expected is None:
        return [""] * 5
    figures = (expected.value, expected.low80, expected.high80, score.error(expected.value))
    return [*(f"{figure:.6g}" for figure in figures), str(expected.informed).lower()]


def sentences(result: Backtest) -> list[str]:
    """Wins and losses in words: the combined forecast first, then the model alone, for each kind of referrals."""
    combined = [line for mode in result.modes if (line := _of_combined(mode))]
    return [*combined, *(_of_model(mode) for mode in result.modes)]


def _of_combined(mode: Mode) -> str:
    foretold = [(score, score.expected) for score in mode.scores if score.expected is not None]
    if not foretold:
        return ""
    nearer = {
        name: sum(
            abs(score.error(expected.value)) < abs(score.error(getattr(score, name))) for score, expected in foretold
        )
        for name in ("same", "ratio")
    }
    held = sum(expected.low80 <= score.observed <= expected.high80 for score, expected in foretold)
    return (
        f"With {mode.name}, the combined forecast is nearer than “same as last year” on {nearer['same']} of "
        f"{len(foretold)} measures, and than “last year’s ratio” on {nearer['ratio']}; its ranges of 8 in 10 hold "
        f"{held}."
    )


def _of_model(mode: Mode) -> str:
    count = len(mode.scores)
    same = sum(score.beats(score.same) for score in mode.scores)
    ratio = sum(score.beats(score.ratio) for score in mode.scores)
    inside80, inside95 = (sum(getattr(score, name) for score in mode.scores) for name in ("inside80", "inside95"))
    bands = sum(band.misplaced < band.misplaced_before for band in mode.bands)
    return (
        f"With {mode.name}, the model is nearer than “same as last year” on {same} of {count} measures and nearer "
        f"than “last year’s ratio” on {ratio}; {inside80} of {count} published figures lie within 8 runs out of "
        f"10, {inside95} within 95 of 100; {bands} of {len(mode.bands)} tables of lengths are nearer."
    )


def render(result: Backtest) -> str:
    """Return the page."""
    from markupsafe import Markup

    from sim.experiment.results.version import product_version

    templates = template_environment("sim.official")
    templates.globals.update(span=_span, rows=_rows)
    return templates.get_template("backtest.html.j2").render(
        result=result,
        sentences=sentences(result),
        titles=[_title(mode) for mode in result.modes],
        charts=[Markup(_chart(mode)) for mode in result.modes],
        version=product_version(),
    )


def _span(year: int) -> str:
    return reporting_year_label(year - 1)


def _title(mode: Mode) -> str:
    inside = sum(score.inside80 for score in mode.scores)
    return f"{inside} of {len(mode.scores)} published figures lie where 8 runs out of 10 do"


def _rows(mode: Mode) -> list[list[str]]:
    rows = []
    for score in mode.scores:
        errors = [score.error(value) for value in (score.median, score.same, score.ratio)]
        best = min(abs(error) for error in errors)
        unit = "%" if score.yardstick.counts else " points"
        marked = [f"{error:+.1f}{unit}{' ✓' if abs(error) == best else ''}".replace("-", "−") for error in errors]
        inside = "yes" if score.inside80 else "within 95 of 100" if score.inside95 else "no"
        low, high = _figure(score, score.low80), _figure(score, score.high80)
        rows.append(
            [
                score.yardstick.label,
                _figure(score, score.observed),
                _figure(score, score.median),
                f"{low} to {high}",
                inside,
                *marked,
                *_forecast_cells(score),
            ]
        )
    return rows


def _forecast_cells(score: Score) -> list[str]:
    expected = score.expected
    if expected is None:
        return ["–", "–"]
    low, high = _figure(score, expected.low80), _figure(score, expected.high80)
    value = (
        _figure(score, expected.value) if expected.informed else f"last year’s figure, {_figure(score, expected.value)}"
    )
    error = f"{score.error(expected.value):+.1f}{'%' if score.yardstick.counts else ' points'}".replace("-", "−")
    return [f"{value} [{low} to {high}]", error]


def _figure(score: Score, value: float) -> str:
    return f"{value:,.0f}" if score.yardstick.counts else f"{value:.1f}%"


def _chart(mode: Mode) -> str:
    """Errors as lines about nought: an SVG, so that the page needs no script."""
    reach = max((abs(end) for score in mode.scores for end in _ends(score)), default=10.0)
    reach = min(max(10.0, reach), WIDEST)
    height = TOP + ROW * len(mode.scores) + 66
    plot = WIDTH - LEFT - RIGHT

    def x(error: float) -> float:
        return LEFT + plot * (min(max(error, -reach), reach) + reach) / (2 * reach)

    parts = [
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="Errors of the simulated figures with their '
        'ranges; the table below holds the same figures">'
    ]
    step = 5 if reach <= 15 else 10 if reach <= 30 else 20
    bottom = TOP + ROW * len(mode.scores)
    for tick in range(-int(reach // step) * step, int(reach) + 1, step):
        colour, width = (palette.INK, 2) if tick == 0 else (palette.GRID, 1)
        parts.append(
            f'<line x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{TOP - 8}" y2="{bottom}" stroke="{colour}" '
            f'stroke-width="{width}"/>'
        )
        label = f"{tick:+d}".replace("-", "−") if tick else "published"
        parts.append(f'<text x="{x(tick):.1f}" y="{TOP - 14}" text-anchor="middle">{label}</text>')
    for number, score in enumerate(mode.scores):
        parts += _row(score, TOP + ROW * number + ROW / 2, x)
    parts += _key(bottom + 30)
    return "".join(parts) + "</svg>"


def _ends(score: Score) -> Sequence[float]:
    return [score.error(value) for value in (score.low80, score.high80, score.same, score.ratio)]


def _row(score: Score, y: float, x: object) -> list[str]:
    assert callable(x)
    ends = {name: x(score.error(getattr(score, name))) for name in ("low80", "high80", "low95", "high95", "median")}
    blue = palette.COLOURS[0]

    def line(low: float, high: float, width: float) -> str:
        ends = f'x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}"'
        return f'<line {ends} stroke="{blue}" stroke-width="{width}"/>'

    return [
        f'<text x="{LEFT - 14}" y="{y + 5:.1f}" text-anchor="end">{score.yardstick.label}</text>',
        line(ends["low95"], ends["high95"], 1.5),
        line(ends["low80"], ends["high80"], 6),
        _mark("circle", ends["median"], y),
        _mark("square", x(score.error(score.same)), y - 9),
        _mark("cross", x(score.error(score.ratio)), y + 9),
    ]


def _mark(shape: str, x: float, y: float) -> str:
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="#fff" stroke="{palette.COLOURS[0]}" stroke-width="3"/>'
    if shape == "square":
        return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{palette.COLOURS[2]}"/>'
    colour = palette.COLOURS[3]
    return (
        f'<path d="M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8" stroke="{colour}" stroke-width="2.5" fill="none"/>'
    )  # fmt: skip


def _key(y: float) -> list[str]:
    parts, at = [], LEFT
    for shape, text in (("circle", "model"), ("square", "same as last year"), ("cross", "last year’s ratio")):
        parts += [_mark(shape, at, y), f'<text x="{at + 12}" y="{y + 5}">{text}</text>']
        at += 90 if shape == "circle" else 170
    return parts
