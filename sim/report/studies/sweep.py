"""A sweep for a reader: a line for one thing varied, a heat map for two, dots for more."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.measures.definitions import MEASURES
from sim.report import palette
from sim.report.charts.chart import Chart, axis, base_layout, wrapped
from sim.report.charts.drawing import Drawing
from sim.report.studies.study_page import StudyPage, facts, label_of, path_in_words, shown_value, unit_of
from sim.report.tables import Table
from sim.report.wording import formats

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.studies.sweep import Sweep

__all__ = ["sweep_page"]

_SHOWN = (
    "assessments_45wd_pct", "unallocated_over_14d", "assessments_open_over_45wd", "allocation_wait_p90_wd",
    "delay_child_days", "cost_total",
)  # fmt: skip
MOST_CHARTS = 8
_READING = {
    "Same children": "Run by run, every setting has the same simulated children, so that a difference between settings "
    "is the setting’s and hardly chance.",
    "“In 8 runs out of 10”": "The range from the 10th to the 90th percentile of a setting’s runs: what one year might "
    "bring. It does not shrink with more runs.",
    "Every figure": "sweep.parquet holds every run, measure and period; summary.csv the means with their intervals.",
}


def sweep_page(study: Sweep) -> StudyPage:
    """Return the page."""
    manifest = study.manifest
    table = study.summary()
    period = manifest.period
    table = table[table["period"] == period]
    known = set(table["measure"])
    wanted = [measure for measure in manifest.measures or _SHOWN if measure in known]
    charts: list[Chart] = []
    for measure in wanted:
        mine = table[(table["measure"] == measure) & table["mean"].notna()]
        if mine.empty:
            continue
        if len(study.paths) == 1:
            charts.append(_line(study, mine, measure, study.paths[0], joined=True))
        elif len(study.paths) == 2 and manifest.design == "grid":
            charts.append(_heat(study, mine, measure))
        else:
            charts += [_line(study, mine, measure, path, joined=False) for path in study.paths]
    left_out = len(charts) - MOST_CHARTS
    charts = charts[:MOST_CHARTS]
    points = len(manifest.points)
    asked = facts(
        manifest,
        Varied="; ".join(f"{path_in_words(manifest, varied.path)}: {_span(varied.values)}" for varied in manifest.axes),
        Design="every combination" if manifest.design == "grid" else "a Latin hypercube",
        Runs=f"{formats.counted(points, 'setting')}, {formats.counted(manifest.replications, 'run')} each",
        Period=f"charts show {formats.period_name(period)}",
    )
    cautions = []
    if manifest.failures:
        cautions.append(
            f"{formats.counted(len(manifest.failures), 'run')} failed and are left out of every mean; their errors "
            "are rows of sweep.parquet. Runs that fail may be the busiest ones."
        )
    if manifest.replications < 2:
        cautions.append("Each setting was run once: the charts cannot show how much is chance.")
    if left_out > 0:
        cautions.append(f"{formats.counted(left_out, 'more chart')} would fit here; choose measures with --measure.")
    names = formats.listed([path_in_words(manifest, path) for path in study.paths])
    sentences = [f"{chart.title}." for chart in charts] or ["Nothing to show for this period."]
    if charts and len(study.paths) == 1:  # the answer at the top says what was varied; the others follow it
        sentences[0] = f"{charts[0].title} ({names})."
    return StudyPage(
        title=f"{manifest.scenario.title}: {names} varied",
        facts=asked,
        sentences=tuple(sentences),
        charts=tuple(charts),
        tables=(),
        reading=_READING,
        cautions=tuple(cautions),
    )


def _span(values: Sequence[Any]) -> str:
    if not values:
        return "a range"
    if len(values) > 6:
        return f"{shown_value(values[0])} to {shown_value(values[-1])} ({len(values)} values)"
    return ", ".join(shown_value(value) for value in values)


def _places(values: list[Any]) -> tuple[list[Any], bool]:
    """Where values stand on an axis: as numbers, in their unit, or as text in the order given."""
    from sim.scenario.uncertainty.uncertain_figure import amount_of

    try:
        return [amount_of(value) for value in values], True
    except ValueError:
        return [str(value) for value in values], False


def _line(study: Sweep, mine: pd.DataFrame, measure: str, path: str, *, joined: bool) -> Chart:
    unit = unit_of(measure)
    rows = mine.to_dict("records")
    places, numeric = _places([row[path] for row in rows])
    order = sorted(range(len(rows)), key=lambda n: places[n]) if numeric else list(range(len(rows)))
    rows, places = [rows[n] for n in order], [places[n] for n in order]
    means = [row["mean"] for row in rows]
    drawing = Drawing()
    ranged = all(math.isfinite(row["low80"]) for row in rows)
    if ranged and joined and numeric:
        drawing.add(
            "scatter",
            x=[*places, *places[::-1]],
            y=[*(row["high80"] for row in rows), *(row["low80"] for row in rows[::-1])],
            mode="lines",
            fill="toself",
            fillcolor=palette.translucent(palette.colour(0)),
            line={"width": 0},
            hoverinfo="skip",
        )
    bars: dict[str, Any] = {}
    if ranged and not (joined and numeric):
        bars["error_y"] = {
            "type": "data",
            "array": [row["high80"] - row["mean"] for row in rows],
            "arrayminus": [row["mean"] - row["low80"] for row in rows],
            "color": palette.colour(0),
            "thickness": 1,
        }
    drawing.add(
        "scatter",
        x=places,
        y=means,
        mode="lines+markers" if joined and numeric else "markers",
        line={"color": palette.colour(0), "width": 2},
        marker={"color": palette.colour(0), "size": 8},
        hovertemplate="%{x}: %{y:,.4g}<extra></extra>",
        **bars,
    )
    name = path_in_words(study.manifest, path)
    drawing.layout = base_layout(
        margin={"l": 76, "r": 24, "t": 16, "b": 56},
        xaxis=axis(formats.sentence_case(name)),
        yaxis=axis(_axis_name(measure)),
    )
    first, last = rows[0], rows[-1]
    whole = formats.period_name(study.manifest.period)
    if joined:
        title = (
            f"{label_of(measure)}: {formats.number(first['mean'], unit)} at {shown_value(first[path])}, "
            f"{formats.number(last['mean'], unit)} at {shown_value(last[path])}"
        )
    else:
        low, high = min(rows, key=lambda row: row["mean"]), max(rows, key=lambda row: row["mean"])
        title = (
            f"{label_of(measure)} against {name}: between {formats.number(low['mean'], unit)} and "
            f"{formats.number(high['mean'], unit)}"
        )
    others = [other for other in study.paths if other != path]
    table = Table(
        f"{label_of(measure)}, {whole}",
        formats.sentence_case(name),
        (
            *(formats.sentence_case(path_in_words(study.manifest, other)) for other in others),
            "Mean",
            "8 runs in 10",
            "Runs",
        ),
        tuple(
            (
                shown_value(row[path]),
                (
                    *(shown_value(row[other]) for other in others),
                    formats.number(row["mean"], unit),
                    formats.interval(row["low80"], row["high80"], unit),
                    str(row["replications"]),
                ),
            )
            for row in rows
        ),
    )
    band = "the band" if joined and numeric else "the bar"
    return Chart(
        f"{measure}-{study.paths.index(path)}",
        title,
        f"Mean of the runs; {band} holds 8 runs out of 10; {whole}" if ranged else f"Mean of the runs; {whole}",
        drawing,
        table,
        narrow={"margin": {"l": 60, "r": 12, "t": 12, "b": 52}, "xaxis": {"nticks": 6}},
        key="never",
    )


def _heat(study: Sweep, mine: pd.DataFrame, measure: str) -> Chart:
    unit = unit_of(measure)
    across, down = study.paths
    columns = [shown_value(value) for value in _listed(study, 0)]
    lines = [shown_value(value) for value in _listed(study, 1)]
    means: dict[tuple[str, str], float] = {
        (shown_value(row[across]), shown_value(row[down])): row["mean"] for row in mine.to_dict("records")
    }
    grid = [[means.get((column, line)) for column in columns] for line in lines]
    text = [[formats.number(value, unit) for value in row] for row in grid]
    better = MEASURES[measure].better if measure in MEASURES else "neither"
    # Dark is where planners should look: much of what is bad, little of what is good.
    scale = [[0, "#FFFFFF"], [1, palette.COLOURS[0]]]
    drawing = Drawing()
    drawing.add(
        "heatmap",
        z=grid,
        x=columns,
        y=lines,
        colorscale=scale if better != "higher" else [[0, palette.COLOURS[0]], [1, "#FFFFFF"]],
        text=text if len(columns) <= 8 else None,
        texttemplate="%{text}" if len(columns) <= 8 else None,
        xgap=2,
        ygap=2,
        colorbar={"thickness": 14, "outlinewidth": 0},
        hovertemplate="%{x}, %{y}: %{z:,.4g}<extra></extra>",
    )
    names = [path_in_words(study.manifest, path) for path in study.paths]
    drawing.layout = base_layout(
        height=max(300, 130 + 38 * len(lines)),
        margin={"l": 96, "r": 24, "t": 16, "b": 60},
        # Categories: every setting is a cell, however far apart the figures are.
        xaxis=axis(formats.sentence_case(names[0]), type="category", showgrid=False),
        yaxis=axis("<br>".join(wrapped(formats.sentence_case(names[1]), 24, 2)), type="category", showgrid=False),
    )
    low, high = min(means, key=lambda key: means[key]), max(means, key=lambda key: means[key])
    title = (
        f"{label_of(measure)}: least, {formats.number(means[low], unit)}, at {low[0]} {names[0]} and {low[1]} "
        f"{names[1]}; most, {formats.number(means[high], unit)}, at {high[0]} and {high[1]}"
    )
    whole = formats.period_name(study.manifest.period)
    table = Table(
        f"{label_of(measure)}: {names[0]} across, {names[1]} down; means, {whole}",
        formats.sentence_case(names[1]),
        tuple(columns),
        tuple((line, tuple(row)) for line, row in zip(lines, text, strict=True)),
    )
    dark = "less" if better == "higher" else "more"
    return Chart(
        f"{measure}-heat",
        title,
        f"{formats.sentence_case(names[0])} across, {names[1]} up; darker is {dark}; means of the runs, {whole}",
        drawing,
        table,
        narrow={"margin": {"l": 64, "r": 8, "t": 12, "b": 56}},
        key="never",
    )


def _listed(study: Sweep, place: int) -> list[Any]:
    return list(study.manifest.axes[place].values)


def _axis_name(measure: str) -> str:
    unit = unit_of(measure)
    label = label_of(measure)
    short = label if len(label) <= 34 else (unit or label[:34])
    return f"{short} ({unit})" if unit and short == label else short
