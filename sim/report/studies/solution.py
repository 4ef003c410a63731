"""A search for a reader: the answer, what cannot be told apart from it, and what others cost and buy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.experiment.analysis.statistics import share_interval
from sim.experiment.studies.solve import DELAY
from sim.report import palette
from sim.report.charts.chart import Chart, axis, base_layout
from sim.report.charts.drawing import Drawing
from sim.report.studies.study_page import StudyPage, facts, label_of, path_in_words, shown_value, unit_of
from sim.report.tables import Table
from sim.report.wording import formats

if TYPE_CHECKING:
    from sim.experiment.studies.manifests import SolutionManifest
    from sim.experiment.studies.solve import Solution

__all__ = ["answer_lines", "solution_page"]

Row = dict[str, Any]

_VERDICTS = {"meets": "meets the targets", "fails": "misses the targets", "open": "not sure"}
_MARKS = {
    "meets": ("circle", palette.COLOURS[1]),
    "fails": ("x", palette.COLOURS[2]),
    "open": ("diamond-open", palette.COLOURS[0]),
}
_READING = {
    "Meets the targets": "In one run, every target is met together. A setting is the answer when that happens in the "
    "share of runs asked for, such as 8 out of 10.",
    "Not sure": "So many runs met the targets that chance alone could have put the setting on either side of the "
    "share asked for. More runs (--max-replications) narrow this down.",
    "How it was searched": "Settings were not all run. The search takes what helps on each axis from runs along it, "
    "and then rules settings out: one that misses the targets rules out those with less of everything that "
    "helps, one that "
    "meets them those that cost more. Every setting has the same simulated children, run by run.",
    "Cost": "What the scenario’s rates of pay and prices make it. Savings elsewhere are not in it.",
}


def answer_lines(solution: Solution) -> list[str]:
    """The answer as plain text for a terminal."""
    return [*_answer(solution), *(f"Note: {note}" for note in solution.manifest.notes), "", *_text_table(solution)]


def solution_page(solution: Solution) -> StudyPage:
    """Return the page."""
    manifest = solution.manifest
    asked = facts(
        manifest,
        Question=_question(manifest),
        Varied="; ".join(f"{path_in_words(manifest, varied.path)}: {_span(varied.values)}" for varied in manifest.axes),
        Runs=f"{manifest.runs:,} runs of {formats.counted(manifest.settings, 'setting')} out of "
        f"{math.prod(len(varied.values) for varied in manifest.axes):,}, at most {manifest.most} runs each",
    )
    cautions = list(manifest.notes)
    if manifest.failures:
        failed = formats.counted(len(manifest.failures), "run")
        cautions.append(f"{failed} failed and count as missing the targets.")
    rows = _rows(solution)
    charts = [_chance(solution, rows)]
    if all(math.isfinite(row[DELAY]) for row in rows) and manifest.minimise != DELAY:
        charts.append(_frontier(solution, rows))
    return StudyPage(
        title=_title(solution),
        facts=asked,
        sentences=tuple(_answer(solution)),
        charts=tuple(charts),
        tables=(_table(solution, rows),),
        reading=_READING,
        cautions=tuple(cautions),
    )


def _rows(solution: Solution) -> list[Row]:
    rows: list[Row] = solution.settings.to_dict("records")
    return rows


def _title(solution: Solution) -> str:
    answer = solution.manifest.answer
    if answer is None:
        return "No setting meets the targets often enough"
    return f"Cheapest to meet the targets: {_said(solution, _rows(solution)[answer])}"


def _question(manifest: SolutionManifest) -> str:
    targets = formats.listed([_target(text) for text in manifest.targets])
    return (
        f"{targets}, in {_share(manifest.chance)}, {formats.period_name(manifest.period)}; "
        f"least {label_of(manifest.minimise)[:1].lower()}{label_of(manifest.minimise)[1:]}"
    )


def _target(text: str) -> str:
    """A target in words: `Assessments completed within 45 working days at least 85%`."""
    for sign, words in ((">=", "at least"), ("<=", "at most")):
        measure, bound, figure = text.partition(sign)
        if bound:
            shown = formats.number(float(figure), unit_of(measure), places=0 if float(figure).is_integer() else 1)
            return f"“{label_of(measure)}” {words} {shown}"
    return text


def _share(chance: float) -> str:
    tenths = chance * 10
    return f"{tenths:.0f} runs out of 10" if abs(tenths - round(tenths)) < 1e-9 else f"{100 * chance:g}% of runs"


def _said(solution: Solution, row: Row) -> str:
    """A setting in words: `38 social workers in the assessment team and 7 managers in the assessment team`."""
    parts = []
    for path in solution.paths:
        name, value = path_in_words(solution.manifest, path), shown_value(row[path])
        parts.append(f"{value} {name}" if _counts(path) else f"{name} {value}")
    return formats.listed(parts)


def _counts(path: str) -> bool:
    return path.endswith((".count", ".managers"))


def _answer(solution: Solution) -> list[str]:
    manifest, rows = solution.manifest, _rows(solution)
    minimise, unit = manifest.minimise, unit_of(manifest.minimise)
    goal = f"{formats.listed([_target(text) for text in manifest.targets])} ({formats.period_name(manifest.period)})"
    if manifest.answer is None:
        best = max(rows, key=lambda row: (row["share_met"], -row[minimise] if math.isfinite(row[minimise]) else 0.0))
        lines = [
            f"No setting tried meets {goal} in {_share(manifest.chance)}.",
            f"The nearest, {_said(solution, best)}, met it in {best['met']} of {best['runs']} runs: "
            + formats.listed([_reached(best, text) for text in manifest.targets])
            + ".",
        ]
        if manifest.possible:
            names = formats.listed([_said(solution, rows[number]) for number in manifest.possible[:4]])
            lines.append(f"Chance variation may have kept these from it, and more runs would tell: {names}.")
        else:
            lines.append(
                "Chance variation does not explain it: something else than what was varied holds the service back."
            )
        return lines
    answer = rows[manifest.answer]
    lines = [
        f"The cheapest setting that meets {goal} is {_said(solution, answer)}: it did in {answer['met']} of "
        f"{answer['runs']} runs, and {_share(manifest.chance)} were asked for.",
        f"{label_of(minimise)}: {formats.number(answer[minimise], unit)}"
        + (f", {formats.number(answer[DELAY])} child-days of delay" if math.isfinite(answer[DELAY]) else "")
        + f" ({formats.period_name(manifest.period)}).",
    ]
    possible = [rows[number] for number in manifest.possible]
    sure = manifest.sure
    if possible:
        first = possible[0]
        lines.append(
            f"As little as {_said(solution, first)} ({formats.number(first[minimise], unit)}) cannot be ruled out: "
            f"it met the targets in {first['met']} of {first['runs']} runs."
        )
    if sure is not None and sure != manifest.answer:
        sure_row = rows[sure]
        lines.append(f"To be sure takes {_said(solution, sure_row)} ({formats.number(sure_row[minimise], unit)}).")
    elif sure is None:
        lines.append("No setting that was run is sure to meet them: more runs (--max-replications) may show one.")
    if not possible and sure == manifest.answer:
        lines.append("Every cheaper setting that was run misses the targets, and chance does not explain it.")
    return lines


def _reached(row: Row, text: str) -> str:
    measure = text.partition(">=")[0] if ">=" in text else text.partition("<=")[0]
    unit = unit_of(measure)
    low, high = row[f"{measure}_low80"], row[f"{measure}_high80"]
    return (
        f"{label_of(measure)} {formats.number(row[measure], unit)} on average, in 8 runs out of 10 between "
        f"{formats.number(low, unit)} and {formats.number(high, unit)}"
    )


def _columns(solution: Solution) -> list[str]:
    targets = [
        text.partition(">=")[0] if ">=" in text else text.partition("<=")[0] for text in solution.manifest.targets
    ]
    return list(dict.fromkeys([solution.manifest.minimise, *targets, DELAY]))


def _status(solution: Solution, number: int, row: Row) -> str:
    if number == solution.manifest.answer:
        return "the answer, not sure" if row["verdict"] != "meets" else "the answer, sure"
    if row["verdict"] != "open":
        return _VERDICTS[row["verdict"]]
    enough = row["met"] >= solution.manifest.chance * row["runs"] - 1e-9
    return "meets, not sure" if enough else "misses, not sure"


def _table(solution: Solution, rows: list[Row]) -> Table:
    measures = _columns(solution)
    return Table(
        f"Every setting that was run, cheapest first, {formats.period_name(solution.manifest.period)} (means)",
        "Setting",
        ("Met", "Verdict", *(label_of(measure) for measure in measures)),
        tuple(
            (
                _said(solution, row),
                (
                    f"{row['met']} of {row['runs']}",
                    _status(solution, number, row),
                    *(formats.number(row[measure], unit_of(measure)) for measure in measures),
                ),
            )
            for number, row in enumerate(rows)
        ),
    )


def _text_table(solution: Solution) -> list[str]:
    table = _table(solution, _rows(solution))
    values = [", ".join(shown_value(row[path]) for path in solution.paths) for row in _rows(solution)]
    head = [", ".join(each.asked for each in solution.manifest.axes), *table.columns[:2], *_columns(solution)]
    lines = [head, *([value, *cells] for value, (_, cells) in zip(values, table.rows, strict=True))]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def _span(values: Sequence[Any]) -> str:
    if len(values) > 4:
        return f"{shown_value(values[0])} to {shown_value(values[-1])} ({len(values)} values)"
    return ", ".join(shown_value(value) for value in values)


def _chance(solution: Solution, rows: list[Row]) -> Chart:
    """Share of runs that meet the targets against the setting, or its cost where several things vary."""
    manifest = solution.manifest
    single = len(solution.paths) == 1
    key = solution.paths[0] if single else manifest.minimise
    title = formats.sentence_case(path_in_words(manifest, key)) if single else _with_unit(key)
    drawing = Drawing()
    for verdict, (symbol, colour) in _MARKS.items():
        mine = [row for row in rows if row["verdict"] == verdict]
        bounds = [share_interval(row["met"], row["runs"]) for row in mine]
        drawing.add(
            "scatter",
            x=[row[key] for row in mine],
            y=[100 * row["share_met"] for row in mine],
            error_y={
                "type": "data",
                "array": [100 * (high - row["share_met"]) for row, (_, high) in zip(mine, bounds, strict=True)],
                "arrayminus": [100 * (row["share_met"] - low) for row, (low, _) in zip(mine, bounds, strict=True)],
                "color": colour,
                "thickness": 1.2,
            },
            mode="markers",
            name=formats.sentence_case(_VERDICTS[verdict]),
            marker={"symbol": symbol, "size": 11, "color": colour, "line": {"color": colour, "width": 2}},
            hovertemplate="%{x}: %{y:.0f}% of runs<extra></extra>",
        )
    asked = 100 * manifest.chance
    drawing.layout = base_layout(
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"l": 64, "r": 24, "t": 56, "b": 56},
        xaxis=axis(title),
        yaxis=axis("Share of runs (%)", range=[-6, 106]),
        shapes=[
            {
                "type": "line",
                "xref": "x domain",
                "x0": 0,
                "x1": 1,
                "yref": "y",
                "y0": asked,
                "y1": asked,
                "line": {"color": palette.INK, "dash": "dash", "width": 1.5},
            }
        ],
    )
    table = Table(
        "Share of runs that meet the targets",
        "Setting",
        ("Runs", "Met", "Share", "95% interval of the share"),
        tuple(
            (
                _said(solution, row),
                (
                    str(row["runs"]),
                    str(row["met"]),
                    formats.number(100 * row["share_met"], "%"),
                    _percent(share_interval(row["met"], row["runs"])),
                ),
            )
            for row in rows
        ),
    )
    message = _title(solution)
    return Chart(
        "chance",
        message,
        f"Share of runs that meet every target; bars are 95% intervals; the dashed line is what was asked, {asked:g}%",
        drawing,
        table,
        narrow={"margin": {"l": 52, "r": 12, "t": 92, "b": 52}, "xaxis": {"nticks": 5}},
        key="never",
    )


def _frontier(solution: Solution, rows: list[Row]) -> Chart:
    """Cost against delay, with the settings that nothing cheaper beats joined."""
    manifest = solution.manifest
    minimise = manifest.minimise
    best = _undominated(rows, minimise)
    drawing = Drawing()
    drawing.add(
        "scatter",
        x=[row[minimise] for row in best],
        y=[row[DELAY] for row in best],
        mode="lines",
        line={"color": palette.COLOURS[4], "width": 1.5},
        name="Nothing cheaper has less delay",
        hoverinfo="skip",
    )
    for verdict, (symbol, colour) in _MARKS.items():
        mine = [row for row in rows if row["verdict"] == verdict]
        drawing.add(
            "scatter",
            x=[row[minimise] for row in mine],
            y=[row[DELAY] for row in mine],
            mode="markers",
            name=formats.sentence_case(_VERDICTS[verdict]),
            marker={"symbol": symbol, "size": 11, "color": colour, "line": {"color": colour, "width": 2}},
            text=[_said(solution, row) for row in mine],
            hovertemplate="%{text}<br>%{x:,.0f}; %{y:,.0f}<extra></extra>",
        )
    drawing.layout = base_layout(
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"l": 76, "r": 24, "t": 76, "b": 56},
        xaxis=axis(_with_unit(minimise)),
        yaxis=axis("Child-days of delay", rangemode="tozero"),
    )
    cheap, dear = best[0], best[-1]
    unit = unit_of(minimise)
    message = "What delay costs to avoid"
    if len(best) > 1:
        message = (
            f"To go from {formats.number(cheap[DELAY])} to {formats.number(dear[DELAY])} child-days of delay costs "
            f"{formats.number(dear[minimise] - cheap[minimise], unit)} more"
        )
    table = Table(
        "Cost and delay of each setting",
        "Setting",
        (label_of(minimise), "8 runs in 10", label_of(DELAY), "8 runs in 10", "Nothing cheaper has less delay"),
        tuple(
            (
                _said(solution, row),
                (
                    formats.number(row[minimise], unit),
                    formats.interval(row[f"{minimise}_low80"], row[f"{minimise}_high80"], unit),
                    formats.number(row[DELAY]),
                    formats.interval(row[f"{DELAY}_low80"], row[f"{DELAY}_high80"]),
                    "yes" if row in best else "no",
                ),
            )
            for row in rows
        ),
    )
    return Chart(
        "frontier",
        message,
        f"{label_of(minimise)} against child-days of delay, {formats.period_name(manifest.period)}; means",
        drawing,
        table,
        narrow={"margin": {"l": 64, "r": 12, "t": 112, "b": 52}, "xaxis": {"nticks": 4}},
        key="never",
    )


def _undominated(rows: list[Row], minimise: str) -> list[Row]:
    """Settings for which no cheaper one has less delay, cheapest first."""
    frontier: list[Row] = []
    for row in sorted(rows, key=lambda setting: (setting[minimise], setting[DELAY])):
        if not frontier or row[DELAY] < frontier[-1][DELAY]:
            frontier.append(row)
    return frontier


def _with_unit(measure: str) -> str:
    unit = unit_of(measure)
    return f"{label_of(measure)} ({unit})" if unit else label_of(measure)


def _percent(bounds: tuple[float, float]) -> str:
    low, high = bounds
    return formats.interval(100 * low, 100 * high, "%")
