"""The sheets of the workbook: what each table holds, as plain rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sim.export import decision
from sim.export.columns import COLUMNS
from sim.export.star import month_ends, star
from sim.export.texts import plain
from sim.report.results_view import WHOLE, ResultsView
from sim.report.tables import register
from sim.report.wording import formats

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MISSING", "NOTES", "ExportSheet", "cover", "sheets"]

MISSING: Final = "[x]"
"""Stands where there is nothing, as the Analysis Function writes what is not available."""


@dataclass(frozen=True)
class ExportSheet:
    """A sheet with one table. `kinds` has the sort of each column: those of `Column`, or `link` to a sheet."""

    name: str
    title: str
    note: str
    headings: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


NOTES: Final = ExportSheet(
    "Notes", "Notes", "", ("Note", "What it says"), ("count", "text"),
    [
        (1, "Everything is simulated: no child, case or worker in this workbook is real."),
        (2, f"{MISSING} stands where there is no figure: nothing to measure, too few runs, or not simulated."),
        (3, "A mean is over independent runs. 8 runs out of 10 lie in the range that is given."),
        (4, "A 95% interval is of the mean: how closely the number of runs pins it down. Chance in one year is wider."),
        (5, "Scenarios are compared run by run on the same simulated children, so a difference has its own range."),
        (6, "A measure in % is a percentage; a difference in it is in percentage points."),
        (7, "Reporting years run from April to March; quarter 1 is April to June. Stocks are of its last working day."),
        (8, "Better if: the direction that is good. A measure that no direction is good for says neither."),
        (9, "Read a percentage beside its count: it can rise because fewer children are counted."),
    ],
)  # fmt: skip
"""The notes, which hold for every sheet."""


def cover(view: ResultsView) -> list[str]:
    """Return the lines of the cover: a title, then one line a row."""
    lines = [decision.title(view), decision.about(view)]
    questions = dict.fromkeys(plain(scenario.question) for scenario in view.scenarios if scenario.question)
    lines += [f"Question: {question}" for question in questions]
    for title, sentences in decision.sentences(view, 12):
        lines += [f"{title}:" if view.baseline else "What came out:", *sentences]
    lines.append(decision.sureness(view))
    lines += [f"Warning: {plain(warning.message)}" for warning in view.manifest.warnings]
    lines.append("The sheet Contents lists every sheet; the sheet Notes says how to read the figures.")
    return lines


def sheets(view: ResultsView) -> list[ExportSheet]:
    """Return the sheets with figures, in the order of the workbook; one without a row is left out."""
    results = view.results
    levels = results.summary
    overall = levels[levels["breakdown"] == "all"]
    split = levels[levels["breakdown"] != "all"]
    stocks = month_ends(view)
    dimensions = star(view)
    sheets = [
        _summary(view),
        _frame("Levels", "Each measure by scenario and period", overall, _LEVELS),
        _frame("By_team_and_locality", "Each measure by team or locality", split, _SPLIT),
        _frame("Differences", "Each scenario less the baseline, run by run", results.differences, _DIFFERENCES),
        _frame("Month_ends", "Children at each month end, mean of the runs", stocks, _STOCKS),
        _assumptions(view),
        _frame("Scenarios", "The scenarios", dimensions["dim_scenario"], _SCENARIOS),
        _frame("Measures", "What each measure is", dimensions["dim_measure"], _MEASURES),
    ]
    return [sheet for sheet in sheets if sheet.rows]


_PERIOD: Final = ("period", "period_type", "period_start", "period_end")
_LEVELS: Final = (
    "scenario", "label", "measure", "unit", "better", *_PERIOD, "mean", "low80", "high80", "ci95_low", "ci95_high",
    "replications",
)  # fmt: skip
_SPLIT: Final = (*_LEVELS[:5], "breakdown", *_LEVELS[5:])
_DIFFERENCES: Final = (
    "baseline", "scenario", "label", "measure", "unit", "better", *_PERIOD, "baseline_mean", "scenario_mean",
    "difference", "low80", "high80", "ci95_low", "ci95_high", "simultaneous_low", "simultaneous_high",
    "clear_of_chance", "replications",
)  # fmt: skip
_STOCKS: Final = (
    "scenario", "month", "stage", "breakdown", "open", "unallocated", "over_limit", "over_standard", "caseload",
)  # fmt: skip
_SCENARIOS: Final = ("letter", "scenario", "title", "is_baseline", "builds_on", "question", "description")
_MEASURES: Final = (
    "label", "measure", "unit", "better", "kind", "meaning", "numerator", "denominator", "clock", "source",
)  # fmt: skip


def _frame(name: str, title: str, frame: pd.DataFrame | None, columns: Sequence[str]) -> ExportSheet:
    """A table's rows as plain values: numbers, dates, texts; None where there is none."""
    if frame is None:
        return ExportSheet(name, title, "", (), (), [])
    names = [column for column in columns if column in frame.columns]
    kinds = tuple(COLUMNS[column].kind for column in names)
    cells = [_values(frame[column], kind) for column, kind in zip(names, kinds, strict=True)]
    figures = [COLUMNS[column].heading for column, kind in zip(names, kinds, strict=True) if kind == "number"]
    note = "Figures are in the unit that their row names." if figures and "unit" in names else ""
    if name == "Month_ends":
        note = "Figures are children, but for the caseload: children per full-time equivalent social worker."
    return ExportSheet(
        name, title, note, tuple(COLUMNS[c].heading for c in names), kinds, list(zip(*cells, strict=True))
    )  # fmt: skip


