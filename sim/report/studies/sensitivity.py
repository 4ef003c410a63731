"""A sensitivity analysis for a reader: which figures matter, how sure that is, and what to do about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report import palette
from sim.report.charts.chart import Chart, plain
from sim.report.studies.bars import lower, narrow_layout, whisker_bars
from sim.report.studies.study_page import StudyPage, facts, label_of, path_in_words, unit_of
from sim.report.tables import Table
from sim.report.wording import formats

if TYPE_CHECKING:
    from sim.experiment.studies.sensitivity import Sensitivity

__all__ = ["sensitivity_lines", "sensitivity_page"]

_MORRIS = {
    "How far it moves": "Each figure is taken across its range, from low to high, with the others at many different "
    "places. The bar is how far the measure moves, on average, whichever way (Morris’s mu*). The whisker is the 95% "
    "interval of that average: a figure whose whisker reaches nought may not matter.",
    "Depends on the others": "How much that movement differs with the other figures (Morris’s sigma). Where it is as "
    "large as the bar, the figure matters in some circumstances and not in others, or its effect bends.",
    "Same children": "Every point has the same simulated children, run by run, so chance hardly enters "
    "the differences.",
}
_SOBOL = {
    "Share of the spread": "Of all that the uncertain figures together make the measure differ, the share that would "
    "go if this one were known (Sobol’s total index), with its 95% interval. The diamond is the share that it "
    "explains by "
    "itself; what lies between is joint with other figures. Shares of many joint figures add up to more than 100%.",
    "Same children": _MORRIS["Same children"],
}


def sensitivity_lines(study: Sensitivity) -> list[str]:
    """The answer as plain text for a terminal."""
    unit, morris = unit_of(study.manifest.measure), study.manifest.method == "morris"
    head = ["Figure", "From", "To", "Moves it by" if morris else "Share of spread", "95% interval"]
    rows = [head]
    for row in study.table.to_dict("records"):
        if morris:
            moved, between = formats.number(row["size"], unit), formats.interval(row["low95"], row["high95"], unit)
            moved = f"{_arrow(row)} {moved}"
        else:
            moved = formats.number(100 * row["size"], "%")
            between = formats.interval(100 * row["low95"], 100 * row["high95"], "%")
        rows.append([row["figure"], row["low"], row["high"], moved, between])
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [f"{label_of(study.manifest.measure)}, {formats.period_name(study.manifest.period)} (simulated)"]
    lines += ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return lines


def sensitivity_page(study: Sensitivity) -> StudyPage:
    """Return the page."""
    manifest = study.manifest
    morris = manifest.method == "morris"
    label, unit, when = label_of(manifest.measure), unit_of(manifest.measure), manifest.period
    rows = study.table.to_dict("records")
    asked = facts(
        manifest,
        Measure=f"{label}, {formats.period_name(when)}",
        Method="Morris’s screening" if morris else "Sobol’s shares of variance",
        Runs=f"{manifest.points} points with {formats.counted(len(rows), 'uncertain figure')}, each run "
        f"{formats.counted(manifest.replications, 'time')}",
    )
    sentences = [
        f"With these ranges {lower(label)} lies between {formats.number(manifest.lowest, unit)} and "
        f"{formats.number(manifest.highest, unit)} (mean {formats.number(manifest.mean, unit)})."
    ]
    telling = [row for row in rows if row["low95"] > 0 and row["size"] > 0]
    for row in telling[:3]:
        sentences.append(_sentence(row, manifest, morris, unit))
    quiet = [row for row in rows if row not in telling]
    if quiet and telling:
        names = formats.listed([path_in_words(manifest, row["figure"]) for row in quiet[:6]])
        sentences.append(f"Not shown to matter: {names}{' and others' if len(quiet) > 6 else ''}.")
    if not telling:
        sentences.append("None of these figures is shown to move the measure.")
    return StudyPage(
        title=f"What {lower(label)} rests on",
        facts=asked,
        sentences=tuple(sentences),
        charts=(_chart(study, rows, morris, label, unit),),
        tables=(),
        reading=_MORRIS if morris else _SOBOL,
        cautions=_cautions(manifest),
    )


def _sentence(row: dict[str, Any], manifest: Any, morris: bool, unit: str) -> str:
    name = formats.sentence_case(path_in_words(manifest, row["figure"]))
    between = f"from {row['low']} to {row['high']}"
    if not morris:
        return f"{name} ({between}) accounts for {formats.number(100 * row['size'], '%')} of the spread."
    size = formats.number(row["size"], unit) + (" points" if formats.is_percentage(unit) else "")
    size = size.replace("%", "")
    way = {"▲": "raises it by", "▼": "lowers it by"}.get(_arrow(row), "moves it, either way, by")
    return f"{name}: going {between} {way} about {size} on average."


def _chart(study: Sensitivity, rows: list[dict[str, Any]], morris: bool, label: str, unit: str) -> Chart:
    manifest = study.manifest
    shown = rows[:20][::-1]
    scale = 1.0 if morris else 100.0
    names = [path_in_words(manifest, row["figure"]) for row in shown]
    title = (
        f"Movement of the measure ({'points' if formats.is_percentage(unit) else unit})"
        if morris
        else "Share of the spread (%)"
    )
    drawing = whisker_bars(
        names,
        [scale * row["size"] for row in shown],
        [(scale * row["low95"], scale * row["high95"]) for row in shown],
        title,
        palette.colour(0),
        "%{x:.4g}<extra></extra>",
        rangemode="tozero",
    )
    if not morris:
        drawing.add(
            "scatter",
            x=[scale * row["alone"] for row in shown],
            y=list(range(len(shown))),
            mode="markers",
            marker={
                "symbol": "diamond",
                "size": 10,
                "color": palette.colour(3),
                "line": {"color": palette.INK, "width": 1},
            },
            hovertemplate="by itself %{x:.3g}%<extra></extra>",
        )
    columns: tuple[str, ...] = ("From", "To", "Moves it by", "95% interval", "Which way", "Depends on the others")
    if not morris:
        columns = ("From", "To", "Share of the spread", "95% interval", "By itself")
    table = Table(
        f"Every uncertain figure, {formats.period_name(manifest.period)}",
        "Figure",
        columns,
        tuple((path_in_words(manifest, row["figure"]), _cells(row, morris, unit)) for row in rows),
    )
    first = path_in_words(manifest, rows[0]["figure"])
    message = f"{label}: {plain(first)} matters most" if rows[0]["size"] > 0 else f"{label}: nothing here moves it"
    what = (
        "How far the measure moves when each figure goes across its range"
        if morris
        else "Share of the spread that each figure accounts for"
    )
    return Chart(
        "sensitivity",
        message,
        f"{what}; whiskers are 95% intervals; {formats.period_name(manifest.period)}",
        drawing,
        table,
        narrow=narrow_layout(names, "Movement" if morris else "Share (%)"),
        key="never",
    )


def _cells(row: dict[str, Any], morris: bool, unit: str) -> tuple[str, ...]:
    if morris:
        way = {"▲": "up", "▼": "down"}.get(_arrow(row), "either way")
        return (
            row["low"], row["high"], formats.number(row["size"], unit),
            formats.interval(row["low95"], row["high95"], unit), way, formats.number(row["varies"], unit),
        )  # fmt: skip
    return (
        row["low"], row["high"], formats.number(100 * row["size"], "%"),
        formats.interval(100 * row["low95"], 100 * row["high95"], "%"), formats.number(100 * row["alone"], "%"),
    )  # fmt: skip


def _arrow(row: dict[str, Any]) -> str:
    """Which way the measure goes as the figure rises; a bar when it goes either way."""
    if row["size"] == 0 or abs(row["effect"]) < 0.8 * row["size"]:
        return "↔"
    return "▲" if row["effect"] > 0 else "▼"


def _cautions(manifest: Any) -> tuple[str, ...]:
    cautions = []
    if manifest.replications < 3:
        cautions.append(
            "Each point was run fewer than three times: small movements may be chance. Ask for more with -n."
        )
    if manifest.failures:
        cautions.append(f"{formats.counted(len(manifest.failures), 'run')} failed and were left out.")
    return tuple(cautions)