def _values(column: pd.Series, kind: str) -> list[Any]:
    missing = column.isna().tolist()
    if kind == "date":
        return [None if gone else value.date() for gone, value in zip(missing, column, strict=True)]
    read = {"number": float, "count": int, "yes or no": bool}.get(kind, plain)
    return [None if gone else read(value) for gone, value in zip(missing, column, strict=True)]


def _summary(view: ResultsView) -> ExportSheet:
    """The options side by side, as on the report's first screen."""
    scenarios = view.scenarios
    headings: list[str] = ["Measure", "Unit", "Better if", "Period"]
    kinds = ["text"] * 4
    for scenario in scenarios:
        headings.append(f"{scenario.letter}: mean")
        kinds.append("number")
        if view.baseline is not None and scenario != view.baseline:
            headings += [f"{scenario.letter}: difference from {scenarios[0].letter}", f"{scenario.letter}: in words"]
            kinds += ["number", "text"]
    rows = []
    for row in decision.rows(view):
        cells: list[Any] = [row.label, row.unit, row.better, _period(row.period)]
        for scenario, cell in zip(scenarios, row.cells, strict=True):
            cells.append(cell.mean)
            if view.baseline is not None and scenario != view.baseline:
                cells += [cell.difference, cell.word]
        rows.append(tuple(cells))
    named = "; ".join(f"{scenario.letter}: {plain(scenario.title)}" for scenario in scenarios)
    return ExportSheet("Summary", "The options side by side", f"{named}.", tuple(headings), tuple(kinds), rows)


def _period(period: str) -> str:
    return "whole run" if period == WHOLE else formats.period_name(period)


def _assumptions(view: ResultsView) -> ExportSheet:
    names = ("path", "value", "source", "date", "confidence", "note")
    titles = {scenario.name: scenario.title for scenario in view.scenarios}
    rows = [
        (*(getattr(row, name) for name in names), "; ".join(row.scenarios) or "all")
        for row in register(view.manifest.scenarios, titles)
    ]
    headings = tuple(COLUMNS[name].heading for name in (*names, "holders"))
    return ExportSheet(
        "Assumptions", "Figures that the scenarios rest on", "", headings, ("text",) * len(headings), rows
    )
